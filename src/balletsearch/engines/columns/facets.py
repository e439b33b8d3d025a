"""Which values do documents have in a field, and how are they counted and compared?

A field of a segment is a dictionary of its distinct values, sorted by their folded form, and
pairs (document, value), each document's in their order and each pair once. In hierarchical
fields the values above a document's own are pairs of a second list, which is what is counted.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.container import Container
from balletsearch.columns.strings import Strings, write_strings
from balletsearch.engines.values import faceted, folded
from balletsearch.fields import Field, Kind
from balletsearch.model import Value

if TYPE_CHECKING:
    from balletsearch.columns.merging import Kept
    from balletsearch.columns.packing import ContainerWriter

__all__ = ["FieldColumn", "FieldValues", "Pairs", "merge_fields", "value_order", "write_values"]


Pairs = tuple[NDArray[np.int32], NDArray[np.uint32]]
"""Documents, ascending, and the number of one value of each."""


class _Numbers(dict[Value, int]):
    """Values, numbered as they first come."""

    def __missing__(self, value: Value) -> int:
        number = self[value] = len(self)
        return number


class _Lists:
    """Documents, how many values each has, and the numbers of those."""

    def __init__(self) -> None:
        self.documents: list[int] = []
        self.counts: list[int] = []
        self.numbers: list[int] = []

    def pairs(self, rank: NDArray[np.uint32]) -> Pairs:
        """One document and the rank of one value each."""
        documents = np.repeat(np.array(self.documents, np.int32), self.counts)
        return documents, rank[self.numbers]


class FieldValues:
    """The values of one field on their way into a segment."""

    def __init__(self, field: Field) -> None:
        self._field = field
        self._numbers = _Numbers()
        self._own = _Lists()
        self._counted = _Lists()

    def add(self, document: int, values: Sequence[Value]) -> None:
        """The values of a document; documents come ascending."""
        self._put(self._own, document, values if len(values) == 1 else dict.fromkeys(values))
        if self._field.kind is Kind.PATH:
            self._put(self._counted, document, faceted(self._field, values))

    def _put(self, to: _Lists, document: int, values: Collection[Value]) -> None:
        numbers = self._numbers
        to.documents.append(document)
        to.counts.append(len(values))
        to.numbers += [numbers[value] for value in values]

    def in_order(self) -> tuple[list[Value], list[Pairs]]:
        """The dictionary and the pairs, as :func:`write_values` takes them."""
        values = list(self._numbers)
        order = sorted(range(len(values)), key=lambda i: value_order(values[i]))
        rank = np.zeros(len(values), np.uint32)
        rank[order] = np.arange(len(values))
        lists = [self._own, self._counted] if self._field.kind is Kind.PATH else [self._own]
        return [values[i] for i in order], [some.pairs(rank) for some in lists]


def value_order(value: Value) -> tuple[str, str, bool]:
    """What the values of a dictionary ascend by."""
    return folded(value), str(value), isinstance(value, int)


def write_values(
    to: ContainerWriter,
    name: str,
    values: Sequence[Value],
    pairs: Sequence[tuple[NDArray[Any], NDArray[Any]]],
) -> None:
    """Write a dictionary of values, in order, and the pairs: a document's own, then counted.

    The arrays are called `<name>.…`.
    """
    write_strings(to, f"{name}.values", [str(v).encode() for v in values])
    whole = np.array([isinstance(v, int) for v in values], np.bool_).astype(np.uint8)
    to.add(f"{name}.values.whole", whole)
    for (documents, numbers), suffix in zip(pairs, ("", ".counted"), strict=False):
        to.add(f"{name}.doc{suffix}", documents.astype(np.int32))
        to.add(f"{name}.value{suffix}", numbers.astype(np.uint32))


def merge_fields(to: ContainerWriter, kept: Sequence[Kept]) -> list[str]:
    """Write the fields of the documents that stay; returns their names."""
    names = sorted({name for k in kept for name in k.segment.attributes["fields"]})
    written: list[str] = []
    for name in names:
        parts = []
        for k in kept:
            fields = k.segment.attributes["fields"]
            if name in fields:
                column = FieldColumn(k.segment.container, f"field.{fields.index(name)}")
                parts.append((column.values(), [_kept(k, *p) for p in column.lists()]))
        if any(lists[0][0].size for _, lists in parts):
            _merge_field(to, f"field.{len(written)}", parts)
            written.append(name)
    return written


def _kept(kept: Kept, documents: NDArray[np.int32], numbers: NDArray[np.uint32]) -> Pairs:
    """The pairs of documents that stay, with their new numbers."""
    new = kept.numbers[documents]
    stays = new >= 0
    return new[stays], numbers[stays]


def _merge_field(
    to: ContainerWriter, name: str, parts: Sequence[tuple[list[Value], list[Pairs]]]
) -> None:
    used = [
        {values[n] for _, numbers in lists for n in np.unique(numbers).tolist()}
        for values, lists in parts
    ]
    values = sorted(set().union(*used), key=value_order)
    rank = {value: number for number, value in enumerate(values)}
    merged = []
    for which in range(len(parts[0][1])):
        documents, numbers = [], []
        for old, lists in parts:
            now = np.fromiter((rank.get(value, 0) for value in old), np.uint32, len(old))
            documents.append(lists[which][0])
            numbers.append(now[lists[which][1]])
        merged.append((np.concatenate(documents), np.concatenate(numbers)))
    write_values(to, name, values, merged)


_NOBODY = np.zeros(0, np.int32)


class FieldColumn:
    """One field of one segment."""

    def __init__(self, container: Container, name: str) -> None:
        self._values = Strings(container, f"{name}.values")
        self._whole = container[f"{name}.values.whole"]
        self._doc, self._value = container[f"{name}.doc"], container[f"{name}.value"]
        counted = f"{name}.doc.counted" in container
        self._counted = (
            (container[f"{name}.doc.counted"], container[f"{name}.value.counted"])
            if counted
            else (self._doc, self._value)
        )

    def __len__(self) -> int:
        return len(self._values)

    def value(self, number: int) -> Value:
        """A value by its number in the dictionary."""
        text = self._values[number]
        return int(text) if self._whole.item(number) else text

    def first(self, document: int) -> Value | None:
        """The first value of a document, if it has one."""
        at = document if self._dense else int(np.searchsorted(self._doc.all(), np.int32(document)))
        if at == len(self._doc) or self._doc.item(at) != document:
            return None
        return self.value(self._value.item(at))

    def of_each(self, documents: int) -> NDArray[np.uint32] | None:
        """The number of the one value to be counted of each document of a segment.

        None where some document has none or several.
        """
        one = self._dense and len(self._doc) == documents and self._counted[0] is self._doc
        return self._value.all() if one else None

    @cached_property
    def _dense(self) -> bool:
        """Whether each document up to the last that has values has exactly one."""
        documents = self._doc.all()
        return bool(np.array_equal(documents, np.arange(documents.size)))

    @cached_property
    def all_text(self) -> bool:
        """Whether no value is a whole number, so that the numbers of values ascend as they do."""
        return not self._whole.all().any()

    def values(self) -> list[Value]:
        """All values, in order."""
        whole = self._whole.all().tolist()
        return [int(v) if n else v.decode() for v, n in zip(self._values.all(), whole, strict=True)]

    def pairs(self) -> tuple[NDArray[np.int32], NDArray[np.uint32]]:
        """Documents, ascending, and the number of one value of each."""
        return self._doc.all(), self._value.all()

    def counted(self) -> tuple[NDArray[np.int32], NDArray[np.uint32]]:
        """The same with the values above those of a document, in a hierarchical field."""
        return self._counted[0].all(), self._counted[1].all()

    def lists(self) -> list[tuple[NDArray[np.int32], NDArray[np.uint32]]]:
        """All lists of pairs that the field has."""
        own = self.pairs()
        return [own] if self._counted[0] is self._doc else [own, self.counted()]

    def of_documents(self) -> list[dict[int, list[Value]]]:
        """Document → its values, of each list of pairs that the field has."""
        values = self.values()
        out = []
        for documents, numbers in self.lists():
            held: dict[int, list[Value]] = {}
            for document, number in zip(documents.tolist(), numbers.tolist(), strict=True):
                held.setdefault(document, []).append(values[number])
            out.append(held)
        return out

    def alike(self, wanted: str) -> range:
        """The numbers of the values whose folded form is `wanted`."""
        return range(self._bound(wanted, strictly=False), self._bound(wanted, strictly=True))

    def holders(self, value: str) -> NDArray[np.int32]:
        """The documents with a value, exactly as it is written, ascending."""
        same = [n for n in self.alike(folded(value)) if self.value(n) == value]
        return self._doc.all()[np.isin(self._value.all(), same)] if same else _NOBODY

    def _bound(self, wanted: str, *, strictly: bool) -> int:
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            found = folded(self._values[middle])
            if found < wanted or (strictly and found == wanted):
                low = middle + 1
            else:
                high = middle
        return low
