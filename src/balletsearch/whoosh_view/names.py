"""Which Whoosh fields does a collection appear as, and what does each of them show?

    key                    the story's key, whole
    title, dancer, work …  a zone: its words as stems; where it has values, also a column of them
    work_value …           the values of a zone, whole, as they are written
    dancer_surname …       surname keys, for zones that hold names
    body, text             the words of the text as stems (two names for one thing)
    text_exact             its folded forms
    text_typed             its words as they are typed
    language, path         whole values
    words, modified        a number, a date; and so each header field whose values all are

A header may bring a field that is called like one of ours: it appears with "_" behind its name,
which no name from a header ends with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from balletsearch.engines.columns.snapshot import Snapshot
from balletsearch.fields import FIELDS, Field, Kind

__all__ = ["BODY", "KEY", "SINGLE", "SURNAME", "TEXT", "VALUE", "Shown", "Shows", "shown_fields"]

KEY: Final = "key"
BODY: Final = "body"
TEXT: Final = "text"
VALUE: Final = "_value"
SURNAME: Final = "_surname"

SINGLE: Final = frozenset(("title", "path", "words", "modified"))
"""Fields in which a story has one value: they are stored bare, all others as lists."""


class Shows(StrEnum):
    """What the terms of a Whoosh field are."""

    STEMS = "stems"
    EXACT = "folded forms"
    TYPED = "words as typed"
    SURNAMES = "surname keys"
    VALUES = "whole values"
    NUMBERS = "numbers"
    DATES = "dates"
    KEYS = "keys"


class Shown(NamedTuple):
    """What a Whoosh field shows, of which of our fields (empty for keys).

    `stored` says that Whoosh's stored fields have that field's values under this name.
    """

    what: Shows
    field: str
    stored: bool = False

    @property
    def is_words(self) -> bool:
        """Whether it is cut into words, with positions."""
        return self.what in (Shows.STEMS, Shows.EXACT, Shows.TYPED, Shows.SURNAMES)

    @property
    def has_values(self) -> bool:
        """Whether there is a column of what stories have in it."""
        stems = self.what is Shows.STEMS and self.field != BODY
        return stems or self.what in (Shows.VALUES, Shows.NUMBERS, Shows.DATES, Shows.KEYS)


_TEXTS: Final = {
    KEY: Shown(Shows.KEYS, "", stored=True),
    TEXT: Shown(Shows.STEMS, BODY, stored=True),
    "text_exact": Shown(Shows.EXACT, BODY),
    "text_typed": Shown(Shows.TYPED, BODY),
}


def shown_fields(snapshot: Snapshot) -> dict[str, Shown]:
    """The name of each Whoosh field → what it shows. Fields of the table are always there."""
    out = dict(_TEXTS)
    for field in FIELDS.values():
        out.update(_shown(field, field.name))
    for field in _custom(snapshot):
        name = field.name
        while not out.keys().isdisjoint(made := dict(_shown(field, name))):
            name += "_"
        out.update(made)
    return out


def _custom(snapshot: Snapshot) -> Iterable[Field]:
    return (snapshot.field(name) for name in sorted(snapshot.names) if name not in FIELDS)


def _shown(field: Field, name: str) -> Iterator[tuple[str, Shown]]:
    if field.kind is Kind.NUMBER:
        yield name, Shown(Shows.NUMBERS, field.name, stored=True)
    elif field.kind is Kind.DATE:
        yield name, Shown(Shows.DATES, field.name, stored=True)
    elif not field.zone:
        yield name, Shown(Shows.VALUES, field.name, stored=True)
    else:
        yield name, Shown(Shows.STEMS, field.name, stored=field.name != BODY)
        if field.kind is not Kind.TEXT:
            yield f"{name}{VALUE}", Shown(Shows.VALUES, field.name)
        if field.kind is Kind.NAME:
            yield f"{name}{SURNAME}", Shown(Shows.SURNAMES, field.name)
