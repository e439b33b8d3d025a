"""How do the words of documents become the arrays of a segment?

Words come numbered, zone by zone, as often as they are asked for: once they are counted, once
they are laid into the stream (`placing.py`), and then sorted twice, by entry and position for the
positions, by stem and document for the postings (`frequencies.py`). Each pair is packed into one
64-bit number, so that a sort is a sort of plain numbers, and no more than GROUP of them are sorted
at once: the memory that sorting takes does not grow with the segment, only the passes over its
words do. Building and merging differ in where the words come from and in nothing else. What does
grow with the segment is one number for each of its words, entries, documents and values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.frequencies import write_postings
from balletsearch.columns.lexicon import Lexicon, LocalLexicon, starts_of
from balletsearch.columns.packing import ContainerWriter
from balletsearch.columns.placing import WordSource, ZoneWords, groups, inside, joined
from balletsearch.columns.positions import writing_positions
from balletsearch.columns.postings import NARROW, Packing, pack, runs
from balletsearch.columns.strings import sorted_unique, write_strings
from balletsearch.errors import IndexFaultError

__all__ = ["MAX_STREAM", "Written", "write_words"]

U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]

MAX_STREAM: Final = 1 << 31
"""No segment has as many positions; merging stops before."""


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
    placed = [ZoneWords(source, i) for i in range(len(source.zones))]
    at = 0
    for zone in placed:
        at = zone.place(at)
    if at >= MAX_STREAM:
        raise IndexFaultError(
            f"{to.path.parent} cannot hold {at} words and gaps in one segment; "
            f"there is room for {MAX_STREAM - 1}. Add fewer stories at once."
        )
    documents = np.concatenate([np.zeros(0, np.int32), *(z.values.documents for z in placed)])
    count = int(documents.max(initial=-1)) + 1
    local.write(to)
    values = [zone.starts for zone in placed]
    # One more than there are values: where the gap behind the last would have ended.
    to.add("values", np.concatenate([*values, np.array([at + 1])]).astype(np.uint32))
    to.add("values.doc", documents)
    _write_stream(to, placed, local, at + 1)
    _write_positions(to, placed, local, at + 1, documents=count, executor=executor)
    write_postings(to, placed, local, count)
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


def _write_stream(
    to: ContainerWriter, placed: Sequence[ZoneWords], local: LocalLexicon, size: int
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


def _write_positions(
    to: ContainerWriter,
    placed: Sequence[ZoneWords],
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
    bounds = groups(counts, plain[local.exact] & _begins(local.exact))
    df = np.zeros(len(local.exacts), np.int64)
    with writing_positions(to, counts, size) as positions:
        for first, last in pairwise(bounds):
            keys, pairs = [np.zeros(0, np.uint64)], []
            by_exact = _ByExact(local, first, last, documents)
            for zone in placed:
                for piece in zone.pieces():
                    entries = local.entry[piece.words]
                    within = inside(entries, first, last, counts.size)
                    entries = entries[within]
                    keys.append(pack(entries, piece.positions[within]))
                    pairs += by_exact.pairs(entries, piece.documents[within])
            counting = executor.submit(by_exact.add_distinct, pairs, df)
            del pairs
            packed = joined(keys)
            packed.sort()
            packed = packed.astype(np.uint32)
            positions.write(first, last, packed)
            counting.result()
    to.add("exacts.df", df.astype(np.uint32))


def _begins(numbers: NDArray[Any]) -> NDArray[np.bool_]:
    """Which items are the first of their group."""
    return np.concatenate((np.ones(1, np.bool_), numbers[1:] != numbers[:-1]))[: numbers.size]


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
            packed = joined(pairs)
            packed.sort()
            found = np.bincount(self._packing.high(packed[runs(packed)[0]]))
            df[self._base : self._base + found.size] += found


def _write_surnames(
    to: ContainerWriter,
    placed: Sequence[ZoneWords],
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
