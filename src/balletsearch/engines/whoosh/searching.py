"""Which stories answer a request, in which order, with what counts?

Leaves become document → score, And, Or and Not are sums over dictionaries; facets,
selections, ranges and sorting read the metadata. Formulas: `docs/semantics.md`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Final

from balletsearch.engines import bm25
from balletsearch.engines import metadata as by_metadata
from balletsearch.engines.protocol import Match, SearchRequest, SearchResult
from balletsearch.engines.whoosh.lexicon import Entry
from balletsearch.engines.whoosh.lowering import Lowering
from balletsearch.engines.whoosh.postings import (
    Lowered,
    frequencies,
    phrase_frequencies,
    phrase_spans,
    spans,
)
from balletsearch.engines.zones import field_of
from balletsearch.errors import QueryError
from balletsearch.fields import FIELDS, Field
from balletsearch.model import Facet, Span
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
    Word,
    leaves,
)
from balletsearch.query.nodes import Range as RangeNode

if TYPE_CHECKING:
    from balletsearch.engines.whoosh.reading import WhooshReader

__all__ = ["Search"]

Scores = dict[int, float]
"""Document → score, for the documents that match."""

MAX_KEPT: Final = 2_000_000
"""Scores kept over all leaves, some 200 MB; beyond that all are forgotten."""


class Search:
    """Answers requests about one generation."""

    def __init__(self, reader: WhooshReader) -> None:
        self._reader = reader
        self._lowering = Lowering(reader.whoosh, reader.languages)
        self._kept: dict[Leaf, Scores] = {}
        self._meant: dict[Leaf, tuple[Lowered, ...]] = {}

    def answer(self, request: SearchRequest) -> SearchResult:
        """One page of matches, the total, and the facets asked for."""
        countable = {name: self._known(name) for name in request.facets}
        selecting = {s.field: self._known(s.field) for s in request.where}
        sorting = [(self._known(by.field), by) for by in request.sort]
        for field in (*countable.values(), *selecting.values()):
            by_metadata.check_countable(field)
        for field, _ in sorting:
            by_metadata.check_sortable(field)

        scores = self._scores(request.tree)
        held = {
            name: set(filter(self._test(keeps), scores))
            for name, keeps in by_metadata.predicates(request.where, self._known).items()
        }
        found = _in_all(scores, held.values())
        facets = {
            name: self._facet(field, _in_all(scores, (h for n, h in held.items() if n != name)))
            for name, field in countable.items()
        }
        if sorting:
            by_key = sorted(found, key=self._reader.keys.__getitem__)
            order = by_metadata.ordered(((d, self._reader.metadata(d)) for d in by_key), sorting)
        else:
            order = sorted(found, key=lambda d: (-scores[d], self._reader.keys[d]))
        end = None if request.limit is None else request.offset + request.limit
        shown = tuple(dict.fromkeys(_shown(request.tree)))
        matches = tuple(
            Match(
                self._reader.story(d),
                0.0 if sorting else scores[d],
                tuple(sorted(self._spans(shown, d))),
            )
            for d in order[request.offset : end]
        )
        return SearchResult(matches, len(found), facets, self._notes(request.tree))

    def entries(self) -> Iterator[Entry]:
        """The lexicon of the collection."""
        return chain.from_iterable(self._lowering.words.values())

    # Fields and metadata.

    def _known(self, name: str) -> Field:
        field = self._reader.field(name)
        if name not in FIELDS and name not in self._reader.values_of:
            known = ", ".join(sorted({*FIELDS, *self._reader.values_of}))
            raise QueryError(f"No story has a field '{name}'. There are: {known}.")
        return field

    def _notes(self, tree: Node) -> tuple[str, ...]:
        """What to know about the ranges of a tree, each note once."""
        reader = self._reader
        notes = (
            by_metadata.text_range_note(
                reader.field(leaf.field), leaf, reader.values_of.get(leaf.field, ())
            )
            for leaf in leaves(tree)
            if isinstance(leaf, RangeNode)
        )
        return tuple(dict.fromkeys(filter(None, notes)))

    def _test(self, keeps: by_metadata.Test) -> Callable[[int], bool]:
        return lambda document: keeps(self._reader.metadata(document))

    def _facet(self, field: Field, documents: Iterable[int]) -> Facet:
        return by_metadata.facet(field, map(self._reader.metadata, documents))

    def _kept_by(self, keeps: by_metadata.Test) -> Scores:
        return dict.fromkeys(filter(self._test(keeps), self._reader.keys), 0.0)

    # Documents and scores.

    def _scores(self, node: Node) -> Scores:
        match node:
            case And(children):
                found = [self._scores(child) for child in children]
                rarest = min(found, key=len, default={})
                common = (d for d in rarest if all(d in scores for scores in found))
                return {d: sum(scores[d] for scores in found) for d in common}
            case Or(children):
                total: Scores = defaultdict(float)
                for child in children:
                    for document, score in self._scores(child).items():
                        total[document] += score
                return dict(total)
            case Not(child):
                out = self._scores(child)
                return {d: 0.0 for d in self._reader.keys if d not in out}
            case leaf:
                return self._leaf(leaf)

    def _leaf(self, leaf: Leaf) -> Scores:
        if leaf not in self._kept:
            if sum(map(len, self._kept.values())) > MAX_KEPT:
                self._kept.clear()
                self._meant.clear()
            self._kept[leaf] = self._worked_out(leaf)
        return self._kept[leaf]

    def _worked_out(self, leaf: Leaf) -> Scores:
        match leaf:
            case Everything() | RangeNode():
                return self._by_values(leaf)
            case Word() | Phrase() | Prefix() | Fuzzy() if _label(leaf):
                return self._kept_by(by_metadata.labelled(self._reader.field(leaf.field), leaf))
            case Phrase():
                words = self._lowered(leaf)
                tf = phrase_frequencies(self._reader.whoosh, words)
                return self._scored(tf, sum(map(self._idf, words)))
            case Word() | Prefix() | Fuzzy():
                (lowered,) = self._lowered(leaf)
                tf = frequencies(self._reader.whoosh, lowered)
                return self._scored(tf, bm25.idf(self._reader.count(), len(tf)))

    def _by_values(self, leaf: Everything | RangeNode) -> Scores:
        match leaf:
            case RangeNode():
                return self._kept_by(by_metadata.in_range(self._reader.field(leaf.field), leaf))
            case Everything(""):
                return dict.fromkeys(self._reader.keys, 0.0)
            case Everything("body"):
                kept = (d for d in self._reader.keys if self._reader.story(d).body.strip())
                return dict.fromkeys(kept, 0.0)
            case Everything(name):
                return self._kept_by(lambda fields: bool(fields.get(name)))

    def _scored(self, tf: dict[int, float], weight: float) -> Scores:
        return bm25.scores(tf, weight, self._reader.lengths, self._average)

    def _lowered(self, leaf: Word | Phrase | Prefix | Fuzzy) -> tuple[Lowered, ...]:
        """The alternatives of each word of a leaf, worked out once."""
        if leaf not in self._meant:
            self._meant[leaf] = self._lowered_anew(leaf)
        return self._meant[leaf]

    def _lowered_anew(self, leaf: Word | Phrase | Prefix | Fuzzy) -> tuple[Lowered, ...]:
        lower = self._lowering
        match leaf:
            case Word():
                return (lower.word(leaf, leaf.field),)
            case Phrase():
                return tuple(lower.word(w, leaf.field, surnames=False) for w in leaf.words)
            case Prefix():
                return (lower.prefix(leaf),)
            case Fuzzy():
                return (lower.fuzzy(leaf),)

    def _idf(self, lowered: Lowered) -> float:
        matching = len(frequencies(self._reader.whoosh, lowered))
        return bm25.idf(self._reader.count(), matching)

    @cached_property
    def _average(self) -> float:
        lengths = self._reader.lengths
        return sum(lengths.values()) / len(lengths) if lengths else 0.0

    # Spans, for the documents of one page.

    def _spans(self, leaves: Iterable[Leaf], document: int) -> set[Span]:
        out: set[Span] = set()
        for leaf in leaves:
            match leaf:
                case Everything() | RangeNode():
                    continue
                case Phrase():
                    out |= phrase_spans(self._reader.whoosh, self._lowered(leaf), document)
                case _:
                    (lowered,) = self._lowered(leaf)
                    out |= spans(self._reader.whoosh, lowered, document)
        return out


def _shown(node: Node) -> Iterator[Leaf]:
    """The leaves whose matches are shown: those not under Not that stand for words of a zone."""
    match node:
        case And(children) | Or(children):
            yield from chain.from_iterable(map(_shown, children))
        case Not() | Everything() | RangeNode():
            return
        case leaf:
            if not _label(leaf):
                yield leaf


def _label(leaf: Word | Phrase | Prefix | Fuzzy) -> bool:
    """Whether a leaf asks for whole values of a field that is no zone."""
    return bool(leaf.field) and not field_of(leaf.field).zone


def _in_all(scores: Scores, held: Iterable[set[int]]) -> set[int]:
    return set(scores).intersection(*held)
