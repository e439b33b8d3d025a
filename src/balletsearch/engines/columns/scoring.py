"""Which documents of one segment match a tree, and with which scores?

Matching gives ascending documents, and scores are worked out for documents that are given; but
where any of several common words is enough, both are one step: what scores above 0 matches. That
is asked of words that count in whole units only, of which none counts nothing. Formulas:
`docs/semantics.md`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.postings import GALLOP, meet, places, taken
from balletsearch.columns.ranking import saturated
from balletsearch.columns.segment import Segment
from balletsearch.columns.values import Docs
from balletsearch.engines.bm25 import K1, B
from balletsearch.engines.columns.among import Ceiling, Sought, units_among
from balletsearch.engines.columns.matching import Posting
from balletsearch.engines.columns.weights import UNIT
from balletsearch.query.nodes import And, Leaf, Node, Not, Or, Weighted

__all__ = ["Evaluation", "Matched", "Norms", "listed", "norms"]

Scores = NDArray[Any]


class Norms(NamedTuple):
    """What BM25 adds to the frequency below the line, for each document of a segment."""

    rough: NDArray[np.float32]
    precise: NDArray[np.float64]


def norms(lengths: NDArray[np.uint32], average: float) -> Norms:
    """Of documents by their lengths in units; the average is in words."""
    by_length = K1 * B / average if average else 0.0
    norm: NDArray[np.float64] = K1 * (1 - B) + by_length * (lengths.astype(np.float64) * UNIT)
    return Norms(norm.astype(np.float32), norm)


class Matched(NamedTuple):
    """The documents of one segment that match: listed, or by the scores of all."""

    found: int
    """How many match."""
    docs: Docs | None
    """Ascending, without the deleted; None where they are not listed."""
    rough: Scores
    """Of every document of the segment, 0 for those that do not match, where none is listed."""

    @property
    def size(self) -> int:
        """Documents that are listed, or scores."""
        return self.rough.size if self.docs is None else self.docs.size

    def listed(self) -> Docs:
        """The documents."""
        return np.flatnonzero(self.rough) if self.docs is None else self.docs

    def at(self, which: NDArray[Any]) -> Docs:
        """The documents at some places of the list or among the scores."""
        return which if self.docs is None else self.docs[which]


_NO_SCORES: Final = np.zeros(0, np.float32)

_LEAST: Final = 1e-9
"""Weights from which on a score of 32 bits stays above 0."""


def listed(docs: Docs) -> Matched:
    """Documents that are listed, as what matched."""
    return Matched(docs.size, docs, _NO_SCORES)


class Evaluation:
    """A tree on one segment.

    `postings` are those of its leaves, `weights` their idf times what they count. With the
    `bonuses` of this segment, their weights and where they come, no score is above `most`.
    """

    def __init__(
        self,
        segment: Segment,
        postings: Mapping[Leaf, Posting],
        weights: Mapping[Leaf, float],
        norms: Norms,
        *,
        bonuses: Sequence[tuple[float, Sought]] = (),
        most: Ceiling | None = None,
    ) -> None:
        self.segment = segment
        self.bonuses = bonuses
        self.most = most or Ceiling(weights, 0.0)
        self._postings = postings
        self._weights = weights
        self._norms = norms
        self._matching: dict[int, Docs] = {}

    # Matching.

    def matching(self, node: Node) -> Docs:
        """The documents that match, ascending, without the deleted."""
        # By identity: the tree is held by the caller, and equal parts are rare.
        found = self._matching.get(id(node))
        if found is None:
            found = self._matching[id(node)] = self._matched(node)
        return found

    def _matched(self, node: Node) -> Docs:
        match node:
            case And(children):
                return self._all_of(children)
            case Or(children):
                return self._any_of(children)
            case Not(child):
                return self._none_of(child)
            case Weighted(child):
                return self.matching(child)
            case leaf:
                return self._postings[leaf].docs

    def _all_of(self, children: tuple[Node, ...]) -> Docs:
        wanted = sorted((self.matching(c) for c in children if not isinstance(c, Not)), key=len)
        barred = [c.child for c in children if isinstance(c, Not)]
        if not wanted:
            wanted = [self._everything()]
        docs = wanted[0]
        for other in wanted[1:]:
            docs = meet(docs, other, self.segment.documents)
        for child in barred:
            docs = docs[~self._among(docs, self.matching(child))]
        return docs

    def _any_of(self, children: tuple[Node, ...]) -> Docs:
        parts = [self.matching(child) for child in children]
        if sum(p.size for p in parts) < self.segment.documents >> 4:
            return np.unique(np.concatenate(parts)) if parts else np.zeros(0, np.intp)
        mask = np.zeros(self.segment.documents, np.bool_)
        for part in parts:
            mask[part] = True
        return np.flatnonzero(mask)

    def _none_of(self, child: Node) -> Docs:
        live = self.segment.live
        mask = np.ones(self.segment.documents, np.bool_) if live is None else live.copy()
        mask[self.matching(child)] = False
        return np.flatnonzero(mask)

    def _everything(self) -> Docs:
        if self.segment.live is None:
            return np.arange(self.segment.documents)
        return np.flatnonzero(self.segment.live)

    def matched(self, node: Node) -> Matched:
        """The documents that match, in the form that is cheapest to rank."""
        rough = self._laid_out(node) if isinstance(node, Or) else None
        if rough is None:
            return listed(self.matching(node))
        return Matched(int(np.count_nonzero(rough > 0)), None, rough)

    def _among(self, docs: Docs, others: Docs) -> NDArray[np.bool_]:
        """Which of `docs` are among `others`, both ascending."""
        if others.size > GALLOP * docs.size:
            return places(others, docs)[1]
        mask = np.zeros(self.segment.documents, np.bool_)
        mask[others] = True
        return taken(mask, docs)

    # Scores.

    def scores(self, tree: Node, docs: Docs) -> Scores:
        """The scores of documents that match, ascending, with bonuses.

        In 64 bits, added in the order of the tree.
        """
        total = self._of_node(tree, docs, self._weights, precise=True)
        if self.bonuses:
            found = units_among(self.segment, docs, [sought for _, sought in self.bonuses])
            found *= UNIT
            found /= found + taken(self._norms.precise, docs)
            # One by one, since a product of matrices may round equal columns differently.
            for (weight, _), units in zip(self.bonuses, found, strict=True):
                total += weight * units
        return total

    def bounds(self, tree: Node, docs: Docs) -> Scores:
        """What the scores of documents that match are not above but for `most.more`, in 32 bits.

        Without bonuses these are the scores themselves.
        """
        return self._of_node(tree, docs, self.most.weights, precise=False)

    def _of_node(
        self, node: Node, docs: Docs, weights: Mapping[Leaf, float], *, precise: bool
    ) -> Scores:
        """The scores of documents, ascending; 0 for those that do not match."""
        match node:
            case And(children):
                inside = self.matching(node)
                if docs is inside:
                    return self._summed(children, docs, weights, precise)
                at = self._among(docs, inside)
                out = self._zeros(docs, precise)
                out[at] = self._summed(children, docs[at], weights, precise)
                return out
            case Or(children):
                return self._summed(children, docs, weights, precise)
            case Not():
                return self._zeros(docs, precise)
            case Weighted(child, factor):
                weighed = self._of_node(child, docs, weights, precise=precise)
                return weighed * weighed.dtype.type(factor)
            case leaf:
                return self._of_posting(self._postings[leaf], weights[leaf], docs, precise)

    @staticmethod
    def _zeros(docs: Docs, precise: bool) -> Scores:
        return np.zeros(docs.size, np.float64 if precise else np.float32)

    def _summed(
        self,
        children: tuple[Node, ...],
        docs: Docs,
        weights: Mapping[Leaf, float],
        precise: bool,
    ) -> Scores:
        total = self._zeros(docs, precise)
        for child in children:
            total += self._of_node(child, docs, weights, precise=precise)
        return total

    def _laid_out(self, node: Or) -> Scores | None:
        """The bounds of all documents (see `bounds`), 0 for those that do not match.

        None where something else than leaves is among the children, where one of them may count
        nothing, or where they match too few documents for this to be cheaper.
        """
        postings = []
        for child in node.children:
            leaf, factor = (
                (child.child, child.factor) if isinstance(child, Weighted) else (child, 1)
            )
            # What is weighed down to nothing would be no match.
            if isinstance(leaf, And | Or | Not | Weighted) or factor < _LEAST:
                return None
            docs, units = self._postings[leaf]
            # Numbers that are not whole come from words that are not quite what was asked for.
            if units is None or not np.issubdtype(units.dtype, np.integer):
                return None
            postings.append((self.most.weights[leaf] * factor, docs, units))
        if sum(docs.size for _, docs, _ in postings) < self.segment.documents >> 4:
            return None
        total = np.zeros(self.segment.documents, np.float32)
        for number, (weight, docs, units) in enumerate(postings):
            scores = self._contributions(docs, units, weight, precise=False)
            if number:
                np.add.at(total, docs, scores)  # half the time of total[docs] += scores
            else:
                total[docs] = scores
        return total

    def _of_posting(self, posting: Posting, weight: float, docs: Docs, precise: bool) -> Scores:
        if posting.units is None or not posting.docs.size:
            return self._zeros(docs, precise)
        if docs is posting.docs:
            return self._contributions(docs, posting.units, weight, precise)
        if docs.size * GALLOP > posting.docs.size:
            # Many are asked for: laid out by document it is a matter of reading.
            units = np.zeros(self.segment.documents, posting.units.dtype)
            units[posting.docs] = posting.units
            return self._contributions(docs, taken(units, docs), weight, precise)
        at, there = places(posting.docs, docs)
        out = self._zeros(docs, precise)
        out[there] = self._contributions(docs[there], posting.units[at[there]], weight, precise)
        return out

    def _contributions(
        self, docs: Docs, units: NDArray[Any], weight: float, precise: bool
    ) -> Scores:
        norm = self._norms.precise if precise else self._norms.rough
        frequency = units if UNIT == 1 else units * UNIT
        return saturated(frequency, taken(norm, docs), weight)
