"""Where in the stream does each word of a zone stand?

Words come numbered, zone by zone, as often as they are asked for, and are sorted as packed pairs,
no more than GROUP of them at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "GROUP",
    "Piece",
    "Values",
    "WordSource",
    "Zone",
    "ZoneWords",
    "groups",
    "inside",
    "joined",
]

U32 = NDArray[np.uint32]

GROUP: Final = 1 << 22
"""Words that are sorted at once."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of a document that is searched by its words.

    `units` is what one word in it counts, as a multiple of the collection's unit of weight;
    `names` says whether the last word of each value has a surname key.
    """

    name: str
    units: int = 1
    names: bool = False


class Values(NamedTuple):
    """The values of a zone: words of each (at least one), and its document, ascending."""

    lengths: U32
    documents: NDArray[np.int32]


class WordSource(Protocol):
    """Where the words of a segment come from."""

    @property
    def zones(self) -> Sequence[tuple[Zone, Values]]:
        """The zones in order, with their values."""
        ...

    def words(self, zone: int) -> Iterator[U32]:
        """The words of a zone, as numbers in the lexicon, piece by piece, value behind value."""
        ...


class Piece(NamedTuple):
    """Some words of a zone: numbers in the lexicon, positions in the stream, documents."""

    words: U32
    positions: NDArray[np.int64]
    documents: NDArray[np.int32]


class ZoneWords:
    """The words of one zone at their positions, a gap before each value."""

    def __init__(self, source: WordSource, number: int) -> None:
        self.zone, self.values = source.zones[number]
        self._source = source
        self._number = number
        self._kept: list[Piece] | None = None
        """All pieces where they are few: they are asked for several times."""
        self._ends = np.cumsum(self.values.lengths, dtype=np.int64)

    def place(self, at: int) -> int:
        """Begin at this position; returns where the next zone begins."""
        self._at = at
        count = self._ends.size
        before = self._ends - self.values.lengths
        self.starts = (at + before + np.arange(1, count + 1)).astype(np.uint32)
        return at + count + (int(self._ends[-1]) if count else 0)

    def pieces(self) -> Iterator[Piece]:
        """The words, piece by piece."""
        if self._kept is None and int(self._ends[-1] if self._ends.size else 0) <= GROUP:
            self._kept = list(self._made())
        return self._made() if self._kept is None else iter(self._kept)

    def _made(self) -> Iterator[Piece]:
        done = 0
        for words in self._source.words(self._number):
            if not words.size:
                continue
            first, last = np.searchsorted(self._ends, [done, done + words.size - 1], "right")
            bounds = np.minimum(self._ends[first : last + 1], done + words.size) - done
            lengths = np.diff(bounds, prepend=0)
            value = np.repeat(np.arange(first, last + 1), lengths)
            positions = np.arange(words.size) + value + (self._at + done + 1)
            yield Piece(words, positions, self.values.documents[value])
            done += words.size

    def last_words(self) -> tuple[U32, NDArray[np.int64]]:
        """The last word of each value, and its position."""
        pieces = list(self._source.words(self._number))
        words = np.concatenate(pieces) if pieces else np.zeros(0, np.uint32)
        ends = self.starts.astype(np.int64) + self.values.lengths - 1
        return words[self._ends - 1], ends


def groups(counts: NDArray[np.int64], may_end: NDArray[np.bool_] | None = None) -> list[int]:
    """Bounds of ranges that hold at most GROUP in sum, as far as they may end there."""
    bounds, held = [0], 0
    if int(counts.sum()) <= GROUP:
        return [0, counts.size]
    for i, count in enumerate(counts.tolist()):
        if held and held + count > GROUP and (may_end is None or may_end[i]):
            bounds.append(i)
            held = 0
        held += count
    return [*bounds, counts.size]


def inside(numbers: U32, first: int, last: int, size: int) -> Any:
    """Those within a range, as something to index by; a slice if the range is all there is."""
    if first == 0 and last == size:
        return slice(None)
    return np.flatnonzero((numbers >= first) & (numbers < last))


def joined(parts: list[NDArray[Any]]) -> NDArray[Any]:
    """One array of several, which are let go of: they are the largest there are."""
    whole = np.concatenate(parts)
    parts.clear()
    return whole
