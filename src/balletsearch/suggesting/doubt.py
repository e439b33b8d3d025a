"""When is a word of a query to be doubted?

Not when it is rare: most rare words are right. But when it is rarer than the mistake would be: if a
much more frequent word is mistyped so in more stories than there are with the word typed, then the
typed one may be nothing else. So *futher* is doubted beside *further*, while *fother*, names
and the words of dialects are not, whose neighbours are further away or less frequent.
"""

from __future__ import annotations

from math import exp
from typing import Final

from balletsearch.analysis import form
from balletsearch.suggesting.edits import CHEAPEST
from balletsearch.suggesting.words import STEEP, Meaning

__all__ = ["believable", "doubted", "may_be_doubted"]

SURE: Final = 10.0
"""How many times the word typed must be rarer than the mistake, if it finds something."""

UNSURE: Final = 1.0
"""The same where the whole query finds nothing, which says itself that something is wrong."""


SHARE: Final = 1 / 3
"""What a mistake may cost for each letter of the word typed; any word may have one that costs 1."""


def _sure(found: int) -> float:
    return SURE if found else UNSURE


def doubted(word: str, stories: int, best: Meaning, found: int) -> bool:
    """Whether a word that stands in so many stories is to be doubted beside its best neighbour.

    `found` is how many stories the whole query finds. A word with an apostrophe that stands in a
    story is spelled so on purpose (*remember'd*, *doin'*).
    """
    if not stories:
        return True
    return "'" not in form(word) and stories * _sure(found) < exp(best.score)


def believable(word: str, meaning: Meaning) -> bool:
    """Whether a word is near enough to be taken for a mistake; of a word of nonsense none is."""
    return meaning.cost <= max(1.0, SHARE * len(word))


def may_be_doubted(stories: int, of: int, found: int) -> bool:
    """Whether any neighbour at all could make a word doubted in a collection of `of` stories.

    Where this is False nobody need look for neighbours.
    """
    return not stories or stories * _sure(found) < of * exp(-STEEP * CHEAPEST)
