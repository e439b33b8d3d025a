"""Which stretches of a segment do a phrase, or two things near one another, cover?

A shape says what is looked for, already lowered; where the words stand is said by `Where`, a
whole segment or the few documents of a page. The arithmetic is in `columns/windows.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, reduce
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.postings import ragged
from balletsearch.columns.segment import Segment
from balletsearch.columns.values import ZoneRange
from balletsearch.columns.windows import (
    FAR,
    NO_WINDOWS,
    Places,
    Step,
    Windows,
    around,
    holding,
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
from balletsearch.engines.shapes import Either, Pair, Together
from balletsearch.query.nodes import Unit

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


Shape = Run | Pair[Run] | Either[Run] | Together[Run]
Joint = Pair[Run] | Together[Run]
"""What is put together of others."""

Slots = Sequence[Meant | None]


class Kept:
    """What was found of joints in one place, so that one within others is worked out once.

    By the identity of the shape, which is kept with it.
    """

    def __init__(self) -> None:
        self.windows: dict[int, tuple[Joint, Windows]] = {}
        self.places: dict[int, tuple[Joint, int]] = {}


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

    def about(
        self, word: Meant, zone: ZoneRange | None, size: int, places: Callable[[], Places]
    ) -> Places:
        """Where a word stands, as far as it is at some places, about `size` of them; or more."""
        ...


def windows(shape: Shape, i: int, where: Where) -> Windows:
    """What a shape covers in segment `i`."""
    match shape:
        case Run():
            return _run(shape, i, where)
        case Either(several):
            return united([windows(one, i, where) for one in several])
        case joint:
            if id(joint) not in where.kept.windows:
                found = _pair(joint, i, where) if isinstance(joint, Pair) else _all(joint, i, where)
                where.kept.windows[id(joint)] = joint, found
            return where.kept.windows[id(joint)][1]


def _pair(pair: Pair[Run], i: int, where: Where) -> Windows:
    rarer, other = sorted((pair.left, pair.right), key=lambda side: _places(side, i, where))
    found = windows(rarer, i, where)
    if not found.starts.size:
        return NO_WINDOWS
    between = min(pair.distance, FAR)

    def about() -> Places:
        before = around(found.starts, -between - 1, -1)
        return np.union1d(before, around(found.ends, 0, between))

    beside = _about(other, i, where, 2 * found.starts.size * (between + 1), about)
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


def _all(joint: Together[Run], i: int, where: Where) -> Windows:
    """The shortest windows within one sentence or paragraph that hold one of each shape."""
    segment = where.segment
    rarest, *others = sorted(joint.several, key=lambda side: _places(side, i, where))
    found = windows(rarest, i, where)
    sides = [found]
    for other in others:
        if not found.starts.size:
            return NO_WINDOWS
        extents = units_around(segment, joint.unit, found.starts)
        size = int(extents[1].sum())
        sides.append(_about(other, i, where, size, partial(ragged, *extents)))
    held = reduce(holding, sides)
    whole = together(segment, held.starts, held.ends - 1)
    whole[whole] = in_one_unit(segment, joint.unit, held.starts[whole], held.ends[whole] - 1)
    return Windows(held.starts[whole], held.ends[whole])


def _about(shape: Shape, i: int, where: Where, size: int, places: Callable[[], Places]) -> Windows:
    """What a shape covers at some places, about `size` of them; or more."""
    if isinstance(shape, Run) and len(shape.words) == 1:
        zone = where.segment.zones.get(shape.zone)
        [word] = _slots(shape, i)
        if word is not None and (zone is not None or not shape.zone):
            starts = where.about(word, zone, size, places)
            return Windows(starts, starts + 1)
    return windows(shape, i, where)


def _places(shape: Shape, i: int, where: Where) -> int:
    """At how many places something has to be looked at, about."""
    match shape:
        case Run():
            return min(_count(where.segment, word) for word in _slots(shape, i) if word is not None)
        case Either(several):
            return sum(_places(one, i, where) for one in several)
        case joint:
            if id(joint) not in where.kept.places:
                sides = (joint.left, joint.right) if isinstance(joint, Pair) else joint.several
                least = min(_places(side, i, where) for side in sides)
                where.kept.places[id(joint)] = joint, least
            return where.kept.places[id(joint)][1]


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


def _unit_starts(segment: Segment, unit: Unit) -> Places:
    """Where the sentences or paragraphs of all bodies begin, ascending."""
    starts = segment.container["sentences"].all()
    if unit is Unit.PARAGRAPH:
        starts = starts[segment.container["paragraphs"].all()]
    return starts.astype(np.int64)


def in_one_unit(segment: Segment, unit: Unit, starts: Places, lasts: Places) -> NDArray[np.bool_]:
    """Whether two places, in one value, are in one sentence or paragraph.

    Only bodies are cut into them: before and behind, no sentence begins.
    """
    begins = _unit_starts(segment, unit)
    first, last = np.searchsorted(begins, starts, "right"), np.searchsorted(begins, lasts, "right")
    return first == last


def units_around(segment: Segment, unit: Unit, places: Places) -> tuple[Places, Places]:
    """Where the sentences or paragraphs around some places begin, and how long each is.

    Each once, ascending; what is no body is one by its values. Gaps between are in none.
    """
    values = segment.values.at(places.astype(np.uint32))
    low, length = segment.values.extents(values)
    high = low + length
    begins = _unit_starts(segment, unit)
    at = np.searchsorted(begins, places, "right")
    if begins.size:
        low = np.maximum(low, begins[np.maximum(at - 1, 0)] * (at > 0))
        high = np.where(at < begins.size, np.minimum(high, begins[at % begins.size]), high)
    low, which = np.unique(low, return_index=True)
    return low, high[which] - low


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

    def about(
        self, word: Meant, zone: ZoneRange | None, size: int, places: Callable[[], Places]
    ) -> Places:
        """See `Where`."""
        if _count(self.segment, word) <= PEEK * size:
            return places_of(self.segment, word, zone)
        there = self._among(word, zone, places())
        return np.union1d(there, surname_places(self.segment, word, zone))

    def _among(self, word: Meant, zone: ZoneRange | None, places: Places) -> Places:
        """At which of some places a word stands."""
        first = zone.start if zone is not None else 0
        places = places[places >= first]
        if zone is not None:
            places = places[places < zone.end]
        return places[word_at(self.segment, word, places)]
