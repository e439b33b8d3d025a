"""Which of the known names in a text count?

A name that is an ordinary word too (`common`) counts only where what stands around it says so:
works and companies in quotation marks or italics or beside words of dance, terms and people
beside words of dance, places after a preposition or beside the country they lie in. A place
counts only if it does not stand in a longer run of capitalised words, and no part of the name
of a person is one. A role counts only in a text that names one of its works.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from itertools import pairwise
from typing import Final

from balletsearch.extraction.lexicon import lexicon
from balletsearch.extraction.page import Page
from balletsearch.gazetteer import Occurrence

__all__ = ["counted", "known_people"]

NEAR: Final = 12
"""Words on either side, within the sentence, in which a word of dance is looked for."""

AROUND: Final = 60
"""The same for a name in quotation marks, over the ends of sentences: songs have titles too."""

_OPEN: Final = "\"'*_\N{LEFT DOUBLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}«"
_LEADING_ON: Final = frozenset(("for", "in", "on", "of", "after", "no", "op", "grosso"))
"""After these a piece of music goes on: *Concerto for Cello*, *Rhapsody on a Theme*."""

_LISTED: Final = re.compile(r",? (?:and|or)\b|, [^\W\d_a-z]")

_CLOSE: Final = "\"'*_\N{RIGHT DOUBLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}»"


def known_people(of: Page, found: Iterable[Occurrence]) -> list[Occurrence]:
    """The people of the gazetteer that count."""
    return [o for o in found if o.kind == "person" and (not o.entry.common or _danced(of, o))]


def counted(
    of: Page,
    found: Sequence[Occurrence],
    people: Container[str],
    spans: Iterable[tuple[int, int]],
) -> list[Occurrence]:
    """The occurrences that count, in order, without those of people.

    `people` are the folded words by which the text calls its persons, `spans` the words that
    belong to longer names (of persons, houses and others).
    """
    named = {at for first, last in spans for at in range(first, last + 1)}
    named |= {at for o in found for at in range(o.first, o.last + 1)}
    kept = [o for o in found if o.kind not in ("role", "person") and _counts(of, o, people, named)]
    kept += _roles(of, found, kept, people)
    return _without_namesakes(of, sorted(kept, key=lambda o: o.first))


def _roles(
    of: Page, found: Sequence[Occurrence], kept: Iterable[Occurrence], people: Container[str]
) -> list[Occurrence]:
    roles = {role for o in kept if o.kind == "work" for role in o.entry.roles}
    spans = {(o.first, o.last) for o in found if o.kind == "work"}
    return [
        o
        for o in found
        if o.kind == "role" and o.canonical in roles
        # *Giselle* is the work, and *Clara* whoever bears that name in the text, unless
        # somebody dances “as Giselle”.
        if _cast(of, o)
        or not ((o.first, o.last) in spans or (o.first == o.last and of.keys[o.first] in people))
    ]


def _counts(of: Page, o: Occurrence, people: Container[str], named: Container[int]) -> bool:
    if o.kind == "place":
        return _is_place(of, o, people, named)
    if not o.entry.common:
        return True
    if o.kind == "term":
        return _danced(of, o)
    if _marked(of, o):
        around = of.keys[max(0, o.first - AROUND) : o.last + AROUND]
        return not lexicon().dance.isdisjoint(around)
    alone = o.first == o.last and of.opens(o.first)
    return not alone and not _within(of, o, named) and _danced(of, o)


def _marked(of: Page, o: Occurrence) -> bool:
    """Whether a name stands in quotation marks or italics, with nothing else in them."""
    before, after = of.text[max(0, o.start - 1) : o.start], of.text[o.end : o.end + 2]
    return bool(before) and before in _OPEN and after.lstrip(".,;!?")[:1] in tuple(_CLOSE)


def _within(of: Page, o: Occurrence, named: Container[int]) -> bool:
    """Whether a name is part of a longer title: *Rodeo Drive*, *Rhapsody in Blue*."""
    after = o.last + 1
    if _run_on(of, o, named):
        return True
    return (
        after < len(of.tokens)
        and of.gap(after) == " "
        and of.tokens[after].form in _LEADING_ON
        and o.kind == "work"
    )


def _danced(of: Page, o: Occurrence) -> bool:
    """Whether a word of dance stands near, in the same sentence."""
    dance = lexicon().dance
    for at in range(o.first - 1, max(-1, o.first - 1 - NEAR), -1):
        if of.opens(at + 1):
            break
        if of.keys[at] in dance:
            return True
    for at in range(o.last + 1, min(len(of.tokens), o.last + 1 + NEAR)):
        if of.opens(at):
            break
        if of.keys[at] in dance:
            return True
    return False


def _is_place(of: Page, o: Occurrence, people: Container[str], named: Container[int]) -> bool:
    if _run_on(of, o, named) or _overseas(of, o):
        return False
    if _located(of, o):
        return True
    if o.first == o.last and of.key(o.first) in people:
        return False
    return not o.entry.common or _in_pair(of, o)


def _located(of: Page, o: Occurrence) -> bool:
    """Whether a preposition stands before, a compass point or an article between."""
    known = lexicon()
    at = o.first - 1
    while (
        at >= 0 and of.gap(at + 1) == " " and (of.key(at) in known.compass or of.key(at) == "the")
    ):
        at -= 1
    return at >= 0 and of.gap(at + 1) == " " and of.tokens[at].form in known.locatives


def _run_on(of: Page, o: Occurrence, named: Container[int]) -> bool:
    """Whether a place is part of a longer run that is no name known here: *Boston Globe*."""
    after, before = o.last + 1, o.first - 1
    going_on = after < len(of.tokens) and not of.possessive(o.last) and of.joined(after)
    if going_on and of.capital(after) and after not in named:
        return True
    if before < 0 or not of.capital(before) or before in named or not of.joined(o.first):
        return False
    key = of.key(before)
    opener = of.opens(before) and key in lexicon().openers | lexicon().locatives
    return not (opener or of.possessive(before) or key in lexicon().compass)


def _overseas(of: Page, o: Occurrence) -> bool:
    """Whether a place known elsewhere stands before an American state: *York, Pennsylvania*."""
    after = o.last + 1
    if o.canonical.startswith("North America/") or after >= len(of.tokens):
        return False
    state = of.gap(after) == ", " and of.capital(after)
    following = of.keys[after : after + 2]
    return state and not lexicon().states.isdisjoint((following[0], " ".join(following)))


def _in_pair(of: Page, o: Occurrence) -> bool:
    """Whether another capitalised word follows a comma: *Victoria, Canada*."""
    after = o.last + 1
    return after < len(of.tokens) and of.gap(after) == ", " and of.capital(after)


def _cast(of: Page, o: Occurrence) -> bool:
    """Whether the words before speak of dancing the part: “in the role of Giselle”."""
    before = tuple(of.keys[max(0, o.first - 2) : o.first])
    return before[-1:] == ("as",) or before in (("role", "of"), ("part", "of"), ("roles", "of"))


def _without_namesakes(of: Page, kept: list[Occurrence]) -> list[Occurrence]:
    """The occurrences without places of another country of the same name: *Victoria, Canada*."""
    others = {
        id(a)
        for a, b in pairwise(o for o in kept if o.kind == "place")
        if a.last + 1 == b.first
        and of.gap(b.first) == ", "
        and b.canonical.count("/") == 1 < a.canonical.count("/")
        and not a.canonical.startswith(b.canonical + "/")
        # “Vienna, Germany and Italy” is a list.
        and not _LISTED.match(of.text, b.end)
    }
    return [o for o in kept if id(o) not in others]
