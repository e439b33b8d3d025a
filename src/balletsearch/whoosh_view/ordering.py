"""By what does Whoosh sort and group stories? By the values that they have in a field.

Whoosh sorts by keys that a column gives for each document, and calls a group by what the field
makes of such a key. Here a key knows its value, so nothing has to be looked up; and stories
without a value come last, forwards and backwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property
from sys import maxsize
from typing import Any, Final, NamedTuple

from numpy.typing import NDArray
from whoosh.columns import Column, ColumnReader

from balletsearch.engines.values import folded

__all__ = ["Order", "OrderReader", "Values", "ValuesColumn", "named"]

Pairs = tuple[NDArray[Any], NDArray[Any]]
"""Documents, ascending, and the number of one value of each, a document's in their order."""


class Values(NamedTuple):
    """What the documents of one segment have in a field.

    `values` by number, None where one is not to be shown. `own` are the pairs that order the
    documents; `listed` those to show as their values, in hierarchical fields with those above.
    """

    values: Sequence[Any]
    own: Pairs
    listed: Pairs
    documents: int


class _Text(str):
    """A text that is ordered by where it stands among all texts of its field."""

    rank: int

    @classmethod
    def at(cls, rank: int, text: str) -> _Text:
        made = cls(text)
        made.rank = rank
        return made

    def __lt__(self, other: Any) -> bool:
        return bool(self.rank < other.rank)

    def __le__(self, other: Any) -> bool:
        return bool(self.rank <= other.rank)

    def __gt__(self, other: Any) -> bool:
        return bool(self.rank > other.rank)

    def __ge__(self, other: Any) -> bool:
        return bool(self.rank >= other.rank)


class _Backwards(int):
    """Where a value stands among all, from the last to the first; it knows the value."""

    value: Any

    @classmethod
    def at(cls, rank: int, value: Any) -> _Backwards:
        made = cls(rank)
        made.value = value
        return made


_NO_TEXT: Final = _Text.at(maxsize, "")
_BEHIND: Final = (float("inf"), datetime.max)


def named(key: Any) -> Any:
    """The value that a key stands for; None for that of stories without one."""
    if isinstance(key, _Backwards):
        return key.value
    if isinstance(key, _Text):
        return None if key is _NO_TEXT else str.__str__(key)
    return None if key in _BEHIND else key


class Order:
    """The values of a field over all segments, in order.

    Numbers and dates are ordered as such, texts by their folded form and then as they are.
    `many` says that a document has a list of values; `missing` is what one without any has.
    """

    def __init__(
        self, segments: Sequence[Values], *, text: bool, many: bool, missing: Any = None
    ) -> None:
        self.segments = segments
        self.many = many
        self.missing = missing
        self._text = text

    @cached_property
    def _sorted(self) -> list[Any]:
        found = {v for each in self.segments for v in each.values if v is not None}
        return sorted(found, key=(lambda v: (folded(v), v)) if self._text else None)

    @cached_property
    def forwards(self) -> dict[Any, Any]:
        """Value → key; None → that of documents without a value."""
        values = self._sorted
        if self._text:
            return {**{v: _Text.at(i, v) for i, v in enumerate(values)}, None: _NO_TEXT}
        return {**{v: v for v in values}, None: _BEHIND[isinstance((*values, 0)[0], datetime)]}

    @cached_property
    def backwards(self) -> dict[Any, Any]:
        """The same for the opposite order."""
        keys = {value: _Backwards.at(-rank, value) for rank, value in enumerate(self._sorted)}
        return {**keys, None: _Backwards.at(1, None)}


class ValuesColumn(Column):  # type: ignore[misc]  # Whoosh ships no types
    """The column type of a field; `many` says that a document has a list of values in it."""

    reversible = True

    def __init__(self, *, many: bool) -> None:
        self._many = many

    def stores_lists(self) -> bool:
        """Whether Whoosh may group a document under several values."""
        return self._many

    def default_value(self, reverse: bool = False) -> Any:  # noqa: ARG002 - Whoosh passes it
        """What a document without a value has."""
        return [None] if self._many else None


class OrderReader(ColumnReader):  # type: ignore[misc]  # Whoosh ships no types
    """The column of one segment."""

    def __init__(self, order: Order, segment: int, *, reverse: bool) -> None:
        self._order = order
        self._values = order.segments[segment]
        self._keys = order.backwards if reverse else order.forwards

    def __len__(self) -> int:
        return self._values.documents

    @cached_property
    def _first(self) -> list[Any]:
        out: list[Any] = [None] * len(self)
        documents, numbers = self._values.own
        for document, number in zip(
            reversed(documents.tolist()), reversed(numbers.tolist()), strict=True
        ):
            value = self._values.values[number]
            out[document] = out[document] if value is None else value
        return out

    @cached_property
    def _lists(self) -> list[list[Any]]:
        out: list[list[Any]] = [[] for _ in range(len(self))]
        for document, number in zip(*(a.tolist() for a in self._values.listed), strict=True):
            if (value := self._values.values[number]) is not None:
                out[document].append(value)
        return [found or [None] for found in out]

    def __getitem__(self, document: int) -> Any:
        if self._order.many:
            return self._lists[document]
        value = self._first[document]
        return self._order.missing if value is None else value

    def __iter__(self) -> Iterator[Any]:
        return (self[document] for document in range(len(self)))

    def sort_key(self, document: int) -> Any:
        """What orders the document among those of all segments."""
        return self._keys[self._first[document]]

    def set_reverse(self) -> None:
        """Give keys for the opposite order."""
        self._keys = self._order.backwards
