"""How much of a mistake is it to write one word for another?

The edits of optimal string alignment (a letter left out, added, changed, two neighbours swapped),
each with a price: what happens often by hand, by ear or by keyboard is cheap. 1 is a mistake that
has no excuse. The prices follow from what is known of misspellings (Damerau 1964, Pollock and
Zamora 1984): most are one edit, the first letter is seldom wrong, letters are left out more often
than added, above all unstressed vowels and one of two alike, and a vowel takes the place of
another. Their sizes were then moved by tenths and fifths on two lists of misspellings, and kept
where both gained (`benchmarks/suggesting.py`).
"""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate
from typing import Final

__all__ = ["CHEAPEST", "cost"]

DOUBLED: Final = 0.3
"""One of two letters alike left out or added, and signs such as an apostrophe."""

LEFT_OUT_VOWEL: Final = 0.4
LEFT_OUT: Final = 0.6
SWAPPED: Final = 0.6
"""Two neighbours swapped."""

SOUND: Final = 0.7
"""A letter for another that may sound like it."""

KEY: Final = 0.8
"""A letter for one beside it on the keyboard.

Lists of misspellings say little of keys, since most of them were written by hand.
"""

PLAIN: Final = 1.0
"""Any other letter added or changed."""

FIRST: Final = 0.3
"""What an edit of the first letter costs more."""

CHEAPEST: Final = DOUBLED
"""No mistake costs less."""

_VOWELS: Final = frozenset("aeiouyаеиоуыэюя")
_ALIKE: Final = ("ckqx", "cstxz", "gjk", "fvw", "dt", "bp", "mn", "uw")
_SOUNDS: Final = frozenset((p, q) for group in _ALIKE for p in group for q in group)
_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_PLACES: Final = {
    key: (row, column + row / 2)
    for row, keys in enumerate(_ROWS)
    for column, key in enumerate(keys)
}


def cost(typed: str, meant: str) -> float:
    """The least that edits cost which turn the word meant into the one typed; both folded.

    What both begin with, and what both then end with, is no part of the mistake.
    """
    start, end = _shared(typed, meant)
    rows = range(start, len(typed) - end)
    columns = range(start, len(meant) - end)
    left_out = [_one(meant, j, LEFT_OUT, LEFT_OUT_VOWEL) for j in columns]
    line = [0.0, *accumulate(left_out)]
    before = line
    for i in rows:
        letter, added = typed[i], _one(typed, i, PLAIN, PLAIN)
        above, line = line, [line[0] + added]
        for at, (j, price) in enumerate(zip(columns, left_out, strict=True)):
            other = meant[j]
            best = above[at] + (0.0 if letter == other else _changed(letter, other, i > 0 or j > 0))
            if (one := above[at + 1] + added) < best:
                best = one
            if (one := line[at] + price) < best:
                best = one
            if (
                at
                and i > start
                and letter == meant[j - 1]
                and other == typed[i - 1]
                and (one := before[at - 1] + (SWAPPED if i > 1 or j > 1 else SWAPPED + FIRST))
                < best
            ):
                best = one
            line.append(best)
        before = above
    return line[-1]


def _shared(one: str, other: str) -> tuple[int, int]:
    """How many letters two words share at the beginning, and then at the end."""
    shorter = min(len(one), len(other))
    start = 0
    while start < shorter and one[start] == other[start]:
        start += 1
    end = 0
    while end < shorter - start and one[-1 - end] == other[-1 - end]:
        end += 1
    return start, end


def _one(word: str, at: int, letter_price: float, vowel_price: float) -> float:
    """The price of the letter at a place of a word that the other word has not."""
    letter = word[at]
    beside = word[max(0, at - 1) : at] + word[at + 1 : at + 2]
    first = FIRST if at == 0 else 0.0
    if letter in beside or not letter.isalnum():
        return DOUBLED + first
    return (vowel_price if letter in _VOWELS else letter_price) + first


@lru_cache(maxsize=1 << 13)
def _changed(typed: str, meant: str, later: bool) -> float:
    """The price of one letter for another, later than at the beginning of both words."""
    extra = 0.0 if later else FIRST
    if (typed, meant) in _SOUNDS or (typed in _VOWELS and meant in _VOWELS):
        return SOUND + extra
    one, other = _PLACES.get(typed), _PLACES.get(meant)
    if one and other and abs(one[0] - other[0]) <= 1 and abs(one[1] - other[1]) <= 1:
        return KEY + extra
    return PLAIN + extra
