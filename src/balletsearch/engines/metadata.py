"""Which stories does their metadata keep, and how is it counted and ordered?

Selections, ranges, facets and sort orders over plain field values, for engines that have the
metadata of their stories at hand. Meaning: `docs/semantics.md`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from balletsearch.analysis import fold, form
from balletsearch.engines.kinds import is_of, parse_number, period
from balletsearch.engines.protocol import Selection, Sort
from balletsearch.engines.values import faceted, folded, selected
from balletsearch.errors import QueryError
from balletsearch.fields import Field, Kind
from balletsearch.model import Facet, FacetValue, Value
from balletsearch.query.nodes import Fuzzy, Phrase, Prefix, Range, Regex, Sound, Wildcard, Word

__all__ = [
    "check_countable",
    "check_sortable",
    "facet",
    "in_range",
    "labelled",
    "ordered",
    "predicates",
    "sort_key",
    "text_range_note",
    "value_key",
]

Fields = Mapping[str, Sequence[Value]]
Test = Callable[[Fields], bool]
Key = TypeVar("Key", bound=Hashable)

_EXAMPLE: Final = 40
"""Characters of a value that a note shows, since a title may be long."""


def check_countable(field: Field) -> None:
    """QueryError for a field whose values are running text."""
    if field.kind is Kind.TEXT:
        raise QueryError(f"'{field.name}' is running text: it has no values to count or select.")


def check_sortable(field: Field) -> None:
    """QueryError for the one field that nobody can order by."""
    if field.name == "body":
        raise QueryError("Stories cannot be sorted by 'body'; sort by another field.")


def predicates(where: Iterable[Selection], field_of: Callable[[str], Field]) -> dict[str, Test]:
    """Field → whether a story holds all that was selected in it."""
    wanted: dict[str, set[str]] = {}
    for selection in where:
        wanted.setdefault(selection.field, set()).update(map(folded, selection.values))
    return {name: _holds(field_of(name), frozenset(values)) for name, values in wanted.items()}


def _holds(field: Field, wanted: frozenset[str]) -> Test:
    return lambda fields: selected(field, fields.get(field.name, ()), wanted)


def facet(field: Field, stories: Iterable[Fields]) -> Facet:
    """The counts of a field's values over some stories, most frequent first."""
    counts: Counter[Value] = Counter()
    missing = 0
    for fields in stories:
        values = fields.get(field.name, ())
        counts.update(faceted(field, values))
        missing += not values
    order = sorted(counts.items(), key=lambda item: (-item[1], *value_key(field, item[0])))
    return Facet(field.name, tuple(FacetValue(v, n) for v, n in order), missing)


def value_key(field: Field, value: Value) -> tuple[Any, ...]:
    """What orders the values of a field: as numbers, dates or text, then as they are written."""
    if field.kind is Kind.NUMBER:
        return (parse_number(str(value)), str(value))
    if field.kind is Kind.DATE:
        return (period(str(value))[0], str(value))
    return (folded(value), str(value))


def ordered(stories: Iterable[tuple[Key, Fields]], sort: Sequence[tuple[Field, Sort]]) -> list[Key]:
    """The stories, given by key ascending, in the order asked for; those without a value last."""
    order = list(stories)
    for field, by in reversed(sort):
        present = [s for s in order if s[1].get(field.name)]
        missing = [s for s in order if not s[1].get(field.name)]
        present.sort(key=lambda s: sort_key(field, s[1][field.name][0]), reverse=by.descending)
        order = present + missing
    return [key for key, _ in order]


def sort_key(field: Field, value: Value) -> tuple[Any, ...]:
    """What orders stories by a value of theirs."""
    key = value_key(field, value)
    # `9` and `9.0` are the same number, so the story's key decides, not how it was written.
    return key[:1] if field.kind in _RANGES else key


def in_range(field: Field, asked: Range) -> Test:
    """Whether a story has a value between the bounds; QueryError where a bound makes no sense."""
    try:
        fits = _RANGES.get(field.kind, _text_range)(asked)
    except ValueError as error:
        reason = str(error).rstrip(".")
        raise QueryError(f"{asked} is no range of '{field.name}': {reason}.") from error
    return lambda fields: any(fits(value) for value in fields.get(field.name, ()))


Fits = Callable[[Value], bool]


def _between(low: Any, high: Any, asked: Range) -> Callable[[Any], bool]:
    """Whether a value lies between two bounds, each of them included or not; None is open."""

    def fits(value: Any) -> bool:
        if low is not None and (value < low or (value == low and not asked.include_low)):
            return False
        return high is None or value < high or (value == high and asked.include_high)

    return fits


def _number_range(asked: Range) -> Fits:
    low = parse_number(asked.low) if asked.low else None
    high = parse_number(asked.high) if asked.high else None
    fits = _between(low, high, asked)
    return lambda value: fits(parse_number(str(value)))


def _date_range(asked: Range) -> Fits:
    # A bound is a whole period: excluding a low one starts at its end, a high one stops at its
    # start; so both ends come down to from <= value < until.
    start = period(asked.low)[0 if asked.include_low else 1] if asked.low else None
    until = period(asked.high)[1 if asked.include_high else 0] if asked.high else None

    def fits(value: Value) -> bool:
        at = period(str(value))[0]
        return (start is None or at >= start) and (until is None or at < until)

    return fits


def _text_range(asked: Range) -> Fits:
    fits = _between(folded(asked.low) or None, folded(asked.high) or None, asked)
    return lambda value: fits(folded(value))


_RANGES: dict[Kind, Callable[[Range], Fits]] = {
    Kind.NUMBER: _number_range,
    Kind.DATE: _date_range,
}


def text_range_note(field: Field, asked: Range, values: Collection[Value]) -> str:
    """What to tell where a range of numbers or dates meets a field that is compared as text.

    `values` are all that the collection has in the field. Empty if there is nothing to tell.
    """
    bounds = [bound for bound in (asked.low, asked.high) if bound]
    if field.kind in _RANGES or not values:
        return ""
    others = {
        kind: [str(v) for v in values if not is_of(kind, v)]
        for kind in _RANGES
        if any(is_of(kind, bound) for bound in bounds)
    }
    # A year is a number and a date; it was meant as what most of the values are.
    kind = min(others, key=lambda k: len(others[k]), default=None)
    if kind is None or not others[kind]:
        return ""
    first = min(others[kind])
    example = first if len(first) <= _EXAMPLE else f"{first[: _EXAMPLE - 1]}…"
    return (
        f"'{field.name}' holds values that are no {kind}s (for example '{example}'), "
        "so its range compares text"
    )


def labelled(field: Field, leaf: Word | Phrase | Prefix | Fuzzy | Wildcard | Regex | Sound) -> Test:
    """Whether a story has a value that a leaf means, in a field that is no zone."""
    if isinstance(leaf, Fuzzy | Sound):
        raise QueryError(f"'{field.name}' holds no words, so {leaf} has nothing to be near to.")
    if isinstance(leaf, Phrase):
        leaf = Word(" ".join(_whole(field, leaf)), field.name)
    text = leaf.text
    if field.kind in _RANGES:
        if not isinstance(leaf, Word):
            raise QueryError(
                f"{leaf}: '{field.name}' takes whole values and ranges, no beginnings or patterns."
            )
        return in_range(field, Range(field.name, text, text))
    if isinstance(leaf, Wildcard | Regex):
        from balletsearch.query.patterns import Pattern

        return _any_value(field, Pattern(leaf).matches)
    wanted = fold(form(text))
    if isinstance(leaf, Prefix):
        return _any_value(field, lambda value: value.startswith(wanted))
    if field.name == "path":
        return _any_value(field, lambda value: wanted in value)
    return _any_value(field, lambda value: value == wanted)


def _whole(field: Field, leaf: Phrase) -> Iterator[str]:
    """The words of a phrase that stands for one whole value."""
    for slot in leaf.words:
        if not isinstance(slot, Word):
            raise QueryError(f"{leaf}: '{field.name}' takes whole values, without signs in them.")
        yield slot.text


def _any_value(field: Field, fits: Callable[[str], bool]) -> Test:
    return lambda fields: any(fits(folded(value)) for value in fields.get(field.name, ()))
