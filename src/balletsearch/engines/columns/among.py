"""How often do words come in a few documents of one segment?

Where each document lies in the stream is known, so which positions of a word are in it is two
binary searches. They are done for all words and all documents at once, since with few of either
it is the number of steps that takes the time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.postings import places, ragged
from balletsearch.columns.segment import Segment
from balletsearch.columns.values import Docs
from balletsearch.engines.columns.lowering import Meant
from balletsearch.engines.columns.matching import Posting, word_at
from balletsearch.query.nodes import Leaf

__all__ = ["Ceiling", "Row", "Sought", "units_among"]

I64 = NDArray[np.int64]


class Row(NamedTuple):
    """Words that stand one right after the other, in a zone or in any; None is any word."""

    words: Sequence[Meant | None]
    zone: str


READING: Final = 2
"""Places of a word that are fetched in the time that a word of the stream is read."""

Sought = Row | Posting
"""What is counted; of postings as often as they say."""


class Ceiling(NamedTuple):
    """What no score is above: leaves of the tree by these weights, and so much more."""

    weights: Mapping[Leaf, float]
    more: float


class _Hits(NamedTuple):
    """Positions of words in documents: which block of positions, which document, which zone."""

    at: I64
    block: I64
    owner: I64
    zone: I64


def units_among(segment: Segment, docs: Docs, sought: Sequence[Sought]) -> NDArray[np.float64]:
    """For each of several things and each document (ascending) how often it comes, in units."""
    out = np.zeros((len(sought), docs.size))
    rows = []
    for number, each in enumerate(sought):
        if isinstance(each, Row):
            rows.append((number, each))
        elif each.units is not None and each.docs.size:
            at, there = places(each.docs, docs)
            out[number, there] = each.units[at[there]]
    if rows and docs.size:
        out += _counted(segment, docs, rows, len(sought))
    return out


def _counted(
    segment: Segment, docs: Docs, rows: list[tuple[int, Row]], size: int
) -> NDArray[np.float64]:
    alone = [(number, row) for number, row in rows if len(row.words) == 1 and not row.zone]
    if len(alone) == len(rows) and _few(segment, docs, alone):
        return _in_stream(segment, docs, alone, size)
    chosen = [_rarest(segment, row) for _, row in rows]
    entries = [_meant(row, at).entries for (_, row), at in zip(rows, chosen, strict=True)]
    of_entry = np.repeat(np.arange(len(rows)), [e.size for e in entries])
    positions, label = segment.positions.with_values(
        np.concatenate(entries), np.arange(of_entry.size)
    )
    if not positions.size:
        return np.zeros((size, docs.size))
    zones = list(segment.zones.values())
    hits = _hits(segment, docs, positions.astype(np.int64), label)
    which = of_entry[hits.block]
    good = np.ones(which.size, np.bool_)
    for number, ((_, row), rarest) in enumerate(zip(rows, chosen, strict=True)):
        if not row.zone and len(row.words) == 1:
            continue
        mine = np.flatnonzero(which == number)
        here = mine
        if row.zone:
            here = here[[zones[z].name == row.zone for z in hits.zone[here].tolist()]]
        # The words beside the rarest first: they rule out most.
        others = sorted((abs(i - rarest), i) for i in range(len(row.words)) if i != rarest)
        for _, i in others:
            here = here[_stands(segment, row.words[i], hits.at[here] + (i - rarest))]
        good[mine] = False
        good[here] = True
    numbers = np.array([number for number, _ in rows])
    units = np.array([zone.units for zone in zones])
    cell = numbers[which[good]] * docs.size + hits.owner[good]
    found = np.bincount(cell, units[hits.zone[good]].astype(np.float64), size * docs.size)
    return found.reshape(size, docs.size).astype(np.float64, copy=False)


def _stretches(segment: Segment, docs: Docs) -> tuple[I64, I64]:
    """Where the words of documents begin and end in the stream, zone behind zone."""
    zones = segment.zones.values()
    bounds = [segment.values.bounds(*segment.values.of(zone, docs)) for zone in zones]
    first = np.concatenate([first for first, _ in bounds]).astype(np.int64)
    last = np.concatenate([last for _, last in bounds]).astype(np.int64)
    return first, np.maximum(last, first)


def _few(segment: Segment, docs: Docs, rows: list[tuple[int, Row]]) -> bool:
    """Whether the documents have fewer words than the words looked for have places."""
    entries = [_meant(row, 0).entries for _, row in rows]
    held = int(segment.positions.counts(np.concatenate(entries)).sum())
    if docs.size > held:
        return False
    first, last = _stretches(segment, docs)
    return READING * int((last - first).sum()) < held


def _in_stream(
    segment: Segment, docs: Docs, rows: list[tuple[int, Row]], size: int
) -> NDArray[np.float64]:
    """How often single words come in documents, by every word that these have."""
    first, last = _stretches(segment, docs)
    length = last - first
    ends = np.cumsum(length)
    words = [_meant(row, 0) for _, row in rows]
    wanted = [segment.surfaces_of(w.entries) if w.typed is None else w.typed for w in words]
    known = np.zeros(len(segment.surfaces), np.bool_)
    known[np.concatenate(wanted)] = True
    read = segment.surfaces_at(ragged(first, length))
    hits = np.flatnonzero(known[read])
    found = read[hits]
    zone, owner = np.divmod(np.searchsorted(ends, hits, "right"), docs.size)
    units = np.array([zone.units for zone in segment.zones.values()], np.float64)[zone]
    out = np.zeros((size, docs.size))
    for (number, _), surfaces in zip(rows, wanted, strict=True):
        mine = (found[:, None] == surfaces).any(axis=1)
        out[number] = np.bincount(owner[mine], units[mine], docs.size)
    return out


def _rarest(segment: Segment, row: Row) -> int:
    """The slot of the word that stands at fewest places."""
    known = [i for i, word in enumerate(row.words) if word is not None]
    if len(known) == 1:
        return known[0]
    slots = [_meant(row, i).entries for i in known]
    counts = segment.positions.counts(np.concatenate(slots))
    at = np.cumsum([0, *(slot.size for slot in slots)])
    places = [int(counts[first:last].sum()) for first, last in pairwise(at.tolist())]
    return known[places.index(min(places))]


def _meant(row: Row, slot: int) -> Meant:
    word = row.words[slot]
    return word if word is not None else Meant(np.zeros(0, np.int64))


def _stands(segment: Segment, word: Meant | None, at: I64) -> NDArray[np.bool_]:
    # Position 0 is a gap, and so is what lies between values.
    at = np.maximum(at, 0)
    return segment.surfaces_at(at) != 0 if word is None else word_at(segment, word, at)


def _hits(segment: Segment, docs: Docs, positions: I64, label: I64) -> _Hits:
    """Those of some positions that lie in documents.

    They are in blocks of the same label, ascending in each.
    """
    zones = list(segment.zones.values())
    starts = np.flatnonzero(np.concatenate(([True], label[1:] != label[:-1])))
    if docs.size * len(zones) * starts.size > positions.size:
        owner, there = places(docs, segment.values.documents_at(positions.astype(np.uint32)))
        at = positions[there]
        zone = np.searchsorted([z.end for z in zones], at, "right")
        return _Hits(at, label[there], owner[there], zone)
    bounds = [segment.values.bounds(*segment.values.of(zone, docs)) for zone in zones]
    first = np.concatenate([first for first, _ in bounds])
    last = np.concatenate([last for _, last in bounds])
    # Blocks one above the other, so that all are searched as one.
    above = np.arange(starts.size)[:, None] * segment.stream_size
    stacked = positions + np.repeat(above, np.diff(np.append(starts, positions.size)))
    low = np.searchsorted(stacked, (first + above).reshape(-1))
    count = np.searchsorted(stacked, (last + above).reshape(-1)) - low
    held = np.flatnonzero(count)
    count = count[held]
    block, stretch = np.divmod(np.repeat(held, count), first.size)
    zone, owner = np.divmod(stretch, docs.size)
    return _Hits(positions[ragged(low[held], count)], label[starts][block], owner, zone)
