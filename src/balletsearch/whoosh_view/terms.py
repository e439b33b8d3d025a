"""Which terms does a Whoosh field have in one segment, and where do they stand?

Only what stands in stories that are not deleted is a term, and only that is counted. The texts
of terms are bytes, as Whoosh has them; what is costly is worked out when it is first asked for.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.postings import ragged, runs
from balletsearch.columns.segment import Segment
from balletsearch.columns.strings import Strings
from balletsearch.columns.values import Docs, Positions, ZoneRange
from balletsearch.engines.columns.facets import FieldColumn
from balletsearch.model import VALUE_GAP, Value

__all__ = [
    "ExactTerms",
    "KeyTerms",
    "Occurrences",
    "StemTerms",
    "SurnameTerms",
    "Terms",
    "TypedTerms",
    "ValueTerms",
    "united",
]

Ints = NDArray[np.int64]
_NONE: Final[Ints] = np.zeros(0, np.int64)


class Occurrences(NamedTuple):
    """Documents with a term, ascending and not deleted, and how often each has it.

    `positions` are those in the field, document by document and ascending; None where a field is
    not cut into words.
    """

    docs: Ints
    counts: Ints
    positions: Ints | None = None


class Terms(ABC):
    """The terms of one field in one segment, ascending. Terms have numbers."""

    @abstractmethod
    def find(self, text: bytes) -> int:
        """The number of a term, or -1."""

    @abstractmethod
    def starting_at(self, text: bytes) -> Iterator[tuple[bytes, int]]:
        """The terms from a text on, ascending, and their numbers."""

    @abstractmethod
    def occurrences(self, number: int) -> Occurrences:
        """Where a term stands."""

    @abstractmethod
    def having(self) -> Ints:
        """The documents that have any term, ascending."""

    @property
    def lengths(self) -> NDArray[Any] | None:
        """The words of each document, deleted or not; None where a field has no lengths."""
        return None


def united(parts: Sequence[Occurrences]) -> Occurrences:
    """The occurrences of any of several terms."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return Occurrences(_NONE, _NONE)
    positions = [p.positions for p in parts if p.positions is not None]
    if len(positions) < len(parts):
        return Occurrences(docs := np.unique(np.concatenate([p.docs for p in parts])), docs * 0 + 1)
    docs = np.concatenate([np.repeat(p.docs, p.counts) for p in parts])
    # One position counts once, also where two of the terms stand at it.
    packed = np.unique((docs << 32) | np.concatenate(positions))
    starts, counts = runs(packed >> 32)
    return Occurrences(packed[starts] >> 32, counts, packed & 0xFFFFFFFF)


class _Words(Terms):
    """The words of one zone. A subclass says of what kind, and where a term of it stands."""

    def __init__(self, segment: Segment, zone: ZoneRange | None) -> None:
        self._segment = segment
        self._zone = zone
        self._first = zone.first if zone else 0

    @property
    @abstractmethod
    def _table(self) -> Strings | list[bytes]:
        """All texts of the segment, ascending, of this zone or not."""

    @abstractmethod
    def _everywhere(self, number: int) -> Positions:
        """Where a text of the table stands in the whole segment."""

    @abstractmethod
    def _numbers_at(self, positions: Positions) -> NDArray[Any]:
        """The numbers of the texts at some positions."""

    def find(self, text: bytes) -> int:
        table = self._table
        number = bisect_left(table, text) if isinstance(table, list) else table.lower_bound(text)
        if number == len(table) or self._text(number) != text:
            return -1
        return number if self._positions(number).size else -1

    def _text(self, number: int) -> bytes:
        table = self._table
        return table[number] if isinstance(table, list) else table.raw(number)

    def starting_at(self, text: bytes) -> Iterator[tuple[bytes, int]]:
        table = self._table
        first = bisect_left(table, text) if isinstance(table, list) else table.lower_bound(text)
        there = self._there
        for number in there[np.searchsorted(there, first) :].tolist():
            yield self._text(number), number

    @cached_property
    def _there(self) -> Ints:
        """The numbers of the texts that stand in live documents of the zone."""
        starts, lengths = self._segment.values.extents(self._live_values)
        return np.unique(self._numbers_at(ragged(starts, lengths).astype(np.uint32)))

    @cached_property
    def _documents(self) -> Docs:
        """The document of each value of the zone."""
        if self._zone is None:
            return np.zeros(0, np.int32)
        return self._segment.container["values.doc"].slice(self._zone.first, self._zone.last)

    @cached_property
    def _live_values(self) -> Ints:
        if self._zone is None:
            return _NONE
        values = np.arange(self._zone.first, self._zone.last)
        live = self._segment.live
        return values if live is None else values[live[self._documents]]

    @cached_property
    def _extents(self) -> tuple[Ints, Ints]:
        """Where each value of the zone begins in the stream, and its words."""
        if self._zone is None:
            return _NONE, _NONE
        return self._segment.values.extents(np.arange(self._zone.first, self._zone.last))

    @cached_property
    def _bases(self) -> Ints:
        """The position in the zone of its document at which each value begins."""
        lengths = self._extents[1]
        ends = np.cumsum(lengths + VALUE_GAP) - (lengths + VALUE_GAP)
        first = np.searchsorted(self._documents, self._documents)
        return ends - ends[first] if ends.size else ends

    @cached_property
    def lengths(self) -> NDArray[Any]:
        """The words of each document in the zone."""
        count = self._segment.documents
        return np.bincount(self._documents, self._extents[1], minlength=count).astype(np.int64)

    def having(self) -> Ints:
        return np.unique(self._documents[self._live_values - self._first]).astype(np.int64)

    def _positions(self, number: int) -> Positions:
        """Where a text stands in live documents of the zone, ascending."""
        zone = self._zone
        if zone is None:
            return np.zeros(0, np.uint32)
        found = self._everywhere(number)
        found = np.sort(found[(found >= zone.start) & (found < zone.end)])
        live = self._segment.live
        return found if live is None else found[live[self._segment.values.documents_at(found)]]

    def occurrences(self, number: int) -> Occurrences:
        found = self._positions(number)
        values = self._segment.values.at(found) - self._first
        docs = self._documents[values].astype(np.int64)
        starts, counts = runs(docs)
        at = found - self._extents[0][values] + self._bases[values]
        return Occurrences(docs[starts], counts, at)


class StemTerms(_Words):
    """Folded stems."""

    @property
    def _table(self) -> Strings:
        return self._segment.stems

    def _everywhere(self, number: int) -> Positions:
        return self._segment.positions.of(self._segment.entries_of_stem(number))

    def _numbers_at(self, positions: Positions) -> NDArray[Any]:
        entries = np.unique(self._segment.entries_at(positions))
        return self._segment.container["entries.stem"].take(entries)


class ExactTerms(_Words):
    """Folded forms."""

    @property
    def _table(self) -> Strings:
        return self._segment.exacts

    def _everywhere(self, number: int) -> Positions:
        entries = self._segment.entries_of_exact(number)
        return self._segment.positions.of_range(entries.start, entries.stop)

    def _numbers_at(self, positions: Positions) -> NDArray[Any]:
        entries = np.unique(self._segment.entries_at(positions))
        firsts = self._segment.container["exacts.entries"].all()
        return np.searchsorted(firsts, entries, "right") - 1


class TypedTerms(_Words):
    """Words as they are typed. One of them may be several in the segment, by language."""

    @cached_property
    def _sorted(self) -> tuple[list[bytes], Ints, Ints]:
        """Distinct texts; surfaces in their order; where each text begins among those."""
        texts = self._segment.surfaces.all()
        order = sorted(range(1, len(texts)), key=texts.__getitem__)
        firsts = [i for i, s in enumerate(order) if not i or texts[order[i - 1]] != texts[s]]
        distinct = [texts[order[i]] for i in firsts]
        return distinct, np.array(order, np.int64), np.array([*firsts, len(order)], np.int64)

    @property
    def _table(self) -> list[bytes]:
        return self._sorted[0]

    def _everywhere(self, number: int) -> Positions:
        _, order, firsts = self._sorted
        surfaces = order[firsts[number] : firsts[number + 1]]
        entries = np.unique(self._segment.container["surfaces.entry"].take(surfaces))
        found = self._segment.positions.of(entries)
        return found[np.isin(self._segment.surfaces_at(found), surfaces)]

    def _numbers_at(self, positions: Positions) -> NDArray[Any]:
        _, order, firsts = self._sorted
        rank = np.empty(order.size + 1, np.int64)
        rank[order] = np.arange(order.size)
        surfaces = np.unique(self._segment.surfaces_at(positions))
        return np.searchsorted(firsts, rank[surfaces], "right") - 1


class SurnameTerms(_Words):
    """Surname keys, at the last word of each value."""

    @property
    def _table(self) -> Strings:
        return self._segment.surnames

    def _everywhere(self, number: int) -> Positions:
        return self._segment.surname_positions(number)

    def _numbers_at(self, positions: Positions) -> NDArray[Any]:
        container = self._segment.container
        counts = np.diff(container["surnames.positions.at"].all())
        numbers = np.repeat(np.arange(counts.size), counts)
        return np.unique(numbers[np.isin(container["surnames.positions"].all(), positions)])


class ValueTerms(Terms):
    """Whole values. `to_bytes` gives the term of a value, None for one that is to have none."""

    def __init__(
        self,
        segment: Segment,
        column: FieldColumn | None,
        to_bytes: Callable[[Value], bytes | None],
    ) -> None:
        self._segment = segment
        self._column = column
        self._to_bytes = to_bytes

    @cached_property
    def _docs_of(self) -> dict[bytes, Ints]:
        if self._column is None:
            return {}
        documents, numbers = self._column.counted()
        live = self._segment.live
        if live is not None:
            documents, numbers = documents[live[documents]], numbers[live[documents]]
        order = np.argsort(numbers, kind="stable")
        starts, lengths = runs(numbers[order])
        out: dict[bytes, Ints] = {}
        for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
            which = order[start : start + length]
            text = self._to_bytes(self._column.value(int(numbers[which[0]])))
            if text is not None:
                docs = documents[which].astype(np.int64)
                # Values that are written differently may be one term, such as 9 and 9.0.
                out[text] = np.union1d(out[text], docs) if text in out else docs
        return out

    @cached_property
    def _texts(self) -> list[bytes]:
        return sorted(self._docs_of)

    def find(self, text: bytes) -> int:
        at = bisect_left(self._texts, text)
        return at if at < len(self._texts) and self._texts[at] == text else -1

    def starting_at(self, text: bytes) -> Iterator[tuple[bytes, int]]:
        for number in range(bisect_left(self._texts, text), len(self._texts)):
            yield self._texts[number], number

    def occurrences(self, number: int) -> Occurrences:
        docs = self._docs_of[self._texts[number]]
        return Occurrences(docs, np.ones(docs.size, np.int64))

    def having(self) -> Ints:
        every = list(self._docs_of.values())
        return np.unique(np.concatenate(every)) if every else _NONE


class KeyTerms(Terms):
    """The keys of stories. A term's number is that of its document."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment

    def find(self, text: bytes) -> int:
        return self._segment.find(text.decode("utf-8", "replace"))

    def starting_at(self, text: bytes) -> Iterator[tuple[bytes, int]]:
        for document in self._segment.by_key().tolist():
            key = self._segment.keys.raw(document)
            if key >= text:
                yield key, document

    def occurrences(self, number: int) -> Occurrences:
        return Occurrences(np.array([number], np.int64), np.ones(1, np.int64))

    def having(self) -> Ints:
        return np.sort(self._segment.by_key()).astype(np.int64)
