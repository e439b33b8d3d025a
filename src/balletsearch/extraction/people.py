"""Which words of a text are the names of persons?

Given name and surname, a title and a name (*Madame Petrova*), words after what somebody is
(*choreographer Sergei Pavlov*), surnames with a Slavic ending, or names of which the text goes
on to use one alone. A single name is a person only if the text returns to it: *Masha*, said
once, is nobody yet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from balletsearch.extraction.lexicon import lexicon
from balletsearch.extraction.marks import HONORIFIC, OPENS, slavic
from balletsearch.extraction.page import Page
from balletsearch.extraction.pieces import RETURNS

__all__ = ["Name", "names"]

LONGEST: Final = 7
"""Words in the longest name of a person that is believed; more are a heading or a list."""


class Name(NamedTuple):
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
    """What names are judged by: the text, known given names, words that name other things, and
    which words are places.
    """

    of: Page
    given: Collection[str]
    taken: Iterable[tuple[int, int]]
    places: Collection[str]

    def returns(self, name: str) -> bool:
        """Whether the text has a word often enough, with a capital and in no other name."""
        keys = self.of.keys
        at = [at for at in self.of.capitals if keys[at] == name]
        other = {i for first, last in self.taken for i in range(first, last + 1)}
        return len(at) - len(other.intersection(at)) >= RETURNS

    def opens_only(self, name: str) -> bool:
        """Whether a word that opens a sentence of the text is written small elsewhere in it."""
        return self.of.small_too(name) and self.of.opened(name)


def names(
    of: Page,
    pieces: Iterable[tuple[int, int]],
    given: Collection[str],
    taken: Collection[tuple[int, int]],
    places: Collection[str] = (),
) -> list[Name]:
    """The names of persons among pieces of runs of capitalised words, in order.

    `pieces` of one word are such to which the text returns; `given` are known given names,
    `taken` spans of words that are known to name other things, `places` single words that may
    be a surname (*London*) but begin no name.
    """
    reading = _Reading(of, given, taken, places)
    return [name for start, end in pieces if (name := _name(reading, start, end))]


def _name(reading: _Reading, start: int, end: int) -> Name | None:
    known, of = lexicon(), reading.of
    first, counted = start, start == end
    marks = of.marks
    while first < end and marks[first] & HONORIFIC:
        first += 1
    if start == first < end and marks[start] & OPENS and of.small_too(of.form(start)):
        # “Critics Anna …”: the first word has its capital from the sentence.
        start = first = start + 1
    keys = tuple(of.keys[first : end + 1])
    no_surnames = known.no_surnames
    proper: Sequence[str] = keys
    if not no_surnames.isdisjoint(keys):
        proper = [k for k in keys if k not in no_surnames]
    if not proper or not _possible(reading, keys):
        return None
    titled = first > start
    if not titled and not _believed(reading, start, keys, proper, counted=counted):
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


def _believed(
    reading: _Reading, start: int, keys: Sequence[str], proper: Sequence[str], *, counted: bool
) -> bool:
    """Whether words without a title are the name of a person.

    `counted` says of a name alone that the text is known to return to it.
    """
    known, of = lexicon(), reading.of
    first, last = proper[0], proper[-1]
    if len(proper) == 1:
        alone = len(keys) == 1 and first not in known.openers
        somebody = alone and (first in reading.given or first in of.acting)
        return somebody and not reading.opens_only(first) and (counted or reading.returns(first))
    if first in reading.given or slavic(last):
        return True
    if len(last) > 2 and all(len(k) == 1 for k in proper[:-1]):
        return True
    if start and of.joined(start) and of.form(start - 1) in known.occupations:
        return True
    # Somebody who does things under one of the names, and who does here too.
    return not {first, last}.isdisjoint(of.acting) and _acts(of, start, start + len(keys) - 1)


def _acts(of: Page, first: int, last: int) -> bool:
    """Whether words are the subject of a sentence, or own something."""
    if first and of.form(first - 1) in ("the", "a", "an"):
        return False
    if of.possessive(last):
        return True
    known = lexicon().deeds
    following = last + 1
    return (
        following < len(of.keys)
        and of.spaced(following)
        and (of.keys[following] in known or of.keys[following].endswith("ed"))
    )
