"""Which parts has a word with signs in it, and what does each stand for?

A `*` has a meaning beside a letter (`danc*`, `*update*`, `b*llet`), a `?` between letters
(`b?llet`), so that the question mark at the end of a question stays punctuation.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from balletsearch.analysis import cut
from balletsearch.analysis.words import APOSTROPHES
from balletsearch.query.nodes import Gap, Prefix, Slot, View, Wildcard, Word
from balletsearch.query.reference import OPERATORS

__all__ = ["Part", "parts", "slot", "unoperated", "wild"]

_SIGNS: Final = re.compile(r"[?*]+")
_STAND_IN: Final = "x"
"""A letter like any other: where it stands a wildcard is cut as one."""


class Part(NamedTuple):
    """A word with the wildcards in it, and where it stands; only wildcards where it is a gap."""

    text: str
    start: int
    end: int


def wild(text: str) -> bool:
    """Whether there is a wildcard in a text."""
    return any(map(_is_wild, _SIGNS.finditer(text)))


def _is_wild(signs: re.Match[str]) -> bool:
    """Whether a run of signs means letters, or a word between hyphens."""
    start, end = signs.span()
    # What is invisible stands nowhere.
    while start and _invisible(signs.string[start - 1]):
        start -= 1
    while end < len(signs.string) and _invisible(signs.string[end]):
        end += 1
    before, behind = signs.string[start - 1 : start], signs.string[end : end + 1]
    # A word may end with a mark or an apostrophe before more letters, and never begins so.
    marked = before in APOSTROPHES or unicodedata.category(before)[0] == "M" if before else False
    letters = marked or before.isalnum(), behind.isalnum()
    if "*" in signs[0]:
        return any(letters) or (before, signs[0], behind) == ("-", "*", "-")
    return all(letters)


def _invisible(character: str) -> bool:
    return unicodedata.category(character) == "Cf"


def _bare(signs: re.Match[str]) -> str:
    return _STAND_IN * len(signs[0]) if _is_wild(signs) else signs[0]


def parts(text: str, offset: int, *, behind: str = "") -> tuple[list[Part], str]:
    """The words of a text that stands at `offset`, and the text with its wildcards as letters.

    `behind` is what stands before it and has been taken for something else.
    """
    whole = _SIGNS.sub(_bare, behind + text)
    bare = whole[len(behind) :]
    found: list[Part] = []
    for start, end, _ in cut(bare):
        typed = text[start:end]
        # Letters that are words by themselves leave the wildcards beside them alone.
        beside = bool(found) and found[-1].end == offset + start
        if beside and (_only_signs(typed) or _only_signs(found[-1].text)):
            last = found.pop()
            found.append(Part(last.text + typed, last.start, offset + end))
        else:
            found.append(Part(typed, offset + start, offset + end))
    return found, bare


def slot(part: Part, view: View) -> Slot | None:
    """What a part stands for; None for signs that stand for nothing."""
    text, start, end = part
    # Beside a letter that is a word by itself a `?` stands at the end of this one: it is none.
    text = _plain_start(_QUESTIONS.sub("", text))
    begin = text.rstrip("*")
    if text and not set(text) & {"*", "?"}:
        return Word(unoperated(text) if view is View.STEM else text, "", view, start, end)
    if not any(map(str.isalnum, text)):
        return Gap(start, end) if set(text) == {"*"} else None
    if not set(begin) & {"*", "?"}:
        return Prefix(begin, "", start, end)
    return Wildcard(text, "", start, end)


def unoperated(word: str) -> str:
    """An operator that is meant as a word, written so that it stays one."""
    return word.lower() if word in OPERATORS else word


def _plain_start(text: str) -> str:
    """A word, and signs before it, without what is no letter before it: *’s is *s."""
    signs = _SIGNS.match(text)
    begin = at = signs.end() if signs else 0
    while at < len(text) and not (text[at].isalnum() or text[at] in "*?"):
        at += 1
    return text[:begin] + text[at:]


_QUESTIONS: Final = re.compile(r"^\?+(?![?*])|(?<![?*])\?+$")


def _only_signs(text: str) -> bool:
    return set(text) <= {"*", "?"}
