"""Which stories of a segment match a query of Whoosh, and with which score?

And, Or, Not and their kin are sets of documents here. Whoosh's own matchers for them give wrong
answers in known cases: deleted documents under Not, the first document of AndNot, Require as its
opposite, errors for spans inside And. What is no such combination is asked of its own matcher.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh import query
from whoosh.matching import NullMatcher
from whoosh.query.qcore import NullQuery

from balletsearch.whoosh_view.matching import FoundMatcher, TermMatcher
from balletsearch.whoosh_view.queries import AnyTerm, meant

__all__ = ["Answered", "answer"]

Ids = NDArray[np.int64]
Scores = NDArray[np.float64]


class Matches(NamedTuple):
    """Documents, ascending, and their scores."""

    ids: Ids
    scores: Scores


def _unscored(ids: Any, score: float = 0.0) -> Matches:
    ids = np.asarray(ids, np.int64)
    return Matches(ids, np.full(ids.size, score))


_NOTHING: Final = _unscored([])


class Evaluation:
    """Evaluates queries for one segment.

    `searcher` is Whoosh's searcher of the segment, `context` says how it scores.
    """

    def __init__(self, searcher: Any, context: Any) -> None:
        self._searcher = searcher
        self._reader = searcher.reader()
        self._context = context

    def of(self, asked: Any) -> Matches:
        """What a query matches."""
        for kind, evaluate in _KINDS:
            if isinstance(asked, kind):
                return evaluate(self, asked)
        return self._stepped(asked)

    def _stepped(self, asked: Any) -> Matches:
        """What the query's own matcher finds."""
        scored = self._context.weighting is not None
        matcher = asked.matcher(self._searcher, self._context)
        if isinstance(matcher, TermMatcher) and not scored:
            return _unscored(list(matcher.all_ids()))
        ids, scores = [], []
        while matcher.is_active():
            ids.append(matcher.id())
            scores.append(float(matcher.score()) if scored else 0.0)
            matcher.next()
        found = Matches(np.array(ids, np.int64), np.array(scores, np.float64))
        # Whoosh's matcher of Not, which may be in there, gives deleted stories too.
        return _kept(found, np.isin(found.ids, self._reader.live))

    def _all(self, queries: Iterable[Any]) -> list[Matches]:
        return [self.of(one) for one in queries]

    def and_(self, asked: Any) -> Matches:
        """And: the sum of the scores; what is under Not has none."""
        if not asked.subqueries:
            return _NOTHING
        return _boosted(reduce(_both, self._all(asked.subqueries)), asked)

    def or_(self, asked: Any) -> Matches:
        """Or: the sum of the scores, with the bonus for many that `scale` asks for."""
        parts = self._all(asked.subqueries)
        ids = _united(parts)
        scores, times = np.zeros(ids.size), np.zeros(ids.size)
        for part in parts:
            at = np.searchsorted(ids, part.ids)
            scores[at] += part.scores
            times[at] += 1
        count = len(parts)
        if asked.scale and count > 1:
            # The formula is that of Whoosh's CoordMatcher, over queries where that counts terms.
            scores = (scores + (times - 1) / (count - asked.scale) ** 2) * (count - 1) / count
        return _boosted(Matches(ids, scores), asked)

    def best(self, asked: Any) -> Matches:
        """DisjunctionMax: the highest score, and of the others as much as `tiebreak` says."""
        parts = self._all(asked.subqueries)
        ids = _united(parts)
        best, total = np.full(ids.size, -np.inf), np.zeros(ids.size)
        for part in parts:
            at = np.searchsorted(ids, part.ids)
            best[at] = np.maximum(best[at], part.scores)
            total[at] += part.scores
        return _boosted(Matches(ids, best + asked.tiebreak * (total - best)), asked)

    def not_(self, asked: Any) -> Matches:
        """Not: every story that does not match."""
        live = self._reader.live
        return _unscored(live[~np.isin(live, self.of(asked.query).ids)])

    def and_not(self, asked: Any) -> Matches:
        """AndNot: the first without the second."""
        first = self.of(asked.a)
        return _kept(first, ~np.isin(first.ids, self.of(asked.b).ids))

    def require(self, asked: Any) -> Matches:
        """Require: what both match, scored by the first."""
        first = self.of(asked.a)
        return _kept(first, np.isin(first.ids, self.of(asked.b).ids))

    def and_maybe(self, asked: Any) -> Matches:
        """AndMaybe: the first, with the score of the second where that matches too."""
        first, second = self.of(asked.a), self.of(asked.b)
        scores = first.scores.copy()
        both = np.isin(second.ids, first.ids)
        scores[np.searchsorted(first.ids, second.ids[both])] += second.scores[both]
        return Matches(first.ids, scores)

    def otherwise(self, asked: Any) -> Matches:
        """Otherwise: the second where the first matches no story, in any segment."""
        whole = self._searcher.get_parent()
        found = any(True for _ in whole.docs_for_query(asked.a))
        return self.of(asked.a if found else asked.b)

    def constant(self, asked: Any) -> Matches:
        """ConstantScoreQuery: one score for all."""
        return _unscored(self.of(asked.child).ids, asked.score)

    def weighted(self, asked: Any) -> Matches:
        """WeightingQuery: scored in a way of its own."""
        if self._context.weighting is None:
            return self.of(asked.child)
        context = self._context.set(weighting=asked.weighting)
        return Evaluation(self._searcher, context).of(asked.child)

    def wrapped(self, asked: Any) -> Matches:
        """WrappingQuery itself: what is in it. What derives from it answers in its own way."""
        return self.of(asked.child) if type(asked) is query.WrappingQuery else self._stepped(asked)

    def every(self, asked: Any) -> Matches:
        """Every: all stories, or those that have something in a field."""
        name = asked.fieldname
        if name is None or name == "*":
            return _unscored(self._reader.live, asked.boost)
        there = self._reader.having(name) if name in self._reader.schema else []
        return _unscored(there, asked.boost)

    def many(self, asked: Any) -> Matches:
        """Prefix, Wildcard, FuzzyTerm and what else stands for many terms of one field."""
        name = asked.field()
        if name not in self._reader.schema:
            return _NOTHING
        texts = list(asked._btexts(self._reader))
        if asked.constantscore or self._context.weighting is None:
            found = self._reader.united((name, text) for text in texts)
            return _unscored(found.docs, asked.boost)
        return self.of(query.Or([query.Term(name, text) for text in texts], boost=asked.boost))

    def range(self, asked: Any) -> Matches:
        """NumericRange and DateRange; a field that no story has holds nothing."""
        if asked.fieldname not in self._reader.schema:
            return _NOTHING
        return self.of(asked._compile_query(self._reader))

    def column(self, asked: Any) -> Matches:
        """ColumnQuery, whose own matcher has no scores and knows of no deletions."""
        matcher = asked.matcher(self._searcher, self._context)
        ids = np.fromiter(matcher.all_ids(), np.int64)
        return _unscored(ids[np.isin(ids, self._reader.live)], 1.0)

    def span_not(self, asked: Any) -> Matches:
        """SpanNot, whose own matcher fails where there is nothing to rule out."""
        second = asked.b.matcher(self._searcher, self._context)
        return self._stepped(asked) if second.is_active() else self.of(asked.a)

    def nothing(self, _: Any) -> Matches:
        """NullQuery."""
        return _NOTHING

    def answered(self, asked: Answered) -> Matches:
        """What was wrapped already."""
        return self.of(asked.child)

    def terms(self, asked: Any) -> list[TermMatcher]:
        """The terms of a query in this segment, but for those that are under Not."""
        found = {term for leaf in _positive(asked) for term in _expanded(leaf, self._reader)}
        texts = {(n, self._reader.schema[n].to_bytes(t)) for n, t in found}
        return [self._reader.postings(*term) for term in sorted(texts) if term in self._reader]


def _both(a: Matches, b: Matches) -> Matches:
    ids, at, there = np.intersect1d(a.ids, b.ids, assume_unique=True, return_indices=True)
    return Matches(ids, a.scores[at] + b.scores[there])


def _kept(found: Matches, mask: Any) -> Matches:
    return Matches(found.ids[mask], found.scores[mask])


def _united(parts: Sequence[Matches]) -> Ids:
    return np.unique(np.concatenate([p.ids for p in parts])) if parts else _NOTHING.ids


def _boosted(found: Matches, asked: Any) -> Matches:
    return found if asked.boost == 1.0 else Matches(found.ids, found.scores * asked.boost)


def _positive(asked: Any) -> Iterable[Any]:
    if isinstance(asked, query.Not):
        return
    if isinstance(asked, query.AndNot):
        yield from _positive(asked.a)
    elif asked.is_leaf():
        yield asked
    else:
        for child in asked.children():
            yield from _positive(child)


def _expanded(leaf: Any, reader: Any) -> Iterable[tuple[str, Any]]:
    if leaf.field() is not None and leaf.field() not in reader.schema:
        return ()
    return (t for t in leaf.expanded_terms(reader, phrases=True) if t[0] in reader.schema)


class Answered(query.WrappingQuery):  # type: ignore[misc]  # Whoosh ships no types
    """A query whose matches are ours, wherever Whoosh asks it for them."""

    def __str__(self) -> str:
        return str(self.child)

    __unicode__ = __str__

    def __eq__(self, other: object) -> bool:
        return bool(self.child == (other.child if isinstance(other, Answered) else other))

    def __hash__(self) -> int:
        return hash(self.child)

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        """What is found in the segment of a searcher."""
        if not searcher.reader().doc_count_all():
            return NullMatcher()
        context = context or searcher.context()
        evaluation = Evaluation(searcher, context)
        found = evaluation.of(self.child)
        terms = evaluation.terms(self.child) if context.needs_current else []
        return FoundMatcher(found.ids.tolist(), found.scores.tolist(), terms)


def answer(asked: Any) -> Any:
    """A query of Whoosh as one that is answered by us."""
    return asked if isinstance(asked, Answered) else Answered(meant(asked))


_Evaluate = Callable[[Evaluation, Any], Matches]

_KINDS: Final[tuple[tuple[Any, _Evaluate], ...]] = (
    (Answered, Evaluation.answered),
    (type(NullQuery), Evaluation.nothing),
    (query.And, Evaluation.and_),
    (query.Or, Evaluation.or_),
    (query.DisjunctionMax, Evaluation.best),
    (query.Not, Evaluation.not_),
    (query.AndNot, Evaluation.and_not),
    (query.Require, Evaluation.require),
    (query.AndMaybe, Evaluation.and_maybe),
    (query.Otherwise, Evaluation.otherwise),
    (query.ConstantScoreQuery, Evaluation.constant),
    (query.WeightingQuery, Evaluation.weighted),
    (query.WrappingQuery, Evaluation.wrapped),
    (query.Every, Evaluation.every),
    (query.NumericRange, Evaluation.range),
    (query.SpanNot, Evaluation.span_not),
    (query.ColumnQuery, Evaluation.column),
    (AnyTerm, Evaluation._stepped),
    (query.MultiTerm, Evaluation.many),
)
