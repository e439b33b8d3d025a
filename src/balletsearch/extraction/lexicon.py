"""Which words tell what sort of thing a name is?

The lists of `data/lexicon.toml`, folded, as sets: what comes before the name of a person, what
makes a run of words a theatre, beside which words *Jewels* is a ballet.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from balletsearch.analysis import fold

__all__ = ["Lexicon", "lexicon"]

Words = frozenset[str]


@dataclass(frozen=True, slots=True)
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


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The shipped lists; read once."""
    data = tomllib.loads(files(__package__).joinpath("data/lexicon.toml").read_text("utf-8"))
    return Lexicon(**{name: _folded(value) for name, value in data.items()})


def _folded(value: str | list[str]) -> Words:
    words = value.split() if isinstance(value, str) else value
    return frozenset(fold(word.casefold()) for word in words)
