"""Do names that are one sound alike, and do no others?"""

from __future__ import annotations

import re
import tomllib
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balletsearch.analysis import fold, form
from balletsearch.analysis.sounds import pattern, spellings
from balletsearch.query.nodes import Sound
from balletsearch.query.patterns import Pattern
from brute_force_sounds import sounds_like

CASES = tomllib.loads((Path(__file__).parent / "cases" / "sounds.toml").read_text("utf-8"))
LETTERS = sorted(
    {letter for spelling in spellings() for letter in spelling.strip("$")} | {"'", "1"}
)


def alike(asked: str, word: str) -> bool:
    return Pattern(Sound(asked)).matches(fold(form(word)))


@pytest.mark.parametrize("case", CASES["same"], ids=lambda case: case["why"])
def test_every_spelling_of_a_name_finds_every_other(case):
    names = case["names"].split()
    assert [pair for pair in product(names, names) if not alike(*pair)] == []


@pytest.mark.parametrize("case", CASES["other"], ids=lambda case: case["why"])
def test_other_names_are_not_found(case):
    one, other = case["names"].split()
    assert not alike(one, other)
    assert not alike(other, one)


@given(st.text(LETTERS, min_size=1, max_size=6), st.text(LETTERS, min_size=1, max_size=7))
def test_the_pattern_says_what_reading_letter_by_letter_does(asked, word):
    asked, word = fold(asked), fold(word)
    assert bool(re.fullmatch(pattern(asked), word)) == sounds_like(asked, word)


PLAIN = [letter for letter in LETTERS if letter not in "'ьъ"]


@given(st.text(PLAIN, min_size=1, max_size=12))
def test_a_word_sounds_like_itself(word):
    # Three times the same letter is two sounds, and may be read as one.
    word = re.sub(r"(.)\1\1+", r"\1\1", fold(word))
    assert re.fullmatch(pattern(word), word)
