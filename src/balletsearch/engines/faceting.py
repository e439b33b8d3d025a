"""Which of a field's values does a facet show, under what names, in which order?

Pure arithmetic on values and counts, the same for every engine; how many stories have what, each
engine counts in its own way. Meaning: `docs/semantics.md`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from balletsearch.analysis import cut, fold
from balletsearch.engines import buckets
from balletsearch.engines.buckets import MANY, Buckets
from balletsearch.engines.kinds import parse_number
from balletsearch.engines.metadata import Fields, value_key
from balletsearch.engines.values import faceted, folded
from balletsearch.errors import QueryError
from balletsearch.facets import FACET_SORTS, Facet, FacetRequest, FacetValue
from balletsearch.fields import Field, Kind
from balletsearch.model import Value

__all__ = ["Named", "check_facet", "facet", "named", "narrowed", "shown", "sorted_by"]

_RANGED = (Kind.NUMBER, Kind.DATE)


class Named(NamedTuple):
    """Under what the values of a field are counted."""

    labels: Sequence[Value]
    """Ascending; several values may have the same."""
    places: Mapping[Value, int]
    """Value → its label; what has none is not shown."""
    ranges: bool = False
    empty: bool = False
    """Labels that no story has are shown too."""


def check_facet(field: Field, asked: FacetRequest) -> None:
    """QueryError for a request that makes no sense in a field."""
    name = field.name
    if field.kind is Kind.TEXT:
        raise QueryError(f"'{name}' is running text: it has no values to count or select.")
    if asked.sort not in ("", *FACET_SORTS):
        raise QueryError(
            f"A facet cannot be sorted by {asked.sort!r}; there are {', '.join(FACET_SORTS)}."
        )
    for what, number, least in (("limit", asked.limit, 0), ("level", asked.level, 1)):
        if number is not None and number < least:
            raise QueryError(f"The {what} of a facet is {number}; it must be at least {least}.")
    if (asked.below or asked.level is not None) and field.kind is not Kind.PATH:
        raise QueryError(
            f"The values of '{name}' have no levels, as those of places have: "
            "nothing lies below one of them."
        )
    if (asked.bounds or asked.ranges) and field.kind not in _RANGED:
        raise QueryError(f"'{name}' holds neither numbers nor dates: it has no ranges.")
    if asked.bounds:
        buckets.of_bounds(field, asked.bounds, whole=True)
    if (asked.bounds or asked.ranges) and (asked.containing or asked.ranges is False):
        raise QueryError(
            f"Values of '{name}' are either put into ranges or looked for one by one, not both."
        )


def named(field: Field, asked: FacetRequest, values: Collection[Value]) -> Named | None:
    """Under what the distinct values that the stories found have are counted.

    None where each is counted as it is.
    """
    if asked.bounds:
        whole = field.kind is Kind.NUMBER and all(
            isinstance(parse_number(str(value)), int) for value in values
        )
        return _ranged(buckets.of_bounds(field, asked.bounds, whole=whole), values, empty=True)
    if _in_ranges(field, asked, values):
        of = buckets.of_numbers if field.kind is Kind.NUMBER else buckets.of_dates
        return _ranged(of(values), values)
    if not (asked.containing or asked.below or asked.level is not None):
        return None
    kept = [value for value in values if _is_deep(asked, str(value))]
    if asked.containing:
        begun = [fold(word.form) for word in cut(asked.containing)]
        kept = [value for value in kept if _holds(field, value, begun)]
    kept.sort(key=lambda value: value_key(field, value))
    return Named(kept, {value: place for place, value in enumerate(kept)})


def narrowed(field: Field, asked: FacetRequest) -> bool:
    """Whether :func:`named` may give something: else values need not be looked at."""
    deep = asked.level is not None
    return field.kind in _RANGED or deep or bool(asked.containing or asked.below)


def _ranged(made: Buckets, values: Iterable[Value], *, empty: bool = False) -> Named:
    return Named(made.labels, {v: made.place(v) for v in values}, ranges=True, empty=empty)


def _in_ranges(field: Field, asked: FacetRequest, values: Collection[Value]) -> bool:
    if asked.ranges is not None or not values or asked.containing:
        return bool(asked.ranges and values)
    if field.kind is not Kind.NUMBER:
        return field.kind is Kind.DATE
    if len(values) <= MANY:
        return False
    seen = set()
    for value in values:
        seen.add(parse_number(str(value)))
        if len(seen) > MANY:
            return True
    return False


def _is_deep(asked: FacetRequest, path: str) -> bool:
    """Whether a value lies below the one asked for, and as deep as asked."""
    steps = path.split("/")
    if not asked.below:
        return asked.level in (None, len(steps))
    above = folded(asked.below)
    for depth in range(1, len(steps)):
        # As in selections, the last step alone says which value is meant.
        if above in (folded("/".join(steps[:depth])), folded(steps[depth - 1])) and (
            asked.level in (None, len(steps) - depth)
        ):
            return True
    return False


def _holds(field: Field, value: Value, begun: Sequence[str]) -> bool:
    """Whether each of some texts begins a word of a value, or of the last step of a path."""
    text = str(value).rpartition("/")[2] if field.kind is Kind.PATH else str(value)
    if text.isascii() and not all(some in text.lower() for some in begun):
        return False  # told at a twentieth of the cost of cutting it into words
    words = [fold(word.form) for word in cut(text)]
    return bool(begun) and all(any(word.startswith(text) for word in words) for text in begun)


def sorted_by(asked: FacetRequest, made: Named | None) -> str:
    """What the values of a facet are in the order of."""
    return asked.sort or ("value" if made is not None and made.ranges else "count")


def shown(
    field: Field,
    asked: FacetRequest,
    counted: Iterable[FacetValue],
    missing: int,
    made: Named | None,
) -> Facet:
    """The facet for values with their counts, ascending by value."""
    by, order = sorted_by(asked, made), list(counted)
    if by == "count":
        order.sort(key=lambda one: -one.count)
    elif by == "-value":
        order.reverse()
    kept = order[: asked.limit]
    return Facet(field.name, tuple(kept), missing, len(order) - len(kept))


def facet(field: Field, asked: FacetRequest, stories: Iterable[Fields]) -> Facet:
    """The facet of a field over some stories, given by their metadata."""
    held = [fields.get(field.name, ()) for fields in stories]
    values = [faceted(field, each) for each in held]
    counts: Counter[Value] = Counter(chain.from_iterable(values))
    made = named(field, asked, counts)
    if made is None:
        order = sorted(counts.items(), key=lambda item: value_key(field, item[0]))
        counted = [FacetValue(value, count) for value, count in order]
    else:
        places = Counter(
            place
            for each in values
            for place in {made.places[value] for value in each if value in made.places}
        )
        counted = [
            FacetValue(label, places[place])
            for place, label in enumerate(made.labels)
            if places[place] or made.empty
        ]
    return shown(field, asked, counted, sum(not each for each in held), made)
