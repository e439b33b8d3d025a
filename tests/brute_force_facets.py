"""What is counted in a facet, and what is selected? The slow twin of `engines/faceting.py`.

Which bounds ranges of numbers and dates have is taken from `engines/buckets.py`, which has tests
of its own; what lies in each is found out here from its name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from balletsearch.analysis import cut, fold
from balletsearch.engines import buckets
from balletsearch.engines.kinds import parse_number, period
from balletsearch.errors import QueryError
from balletsearch.facets import Facet, FacetRequest, FacetValue
from balletsearch.fields import Field, Kind
from balletsearch.model import Value
from brute_force_words import expanded, folded

__all__ = ["check_selected", "counted", "is_selected"]

Order = tuple[int | Decimal | str, str]


def bounds(name: str) -> tuple[str, str, bool]:
    """The bounds of a range, and whether the upper one lies outside."""
    low, sign, high = name.partition("..")
    if not sign:
        low = high = name
    below = high.strip().startswith("<")
    return low.strip(), high.strip().removeprefix("<").strip(), below


def check_selected(field: Field, asked: Iterable[str]) -> None:
    """QueryError for a range whose bounds are none."""
    read = parse_number if field.kind is Kind.NUMBER else period
    for text in asked:
        if is_range(field.kind, text):
            try:
                for bound in filter(None, bounds(text)[:2]):
                    read(bound)
            except ValueError as error:
                raise QueryError(f"{text} is no range.") from error


def in_range(kind: Kind, value: Value, name: str) -> bool:
    """Whether a value lies in the range of that name."""
    low, high, below = bounds(name)
    if kind is Kind.NUMBER:
        at = parse_number(str(value))
        if low and at < parse_number(low):
            return False
        return not high or at < parse_number(high) or (not below and at == parse_number(high))
    start = period(str(value))[0]
    if low and start < period(low)[0]:
        return False
    return not high or start < period(high)[0 if below else 1]


def is_range(kind: Kind, text: str) -> bool:
    """Whether a selected text is a range, or a period, rather than a value."""
    if ".." in text and text.strip() != "..":
        return kind in (Kind.NUMBER, Kind.DATE)
    try:
        return kind is Kind.DATE and bool(period(text))
    except ValueError:
        return False


def is_selected(field: Field, values: tuple[Value, ...], asked: Iterable[str]) -> bool:
    """Whether a story with these values has one of those selected."""
    has = {folded(value) for value in expanded(field, values)}
    if field.kind is Kind.PATH:
        has |= {value.split("/")[-1].strip() for value in has}
    return any(
        any(in_range(field.kind, value, text) for value in values)
        if is_range(field.kind, text)
        else folded(text) in has
        for text in asked
    )


def counted(field: Field, asked: FacetRequest, stories: Iterable[tuple[Value, ...]]) -> Facet:
    """The facet of a field, given the values of each story in it."""
    held = [expanded(field, values) for values in stories]
    every = {value for values in held for value in values}
    names = ranges(field, asked, every)
    if names is None:
        counts = Counter(v for values in held for v in values if is_wanted(field, asked, v))
        found = sorted(counts.items(), key=lambda item: order(field, item[0]))
    else:
        sums = [
            (name, sum(any(in_range(field.kind, v, name) for v in values) for values in held))
            for name in names
        ]
        found = [(name, count) for name, count in sums if count or asked.bounds]
    by = asked.sort or ("count" if names is None else "value")
    if by == "count":
        found = sorted(found, key=lambda item: -item[1])
    if by == "-value":
        found = found[::-1]
    shown = found if asked.limit is None else found[: asked.limit]
    values = tuple(FacetValue(value, count) for value, count in shown)
    return Facet(field.name, values, sum(not v for v in held), len(found) - len(shown))


def order(field: Field, value: Value) -> Order:
    if field.kind is Kind.NUMBER:
        return parse_number(str(value)), str(value)
    if field.kind is Kind.DATE:
        return period(str(value))[0], str(value)
    return folded(value), str(value)


def ranges(field: Field, asked: FacetRequest, every: set[Value]) -> tuple[str, ...] | None:
    """The names of the ranges that values are put into; None where each counts by itself."""
    whole = field.kind is Kind.NUMBER and not any(
        isinstance(parse_number(str(v)), Decimal) for v in every
    )
    if asked.bounds:
        return buckets.of_bounds(field, asked.bounds, whole=whole).labels
    if asked.ranges is False or asked.containing or not every:
        return None
    if field.kind is Kind.DATE:
        return buckets.of_dates(every).labels
    if field.kind is not Kind.NUMBER:
        return None
    many = len({parse_number(str(v)) for v in every}) > buckets.MANY
    return buckets.of_numbers(every).labels if asked.ranges or many else None


def is_wanted(field: Field, asked: FacetRequest, value: Value) -> bool:
    """Whether a value is as deep, below what, and of the words that were asked for."""
    steps = str(value).split("/") if field.kind is Kind.PATH else [str(value)]
    if asked.containing:
        words = [fold(token.form) for token in cut(steps[-1])]
        begun = [fold(token.form) for token in cut(asked.containing)]
        if not begun or not all(any(w.startswith(b) for w in words) for b in begun):
            return False
    if not asked.below:
        return asked.level is None or asked.level == len(steps)
    above = folded(asked.below)
    depths = [
        n
        for n in range(1, len(steps))
        if above in (folded("/".join(steps[:n])), folded(steps[n - 1]))
    ]
    return any(asked.level is None or len(steps) - n == asked.level for n in depths)
