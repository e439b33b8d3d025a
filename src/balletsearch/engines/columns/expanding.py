"""Which words of the collection does a word of the query stand for, and how often do they stand?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from balletsearch.columns.segment import Segment
from balletsearch.engines import expansions
from balletsearch.engines.columns.leaves import meanings
from balletsearch.engines.columns.lowering import Meant
from balletsearch.engines.columns.matching import places_of
from balletsearch.engines.columns.snapshot import Snapshot
from balletsearch.engines.columns.stretches import Run, Shape
from balletsearch.engines.protocol import OneWord
from balletsearch.query.nodes import Leaf

__all__ = ["expansion", "notes"]


def expansion(snapshot: Snapshot, leaf: OneWord) -> dict[str, int]:
    """Folded form → how often it stands where the leaf looks, by form."""
    counts: Counter[str] = Counter()
    for segment, meant in zip(snapshot.segments, meanings(snapshot, leaf), strict=True):
        zone = segment.zones.get(leaf.field)
        if leaf.field and zone is None:
            continue
        places = places_of(segment, meant, zone).astype(np.uint32)
        if segment.live is not None:
            places = places[segment.live[segment.values.documents_at(places)]]
        exacts = segment.exact_of_entry[segment.entries_at(places)]
        numbers, times = np.unique(exacts, return_counts=True)
        counts.update(dict(zip(segment.exacts.take(numbers.tolist()), times.tolist(), strict=True)))
    return dict(sorted(counts.items()))


def notes(segments: Sequence[Segment], leaf: Leaf, shape: Shape | None) -> Iterator[str]:
    """What is to be said of words of a leaf that stand for very many."""
    if not isinstance(shape, Run):
        return
    for at, asked in expansions.patterns(leaf):
        words = shape.words[at]
        if words is not None and _many(segments, words):
            yield expansions.note(asked)


def _many(segments: Sequence[Segment], words: Sequence[Meant]) -> bool:
    """Whether there are very many folded forms, over all segments."""
    if sum(meant.entries.size for meant in words) <= expansions.MANY:
        return False
    numbers = [
        np.unique(segment.exact_of_entry[meant.entries])
        for segment, meant in zip(segments, words, strict=True)
    ]
    sizes = [each.size for each in numbers]
    if max(sizes) > expansions.MANY or sum(sizes) <= expansions.MANY:
        return max(sizes) > expansions.MANY
    every: set[str] = set()
    for segment, each in zip(segments, numbers, strict=True):
        every.update(segment.exacts.take(each.tolist()))
    return len(every) > expansions.MANY
