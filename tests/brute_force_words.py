"""Which words does a story have, and which values?

The first half of the brute-force engine: zones, positions, the views of a word, and values as
they are compared, as `docs/semantics.md` has them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from balletsearch.analysis import cut, fold, form, stem, surname_key
from balletsearch.analysis.sentences import paragraphs, sentences
from balletsearch.fields import FIELDS, Field, Kind, custom
from balletsearch.model import VALUE_GAP, Story, Value
from balletsearch.query.nodes import Unit

__all__ = [
    "Entry",
    "Place",
    "analysed",
    "distance",
    "expanded",
    "folded",
    "table_field",
    "units",
    "values_of",
    "weight",
]


class Place(NamedTuple):
    """One word of a zone, in its three views."""

    position: int
    form: str
    exact: str
    stem: str
    surname: str
    """The surname key of the last word of a name; else empty."""
    value: int
    """Which value of its zone it stands in."""
    typed: str
    """As the text has it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A story and its words, zone by zone."""

    story: Story
    zones: Mapping[str, tuple[Place, ...]]

    @property
    def length(self) -> float:
        """Its words, each with the weight of its zone."""
        return sum(weight(zone) * len(places) for zone, places in self.zones.items())


def values_of(story: Story, name: str) -> tuple[Value, ...]:
    """The values that a story has in a field."""
    if name == "body":
        return (story.body,) if story.body else ()
    return tuple(story.fields.get(name, ()))


def table_field(name: str) -> Field:
    """The field of that name as the table has it, or as one that only headers bring."""
    return FIELDS.get(name) or custom(name)


def weight(zone: str) -> float:
    """How much a word in a zone counts."""
    return table_field(zone).weight


def folded(value: Value) -> str:
    """A whole value as it is compared."""
    return fold(form(" ".join(str(value).split())))


def distance(one: str, other: str) -> int:
    """Edits (insert, drop, change, swap of neighbours) between two words, none edited twice."""
    rows = [[i + j for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            rows[i][j] = min(
                rows[i - 1][j] + 1,
                rows[i][j - 1] + 1,
                rows[i - 1][j - 1] + (one[i - 1] != other[j - 1]),
            )
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


def places(zone: str, values: tuple[Value, ...], language: str) -> Iterator[Place]:
    """The words of a zone at their positions."""
    follows = 0
    for number, value in enumerate(values):
        tokens = cut(str(value))
        for i, token in enumerate(tokens):
            exact = fold(token.form)
            named = table_field(zone).kind is Kind.NAME and i == len(tokens) - 1
            surname = surname_key(exact) if named else ""
            stemmed = stem(token.form, language)
            typed = str(value)[token.start : token.end]
            yield Place(follows + i, token.form, exact, stemmed, surname, number, typed)
        if tokens:
            follows += len(tokens) + VALUE_GAP


def analysed(story: Story, languages: tuple[str, ...]) -> Entry:
    """A story cut into words."""
    said = [str(v) for v in values_of(story, "language")[:1]]
    language = said[0] if said and said[0] in languages else languages[0]
    names = ["body", *(n for n in story.fields if table_field(n).zone)]
    zones = {n: tuple(places(n, values_of(story, n), language)) for n in names}
    return Entry(story, zones)


def units(body: str, unit: Unit) -> list[int]:
    """Of each word of a body which sentence, or paragraph, it stands in; of no body none."""
    stretches = list((sentences if unit is Unit.SENTENCE else paragraphs)(body))
    return [
        next(i for i, (start, end) in enumerate(stretches) if start <= token.start < end)
        for token in cut(body)
    ]


def expanded(field: Field, values: tuple[Value, ...]) -> list[Value]:
    """The distinct values that a story has, with those above them where there is an above."""
    if field.kind is not Kind.PATH:
        return list(dict.fromkeys(values))
    steps = [str(v).split("/") for v in values]
    return list(dict.fromkeys("/".join(s[: i + 1]) for s in steps for i in range(len(s))))
