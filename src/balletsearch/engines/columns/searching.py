"""Which stories answer a request, in which order, with what counts?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import chain
from typing import NamedTuple

import numpy as np

from balletsearch.engines import metadata
from balletsearch.engines.columns import expanding
from balletsearch.engines.columns.bonuses import bonuses, ceiling
from balletsearch.engines.columns.counting import Counting, Selections
from balletsearch.engines.columns.grouping import Grouped, grouped
from balletsearch.engines.columns.leaves import Lowered, lower, shown
from balletsearch.engines.columns.ordering import Found, by_score
from balletsearch.engines.columns.scoring import Evaluation, Matched, listed
from balletsearch.engines.columns.snapshot import Snapshot
from balletsearch.engines.columns.sorting import (
    Order,
    Sorting,
    after_score,
    by_fields,
    field_order,
    merged,
    score_order,
)
from balletsearch.engines.columns.stretches import Shape
from balletsearch.engines.protocol import SearchRequest
from balletsearch.engines.requests import asked
from balletsearch.errors import QueryError
from balletsearch.facets import Facet
from balletsearch.fields import FIELDS, Field
from balletsearch.model import Value
from balletsearch.query.nodes import Leaf
from balletsearch.query.trees import leaves

__all__ = ["Answer", "answer"]


class Answer(NamedTuple):
    """A page of documents, facts about all that match, and what the shown leaves cover."""

    page: list[Found]
    total: int
    facets: dict[str, Facet]
    notes: tuple[str, ...]
    shown: list[Shape]
    """Of the leaves that have spans."""
    grouped: Grouped | None
    more: bool
    """Whether there are documents behind the page."""


def answer(snapshot: Snapshot, request: SearchRequest) -> Answer:
    """Answer one request on one generation."""
    counted, selecting, sorting, group = asked(request, partial(_known, snapshot))
    lowered = {leaf: lower(snapshot, leaf) for leaf in leaves(request.tree)}
    weights = {leaf: low.weight * request.factors.get(leaf, 1.0) for leaf, low in lowered.items()}
    wanted = None if request.limit is None else request.offset + request.limit
    beside = bonuses(snapshot, {} if sorting or wanted == 0 else request.bonuses, lowered)
    most = ceiling(request.tree, lowered, weights, beside)
    held = Selections(snapshot, request.where, request.without)
    counting = Counting(snapshot, counted)
    evaluations, matched = [], []
    for i, segment in enumerate(snapshot.segments):
        evaluation = Evaluation(
            segment,
            {leaf: low.postings[i] for leaf, low in lowered.items()},
            weights,
            snapshot.norms(i),
            bonuses=[(bonus.weight, bonus.sought[i]) for bonus in beside],
            most=most,
        )
        evaluations.append(evaluation)
        if not (counted or selecting or sorting or group or request.without):
            matched.append(evaluation.matched(request.tree))
            continue
        matching = evaluation.matching(request.tree)
        docs = held.kept(i, matching)
        matched.append(listed(docs))
        for name in counted:
            counting.add(i, name, docs if name not in selecting else held.kept(i, matching, name))
    wanted = None if request.limit is None else request.offset + request.limit
    ordering = _Ordering(snapshot, request, sorting, evaluations, matched)
    if group is not None:
        groups = grouped(snapshot, group, ordering.orders(), sorting, request)
        page, rest = groups.page, groups.rest
    else:
        groups = None
        page, rest = ordering.page(wanted)
    shapes = [
        shape
        for leaf in dict.fromkeys(shown(request.tree))
        if (shape := lowered[leaf].shape) is not None
    ]
    return Answer(
        page[request.offset : wanted],
        sum(m.found for m in matched),
        counting.facets(),
        _notes(snapshot, request, lowered),
        shapes,
        groups,
        wanted is not None and rest > wanted,
    )


class _Ordering(NamedTuple):
    """What was found in each segment, to be put in the order asked for."""

    snapshot: Snapshot
    request: SearchRequest
    sorting: Sorting
    evaluations: list[Evaluation]
    matched: list[Matched]

    def page(self, wanted: int | None) -> tuple[list[Found], int]:
        """The first documents after the place asked for, and how many there are after it."""
        tree, after = self.request.tree, self.request.after
        if self.sorting:
            orders = self.orders()
            pages = [by_fields(self.snapshot, o, self.sorting, wanted) for o in orders]
            rest = sum(int(np.count_nonzero(order.later)) for order in orders)
            return merged(pages, self.sorting), rest
        matched = self.matched
        if after is not None:
            matched = after_score(self.evaluations, tree, matched, after)
        return by_score(self.evaluations, tree, matched, wanted), sum(m.found for m in matched)

    def orders(self) -> list[Order]:
        """How all documents of each segment are ordered."""
        tree, after = self.request.tree, self.request.after
        out = []
        for i, (evaluation, found) in enumerate(zip(self.evaluations, self.matched, strict=True)):
            docs = found.listed()
            if self.sorting:
                out.append(field_order(self.snapshot, i, docs, self.sorting, after))
            else:
                scores = evaluation.scores(tree, docs)
                out.append(score_order(self.snapshot, i, docs, scores, after))
        return out


def _known(snapshot: Snapshot, name: str) -> Field:
    if name not in FIELDS and not snapshot.knows(name):
        known = ", ".join(sorted({*FIELDS, *snapshot.names}))
        raise QueryError(f"No story has a field '{name}'. There are: {known}.")
    return snapshot.field(name)


def _notes(
    snapshot: Snapshot, request: SearchRequest, lowered: Mapping[Leaf, Lowered]
) -> tuple[str, ...]:
    """What to know about the ranges of a request and its widest words, each note once."""

    def values(name: str) -> list[Value]:
        return list(snapshot.values(name))

    ranges = metadata.range_notes(request, snapshot.field, values)
    words = chain.from_iterable(
        expanding.notes(snapshot.segments, leaf, low.shape) for leaf, low in lowered.items()
    )
    return tuple(dict.fromkeys(chain(ranges, words)))
