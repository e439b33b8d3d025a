"""Which documents come first?

Each segment gives its own first ones; what they are ordered by is comparable over segments.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.ranking import candidates
from balletsearch.columns.segment import Docs
from balletsearch.engines import metadata
from balletsearch.engines.columns.leaves import shown
from balletsearch.engines.columns.scoring import Evaluation
from balletsearch.engines.columns.snapshot import Snapshot
from balletsearch.engines.protocol import Sort
from balletsearch.fields import Field
from balletsearch.query.nodes import Node, leaves

__all__ = ["Found", "Ranked", "by_fields", "by_score", "merged"]


class Found(NamedTuple):
    """One document of a page."""

    segment: int
    document: int
    score: float


Sorting = Sequence[tuple[Field, Sort]]
"""Fields to order by, the one that decides first."""

Ranked = tuple[Any, Found]
"""What a document is ordered by, among those of all segments, and the document."""


def by_score(
    evaluation: Evaluation, i: int, tree: Node, docs: Docs, wanted: int | None
) -> list[Ranked]:
    """The best `wanted` documents of one segment, best first."""
    segment = evaluation.segment
    if wanted is not None and docs.size > wanted:
        if _scored(tree):
            added = sum(1 for _ in leaves(tree))
            rough = evaluation.scores(tree, docs, precise=False)
            docs = docs[candidates(rough, wanted, added)]
        else:
            # All score 0: the first by key.
            mask = np.zeros(segment.documents, np.bool_)
            mask[docs] = True
            by_key = segment.by_key()
            docs = np.sort(by_key[mask[by_key]][:wanted])
    scores = evaluation.scores(tree, docs, precise=True)
    order = np.lexsort((segment.key_rank[docs], -scores))[:wanted]
    return [
        ((-score, segment.keys.raw(document)), Found(i, document, score))
        for document, score in zip(docs[order].tolist(), scores[order].tolist(), strict=True)
    ]


def _scored(tree: Node) -> bool:
    return any(True for _ in shown(tree))


def by_fields(
    snapshot: Snapshot,
    i: int,
    docs: Docs,
    sorting: Sequence[tuple[Field, Sort]],
    wanted: int | None,
) -> list[Ranked]:
    """The first `wanted` documents of one segment in the order of fields."""
    segment = snapshot.segments[i]
    keys: list[NDArray[Any]] = [segment.key_rank[docs]]
    firsts: list[NDArray[np.int64]] = []
    for field, by in reversed(sorting):
        ranks, first = _ranks(snapshot, i, field, docs)
        missing = first < 0
        keys.append(np.where(missing, 0, -ranks if by.descending else ranks))
        keys.append(missing)
        firsts.insert(0, first)
    order = np.lexsort(keys)[:wanted]
    page = []
    for at in order.tolist():
        document = int(docs[at])
        values: list[tuple[Any, ...] | None] = []
        for (field, _), first in zip(sorting, firsts, strict=True):
            column = snapshot.column(i, field.name)
            number = int(first[at])
            if column is None or number < 0:
                values.append(None)
            else:
                values.append(metadata.sort_key(field, column.value(number)))
        page.append(((values, segment.keys.raw(document)), Found(i, document, 0.0)))
    return page


def _ranks(
    snapshot: Snapshot, i: int, field: Field, docs: Docs
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rank of the first value of each document, and its number; -1 where there is none."""
    column = snapshot.column(i, field.name)
    first = np.full(snapshot.segments[i].documents, -1, np.int64)
    if column is None:
        return first[docs], first[docs]
    documents, numbers = column.pairs()
    # Backwards, so that the first value of a document is written last.
    first[documents[::-1]] = numbers[::-1]
    mine = first[docs]
    used = np.unique(mine[mine >= 0])
    keys = [metadata.sort_key(field, column.value(n)) for n in used.tolist()]
    ranks = np.full(len(column), 0, np.int64)
    order = {key: rank for rank, key in enumerate(sorted(set(keys)))}
    ranks[used] = [order[key] for key in keys]
    return (ranks[mine] if ranks.size else mine), mine


def merged(pages: list[list[Ranked]], sorting: Sequence[tuple[Field, Sort]]) -> list[Found]:
    """The pages of all segments as one."""
    filled = [page for page in pages if page]
    if len(filled) <= 1:
        return [found for page in filled for _, found in page]
    together = list(chain.from_iterable(filled))
    if not sorting:
        return [found for _, found in sorted(together, key=lambda r: r[0])]
    together.sort(key=lambda r: r[0][1])
    for at in reversed(range(len(sorting))):
        present = [r for r in together if r[0][0][at] is not None]
        present.sort(key=lambda r: r[0][0][at], reverse=sorting[at][1].descending)
        together = present + [r for r in together if r[0][0][at] is None]
    return [found for _, found in together]
