"""In which documents does a word stand that is a good part of all words?

A pattern may fit thousands of forms, of which the positions would have to be fetched one form
after the other. Then it is cheaper to look at every word of the stream once.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.segment import Segment
from balletsearch.columns.values import Docs, ZoneRange
from balletsearch.engines.columns.lowering import Meant

__all__ = ["counted_in_stream", "is_broad"]

PLACE: Final = 5
"""What fetching a position costs, where looking at a word of the stream costs 1."""

FORM: Final = 1000
"""What it costs to fetch one more form that does not follow the one before."""


def is_broad(segment: Segment, meant: Meant) -> bool:
    """Whether the stream should be read; words that count in part are always fetched."""
    if meant.factors is not None or meant.surname >= 0 or not meant.entries.size:
        return False
    entries = meant.entries
    places = int(segment.positions.counts(entries).sum())
    apart = entries.size if int(entries[-1] - entries[0]) >= entries.size else 1
    return places * PLACE + apart * FORM > len(segment.positions) + FORM


def counted_in_stream(
    segment: Segment, meant: Meant, zone: ZoneRange | None
) -> tuple[Docs, NDArray[Any]]:
    """Documents that hold a word, ascending, deleted ones too, and how often, in units."""
    wanted = np.zeros(len(segment.surfaces), np.bool_)
    wanted[segment.surfaces_of(meant.entries)] = True
    total = np.zeros(segment.documents, np.float64)
    for each in segment.zones.values() if zone is None else (zone,):
        if each.start < each.end:
            values = np.arange(each.first, each.last)
            starts = segment.values.extents(values)[0] - each.start
            hits = np.add.reduceat(segment.standing(wanted, each), starts, dtype=np.int64)
            documents = segment.container["values.doc"].slice(each.first, each.last)
            total += np.bincount(documents, hits * each.units, segment.documents)
    found: Docs = np.flatnonzero(total)
    return found, total[found]
