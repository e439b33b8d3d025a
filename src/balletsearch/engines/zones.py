"""Where does each word of a story stand?

A story's zones, in order, with the words of each at their positions: what every engine puts
into its postings, as `docs/semantics.md` says it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from balletsearch.analysis import Token, cut
from balletsearch.fields import FIELDS, Field, custom
from balletsearch.model import VALUE_GAP, Story

__all__ = ["Place", "Zone", "field_of", "language_of", "zones"]


@dataclass(frozen=True, slots=True)
class Place:
    """One word of a zone: its position, its token, and whether its value ends with it."""

    position: int
    token: Token
    last: bool


@dataclass(frozen=True, slots=True)
class Zone:
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
