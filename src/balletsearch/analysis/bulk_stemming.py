"""Which stems have many forms, all at once?

The twin of `stemming.stem` for building an index, at a tenth of the time. English forms lie one
behind the other as an array of letters, and the steps of the algorithm move the ends of all of
them together. Other languages go through `stem`, one form at a time.

The algorithm is M. F. Porter's *English* stemmer of Snowball, also called Porter2
(https://snowballstem.org/algorithms/english/stemmer.html), in the version that NLTK has and with
the ways in which NLTK reads it. Its *regions*: R1 is what follows the first non-vowel after a
vowel, R2 is the same within R1. Both reach to the end of the word and shrink with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from balletsearch.analysis.english_suffixes import (
    BEFORE_ION,
    BEFORE_LI,
    BEGINNINGS,
    DOUBLE,
    GETS_E,
    NO_SHORT_END,
    PLAIN_TABLES,
    SPECIAL,
    STEP_0,
    STEP_1A,
    STEP_1B,
    STEP_2,
    STEP_3,
    STEP_4,
    VOWEL,
    Exchange,
    Exchanges,
    Suffixes,
    packed,
)
from balletsearch.analysis.folding import fold
from balletsearch.analysis.stemming import nltk_version, stem, without_elision

__all__ = ["stem_alone", "stems"]

U8 = NDArray[np.uint8]
U64 = NDArray[np.uint64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_COMPARED_WITH: Final = frozenset(("3.9.1", "3.9.2", "3.10.4"))
"""Versions of NLTK whose stems were compared with these over whole collections."""

_BETWEEN: Final = "\n"
_L, _E, _I, _Y, _CONSONANT_Y, _APOSTROPHE, _SEPARATOR, _ANOTHER = b"leiyY'\n?"
_REACH: Final = 8
"""Letters looked at together: the longest suffix has seven."""


def stems(forms: Sequence[str], language: str) -> list[str]:
    """`stem(form, language)` of each form (see `words.form`), in their order.

    NLTK is imported only for languages other than English, for forms that `words.form` never
    gives (capital letters, line breaks), and to compare a version of it that is new to us.
    """
    if language != "en" or not _as_nltk_does():
        return [stem(form, language) for form in forms]
    if not forms:
        return []
    if not _is_odd(_BETWEEN.join(forms), lines=len(forms)):
        return _english(forms)
    even = [form for form in forms if not _is_odd(form, lines=1)]
    known = dict(zip(even, _english(even), strict=True))
    return [known[form] if form in known else stem(form, language) for form in forms]


@lru_cache(maxsize=1 << 14)
def stem_alone(form: str, language: str) -> str:
    """`stem(form, language)` where one form is asked for: to import NLTK takes longer."""
    return stems((form,), language)[0]


def _is_odd(text: str, *, lines: int) -> bool:
    """Whether a form in it has letters that NLTK changes before it looks at suffixes."""
    if text != text.lower() or text.count(_BETWEEN) >= lines:
        return True
    return not text.isascii() and any(sign in text for sign in "‘’‛")


@cache
def _as_nltk_does() -> bool:
    """Whether the NLTK that is installed stems as we do."""
    if nltk_version() in _COMPARED_WITH:
        return True
    suffixes = [s for table in (*PLAIN_TABLES, STEP_2, STEP_3) for s in table.texts]
    beginnings = ("", "b", "hop", "gener", "commun", "rel", "orient", "sayl", "decor")
    probes = [start + suffix for start in beginnings for suffix in suffixes]
    probes += [*SPECIAL, *(start + "ing" for start in ("hopp", "cry", "bak", "buzz", "us"))]
    return _english(probes) == [stem(form, "en") for form in probes]


# Words and what happens to them.


class _Words:
    """Words one behind the other, each with its end and its regions.

    All numbers are offsets in `letters`: word i is `letters[starts[i]:ends[i]]`, its regions
    begin at `r1[i]` and `r2[i]`, which are its end where they are empty. Between words stands a
    separator, so that no suffix reaches over the beginning of a word.
    """

    def __init__(self, forms: Sequence[str]) -> None:
        edge = _BETWEEN * _REACH
        text = f"{edge}{_BETWEEN.join(forms)}{edge}"
        # A letter that is not ASCII is a consonant like any other: one sign serves for all.
        self.letters = np.frombuffer(bytearray(text.encode("ascii", "replace")), np.uint8)
        # Eight letters from each offset on, as one number.
        self._eights: U64 = np.ndarray(
            self.letters.size - _REACH + 1, "<u8", self.letters.data, strides=(1,)
        )
        lengths = np.fromiter(map(len, forms), np.int64, len(forms))
        self.ends: Ints = np.cumsum(lengths + 1) + _REACH - 1
        self.starts: Ints = self.ends - lengths
        self.lettered = self._having(_ANOTHER)
        """The words with a letter that is not ASCII."""
        self._drop_first_apostrophes()
        # One and two letters are their own stem: to the steps such a word is empty.
        short = lengths <= 2
        self.ends[short] = self.starts[short]
        self._mark_consonant_ys()
        self._find_regions()

    def _having(self, letter: int) -> Ints:
        """The words with a letter, ascending."""
        at = np.flatnonzero(self.letters == letter)
        numbers = np.searchsorted(self.starts, at, "right") - 1
        # They ascend; `numpy.unique` would import masked arrays first, for a search of one word.
        return numbers[np.flatnonzero(np.diff(numbers, prepend=-1))]

    def empty(self) -> Ints:
        """The words of which no letter is left, ascending."""
        return np.flatnonzero(self.ends == self.starts)

    def _drop_first_apostrophes(self) -> None:
        quoted = self.letters[self.starts] == _APOSTROPHE
        self.letters[self.starts[quoted]] = _SEPARATOR
        self.starts += quoted

    def _mark_consonant_ys(self) -> None:
        letters = self.letters
        at = np.flatnonzero(letters == _Y)
        before = letters[at - 1]
        consonant = (before == _SEPARATOR) | VOWEL[before]
        # After another y it depends on what that one is.
        for i in np.flatnonzero(before == _Y).tolist():
            consonant[i] = not consonant[i - 1]
        letters[at[consonant]] = _CONSONANT_Y

    def _find_regions(self) -> None:
        vowel = VOWEL[self.letters]
        self._vowels = np.zeros(vowel.size + 1, np.int64)
        np.cumsum(vowel, out=self._vowels[1:])
        # Behind a vowel and a non-vowel. A pair that a separator ends, or one of a later word,
        # lies behind the end: no region.
        behind = np.flatnonzero(vowel[:-1] & ~vowel[1:]) + 2
        behind = np.append(behind, vowel.size)
        self.r1 = np.minimum(behind[np.searchsorted(behind, self.starts + 2)], self.ends)
        for beginning in BEGINNINGS:
            rows = np.flatnonzero(self.letters[self.starts] == ord(beginning[0]))
            after = self.starts[rows] + len(beginning)
            shift = np.uint64(64 - 8 * len(beginning))
            same = (self._eights[after - _REACH] >> shift) == packed(beginning)
            self.r1[rows[same]] = after[same]
        self.r2 = np.minimum(behind[np.searchsorted(behind, self.r1 + 2)], self.ends)

    def letter(self, rows: Ints, back: int) -> U8:
        """The last letters of words (`back` = 1), or those before. Of a word that is too short,
        something else."""
        return self.letters[self.ends[rows] - back]

    def length(self, rows: Ints) -> Ints:
        """In letters."""
        return self.ends[rows] - self.starts[rows]

    def suffixes(self, table: Suffixes, among: Ints | None = None) -> tuple[Ints, Ints]:
        """The words that have a suffix of the table, and the number of the first they have."""
        if among is None:
            rows = np.flatnonzero(table.last[self.letters[self.ends - 1]])
        else:
            rows = among[table.last[self.letter(among, 1)]]
        which = table.of(self._eights[self.ends[rows] - _REACH])
        there = which >= 0
        return rows[there], which[there].astype(np.int64)

    def has_vowel(self, rows: Ints, without: Ints | int) -> Bools:
        """Whether there is a vowel before the last `without` letters. Until step 1b only."""
        return self._vowels[self.ends[rows] - without] > self._vowels[self.starts[rows]]

    def cut(self, rows: Ints, count: Ints | int) -> None:
        """Take letters from the end, and from the regions."""
        ends = self.ends[rows] - count
        self.ends[rows] = ends
        self.r1[rows] = np.minimum(self.r1[rows], ends)
        self.r2[rows] = np.minimum(self.r2[rows], ends)

    def append_e(self, rows: Ints) -> None:
        """Add an e to words and regions. Only where more was cut before."""
        self.letters[self.ends[rows]] = _E
        self.ends[rows] += 1

    def exchange(self, rows: Ints, row: Exchange) -> None:
        """Write another suffix, which is not longer, for one that lies in R1."""
        begin = self.ends[rows] - len(row.suffix)
        for i, letter in enumerate(row.new.encode()):
            self.letters[begin + i] = letter
        whole = self.r2[rows] <= begin
        self.cut(rows, len(row.suffix) - len(row.new))
        if row.left is not None:
            part = rows[~whole]
            self.r2[part] = self.ends[part] - row.left

    def texts(self) -> list[str]:
        """The words as they are now."""
        letters = self.letters.copy()
        letters[letters == _CONSONANT_Y] = _Y
        letters[self.ends] = _SEPARATOR
        # Each word with the separator behind it.
        edges = np.zeros(letters.size + 1, np.int8)
        edges[self.starts] = 1
        edges[self.ends + 1] -= 1
        kept = letters[np.cumsum(edges[:-1], dtype=np.int8).view(np.bool_)]
        return kept.tobytes().decode("ascii").split(_BETWEEN)[:-1]


def _english(forms: Sequence[str]) -> list[str]:
    """The folded stems of forms that are not odd."""
    forms = [without_elision(form, "en") if "'" in form else form for form in forms]
    words = _Words(forms)
    for step in (_step_0, _step_1a, _step_1b, _step_1c, _step_2, _step_3, _step_4, _step_5):
        step(words)
    found = words.texts()
    # Few need another look: those that the steps knew by signs only, words of their own rule, and
    # those of which nothing is left.
    for i in words.lettered.tolist():
        found[i] = _lettered(forms[i], found[i])
    for i in [i for i, form in enumerate(forms) if form in SPECIAL]:
        found[i] = SPECIAL[forms[i]]
    for i in words.empty().tolist():
        found[i] = fold(forms[i])
    return found


def _lettered(form: str, found: str) -> str:
    """The folded stem with the letters of the form, which were a sign for the steps."""
    form = form.removeprefix("'")[: len(found)]
    # The steps change no more than the last three letters of what they leave.
    head, tail = form[:-3], found[-3:]
    if "?" in tail:
        tail = "".join(a if b == "?" else b for a, b in zip(form[-3:], tail, strict=True))
    return fold(head + tail)


# The steps, named as in the published algorithm.


def _step_0(words: _Words) -> None:
    """*'s* and apostrophes."""
    rows, which = words.suffixes(STEP_0)
    words.cut(rows, STEP_0.lengths[which])


def _step_1a(words: _Words) -> None:
    """Plurals."""
    rows, which = words.suffixes(STEP_1A)
    sses, ied, ies, s = (which == STEP_1A.texts.index(t) for t in ("sses", "ied", "ies", "s"))
    count = np.zeros(rows.size, np.int64)
    count[sses] = 2
    i = ied | ies
    count[i] = np.where(words.length(rows[i]) > 4, 2, 1)
    count[s] = words.has_vowel(rows[s], 2)
    words.cut(rows, count)


def _step_1b(words: _Words) -> None:
    """*-ed*, *-ing* and their adverbs; then the stem may need mending: *hop(p)ing*, *hop(e)ing*."""
    rows, which = words.suffixes(STEP_1B)
    for text in ("eed", "eedly"):
        these = rows[which == STEP_1B.texts.index(text)]
        in_r1 = words.r1[these] <= words.ends[these] - len(text)
        words.exchange(these[in_r1], Exchange(text, "ee"))
    ee = np.array([text.startswith("ee") for text in STEP_1B.texts])[which]
    count = STEP_1B.lengths[which]
    go = ~ee & words.has_vowel(rows, count)
    rows = rows[go]
    words.cut(rows, count[go])

    gets_e, _ = words.suffixes(GETS_E, rows)
    double, _ = words.suffixes(DOUBLE, rows)
    others = np.setdiff1d(rows, np.concatenate((gets_e, double)), assume_unique=True)
    short = _short_words(words, others)
    words.cut(double, 1)
    words.append_e(gets_e)
    # As NLTK has it: the e of a short word is not in an empty R2.
    ends = words.ends[gets_e]
    lost = gets_e[(words.length(gets_e) <= 5) & (ends - words.r1[gets_e] < 3)]
    words.r2[lost] = words.ends[lost]
    words.append_e(short)
    words.r1[short] = words.r2[short] = words.ends[short]


def _short_words(words: _Words, among: Ints) -> Ints:
    """Words without R1 that end in a short syllable and get an e."""
    rows = among[words.r1[among] == words.ends[among]]
    last, middle, first = (words.letter(rows, back) for back in (1, 2, 3))
    length = words.length(rows)
    closed = (length >= 3) & ~NO_SHORT_END[last] & VOWEL[middle] & ~VOWEL[first]
    two = (length == 2) & VOWEL[middle] & ~VOWEL[last]
    return rows[closed | two]


def _step_1c(words: _Words) -> None:
    """*cry* → *cri*, but *by* and *say*."""
    # A consonant y at the end follows a vowel.
    rows = np.flatnonzero(words.letters[words.ends - 1] == _Y)
    rows = rows[(words.length(rows) > 2) & ~VOWEL[words.letter(rows, 2)]]
    words.letters[words.ends[rows] - 1] = _I


def _exchange_in_r1(words: _Words, table: Exchanges) -> None:
    rows, which = words.suffixes(table)
    in_r1 = words.r1[rows] <= words.ends[rows] - table.lengths[which]
    rows, which = rows[in_r1], which[in_r1]
    for i in sorted(set(which.tolist())):
        row, these = table.rows[i], rows[which == i]
        if row.suffix == "ogi":
            these = these[words.letter(these, 4) == _L]
        elif row.suffix == "li":
            these = these[BEFORE_LI[words.letter(these, 3)]]
        elif row.suffix == "ative":
            these = these[words.r2[these] <= words.ends[these] - len(row.suffix)]
        words.exchange(these, row)


def _step_2(words: _Words) -> None:
    """Double suffixes become single ones."""
    _exchange_in_r1(words, STEP_2)


def _step_3(words: _Words) -> None:
    """Adjectives and what is made of them."""
    _exchange_in_r1(words, STEP_3)


def _step_4(words: _Words) -> None:
    """Single suffixes in R2 go."""
    rows, which = words.suffixes(STEP_4)
    count = STEP_4.lengths[which]
    go = words.r2[rows] <= words.ends[rows] - count
    go &= (which != STEP_4.texts.index("ion")) | BEFORE_ION[words.letter(rows, 4)]
    words.cut(rows[go], count[go])


def _step_5(words: _Words) -> None:
    """A last *e*, and the second of two *l*."""
    last = words.letters[words.ends - 1]
    rows = np.flatnonzero((last == _L) | (last == _E))
    e = last[rows] == _E
    one, two, three = (words.letter(rows, back) for back in (2, 3, 4))
    in_r1, in_r2 = words.r1[rows] < words.ends[rows], words.r2[rows] < words.ends[rows]
    # NLTK asks for a syllable that is not short only of words of four letters and more.
    long = NO_SHORT_END[one] | ~VOWEL[two] | VOWEL[three]
    e_goes = e & (in_r2 | (in_r1 & long & (words.length(rows) >= 4)))
    words.cut(rows[e_goes | (~e & in_r2 & (one == _L))], 1)
