"""What does a leaf of the query mean on every segment, and how much is it worth?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

import numpy as np

from balletsearch.columns.segment import Segment, ZoneRange
from balletsearch.engines import bm25, metadata
from balletsearch.engines.columns import lowering
from balletsearch.engines.columns.lowering import Meant
from balletsearch.engines.columns.matching import (
    NOTHING,
    Posting,
    exact_df,
    phrase_starts,
    posting,
    starts_posting,
)
from balletsearch.engines.columns.snapshot import Snapshot
from balletsearch.engines.zones import field_of
from balletsearch.query.nodes import (
    And,
    Everything,
    Fuzzy,
    Leaf,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    View,
    Word,
)

__all__ = ["Lowered", "lower", "shown"]


class Lowered(NamedTuple):
    """A leaf on all segments; `words` per word, then per segment."""

    postings: list[Posting]
    weight: float
    words: list[list[Meant]]


def lower(snapshot: Snapshot, leaf: Leaf) -> Lowered:
    """Where a leaf matches, and its idf."""
    segments = snapshot.segments
    match leaf:
        case Everything() | Range():
            return Lowered([_by_values(snapshot, i, leaf) for i in range(len(segments))], 0.0, [])
        case Word() | Phrase() | Prefix() | Fuzzy() if _label(leaf):
            test = metadata.labelled(snapshot.field(leaf.field), leaf)
            docs = [snapshot.documents_where(i, leaf.field, test) for i in range(len(segments))]
            return Lowered([Posting(d, None) for d in docs], 0.0, [])
        case Phrase():
            return _phrase(snapshot, leaf)
        case Word():
            words = lowering.word(leaf, segments, snapshot.languages)
        case Prefix():
            words = lowering.prefix(leaf, segments)
        case Fuzzy():
            words = lowering.fuzzy(leaf, segments)
    found = [
        posting(segment, meant, zone) if _looks_into(leaf.field, zone) else NOTHING
        for segment, meant in zip(segments, words, strict=True)
        for zone in (segment.zones.get(leaf.field),)
    ]
    df = sum(p.docs.size for p in found)
    return Lowered(found, bm25.idf(snapshot.documents, df), [words])


def _looks_into(field: str, zone: ZoneRange | None) -> bool:
    """Whether a leaf can match: it is in no field, or the segment has the zone."""
    return not field or zone is not None


def _phrase(snapshot: Snapshot, leaf: Phrase) -> Lowered:
    segments = snapshot.segments
    words = [lowering.word(w, segments, snapshot.languages) for w in leaf.words]
    # The surname key plays no part in phrases.
    words = [[replace(meant, surname=-1) for meant in each] for each in words]
    dfs = [0] * len(words)
    found = []
    for i, segment in enumerate(segments):
        zone = segment.zones.get(leaf.field)
        if not _looks_into(leaf.field, zone):
            found.append(NOTHING)
            continue
        meant = [each[i] for each in words]
        starts = phrase_starts(segment, meant, zone)
        found.append(starts_posting(segment, starts, zone))
        for at, one in enumerate(meant):
            dfs[at] += _df(segment, one, zone, leaf.view)
    weight = sum(bm25.idf(snapshot.documents, df) for df in dfs)
    return Lowered(found, weight, words)


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


def _label(leaf: Word | Phrase | Prefix | Fuzzy) -> bool:
    """Whether a leaf asks for whole values of a field that is no zone."""
    return bool(leaf.field) and not field_of(leaf.field).zone


def shown(node: Node) -> Iterator[Leaf]:
    """The leaves whose matches are shown: those not under Not that stand for words of a zone."""
    match node:
        case And(children) | Or(children):
            yield from chain.from_iterable(map(shown, children))
        case Not() | Everything() | Range():
            return
        case leaf:
            if not _label(leaf):
                yield leaf
