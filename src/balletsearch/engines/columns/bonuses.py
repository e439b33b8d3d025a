"""What do leaves beside the tree add to the scores of documents, and how much at most?

They are looked for only in documents that may be among the first. How much they can add is bounded
by what words of the tree count, since the very form of a word comes no more often than all its
forms, and two words together no more often than each of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from balletsearch.engines import bm25
from balletsearch.engines.columns.among import Ceiling, Row, Sought
from balletsearch.engines.columns.leaves import Lowered, looks_into, lower, phrase_meant
from balletsearch.engines.columns.lowering import Meant, word
from balletsearch.engines.columns.matching import exact_df
from balletsearch.engines.columns.snapshot import Snapshot
from balletsearch.engines.zones import field_of
from balletsearch.query.nodes import And, Gap, Leaf, Node, Or, Phrase, Slot, View, Word

__all__ = ["Bonus", "bonuses", "ceiling"]


@dataclass(frozen=True, slots=True)
class Bonus:
    """A leaf beside the tree: its idf times what it counts, and where it comes in each segment."""

    leaf: Leaf
    weight: float
    sought: Sequence[Sought]
    meant: Sequence[Meant] = ()
    """Of a word what it means in each segment."""


def bonuses(
    snapshot: Snapshot, counting: Mapping[Leaf, float], lowered: Mapping[Leaf, Lowered]
) -> list[Bonus]:
    """Leaves that count so much, looked up; `lowered` are those of the tree."""
    return [_bonus(snapshot, leaf, factor, lowered) for leaf, factor in counting.items()]


def _bonus(snapshot: Snapshot, leaf: Leaf, factor: float, lowered: Mapping[Leaf, Lowered]) -> Bonus:
    match leaf:
        case Word(field=name, view=View.EXACT) if not name or field_of(name).zone:
            return _exact(snapshot, leaf, factor)
        case Phrase(words, name, 0) if (not name or field_of(name).zone) and _plain(words):
            return _phrase(snapshot, leaf, factor, lowered)
    low = lower(snapshot, leaf)
    return Bonus(leaf, low.weight * factor, low.postings)


def _plain(words: Sequence[Slot]) -> bool:
    """Whether a phrase is of words and gaps, and begins with a word; not letter by letter."""
    return isinstance(words[0], Word) and all(
        isinstance(w, Gap) or (isinstance(w, Word) and w.view is not View.TYPED) for w in words
    )


def _exact(snapshot: Snapshot, leaf: Word, factor: float) -> Bonus:
    meant = word(leaf, snapshot.segments, snapshot.languages)
    df = sum(
        exact_df(segment, each, segment.zones.get(leaf.field))
        for segment, each in zip(snapshot.segments, meant, strict=True)
        if looks_into(segment, leaf.field)
    )
    weight = bm25.idf(snapshot.documents, df) * factor
    return Bonus(leaf, weight, [Row([each], leaf.field) for each in meant], meant)


def _phrase(
    snapshot: Snapshot, leaf: Phrase, factor: float, lowered: Mapping[Leaf, Lowered]
) -> Bonus:
    slots, weight = phrase_meant(snapshot, leaf, lowered)
    runs = [
        Row([None if slot is None else slot[i] for slot in slots], leaf.field)
        for i in range(len(snapshot.segments))
    ]
    return Bonus(leaf, weight * factor, runs)


def ceiling(
    tree: Node,
    lowered: Mapping[Leaf, Lowered],
    weights: Mapping[Leaf, float],
    beside: Sequence[Bonus],
) -> Ceiling:
    """The bound of scores under these weights of leaves and these bonuses."""
    raised = dict(weights)
    more = 0.0
    # Where And is within Or, a word may come in a document to whose score it adds nothing.
    flat = not isinstance(tree, And | Or) or all(isinstance(c, Leaf) for c in tree.children)
    for bonus in beside:
        by = _bounding(bonus, lowered) if flat else []
        if by:
            # Either of two words bounds what both are worth together: fewer have the rarer.
            raised[max(by, key=weights.__getitem__)] += bonus.weight
        else:
            more += bonus.weight
    return Ceiling(raised, more)


def _bounding(bonus: Bonus, lowered: Mapping[Leaf, Lowered]) -> list[Leaf]:
    """The leaves of the tree that come at least as often as a bonus, in whatever document."""
    match bonus.leaf:
        case Word(text, field):
            leaf = Word(text, field)
            if leaf in lowered and _within(bonus.meant, lowered[leaf]):
                return [leaf]
        case Phrase(words, field):
            alike = (Word(w.text, field, w.view) for w in words if isinstance(w, Word))
            return [leaf for leaf in alike if leaf in lowered]
    return []


def _within(meant: Sequence[Meant], low: Lowered) -> bool:
    """Whether a word is among those that another one means, in each segment."""
    means = getattr(low.shape, "words", None)
    if not meant or not means:
        return False
    pairs = zip(meant, chain.from_iterable(means), strict=True)
    return all(
        set(theirs.entries.tolist()).issuperset(mine.entries.tolist()) for mine, theirs in pairs
    )
