"""Where does a leaf of the query match in one segment, and how often in each document?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.postings import taken
from balletsearch.columns.segment import Segment
from balletsearch.columns.values import Docs, Positions, ZoneRange
from balletsearch.engines.columns.broad import counted_in_stream, is_broad
from balletsearch.engines.columns.lowering import Meant

__all__ = [
    "NOTHING",
    "Posting",
    "exact_df",
    "phrase_starts",
    "places_of",
    "posting",
    "starts_posting",
    "surname_places",
    "word_at",
]


class Posting(NamedTuple):
    """Documents that match, ascending and not deleted, and how much they do.

    `units` is Σ units(zone) · factor over the spans of each; None for leaves without spans.
    """

    docs: Docs
    units: NDArray[Any] | None


NOTHING = Posting(np.zeros(0, np.intp), np.zeros(0, np.uint8))


def posting(segment: Segment, meant: Meant, zone: ZoneRange | None) -> Posting:
    """The documents of a word, in one zone or in any."""
    if meant.stems is not None and zone is None:
        return _by_stems(segment, meant)
    if meant.typed is not None:
        return _counted(segment, _in_zone(_standing(segment, meant), zone), None, zone)
    if is_broad(segment, meant):
        return _living(segment, *counted_in_stream(segment, meant, zone))
    if meant.factors is not None:
        return _counted(segment, *_weighed(segment, meant, meant.factors, zone), zone)
    positions = _in_zone(segment.positions.of(meant.entries), zone)
    extra = surname_places(segment, meant, zone)
    if extra.size:
        positions = np.concatenate((positions, extra))
    return _counted(segment, positions, None, zone)


def _by_stems(segment: Segment, meant: Meant) -> Posting:
    parts = [segment.postings(s) for s in meant.stems or ()]
    extra = surname_places(segment, meant, None)
    if extra.size:
        parts.append(_counted(segment, extra, None, None))
    if not parts:
        return NOTHING
    if len(parts) == 1:
        return _living(segment, *parts[0])
    docs = np.concatenate([d for d, _ in parts])
    units = np.concatenate([u for _, u in parts])
    return _living(segment, *_gathered(docs, units, segment.documents))


def _living(segment: Segment, docs: Docs, units: NDArray[Any]) -> Posting:
    if segment.live is None:
        return Posting(docs, units)
    alive = segment.live[docs]
    return Posting(docs[alive], units[alive])


def _gathered(docs: Docs, units: NDArray[Any], size: int) -> tuple[Docs, NDArray[Any]]:
    """Documents in any order, as often as they come → ascending, each once, with the sums."""
    if docs.size > size >> 9:
        there = np.zeros(size, np.bool_)
        there[docs] = True
        found = np.flatnonzero(there)
        place = np.empty(size, np.intp)
        place[found] = np.arange(found.size)
        return found, np.bincount(taken(place, docs), units, found.size)
    found, which = np.unique(docs, return_inverse=True)
    return found.astype(np.intp, copy=False), np.bincount(which, units, found.size)


def _in_zone(positions: Positions, zone: ZoneRange | None) -> Positions:
    if zone is None:
        return positions
    return positions[(positions >= zone.start) & (positions < zone.end)]


def _standing(segment: Segment, meant: Meant) -> Positions:
    """The positions of a word that counts in whole, surnames aside; of several entries unsorted."""
    found = segment.positions.of(meant.entries)
    return found if meant.typed is None else found[np.isin(segment.surfaces_at(found), meant.typed)]


def _weighed(
    segment: Segment, meant: Meant, factors: NDArray[np.float64], zone: ZoneRange | None
) -> tuple[Positions, NDArray[np.float64]]:
    """The positions of words of which each counts its own factor, and that of each position."""
    positions, factors = segment.positions.with_values(meant.entries, factors)
    if zone is None:
        return positions, factors
    inside = (positions >= zone.start) & (positions < zone.end)
    return positions[inside], factors[inside]


def surname_places(segment: Segment, meant: Meant, zone: ZoneRange | None) -> Positions:
    """Where names match by surname key and not by stem."""
    if meant.surname < 0 or (zone is not None and not zone.names):
        return np.zeros(0, np.uint32)
    positions = _in_zone(segment.surname_positions(meant.surname), zone)
    return positions[~np.isin(segment.entries_at(positions), meant.entries)]


def _counted(
    segment: Segment,
    positions: Positions,
    factors: NDArray[np.float64] | None,
    zone: ZoneRange | None,
) -> Posting:
    """The documents of positions, each counting what its zone and its factor say."""
    if not positions.size:
        return NOTHING
    units = np.ones(positions.size) if factors is None else factors.copy()
    for other in segment.zones.values() if zone is None else (zone,):
        if other.units != 1 and other.start < other.end:
            units[(positions >= other.start) & (positions < other.end)] *= other.units
    docs = segment.values.documents_at(positions)
    return _living(segment, *_gathered(docs, units, segment.documents))


def places_of(segment: Segment, meant: Meant, zone: ZoneRange | None) -> NDArray[np.int64]:
    """The positions of a word, in one zone or in any, ascending."""
    found = _in_zone(_standing(segment, meant), zone)
    extra = surname_places(segment, meant, zone)
    if extra.size or meant.entries.size > 1:
        found = np.sort(np.concatenate((found, extra)))
    return found.astype(np.int64)


def word_at(segment: Segment, meant: Meant, positions: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether a word (surnames aside) stands at each position; beyond the stream none does."""
    surfaces = segment.surfaces_of(meant.entries) if meant.typed is None else meant.typed
    found = segment.surfaces_at(positions)
    if surfaces.size <= 4:
        out = np.zeros(positions.size, np.bool_)
        for surface in surfaces:
            out |= found == surface
        return out
    table = np.zeros(len(segment.surfaces), np.bool_)
    table[surfaces] = True
    return table[found]


def phrase_starts(
    segment: Segment, words: Sequence[Meant | None], zone: ZoneRange | None
) -> NDArray[np.int64]:
    """The positions at which words stand one right after the other, ascending; None is any.

    The rarest word says where to look, the stream what stands around it. Between values it has
    a gap, so nothing is found across them.
    """
    known = [(i, meant) for i, meant in enumerate(words) if meant is not None]
    if not all(meant.entries.size for _, meant in known):
        return np.zeros(0, np.int64)
    rarest, rare = min(known, key=lambda k: int(segment.positions.counts(k[1].entries).sum()))
    found = _in_zone(_standing(segment, rare), zone)
    starts = found.astype(np.int64) - rarest
    starts = starts[starts > 0]
    # The words beside the rarest first: they rule out most.
    for i in sorted(range(len(words)), key=lambda i: abs(i - rarest))[1:]:
        meant = words[i]
        there = starts + i
        fits = segment.surfaces_at(there) != 0 if meant is None else word_at(segment, meant, there)
        starts = starts[fits]
    starts.sort()
    return starts


def starts_posting(segment: Segment, starts: NDArray[np.int64], zone: ZoneRange | None) -> Posting:
    """The documents of spans, given by where they start."""
    return _counted(segment, starts.astype(np.uint32), None, zone)


def exact_df(segment: Segment, meant: Meant, zone: ZoneRange | None) -> int:
    """The documents of a word that is looked for exactly."""
    if zone is None and meant.exact >= 0:
        gone = segment.deleted_df[meant.exact] if segment.live is not None else 0
        return segment.container["exacts.df"].item(meant.exact) - int(gone)
    return posting(segment, meant, zone).docs.size
