"""Which words of this text are written like names?

A `Page` is a text with its words; `chains` are its runs of capitalised words with the small
words that names have between them (*Academy of Music*, *Ludwig von Beethoven*). A sentence's
first word is in its chain too: whether it belongs to a name is for others to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from balletsearch.analysis import Token
from balletsearch.extraction.lexicon import lexicon
from balletsearch.gazetteer import key

__all__ = ["Page", "chains", "page"]

_JOINING: Final = re.compile(r"[ \u00a0]{1,3}|-|[ ]?&[ ]?")
_INITIAL: Final = re.compile(r"\.[ ]?")
_ABBREVIATED: Final = frozenset(
    (
        *("mr", "mrs", "ms", "mme", "mlle", "dr", "st", "mt", "ft", "capt", "col", "gen", "sgt"),
        *("rev", "hon", "prof", "jr", "sr", "wm", "chas", "geo", "thos", "jos"),
    )
)
_ENDING: Final = re.compile(r"[.!?:\n…]")
_SPEECH: Final = frozenset('"\N{LEFT DOUBLE QUOTATION MARK}«\N{LEFT SINGLE QUOTATION MARK}')
MAX_SMALL: Final = 3
"""Small words in a row within one name: *Théâtre de la Ville* has two."""

DEEDS: Final = 3
"""Different verbs that must follow a lone word before it is taken for somebody."""

HARD_WRAP: Final = 45
"""A line of at least so many letters may be wrapped within a name; a shorter one ends it."""

WRAPPED: Final = 120
"""A text with a longer line is not wrapped: there the end of a line ends every name."""

RAGGED: Final = 8
"""Letters by which a wrapped line may be shorter than it need be to hold the next word too."""


@dataclass(frozen=True, slots=True)
class Page:
    """A text with its words; `keys` are what is compared of them: folded, without ’s.

    `capitals` are the indexes of the words that begin with one, `acting` the keys of those
    after which the text says what they did, as it does of persons. `width` are the
    letters of the longest line of a text whose lines are wrapped, 0 for any other text.
    """

    text: str
    tokens: Sequence[Token]
    keys: Sequence[str]
    capitals: Sequence[int]
    acting: frozenset[str]
    width: int

    def key(self, at: int) -> str:
        """What is compared of a word: folded, without ’s."""
        return self.keys[at]

    def gap(self, at: int) -> str:
        """What stands between the word before and this one; all before the first word."""
        before = self.tokens[at - 1].end if at else 0
        return self.text[before : self.tokens[at].start]

    def possessive(self, at: int) -> bool:
        """Whether a word ends in ’s."""
        form = self.tokens[at].form
        return form.endswith("'s") and len(form) > 2

    def capital(self, at: int) -> bool:
        """Whether a word begins with a capital letter."""
        return _capital(self.text, self.tokens[at])

    def opens(self, at: int) -> bool:
        """Whether a word is the first of a sentence, a line or a speech."""
        gap = self.gap(at)
        if at == 0 or not _SPEECH.isdisjoint(gap):
            return True
        found = _ENDING.search(gap)
        return found is not None and not (found[0] == "." and self._abbreviated(at - 1))

    def _abbreviated(self, at: int) -> bool:
        token = self.tokens[at]
        return self.capital(at) and (token.end - token.start == 1 or token.form in _ABBREVIATED)

    def end(self, at: int) -> int:
        """The offset where a word ends, its ’s left off."""
        return self.tokens[at].end - (2 if self.possessive(at) else 0)

    def said(self, first: int, last: int) -> str:
        """The text of the words from `first` to `last`, with white space made even."""
        end = self.end(last)
        if self.tokens[last].form in ("jr", "sr") and self.text.startswith(".", end):
            end += 1
        return " ".join(self.text[self.tokens[first].start : end].split())

    def joined(self, at: int) -> bool:
        """Whether a word goes on with the name that the word before belongs to."""
        gap = self.gap(at)
        if _JOINING.fullmatch(gap):
            return True
        if _INITIAL.fullmatch(gap):
            return self._abbreviated(at - 1)
        if gap == "\n" and self.width:
            start = self.text.rfind("\n", 0, self.tokens[at - 1].end) + 1
            length = self.tokens[at - 1].end - start
            following = self.tokens[at].end - self.tokens[at].start
            return length >= HARD_WRAP and length + following + RAGGED >= self.width
        return False


def page(text: str, tokens: Sequence[Token]) -> Page:
    """A text and its words."""
    keys = [key(t.form) for t in tokens]
    capitals = [at for at, t in enumerate(tokens) if _capital(text, t)]
    return Page(text, tokens, keys, capitals, _acting(text, tokens, keys, capitals), _width(text))


def _width(text: str) -> int:
    """The letters of the longest line of a wrapped text; 0 if most lines are short, or one long."""
    lengths = [len(line) for line in text.splitlines() if line]
    longest = max(lengths, default=0)
    full = sum(length >= HARD_WRAP for length in lengths)
    return longest if longest <= WRAPPED and 2 * full >= len(lengths) else 0


def _acting(
    text: str, tokens: Sequence[Token], keys: Sequence[str], capitals: Sequence[int]
) -> frozenset[str]:
    known = lexicon().deeds
    deeds: dict[str, set[str]] = {}
    for at in capitals:
        if at + 1 < len(tokens):
            token, following = tokens[at], tokens[at + 1]
            verb = following.form
            did = verb in known or (verb.endswith("ed") and len(verb) > 4)
            if did and text[token.end : following.start] == " ":
                deeds.setdefault(keys[at], set()).add(verb)
    return frozenset(name for name, verbs in deeds.items() if len(verbs) >= DEEDS)


def _capital(text: str, token: Token) -> bool:
    if text[token.start].isupper():
        return True
    # d'Harcourt, l'Opéra
    return token.form[1:2] == "'" and text[token.start + 2 : token.start + 3].isupper()


def chains(of: Page) -> Iterator[tuple[int, int]]:
    """First and last word of each run of capitalised words, in order."""
    known = lexicon()
    small = known.particles | known.links
    done = -1
    for at in of.capitals:
        if at > done:
            done = _last(of, at, small)
            yield at, done


def _last(of: Page, first: int, small: frozenset[str]) -> int:
    """The last word of the chain that starts with `first`."""
    possessives = lexicon().possessives
    at, count = first, len(of.tokens)
    while not of.possessive(at) or of.key(at) in possessives:
        following = at + 1
        while (
            following < count
            and following - at <= MAX_SMALL
            and not of.capital(following)
            and of.keys[following] in small
            and of.joined(following)
        ):
            following += 1
        if following >= count or not of.capital(following) or not of.joined(following):
            return at
        at = following
    return at
