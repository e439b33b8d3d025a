"""Whom is this text about?

Either it opens as a biography does, with a name, perhaps dates in brackets, and *is* or *was*;
then it is that person, under the name by which the text says that they are known. Or it is
whoever the text mentions most, by full name or by any part of it; of equals the first. Nobody,
where no person is named.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from balletsearch.extraction.lexicon import lexicon
from balletsearch.extraction.page import Page
from balletsearch.extraction.people import Name
from balletsearch.extraction.stage_names import known_as

__all__ = ["opening", "protagonist"]

_AFTER_NAME: Final = re.compile(
    r"\.?\s*(?:,|\(|\[|/|is\b|was\b|are\b|were\b|née\b|né\b|or\b|[-\N{EN DASH}\N{EM DASH}]\s"
    r"|listen\b|(?:better|also|best|professionally|commonly|popularly)?\s*known\b|born\b)"
)
_COPULA: Final = re.compile(r"\b(?:is|was|are|were|became|has been)\b")
_DATED: Final = re.compile(r"\s*\([^()]*(?:\d{4}|born)")
_ASIDE: Final = re.compile(
    "[ ]*[(\"\N{LEFT DOUBLE QUOTATION MARK}][^()\n]{1,20}[)\"\N{RIGHT DOUBLE QUOTATION MARK}]{1,2}[ ]+"
)
_BRACKETS: Final = re.compile(r"\s\([^)]*\)|[()]")
REACH: Final = 600
"""Letters from the name to *is* or *was*: dates, pronunciations and other names may be between."""


def opening(of: Page) -> Name | None:
    """The name that a biography opens with, whatever sort of name it is; None for other prose."""
    if not of.capitals or of.capitals[0] != 0:
        return None
    known = lexicon()
    end, first = _end(of, 0), 0
    while first < end and of.key(first) in known.honorifics:
        first += 1
    after = of.tokens[end].end
    if not _biographic(of, after):
        return None
    if of.key(0) in known.openers and not (end and _DATED.match(of.text, after)):
        return None
    if first == end and first:
        first = 0
    keys = tuple(of.key(at) for at in range(first, end + 1))
    return Name(first, end, _said(of, first, end), keys, first > 0)


def _end(of: Page, at: int) -> int:
    """The last word of the name at the start of a text, nicknames and brackets within it."""
    following = _following(of, at)
    while following:
        at, following = following, _following(of, following)
    return at


def _following(of: Page, at: int) -> int:
    """The next word of the same name, or 0."""
    after = at + 1
    small = lexicon().particles | {"of", "bey", "oghlu"}
    while after < len(of.tokens) and of.joined(after):
        if of.capital(after) or of.gap(after) == "-":
            return after
        if of.key(after) not in small or after > at + 3:
            return 0
        after += 1
    return _beyond_aside(of, at)


def _beyond_aside(of: Page, at: int) -> int:
    """The first word after a nickname or bracket within a name: *Vladimir (Vlad) Conta*."""
    aside = _ASIDE.match(of.text, of.tokens[at].end)
    if aside is None:
        return 0
    after = next((i for i in range(at + 1, len(of.tokens)) if of.tokens[i].start >= aside.end()), 0)
    return after if after and of.capital(after) and of.tokens[after].start == aside.end() else 0


def _biographic(of: Page, after: int) -> bool:
    if not _AFTER_NAME.match(of.text, after):
        return False
    return _COPULA.search(of.text, after, after + REACH) is not None


def _said(of: Page, first: int, last: int) -> str:
    raw = of.text[of.tokens[first].start : of.end(last)]
    if of.text.startswith("Jr.", of.tokens[last].start) or of.text.startswith("Sr.", of.tokens[last].start):
        raw += "."
    return " ".join(_BRACKETS.sub(" ", raw).split())


def protagonist(of: Page, people: Sequence[Name], mentions: Counter[str]) -> str:
    """The protagonist's name, or an empty string."""
    opens = opening(of)
    if opens is not None:
        return known_as(of.text, opens.said)
    return ""
