"""Which stretches of stories do a phrase, or two things near one another, cover?

Whoosh keeps positions story by story. Here the stories stand one behind the other, far apart,
so that the arithmetic of `columns/windows.py` answers for all of them at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import partial, reduce
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.windows import (
    FAR,
    NO_WINDOWS,
    Places,
    Windows,
    holding,
    in_order,
    near,
    steps_between,
    united,
)
from balletsearch.engines.shapes import Either, Pair, Together, marked
from balletsearch.engines.whoosh.postings import Lowered, positions_of
from balletsearch.fields import Field
from balletsearch.model import VALUE_GAP, Span
from balletsearch.query.nodes import Unit

__all__ = ["Covering", "Run", "Shape"]

# As many bits as `windows.FAR` and one more: what is far stays within its story.
APART: Final = 32
"""Bits of a position within its story; the number of the story is above them."""


class Run(NamedTuple):
    """Words in order, with at most `slop` others in each gap; None is any one word."""

    words: tuple[Lowered | None, ...]
    slop: int = 0


Shape = Run | Pair[Run] | Either[Run] | Together[Run]

ValuesOf = Callable[[int, str], Mapping[int, int]]
"""Document and zone → for each position that holds a word the number of its value."""


UnitsOf = Callable[[int, str, Unit], Mapping[int, int]]
"""Document, zone and unit → the number of the sentence or paragraph of each word; none, one."""


class Covering:
    """What shapes cover in all stories, or in one `document`."""

    def __init__(
        self, reader: Any, values_of: ValuesOf, units_of: UnitsOf, document: int | None = None
    ) -> None:
        self._reader = reader
        self._values_of = values_of
        self._units_of = units_of
        self._document = document

    def frequencies(self, shape: Shape) -> dict[int, float]:
        """Document → Σ weight(zone) over what is covered."""
        out: dict[int, float] = defaultdict(float)
        for zone, found in self._zones(shape):
            documents, times = np.unique(found.starts >> APART, return_counts=True)
            for document, count in zip(documents.tolist(), times.tolist(), strict=True):
                out[document] += zone.weight * count
        return dict(out)

    def spans(self, shape: Shape) -> set[Span]:
        """What is covered in the one document."""
        return {span for zone, found in self._zones(shape) for span in _spans(zone, found)}

    def marks(self, shape: Shape) -> set[Span]:
        """What to set off of it."""
        return {
            span
            for zone, _ in self._zones(shape)
            for found in marked(shape, partial(self._windows, zone=zone.name))
            for span in _spans(zone, found)
        }

    def _zones(self, shape: Shape) -> Iterator[tuple[Field, Windows]]:
        known = {z.zone.name: z.zone for word in _words(shape) for z in word.alternatives}
        for name, zone in known.items():
            yield zone, self._windows(shape, name)

    def _windows(self, shape: Shape, zone: str) -> Windows:
        match shape:
            case Either(several):
                return united([self._windows(one, zone) for one in several])
            case Pair(left, right, distance):
                one, other = self._windows(left, zone), self._windows(right, zone)
                between = min(distance, FAR)
                return near(one, other, between, lambda a, b: self._together(zone, a, b))
            case Together(several, unit):
                found = reduce(holding, (self._windows(one, zone) for one in several))
                whole = self._together(zone, found.starts, found.ends - 1)
                starts, ends = found.starts[whole], found.ends[whole]
                inside = self._in_one_unit(zone, unit, starts, ends - 1)
                return Windows(starts[inside], ends[inside])
            case Run():
                return self._run(shape, zone)

    def _run(self, run: Run, zone: str) -> Windows:
        real = [at for at, word in enumerate(run.words) if word is not None]
        places = [self._places(word, zone) for word in run.words if word is not None]
        if not all(found.size for found in places):
            return NO_WINDOWS
        steps = steps_between(real, run.slop)
        before, behind = real[0], len(run.words) - 1 - real[-1]
        # At the edges any word may be meant, which no posting says.
        edges = bool(before or behind)
        return in_order(
            places, steps, lambda a, b: self._together(zone, a, b, ask=edges), before, behind
        )

    def _places(self, word: Lowered, zone: str) -> Places:
        found = positions_of(self._reader, word.zones.get(zone, ()), self._document)
        sizes = [len(positions) for positions in found.values()]
        documents = np.repeat(np.fromiter(found, np.int64, len(found)), sizes)
        positions = (p for each in found.values() for p in each)
        at = np.fromiter(positions, np.int64, sum(sizes))
        return np.sort((documents << APART) + at)

    def _together(
        self, zone: str, starts: Places, lasts: Places, *, ask: bool = False
    ) -> NDArray[np.bool_]:
        """Whether words stand at two places, and in one value."""
        same: NDArray[np.bool_] = (starts >= 0) & (starts >> APART == lasts >> APART)
        # Words that are nearer than the gap between values are of one value.
        unsure = same & ((lasts - starts > VALUE_GAP) | ask)
        mask = (1 << APART) - 1
        for i in np.flatnonzero(unsure).tolist():
            values = self._values_of(int(starts[i]) >> APART, zone)
            first, last = values.get(int(starts[i]) & mask), values.get(int(lasts[i]) & mask)
            same[i] = first is not None and first == last
        return same

    def _in_one_unit(
        self, zone: str, unit: Unit, starts: Places, lasts: Places
    ) -> NDArray[np.bool_]:
        """Whether two places, in one value, are in one sentence or paragraph."""
        mask = (1 << APART) - 1
        same = np.ones(starts.size, np.bool_)
        for i, (start, last) in enumerate(zip(starts.tolist(), lasts.tolist(), strict=True)):
            units = self._units_of(start >> APART, zone, unit)
            same[i] = units.get(start & mask) == units.get(last & mask)
        return same


def _spans(zone: Field, found: Windows) -> Iterator[Span]:
    mask = (1 << APART) - 1
    for start, end in zip(found.starts.tolist(), found.ends.tolist(), strict=True):
        yield Span(zone.name, start & mask, end & mask)


def _words(shape: Shape) -> Iterator[Lowered]:
    match shape:
        case Run(words):
            yield from (word for word in words if word is not None)
        case Either(several) | Together(several):
            for one in several:
                yield from _words(one)
        case Pair(left, right):
            yield from _words(left)
            yield from _words(right)
