"""How are the positions of each word kept, and had again?

Of a rare word as they are, 32 bits each. Of a frequent one only the lower 16 bits of each, and
how many of them stand in each page of 65,536 positions: that halves the largest array of a segment.
A word is frequent if the pages cost less than what they save.

Arrays, entry behind entry: `positions.at` where the positions of each entry would begin if all
were together; `positions` those of rare entries; `positions.paged` the frequent entries,
ascending, `positions.low` their lower halves, `positions.pages` how many stand in each page, a
row of the same length for each.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.container import Container
from balletsearch.columns.postings import ragged

if TYPE_CHECKING:
    from balletsearch.columns.packing import ContainerWriter

__all__ = ["PositionLists", "PositionWriter", "pages", "writing_positions"]

PAGE: Final = 16
"""Bits of a position within its page."""

WORTH: Final = 2
"""How many times the pages of the stream a word must come to be frequent."""

U32 = NDArray[np.uint32]


def pages(stream: int) -> int:
    """How many pages a stream of this length has."""
    return (stream >> PAGE) + 1


class PositionWriter:
    """Takes the positions of all entries, in order, some entries at a time."""

    def __init__(
        self, counts: NDArray[np.int64], stream: int, rare: Any, low: Any, paged: NDArray[Any]
    ) -> None:
        self._counts = counts
        self._pages = pages(stream)
        self._rare = rare
        self._low = low
        self._is_paged = np.zeros(counts.size, np.bool_)
        self._is_paged[paged] = True
        self.pages: list[NDArray[np.intp]] = []

    def write(self, first: int, last: int, positions: U32) -> None:
        """The positions of entries `first` to `last`, exclusive."""
        paged = np.repeat(self._is_paged[first:last], self._counts[first:last])
        self._rare(positions[~paged])
        if not paged.any():
            return
        frequent = positions[paged]
        self._low((frequent & np.uint32((1 << PAGE) - 1)).astype(np.uint16))
        counts = self._counts[first:last][self._is_paged[first:last]]
        cells = np.repeat(np.arange(counts.size) * self._pages, counts) + (frequent >> PAGE)
        self.pages.append(np.bincount(cells, minlength=counts.size * self._pages))


@contextmanager
def writing_positions(
    to: ContainerWriter, counts: NDArray[np.int64], stream: int
) -> Iterator[PositionWriter]:
    """A writer for entries that come so often each, in a stream of this length."""
    at = np.zeros(counts.size + 1, np.int64)
    np.cumsum(counts, out=at[1:])
    to.add("positions.at", at.astype(np.uint32))
    paged = np.flatnonzero(counts > WORTH * (pages(stream) + 1))
    to.add("positions.paged", paged.astype(np.uint32))
    rare = int(at[-1]) - int(counts[paged].sum())
    with (
        to.growing("positions.low", np.dtype(np.uint16)) as low,
        to.member("positions", np.dtype(np.uint32), rare) as write,
    ):
        writer = PositionWriter(counts, stream, write, low, paged)
        yield writer
    held = np.concatenate([np.zeros(1, np.int64), *writer.pages])[1:]
    to.add(
        "positions.pages", held.astype(np.uint16 if held.max(initial=0) < 1 << 16 else np.uint32)
    )


class PositionLists:
    """The positions of the entries of one segment."""

    def __init__(self, container: Container) -> None:
        self._container = container
        self._at = container["positions.at"]
        self._rare = container["positions"]
        self._low = container["positions.low"]
        self._pages = container["positions.pages"]
        self._row = pages(len(container["stream"]))
        self._paged = container["positions.paged"].all()
        paged = self._paged.astype(np.int64)
        counts = self._at.take(paged + 1).astype(np.int64) - self._at.take(paged)
        self._low_at = np.concatenate((np.zeros(1, np.int64), np.cumsum(counts)))

    def __len__(self) -> int:
        """The positions of all entries."""
        return self._at.item(len(self._at) - 1)

    def count(self, entry: int) -> int:
        """How often an entry stands in the stream."""
        return self._at.item(entry + 1) - self._at.item(entry)

    def counts(self, entries: NDArray[Any]) -> NDArray[np.int64]:
        """The same of several."""
        return self._at.take(entries + 1).astype(np.int64) - self._at.take(entries)

    def of_range(self, first: int, last: int) -> U32:
        """The positions of entries that follow one another: ascending for each of them."""
        row, end = np.searchsorted(self._paged, [first, last]).tolist()
        parts = []
        at = first
        while row < end:
            entry = int(self._paged[row])
            parts += [self._of_rare(at, entry, row), self._of_paged(row)]
            at, row = entry + 1, row + 1
        parts.append(self._of_rare(at, last, row))
        return np.concatenate(parts) if len(parts) > 1 else parts[0]

    def of(self, entries: NDArray[Any]) -> U32:
        """The positions of some entries, one entry behind the other, those that are rare first."""
        rows, frequent = self._frequent(entries)
        if not frequent.any():
            return self._of_rares(entries, rows)
        often = self._of_rows(rows[frequent])
        if frequent.all():
            return often
        return np.concatenate((self._of_rares(entries[~frequent], rows[~frequent]), often))

    def with_values(self, entries: NDArray[Any], values: NDArray[Any]) -> tuple[U32, NDArray[Any]]:
        """The same, and for each position the value of its entry."""
        frequent = self._frequent(entries)[1]
        if frequent.any():
            order = np.argsort(frequent, kind="stable")
            entries, values = entries[order], values[order]
        return self.of(entries), np.repeat(values, self.counts(entries))

    def _frequent(self, entries: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """Where each entry stands or would stand among those that are frequent, and if it does."""
        rows = np.searchsorted(self._paged, entries.astype(self._paged.dtype, copy=False))
        if not self._paged.size:
            return rows, np.zeros(entries.size, np.bool_)
        return rows, self._paged.take(rows, mode="clip") == entries

    def _of_rares(self, entries: NDArray[Any], rows: NDArray[Any]) -> U32:
        starts = self._at.take(entries) - self._low_at[rows]
        found: U32 = self._rare.take(ragged(starts, self.counts(entries)))
        return found

    def _of_rows(self, rows: NDArray[np.intp]) -> U32:
        """The positions of several that are frequent."""
        if rows.size == 1:
            return self._of_paged(int(rows[0]))
        starts = self._low_at[rows]
        low = self._low.take(ragged(starts, self._low_at[rows + 1] - starts))
        held = self._pages.take((rows[:, None] * self._row + np.arange(self._row)).reshape(-1))
        page = np.tile(np.arange(self._row, dtype=np.uint32) << np.uint32(PAGE), rows.size)
        found: U32 = np.repeat(page, held)
        found |= low
        return found

    def _of_rare(self, first: int, last: int, row: int) -> U32:
        """Entries none of which is frequent; `row` of those that are stand before them."""
        before = int(self._low_at[row])
        found: U32 = self._rare.slice(self._at.item(first) - before, self._at.item(last) - before)
        return found

    def _of_paged(self, row: int) -> U32:
        low = self._low.slice(int(self._low_at[row]), int(self._low_at[row + 1]))
        held = self._pages.slice(row * self._row, (row + 1) * self._row)
        page = np.repeat(np.arange(self._row, dtype=np.uint32), held)
        page <<= np.uint32(PAGE)
        page |= low
        return page
