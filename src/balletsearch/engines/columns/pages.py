"""Where in the documents of one page does a query match?

The words of the few documents that are shown are read from the stream once, and each leaf looks
at them: that costs the same for a frequent word as for a rare one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.postings import ragged
from balletsearch.columns.segment import Segment
from balletsearch.columns.values import Docs, ZoneRange
from balletsearch.columns.windows import Places, Step, Windows
from balletsearch.engines.columns.lowering import Meant
from balletsearch.engines.columns.matching import word_at
from balletsearch.engines.columns.stretches import Kept, Shape, Slots, windows
from balletsearch.engines.shapes import marked
from balletsearch.model import VALUE_GAP, Span

__all__ = ["Page"]


class Page:
    """The words of some documents of one segment, ascending."""

    def __init__(self, segment: Segment, documents: Docs) -> None:
        self.segment = segment
        self.kept = Kept()
        documents = np.sort(documents)
        firsts, counts, zones, owners = [], [], [], []
        for zone in segment.zones.values():
            low, high = segment.values.of(zone, documents)
            firsts.append(low)
            counts.append(high - low)
            zones.append(zone.name)
            owners.append(documents)
        values = ragged(np.concatenate(firsts), np.concatenate(counts)) if firsts else _NO
        starts, lengths = segment.values.extents(values)
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

    def spans(self, shapes: Sequence[Shape], i: int) -> dict[int, set[Span]]:
        """Document → what shapes cover in it, this being segment `i`."""
        return self._placed(windows(shape, i, self) for shape in shapes)

    def marks(self, shapes: Sequence[Shape], i: int) -> dict[int, set[Span]]:
        """Document → what to set off of what shapes cover in it."""
        found = (marked(shape, lambda one: windows(one, i, self)) for shape in shapes)
        return self._placed(chain.from_iterable(found))

    def _placed(self, several: Iterable[Windows]) -> dict[int, set[Span]]:
        out: dict[int, set[Span]] = defaultdict(set)
        for found in several:
            where = np.searchsorted(self._positions, found.starts).tolist()
            for word, length in zip(where, (found.ends - found.starts).tolist(), strict=True):
                value = self._value[word]
                at = int(self._bases[value] + self._positions[word] - self._starts[value])
                out[int(self._documents[value])].add(Span(self._zones[value], at, at + length))
        return out

    # Where words stand, for `windows`.

    def starts(self, words: Slots, zone: ZoneRange | None) -> Places:
        """Where words of the page stand one right after the other."""
        return self._inside(self._starting(words), zone)

    def lists(
        self, words: Sequence[Meant], _: Sequence[Step], zone: ZoneRange | None
    ) -> list[Places]:
        """Where each of several words stands in the page."""
        return [self._inside(self._among(word), zone) for word in words]

    def about(self, word: Meant, zone: ZoneRange | None, *_: object) -> Places:
        """Where a word stands in the page."""
        return self.starts([word], zone)

    def _inside(self, found: NDArray[np.bool_], zone: ZoneRange | None) -> Places:
        places = self._positions[found]
        return places if zone is None else places[(places >= zone.start) & (places < zone.end)]

    def _starting(self, words: Slots) -> NDArray[np.bool_]:
        """At which words of the page a run of words begins."""
        found = np.ones(self._entries.size, np.bool_)
        for i, meant in enumerate(words):
            if not i and meant is not None:
                found = self._among(meant)
                if meant.surname >= 0:
                    named = self.segment.surname_positions(meant.surname)
                    found |= np.isin(self._positions, named)
                continue
            at = np.flatnonzero(found)
            there = self._positions[at] + i
            if meant is None:
                found[at] = self.segment.surfaces_at(there) != 0
            else:
                found[at] = word_at(self.segment, meant, there)
        return found

    def _among(self, meant: Meant) -> NDArray[np.bool_]:
        """Which words of the page are what a word of the query means, surnames aside."""
        if meant.typed is not None:
            return word_at(self.segment, meant, self._positions)
        table = np.zeros(self.segment.entries, np.bool_)
        table[meant.entries] = True
        if not table.size:
            return np.zeros(self._entries.size, np.bool_)
        return table[self._entries]


_NO = np.zeros(0, np.int64)
