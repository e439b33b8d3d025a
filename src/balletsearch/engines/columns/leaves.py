"""What does a leaf of the query mean on every segment, and how much is it worth?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np

from balletsearch.columns.segment import Segment
from balletsearch.columns.values import Docs, ZoneRange
from balletsearch.engines import bm25, metadata
from balletsearch.engines.columns import lowering
from balletsearch.engines.columns.lowering import Meant
from balletsearch.engines.columns.matching import (
    NOTHING,
    Posting,
    exact_df,
    posting,
    starts_posting,
)
from balletsearch.engines.columns.snapshot import Snapshot
from balletsearch.engines.columns.stretches import InSegment, Run, Shape, windows
from balletsearch.engines.protocol import OneWord
from balletsearch.engines.shapes import Either, Pair, Together
from balletsearch.engines.zones import field_of
from balletsearch.errors import QueryError
from balletsearch.query import trees
from balletsearch.query.nodes import (
    Everything,
    Fuzzy,
    Gap,
    Leaf,
    Near,
    Node,
    Or,
    Phrase,
    Prefix,
    Range,
    Regex,
    Slot,
    Sound,
    View,
    Wildcard,
    Within,
    Word,
)

__all__ = ["Lowered", "looks_into", "lower", "meanings", "phrase_meant", "shown"]


class Lowered(NamedTuple):
    """A leaf on all segments; `shape` is what its spans cover, None where it has none."""

    postings: list[Posting]
    weight: float
    shape: Shape | None


_NONE: Final[Mapping[Leaf, Lowered]] = {}


def lower(snapshot: Snapshot, leaf: Leaf) -> Lowered:
    """Where a leaf matches, and its idf."""
    segments = snapshot.segments
    match leaf:
        case Everything() | Range():
            return Lowered([_by_values(snapshot, i, leaf) for i in range(len(segments))], 0.0, None)
        case Near() | Within():
            return _beside(snapshot, leaf)
        case _ if _label(leaf):
            test = metadata.labelled(snapshot.field(leaf.field), leaf)
            docs = [snapshot.documents_where(i, leaf.field, test) for i in range(len(segments))]
            return Lowered([Posting(d, None) for d in docs], 0.0, None)
        case Phrase():
            return _phrase(snapshot, leaf)
        case _:
            words = meanings(snapshot, leaf)
    found = [
        posting(segment, meant, segment.zones.get(leaf.field))
        if looks_into(segment, leaf.field)
        else NOTHING
        for segment, meant in zip(segments, words, strict=True)
    ]
    df = sum(p.docs.size for p in found)
    return Lowered(found, bm25.idf(snapshot.documents, df), Run([words], leaf.field))


def meanings(snapshot: Snapshot, leaf: OneWord) -> list[Meant]:
    """What a leaf of one word means in each segment."""
    match leaf:
        case Word():
            return lowering.word(leaf, snapshot.segments, snapshot.languages)
        case Prefix():
            return lowering.prefix(leaf, snapshot.segments)
        case Fuzzy():
            return lowering.fuzzy(leaf, snapshot.segments)
        case _:
            return lowering.pattern(leaf, snapshot.segments)


def looks_into(segment: Segment, field: str) -> bool:
    """Whether a leaf can match: it is in no field, or the segment has the zone."""
    return not field or field in segment.zones


def _phrase(snapshot: Snapshot, leaf: Phrase) -> Lowered:
    slots, weight = phrase_meant(snapshot, leaf)
    shape = Run(slots, leaf.field, leaf.slop)
    found = [
        starts_posting(
            segment,
            windows(shape, i, InSegment(segment)).starts,
            segment.zones.get(leaf.field),
        )
        if looks_into(segment, leaf.field)
        else NOTHING
        for i, segment in enumerate(snapshot.segments)
    ]
    return Lowered(found, weight, shape)


def phrase_meant(
    snapshot: Snapshot, leaf: Phrase, known: Mapping[Leaf, Lowered] = _NONE
) -> tuple[list[list[Meant] | None], float]:
    """What each slot of a phrase means in each segment, and the idf of all; None is any word.

    Words that are among the leaves `known` are not looked up again.
    """
    slots: list[list[Meant] | None] = []
    for slot in leaf.words:
        alone = known.get(replace(slot, field=leaf.field)) if isinstance(slot, Word) else None
        shape = alone.shape if alone is not None else None
        if isinstance(shape, Run) and (means := shape.words[0]) is not None:
            slots.append([replace(meant, surname=-1) for meant in means])
        else:
            slots.append(_slot(snapshot, slot))
    words = [slot for slot in slots if slot is not None]
    if not words:
        raise QueryError(f"{leaf} has no word to look for, only gaps.")
    dfs = [0] * len(words)
    for i, segment in enumerate(snapshot.segments):
        if looks_into(segment, leaf.field):
            for at, word in enumerate(words):
                dfs[at] += _df(segment, word[i], segment.zones.get(leaf.field), leaf.view)
    return slots, sum(bm25.idf(snapshot.documents, df) for df in dfs)


def _slot(snapshot: Snapshot, slot: Slot) -> list[Meant] | None:
    """What a slot of a phrase means in each segment; None if any word fits."""
    if isinstance(slot, Gap):
        return None
    # The surname key plays no part in phrases.
    return [replace(meant, surname=-1) for meant in meanings(snapshot, slot)]


def _beside(snapshot: Snapshot, leaf: Near | Within) -> Lowered:
    where = [InSegment(segment) for segment in snapshot.segments]
    side = _link(snapshot, leaf, where)
    found = [
        starts_posting(each.segment, windows(side.shape, i, each).starts, None)
        for i, each in enumerate(where)
    ]
    return Lowered(found, side.weight, side.shape)


class _Side(NamedTuple):
    """One side of Near or Within: what it covers, its idf, and the documents of each segment.

    Those are asked for by an Or only: for NEAR within NEAR its windows are enough.
    """

    shape: Shape
    weight: float
    docs: Callable[[], list[Docs]]


def _link(snapshot: Snapshot, leaf: Near | Within, where: Sequence[InSegment]) -> _Side:
    """Things near one another, or in one sentence, as a side of others."""
    shape: Shape
    match leaf:
        case Near(left, right, distance):
            sides = [_side(snapshot, side, where) for side in (left, right)]
            shape = Pair(sides[0].shape, sides[1].shape, distance)
        case Within(unit, inner):
            sides = [_side(snapshot, side, where) for side in inner]
            shape = Together(tuple(side.shape for side in sides), unit)

    def docs() -> list[Docs]:
        starts = (windows(shape, i, each).starts for i, each in enumerate(where))
        return [
            starts_posting(each.segment, found, None).docs
            for each, found in zip(where, starts, strict=True)
        ]

    return _Side(shape, sum(side.weight for side in sides), docs)


def _side(snapshot: Snapshot, node: Node, where: Sequence[InSegment]) -> _Side:
    match node:
        case Or(children) if children:
            sides = [_side(snapshot, child, where) for child in children]
            found = [
                np.unique(np.concatenate(each))
                for each in zip(*(side.docs() for side in sides), strict=True)
            ]
            weight = bm25.idf(snapshot.documents, sum(docs.size for docs in found))
            return _Side(Either(tuple(side.shape for side in sides)), weight, lambda: found)
        case Near() | Within() if trees.positional(node):
            return _link(snapshot, node, where)
        case Word() | Phrase() | Prefix() | Fuzzy() | Wildcard() | Regex() | Sound():
            lowered = lower(snapshot, node)
            if lowered.shape is not None:
                docs = [posting.docs for posting in lowered.postings]
                return _Side(lowered.shape, lowered.weight, lambda: docs)
    raise QueryError(f"'{node}' cannot be near to something: it does not stand for words.")


def _df(segment: Segment, meant: Meant, zone: ZoneRange | None, view: View) -> int:
    if view is View.EXACT:
        return exact_df(segment, meant, zone)
    if zone is None and meant.stems is not None and len(meant.stems) == 1:
        return segment.df(meant.stems[0])
    return posting(segment, meant, zone).docs.size


def _by_values(snapshot: Snapshot, i: int, leaf: Everything | Range) -> Posting:
    segment = snapshot.segments[i]
    match leaf:
        case Range():
            test = metadata.in_range(snapshot.field(leaf.field), leaf)
            return Posting(snapshot.documents_where(i, leaf.field, test), None)
        case Everything(""):
            mask = np.ones(segment.documents, np.bool_)
        case Everything("body"):
            mask = segment.container["has_body"].all().astype(np.bool_)
        case Everything(name):
            mask = snapshot.having(i, name)
    if segment.live is not None:
        mask = mask & segment.live
    return Posting(np.flatnonzero(mask), None)


def _label(leaf: Leaf) -> bool:
    """Whether a leaf asks for whole values of a field that is no zone."""
    return (
        not isinstance(leaf, Near | Within) and bool(leaf.field) and not field_of(leaf.field).zone
    )


def shown(node: Node) -> Iterator[Leaf]:
    """The leaves whose matches are shown: those not under Not that stand for words of a zone."""
    for leaf in trees.shown(node):
        if not isinstance(leaf, Everything | Range) and not _label(leaf):
            yield leaf
