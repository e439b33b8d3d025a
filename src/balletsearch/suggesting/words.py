"""Which words of the collection may be meant by one that was typed, the likeliest first?

A noisy channel (Kernighan, Church and Gale 1990): how likely a word is meant is how frequent it is
times how likely the mistake is, in logarithms `ln(stories) - STEEP · cost`. Candidates are
the words within two edits; for long ones of which little is found, within three.
"""

from __future__ import annotations

from heapq import nsmallest
from math import log
from typing import TYPE_CHECKING, Final, NamedTuple

from balletsearch.analysis import fold, form
from balletsearch.query.nodes import View, Word
from balletsearch.suggesting.edits import cost

if TYPE_CHECKING:
    from collections.abc import Sequence

    from balletsearch.engines.protocol import Reader, Spelling

__all__ = ["STEEP", "Meaning", "meanings"]

STEEP: Final = 8.0
"""What a mistake of cost 1 takes off: it is made in one of 3,000 stories with the word."""

ROUGH: Final = 6.0
"""The same for a whole edit, before its kind is looked at, to choose whose kind is."""

CHOSEN: Final = 16
"""Candidates whose edits are looked at; the right one is hardly ever behind them."""

LONG: Final = 6
"""Letters from which a third edit is allowed, if nothing within two is a small mistake."""

SMALL: Final = 1.0
"""The cost of a small mistake."""

CHOSEN_IN_FIELD: Final = 200
"""Candidates of which it is asked how many stories have them in a field."""


class Meaning(NamedTuple):
    """A word that may be meant: folded, in how many stories it stands, and what mistake it took."""

    text: str
    stories: int
    cost: float

    @property
    def score(self) -> float:
        """How likely it is meant: the logarithm of the stories in which it is mistyped so."""
        return log(self.stories) - STEEP * self.cost


def meanings(reader: Reader, word: str, *, field: str = "", limit: int = 5) -> list[Meaning]:
    """The words that may be meant by one, but for itself; in a field by its frequency there."""
    typed = fold(form(word))
    if len(typed) < 2:
        return []
    ranked = _ranked(reader, typed, 1 if len(typed) == 2 else 2, field)
    if len(typed) >= LONG and not any(each.cost <= SMALL for each in ranked):
        ranked = _ranked(reader, typed, 3, field)
    return ranked[:limit]


def _ranked(reader: Reader, typed: str, most: int, field: str) -> list[Meaning]:
    """What may be meant within so many edits, the likeliest first."""
    found = [each for each in reader.near(typed, most) if each.text != typed]
    if field:
        found = _in_field(reader, nsmallest(CHOSEN_IN_FIELD, found, key=_roughly), field)
    chosen = nsmallest(CHOSEN, found, key=_roughly)
    ranked = [Meaning(each.text, each.stories, cost(typed, each.text)) for each in chosen]
    return sorted(ranked, key=lambda each: (-each.score, each.text))


def _roughly(spelling: Spelling) -> tuple[float, str]:
    return ROUGH * spelling.distance - log(spelling.stories), spelling.text


def _in_field(reader: Reader, found: Sequence[Spelling], field: str) -> list[Spelling]:
    """Those that stand in a field, with the stories that have them there."""
    counts = reader.matching([Word(each.text, field, View.EXACT) for each in found])
    both = zip(found, counts, strict=True)
    return [each._replace(stories=count) for each, count in both if count]
