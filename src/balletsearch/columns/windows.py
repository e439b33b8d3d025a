"""Which stretches of a text hold several things in order, or two near one another?

A stretch is a window from `starts` to `ends`, exclusive. Of all windows that fit only those are
kept that hold no smaller one, so no two begin or end at the same place, and one comes before the
other in both. Shortest windows are those of Clarke, Cormack and Burkowski, *An Algebra for
Structured Text Search and a Framework for its Implementation* (1995); each step here is a binary
search for a whole array at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "FAR",
    "NO_WINDOWS",
    "Step",
    "Windows",
    "around",
    "holding",
    "in_order",
    "near",
    "steps_between",
    "united",
    "within",
]

Places = NDArray[np.int64]

Together = Callable[[Places, Places], NDArray[np.bool_]]
"""Whether words stand at two places, the second not before the first, and in one value."""


class Windows(NamedTuple):
    """Windows, ascending by start and then by end, each once."""

    starts: Places
    ends: Places


NO_WINDOWS = Windows(np.zeros(0, np.int64), np.zeros(0, np.int64))


class Step(NamedTuple):
    """How far the next thing may be behind one: from `least` to `most` places."""

    least: int
    most: int


FAR: Final = 1 << 31
"""No text is longer, so that no more words can lie between two."""


def steps_between(at: Sequence[int], slop: int) -> list[Step]:
    """The steps between words at some places of a row, with so many others in each gap."""
    return [Step(b - a, (b - a) * (1 + min(slop, FAR))) for a, b in pairwise(at)]


def in_order(
    places: Sequence[Places],
    steps: Sequence[Step],
    together: Together,
    before: int = 0,
    behind: int = 0,
) -> Windows:
    """The shortest windows with one place out of each list, each a step behind the last.

    `places` are ascending. The windows are wider by `before` and `behind`, and have to be within
    one value as they are.
    """
    starts = places[-1]
    ends = starts + 1
    # From the last to the first: where those that go on begin, and where they end soonest.
    # The later one begins, the later it ends, so the nearest that goes on ends soonest.
    for these, step in zip(reversed(places[:-1]), reversed(steps), strict=True):
        at = np.searchsorted(starts, these + step.least)
        near = at < starts.size
        near[near] = starts[at[near]] <= these[near] + step.most
        starts, ends = these[near], ends[at[near]]
    # Of those that end at one place the last is the shortest.
    last = np.append(ends[1:] != ends[:-1], True)[: ends.size]
    starts, ends = starts[last] - before, ends[last] + behind
    whole = together(starts, ends - 1)
    return Windows(starts[whole], ends[whole])


def holding(left: Windows, right: Windows) -> Windows:
    """The shortest windows that hold one of either side, in any order; they may overlap."""
    ends = np.union1d(left.ends, right.ends)
    starts = np.minimum(_latest(left, ends), _latest(right, ends))
    there = starts >= 0
    return _shortest(starts[there], ends[there])


def _latest(of: Windows, ends: Places) -> Places:
    """The latest start of windows that end no later than each of some ends; -1 where none does."""
    order = np.argsort(of.ends, kind="stable")
    latest = np.maximum.accumulate(np.append(np.int64(-1), of.starts[order]))
    return latest[np.searchsorted(of.ends[order], ends, "right")]


def near(left: Windows, right: Windows, distance: int, together: Together) -> Windows:
    """The shortest windows with one of either side, in either order, that do not overlap.

    At most `distance` places are between the two.
    """
    one, other = _behind(left, right, distance), _behind(right, left, distance)
    starts = np.concatenate((one.starts, other.starts))
    ends = np.concatenate((one.ends, other.ends))
    whole = together(starts, ends - 1)
    return _shortest(starts[whole], ends[whole])


def _behind(first: Windows, then: Windows, distance: int) -> Windows:
    """For each of `then` the shortest window with one of `first` before it."""
    if not first.starts.size or not then.starts.size:
        return NO_WINDOWS
    starts, ends = first
    if not np.all(ends[1:] >= ends[:-1]):  # as they are where none is within another
        order = np.lexsort((starts, ends))
        starts, ends = starts[order], ends[order]
    low = np.searchsorted(ends, then.starts - distance)
    high = np.searchsorted(ends, then.starts, "right")
    found = low < high
    latest = _greatest(starts, low[found], high[found])
    return Windows(latest, then.ends[found])


def _greatest(numbers: Places, low: NDArray[Any], high: NDArray[Any]) -> Places:
    """The greatest number of each range of indices, none of them empty."""
    if not low.size or np.all(numbers[1:] >= numbers[:-1]):
        return numbers[high - 1]
    # The greatest of each 1, 2, 4 … numbers that follow one another: two of these cover a range.
    out = np.empty(low.size, np.int64)
    power = np.frexp(high - low)[1] - 1
    for level in range(int(power.max()) + 1):
        if level:
            half = 1 << (level - 1)
            numbers = np.maximum(numbers[:-half], numbers[half:])
        here = power == level
        out[here] = np.maximum(numbers[low[here]], numbers[high[here] - (1 << level)])
    return out


def _shortest(starts: Places, ends: Places) -> Windows:
    """Those windows that hold no other, each once."""
    order = np.lexsort((-starts, ends))
    starts, ends = starts[order], ends[order]
    # By ascending end, of equal ends the shortest first: whatever begins later than all before.
    best = np.maximum.accumulate(np.append(np.int64(-1), starts))[: starts.size]
    kept = starts > best
    return Windows(starts[kept], ends[kept])


def united(several: Sequence[Windows]) -> Windows:
    """All windows of several, each once."""
    starts = np.concatenate([w.starts for w in several])
    ends = np.concatenate([w.ends for w in several])
    order = np.lexsort((ends, starts))
    starts, ends = starts[order], ends[order]
    new = np.ones(starts.size, np.bool_)
    new[1:] = (starts[1:] != starts[:-1]) | (ends[1:] != ends[:-1])
    return Windows(starts[new], ends[new])


def around(places: Places, least: int, most: int) -> Places:
    """All places from `least` to `most` behind any of these, ascending, each once."""
    wide = places[:, None] + np.arange(least, most + 1)
    found: Places = np.unique(wide)
    return found


def within(found: Windows, others: Windows) -> Windows:
    """Those windows that lie in one of others, of which none lies in another."""
    if not others.starts.size:
        return NO_WINDOWS
    # Of those that begin no later the last one ends last.
    at = np.searchsorted(others.starts, found.starts, "right") - 1
    good = (at >= 0) & (others.ends[at] >= found.ends)
    return Windows(found.starts[good], found.ends[good])
