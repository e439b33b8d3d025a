"""In which order do fields put documents, and which come after a place in an order?

Each segment gives its own first documents; what they are ordered by is comparable over segments.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.ranking import beside
from balletsearch.columns.segment import Segment
from balletsearch.columns.values import Docs
from balletsearch.engines import metadata
from balletsearch.engines.columns.facets import FieldColumn
from balletsearch.engines.columns.ordering import Found
from balletsearch.engines.columns.scoring import Evaluation, Matched, listed
from balletsearch.engines.columns.snapshot import Snapshot
from balletsearch.engines.protocol import Position, Sort
from balletsearch.fields import Field, Kind
from balletsearch.query.nodes import Node
from balletsearch.query.trees import leaves

__all__ = [
    "Order",
    "Ranked",
    "Sorting",
    "after_score",
    "arranged",
    "by_fields",
    "field_order",
    "merged",
    "ranked",
    "score_order",
]

Sorting = Sequence[tuple[Field, Sort]]
"""Fields to order by, the one that decides first; none is by score."""

Ranked = tuple[Any, Found]
"""What a document is ordered by, among those of all segments, and the document."""


class Order(NamedTuple):
    """What the documents found in one segment are ordered by, in arrays as long as they are."""

    segment: int
    docs: Docs
    """Ascending."""
    columns: list[NDArray[Any]]
    """Ascending, the one that decides first; after all of them decides the key."""
    firsts: list[NDArray[np.int64]]
    """The number of the first value of each document in each sort field, -1 without one."""
    later: NDArray[np.bool_]
    """Which documents come after the place asked for."""
    there: NDArray[np.bool_]
    """Which document stands at that place itself, if it is there."""


def field_order(
    snapshot: Snapshot, i: int, docs: Docs, sorting: Sorting, after: Position | None
) -> Order:
    """Of documents of segment `i`, by fields."""
    columns: list[NDArray[Any]] = []
    places: list[int] = []
    firsts = []
    for at, (field, by) in enumerate(sorting):
        ranks, first, keys = _ranks(snapshot, i, field, docs)
        missing = first < 0
        columns += [missing, np.where(missing, 0, -ranks if by.descending else ranks)]
        firsts.append(first)
        if after is not None:
            value = after.by[at]
            place = 0 if value is None else _place(keys, metadata.sort_key(field, str(value)))
            places += [value is None, -place if by.descending else place]
    return Order(
        i, docs, columns, firsts, *_behind(snapshot.segments[i], docs, columns, places, after)
    )


def score_order(
    snapshot: Snapshot, i: int, docs: Docs, scores: NDArray[np.float64], after: Position | None
) -> Order:
    """Of documents of segment `i`, by their scores."""
    places = [-float(by or 0) for by in after.by] if after is not None else []
    behind = _behind(snapshot.segments[i], docs, [-scores], places, after)
    return Order(i, docs, [-scores], [], *behind)


def _behind(
    segment: Segment,
    docs: Docs,
    columns: Sequence[NDArray[Any]],
    places: Sequence[float],
    after: Position | None,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which documents come after a place, and which stands there."""
    later = np.full(docs.size, after is None)
    if after is None:
        return later, ~later
    same = ~later
    for column, place in zip(columns, places, strict=True):
        later |= same & (column > place)
        same &= column == place
    ranks, (first, behind) = segment.key_rank[docs], _key_ranks(segment, after.key)
    later |= same & (ranks >= behind)
    return later, same & (ranks >= first) & (ranks < behind)


def _key_ranks(segment: Segment, key: str) -> tuple[int, int]:
    """Where a key begins and ends in the order of keys."""
    order, wanted = segment.container["keys.order"], key.encode("utf-8", "surrogatepass")

    def raw(rank: int) -> bytes:
        return segment.keys.raw(order.item(rank))

    ranks = range(segment.documents)
    return bisect_left(ranks, wanted, key=raw), bisect_right(ranks, wanted, key=raw)


def after_score(
    evaluations: Sequence[Evaluation], tree: Node, matched: Sequence[Matched], after: Position
) -> list[Matched]:
    """The documents that come after a place in the order of scores."""
    out, at = [], float(after.by[0] or 0)
    for evaluation, found in zip(evaluations, matched, strict=True):
        docs = found.listed()
        bounds = found.rough[docs] if found.docs is None else evaluation.bounds(tree, docs)
        bonuses = len(evaluation.bonuses)
        added = sum(1 for _ in leaves(tree)) + bonuses
        # With bonuses what is above is not known from the bound, however little they add.
        more = evaluation.most.more + 1e-9 if bonuses else 0.0
        below, unsure = beside(bounds, at, added, more)
        mine = docs[unsure]
        scores = evaluation.scores(tree, mine)
        below[unsure] = _behind(evaluation.segment, mine, [-scores], [-at], after)[0]
        out.append(listed(docs[below]))
    return out


def by_fields(
    snapshot: Snapshot, order: Order, sorting: Sorting, wanted: int | None
) -> list[Ranked]:
    """The first `wanted` documents of one segment in the order of fields, after a place."""
    at = np.flatnonzero(order.later)
    key_rank = snapshot.segments[order.segment].key_rank
    keys = [key_rank[order.docs[at]], *(column[at] for column in reversed(order.columns))]
    first = at[np.lexsort(keys)[:wanted]]
    return [ranked(snapshot, order, sorting, place) for place in first.tolist()]


def ranked(snapshot: Snapshot, order: Order, sorting: Sorting, at: int) -> Ranked:
    """One of the documents of a segment, with what it is ordered by among those of all."""
    i, document = order.segment, int(order.docs[at])
    values: list[tuple[Any, ...] | None] = []
    for (field, _), first in zip(sorting, order.firsts, strict=True):
        column = snapshot.column(i, field.name)
        number = int(first[at])
        if column is None or number < 0:
            values.append(None)
        else:
            values.append(metadata.sort_key(field, column.value(number)))
    score = 0.0 if sorting else -float(order.columns[0][at])
    if not sorting:
        values.append((-score,))
    return (values, (snapshot.segments[i].keys.raw(document),)), Found(i, document, score)


def _place(keys: Sequence[Any], key: Any) -> int:
    """The rank of a key among others, as :func:`_ranks` gives it; odd where it is not there."""
    at = bisect_left(keys, key)
    return 2 * at if at < len(keys) and keys[at] == key else 2 * at - 1


class _KeysOf(Sequence[Any]):
    """What the values of a column are ordered by, each worked out when it is asked for."""

    def __init__(self, field: Field, column: FieldColumn) -> None:
        self._field, self._column = field, column

    def __len__(self) -> int:
        return len(self._column)

    def __getitem__(self, at: Any) -> Any:
        return metadata.sort_key(self._field, self._column.value(at))


def _ranks(
    snapshot: Snapshot, i: int, field: Field, docs: Docs
) -> tuple[NDArray[np.int64], NDArray[np.int64], Sequence[Any]]:
    """Twice the rank of the first value of each document, its number, and what has which rank.

    The number is -1 where there is no value.
    """
    column = snapshot.column(i, field.name)
    first = np.full(snapshot.segments[i].documents, -1, np.int64)
    if column is None:
        return first[docs], first[docs], ()
    documents, numbers = column.pairs()
    # Backwards, so that the first value of a document is written last.
    first[documents[::-1]] = numbers[::-1]
    mine = first[docs]
    if field.kind not in (Kind.NUMBER, Kind.DATE) and column.all_text:
        return 2 * mine, mine, _KeysOf(field, column)
    used = np.unique(mine[mine >= 0])
    keys = [metadata.sort_key(field, column.value(n)) for n in used.tolist()]
    ranks = np.full(len(column), 0, np.int64)
    ascending = sorted(set(keys))
    order = {key: 2 * rank for rank, key in enumerate(ascending)}
    ranks[used] = [order[key] for key in keys]
    return (ranks[mine] if ranks.size else mine), mine, ascending


def merged(pages: list[list[Ranked]], sorting: Sorting) -> list[Found]:
    """The pages of all segments, each in the order of fields, as one."""
    filled = [page for page in pages if page]
    if len(filled) <= 1:
        return [found for page in filled for _, found in page]
    return arranged(list(chain.from_iterable(filled)), [by.descending for _, by in sorting])


def arranged(together: list[Ranked], descending: Sequence[bool]) -> list[Found]:
    """Documents in the order of what they are ordered by, of which some descends."""
    together.sort(key=lambda r: r[0][1])
    for at in reversed(range(len(descending))):
        present = [r for r in together if r[0][0][at] is not None]
        present.sort(key=lambda r: r[0][0][at], reverse=descending[at])
        together = present + [r for r in together if r[0][0][at] is None]
    return [found for _, found in together]
