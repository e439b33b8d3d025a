"""What fields does a story have?

THE table. Schema, query help, facets, output columns and documentation derive from it; a fact
about a field is said here and nowhere else. Fields that only a header brings are made by
:func:`custom`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

__all__ = [
    "FIELDS",
    "MAX_CUSTOM_FIELDS",
    "Field",
    "Kind",
    "canonical",
    "custom",
    "custom_name",
    "named",
    "resolve",
]


class Kind(StrEnum):
    """What sort of values a field has, and so how it is matched."""

    TEXT = "text"
    """Running prose: words, phrases; no facet."""
    NAME = "name"
    """Names of people: as KEYWORD, and words also match by surname key."""
    KEYWORD = "keyword"
    """Short values: searched by their words, counted and selected as wholes."""
    PATH = "path"
    """Hierarchical values with "/" between the steps; each step above counts too."""
    NUMBER = "number"
    """Numbers, with decimals or without: ranges and sorting."""
    DATE = "date"
    """ISO 8601 times in UTC: ranges and sorting."""
    LABEL = "label"
    """Values that identify: counted and selected, never found by a bare word."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name, what else people call it, and what it is for.

    `zone` says whether a bare word looks into it, `weight` how much a word in it counts
    beside one in the body, `computed` whether a header may not set it. Weights were chosen by
    measuring (benchmarks/RESULTS.md, "Relevance"): beside 1 for titles, 2 adds .015 to nDCG@10
    on one collection of abstracts and takes at most .003 elsewhere; for authors and keywords
    nothing from 0.5 to 3 is clearly better than 1.
    """

    name: str
    kind: Kind
    help: str
    aliases: tuple[str, ...] = ()
    weight: float = 1.0
    facet: bool = True
    zone: bool = True
    computed: bool = False


FIELDS: Final[dict[str, Field]] = {
    f.name: f
    for f in (
        Field("title", Kind.TEXT, "the title", ("titles",), weight=2.0, facet=False),
        Field("body", Kind.TEXT, "the text itself", ("text",), facet=False),
        Field(
            "dancer",
            Kind.NAME,
            "whom the story is about",
            ("dancers", "ballerina", "ballerinas", "protagonist"),
        ),
        Field("person", Kind.NAME, "who else is named", ("people", "persons", "name", "names")),
        Field("work", Kind.KEYWORD, "ballets and other works", ("works", "ballet", "ballets")),
        Field("role", Kind.KEYWORD, "roles danced", ("roles", "part", "parts")),
        Field(
            "company",
            Kind.KEYWORD,
            "companies, schools and theatres",
            ("companies", "school", "schools", "theatre", "theatres", "theater", "theaters"),
        ),
        Field("place", Kind.PATH, "places, from the large to the small", ("places", "location")),
        Field("term", Kind.KEYWORD, "the vocabulary of dance", ("terms", "vocabulary")),
        Field("author", Kind.NAME, "who wrote it", ("authors", "by")),
        Field("parent", Kind.LABEL, "the key of the story that it is a part of", zone=False),
        Field("ordinal", Kind.NUMBER, "which part of it, as a number", facet=False, zone=False),
        Field("language", Kind.LABEL, "the language, as a code", ("languages", "lang"), zone=False),
        Field(
            "words",
            Kind.NUMBER,
            "how many words the text has",
            ("length",),
            facet=False,
            zone=False,
            computed=True,
        ),
        Field("path", Kind.LABEL, "the file", ("file",), facet=False, zone=False, computed=True),
        Field(
            "modified",
            Kind.DATE,
            "when the file was changed last",
            ("date_modified", "mtime"),
            facet=False,
            zone=False,
            computed=True,
        ),
    )
}

MAX_CUSTOM_FIELDS: Final = 256
"""Fields a collection may get from headers; what lies beyond is stored but not searchable."""

MAX_NAME: Final = 64
"""Letters in the name of such a field."""

_ALIASES: Final = {alias: f.name for f in FIELDS.values() for alias in (f.name, *f.aliases)}
_NOT_NAME: Final = re.compile(r"[^\w]+")


def resolve(name: str) -> str | None:
    """The canonical name for a name or alias of the table, or None."""
    return _ALIASES.get(name.casefold())


def custom_name(key: str) -> str | None:
    """The field name for a header key: NFC, lower case, "_" for what is no letter or digit.

    None where nothing is left, or more than 64 letters.
    """
    name = _NOT_NAME.sub("_", unicodedata.normalize("NFC", key).casefold()).strip("_")
    return name if 0 < len(name) <= MAX_NAME else None


def named(key: str) -> str | None:
    """The name of the field that a header key stands for, of the table or its own; or None."""
    name = resolve(key.strip()) or custom_name(key)
    # Signs around a name of the table (`*By*`) do not make it another.
    return None if name is None else resolve(name) or name


def canonical(name: str) -> str:
    """The name that a field goes by, of the table or of a header, however it was written."""
    return named(name) or name.casefold()


def custom(name: str) -> Field:
    """The field for a header key that the table does not know."""
    return Field(name, Kind.KEYWORD, "from the headers of the stories")
