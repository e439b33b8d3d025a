"""Which document stands for each value of a field, and how many documents have it?

The first in the order that has the value. A document with several values may stand for several;
one without any stands for itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from balletsearch.engines import metadata
from balletsearch.engines.columns.counting import among
from balletsearch.engines.columns.facets import Pairs
from balletsearch.engines.columns.ordering import Found
from balletsearch.engines.columns.snapshot import Snapshot
from balletsearch.engines.columns.sorting import Order, Ranked, Sorting, arranged, ranked
from balletsearch.engines.protocol import Position, SearchRequest
from balletsearch.fields import Field

__all__ = ["Grouped", "grouped"]


class Grouped(NamedTuple):
    """The first documents that stand for a value or for themselves, and facts about all."""

    page: list[Found]
    counts: NDArray[np.int64]
    """How many of the documents found have each value of the dictionary."""
    groups: int
    rest: int
    """Groups after the place asked for."""


def grouped(
    snapshot: Snapshot,
    field: Field,
    orders: Sequence[Order],
    sorting: Sorting,
    request: SearchRequest,
) -> Grouped:
    """The groups of the documents found in all segments, and the first of them after a place."""
    counts = np.zeros(len(snapshot.dictionary(field.name)), np.int64)
    passed = np.zeros(counts.size, np.bool_)
    alone = alone_later = 0
    pairs = []
    for order in orders:
        places, numbers = _pairs(snapshot, field.name, order)
        counts += np.bincount(numbers, minlength=counts.size)
        there = order.there[places]
        passed[numbers[~order.later[places] & ~there]] = True
        for number in numbers[there].tolist():
            passed[number] |= _is_before(snapshot, field, number, request.after)
        pairs.append((places, numbers))
        single = ~snapshot.having(order.segment, field.name)[order.docs]
        alone += int(np.count_nonzero(single))
        alone_later += int(np.count_nonzero(single & order.later))
    wanted = None if request.limit is None else request.offset + request.limit
    firsts: list[Ranked] = []
    for order, (places, numbers) in zip(orders, pairs, strict=True):
        kept = ~passed[numbers]
        at, group = _firsts(snapshot, field, order, (places[kept], numbers[kept]), wanted)
        for place, number in zip(at.tolist(), group.tolist(), strict=True):
            (by, key), one = ranked(snapshot, order, sorting, place)
            value = () if number < 0 else _value_key(snapshot, field, number)
            firsts.append(((by, (*key, value)), one._replace(group=number)))
    page: list[Found] = []
    seen: set[int] = set()
    for one in arranged(firsts, [by.descending for _, by in sorting] or [False]):
        if one.group not in seen:
            page.append(one)
        if one.group >= 0:
            seen.add(one.group)
    groups = int(np.count_nonzero(counts)) + alone
    rest = int(np.count_nonzero((counts > 0) & ~passed)) + alone_later
    return Grouped(page[:wanted], counts, groups, rest)


def _is_before(snapshot: Snapshot, field: Field, number: int, after: Position | None) -> bool:
    """Whether a value of the story at a place comes before that place, or is it."""
    if after is None or after.group is None:
        return False
    key = metadata.value_key(field, after.group)
    return bool(_value_key(snapshot, field, number) <= key)


def _value_key(snapshot: Snapshot, field: Field, number: int) -> tuple[Any, ...]:
    return metadata.value_key(field, snapshot.dictionary(field.name).value(number))


def _pairs(snapshot: Snapshot, name: str, order: Order) -> Pairs:
    """Which documents, by their place among those found, have which values of the dictionary."""
    column = snapshot.column(order.segment, name)
    if column is None:
        return np.zeros(0, np.int32), np.zeros(0, np.uint32)
    documents, numbers = among(column.pairs(), order.docs)
    dictionary = snapshot.dictionary(name)
    every = np.arange(len(dictionary), dtype=np.uint32)[dictionary.numbers(order.segment)]
    return np.searchsorted(order.docs, documents).astype(np.int32), every[numbers]


def _firsts(
    snapshot: Snapshot, field: Field, order: Order, pairs: Pairs, wanted: int | None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The documents of a segment, by place, that come first for a value, and that value.

    -1 where a document stands for itself. No more than may be shown: what is among the first
    `wanted` of all segments is among those of its own.
    """
    docs = order.docs
    key_rank = snapshot.segments[order.segment].key_rank
    rank = np.empty(docs.size, np.int64)
    rank[np.lexsort([key_rank[docs], *reversed(order.columns)])] = np.arange(docs.size)
    places, numbers = pairs
    arranged_by = np.argsort(rank[places], kind="stable")
    values, first = np.unique(numbers[arranged_by], return_index=True)
    alone = np.flatnonzero(~snapshot.having(order.segment, field.name)[docs] & order.later)
    at = np.concatenate((places[arranged_by][first], alone)).astype(np.int64)
    group = np.concatenate((values.astype(np.int64), np.full(alone.size, -1)))
    if wanted is not None and at.size > wanted:
        # What stands for several values is kept for all: their order is not settled here.
        good = rank[at] <= np.partition(rank[at], wanted)[wanted]
        at, group = at[good], group[good]
    return at, group
