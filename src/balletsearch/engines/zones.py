"""Where does each word of a story stand?

A story's zones, in order, with the words of each at their positions: what every engine puts
into its postings, as `docs/semantics.md` says it.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from balletsearch.analysis import Token, cut
from balletsearch.fields import FIELDS, Field, custom
from balletsearch.model import VALUE_GAP, Story
from balletsearch.query.nodes import Unit

__all__ = ["Place", "Zone", "field_of", "language_of", "units", "values_in", "zones"]


class Place(NamedTuple):
    """One word of a zone: its position, its token, and whether its value ends with it."""

    position: int
    token: Token
    last: bool


class Zone(NamedTuple):
    """One zone of a story and its words, ascending."""

    field: Field
    places: tuple[Place, ...]


def field_of(name: str) -> Field:
    """The field of the table, or the one that headers bring, with this name."""
    return FIELDS.get(name) or custom(name)


def language_of(fields: Mapping[str, tuple[object, ...]], languages: tuple[str, ...]) -> str:
    """The language that a story's words are stemmed in: its own if the collection has it."""
    own = next(iter(fields.get("language", ())), "")
    return str(own) if own in languages else languages[0]


def zones(story: Story) -> Iterator[Zone]:
    """The zones of a story that hold at least one word."""
    values = {name: [str(v) for v in found] for name, found in story.fields.items()}
    values["body"] = [story.body]
    for name in ("title", "body", *sorted(values.keys() - {"title", "body"})):
        field = field_of(name)
        if field.zone and (places := tuple(_placed(values.get(name, [])))):
            yield Zone(field, places)


def _placed(values: list[str]) -> Iterator[Place]:
    at = 0
    for tokens in filter(None, map(cut, values)):
        final = len(tokens) - 1
        for i, token in enumerate(tokens):
            yield Place(at + i, token, i == final)
        at += len(tokens) + VALUE_GAP


@lru_cache(maxsize=16)
def units(body: str, unit: Unit) -> Mapping[int, int]:
    """Position → the number of the sentence, or paragraph, that each word of a body stands in."""
    from balletsearch.analysis.sentences import paragraphs, sentences

    cut_up = sentences if unit is Unit.SENTENCE else paragraphs
    starts = [start for start, _ in cut_up(body)]
    return {at: bisect(starts, token.start) for at, token in enumerate(cut(body))}


def values_in(story: Story, zone: str) -> dict[int, int]:
    """In which value of a zone the word at each position stands."""
    out: dict[int, int] = {}
    value = 0
    for found in zones(story):
        if found.field.name == zone:
            for place in found.places:
                out[place.position] = value
                value += place.last
    return out
