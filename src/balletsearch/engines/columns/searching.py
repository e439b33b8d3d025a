"""Which stories answer a request, in which order, with what counts?"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import NamedTuple

from balletsearch.engines import metadata
from balletsearch.engines.columns import expanding
from balletsearch.engines.columns.bonuses import bonuses, ceiling
from balletsearch.engines.columns.counting import Counting, Selections
from balletsearch.engines.columns.leaves import Lowered, lower, shown
from balletsearch.engines.columns.ordering import Found, by_fields, by_score, merged
from balletsearch.engines.columns.scoring import Evaluation, listed
from balletsearch.engines.columns.snapshot import Snapshot
from balletsearch.engines.columns.stretches import Shape
from balletsearch.engines.protocol import SearchRequest
from balletsearch.errors import QueryError
from balletsearch.fields import FIELDS, Field
from balletsearch.model import Facet
from balletsearch.query.nodes import Leaf, Node, Range
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


def answer(snapshot: Snapshot, request: SearchRequest) -> Answer:
    """Answer one request on one generation."""
    countable = {name: _known(snapshot, name) for name in request.facets}
    selecting = {s.field: _known(snapshot, s.field) for s in request.where}
    sorting = [(_known(snapshot, by.field), by) for by in request.sort]
    for field in (*countable.values(), *selecting.values()):
        metadata.check_countable(field)
    for field, _ in sorting:
        metadata.check_sortable(field)
    lowered = {leaf: lower(snapshot, leaf) for leaf in leaves(request.tree)}
    weights = {leaf: low.weight * request.factors.get(leaf, 1.0) for leaf, low in lowered.items()}
    wanted = None if request.limit is None else request.offset + request.limit
    beside = bonuses(snapshot, {} if sorting or wanted == 0 else request.bonuses, lowered)
    most = ceiling(request.tree, lowered, weights, beside)
    held = Selections(snapshot, request.where, request.without)
    counting = Counting(snapshot, countable)
    pages, evaluations, matched = [], [], []
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
        if not (countable or selecting or sorting or request.without):
            matched.append(evaluation.matched(request.tree))
            continue
        matching = evaluation.matching(request.tree)
        docs = held.kept(i, matching)
        matched.append(listed(docs))
        for name in countable:
            counting.add(i, name, docs if name not in selecting else held.kept(i, matching, name))
        if sorting:
            pages.append(by_fields(snapshot, i, docs, sorting, wanted))
    page = (
        merged(pages, sorting) if sorting else by_score(evaluations, request.tree, matched, wanted)
    )[request.offset : wanted]
    shapes = [
        shape
        for leaf in dict.fromkeys(shown(request.tree))
        if (shape := lowered[leaf].shape) is not None
    ]
    total = sum(m.found for m in matched)
    notes = _notes(snapshot, request.tree, lowered)
    return Answer(page, total, counting.facets(), notes, shapes)


def _known(snapshot: Snapshot, name: str) -> Field:
    if name not in FIELDS and not snapshot.knows(name):
        known = ", ".join(sorted({*FIELDS, *snapshot.names}))
        raise QueryError(f"No story has a field '{name}'. There are: {known}.")
    return snapshot.field(name)


def _notes(snapshot: Snapshot, tree: Node, lowered: Mapping[Leaf, Lowered]) -> tuple[str, ...]:
    """What to know about the ranges of a tree and its widest words, each note once."""
    ranges = (
        metadata.text_range_note(
            snapshot.field(leaf.field), leaf, list(snapshot.values(leaf.field))
        )
        for leaf in leaves(tree)
        if isinstance(leaf, Range)
    )
    words = chain.from_iterable(
        expanding.notes(snapshot.segments, leaf, low.shape) for leaf, low in lowered.items()
    )
    return tuple(dict.fromkeys(filter(None, chain(ranges, words))))
