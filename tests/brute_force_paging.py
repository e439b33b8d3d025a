"""Which hits are on the page asked for? The slow twin of `engines/paging.py` and `grouping.py`.

A place in the order is looked for by putting a story that stands there among the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cmp_to_key
from typing import Any

from balletsearch.engines.protocol import Position
from balletsearch.facets import FacetValue
from balletsearch.model import Value

__all__ = ["Hit", "Rank", "behind", "in_groups", "in_order"]

Rank = tuple[tuple[Any, bool], ...]
"""What each sort field orders a story by, None without a value, and whether it descends."""

Hit = tuple[str, FacetValue | None]


def compare(one: tuple[Rank, str], other: tuple[Rank, str]) -> int:
    """Below 0 where the first comes first."""
    for (mine, descending), (yours, _) in zip(one[0], other[0], strict=True):
        if mine == yours:
            continue
        if mine is None or yours is None:
            return 1 if mine is None else -1
        return -1 if (mine > yours) == descending else 1
    return (one[1] > other[1]) - (one[1] < other[1])


def in_order(keys: Sequence[str], rank: Callable[[str], Rank]) -> list[str]:
    """Stories in the order of what they are ranked by."""
    return sorted(keys, key=cmp_to_key(lambda a, b: compare((rank(a), a), (rank(b), b))))


def in_groups(
    keys: Sequence[str],
    values_of: Callable[[str], Sequence[Value]],
    order: Callable[[Value], Any],
) -> list[Hit]:
    """For each value the first of the stories that have it; those without any one by one."""
    counts = Counter(value for key in keys for value in set(values_of(key)))
    first = {value: next(k for k in keys if value in values_of(k)) for value in counts}
    out: list[Hit] = []
    for key in keys:
        mine = sorted((value for value, leader in first.items() if leader == key), key=order)
        out += [(key, FacetValue(value, counts[value])) for value in mine]
        if not values_of(key):
            out.append((key, None))
    return out


def behind(
    hits: Sequence[Hit],
    rank: Callable[[str], Rank],
    at: tuple[Rank, Position],
    order: Callable[[Value], Any],
) -> list[Hit]:
    """The hits that come after a place."""
    place, after = at

    def is_behind(hit: Hit) -> bool:
        key, group = hit
        way = compare((rank(key), key), (place, after.key))
        if way or group is None or after.group is None:
            return way > 0
        return bool(order(group.value) > order(after.group))

    return [hit for hit in hits if is_behind(hit)]
