"""Which stories of an order are on the page asked for? For engines that have all of it at hand.

Groups, places to go on after, offset and limit. Meaning: `docs/semantics.md`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

from balletsearch.engines.metadata import Fields, is_after, value_key
from balletsearch.engines.protocol import Position, SearchRequest, Sort
from balletsearch.facets import FacetValue
from balletsearch.fields import Field

__all__ = ["Order", "Page", "paged"]

Story = TypeVar("Story", bound=Hashable)


class Order(NamedTuple, Generic[Story]):
    """Stories, best first, and what they are ordered by; no fields to sort by is by score."""

    stories: Sequence[Story]
    key: Callable[[Story], str]
    fields: Callable[[Story], Fields]
    score: Callable[[Story], float]
    sorting: Sequence[tuple[Field, Sort]]


class Page(NamedTuple, Generic[Story]):
    """What is shown, each with the value that it stands for, and whether that is all."""

    shown: Sequence[tuple[Story, FacetValue | None]]
    groups: int | None
    more: bool


def paged(order: Order[Story], request: SearchRequest, group: Field | None) -> Page[Story]:
    """The page asked for."""
    hits = [(s, None) for s in order.stories] if group is None else list(_grouped(order, group))
    after = request.after
    later = [hit for hit in hits if after is None or _is_later(order, hit, group, after)]
    end = None if request.limit is None else request.offset + request.limit
    groups = None if group is None else len(hits)
    return Page(later[request.offset : end], groups, end is not None and len(later) > end)


def _grouped(order: Order[Story], group: Field) -> Iterator[tuple[Story, FacetValue | None]]:
    """The first story for each value of a field, and every one that has none."""
    held = [tuple(dict.fromkeys(order.fields(s).get(group.name, ()))) for s in order.stories]
    counts = Counter(value for values in held for value in values)
    seen = set()
    for story, values in zip(order.stories, held, strict=True):
        if not values:
            yield story, None
        for value in sorted(values, key=lambda value: value_key(group, value)):
            if value not in seen:
                seen.add(value)
                yield story, FacetValue(value, counts[value])


def _is_later(
    order: Order[Story], hit: tuple[Story, FacetValue | None], group: Field | None, after: Position
) -> bool:
    """Whether a hit comes after a place."""
    story, value = hit
    key = order.key(story)
    if order.sorting:
        later = is_after(order.fields(story), key, order.sorting, after)
    else:
        mine, there = (-order.score(story), key), (-float(after.by[0] or 0), after.key)
        later = None if mine == there else mine > there
    if later is not None:
        return later
    if group is None or value is None or after.group is None:
        return False
    return value_key(group, value.value) > value_key(group, after.group)
