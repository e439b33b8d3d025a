"""Do whole arrays give the same windows as trying every choice of places?"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from balletsearch.columns.windows import Step, Windows, around, in_order, near, united

Found = set[tuple[int, int]]


class Text:
    """Places that hold words, split into values: a place without a word ends each of them."""

    def __init__(self, lengths: list[int]) -> None:
        self.value: dict[int, int] = {}
        at = 1
        for number, length in enumerate(lengths):
            self.value.update(dict.fromkeys(range(at, at + length), number))
            at += length + 1

    def within(self, start: int, last: int) -> bool:
        """Whether words stand at both places, in one value."""
        return start in self.value and self.value[start] == self.value.get(last)

    def together(self, starts: np.ndarray, lasts: np.ndarray) -> np.ndarray:
        """The same of many."""
        pairs = zip(starts.tolist(), lasts.tolist(), strict=True)
        return np.array([self.within(*pair) for pair in pairs], np.bool_)


texts = st.lists(st.integers(1, 12), min_size=1, max_size=4).map(Text)


def shortest(found: Found) -> list[tuple[int, int]]:
    return sorted(
        (s, e)
        for s, e in found
        if not any((a, b) != (s, e) and s <= a and b <= e for a, b in found)
    )


def pairs(windows: Windows) -> list[tuple[int, int]]:
    return list(zip(windows.starts.tolist(), windows.ends.tolist(), strict=True))


def windows_of(found: Found) -> Windows:
    starts, ends = zip(*sorted(found), strict=True) if found else ((), ())
    return Windows(np.array(starts, np.int64), np.array(ends, np.int64))


@given(texts, st.data())
def test_in_order_is_every_choice_that_fits_and_holds_no_other(text, data):
    some = st.sets(st.sampled_from(sorted(text.value)))
    words = data.draw(st.lists(some, min_size=1, max_size=4))
    slop = data.draw(st.integers(0, 3))
    before, behind = data.draw(st.integers(0, 2)), data.draw(st.integers(0, 2))
    least = data.draw(st.lists(st.integers(1, 3), min_size=len(words) - 1, max_size=len(words) - 1))
    steps = [Step(n, n * (1 + slop)) for n in least]
    begun = {(place, place) for place in words[0]}
    for these, step in zip(words[1:], steps, strict=True):
        begun = {
            (first, place)
            for first, last in begun
            for place in these
            if step.least <= place - last <= step.most
        }
    covered = {
        (first - before, last + behind + 1)
        for first, last in begun
        if text.within(first - before, last + behind)
    }
    places = [np.array(sorted(these), np.int64) for these in words]
    got = in_order(places, steps, text.together, before, behind)
    assert pairs(got) == shortest(covered)


def spans(draw: st.DataObject, text: Text) -> Found:
    place = st.sampled_from(sorted(text.value))
    drawn = draw.draw(st.sets(st.tuples(place, st.sampled_from([1, 1, 1, 2, 3, 5])), max_size=8))
    return {(start, start + long) for start, long in drawn if text.within(start, start + long - 1)}


@given(texts, st.data(), st.integers(0, 5))
def test_near_is_every_pair_that_fits_and_holds_no_other(text, data, distance):
    # A span of one side may hold another of the same side, as those of an Or do.
    left, right = spans(data, text), spans(data, text)
    met = {
        (a[0], b[1])
        for one in left
        for other in right
        for a, b in ((one, other), (other, one))
        if 0 <= b[0] - a[1] <= distance and text.within(a[0], b[1] - 1)
    }
    got = near(windows_of(left), windows_of(right), distance, text.together)
    assert pairs(got) == shortest(met)
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(pairs(got)))


@given(texts, st.data())
def test_united_windows_are_all_of_them_once(text, data):
    several = [spans(data, text) for _ in range(3)]
    assert pairs(united([windows_of(found) for found in several])) == sorted(set().union(*several))


@given(st.sets(st.integers(0, 40)), st.integers(-3, 3), st.integers(0, 4))
def test_around_is_every_place_that_near(places, least, wide):
    expected = sorted({p + d for p in places for d in range(least, least + wide + 1)})
    assert around(np.array(sorted(places), np.int64), least, least + wide).tolist() == expected
