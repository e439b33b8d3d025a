"""Which companies, schools and theatres does a text name that no list holds?

Runs of capitalised words with a head noun: *Gerasimov Academy of Cinematic Arts*, *Russian
National Ballet Company*, *Teatro alla Scala*. Runs that end in another head (*The Moscow
Times*, *London Philharmonic Orchestra*) are names too, though of nothing that is looked for:
they hide the known names in them. So are titles of pieces, by the signs around them: *Jungle
Ballet (1937)* at the head of a line, *a Celtic Folk Opera*, *the film Night School*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from balletsearch.extraction.lexicon import lexicon
from balletsearch.extraction.marks import CAPITAL
from balletsearch.extraction.page import Page

__all__ = ["House", "houses"]

_OF: Final = frozenset(("of", "for", "du", "de", "des", "di", "del", "della", "der", "fur"))
_CUTTING: Final = frozenset(("the", "at", "in", "on", "a", "and", "et"))
"""Small words that may stand between two names."""

_SHOWS: Final = frozenset(
    ("ballet", "ballets", "opera", "teatro", "theatre", "theater", "theatres", "theaters")
)
"""Heads that titles of pieces have too."""

_QUOTES: Final = "\"'*_«»\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"
_BULLET: Final = re.compile(r"[\W\d_]*(?:(?:the|les?|la|an?)\s+)?", re.IGNORECASE)
_DATED: Final = re.compile(
    r",?\s*(?:\([^()]{0,40}\b(?:1[6-9]|20)\d\d|for\s|\(?(?:1[6-9]|20)\d\d\b)"
)
_TAUGHT: Final = ("ology", "ics", "graphy", "ture", "ing", "istry", "lore", "therapy")
"""Ends of words for what is taught: *School of Dance and Acrobatics*."""

_SPACES: Final = " \u00a0" + _QUOTES
_MARKS: Final = frozenset(_QUOTES)
_NATIONAL: Final = frozenset(
    ("nacional", "national", "nationale", "nazionale", "superior", "superieur", "royal", "reale")
)
"""Words that some languages put after the head noun."""

_WORKS: Final = frozenset(("album", "albums", "film", "films", "movie", "song", "novel", "bands"))
"""Names with a comma before them are titles after these too: *her album, Night School*."""

_BACK: Final = 10
"""Words before a name in which what it is may be said, other names between."""

_AFTER: Final = frozenset(
    ("by", "for", "in", "with", "of", "and", "to", "on", "from", "at", "which")
)


@dataclass(frozen=True, slots=True)
class House:
    """Words `first` to `last` are one name; `house` says whether of a company, school, theatre."""

    first: int
    last: int
    house: bool


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of capitalised words: `keys` are its words, the first of them word `first`."""

    of: Page
    first: int
    keys: Sequence[str]

    def small(self, at: int) -> bool:
        """Whether a word of the run is a small one: without a capital, or all in capitals."""
        if not self.of.marks[self.first + at] & CAPITAL:
            return True
        if self.keys[at] not in lexicon().links_and:
            return False
        word = self.of.text[self.of.starts[self.first + at] : self.of.ends[self.first + at]]
        return len(word) > 1 and word.isupper()

    def opens(self, at: int) -> bool:
        """Whether a word of the run has its capital from the sentence that it opens."""
        key = self.keys[at]
        opener = key in lexicon().openers or (key.endswith("ing") and len(key) > 4)
        return opener and self.of.opens(self.first + at)


def houses(of: Page) -> Iterator[House]:
    """The institutions in the runs of capitalised words of a text, in order."""
    for first, last in of.telling:
        run = _Run(of, first, of.keys[first : last + 1])
        for part, end in _parts(run):
            start = _start(run, part, end)
            if start <= end:
                yield from _named(run, start, end)


def _parts(run: _Run) -> Iterator[tuple[int, int]]:
    """The run cut at “and”, “at”, “in”, “à” between names, as inclusive ranges of its words."""
    start = 0
    offices = lexicon().offices
    for at, key in enumerate(run.keys):
        if key in offices:
            if at > start:
                yield start, at - 1
            start = at + 1
            continue
        if at == start or key not in _CUTTING or not run.small(at):
            continue
        between = key == "the" and not run.small(at - 1)
        apart = (
            between
            or key in ("at", "in", "on", "a")
            or (key in ("and", "et") and not _one_name(run.keys[start:at], run.keys[at + 1 :]))
        )
        if apart:
            yield start, at - 1
            start = at + 1
    if start < len(run.keys):
        yield start, len(run.keys) - 1


def _one_name(before: Sequence[str], after: Sequence[str]) -> bool:
    """*Academy of Music and Dance* is one name, *Academy of Music and the Opera* two."""
    subjects = lexicon().subjects
    if after[:1] == before[-1:]:
        # The Opéra and Opéra-Comique
        return False
    tied = "of" in before or "for" in before
    if not after or after[0] not in subjects:
        # What ends a run after a subject, and sounds like one, is one more of them.
        return len(after) == 1 and tied and before[-1] in subjects and after[0].endswith(_TAUGHT)
    return tied or (before[-1] in subjects and "and" not in before)


def _start(run: _Run, start: int, end: int) -> int:
    """The first word that is part of the name: no article, no opening word of a sentence."""
    links, particles = lexicon().links, lexicon().particles
    while start <= end and (
        # A name may begin with La or De, but with no For or In, however it is written.
        run.keys[start] in links
        or (run.keys[start] in particles and run.small(start))
        or run.opens(start)
    ):
        start += 1
    return start


def _named(run: _Run, start: int, end: int) -> Iterator[House]:
    """The name between two words of the run, if there is one."""
    heading, keys = lexicon().heading, run.keys
    heads = [
        at for at in range(start, end + 1) if keys[at] in heading and _is_head(run, at, start, end)
    ]
    if _is_other(run, heads, end):
        yield House(run.first + start, run.first + end, house=False)
        return
    if not heads:
        return
    # “Director of the Royal Ballet”: what stands before “of” without a head is another thing.
    before = [at for at in range(start, heads[0]) if run.keys[at] in _OF and run.small(at)]
    start = _start(run, before[-1] + 1, end) if before else start
    end = _tail(run, heads, start, end)
    if end > start:
        first, last = run.first + start, _listed(run.of, run.first + end)
        house = _is_house(run.keys[start : end + 1]) and not _is_title(run.of, first, last)
        yield House(first, last, house=house)


def _listed(of: Page, last: int) -> int:
    """The last word of a name that goes on with a list: *School of Music, Theatre and Dance*."""
    subjects, at = lexicon().subjects, last
    if of.keys[last] not in subjects:
        return last
    while at + 1 < len(of.keys) and of.gap(at + 1) == ", " and of.keys[at + 1] in subjects:
        at += 1
    ends = at + 2 < len(of.keys) and of.form(at + 1) == "and" and of.capital(at + 2)
    return at + 2 if at > last and ends and of.keys[at + 2] in subjects else last


def _is_other(run: _Run, heads: Sequence[int], end: int) -> bool:
    """Whether a name ends in another head, or in one with its “of”: *Symphony Orchestra of India*.

    Of two heads the last decides: the *Academy of Music Orchestra* plays, the *Opera Society
    School* teaches.
    """
    last = heads[-1] if heads else -1
    others = [at for at in range(last + 1, end + 1) if run.keys[at] in lexicon().other_heads]
    if not others:
        return False
    after = others[-1] + 1
    tied = after <= end and run.keys[after] in _OF and run.small(after)
    # The National Theatre Award Golden Mask
    return after > end or tied or others[0] == last + 1


def _is_head(run: _Run, at: int, start: int, end: int) -> bool:
    known, keys = lexicon(), run.keys
    if keys[at] in ("ballet", "opera") and at < end and keys[at + 1] in ("for", "in", "the"):
        # A piece: “Opera for Gamelan”, “Ballet The Nutcracker”.
        return False
    if keys[at] == "ballets" and at < end and keys[at + 1] == "of":
        # Somebody's ballets.
        return False
    if keys[at] == "ballet" and _hyphened(run, at, end):
        return False
    if keys[at] in known.heads:
        return True
    if keys[at] in ("hall", "center", "centre") and at and keys[at - 1] in ("music", "concert"):
        return True
    others = (keys[other] for other in range(start, end + 1) if other != at)
    return keys[at] in known.weak_heads and any(word in known.stage for word in others)


def _hyphened(run: _Run, at: int, end: int) -> bool:
    """Whether a word is half of a kind of piece: *Symphony-Ballet*, but *Ballet-Theatre*."""
    before = at > 0 and run.of.gap(run.first + at) == "-" and run.keys[at - 1]
    after = at < end and run.of.gap(run.first + at + 1) == "-" and run.keys[at + 1]
    return any(other and other not in lexicon().heads for other in (before, after))


def _tail(run: _Run, heads: Sequence[int], start: int, end: int) -> int:
    """The last word of the name: after a head only what a small word ties to it.

    A head that leads takes all that follows: *Ballet Rambert*. “For” goes on with a subject
    (*School for the Arts*), not with a person; an institute for something else is no school.
    """
    known = lexicon()
    if heads[0] == start and run.keys[start] in known.leading:
        return end
    # The Lisbon Conservatorio Nacional
    for head in (at + (at < end and run.keys[at + 1] in _NATIONAL) for at in heads):
        if head < end and run.small(head + 1):
            loose = next((at for at in range(head + 1, end) if _loose(run, at)), end + 1)
            if loose > head + 1:
                return loose - 1
            return start if _institute(run, head) else head
    return head


def _loose(run: _Run, at: int) -> bool:
    """Whether a word is a “for” after which the name does not go on."""
    subjects = lexicon().subjects
    if run.keys[at] != "for" or not run.small(at):
        return False
    if _institute(run, at - 1):
        return (lexicon().stage | {"music", "art"}).isdisjoint(run.keys[at:])
    return run.keys[at + 1] != "the" and subjects.isdisjoint(run.keys[at:])


def _institute(run: _Run, at: int) -> bool:
    return run.keys[at].startswith("institut")


def _is_house(name: Sequence[str]) -> bool:
    """Whether a name tells one house from another (*Dance Academy* does not), and is of one."""
    known = lexicon()
    vague = known.generic | known.links | known.particles
    if all(word in vague for word in name):
        return False
    others = known.movements | known.links | {"school"}
    if name[-1] == "school" and all(word in others for word in name):
        return False
    if " ".join(name) in known.not_houses or not known.not_houses.isdisjoint(name):
        return False
    academy = any(word.startswith(("academ", "accadem", "akadem")) for word in name)
    return not academy or known.learned.isdisjoint(name)


def _is_title(of: Page, first: int, last: int) -> bool:
    """Whether a name with a head noun is a title: what stands around it says so."""
    if _is_called(of, first, last):
        return True
    keys, text = of.keys, of.text
    if _SHOWS.isdisjoint((keys[first], keys[last])):
        return False
    start, end = of.starts[first], of.ends[last]
    # Bournonville's Ballet …
    owned = first and of.possessive(first - 1) and keys[first] in ("ballet", "ballets", "les")
    quoted = text[max(0, start - 1) : start] in _MARKS and text[end : end + 1] in _MARKS
    # Opéra-ballet
    if owned or quoted or text[end : end + 1] == "-":
        return True
    line = text.rfind("\n", 0, start) + 1
    return bool(_BULLET.fullmatch(text, line, start) and _DATED.match(text, end))


def _is_called(of: Page, first: int, last: int) -> bool:
    """Whether words around a name say that it is a title, or “a” that it is a kind of thing."""
    after = last + 1
    ends = after == len(of.keys) or not of.spaced(after)
    if not ends and of.form(after) in _WORKS:
        # Quill's Night School album
        return True
    article = first and of.spaced(first) and of.form(first - 1) in ("a", "an")
    if article and (ends or of.form(after) in _AFTER):
        # “a Celtic Folk Opera by”, but “a Harlow Ballet dancer”.
        return True
    # “the bands Mire and Rubber Ballet”, “her album, Night School”
    at, commas = first, False
    while at and first - at < _BACK and not of.gap(at).strip(_SPACES + ","):
        commas = commas or "," in of.gap(at)
        at -= 1
        if not (of.capital(at) or of.form(at) in ("and", "the", "a", "an")):
            form = of.form(at)
            return form in _WORKS or (form in lexicon().titled and not commas)
    return False
