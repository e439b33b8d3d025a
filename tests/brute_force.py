"""What is the right answer?

An engine without an index: every story is looked at for every question, and each sentence of
`docs/semantics.md` is written out as plainly as possible. It is what the other engines are
compared with, so it shares nothing with them but the analysis of words, the rules for values
(`kinds.py`) and the rules for stories (`validation.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial

from balletsearch.engines import expansions
from balletsearch.engines.faceting import check_facet
from balletsearch.engines.kinds import parse_number, period
from balletsearch.engines.metadata import check_position
from balletsearch.engines.protocol import (
    AS_TYPED,
    EXACT_SCORES,
    Beginning,
    Match,
    OneWord,
    Part,
    Position,
    Salvaged,
    SearchRequest,
    SearchResult,
    Selection,
    Sort,
    Spelling,
)
from balletsearch.engines.validation import validate
from balletsearch.errors import QueryError
from balletsearch.fields import FIELDS, Field, Kind
from balletsearch.model import Source, Story, Value
from balletsearch.query.nodes import (
    Everything,
    Fuzzy,
    Leaf,
    Near,
    Node,
    Phrase,
    Prefix,
    Range,
    Regex,
    Sound,
    View,
    Wildcard,
    Within,
    Word,
)
from balletsearch.query.trees import leaves
from brute_force_facets import check_selected, counted, is_selected
from brute_force_facets import order as value_order
from brute_force_matching import Collection, Scores
from brute_force_paging import Hit, Rank, behind, in_groups, in_order
from brute_force_words import Entry, analysed, distance, folded, values_of

__all__ = ["BruteForceEngine", "BruteForceReader", "BruteForceWriter"]


class BruteForceReader(Collection):
    """One generation, and the answers to questions about it."""

    # The collection as a whole.

    def get(self, key: str) -> Story | None:
        entry = self.entries.get(key)
        return entry.story if entry else None

    def sources(self) -> Mapping[str, Source | None]:
        return {story.key: story.source for story in self.stories()}

    def fields(self) -> Mapping[str, Field]:
        names = {name for story in self.stories() for name in ("body", *story.fields)}
        return {name: self.field(name) for name in sorted(names) if self.has(name)}

    def matching(self, words: Sequence[Word]) -> list[int]:
        """How many stories match each of some words."""
        return [self.search(SearchRequest(w, limit=0, spans=False)).total for w in words]

    def expansion(self, leaf: OneWord) -> Mapping[str, int]:
        """The folded forms that a leaf stands for, and how often each stands where it looks."""
        places = {
            (key, zone, p.position): p.exact
            for key, entry in self.entries.items()
            for zone, found in entry.zones.items()
            for p in found
        }
        return Counter(
            places[key, span.zone, span.start]
            for key, spans in self.spans(leaf).items()
            for span in spans
        )

    def near(self, text: str, most: int) -> list[Spelling]:
        """Every word that is near enough, each counted by a search."""
        away = {word: distance(text, word) for word in self.words()}
        return [Spelling(w, d, self.having(w)) for w, d in away.items() if d <= most]

    def beginning(self, text: str, limit: int) -> list[Beginning]:
        found = [Beginning(w, self.having(w)) for w in self.words() if w.startswith(text)]
        return sorted(found, key=lambda word: (-word.stories, word.text))[:limit]

    def words(self) -> set[str]:
        """The exact view of every word."""
        places = [p for e in self.entries.values() for zone in e.zones.values() for p in zone]
        return {place.exact for place in places}

    def having(self, word: str) -> int:
        """How many stories have exactly this word."""
        return self.matching([Word(word, view=View.EXACT)])[0]

    def counts(self) -> Mapping[str, int]:
        words = [p for e in self.entries.values() for zone in e.zones.values() for p in zone]
        with_value = {
            name: sum(1 for story in self.stories() if values_of(story, name))
            for name in self.fields()
        }
        return with_value | {"words": len(words), "forms": len({p.form for p in words})}

    @property
    def degraded(self) -> str:
        """There is one generation only."""
        return ""

    def close(self) -> None:
        """Nothing is held open."""

    # Selections, facets, order.

    def search(self, request: SearchRequest) -> SearchResult:
        for name in (*request.counted, *(s.field for s in request.where)):
            self.check_countable(name)
        if request.group:
            self.check_countable(request.group)
        for name, asked in request.counted.items():
            check_facet(self.field(name), asked)
        sorting = [self.field(by.field) for by in request.sort]
        check_position(request.after, sorting, self.field(request.group) if request.group else None)
        for selection in request.where:
            check_selected(self.field(selection.field), selection.values)
        every = self.scores(request.tree, request.factors)
        for leaf, factor in request.bonuses.items():
            for key, score in self.scores(leaf).items():
                if key in every:
                    every[key] += factor * score
        scores = {key: score for key, score in every.items() if key not in request.without}
        kept = [key for key in scores if self.selected(key, request.where)]
        rank = self.ranker(request.sort, scores)
        hits: list[Hit] = [(key, None) for key in in_order(kept, rank)]
        order = partial(value_order, self.field(request.group or "title"))
        if request.group:
            hits = in_groups([key for key, _ in hits], partial(self.values, request.group), order)
        later = hits
        if request.after is not None:
            place = self.place(request.sort, request.after)
            later = behind(hits, rank, (place, request.after), order)
        stop = None if request.limit is None else request.offset + request.limit
        spans, marks = self.all_spans(request.tree), self.all_marks(request.tree)
        return SearchResult(
            tuple(
                Match(
                    self.entries[key].story,
                    scores[key],
                    tuple(sorted(spans.get(key, ()))),
                    tuple(sorted(marks.get(key, ()))),
                    group,
                )
                for key, group in later[request.offset : stop]
            ),
            total=len(kept),
            facets={
                name: counted(
                    self.field(name),
                    asked,
                    [
                        self.values(name, key)
                        for key in scores
                        if self.selected(key, request.where, but=name)
                    ],
                )
                for name, asked in request.counted.items()
            },
            groups=len(hits) if request.group else None,
            more=stop is not None and len(later) > stop,
            notes=tuple(dict.fromkeys(self.widest(request.tree))),
        )

    def worth(self, leaf: Leaf, keys: Sequence[str]) -> Mapping[str, Part]:
        """What a leaf is worth in those of some stories that match it."""
        scores = self.leaf_scores(leaf)
        found = {} if self.by_value(leaf) is not None else self.spans(leaf)
        return {
            key: Part(scores[key], sum(found.get(key, {}).values()))
            for key in keys
            if key in scores
        }

    def widest(self, tree: Node) -> Iterator[str]:
        """What is said of words that stand for very many."""
        for leaf in leaves(tree):
            if isinstance(leaf, Near | Within | Range | Everything):
                continue
            slots = leaf.words if isinstance(leaf, Phrase) else (leaf,)
            for slot in slots:
                if (
                    isinstance(slot, Prefix | Fuzzy | Wildcard | Regex | Sound)
                    and self.by_value(leaf) is None
                ):
                    found = self.expansion(replace(slot, field=leaf.field))
                    if len(found) > expansions.MANY:
                        yield expansions.note(slot)

    def values(self, name: str, key: str) -> tuple[Value, ...]:
        return values_of(self.entries[key].story, name)

    def check_countable(self, name: str) -> None:
        if name in ("title", "body"):
            raise QueryError(f"The values of {name} cannot be counted or chosen.")
        if name not in FIELDS and not self.has(name):
            raise QueryError(f"There is no field {name}.")

    def selected(self, key: str, where: tuple[Selection, ...], but: str = "") -> bool:
        """Whether a story holds every selection, those on the field `but` aside."""
        return all(
            is_selected(
                self.field(name),
                self.values(name, key),
                [v for s in where if s.field == name for v in s.values],
            )
            for name in {s.field for s in where} - {but}
        )

    def ranker(self, sort: tuple[Sort, ...], scores: Scores) -> Callable[[str], Rank]:
        if not sort:
            return lambda key: ((scores[key], True),)
        for by in sort:
            if by.field == "body":
                raise QueryError("Stories cannot be sorted by body.")

        def rank(key: str) -> Rank:
            firsts = [next(iter(self.values(by.field, key)), None) for by in sort]
            return self.ranked(sort, firsts)

        return rank

    def ranked(self, sort: tuple[Sort, ...], firsts: Sequence[Value | None]) -> Rank:
        """What a story with these first values is ordered by."""
        return tuple(
            (None if value is None else self.rank(by.field, str(value)), by.descending)
            for by, value in zip(sort, firsts, strict=True)
        )

    def place(self, sort: tuple[Sort, ...], after: Position) -> Rank:
        if not sort:
            return ((after.by[0], True),)
        return self.ranked(sort, [None if by is None else str(by) for by in after.by])

    def rank(self, name: str, value: str) -> tuple[int | Decimal] | tuple[str, str]:
        kind = self.field(name).kind
        if kind is Kind.NUMBER:
            return (parse_number(value),)
        return (period(value)[0],) if kind is Kind.DATE else (folded(value), value)


class BruteForceWriter:
    """Gathers changes to a copy of the stories, which a commit hands over."""

    def __init__(self, engine: BruteForceEngine) -> None:
        self.engine = engine
        self.pending = dict(engine.entries)

    def add(self, story: Story) -> None:
        validate(story)
        self.pending[story.key] = analysed(story, self.engine.languages)

    def remove(self, key: str) -> bool:
        gone = [
            name
            for name, entry in self.pending.items()
            if name == key or key in entry.story.fields.get("parent", ())
        ]
        for name in gone:
            del self.pending[name]
        return bool(gone)

    def merge(self) -> None:
        self.commit()

    def commit(self) -> None:
        self.engine.entries = dict(self.pending)

    def __enter__(self) -> BruteForceWriter:
        return self

    def __exit__(self, *exception: object) -> None:
        self.pending = dict(self.engine.entries)


class BruteForceEngine:
    """All stories in memory. `languages` are codes, the usual one first."""

    def __init__(self, languages: tuple[str, ...] = ("en",)) -> None:
        self.name = "brute force"
        self.capabilities = frozenset({AS_TYPED, EXACT_SCORES})
        self.languages = languages
        self.entries: dict[str, Entry] = {}

    def reader(self) -> BruteForceReader:
        return BruteForceReader(self.entries, self.languages)

    def writer(self) -> BruteForceWriter:
        return BruteForceWriter(self)

    def faults(self, *, deep: bool) -> Iterator[str]:
        """There are no files."""
        return iter(())

    def salvage(self) -> Iterator[Salvaged]:
        """Every story."""
        return map(Salvaged, self.reader().stories())

    def close(self) -> None:
        """Nothing is held open."""
