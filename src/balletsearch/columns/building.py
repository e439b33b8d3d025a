"""How do the words of documents become the arrays of a segment?

Words come numbered, zone by zone, as often as they are asked for: once they are counted, once
they are laid into the stream, and then sorted twice, by entry and position for the positions, by
stem and document for the postings. Each pair is packed into one 64-bit number, so that a sort is
a sort of plain numbers, and no more than GROUP of them are sorted at once: the memory that sorting
takes does not grow with the segment, only the passes over its words do. Building and merging
differ in where the words come from and in nothing else. What does grow with the segment is one
number for each of its words, entries, documents and values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.lexicon import Lexicon, LocalLexicon, starts_of
from balletsearch.columns.packing import ContainerWriter
from balletsearch.columns.positions import writing_positions
from balletsearch.columns.postings import BROAD, NARROW, Packing, pack, runs
from balletsearch.columns.strings import sorted_unique, write_strings
from balletsearch.errors import IndexFaultError

__all__ = ["GROUP", "MAX_STREAM", "Values", "WordSource", "Written", "Zone", "write_words"]

U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]

GROUP: Final = 1 << 22
"""Words that are sorted at once."""

MAX_STREAM: Final = 1 << 31
"""No segment has as many positions; merging stops before."""


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


class Written(NamedTuple):
    """What was written of the words: attributes, and where the values of each zone begin."""

    attributes: dict[str, Any]
    starts: dict[str, U32]


def write_words(
    to: ContainerWriter,
    source: WordSource,
    lexicon: Lexicon,
    surname: Callable[[str], str],
    executor: Executor,
) -> Written:
    """Write the arrays of words, postings and lexicon; `executor` does some of the sorting."""
    local = LocalLexicon(lexicon, _counts(source, len(lexicon.surfaces)))
    local.write(to)
    placed = [_Placed(source, i) for i in range(len(source.zones))]
    at = 0
    for zone in placed:
        at = zone.place(at)
    if at >= MAX_STREAM:
        raise IndexFaultError(
            f"{to.path.parent} cannot hold {at} words and gaps in one segment; "
            f"there is room for {MAX_STREAM - 1}. Add fewer stories at once."
        )
    values = [zone.starts for zone in placed]
    # One more than there are values: where the gap behind the last would have ended.
    to.add("values", np.concatenate([*values, np.array([at + 1])]).astype(np.uint32))
    documents = np.concatenate([np.zeros(0, np.int32), *(z.values.documents for z in placed)])
    to.add("values.doc", documents)
    _write_stream(to, placed, local, at + 1)
    count = int(documents.max(initial=-1)) + 1
    _write_positions(to, placed, local, at + 1, documents=count, executor=executor)
    _write_postings(to, placed, local, count)
    _write_surnames(to, placed, local, surname)
    described, first = [], 0
    for zone in placed:
        last = first + zone.starts.size
        one = zone.zone
        described.append(
            {"name": one.name, "units": one.units, "names": one.names, "values": [first, last]}
        )
        first = last
    words = int(local.entry_counts.sum())
    return Written(
        {"zones": described, "words": words, "stream": at + 1},
        {zone.zone.name: zone.starts for zone in placed},
    )


def _counts(source: WordSource, size: int) -> NDArray[np.int64]:
    """How often each surface comes."""
    counts = np.zeros(size, np.int64)
    for i in range(len(source.zones)):
        for words in source.words(i):
            counts += np.bincount(words, minlength=size)
    return counts


class _Piece(NamedTuple):
    """Some words of a zone: numbers in the lexicon, positions in the stream, documents."""

    words: U32
    positions: NDArray[np.int64]
    documents: NDArray[np.int32]


class _Placed:
    """The words of one zone at their positions, a gap before each value."""

    def __init__(self, source: WordSource, number: int) -> None:
        self.zone, self.values = source.zones[number]
        self._source = source
        self._number = number
        self._ends = np.cumsum(self.values.lengths, dtype=np.int64)
        self._pieces: list[_Piece] | None = None
        """All of them where they are few: they are asked for several times."""

    def place(self, at: int) -> int:
        """Begin at this position; returns where the next zone begins."""
        self._at = at
        count = self._ends.size
        before = self._ends - self.values.lengths
        self.starts = (at + before + np.arange(1, count + 1)).astype(np.uint32)
        return at + count + (int(self._ends[-1]) if count else 0)

    def pieces(self) -> Iterator[_Piece]:
        """The words, piece by piece."""
        if self._pieces is None and int(self._ends[-1] if self._ends.size else 0) <= GROUP:
            self._pieces = list(self._made())
        return self._made() if self._pieces is None else iter(self._pieces)

    def _made(self) -> Iterator[_Piece]:
        done = 0
        for words in self._source.words(self._number):
            if not words.size:
                continue
            first, last = np.searchsorted(self._ends, [done, done + words.size - 1], "right")
            bounds = np.minimum(self._ends[first : last + 1], done + words.size) - done
            lengths = np.diff(bounds, prepend=0)
            value = np.repeat(np.arange(first, last + 1), lengths)
            positions = np.arange(words.size) + value + (self._at + done + 1)
            yield _Piece(words, positions, self.values.documents[value])
            done += words.size

    def last_words(self) -> tuple[U32, NDArray[np.int64]]:
        """The last word of each value, and its position."""
        pieces = list(self._source.words(self._number))
        words = np.concatenate(pieces) if pieces else np.zeros(0, np.uint32)
        ends = self.starts.astype(np.int64) + self.values.lengths - 1
        return words[self._ends - 1], ends


def _write_stream(
    to: ContainerWriter, placed: Sequence[_Placed], local: LocalLexicon, size: int
) -> None:
    far: list[NDArray[np.int64]] = []
    which: list[U32] = []
    at = 0
    with to.member("stream", np.dtype(np.uint16), size) as write:
        for zone in placed:
            for piece in zone.pieces():
                surfaces = local.surface[piece.words]
                end = int(piece.positions[-1]) + 1
                out = np.zeros(end - at, np.uint16)
                beyond = surfaces >= NARROW
                out[piece.positions - at] = np.where(beyond, NARROW, surfaces)
                write(out)
                at = end
                far.append(piece.positions[beyond])
                which.append(surfaces[beyond])
        write(np.zeros(size - at, np.uint16))
    to.add("stream.far", np.concatenate([np.zeros(0, np.int64), *far]).astype(np.uint32))
    to.add("stream.far.surface", np.concatenate([np.zeros(0, np.uint32), *which]))


def _groups(counts: NDArray[np.int64], may_end: NDArray[np.bool_] | None = None) -> list[int]:
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


def _write_positions(
    to: ContainerWriter,
    placed: Sequence[_Placed],
    local: LocalLexicon,
    size: int,
    *,
    documents: int,
    executor: Executor,
) -> None:
    """By entry and position; and of each folded form the documents that it stands in."""
    counts = local.entry_counts
    # *swan's* counts for *swan* too and stands behind it, with nothing between that has no
    # apostrophe: so a group that ends before a form without one holds both or neither.
    plain = local.apostrophes == 0
    bounds = _groups(counts, plain[local.exact] & _begins(local.exact))
    df = np.zeros(len(local.exacts), np.int64)
    with writing_positions(to, counts, size) as positions:
        for first, last in pairwise(bounds):
            keys, pairs = [np.zeros(0, np.uint64)], []
            by_exact = _ByExact(local, first, last, documents)
            for zone in placed:
                for piece in zone.pieces():
                    entries = local.entry[piece.words]
                    inside = _inside(entries, first, last, counts.size)
                    entries = entries[inside]
                    keys.append(pack(entries, piece.positions[inside]))
                    pairs += by_exact.pairs(entries, piece.documents[inside])
            counting = executor.submit(by_exact.add_distinct, pairs, df)
            del pairs
            packed = _joined(keys)
            packed.sort()
            packed = packed.astype(np.uint32)
            positions.write(first, last, packed)
            counting.result()
    to.add("exacts.df", df.astype(np.uint32))


def _begins(groups: NDArray[Any]) -> NDArray[np.bool_]:
    """Which items are the first of their group."""
    return np.concatenate((np.ones(1, np.bool_), groups[1:] != groups[:-1]))[: groups.size]


def _inside(numbers: U32, first: int, last: int, size: int) -> Any:
    """Those within a range, as something to index by; a slice if the range is all there is."""
    if first == 0 and last == size:
        return slice(None)
    return np.flatnonzero((numbers >= first) & (numbers < last))


def _joined(parts: list[NDArray[Any]]) -> NDArray[Any]:
    """One array of several, which are let go of: they are the largest there are."""
    whole = np.concatenate(parts)
    parts.clear()
    return whole


class _ByExact:
    """Counts the documents of folded forms, those of the entries from `first` to `last`."""

    def __init__(self, local: LocalLexicon, first: int, last: int, documents: int) -> None:
        self._local = local
        exact = local.exact[first:last]
        self._base = int(exact[0]) if exact.size else 0
        self._packing = Packing(int(exact[-1]) - self._base + 1 if exact.size else 1, documents)

    def pairs(self, entries: U32, documents: NDArray[np.int32]) -> list[NDArray[Any]]:
        """(folded form, document) of words; the same for what they are the possessive of."""
        exact = self._local.exact[entries]
        possessor = self._local.possessor[exact]
        other = np.flatnonzero(possessor != exact)
        base, pack_both = np.uint32(self._base), self._packing.pack
        return [
            pack_both(exact - base, documents),
            pack_both(possessor[other] - base, documents[other]),
        ]

    def add_distinct(self, pairs: list[NDArray[Any]], df: NDArray[np.int64]) -> None:
        """Add to each folded form how many documents the pairs have for it."""
        if pairs:
            packed = _joined(pairs)
            packed.sort()
            found = np.bincount(self._packing.high(packed[runs(packed)[0]]))
            df[self._base : self._base + found.size] += found


def _write_postings(
    to: ContainerWriter,
    placed: Sequence[_Placed],
    local: LocalLexicon,
    documents: int,
) -> None:
    """By stem and document, with what the words of the stem count there."""
    counts = np.bincount(local.stem, local.entry_counts, local.stems).astype(np.int64)
    bounds = _groups(counts)
    df = np.zeros(local.stems, np.int64)
    far: list[NDArray[np.int64]] = []
    which: list[U32] = []
    done = 0
    with (
        to.growing("docs", np.dtype(np.uint16 if documents <= 1 << 16 else np.uint32)) as docs,
        to.growing("tf", np.dtype(np.uint8)) as tf,
    ):
        for first, last in pairwise(bounds):
            packing = Packing(last - first, documents)
            keys, units = _summed(placed, local, first, last, packing)
            docs(packing.low(keys))
            beyond = np.flatnonzero(units >= BROAD)
            tf(np.minimum(units, BROAD).astype(np.uint8))
            far.append(beyond + done)
            which.append(units[beyond])
            df[first:last] = np.bincount(packing.high(keys), minlength=last - first)
            done += keys.size
    to.add("tf.far", np.concatenate([np.zeros(0, np.int64), *far]).astype(np.uint64))
    to.add("tf.far.units", np.concatenate([np.zeros(0, np.uint32), *which]))
    at = np.zeros(df.size + 1, np.int64)
    np.cumsum(df, out=at[1:])
    to.add("docs.at", at.astype(np.uint32))


def _summed(
    placed: Sequence[_Placed], local: LocalLexicon, first: int, last: int, packing: Packing
) -> tuple[NDArray[Any], U32]:
    """(stem, document) of the words of a range of stems, ascending, and what they count."""
    by_units: dict[int, list[NDArray[Any]]] = {}
    for zone in placed:
        for piece in zone.pieces():
            stems = local.stem[local.entry[piece.words]]
            inside = _inside(stems, first, last, local.stems)
            packed = packing.pack(stems[inside] - np.uint32(first), piece.documents[inside])
            by_units.setdefault(zone.zone.units, []).append(packed)
    keys, units = np.zeros(0, np.uint64), np.zeros(0, np.uint32)
    for weight, parts in by_units.items():
        some = _joined(parts)
        some.sort()
        start, times = runs(some)
        keys, units = _added(keys, units, some[start], (times * weight).astype(np.uint32))
    return keys, units


def _added(
    keys: NDArray[Any], units: U32, more: NDArray[Any], their: U32
) -> tuple[NDArray[Any], U32]:
    """Two ascending lists of keys with what each counts, as one."""
    if not keys.size or not more.size:
        return (more, their) if not keys.size else (keys, units)
    if keys.size < more.size:
        keys, units, more, their = more, their, keys, units
    at = np.searchsorted(keys, more)
    known = keys[np.minimum(at, keys.size - 1)] == more
    units = units.copy()
    units[at[known]] += their[known]
    fresh = ~known
    return np.insert(keys, at[fresh], more[fresh]), np.insert(units, at[fresh], their[fresh])


def _write_surnames(
    to: ContainerWriter,
    placed: Sequence[_Placed],
    local: LocalLexicon,
    surname: Callable[[str], str],
) -> None:
    found = [zone.last_words() for zone in placed if zone.zone.names]
    words = np.concatenate([np.zeros(0, np.uint32), *(w for w, _ in found)])
    positions = np.concatenate([np.zeros(0, np.int64), *(p for _, p in found)])
    exact, which = np.unique(local.exact[local.entry[words]], return_inverse=True)
    keys = [surname(local.exacts.one(e).decode()).encode() for e in exact.tolist()]
    texts, number = sorted_unique(keys)
    write_strings(to, "surnames", texts, slots=True)
    number = number[which]
    packed = pack(number, positions)
    packed.sort()
    to.add("surnames.positions", packed.astype(np.uint32))
    to.add("surnames.positions.at", starts_of(number, len(texts)))
