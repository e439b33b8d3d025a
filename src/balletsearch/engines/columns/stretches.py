"""Which stretches of a segment do a phrase, or two things near one another, cover?

A shape says what is looked for, already lowered; where the words stand is said by `Where`, a
whole segment or the few documents of a page. The arithmetic is in `columns/windows.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.segment import Segment
from balletsearch.columns.values import ZoneRange
from balletsearch.columns.windows import (
    FAR,
    NO_WINDOWS,
    Places,
    Step,
    Windows,
    around,
    in_order,
    near,
    steps_between,
    united,
)
from balletsearch.engines.columns.lowering import Meant
from balletsearch.engines.columns.matching import (
    phrase_starts,
    places_of,
    surname_places,
    word_at,
)
from balletsearch.engines.shapes import Either, Pair

__all__ = [
    "InSegment",
    "Kept",
    "Run",
    "Shape",
    "Slots",
    "Where",
    "together",
    "windows",
]

PEEK: Final = 8
"""How many times more places a word must have than are looked at in the stream instead."""


class Run(NamedTuple):
    """Words in order, with at most `slop` others in each gap; None is any one word.

    For each word what it means in each segment; `zone` is empty for any.
    """

    words: Sequence[Sequence[Meant] | None]
    zone: str
    slop: int = 0


Shape = Run | Pair[Run] | Either[Run]

Slots = Sequence[Meant | None]


class Kept:
    """What was found of pairs in one place, so that a pair within others is worked out once.

    By the identity of the shape, which is kept with it.
    """

    def __init__(self) -> None:
        self.windows: dict[int, tuple[Pair[Run], Windows]] = {}
        self.places: dict[int, tuple[Pair[Run], int]] = {}


class Where(Protocol):
    """Where words stand: places in the stream of a segment, ascending."""

    segment: Segment
    kept: Kept

    def starts(self, words: Slots, zone: ZoneRange | None) -> Places:
        """Where words stand one right after the other; a single one by its surname key too."""
        ...

    def lists(
        self, words: Sequence[Meant], steps: Sequence[Step], zone: ZoneRange | None
    ) -> list[Places]:
        """Where each word stands, as far as the others may be so many steps from it."""
        ...

    def beside(self, word: Meant, zone: ZoneRange | None, others: Windows, distance: int) -> Places:
        """Where a word stands, as far as it may be near to windows."""
        ...


def windows(shape: Shape, i: int, where: Where) -> Windows:
    """What a shape covers in segment `i`."""
    match shape:
        case Run():
            return _run(shape, i, where)
        case Either(several):
            return united([windows(one, i, where) for one in several])
        case Pair():
            if id(shape) not in where.kept.windows:
                where.kept.windows[id(shape)] = shape, _pair(shape, i, where)
            return where.kept.windows[id(shape)][1]


def _pair(pair: Pair[Run], i: int, where: Where) -> Windows:
    rarer, other = sorted((pair.left, pair.right), key=lambda side: _places(side, i, where))
    found = windows(rarer, i, where)
    if not found.starts.size:
        return NO_WINDOWS
    between = min(pair.distance, FAR)
    beside = _beside(other, i, where, found, between)
    return near(found, beside, between, lambda a, b: together(where.segment, a, b))


def _run(run: Run, i: int, where: Where) -> Windows:
    zone = where.segment.zones.get(run.zone)
    if run.zone and zone is None:
        return NO_WINDOWS
    words = _slots(run, i)
    if not run.slop:
        starts = where.starts(words, zone)
        return Windows(starts, starts + len(words))
    real = [at for at, word in enumerate(words) if word is not None]
    steps = steps_between(real, run.slop)
    places = where.lists([word for word in words if word is not None], steps, zone)
    return in_order(
        places,
        steps,
        lambda a, b: together(where.segment, a, b),
        real[0],
        len(words) - 1 - real[-1],
    )


def _slots(run: Run, i: int) -> list[Meant | None]:
    return [None if word is None else word[i] for word in run.words]


def _beside(shape: Shape, i: int, where: Where, others: Windows, distance: int) -> Windows:
    """What a shape covers, as far as it may be near to windows, or more."""
    if isinstance(shape, Run) and len(shape.words) == 1:
        zone = where.segment.zones.get(shape.zone)
        [word] = _slots(shape, i)
        if word is not None and (zone is not None or not shape.zone):
            starts = where.beside(word, zone, others, distance)
            return Windows(starts, starts + 1)
    return windows(shape, i, where)


def _places(shape: Shape, i: int, where: Where) -> int:
    """At how many places something has to be looked at, about."""
    match shape:
        case Run():
            return min(_count(where.segment, word) for word in _slots(shape, i) if word is not None)
        case Either(several):
            return sum(_places(one, i, where) for one in several)
        case Pair(left, right):
            if id(shape) not in where.kept.places:
                least = min(_places(left, i, where), _places(right, i, where))
                where.kept.places[id(shape)] = shape, least
            return where.kept.places[id(shape)][1]


def _count(segment: Segment, word: Meant) -> int:
    return int(segment.positions.counts(word.entries).sum())


def together(segment: Segment, starts: Places, lasts: Places) -> NDArray[np.bool_]:
    """Whether words stand at two places, and in one value; places may be beyond the stream."""
    # What is wider than its words, by words that may be any, can begin or end outside.
    inside = (starts > 0) & (lasts < segment.stream_size)
    first, last = starts[inside].astype(np.uint32), lasts[inside].astype(np.uint32)
    both = segment.values.at(first) == segment.values.at(last)
    # Behind each value is a gap that counts as its own.
    both &= (segment.surfaces_at(first) != 0) & (segment.surfaces_at(last) != 0)
    inside[inside] = both
    return inside


class InSegment:
    """The words of a whole segment."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self.kept = Kept()

    def starts(self, words: Slots, zone: ZoneRange | None) -> Places:
        """See `Where`."""
        if len(words) == 1 and words[0] is not None:
            return places_of(self.segment, words[0], zone)
        return phrase_starts(self.segment, words, zone)

    def lists(
        self, words: Sequence[Meant], steps: Sequence[Step], zone: ZoneRange | None
    ) -> list[Places]:
        """See `Where`: the rarest word says where to look for frequent ones."""
        counts = [_count(self.segment, word) for word in words]
        rarest = counts.index(min(counts))
        base = places_of(self.segment, words[rarest], zone)
        out = []
        for i, word in enumerate(words):
            between = steps[min(i, rarest) : max(i, rarest)]
            least, most = sum(s.least for s in between), sum(s.most for s in between)
            if i < rarest:
                least, most = -most, -least
            if i == rarest:
                out.append(base)
            elif counts[i] > PEEK * base.size * (most - least + 1):
                out.append(self._among(word, zone, around(base, least, most)))
            else:
                out.append(places_of(self.segment, word, zone))
        return out

    def beside(self, word: Meant, zone: ZoneRange | None, others: Windows, distance: int) -> Places:
        """See `Where`."""
        looked_at = 2 * others.starts.size * (distance + 1)
        if _count(self.segment, word) <= PEEK * looked_at:
            return places_of(self.segment, word, zone)
        before = around(others.starts, -distance - 1, -1)
        behind = around(others.ends, 0, distance)
        there = self._among(word, zone, np.union1d(before, behind))
        return np.union1d(there, surname_places(self.segment, word, zone))

    def _among(self, word: Meant, zone: ZoneRange | None, places: Places) -> Places:
        """At which of some places a word stands."""
        first = zone.start if zone is not None else 0
        places = places[places >= first]
        if zone is not None:
            places = places[places < zone.end]
        return places[word_at(self.segment, word, places)]
