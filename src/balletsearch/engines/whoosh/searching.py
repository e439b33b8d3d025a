"""Which stories answer a request, in which order, with what counts?

Leaves become document → score, And, Or and Not are sums over dictionaries; facets,
selections, ranges and sorting read the metadata. Formulas: `docs/semantics.md`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Final

from balletsearch.engines import bm25, expansions
from balletsearch.engines import metadata as by_metadata
from balletsearch.engines.faceting import facet
from balletsearch.engines.paging import Order, paged
from balletsearch.engines.protocol import Match, OneWord, Part, SearchRequest, SearchResult
from balletsearch.engines.requests import asked
from balletsearch.engines.shapes import Either, Pair, Together
from balletsearch.engines.whoosh import wording
from balletsearch.engines.whoosh.lexicon import Entry
from balletsearch.engines.whoosh.lowering import Lowering
from balletsearch.engines.whoosh.postings import Lowered, frequencies, spans
from balletsearch.engines.whoosh.stretches import Covering, Run, Shape
from balletsearch.engines.zones import field_of, units, values_in
from balletsearch.errors import QueryError, UnsupportedError
from balletsearch.fields import FIELDS, Field
from balletsearch.model import Span
from balletsearch.query.nodes import (
    And,
    Everything,
    Fuzzy,
    Gap,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Regex,
    Slot,
    Sound,
    Unit,
    View,
    Weighted,
    Wildcard,
    Within,
    Word,
)
from balletsearch.query.nodes import Range as RangeNode
from balletsearch.query.trees import leaves, positional
from balletsearch.query.trees import shown as shown_leaves

if TYPE_CHECKING:
    from balletsearch.engines.whoosh.reading import WhooshReader

__all__ = ["Search"]

Scores = dict[int, float]
"""Document → score, for the documents that match."""

_NAMES: Final = {Unit.SENTENCE: "sentence", Unit.PARAGRAPH: "paragraph"}

MAX_KEPT: Final = 2_000_000
"""Scores kept over all leaves, some 200 MB; beyond that all are forgotten."""


class Search:
    """Answers requests about one generation."""

    def __init__(self, reader: WhooshReader) -> None:
        self._reader = reader
        self._lowering = Lowering(reader.whoosh, reader.languages)
        self._kept: dict[Leaf, Scores] = {}
        self._meant: dict[Leaf, Shape] = {}

    def answer(self, request: SearchRequest) -> SearchResult:
        """One page of matches, the total, and the facets asked for."""
        counted, _, sorting, group = asked(request, self._known)
        every = self._scores(request.tree, request.factors)
        if not request.sort:
            every = self._with_bonuses(every, request.bonuses)
        without = {self._reader.documents.get(key) for key in request.without}
        scores = {d: score for d, score in every.items() if d not in without}
        held = {
            name: set(filter(self._test(keeps), scores))
            for name, keeps in by_metadata.predicates(request.where, self._known).items()
        }
        found = _in_all(scores, held.values())
        facets = {
            name: facet(self._known(name), wanted, map(self._reader.metadata, found_by))
            for name, wanted in counted.items()
            for found_by in [_in_all(scores, (h for n, h in held.items() if n != name))]
        }
        if sorting:
            by_key = sorted(found, key=self._reader.keys.__getitem__)
            order = by_metadata.ordered(((d, self._reader.metadata(d)) for d in by_key), sorting)
        else:
            order = sorted(found, key=lambda d: (-scores[d], self._reader.keys[d]))
        page = paged(
            Order(
                order,
                self._reader.keys.__getitem__,
                self._reader.metadata,
                scores.__getitem__,
                sorting,
            ),
            request,
            group,
        )
        shown = tuple(dict.fromkeys(_shown(request.tree)))
        matches = tuple(
            Match(
                self._reader.story(d),
                0.0 if sorting else scores[d],
                tuple(sorted(spans)),
                tuple(sorted(marks)),
                value,
            )
            for d, value in page.shown
            for spans, marks in [self._spans(shown, d)]
        )
        notes = self._notes(request)
        return SearchResult(matches, len(found), facets, notes, groups=page.groups, more=page.more)

    def entries(self) -> Iterator[Entry]:
        """The lexicon of the collection."""
        return chain.from_iterable(self._lowering.words.values())

    def expansion(self, leaf: OneWord) -> dict[str, int]:
        """Folded form → how often it stands where a leaf looks, by form."""
        return wording.expansion(self._reader, self._one_word(leaf, leaf.field))

    def near(self, exact: str, most: int) -> list[tuple[str, int]]:
        """The words within `most` edits of one, and their distances."""
        return self._lowering.near(exact, most)

    def beginning(self, begins: str) -> list[str]:
        """The words that begin so."""
        return [exact for exact in self._lowering.words if exact.startswith(begins)]

    def parts(self, leaf: Leaf, documents: Iterable[int]) -> dict[int, Part]:
        """What a leaf is worth in those of some documents that match it."""
        scores, times = self._leaf(leaf), self._frequencies(leaf)
        return {d: Part(scores[d], times.get(d, 0.0)) for d in documents if d in scores}

    # Fields and metadata.

    def _known(self, name: str) -> Field:
        field = self._reader.field(name)
        if name not in FIELDS and name not in self._reader.values_of:
            known = ", ".join(sorted({*FIELDS, *self._reader.values_of}))
            raise QueryError(f"No story has a field '{name}'. There are: {known}.")
        return field

    def _notes(self, request: SearchRequest) -> tuple[str, ...]:
        """What to know about the ranges of a request and its widest words, each note once."""
        held = self._reader.values_of
        ranges = by_metadata.range_notes(
            request, self._reader.field, lambda name: held.get(name, ())
        )
        words = (
            expansions.note(asked)
            for leaf in leaves(request.tree)
            if not isinstance(leaf, Near | Within) and not _label(leaf)
            for _, asked in expansions.patterns(leaf)
            if wording.many(self._one_word(asked, leaf.field))
        )
        return tuple(dict.fromkeys(chain(ranges, words)))

    def _test(self, keeps: by_metadata.Test) -> Callable[[int], bool]:
        return lambda document: keeps(self._reader.metadata(document))

    def _kept_by(self, keeps: by_metadata.Test) -> Scores:
        return dict.fromkeys(filter(self._test(keeps), self._reader.keys), 0.0)

    # Documents and scores.

    def _with_bonuses(self, scores: Scores, bonuses: Mapping[Leaf, float]) -> Scores:
        """The same documents, with what leaves beside the tree add."""
        out = dict(scores)
        for leaf, factor in bonuses.items():
            for document, score in self._leaf(leaf).items():
                if document in out:
                    out[document] += factor * score
        return out

    def _scores(self, node: Node, factors: Mapping[Leaf, float]) -> Scores:
        match node:
            case And(children):
                found = [self._scores(child, factors) for child in children]
                rarest = min(found, key=len, default={})
                common = (d for d in rarest if all(d in scores for scores in found))
                return {d: sum(scores[d] for scores in found) for d in common}
            case Or(children):
                total: Scores = defaultdict(float)
                for child in children:
                    for document, score in self._scores(child, factors).items():
                        total[document] += score
                return dict(total)
            case Not(child):
                out = self._scores(child, factors)
                return {d: 0.0 for d in self._reader.keys if d not in out}
            case Weighted(child, weight):
                return {d: weight * score for d, score in self._scores(child, factors).items()}
            case leaf:
                factor = factors.get(leaf, 1.0)
                alone = self._leaf(leaf)
                return alone if factor == 1 else {d: factor * s for d, s in alone.items()}

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
            case Near() | Within():
                return self._scored(self._frequencies(leaf), self._rarity(leaf))
            case _ if _label(leaf):
                return self._kept_by(by_metadata.labelled(self._reader.field(leaf.field), leaf))
            case Phrase():
                return self._scored(self._frequencies(leaf), self._rarity(leaf))
            case _:
                tf = self._frequencies(leaf)
                return self._scored(tf, bm25.idf(self._reader.count(), len(tf)))

    def _frequencies(self, leaf: Leaf) -> dict[int, float]:
        """Document → Σ weight(zone) over what a leaf matches; nothing for leaves without spans."""
        if isinstance(leaf, Everything | RangeNode) or _label(leaf):
            return {}
        if isinstance(leaf, Phrase | Near | Within):
            return self._covering().frequencies(self._shape(leaf))
        return frequencies(self._reader.whoosh, self._one_word(leaf, leaf.field))

    def _covering(self, document: int | None = None) -> Covering:
        return Covering(self._reader.whoosh, self._values, self._units, document)

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

    def _shape(self, leaf: Leaf) -> Shape:
        """What a leaf that has spans covers, worked out once."""
        if leaf not in self._meant:
            self._meant[leaf] = self._shaped(leaf)
        return self._meant[leaf]

    def _shaped(self, leaf: Leaf) -> Shape:
        match leaf:
            case Near(left, right, distance):
                return Pair(self._side(left), self._side(right), distance)
            case Within(unit, sides):
                if not positional(leaf):
                    raise QueryError(f"'{leaf}' cannot be in one {_NAMES[unit]}.")
                return Together(tuple(map(self._side, sides)), unit)
            case Phrase(words, field, slop):
                if all(isinstance(slot, Gap) for slot in words):
                    raise QueryError(f"{leaf} has no word to look for, only gaps.")
                return Run(tuple(self._slot(slot, field) for slot in words), slop)
            case RangeNode() | Everything():
                raise AssertionError(f"{leaf!r} covers nothing")
            case _:
                return Run((self._one_word(leaf, leaf.field),))

    def _side(self, node: Node) -> Shape:
        """What one side of Near covers."""
        if isinstance(node, Or) and node.children:
            return Either(tuple(map(self._side, node.children)))
        if not positional(node) or not isinstance(node, Leaf) or _label(node):
            raise QueryError(f"'{node}' cannot be near to something: it does not stand for words.")
        return self._shape(node)

    def _slot(self, slot: Slot, zone: str) -> Lowered | None:
        # The surname key plays no part in phrases.
        return None if isinstance(slot, Gap) else self._one_word(slot, zone, surnames=False)

    def _one_word(
        self,
        leaf: Word | Prefix | Fuzzy | Wildcard | Regex | Sound,
        zone: str,
        *,
        surnames: bool = True,
    ) -> Lowered:
        """The alternatives of a leaf of one word, in one zone or in any."""
        lower = self._lowering
        match leaf:
            case Word(_, _, View.TYPED):
                raise UnsupportedError(
                    f"The engine 'whoosh' does not keep how words were typed, as {leaf} asks; an "
                    "index of the engine 'columns' does."
                )
            case Word():
                return lower.word(leaf, zone, surnames=surnames)
            case Prefix():
                return lower.prefix(leaf, zone)
            case Fuzzy():
                return lower.fuzzy(leaf, zone)
            case _:
                return lower.pattern(leaf, zone)

    def _rarity(self, node: Node) -> float:
        """The idf of a leaf that has spans, or of a side of Near."""
        reader = self._reader.whoosh
        match node:
            case Phrase(words, field):
                slots = (self._slot(slot, field) for slot in words)
                matching = [frequencies(reader, word) for word in slots if word is not None]
            case Near(left, right):
                return self._rarity(left) + self._rarity(right)
            case Within(_, sides):
                return sum(map(self._rarity, sides))
            case _:
                shape = self._side(node)
                matching = [self._covering().frequencies(shape)]
        return sum(bm25.idf(self._reader.count(), len(found)) for found in matching)

    def _values(self, document: int, zone: str) -> Mapping[int, int]:
        return values_in(self._reader.story(document), zone)

    def _units(self, document: int, zone: str, unit: Unit) -> Mapping[int, int]:
        # A value of another zone is one sentence and one paragraph.
        return units(self._reader.story(document).body, unit) if zone == "body" else {}

    @cached_property
    def _average(self) -> float:
        lengths = self._reader.lengths
        return sum(lengths.values()) / len(lengths) if lengths else 0.0

    # Spans, for the documents of one page.

    def _spans(self, leaves: Iterable[Leaf], document: int) -> tuple[set[Span], set[Span]]:
        """Where leaves match, and what to set off of that."""
        found: set[Span] = set()
        marks: set[Span] = set()
        for leaf in leaves:
            match self._shape(leaf):
                case Run((Lowered() as word,)):
                    mine = spans(self._reader.whoosh, word, document)
                    found |= mine
                    marks |= mine
                case shape:
                    found |= self._covering(document).spans(shape)
                    marks |= self._covering(document).marks(shape)
        return found, marks


def _shown(node: Node) -> Iterator[Leaf]:
    """The leaves whose matches are shown: those not under Not that stand for words of a zone."""
    for leaf in shown_leaves(node):
        if not isinstance(leaf, Everything | RangeNode) and not _label(leaf):
            yield leaf


def _label(leaf: Leaf) -> bool:
    """Whether a leaf asks for whole values of a field that is no zone."""
    return (
        not isinstance(leaf, Near | Within) and bool(leaf.field) and not field_of(leaf.field).zone
    )


def _in_all(scores: Scores, held: Iterable[set[int]]) -> set[int]:
    return set(scores).intersection(*held)
