"""Where does a leaf of the query stand in Whoosh's postings?

A leaf is lowered to alternatives: for each zone the Whoosh terms that match it, each with a
factor. Counting needs the term frequencies of all documents, showing needs the positions of a
few, a phrase needs the positions of those that hold all its words.

Whoosh's own matchers for And, Or, Not, phrases and spans are not used, since some of them
give wrong answers (deleted documents under NOT, span queries inside And); posting lists are
right, and sets of them are simple.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from whoosh.reading import TermNotFound

from balletsearch.fields import Field, Kind
from balletsearch.model import Span

__all__ = [
    "Alternative",
    "Lowered",
    "frequencies",
    "holds",
    "positions_of",
    "spans",
]


@dataclass(frozen=True, slots=True)
class Alternative:
    """One Whoosh term that matches, in one zone, and what each of its occurrences counts."""

    zone: Field
    whoosh_field: str
    term: str
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Lowered:
    """A leaf of one word: its alternatives in every zone that it looks into."""

    alternatives: tuple[Alternative, ...]
    zones: dict[str, list[Alternative]] = field(init=False)

    def __post_init__(self) -> None:
        grouped: dict[str, list[Alternative]] = defaultdict(list)
        for alternative in self.alternatives:
            grouped[alternative.zone.name].append(alternative)
        object.__setattr__(self, "zones", dict(grouped))


NOTHING: Final[Sequence[int]] = ()


def _matcher(reader: Any, whoosh_field: str, term: str) -> Any | None:
    if whoosh_field not in reader.schema:
        return None
    try:
        matcher = reader.postings(whoosh_field, term)
    except TermNotFound:
        return None
    return matcher if matcher.is_active() else None


def _postings(reader: Any, alternative: Alternative) -> Iterator[tuple[int, Any]]:
    """Live documents that hold the term, ascending, with the matcher standing at each."""
    matcher = _matcher(reader, alternative.whoosh_field, alternative.term)
    while matcher is not None and matcher.is_active():
        yield matcher.id(), matcher
        matcher.next()


def _positions(reader: Any, alternatives: Iterable[Alternative]) -> dict[int, set[int]]:
    """Document → positions, over alternatives of one zone."""
    out: dict[int, set[int]] = defaultdict(set)
    for alternative in alternatives:
        for document, matcher in _postings(reader, alternative):
            out[document].update(matcher.value_as("positions"))
    return out


def _overlapping(alternatives: list[Alternative]) -> bool:
    """Whether one position can be matched twice: by stem and by surname key."""
    return alternatives[0].zone.kind is Kind.NAME


def frequencies(reader: Any, lowered: Lowered) -> dict[int, float]:
    """Document → Σ weight(zone) · factor over the spans of a one-word leaf."""
    out: dict[int, float] = defaultdict(float)
    for alternatives in lowered.zones.values():
        weight = alternatives[0].zone.weight
        if _overlapping(alternatives) and len({a.whoosh_field for a in alternatives}) > 1:
            for document, found in _positions(reader, alternatives).items():
                out[document] += weight * len(found)
            continue
        for alternative in alternatives:
            for document, matcher in _postings(reader, alternative):
                out[document] += weight * alternative.factor * matcher.weight()
    return dict(out)


def spans(reader: Any, lowered: Lowered, document: int) -> set[Span]:
    """The spans of a one-word leaf in one document."""
    out: set[Span] = set()
    for alternative in lowered.alternatives:
        for position in _at(reader, alternative, document):
            out.add(Span(alternative.zone.name, position, position + 1))
    return out


def _at(reader: Any, alternative: Alternative, document: int) -> Sequence[int]:
    matcher = _matcher(reader, alternative.whoosh_field, alternative.term)
    if matcher is None:
        return NOTHING
    if matcher.id() < document:
        matcher.skip_to(document)
    if not matcher.is_active() or matcher.id() != document:
        return NOTHING
    found: Sequence[int] = matcher.value_as("positions")
    return found


def positions_of(
    reader: Any, alternatives: Iterable[Alternative], document: int | None
) -> dict[int, set[int]]:
    """Document → positions, over alternatives of one zone; of all documents, or of one."""
    if document is None:
        return _positions(reader, alternatives)
    found = {p for alternative in alternatives for p in _at(reader, alternative, document)}
    return {document: found} if found else {}


def holds(reader: Any, whoosh_field: str, term: str) -> bool:
    """Whether a document that is not deleted holds the term."""
    return _matcher(reader, whoosh_field, term) is not None
