"""What can be known of a word by its spelling and by what stands before it?

Marks are flags of a word. `Spellings` gives those that every word of a spelling has, looked up
once for each spelling; what stands before a word gives the others, looked up alike. Together
they say what the rules ask most often, so that whole batches of texts are sieved at once and
the rules read only what may be a name.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from balletsearch.analysis import form, possessor
from balletsearch.analysis.bulk import Joined
from balletsearch.columns.hashing import HashTable, salts, word_hashes
from balletsearch.extraction.lexicon import lexicon
from balletsearch.gazetteer import Gazetteer, key

__all__ = ["MAX_SPELLINGS", "Between", "Spellings", "slavic"]

Ints = NDArray[np.int64]

CAPITAL: Final = 1 << 0
"""It begins with a capital letter."""
POSSESSIVE: Final = 1 << 1
"""It ends in ’s."""
SHORTENED: Final = 1 << 2
"""A capital, and a full stop behind it belongs to it: an initial, *Mr*."""
SMALL: Final = 1 << 3
"""It may stand within a name without a capital."""
PARTICLE: Final = 1 << 4
"""The same within the name of a person."""
OWNING: Final = 1 << 5
"""Its ’s is part of the name: *Sadler’s Wells*."""
TELLING: Final = 1 << 6
"""It may be the head noun of an institution, or of what only looks like one."""
OPENER: Final = 1 << 7
"""At the head of a sentence it is capitalised for that alone."""
ALWAYS_OPENER: Final = 1 << 8
"""It is capitalised for no name anywhere: *I*, *The*."""
DEED: Final = 1 << 9
"""A verb for what persons did."""
LOWER: Final = 1 << 10
"""It begins with a small letter."""
ANCHOR: Final = 1 << 11
"""A name of the gazetteer may be looked for by it."""
PERSONAL: Final = 1 << 12
"""A given name, an initial or a Slavic surname: the words around it may be somebody's name."""
GIVEN: Final = 1 << 13
"""A given name."""
HONORIFIC: Final = 1 << 14
"""A title before the name of a person."""
OCCUPATION: Final = 1 << 15
"""What somebody is, before the name."""
HIDING: Final = 1 << 24
"""The head noun of what only looks like an institution, and hides the names in it."""

_TALL: Final = 1 << 25
"""The same if it begins with a capital. Not among the marks that are given out."""

JOINED: Final = 1 << 16
"""It goes on with the name that the word before belongs to."""
OPENS: Final = 1 << 17
"""It is the first of a sentence, a line or a speech."""
SPACED: Final = 1 << 18
"""One space stands before it, and nothing else."""
AMPERSAND: Final = 1 << 19
"""What stands before it holds an &."""
AFTER_STOP: Final = 1 << 20
"""A full stop stands before it: it opens a sentence unless the word before is shortened."""
AFTER_INITIAL: Final = 1 << 21
"""It goes on with a name if the word before is shortened."""
AFTER_LINE: Final = 1 << 22
"""It begins a line, and goes on with a name if lines are wrapped."""
ACTING: Final = 1 << 23
"""Of its key the text says more than once what they did."""

MAX_SPELLINGS: Final = 1 << 18
"""Spellings remembered; a collection of novels has half as many."""

_ABBREVIATED: Final = frozenset(
    (
        *("mr", "mrs", "ms", "mme", "mlle", "dr", "st", "mt", "ft", "capt", "col", "gen", "sgt"),
        *("rev", "hon", "prof", "jr", "sr", "wm", "chas", "geo", "thos", "jos"),
    )
)
_SLAVIC: Final = (
    *("ov", "ev", "ova", "eva", "sky", "skiy", "skij", "ski", "skaya", "skaia", "enko", "vich"),
    *("vna", "shvili", "adze"),
    *("ов", "ев", "ёв", "ова", "ева", "ин", "ина", "ский", "ская", "цкий", "цкая", "енко"),
    *("ович", "евич", "овна", "евна"),
)
_SLAVIC_BY_LAST: Final = {
    last: tuple(ending for ending in _SLAVIC if ending[-1] == last)
    for last in {ending[-1] for ending in _SLAVIC}
}
_JOINING: Final = re.compile(r"[ \u00a0]{1,3}|-|[ ]?&[ ]?")
_INITIAL: Final = re.compile(r"\.[ ]?")
_ENDING: Final = re.compile(r"[.!?:\n…]")
_SPEECH: Final = frozenset('"\N{LEFT DOUBLE QUOTATION MARK}«\N{LEFT SINGLE QUOTATION MARK}')


def slavic(name: str) -> bool:
    """Whether a folded word has the ending of a Slavic surname."""
    endings = _SLAVIC_BY_LAST.get(name[-1:])
    return endings is not None and name.endswith(endings)


class Spellings(dict[str, int]):
    """Spelling → its number, by which the lists have what is known of it.

    `forms` and `compared` are its form and its key, what is compared of it; equal ones have
    equal numbers in `form_numbers` and `key_numbers`. `lower` gives for a form its spellings
    that begin with a small letter.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        super().__init__()
        self._gazetteer = gazetteer
        known = lexicon()
        self._of_keys = _listed(
            (
                (SMALL, known.particles | known.links),
                (PARTICLE, known.particles),
                (OWNING, known.possessives),
                (TELLING, known.telling),
                (HIDING, known.other_heads),
                (OPENER, known.openers),
                (ALWAYS_OPENER, known.openers & {"i", "the", "a"}),
                (GIVEN | PERSONAL, gazetteer.given_names),
                (HONORIFIC, known.honorifics),
            )
        )
        self._of_forms = _listed(((DEED, known.deeds), (OCCUPATION, known.occupations)))
        for word, by in gazetteer.anchored.items():
            small = any(at not in pattern.capitals for at, pattern in by.every())
            self._of_keys[word] = self._of_keys.get(word, 0) | (ANCHOR if small else _TALL)
        # Of nearly all words the form is the key too, and they are looked up but once.
        self._of_both = _listed(
            (m, (w,)) for of in (self._of_keys, self._of_forms) for w, m in of.items()
        )
        self._salts = salts(2)
        self._begin()

    def _begin(self) -> None:
        self.clear()
        self.forms: list[str] = []
        self.compared: list[str] = []
        self.lower: dict[str, list[int]] = {}
        self._numbers: dict[str, int] = {}
        self._marks = array("I")
        self._key_numbers = array("i")
        self._form_numbers = array("i")
        self._known = HashTable()

    def __missing__(self, spelling: str) -> int:
        number = self[spelling] = len(self.forms)
        if spelling.isascii():
            # What `form` and `key` come to for nearly all words, which they need not remember.
            word = spelling.lower()
            compared = possessor(word) or word if "'" in word else word
        else:
            word = form(spelling)
            compared = key(word)
        marks = self._marks_of(spelling, word, compared)
        if marks & LOWER:
            self.lower.setdefault(word, []).append(number)
        numbers = self._numbers
        own = numbers.setdefault(word, len(numbers))
        self._form_numbers.append(own)
        if compared != word:
            own = numbers.setdefault(compared, len(numbers))
        self._key_numbers.append(own)
        self._marks.append(marks)
        self.forms.append(word)
        self.compared.append(compared)
        return number

    def make_room(self) -> None:
        """Forget all where there is too much: numbers given out then have another meaning."""
        if len(self) > MAX_SPELLINGS:
            self._begin()

    def of(self, text: Joined, starts: Ints, ends: Ints) -> Ints:
        """The number of the spelling of each word, given by their offsets, ascending.

        A word that was met before is known by its hash, and nothing is made of it but that.
        """

        def learn(at: Ints) -> Ints:
            bounds = zip(starts[at].tolist(), ends[at].tolist(), strict=True)
            return np.array([self[text.text[start:end]] + 1 for start, end in bounds])

        keys = word_hashes(text, starts, ends, *self._salts)
        return self._known.learnt(keys, learn).astype(np.int64) - 1

    def marks(self) -> NDArray[np.uint32]:
        """The marks of each spelling, by number."""
        return np.array(self._marks, np.uint32)

    def key_numbers(self) -> NDArray[np.int32]:
        """The number of the key of each spelling, by number."""
        return np.array(self._key_numbers, np.int32)

    def form_numbers(self) -> NDArray[np.int32]:
        """The number of the form of each spelling, by number."""
        return np.array(self._form_numbers, np.int32)

    def _marks_of(self, spelling: str, word: str, compared: str) -> int:
        if compared == word:
            marks = self._of_both.get(word, 0)
        else:
            marks = self._of_keys.get(compared, 0) | self._of_forms.get(word, 0)
        first = spelling[0]
        upper = first.isupper()
        # d'Harcourt, l'Opéra
        if upper or (word[1:2] == "'" and spelling[2:3].isupper()):
            marks |= CAPITAL
            if len(spelling) == 1 or word in _ABBREVIATED:
                marks |= SHORTENED
        if first.islower():
            marks |= LOWER
        if word.endswith("'s") and len(word) > 2:
            marks |= POSSESSIVE
        if word.endswith("ed") and len(word) > 4:
            marks |= DEED
        if len(compared) == 1 or slavic(compared):
            marks |= PERSONAL
        if marks & _TALL:
            marks ^= _TALL | (ANCHOR if upper else 0)
        return marks


def _listed(lists: Iterable[tuple[int, Iterable[str]]]) -> dict[str, int]:
    """Word → the marks of all the lists that have it."""
    out: dict[str, int] = {}
    for mark, words in lists:
        for word in words:
            out[word] = out.get(word, 0) | mark
    return out


class Between(dict[str, int]):
    """What stands between two words → the marks that it gives the second one."""

    _LONGEST: Final = 8
    """Letters; what is longer is hardly met again and not remembered."""

    def __missing__(self, gap: str) -> int:
        marks = self._marks_of(gap)
        if len(gap) <= self._LONGEST:
            self[gap] = marks
        return marks

    @staticmethod
    def _marks_of(gap: str) -> int:
        marks = SPACED * (gap == " ") | AMPERSAND * ("&" in gap)
        if _JOINING.fullmatch(gap):
            marks |= JOINED
        elif _INITIAL.fullmatch(gap):
            marks |= AFTER_INITIAL
        elif gap == "\n":
            marks |= AFTER_LINE
        ending = _ENDING.search(gap)
        if not _SPEECH.isdisjoint(gap) or (ending and ending[0] != "."):
            marks |= OPENS
        elif ending:
            marks |= AFTER_STOP
        return marks
