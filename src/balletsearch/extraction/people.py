"""Who is named in a text?

Persons by given name and surname, by title (*Madame Petrova*), by what is said to stand before
them (*choreographer Sergei Pavlov*), by the endings of Slavic surnames, or because the text
goes on to call them by one of their names. Shorter forms of a longer name are the same person
under the longer one. A given name alone is a person only if the text returns to it and gives
no fuller name: *Masha*, said once, is nobody yet.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from balletsearch.extraction.lexicon import Lexicon, lexicon
from balletsearch.extraction.page import Page

__all__ = ["Name", "names"]

_SLAVIC: Final = re.compile(
    r"(?:ov|ev|ova|eva|eyeva|ayeva|sky|skiy|skij|ski|skaya|skaia|tskaya|enko|vich|vna|yan|shvili|adze"
    r"|ов|ев|ёв|ова|ева|ин|ина|ский|ская|цкий|цкая|енко|ович|евич|овна|евна)$"
)
LONGEST: Final = 7
"""Words in the longest name of a person that is believed; more are a heading or a list."""

RETURNS: Final = 3
"""How often a given name alone has to stand in a text before it is somebody."""


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


def names(
    of: Page,
    chains: Sequence[tuple[int, int]],
    given: frozenset[str],
    taken: Iterable[tuple[int, int]],
) -> list[Name]:
    """The names of persons in the runs of capitalised words, in order.

    `given` are known given names, `taken` spans of words that are known to name other things.
    """
    other = {at for first, last in taken for at in range(first, last + 1)}
    counts = Counter(of.keys[at] for at in of.capitals if at not in other)
    small = _written_small(of)
    found = []
    for first, last in chains:
        for start, end in _pieces(of, first, last, other):
            name = _name(of, start, end, given, counts, small)
            if name is not None:
                found.append(name)
    return found


def _written_small(of: Page) -> frozenset[str]:
    """Words that the text also writes without a capital, and so no names."""
    wanted = {of.tokens[at].form for at in of.capitals if of.opens(at)}
    return frozenset(t.form for t in of.tokens if t.form in wanted and of.text[t.start].islower())


def _pieces(of: Page, first: int, last: int, other: set[int]) -> Iterator[tuple[int, int]]:
    """A chain cut where a person's name cannot go on."""
    known = lexicon()
    start = first
    for at in range(first, last + 2):
        ends = at > last or at in other or not (of.capital(at) or of.key(at) in known.particles)
        if ends or "&" in of.gap(at):
            if start < at:
                yield from _trimmed(of, start, at - 1, known)
            start = at + ends
        elif at > first and of.possessive(at - 1):
            yield from _trimmed(of, start, at - 1, known)
            start = at


def _trimmed(of: Page, start: int, end: int, known: Lexicon) -> Iterator[tuple[int, int]]:
    while start <= end and (not of.capital(start) or _opens_only(of, start, known)):
        start += 1
    while end >= start and not of.capital(end):
        end -= 1
    if start <= end:
        yield start, end


def _opens_only(of: Page, at: int, known: Lexicon) -> bool:
    key = of.key(at)
    return key in known.openers and (of.opens(at) or key in ("i", "the", "a"))


def _name(
    of: Page,
    start: int,
    end: int,
    given: frozenset[str],
    counts: Counter[str],
    small: frozenset[str],
) -> Name | None:
    known = lexicon()
    titles = start
    while titles < end and of.key(titles) in known.honorifics:
        titles += 1
    if titles < end and of.opens(start) and titles == start and of.tokens[start].form in small:
        # “Critics Anna …”: the first word has its capital from the sentence.
        start = titles = start + 1
    keys = tuple(of.key(at) for at in range(titles, end + 1))
    titled = titles > start
    if not keys or len(keys) > LONGEST or not known.not_people.isdisjoint(keys):
        return None
    if keys[-1] in known.honorifics or keys[0] in known.openers - given:
        return None
    proper = [k for k in keys if k not in known.particles and k not in known.suffixes]
    if not proper:
        return None
    if not (titled or _believed(of, start, keys, proper, given, counts, small)):
        return None
    if titled and len(proper) > 1:
        start = titles
    return Name(start, end, of.said(start, end), keys, titled)


def _believed(
    of: Page,
    start: int,
    keys: tuple[str, ...],
    proper: list[str],
    given: frozenset[str],
    counts: Counter[str],
    small: frozenset[str],
) -> bool:
    """Whether words without a title are the name of a person."""
    known = lexicon()
    if len(proper) == 1:
        if len(keys) > 1 or keys[0] in small or keys[0] in known.openers:
            return False
        return counts[keys[0]] >= RETURNS and (keys[0] in given or keys[0] in of.acting)
    initials = all(len(k) == 1 for k in proper[:-1])
    if proper[0] in given or (initials and len(proper[-1]) > 2) or proper[-1].startswith("o'"):
        return True
    if _SLAVIC.search(proper[-1]) or (start and of.tokens[start - 1].form in known.occupations):
        return of.joined(start) or not start or bool(_SLAVIC.search(proper[-1]))
    # Somebody whom the text calls by one name later on, and not only in this full form.
    together = min(counts[k] for k in proper)
    return max(counts[proper[0]], counts[proper[-1]]) >= together + 2 and together > 0
