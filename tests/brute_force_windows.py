"""Which stretches of a text do a phrase and two things near one another cover?

The third part of the brute-force engine: every choice of places is tried, and of what they
cover the shortest are kept, as `docs/semantics.md` has it. Patterns are tried letter by letter,
and by the regular expressions of Python, which mean the same for all that tests ask.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import NamedTuple

from balletsearch.analysis import fold, form
from balletsearch.errors import QueryError
from brute_force_words import Place

__all__ = ["Cover", "fitted", "held", "looks_so", "met", "patterned", "shortest"]


class Cover(NamedTuple):
    """A stretch of one value of a zone: positions from `start` to `end`, exclusive."""

    value: int
    start: int
    end: int


def fitted(
    places: Sequence[Place], fits: Sequence[Callable[[Place], float | None]], slop: int
) -> set[Cover]:
    """All that is covered by a place for each of `fits`, in order, with few between."""
    begun = {(place, place) for place in places if fits[0](place) is not None}
    for fit in fits[1:]:
        begun = {
            (first, place)
            for first, last in begun
            for place in places
            if place.value == first.value
            and 0 <= place.position - last.position - 1 <= slop
            and fit(place) is not None
        }
    return {Cover(first.value, first.position, last.position + 1) for first, last in begun}


def met(left: Iterable[Cover], right: Iterable[Cover], distance: int) -> set[Cover]:
    """All that is covered by one of each side, in either order, with few words between."""
    pairs = [(a, b) for one in left for other in right for a, b in ((one, other), (other, one))]
    return {
        Cover(a.value, a.start, b.end)
        for a, b in pairs
        if a.value == b.value and 0 <= b.start - a.end <= distance
    }


def held(several: Sequence[Iterable[Cover]], unit_at: Sequence[int]) -> set[Cover]:
    """All that is covered by one of each, in one value, and in one unit where there are units."""
    out = set()
    for chosen in product(*several):
        whole = Cover(chosen[0].value, min(c.start for c in chosen), max(c.end for c in chosen))
        alike = {
            (c.value, unit_at[at] if unit_at else 0) for c in chosen for at in (c.start, c.end - 1)
        }
        if len(alike) == 1:
            out.add(whole)
    return out


def shortest(covers: set[Cover]) -> list[Cover]:
    """Those that have no other within them."""
    return sorted(
        one
        for one in covers
        if not any(
            other != one
            and other.value == one.value
            and one.start <= other.start
            and other.end <= one.end
            for other in covers
        )
    )


def looks_so(pattern: str, text: str) -> bool:
    """Whether a text is what the wildcards of a pattern stand for."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(looks_so(pattern[1:], text[i:]) for i in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and looks_so(pattern[1:], text[1:])


def patterned(text: str) -> re.Pattern[str]:
    """A pattern of letters, signs and ASCII escapes, its letters folded."""
    if re.search(r"\(\?<?[=!]|\\[1-9]", text):
        raise QueryError(f"/{text}/ looks around itself or refers back.")
    folded = "".join(c if c.isascii() else fold(form(c)) for c in text)
    try:
        return re.compile(folded.replace(r"\z", r"\Z"), re.IGNORECASE)
    except re.error as error:
        raise QueryError(f"/{text}/: {error}.") from error
