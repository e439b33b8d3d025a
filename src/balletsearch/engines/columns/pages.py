"""Where in the documents of one page does a query match?

The words of the few documents that are shown are read from the stream once, and each leaf looks
at them: that costs the same for a frequent word as for a rare one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.postings import ragged
from balletsearch.columns.segment import Docs, Segment
from balletsearch.engines.columns.lowering import Meant
from balletsearch.engines.columns.matching import word_at
from balletsearch.model import VALUE_GAP, Span

__all__ = ["Page"]


class Page:
    """The words of some documents of one segment, ascending."""

    def __init__(self, segment: Segment, documents: Docs) -> None:
        self._segment = segment
        documents = np.sort(documents)
        firsts, counts, zones, owners = [], [], [], []
        for zone in segment.zones.values():
            low, high = segment.values_of(zone, documents)
            firsts.append(low)
            counts.append(high - low)
            zones.append(zone.name)
            owners.append(documents)
        values = ragged(np.concatenate(firsts), np.concatenate(counts)) if firsts else _NO
        starts, lengths = segment.extents(values)
        self._positions = ragged(starts, lengths)
        self._entries = segment.entries_at(self._positions)
        self._value = np.repeat(np.arange(values.size), lengths)
        self._starts = starts
        count = np.concatenate(counts) if counts else _NO
        group = np.repeat(np.arange(count.size), count)
        self._documents = np.concatenate(owners)[group] if owners else _NO
        self._zones = [zones[g // documents.size] for g in group.tolist()]
        # Within a zone of a document positions count from 0, with a gap between values.
        ends = np.cumsum(lengths + VALUE_GAP) - (lengths + VALUE_GAP)
        first = np.searchsorted(group, group)
        self._bases = ends - ends[first] if group.size else _NO

    def spans(self, leaves: Sequence[tuple[Sequence[Meant], str]]) -> dict[int, set[Span]]:
        """Document → the spans of leaves, each given by its words and its zone or ""."""
        out: dict[int, set[Span]] = defaultdict(set)
        for words, zone in leaves:
            for i in np.flatnonzero(self._starting(words)).tolist():
                value = self._value[i]
                name = self._zones[value]
                if not zone or name == zone:
                    at = int(self._bases[value] + self._positions[i] - self._starts[value])
                    out[int(self._documents[value])].add(Span(name, at, at + len(words)))
        return out

    def _starting(self, words: Sequence[Meant]) -> NDArray[np.bool_]:
        """At which words of the page a leaf begins."""
        found = self._among(words[0].entries)
        if words[0].surname >= 0:
            named = self._segment.surname_positions(words[0].surname)
            found |= np.isin(self._positions, named)
        for i, meant in enumerate(words[1:], 1):
            at = np.flatnonzero(found)
            found[at] = word_at(self._segment, meant, self._positions[at] + i)
        return found

    def _among(self, entries: NDArray[Any]) -> NDArray[np.bool_]:
        table = np.zeros(self._segment.entries, np.bool_)
        table[entries] = True
        if not table.size:
            return np.zeros(self._entries.size, np.bool_)
        return table[self._entries]


_NO = np.zeros(0, np.int64)
