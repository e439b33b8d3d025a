"""Which words of a text are the names of persons?

Given name and surname, a title and a name (*Madame Petrova*), words after what somebody is
(*choreographer Sergei Pavlov*), surnames with a Slavic ending, or names of which the text goes
on to use one alone. A single name is a person only if the text returns to it: *Masha*, said
once, is nobody yet.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from balletsearch.extraction.lexicon import lexicon
from balletsearch.extraction.page import Page

__all__ = ["Name", "names"]

_SLAVIC: Final = re.compile(
    r"(?:ov|ev|ova|eva|sky|skiy|skij|ski|skaya|skaia|enko|vich|vna|shvili|adze"
    r"|ов|ев|ёв|ова|ева|ин|ина|ский|ская|цкий|цкая|енко|ович|евич|овна|евна)$"
)
LONGEST: Final = 7
"""Words in the longest name of a person that is believed; more are a heading or a list."""

RETURNS: Final = 3
"""How often a name alone has to stand in a text before it is somebody."""


@dataclass(frozen=True, slots=True)
class Name:
    """Words `first` to `last` name a person: `said` as written, `keys` without the titles."""

    first: int
    last: int
    said: str
    keys: tuple[str, ...]
    titled: bool = False

    @property
    def full(self) -> bool:
        """Whether it is more than one name."""
        return len(self.keys) > 1


@dataclass(frozen=True, slots=True)
class _Reading:
    """What names are judged by: the text, known given names, how often each word has a capital
    in it, which opening words of sentences it also writes small, which words are places.
    """

    of: Page
    given: Collection[str]
    counts: Counter[str]
    small: frozenset[str]
    places: Collection[str]


def names(
    of: Page,
    chains: Sequence[tuple[int, int]],
    given: Collection[str],
    taken: Iterable[tuple[int, int]],
    places: Collection[str] = (),
) -> list[Name]:
    """The names of persons in the runs of capitalised words, in order.

    `given` are known given names, `taken` spans of words that are known to name other things,
    `places` single words that may be a surname (*London*) but begin no name.
    """
    other = {at for first, last in taken for at in range(first, last + 1)}
    counts = Counter(of.keys[at] for at in of.capitals if at not in other)
    reading = _Reading(of, given, counts, _written_small(of), places)
    pieces = (piece for first, last in chains for piece in _pieces(of, first, last, other))
    return [name for start, end in pieces if (name := _name(reading, start, end))]


def _written_small(of: Page) -> frozenset[str]:
    wanted = {of.tokens[at].form for at in of.capitals if of.opens(at)}
    return frozenset(t.form for t in of.tokens if t.form in wanted and of.text[t.start].islower())


def _pieces(of: Page, first: int, last: int, other: set[int]) -> Iterator[tuple[int, int]]:
    """A run cut where a person's name cannot go on."""
    particles = lexicon().particles
    start = first
    for at in range(first, last + 2):
        ends = at > last or at in other or not (of.capital(at) or of.key(at) in particles)
        if ends or "&" in of.gap(at) or (at > first and of.possessive(at - 1)):
            yield from _trimmed(of, start, at - 1)
            start = at + ends


def _trimmed(of: Page, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A piece without the small words and the openings of sentences around a name."""
    while start <= end and (not of.capital(start) or _opens_only(of, start)):
        start += 1
    while end >= start and not of.capital(end):
        end -= 1
    if start <= end:
        yield start, end


def _opens_only(of: Page, at: int) -> bool:
    key = of.key(at)
    return key in lexicon().openers and (of.opens(at) or key in ("i", "the", "a"))


def _name(reading: _Reading, start: int, end: int) -> Name | None:
    known, of = lexicon(), reading.of
    first = start
    while first < end and of.key(first) in known.honorifics:
        first += 1
    if start == first < end and of.opens(start) and of.tokens[start].form in reading.small:
        # “Critics Anna …”: the first word has its capital from the sentence.
        start = first = start + 1
    keys = tuple(of.keys[first : end + 1])
    proper = [k for k in keys if k not in known.particles and k not in known.suffixes]
    if not proper or not _possible(reading, keys):
        return None
    titled = first > start
    if not titled and not _believed(reading, start, keys, proper):
        return None
    if titled and len(proper) > 1:
        start = first
    return Name(start, end, of.said(start, end), keys, titled)


def _possible(reading: _Reading, keys: Sequence[str]) -> bool:
    """Whether no word of a name rules out that it is one: *August* does, but not before a name."""
    known = lexicon()
    if len(keys) > LONGEST:
        return False
    inner = keys
    if len(keys) > 1 and keys[0] in reading.given:
        # August Bournonville, Dawn French, Stephen King
        inner = keys[1:-1] if keys[-1] in known.surnames else keys[1:]
    return (
        known.not_people.isdisjoint(inner)
        and (inner[-1:] != keys[-1:] or keys[-1] not in known.honorifics)
        and (
            keys[0] in reading.given or not (keys[0] in known.openers or keys[0] in reading.places)
        )
    )


def _believed(reading: _Reading, start: int, keys: Sequence[str], proper: Sequence[str]) -> bool:
    """Whether words without a title are the name of a person."""
    known, of, counts = lexicon(), reading.of, reading.counts
    first, last = proper[0], proper[-1]
    if len(proper) == 1:
        alone = len(keys) == 1 and first not in reading.small and first not in known.openers
        return alone and counts[first] >= RETURNS and (first in reading.given or first in of.acting)
    initials = all(len(k) == 1 for k in proper[:-1]) and len(last) > 2
    if first in reading.given or initials or _SLAVIC.search(last):
        return True
    if start and of.joined(start) and of.tokens[start - 1].form in known.occupations:
        return True
    # Somebody who does things under one of the names, and who does here too.
    return not {first, last}.isdisjoint(of.acting) and _acts(of, start, start + len(keys) - 1)


def _acts(of: Page, first: int, last: int) -> bool:
    """Whether words are the subject of a sentence, or own something."""
    if first and of.tokens[first - 1].form in ("the", "a", "an"):
        return False
    if of.possessive(last):
        return True
    known = lexicon().deeds
    following = last + 1
    return (
        following < len(of.tokens)
        and of.gap(following) == " "
        and (of.keys[following] in known or of.keys[following].endswith("ed"))
    )
