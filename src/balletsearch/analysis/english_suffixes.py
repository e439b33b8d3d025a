"""Which suffixes does the English stemmer know, and what becomes of them?

The tables of M. F. Porter's *English* stemmer of Snowball (Porter2), in NLTK's version; see
`bulk_stemming`, which goes through them step by step.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BEFORE_ION",
    "BEFORE_LI",
    "BEGINNINGS",
    "DOUBLE",
    "GETS_E",
    "NO_SHORT_END",
    "PLAIN_TABLES",
    "SPECIAL",
    "STEP_0",
    "STEP_1A",
    "STEP_1B",
    "STEP_2",
    "STEP_3",
    "STEP_4",
    "VOWEL",
    "Exchange",
    "Exchanges",
    "Suffixes",
    "packed",
]

U64 = NDArray[np.uint64]
Bools = NDArray[np.bool_]


def packed(text: str) -> np.uint64:
    """Up to eight ASCII letters as one number, the first in its lowest byte."""
    return np.uint64(int.from_bytes(text.encode(), "little"))


class Suffixes:
    """Suffixes of one step, in the order in which they are tried: longer ones first."""

    # `last`: the letters that any of them ends in.
    def __init__(self, *texts: str) -> None:
        self.texts = texts
        self.lengths = np.array(list(map(len, texts)))
        self.last = _letters("".join(text[-1] for text in texts))
        self._tests = [(packed(t), np.uint64(64 - 8 * len(t))) for t in reversed(texts)]

    def of(self, tails: U64) -> NDArray[np.int8]:
        """For each word the number of the first suffix that it has, or -1.

        A word is given by its last eight letters, the last one in the highest byte.
        """
        found = np.full(tails.size, -1, np.int8)
        for i, (suffix, shift) in enumerate(self._tests):
            found[(tails >> shift) == suffix] = len(self._tests) - 1 - i
        return found


class Exchange(NamedTuple):
    """A suffix of steps 2 and 3 and what takes its place.

    `left` is NLTK's reading of an R2 that holds only a part of the suffix: as many letters are
    left of it; None: it ends with the word, as regions do in the published algorithm.
    """

    suffix: str
    new: str
    left: int | None = None


class Exchanges(Suffixes):
    """The suffixes of step 2 or 3, each as a row that says what takes its place."""

    def __init__(self, *rows: tuple[str, str] | tuple[str, str, int]) -> None:
        self.rows = tuple(Exchange(*row) for row in rows)
        super().__init__(*(row.suffix for row in self.rows))


def _letters(of: str) -> Bools:
    table = np.zeros(256, np.bool_)
    table[list(of.encode())] = True
    return table


# A y that is a consonant is written Y while the steps run.
VOWEL: Final = _letters("aeiouy")
NO_SHORT_END: Final = _letters("wxY") | VOWEL
BEFORE_LI: Final = _letters("cdeghkmnrt")
BEFORE_ION: Final = _letters("st")

BEGINNINGS: Final = ("gener", "arsen", "commun")
"""After these R1 begins, whatever the rule says."""

STEP_0: Final = Suffixes("'s'", "'s", "'")
STEP_1A: Final = Suffixes("sses", "ied", "ies", "us", "ss", "s")
STEP_1B: Final = Suffixes("eedly", "ingly", "edly", "eed", "ing", "ed")
GETS_E: Final = Suffixes("at", "bl", "iz")
DOUBLE: Final = Suffixes("bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt")
STEP_2: Final = Exchanges(
    ("ization", "ize", 0),
    ("ational", "ate", 1),
    ("fulness", "ful"),
    ("ousness", "ous", 0),
    ("iveness", "ive", 1),
    ("tional", "tion"),
    ("biliti", "ble", 0),
    ("lessli", "less"),
    ("entli", "ent"),
    ("ation", "ate", 1),
    ("alism", "al", 0),
    ("aliti", "al", 0),
    ("ousli", "ous", 0),
    ("iviti", "ive", 1),
    ("fulli", "ful"),
    ("enci", "ence"),
    ("anci", "ance"),
    ("abli", "able"),
    ("izer", "ize", 0),
    ("ator", "ate", 1),
    ("alli", "al", 0),
    ("bli", "ble", 0),
    ("ogi", "og"),
    ("li", ""),
)
STEP_3: Final = Exchanges(
    ("ational", "ate", 0),
    ("tional", "tion"),
    ("alize", "al"),
    ("icate", "ic", 0),
    ("iciti", "ic", 0),
    ("ative", ""),
    ("ical", "ic", 0),
    ("ness", ""),
    ("ful", ""),
)
STEP_4: Final = Suffixes(
    *("ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate"),
    *("iti", "ous", "ive", "ize", "ion", "al", "er", "ic"),
)
PLAIN_TABLES: Final = (STEP_0, STEP_1A, STEP_1B, GETS_E, DOUBLE, STEP_4)


def _unchanged(words: str) -> dict[str, str]:
    return {word: word for word in words.split()}


def _with_endings(words: str, endings: Iterable[str]) -> dict[str, str]:
    return {word + ending: word for word in words.split() for ending in endings}


SPECIAL: Final = (
    _unchanged("sky news howe atlas cosmos bias andes")
    | _with_endings("inning outing canning herring earring", ("", "s"))
    | _with_endings("proceed exceed succeed", ("", "s", "ed", "ing"))
    | {"skis": "ski", "skies": "sky", "dying": "die", "lying": "lie", "tying": "tie"}
    | {"idly": "idl", "gently": "gentl", "ugly": "ugli", "early": "earli", "only": "onli"}
    | {"singly": "singl"}
)
