"""What can be guessed from a text alone?

The stages in order: words → runs of capitalised words → institutions → persons by rule →
known names → which of them count → whom it is about. Longer names are found before the names
within them, so that those are not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from balletsearch.analysis import cut
from balletsearch.extraction.evidence import counted, known_people
from balletsearch.extraction.houses import House, houses
from balletsearch.extraction.page import Page, chains, page
from balletsearch.extraction.people import Name, names
from balletsearch.extraction.persons import persons
from balletsearch.extraction.protagonist import opening, protagonist
from balletsearch.gazetteer import Gazetteer, Occurrence, leftmost_longest

__all__ = ["Guess", "guess"]

_LISTED = ("work", "role", "place", "term")


@dataclass(frozen=True, slots=True)
class Guess:
    """Fields with their values, and the number of words in the text."""

    fields: dict[str, tuple[str, ...]]
    words: int


def guess(body: str, gazetteer: Gazetteer) -> Guess:
    """The fields that a text gives without its header; some may be empty."""
    tokens = cut(body)
    of = page(body, tokens)
    runs = list(chains(of))
    known = gazetteer.candidates(body, tokens, of.keys)
    institutions = _not_works(of, houses(of, runs), known)
    shields = [(h.first, h.last) for h in institutions]
    candidates = _uncut(known, shields)
    first_look = leftmost_longest(candidates, shields)
    people = _people(of, runs, gazetteer.given_names, first_look, shields)
    spans = shields + [(n.first, n.last) for n in people if n.last > n.first]
    found = leftmost_longest(candidates, spans)
    everybody = persons(of, people, known_people(of, found))
    listed = counted(of, found, everybody.of_word, spans)
    opens = opening(of, first_look, shields)
    dancer = protagonist(of, opens, everybody)
    fields = {kind: _names(o for o in listed if o.kind == kind) for kind in _LISTED}
    fields["company"] = _companies(of, institutions, listed)
    fields["dancer"] = (dancer,) if dancer else ()
    fields["person"] = everybody.others(dancer, opens.said if opens else "")
    return Guess(fields, len(tokens))


def _not_works(of: Page, found: Iterable[House], known: Iterable[Occurrence]) -> list[House]:
    """The houses without what says a work of its kind: *Ballet Giselle* is no company."""
    works = {(o.first - 1, o.last) for o in known if o.kind == "work"}
    genres = ("ballet", "opera")
    return [h for h in found if of.keys[h.first] not in genres or (h.first, h.last) not in works]


def _uncut(
    candidates: Sequence[Occurrence], shields: Sequence[tuple[int, int]]
) -> list[Occurrence]:
    """The occurrences that do not run into a longer name: no *The Dream* in The Dream Academy."""
    holder = {at: span for span in shields for at in range(span[0], span[1] + 1)}
    out = []
    for o in candidates:
        first, last = holder.get(o.last, (o.first, o.last))
        if not (o.first < first and o.last < last):
            out.append(o)
    return out


def _people(
    of: Page,
    runs: Sequence[tuple[int, int]],
    given: frozenset[str],
    found: Sequence[Occurrence],
    shields: Sequence[tuple[int, int]],
) -> list[Name]:
    """The persons found by rule; no words that are known to name something else."""
    # A single known word may be part of a person's name: Carmen Miranda, Jack London.
    whole = {(o.first, o.last) for o in found if o.kind in ("work", "place") and not o.entry.common}
    places = {of.keys[o.first] for o in found if o.kind == "place" and o.first == o.last}
    other = [(o.first, o.last) for o in found if o.last > o.first and o.kind != "person"]
    return [
        name
        for name in names(of, runs, given, [*shields, *other], places)
        if name.full or name.titled or (name.first, name.last) not in whole
    ]


def _names(occurrences: Iterable[Occurrence]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(o.canonical for o in occurrences))


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
