"""Which of the known names in a text count?

A name that is an ordinary word too (`common`) counts only where what stands around it says so:
works and companies in quotation marks or italics or beside words of dance, terms and people
beside words of dance, places after a preposition or beside the country they lie in. No work
counts as part of a longer title (*Swan Lake: The Sequel*), among films and songs, or, of one
word (*Giselle*), where nothing around speaks of dance. A place counts only if it does not stand
in a longer run of capitalised words, and no part of the name of a person is one. A role counts
only in a text that names one of its works.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from balletsearch.extraction.lexicon import lexicon
from balletsearch.extraction.page import Page
from balletsearch.gazetteer import Occurrence

__all__ = ["counted", "known_people"]

NEAR: Final = 12
"""Words on either side, within the sentence, in which a word of dance is looked for."""

QUOTED: Final = 30
"""The same for a name in quotation marks, over the ends of sentences: songs have titles too."""

AROUND: Final = 60
"""The same for the one word of a work that is no ordinary word: girls and bands have the name."""

_OPEN: Final = "\"'*_\N{LEFT DOUBLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}«"
_LEADING_ON: Final = frozenset(
    ("for", "in", "on", "of", "after", "no", "op", "opus", "grosso", "de", "du", "des", "di")
)
"""After these a piece of music goes on: *Concerto for Cello*, *Rhapsody on a Theme*."""

_PARTS: Final = frozenset(("act", "acts", "pas", "suite", "grand", "op", "opus", "no", "variation"))
"""These go on with a title and leave the work what it is: *Swan Lake Act II*."""

_PERSONAL: Final = frozenset(("by", "with"))
"""After these a lone word is somebody: *conversations with Nijinsky*."""

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
    if not found:
        return []
    named = {at for first, last in spans for at in range(first, last + 1)}
    # A word of dance before a title is a part of it (*Ghost Dances Suite*), a name is not.
    proper = named | {at for o in found if o.kind != "term" for at in range(o.first, o.last + 1)}
    named |= {at for o in found for at in range(o.first, o.last + 1)}
    sure = {at for o in found if _is_sure(o) for at in (o.first, o.last)}
    kept = [
        o
        for o in found
        if (o.kind == "work" and _is_work(of, o, people, proper, sure))
        or (o.kind in ("company", "place", "term") and _counts(of, o, people, named))
    ]
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
        return _in_quotes(of, o)
    alone = o.first == o.last and of.opens(o.first)
    return not alone and not _run_on(of, o, named) and _danced(of, o)


def _is_sure(o: Occurrence) -> bool:
    """Whether a name is that of a work and hardly of anything else: *Swan Lake*."""
    return o.kind == "work" and o.first < o.last and not o.entry.common


def _is_work(
    of: Page, o: Occurrence, people: Container[str], proper: Container[int], sure: Container[int]
) -> bool:
    marked = _marked(of, o)
    if _of_film(of, o) or (not marked and _within(of, o, people, proper)):
        return False
    if o.entry.common:
        return _in_quotes(of, o) if marked else _is_meant(of, o)
    if _screened(of, o):
        return False
    if o.first < o.last:
        return True
    around = range(max(0, o.first - AROUND), min(len(of.keys), o.last + AROUND))
    stage = lexicon().staged
    return any(at in sure or of.keys[at] in stage for at in around)


def _of_film(of: Page, o: Occurrence) -> bool:
    """Whether the word before a title says that it is that of a film, a song, a novel."""
    if not o.first or of.gap(o.first).strip(" " + _OPEN):
        return False
    return of.form(o.first - 1) in lexicon().read_or_seen


def _in_quotes(of: Page, o: Occurrence) -> bool:
    """Whether around a name in quotation marks more is said of dance than of film and song."""
    known = lexicon()
    around = range(max(0, o.first - QUOTED), min(len(of.keys), o.last + QUOTED))
    danced = sum(of.keys[at] in known.dance and not _titular(of, at) for at in around)
    return danced > sum(of.keys[at] in known.screen for at in around)


def _titular(of: Page, at: int) -> bool:
    """Whether a word of dance is part of a title itself: *Symphonic Dances*."""
    return of.keys[at] in ("dance", "dances") and of.capital(at)


def _is_meant(of: Page, o: Occurrence) -> bool:
    """Whether words that may be anything are the title of a work, by what stands around them."""
    if o.first == o.last:
        before = of.form(o.first - 1) if o.first and of.spaced(o.first) else ""
        if of.opens(o.first) or before in _PERSONAL:
            return False
    # “The Dream” is a title, “the Dream” rather somebody's.
    article = of.text.startswith("the ", o.start) and o.last == o.first + 1
    return not article and _danced(of, o)


def _screened(of: Page, o: Occurrence) -> bool:
    """Whether words of film and song stand near, in the same sentence, and none of dance."""
    known = lexicon()
    near = frozenset(_near(of, o))
    return not known.screen.isdisjoint(near) and near.isdisjoint(known.staged)


def _marked(of: Page, o: Occurrence) -> bool:
    """Whether a name stands in quotation marks or italics, with nothing else in them."""
    before, after = of.text[max(0, o.start - 1) : o.start], of.text[o.end : o.end + 2]
    return bool(before) and before in _OPEN and after.lstrip(".,;!?")[:1] in tuple(_CLOSE)


def _within(of: Page, o: Occurrence, people: Container[str], proper: Container[int]) -> bool:
    """Whether a title is part of a longer one: *Rodeo Drive*, *Rhapsody in Blue*."""
    if _led_on(of, o, people, proper) or _sequel(of, o, proper):
        return True
    after = o.last + 1
    return (
        o.entry.common
        and after < len(of.keys)
        and of.spaced(after)
        and of.form(after) in _LEADING_ON
    )


def _led_on(of: Page, o: Occurrence, people: Container[str], proper: Container[int]) -> bool:
    """Whether capitalised words before or after a title, that are no name, belong to it."""
    known = lexicon()
    after, before = o.last + 1, o.first - 1
    # In a line of capitals the small words have them too.
    small = known.linking
    going_on = after < len(of.keys) and not of.possessive(o.last) and of.joined(after)
    if going_on and of.capital(after) and after not in proper:
        key = of.key(after)
        if not (key in _PARTS or key in known.dance or key in small):
            return True
    if before < 0 or not of.capital(before) or before in proper or not of.joined(o.first):
        return False
    key = of.key(before)
    opener = of.opens(before) and (key in known.opening or key.endswith(("ed", "ing")))
    # “Three Dance Episodes” is another title; “the Ballet Giselle” is none.
    named = key in known.composers or key in people or key in ("ballet", "ballets", "balanchine")
    return not (opener or named or key in small or of.possessive(before))


def _sequel(of: Page, o: Occurrence, proper: Container[int]) -> bool:
    """Whether a title goes on over small words: *Giselle: The Movie*, *Giselle and the Bears*."""
    after, count = o.last + 1, len(of.keys)
    if after + 1 < count and of.gap(after) == ": " and of.capital(after):
        return of.form(after) in ("a", "an", "the") and after + 1 not in proper
    if after + 2 >= count or not of.spaced(after) or of.form(after) != "and":
        return False
    at = after + 2
    joined = of.form(after + 1) in ("the", "other") and of.joined(at)
    if not joined or not of.capital(at) or at in proper or after + 1 in proper:
        return False
    while at + 1 < count and of.capital(at + 1) and of.joined(at + 1):
        at += 1
    # “Giselle and other Russian ballets” speaks of ballets.
    return at + 1 == count or not of.joined(at + 1) or of.keys[at + 1] not in lexicon().dance


def _near(of: Page, o: Occurrence) -> Iterator[str]:
    """The words near a name, within its sentence; for works, within its part of a list."""
    for steps in (
        range(o.first - 1, max(-1, o.first - 1 - NEAR), -1),
        range(o.last + 1, min(len(of.keys), o.last + 1 + NEAR)),
    ):
        for at in steps:
            border = at + (at < o.first)
            if of.opens(border) or (o.kind == "work" and ";" in of.gap(border)):
                break
            if o.kind != "work" or not (_titular(of, at) or _of_another(of, at, o)):
                yield of.keys[at]


def _of_another(of: Page, at: int, o: Occurrence) -> bool:
    """Whether “ballet” belongs to the next title: *his Requiem, the ballet Javotte*."""
    return (
        o.first == o.last
        and of.form(at) == "ballet"
        and at + 1 < len(of.keys)
        and at + 1 != o.first
        and of.capital(at + 1)
        and not of.capital(at)
        and not of.gap(at + 1).strip(" " + _OPEN)
    )


def _danced(of: Page, o: Occurrence) -> bool:
    """Whether a word of dance stands near, in the same sentence."""
    dance = lexicon().dance
    return any(key in dance for key in _near(of, o))


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
    while at >= 0 and of.spaced(at + 1) and (of.key(at) in known.compass or of.key(at) == "the"):
        at -= 1
    return at >= 0 and of.spaced(at + 1) and of.form(at) in known.locatives


def _run_on(of: Page, o: Occurrence, named: Container[int]) -> bool:
    """Whether a place is part of a longer run that is no name known here: *Boston Globe*."""
    after, before = o.last + 1, o.first - 1
    going_on = after < len(of.keys) and not of.possessive(o.last) and of.joined(after)
    if going_on and of.capital(after) and after not in named:
        return True
    if before < 0 or not of.capital(before) or before in named or not of.joined(o.first):
        return False
    key = of.key(before)
    opener = of.opens(before) and key in lexicon().opening
    return not (opener or of.possessive(before) or key in lexicon().compass)


def _overseas(of: Page, o: Occurrence) -> bool:
    """Whether a place known elsewhere stands before an American state: *York, Pennsylvania*."""
    after = o.last + 1
    there = ("North America/United States", "North America/Canada")
    if o.canonical.startswith(there) or after >= len(of.keys):
        return False
    state = of.gap(after) == ", " and of.capital(after)
    following = of.keys[after : after + 2]
    return state and not lexicon().states.isdisjoint((following[0], " ".join(following)))


def _in_pair(of: Page, o: Occurrence) -> bool:
    """Whether another capitalised word follows a comma: *Victoria, Canada*."""
    after = o.last + 1
    return after < len(of.keys) and of.gap(after) == ", " and of.capital(after)


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
