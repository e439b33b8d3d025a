"""Which documents have the best scores?

Those of all segments are compared at once. The order of fields is in `sorting.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.ranking import candidates, reaching
from balletsearch.columns.segment import Segment
from balletsearch.columns.values import Docs
from balletsearch.engines.columns.leaves import shown
from balletsearch.engines.columns.scoring import Evaluation, Matched
from balletsearch.query.nodes import Node
from balletsearch.query.trees import leaves

__all__ = ["Found", "by_score"]


class Found(NamedTuple):
    """One document of a page."""

    segment: int
    document: int
    score: float
    group: int = -1
    """The number of the value that it stands for; -1 where it stands for itself."""


_SOME: Final = 1 << 14
"""So many scores are worked out in 64 bits at once; of more, in 32 bits first."""

_FIRST: Final = 96
"""Where there are bonuses, at least so many documents say what it takes to be among the best."""


def by_score(
    evaluations: Sequence[Evaluation], tree: Node, matched: Sequence[Matched], wanted: int | None
) -> list[Found]:
    """The best `wanted` documents, best first, of those that match in each segment."""
    size = sum(m.found for m in matched)
    if not size or wanted == 0:
        return []
    if wanted is None or size <= wanted:
        docs = [m.listed() for m in matched]
        scores = _scores(evaluations, tree, docs)
    elif _scored(tree) or any(e.bonuses for e in evaluations):
        docs, scores = _best(evaluations, tree, matched, wanted)
    else:
        parts = zip(evaluations, matched, strict=True)
        docs = [_by_key(e.segment, m.listed(), wanted) for e, m in parts]
        scores = _scores(evaluations, tree, docs)
    return _ordered(evaluations, docs, scores)[:wanted]


def _best(
    evaluations: Sequence[Evaluation], tree: Node, matched: Sequence[Matched], wanted: int
) -> tuple[list[Docs], NDArray[Any]]:
    """Of each segment the documents that are among the best, ascending, and all their scores."""
    beside = [e for e in evaluations if e.bonuses]
    listed = all(m.docs is not None for m in matched)
    if not beside and listed and sum(m.size for m in matched) <= _SOME:
        scores = _scores(evaluations, tree, [m.listed() for m in matched])
        at = candidates(scores, wanted, 0)
        docs, scores = _documents(matched, at), scores[at]
        return _above(evaluations, docs, scores, wanted) if scores.size > wanted else (docs, scores)
    bounds = _together(
        [
            m.rough if m.docs is None else e.bounds(tree, m.docs)
            for e, m in zip(evaluations, matched, strict=True)
        ]
    )
    added = sum(1 for _ in leaves(tree))
    at = candidates(bounds, max(wanted, _FIRST) if beside else wanted, added)
    docs, scores = _scored_at(evaluations, tree, matched, bounds, at)
    if beside and scores.size >= wanted:
        least = np.partition(scores, scores.size - wanted)[scores.size - wanted]
        more = reaching(bounds, least - beside[0].most.more, added + len(beside[0].bonuses))
        if more.size > at.size:
            docs, scores = _scored_at(evaluations, tree, matched, bounds, more)
    return _above(evaluations, docs, scores, wanted) if scores.size > wanted else (docs, scores)


def _scored_at(
    evaluations: Sequence[Evaluation],
    tree: Node,
    matched: Sequence[Matched],
    bounds: NDArray[Any],
    at: NDArray[Any],
) -> tuple[list[Docs], NDArray[Any]]:
    """The documents at some places that match, and their scores."""
    laid_out = [m.docs is None for m in matched]
    if any(laid_out):
        # Where the bounds of all are given, 0 is no match; what is listed matches with 0 too.
        good = bounds[at] > 0
        if not all(laid_out):
            good |= ~np.repeat(laid_out, [m.size for m in matched])[at]
        at = at[good]
    docs = _documents(matched, at)
    return docs, _scores(evaluations, tree, docs)


def _documents(matched: Sequence[Matched], at: NDArray[Any]) -> list[Docs]:
    """Of each segment the documents at some places among those of all segments."""
    if len(matched) == 1:
        return [matched[0].at(at)]
    starts = np.cumsum([0, *(m.size for m in matched)])
    bounds = pairwise(np.searchsorted(at, starts).tolist())
    return [
        m.at(at[first:last] - start)
        for m, start, (first, last) in zip(matched, starts.tolist(), bounds, strict=False)
    ]


def _together(parts: list[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(parts) if len(parts) > 1 else parts[0]


def _scores(evaluations: Sequence[Evaluation], tree: Node, docs: Sequence[Docs]) -> NDArray[Any]:
    """The scores of documents of all segments, one behind the other."""
    parts = zip(evaluations, docs, strict=True)
    return _together([e.scores(tree, mine) for e, mine in parts])


def _ordered(
    evaluations: Sequence[Evaluation], docs: Sequence[Docs], scores: NDArray[Any]
) -> list[Found]:
    """Documents of all segments by their scores, those with the same by key."""
    found = [(i, document) for i, mine in enumerate(docs) for document in mine.tolist()]
    order = np.argsort(-scores)
    page = [
        Found(found[at][0], found[at][1], score)
        for at, score in zip(order.tolist(), scores[order].tolist(), strict=True)
    ]
    if len({one.score for one in page}) < len(page):
        page.sort(key=lambda f: (-f.score, evaluations[f.segment].segment.keys.raw(f.document)))
    return page


def _above(
    evaluations: Sequence[Evaluation],
    matching: Sequence[Docs],
    scores: NDArray[Any],
    wanted: int,
) -> tuple[list[Docs], NDArray[Any]]:
    """The best `wanted` documents, and of those that tie with the last, the first by key."""
    last = np.partition(scores, scores.size - wanted)[scores.size - wanted]
    out, kept, start = [], [], 0
    for evaluation, docs in zip(evaluations, matching, strict=True):
        mine = scores[start : start + docs.size]
        start += docs.size
        tied = docs[mine == last]
        if tied.size > wanted:
            firsts = _by_key(evaluation.segment, tied, wanted)
            good = (mine > last) | np.isin(docs, firsts)
        else:
            good = mine >= last
        out.append(docs[good])
        kept.append(mine[good])
    return out, np.concatenate(kept)


def _by_key(segment: Segment, docs: Docs, wanted: int) -> Docs:
    """The first `wanted` of some documents by key, ascending."""
    if docs.size <= wanted:
        return docs
    return np.sort(docs[np.argpartition(segment.key_rank[docs], wanted)[:wanted]])


def _scored(tree: Node) -> bool:
    return any(True for _ in shown(tree))
