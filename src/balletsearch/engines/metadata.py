"""Which stories does their metadata keep, and how is it ordered?

Selections, ranges and sort orders over plain field values, for engines that have the
metadata of their stories at hand. Meaning: `docs/semantics.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from balletsearch.analysis import fold, form
from balletsearch.engines.kinds import is_of, parse_number, period
from balletsearch.engines.protocol import Position, SearchRequest, Selection, Sort
from balletsearch.engines.selecting import as_range, chosen
from balletsearch.engines.values import folded, selected
from balletsearch.errors import QueryError
from balletsearch.fields import Field, Kind
from balletsearch.model import Value
from balletsearch.query.nodes import Fuzzy, Phrase, Prefix, Range, Regex, Sound, Wildcard, Word
from balletsearch.query.trees import leaves

__all__ = [
    "Fields",
    "Test",
    "check_countable",
    "check_position",
    "check_sortable",
    "in_range",
    "is_after",
    "labelled",
    "ordered",
    "predicates",
    "range_notes",
    "sort_key",
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


def check_position(after: Position | None, sorting: Sequence[Field], group: Field | None) -> None:
    """QueryError for a place in another order than that of these fields (none: of scores)."""
    if after is None:
        return
    if len(after.by) != max(len(sorting), 1) or (after.group is not None and group is None):
        raise QueryError("The hits after this place are asked for in another order than its own.")
    try:
        for field, value in zip(sorting, after.by, strict=False):
            if value is not None:
                sort_key(field, str(value))
        if group is not None and after.group is not None:
            value_key(group, after.group)
    except ValueError as error:
        raise QueryError(f"The hits cannot go on after this place: {error}") from error
    if not sorting and not isinstance(after.by[0], int | float):
        raise QueryError(f"The place to go on after is no score: {after.by[0]!r}.")


def predicates(where: Iterable[Selection], field_of: Callable[[str], Field]) -> dict[str, Test]:
    """Field → whether a story holds all that was selected in it."""
    wanted: dict[str, list[str]] = {}
    for selection in where:
        wanted.setdefault(selection.field, []).extend(selection.values)
    return {name: _holds(field_of(name), values) for name, values in wanted.items()}


def _holds(field: Field, values: Iterable[str]) -> Test:
    meant = chosen(field, values)
    tests = [in_range(field, asked) for asked in meant.ranges]
    return lambda fields: (
        selected(field, fields.get(field.name, ()), meant.whole)
        or any(test(fields) for test in tests)
    )


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


def is_after(
    fields: Fields, key: str, sort: Sequence[tuple[Field, Sort]], after: Position
) -> bool | None:
    """Whether a story comes after a place in the order of fields; None where it is at it."""
    for (field, by), at in zip(sort, after.by, strict=True):
        value = next(iter(fields.get(field.name, ())), None)
        if value is None or at is None:
            if value is not at:
                return value is None
            continue
        mine, other = sort_key(field, value), sort_key(field, str(at))
        if mine != other:
            return bool(mine < other) if by.descending else bool(mine > other)
    return None if key == after.key else key > after.key


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


def range_notes(
    request: SearchRequest,
    field_of: Callable[[str], Field],
    values_of: Callable[[str], Collection[Value]],
) -> Iterator[str]:
    """What to tell where ranges of numbers or dates meet fields that are compared as text.

    `values_of` gives all values that the collection has in a field.
    """
    for leaf in leaves(request.tree):
        if isinstance(leaf, Range):
            said = _not_all_of(field_of(leaf.field), leaf, values_of)
            if said:
                yield f"{said}, so its range compares text"
    for selection in request.where:
        field = field_of(selection.field)
        for text in selection.values:
            asked = as_range(field, text)
            if asked and (said := _not_all_of(field, asked, values_of)):
                yield f"{said}, so '{text}' selects that text and no range"


def _not_all_of(field: Field, asked: Range, values_of: Callable[[str], Collection[Value]]) -> str:
    """That some values of a field are not of the kind that the bounds of a range are of."""
    bounds = [bound for bound in (asked.low, asked.high) if bound]
    values = () if field.kind in _RANGES else values_of(field.name)
    if not values:
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
    return f"'{field.name}' holds values that are no {kind}s (for example '{example}')"


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
