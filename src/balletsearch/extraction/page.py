"""Which words of this text are written like names?

A `Page` is a text with its words; its `runs` are its runs of capitalised words with the small
words that names have between them (*Academy of Music*, *Ludwig von Beethoven*). A sentence's
first word is in its run too: whether it belongs to a name is for others to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from balletsearch.extraction import marks as m
from balletsearch.extraction.marks import Spellings

__all__ = ["Page"]


@dataclass(slots=True, eq=False)
class Page:
    """A text with its words; `keys` are what is compared of them: folded, without ’s.

    `starts`, `ends` are the offsets of the words, `marks` what is known of them as flags,
    `numbers` those of their spellings. `capitals` are the indexes of the words that begin
    with a capital, `anchors` of those by which known names are looked for, `acting` the keys
    after which the text says what they did, as it does of persons. `telling` are those of its
    runs, first word and last, in which the head noun of an institution stands.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    keys: Sequence[str]
    marks: Sequence[int]
    numbers: Sequence[int]
    spellings: Spellings
    capitals: Sequence[int]
    anchors: Sequence[int]
    telling: Sequence[tuple[int, int]]
    acting: frozenset[str]
    _spelt: set[int] | None = field(default=None, init=False, repr=False)
    _opening: set[str] | None = field(default=None, init=False, repr=False)

    def key(self, at: int) -> str:
        """What is compared of a word: folded, without ’s."""
        return self.keys[at]

    def form(self, at: int) -> str:
        """A word as it is said, without regard to its capitals."""
        return self.spellings.forms[self.numbers[at]]

    def gap(self, at: int) -> str:
        """What stands between the word before and this one; all before the first word."""
        return self.text[self.ends[at - 1] if at else 0 : self.starts[at]]

    def spaced(self, at: int) -> bool:
        """Whether one space stands between the word before and this one, and nothing else."""
        return bool(self.marks[at] & m.SPACED) if at else self.gap(at) == " "

    def possessive(self, at: int) -> bool:
        """Whether a word ends in ’s."""
        return bool(self.marks[at] & m.POSSESSIVE)

    def capital(self, at: int) -> bool:
        """Whether a word begins with a capital letter."""
        return bool(self.marks[at] & m.CAPITAL)

    def opens(self, at: int) -> bool:
        """Whether a word is the first of a sentence, a line or a speech."""
        return bool(self.marks[at] & m.OPENS)

    def joined(self, at: int) -> bool:
        """Whether a word goes on with the name that the word before belongs to."""
        return bool(self.marks[at] & m.JOINED)

    def small_too(self, form: str) -> bool:
        """Whether the text has a word with this form that begins with a small letter."""
        spellings = self.spellings.lower.get(form)
        if spellings is None:
            return False
        if self._spelt is None:
            # Long texts are asked for thousands of words.
            self._spelt = set(self.numbers)
        return not self._spelt.isdisjoint(spellings)

    def opened(self, form: str) -> bool:
        """Whether a word with this form and a capital opens a sentence of the text."""
        if self._opening is None:
            self._opening = {self.form(at) for at in self.capitals if self.opens(at)}
        return form in self._opening

    def end(self, at: int) -> int:
        """The offset where a word ends, its ’s left off."""
        return self.ends[at] - (2 if self.possessive(at) else 0)

    def said(self, first: int, last: int) -> str:
        """The text of the words from `first` to `last`, with white space made even."""
        end = self.end(last)
        if self.keys[last] in ("jr", "sr") and self.form(last) in ("jr", "sr"):
            end += self.text.startswith(".", end)
        return " ".join(self.text[self.starts[first] : end].split())
