"""Whom is this text about?

Either it opens as a biography does, with a name, perhaps dates in brackets, and *is* or *was*;
then it is that person, under the name by which the text says that they are known. Or it is
whoever the text mentions most, by full name or by any part of it; of equals the first. Nobody,
where no person is named.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from balletsearch.extraction.lexicon import lexicon
from balletsearch.extraction.page import Page
from balletsearch.extraction.people import Name
from balletsearch.extraction.persons import Persons, mentions
from balletsearch.extraction.stage_names import known_as
from balletsearch.gazetteer import Occurrence

__all__ = ["opening", "protagonist"]

_AFTER_NAME: Final = re.compile(
    r"\.?\s*(?:,|\(|\[|/|is\b|was\b|are\b|were\b|née\b|né\b|or\b|[-\N{EN DASH}\N{EM DASH}]\s"
    r"|listen\b|(?:better|also|best|professionally|commonly|popularly)?\s*known\b|born\b)"
)
_COPULA: Final = re.compile(r"\b(?:is|was|became|has been)\s+[\w-]")
_BORN: Final = re.compile(
    r"\.?,?\s*(?:\([^()]*(?:\d{4}|born|née)|(?:was )?born\b|[^.(]{0,40}known\b[^.]{0,30}\bas\b)"
)
_QUOTES: Final = '"\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}'
_ASIDE: Final = re.compile(rf"[ ]*[({_QUOTES}][^()\n]{{1,20}}[){_QUOTES}]{{1,2}}[ ]+")
_BRACKETS: Final = re.compile(r"\s\([^)]*\)|[()]")
_DATED: Final = re.compile(r"\.?,?\s*\((?:[^()]*\s)?(?:born|née|\w+ \d{4})\b")
_THINGS: Final = ("work", "company", "place", "term", "role")

EARLY: Final = 300
"""Letters within which somebody named only once may still be whom a text is about."""

REACH: Final = 600
"""Letters from the name to *is* or *was*: dates, pronunciations and other names may be between."""


def opening(
    of: Page, found: Sequence[Occurrence], shields: Sequence[tuple[int, int]]
) -> Name | None:
    """The name that a biography opens with; None for other prose.

    `found` and `shields` are names known to be of something else: *Swan Lake is a ballet*.
    """
    if not of.capitals or of.capitals[0] != 0:
        return None
    known = lexicon()
    end, first = _end(of, 0), 0
    other = [*shields, *((o.first, o.last) for o in found if o.kind in _THINGS)]
    dated = _DATED.match(of.text, of.ends[end])
    if not dated and any(at == 0 and last >= end for at, last in other):
        return None
    while first < end and of.key(first) in known.honorifics:
        first += 1
    if not _biographic(of, end, opens_only=of.key(0) in known.openers):
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
    small = lexicon().within_opening
    while after < len(of.keys) and of.joined(after):
        if of.capital(after) or of.gap(after) == "-":
            return after
        if of.key(after) not in small or after > at + 3:
            return 0
        after += 1
    return _beyond_aside(of, at)


def _beyond_aside(of: Page, at: int) -> int:
    """The first word after a nickname or bracket within a name: *Vladimir (Vlad) Conta*."""
    aside = _ASIDE.match(of.text, of.ends[at])
    if aside is None:
        return 0
    after = next((i for i in range(at + 1, len(of.keys)) if of.starts[i] >= aside.end()), 0)
    return after if after and of.capital(after) and of.starts[after] == aside.end() else 0


def _biographic(of: Page, end: int, *, opens_only: bool) -> bool:
    """Whether what follows a name is what follows it in a biography."""
    after = of.ends[end]
    if _BORN.match(of.text, after) and _COPULA.search(of.text, after, after + REACH):
        return not opens_only or end > 0
    if opens_only or end == 0 or not lexicon().not_people.isdisjoint(of.keys[1 : end + 1]):
        return False
    verb = _COPULA.search(of.text, after, after + REACH)
    return verb is not None and _AFTER_NAME.match(of.text, after) is not None


def _said(of: Page, first: int, last: int) -> str:
    return " ".join(_BRACKETS.sub(" ", of.said(first, last)).split())


def protagonist(of: Page, opens: Name | None, everybody: Persons) -> str:
    """The protagonist's name, or an empty string. `opens` is the name that it opens with."""
    if opens is not None:
        return known_as(of.text, everybody.of_name.get(opens.keys, opens.said))
    if not everybody.at:
        return ""
    often = mentions(of, everybody.of_word)
    name = min(everybody.at, key=lambda name: (-often[name], everybody.at[name]))
    early = of.starts[everybody.at[name]] < EARLY
    return name if early or often[name] > 1 else ""
