"""What can be guessed from a text alone?

The stages in order: words → runs of capitalised words → institutions → persons by rule →
known names → which of them count → whom it is about. Longer names are found before the names
within them, so that those are not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from balletsearch.extraction.evidence import counted, known_people
from balletsearch.extraction.houses import House, houses
from balletsearch.extraction.marks import Between, Spellings
from balletsearch.extraction.page import Page
from balletsearch.extraction.people import Name, names
from balletsearch.extraction.persons import persons
from balletsearch.extraction.pieces import pieces
from balletsearch.extraction.protagonist import opening, protagonist
from balletsearch.extraction.sheets import sheet
from balletsearch.gazetteer import Gazetteer, Occurrence, leftmost_longest

__all__ = ["Guess", "Guesser"]

_LISTED = ("work", "role", "place", "term")


@dataclass(frozen=True, slots=True)
class Guess:
    """Fields with their values, and the number of words in the text."""

    fields: dict[str, tuple[str, ...]]
    words: int


class Guesser:
    """Makes guesses by the names of one gazetteer; it remembers how words are spelt."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._spellings = Spellings(gazetteer)
        self._between = Between()

    def guess(self, bodies: Sequence[str]) -> list[Guess]:
        """The fields that texts give without their headers; some may be empty."""
        of = sheet(bodies, self._spellings, self._between)
        looks = [self._look(page) for page in of.pages]
        found = pieces(of, [look.taken for look in looks])
        return [self._guess(*each) for each in zip(of.pages, looks, found, strict=True)]

    def _look(self, of: Page) -> _Look:
        known = self._gazetteer.candidates(of, of.anchors)
        institutions = _not_works(of, houses(of), known) if of.telling else []
        shields = [(h.first, h.last) for h in institutions]
        candidates = _uncut(known, shields)
        first_look = leftmost_longest(candidates, shields)
        # A single known word may be part of a person's name: Carmen Miranda, Jack London.
        other = [(o.first, o.last) for o in first_look if o.last > o.first and o.kind != "person"]
        return _Look(candidates, institutions, shields, first_look, [*shields, *other])

    def _guess(self, of: Page, look: _Look, found: Sequence[tuple[int, int]]) -> Guess:
        people = _people(of, found, self._gazetteer.given_names, look)
        spans = look.shields + [(n.first, n.last) for n in people if n.last > n.first]
        alike = len(spans) == len(look.shields)
        listed = look.first if alike else leftmost_longest(look.candidates, spans)
        everybody = persons(of, people, known_people(of, listed))
        listed = counted(of, listed, everybody.of_word, spans)
        opens = opening(of, look.first, look.shields)
        dancer = protagonist(of, opens, everybody)
        fields = _listed_names(listed)
        fields["company"] = _companies(of, look.institutions, listed)
        fields["dancer"] = (dancer,) if dancer else ()
        fields["person"] = everybody.others(dancer, opens.said if opens else "")
        return Guess(fields, len(of.keys))


class _Look(NamedTuple):
    """What is known of a text before its persons are: known names, and longer names by rule."""

    candidates: Sequence[Occurrence]
    institutions: Sequence[House]
    shields: list[tuple[int, int]]
    first: Sequence[Occurrence]
    taken: Sequence[tuple[int, int]]


def _not_works(of: Page, found: Iterable[House], known: Iterable[Occurrence]) -> list[House]:
    """The houses without what says a work of its kind: *Ballet Giselle* is no company."""
    works = {(o.first - 1, o.last) for o in known if o.kind == "work"}
    genres = ("ballet", "opera")
    return [h for h in found if of.keys[h.first] not in genres or (h.first, h.last) not in works]


def _uncut(candidates: list[Occurrence], shields: Sequence[tuple[int, int]]) -> list[Occurrence]:
    """The occurrences that do not run into a longer name: no *The Dream* in The Dream Academy."""
    if not shields:
        return candidates
    holder = {at: span for span in shields for at in range(span[0], span[1] + 1)}
    out = []
    for o in candidates:
        first, last = holder.get(o.last, (o.first, o.last))
        if not (o.first < first and o.last < last):
            out.append(o)
    return out


def _people(
    of: Page, found: Sequence[tuple[int, int]], given: frozenset[str], look: _Look
) -> list[Name]:
    """The persons found by rule; no words that are known to name something else."""
    if not found:
        return []
    sites = [o for o in look.first if o.kind in ("work", "place")]
    whole = {(o.first, o.last) for o in sites if not o.entry.common}
    places = {of.keys[o.first] for o in sites if o.kind == "place" and o.first == o.last}
    return [
        name
        for name in names(of, found, given, look.taken, places)
        if name.full or name.titled or (name.first, name.last) not in whole
    ]


def _listed_names(occurrences: Iterable[Occurrence]) -> dict[str, tuple[str, ...]]:
    """The names by kind, each once."""
    out: dict[str, dict[str, None]] = {kind: {} for kind in _LISTED}
    for o in occurrences:
        if o.kind in out:
            out[o.kind][o.canonical] = None
    return {kind: tuple(found) for kind, found in out.items()}


def _companies(
    of: Page, institutions: Sequence[House], listed: Sequence[Occurrence]
) -> tuple[str, ...]:
    """Listed companies and those found by rule, by first appearance, one spelling for each."""
    known = [o for o in listed if o.kind == "company"]
    # A rule may see half of a known name: the Original Ballet of the Original Ballet Russe.
    within = {at for o in known for at in range(o.first, o.last + 1)}
    found = [(o.first, o.canonical) for o in known]
    found += [
        (h.first, of.said(h.first, h.last))
        for h in institutions
        if h.house and not (h.first in within and h.last in within)
    ]
    by_key: dict[str, str] = {}
    for _, name in sorted(found):
        by_key.setdefault(name.casefold().removeprefix("the "), name)
    return tuple(by_key.values())
