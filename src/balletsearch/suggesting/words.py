"""Which words of the collection may be meant by one that was typed, the likeliest first?

A noisy channel (Kernighan, Church and Gale 1990): how likely a word is meant is how frequent it is
times how likely the mistake is, in logarithms `ln(stories) - STEEP · cost`. Candidates are
the words within two edits; for long ones of which little is found, within three.
"""

from __future__ import annotations

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

CHOSEN: Final = 24
"""Candidates whose edits are looked at; the right one is hardly ever behind them."""

LONG: Final = 6
FEW: Final = 12
"""Letters from which, and candidates below which, a third edit is allowed."""

CHOSEN_IN_FIELD: Final = 200
"""Candidates of which it is asked how many stories have them in a field."""


class Meaning(NamedTuple):
    """A word that may be meant: folded, in how many stories it stands, and how likely it is.

    `score` is the logarithm of the number of stories in which it would be mistyped so.
    """

    text: str
    stories: int
    score: float


def meanings(reader: Reader, word: str, *, field: str = "", limit: int = 5) -> list[Meaning]:
    """The words that may be meant by one, but for itself; in a field by its frequency there."""
    typed = fold(form(word))
    found = _near(reader, typed)
    found.sort(key=_roughly)
    if field:
        found = _in_field(reader, found[:CHOSEN_IN_FIELD], field)
    ranked = [
        Meaning(each.text, each.stories, log(each.stories) - STEEP * cost(typed, each.text))
        for each in found[:CHOSEN]
    ]
    ranked.sort(key=lambda each: (-each.score, each.text))
    return ranked[:limit]


def _roughly(spelling: Spelling) -> tuple[float, str]:
    return ROUGH * spelling.distance - log(spelling.stories), spelling.text


def _near(reader: Reader, typed: str) -> list[Spelling]:
    """The candidates."""
    if len(typed) < 2:
        return []
    found = _others(reader.near(typed, 1 if len(typed) == 2 else 2), typed)
    if len(typed) >= LONG and len(found) < FEW:
        found = _others(reader.near(typed, 3), typed)
    return found


def _others(found: Sequence[Spelling], typed: str) -> list[Spelling]:
    return [each for each in found if each.text != typed]


def _in_field(reader: Reader, found: Sequence[Spelling], field: str) -> list[Spelling]:
    """Those that stand in a field, with the stories that have them there."""
    counts = reader.matching([Word(each.text, field, View.EXACT) for each in found])
    there = [
        each._replace(stories=count) for each, count in zip(found, counts, strict=True) if count
    ]
    return sorted(there, key=_roughly)
