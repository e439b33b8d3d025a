"""Which words tell what sort of thing a name is?

The lists of `data/lexicon.toml`, folded, as sets: what comes before the name of a person, what
makes a run of words a theatre, beside which words *Jewels* is a ballet.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files

from balletsearch.analysis import fold

__all__ = ["Lexicon", "lexicon"]

Words = frozenset[str]


@dataclass(frozen=True)
class Lexicon:
    """The lists, by the names they have in the file; there each has its reason."""

    particles: Words
    links: Words
    honorifics: Words
    suffixes: Words
    surnames: Words
    occupations: Words
    not_people: Words
    openers: Words
    heads: Words
    weak_heads: Words
    stage: Words
    leading: Words
    generic: Words
    other_heads: Words
    subjects: Words
    possessives: Words
    dance: Words
    composers: Words
    screen: Words
    locatives: Words
    compass: Words
    not_houses: Words
    offices: Words
    movements: Words
    titled: Words
    deeds: Words
    learned: Words
    states: Words

    @cached_property
    def telling(self) -> Words:
        """Words by which a run of capitalised words may be more than somebody's name."""
        return self.heads | self.weak_heads | self.other_heads

    @cached_property
    def heading(self) -> Words:
        """Words that may be the head noun of a house, some of them only beside others."""
        return self.heads | self.weak_heads | {"hall", "center", "centre"}

    @cached_property
    def no_surnames(self) -> Words:
        """What in the name of a person is neither given name nor surname."""
        return self.particles | self.suffixes

    @cached_property
    def links_and(self) -> Words:
        """Small words within the name of an institution, or between two."""
        return self.links | {"and"}

    @cached_property
    def staged(self) -> Words:
        """Words of dance, and who wrote for it."""
        return self.dance | self.composers

    @cached_property
    def read_or_seen(self) -> Words:
        """What has titles but is no ballet."""
        return self.screen | {"novel", "book"}

    @cached_property
    def linking(self) -> Words:
        """Small words in titles, which have capitals in a line of capitals."""
        return self.links | self.locatives

    @cached_property
    def opening(self) -> Words:
        """Words that are capitalised before a name for opening the sentence."""
        return self.openers | self.locatives

    @cached_property
    def within_opening(self) -> Words:
        """Small words within the name that a biography opens with."""
        return self.particles | {"of", "bey", "oghlu"}


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The shipped lists; read once."""
    data = tomllib.loads(files(__package__).joinpath("data/lexicon.toml").read_text("utf-8"))
    return Lexicon(**{name: _folded(value) for name, value in data.items()})


def _folded(value: str | list[str]) -> Words:
    words = value.split() if isinstance(value, str) else value
    return frozenset(fold(word.casefold()) for word in words)
