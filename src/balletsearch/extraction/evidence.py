"""Which of the known names in a text count?

A name that is an ordinary word too (`common`) counts only where what stands around it says so:
works and companies in quotation marks or italics or beside words of dance, terms and people
beside words of dance, places after a preposition or beside the country they lie in. A place
counts only if it does not stand in a longer run of capitalised words, and no part of the name
of a person is one. A role counts only in a text that names one of its works.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import Final

from balletsearch.extraction.lexicon import lexicon
from balletsearch.extraction.page import Page
from balletsearch.gazetteer import Occurrence

__all__ = ["counted", "known_people"]

NEAR: Final = 12
"""Words on either side, within the sentence, in which a word of dance is looked for."""

_OPEN: Final = "\"'*_\N{LEFT DOUBLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}«"
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
    kept += _roles(of, found, kept)
    return sorted(kept, key=lambda o: o.first)


def _roles(of: Page, found: Iterable[Occurrence], kept: Iterable[Occurrence]) -> list[Occurrence]:
    works = [o for o in kept if o.kind == "work"]
    spans = {(o.first, o.last) for o in works}
    roles = {role for o in works for role in o.entry.roles}
    return [
        o
        for o in found
        if o.kind == "role"
        and o.canonical in roles
        # *Giselle* is the work, unless somebody dances “as Giselle”.
        and ((o.first, o.last) not in spans or _cast(of, o))
        and (not o.entry.common or _cast(of, o) or _danced(of, o))
    ]


def _counts(of: Page, o: Occurrence, people: Container[str], named: Container[int]) -> bool:
    if o.kind == "place":
        return _is_place(of, o, people, named)
    if not o.entry.common or _danced(of, o):
        return True
    return o.kind in ("work", "company") and _marked(of, o)


def _marked(of: Page, o: Occurrence) -> bool:
    """Whether a name stands in quotation marks or italics, with nothing else in them."""
    before, after = of.text[max(0, o.start - 1) : o.start], of.text[o.end : o.end + 2]
    return bool(before) and before in _OPEN and after.lstrip(".,;!?")[:1] in tuple(_CLOSE)


def _danced(of: Page, o: Occurrence) -> bool:
    """Whether a word of dance stands near, in the same sentence."""
    dance = lexicon().dance
    for step, at in ((-1, o.first - 1), (1, o.last + 1)):
        for _ in range(NEAR):
            if not 0 <= at < len(of.tokens) or (step > 0 and of.opens(at) and of.gap(at) != " "):
                break
            if of.key(at) in dance:
                return True
            if step < 0 and of.opens(at):
                break
            at += step
    return False


def _is_place(of: Page, o: Occurrence, people: Container[str], named: Container[int]) -> bool:
    if _run_on(of, o, named):
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
    if after < len(of.tokens) and not of.possessive(o.last):
        if of.capital(after) and after not in named and of.joined(after):
            return True
    if before < 0 or not of.capital(before) or before in named or not of.joined(o.first):
        return False
    key = of.key(before)
    opener = of.opens(before) and key in lexicon().openers | lexicon().locatives
    return not (opener or of.possessive(before) or key in lexicon().compass)


def _in_pair(of: Page, o: Occurrence) -> bool:
    """Whether another capitalised word follows a comma: *Victoria, Canada*."""
    after = o.last + 1
    return after < len(of.tokens) and of.gap(after) == ", " and of.capital(after)


def _cast(of: Page, o: Occurrence) -> bool:
    return o.first > 0 and of.key(o.first - 1) in ("as", "played", "portrayed", "role", "part")
