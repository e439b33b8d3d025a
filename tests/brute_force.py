"""What is the right answer?

An engine without an index: every story is looked at for every question, and each sentence of
`docs/semantics.md` is written out as plainly as possible. It is what the other engines are
compared with, so it shares nothing with them but the analysis of words, the rules for values
(`kinds.py`) and the rules for stories (`validation.py`).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, NamedTuple

from balletsearch.analysis import cut, fold, form, stem, surname_key
from balletsearch.engines.kinds import infer, parse_number, period
from balletsearch.engines.protocol import (
    EXACT_SCORES,
    Match,
    SearchRequest,
    SearchResult,
    Selection,
    Sort,
)
from balletsearch.engines.validation import validate
from balletsearch.errors import QueryError
from balletsearch.fields import FIELDS, Field, Kind, custom
from balletsearch.model import VALUE_GAP, Facet, FacetValue, Source, Span, Story, Value
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

__all__ = ["BruteForceEngine", "BruteForceReader", "BruteForceWriter", "distance", "folded"]

K1: Final = 0.9
B: Final = 0.4


class Place(NamedTuple):
    """One word of a zone, in its three views."""

    position: int
    form: str
    exact: str
    stem: str
    surname: str
    """The surname key of the last word of a name; else empty."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A story and its words, zone by zone."""

    story: Story
    zones: Mapping[str, tuple[Place, ...]]

    @property
    def length(self) -> float:
        """Its words, each with the weight of its zone."""
        return sum(weight(zone) * len(places) for zone, places in self.zones.items())


Spans = dict[Span, float]
"""The spans of a leaf in one story, each with what it adds to tf."""
Scores = dict[str, float]
"""The stories that match, by key, with their scores."""


def values_of(story: Story, name: str) -> tuple[Value, ...]:
    """The values that a story has in a field."""
    if name == "body":
        return (story.body,) if story.body else ()
    return tuple(story.fields.get(name, ()))


def table_field(name: str) -> Field:
    """The field of that name as the table has it, or as one that only headers bring."""
    return FIELDS.get(name) or custom(name)


def weight(zone: str) -> float:
    """How much a word in a zone counts."""
    return table_field(zone).weight


def folded(value: Value) -> str:
    """A whole value as it is compared."""
    return fold(form(" ".join(str(value).split())))


def distance(one: str, other: str) -> int:
    """Edits (insert, drop, change, swap of neighbours) between two words, none edited twice."""
    rows = [[i + j for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            rows[i][j] = min(
                rows[i - 1][j] + 1,
                rows[i][j - 1] + 1,
                rows[i - 1][j - 1] + (one[i - 1] != other[j - 1]),
            )
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


def places(zone: str, values: tuple[Value, ...], language: str) -> Iterator[Place]:
    """The words of a zone at their positions."""
    follows = 0
    for value in values:
        tokens = cut(str(value))
        for i, token in enumerate(tokens):
            exact = fold(token.form)
            named = table_field(zone).kind is Kind.NAME and i == len(tokens) - 1
            surname = surname_key(exact) if named else ""
            yield Place(follows + i, token.form, exact, stem(token.form, language), surname)
        if tokens:
            follows += len(tokens) + VALUE_GAP


def analysed(story: Story, languages: tuple[str, ...]) -> Entry:
    """A story cut into words."""
    said = [str(v) for v in values_of(story, "language")[:1]]
    language = said[0] if said and said[0] in languages else languages[0]
    names = ["body", *(n for n in story.fields if table_field(n).zone)]
    zones = {n: tuple(places(n, values_of(story, n), language)) for n in names}
    return Entry(story, zones)


def expanded(field: Field, values: tuple[Value, ...]) -> list[Value]:
    """The distinct values that a story has, with those above them where there is an above."""
    if field.kind is not Kind.PATH:
        return list(dict.fromkeys(values))
    steps = [str(v).split("/") for v in values]
    return list(dict.fromkeys("/".join(s[: i + 1]) for s in steps for i in range(len(s))))


class BruteForceReader:
    """One generation: a dict of stories that nobody changes any more."""

    def __init__(self, entries: Mapping[str, Entry], languages: tuple[str, ...]) -> None:
        self.entries = {key: entries[key] for key in sorted(entries)}
        self.languages = languages

    # The collection as a whole.

    def count(self) -> int:
        return len(self.entries)

    def get(self, key: str) -> Story | None:
        entry = self.entries.get(key)
        return entry.story if entry else None

    def stories(self) -> Iterator[Story]:
        return (entry.story for entry in self.entries.values())

    def sources(self) -> Mapping[str, Source | None]:
        return {story.key: story.source for story in self.stories()}

    def fields(self) -> Mapping[str, Field]:
        names = {name for story in self.stories() for name in ("body", *story.fields)}
        return {name: self.field(name) for name in sorted(names) if self.has(name)}

    def counts(self) -> Mapping[str, int]:
        words = [p for e in self.entries.values() for zone in e.zones.values() for p in zone]
        with_value = {
            name: sum(1 for story in self.stories() if values_of(story, name))
            for name in self.fields()
        }
        return with_value | {"words": len(words), "forms": len({p.form for p in words})}

    def close(self) -> None:
        """Nothing is held open."""

    def has(self, name: str) -> bool:
        return any(values_of(story, name) for story in self.stories())

    def field(self, name: str) -> Field:
        if name in FIELDS:
            return FIELDS[name]
        values = [v for story in self.stories() for v in values_of(story, name)]
        return replace(custom(name), kind=infer(values))

    # What a leaf matches.

    def spans(self, leaf: Leaf, *, surnames: bool = True) -> dict[str, Spans]:
        """The spans of a leaf, for each story that has any."""
        fits = None if isinstance(leaf, Phrase) else self.matcher(leaf, surnames=surnames)
        out: dict[str, Spans] = {}
        for key, entry in self.entries.items():
            found: Spans = {}
            for zone, words in entry.zones.items():
                if leaf.field not in ("", zone):
                    continue
                if isinstance(leaf, Phrase):
                    found |= self.phrase_spans(leaf, zone, words)
                elif fits is not None:
                    amounts = ((p.position, fits(p)) for p in words)
                    found |= {
                        Span(zone, at, at + 1): weight(zone) * amount
                        for at, amount in amounts
                        if amount is not None
                    }
            if found:
                out[key] = found
        return out

    def matcher(
        self, leaf: Leaf, *, surnames: bool
    ) -> Callable[[Place], float | None]:  # None: the word does not match
        """What one word of a story adds to tf, before the weight of its zone."""
        match leaf:
            case Word(text, _, View.STEM):
                stems, key = self.stems(text), surname_key(fold(form(text)))
                return lambda p: 1.0 if p.stem in stems or (surnames and p.surname == key) else None
            case Word(text):
                exact = fold(form(text))
                wanted = {exact} if "'" in form(text) else {exact, exact + "'s"}
                return lambda p: 1.0 if p.exact in wanted else None
            case Prefix(text):
                start = fold(form(text))
                return lambda p: 1.0 if p.exact.startswith(start) else None
            case Fuzzy(text, asked):
                return lambda p: nearness(fold(form(text)), p.exact, asked)
        raise AssertionError(f"{leaf!r} has no spans")

    def stems(self, text: str) -> set[str]:
        """S: the stems under which a query word is looked up."""
        exact = fold(form(text))
        alike = {
            p.stem
            for entry in self.entries.values()
            for zone in entry.zones.values()
            for p in zone
            if p.exact == exact
        }
        return alike | {stem(form(text), language) for language in self.languages}

    def phrase_spans(self, phrase: Phrase, zone: str, words: tuple[Place, ...]) -> Spans:
        at = {p.position: p for p in words}
        fits = [self.matcher(word, surnames=False) for word in phrase.words]
        return {
            Span(zone, start, start + len(fits)): weight(zone)
            for start in at
            if all(start + i in at and fit(at[start + i]) is not None for i, fit in enumerate(fits))
        }

    def by_value(self, leaf: Leaf) -> set[str] | None:
        """The stories matched by a leaf that has no spans, or None if it is of those that do."""
        if isinstance(leaf, Range):
            return self.with_value(leaf.field, self.between(leaf))
        if isinstance(leaf, Everything):
            everything = set(self.entries)
            return self.with_value(leaf.field, lambda _: True) if leaf.field else everything
        if not leaf.field or table_field(leaf.field).zone:
            return None
        if isinstance(leaf, Fuzzy):
            raise QueryError(f"{leaf.field} cannot be searched with ~.")
        phrase = isinstance(leaf, Phrase)
        text = " ".join(w.text for w in leaf.words) if phrase else leaf.text
        if table_field(leaf.field).kind in (Kind.NUMBER, Kind.DATE):
            return self.by_value(Range(leaf.field, text, text))
        asked = folded(text)
        if isinstance(leaf, Prefix):
            return self.with_value(leaf.field, lambda v: folded(v).startswith(asked))
        if leaf.field == "path":
            return self.with_value(leaf.field, lambda v: asked in folded(v))
        return self.with_value(leaf.field, lambda v: folded(v) == asked)

    def with_value(self, name: str, fits: Callable[[Value], bool]) -> set[str]:
        return {s.key for s in self.stories() if any(fits(v) for v in values_of(s, name))}

    def between(self, leaf: Range) -> Callable[[Value], bool]:
        """Whether a value lies between the bounds."""
        low, high = leaf.low, leaf.high
        try:
            match self.field(leaf.field).kind:
                case Kind.NUMBER:
                    return _between(leaf, lambda v: parse_number(str(v)))
                case Kind.DATE:
                    # A day begins at its first instant and is over at the first of the next.
                    first = period(low)[0 if leaf.include_low else 1] if low else None
                    until = period(high)[1 if leaf.include_high else 0] if high else None
                    return lambda v: (
                        (first is None or period(str(v))[0] >= first)
                        and (until is None or period(str(v))[0] < until)
                    )
        except ValueError as error:
            raise QueryError(f"{leaf}: {error}") from error
        return _between(leaf, folded)

    # Stories and scores.

    def scores(self, node: Node) -> Scores:
        """The stories that a tree matches, with their scores."""
        match node:
            case And(children):
                parts = [self.scores(child) for child in children]
                return {
                    key: sum(part[key] for part in parts)
                    for key in self.entries
                    if all(key in part for part in parts)
                }
            case Or(children):
                parts = [self.scores(child) for child in children]
                return {
                    key: sum(part[key] for part in parts if key in part)
                    for key in self.entries
                    if any(key in part for part in parts)
                }
            case Not(child):
                return dict.fromkeys(self.entries.keys() - self.scores(child).keys(), 0.0)
            case leaf:
                return self.leaf_scores(leaf)

    def leaf_scores(self, leaf: Leaf) -> Scores:
        by_value = self.by_value(leaf)
        if by_value is not None:
            return dict.fromkeys(by_value, 0.0)
        found = self.spans(leaf)
        idf = self.idf(len(found))
        if isinstance(leaf, Phrase):
            words = [replace(word, field=leaf.field) for word in leaf.words]
            idf = sum(self.idf(len(self.spans(w, surnames=False))) for w in words)
        out: Scores = {}
        for key, spans in found.items():
            tf = sum(spans.values())
            relative = self.entries[key].length / self.average
            out[key] = idf * tf / (tf + K1 * (1 - B + B * relative))
        return out

    def idf(self, df: int) -> float:
        return math.log(1 + (self.count() - df + 0.5) / (df + 0.5))

    @cached_property
    def average(self) -> float:
        return sum(entry.length for entry in self.entries.values()) / self.count()

    def all_spans(self, node: Node) -> dict[str, set[Span]]:
        """The spans of every leaf that is not under a Not."""
        match node:
            case And(children) | Or(children):
                parts = [self.all_spans(child) for child in children]
                return {
                    key: set().union(*(part.get(key, set()) for part in parts))
                    for key in self.entries
                }
            case Not() | Range() | Everything():
                return {}
            case leaf if self.by_value(leaf) is None:
                return {key: set(spans) for key, spans in self.spans(leaf).items()}
        return {}

    # Selections, facets, order.

    def search(self, request: SearchRequest) -> SearchResult:
        for name in (*request.facets, *(s.field for s in request.where)):
            self.check_countable(name)
        scores = self.scores(request.tree)
        kept = [key for key in scores if self.selected(key, request.where)]
        ordered = self.ordered(kept, scores, request.sort)
        stop = None if request.limit is None else request.offset + request.limit
        spans = self.all_spans(request.tree)
        return SearchResult(
            tuple(
                Match(self.entries[key].story, scores[key], tuple(sorted(spans.get(key, ()))))
                for key in ordered[request.offset : stop]
            ),
            total=len(kept),
            facets={name: self.facet(name, scores, request.where) for name in request.facets},
        )

    def check_countable(self, name: str) -> None:
        if name in ("title", "body"):
            raise QueryError(f"The values of {name} cannot be counted or chosen.")
        if name not in FIELDS and not self.has(name):
            raise QueryError(f"There is no field {name}.")

    def selected(self, key: str, where: tuple[Selection, ...], but: str = "") -> bool:
        """Whether a story holds every selection, those on the field `but` aside."""
        story = self.entries[key].story
        for name in {s.field for s in where} - {but}:
            asked = {folded(v) for s in where if s.field == name for v in s.values}
            field = table_field(name)
            has = {folded(v) for v in expanded(field, values_of(story, name))}
            if field.kind is Kind.PATH:
                has |= {value.split("/")[-1].strip() for value in has}
            if not has & asked:
                return False
        return True

    def facet(self, name: str, scores: Scores, where: tuple[Selection, ...]) -> Facet:
        field = self.field(name)
        counted: Counter[Value] = Counter()
        missing = 0
        for key in scores:
            if self.selected(key, where, but=name):
                values = expanded(field, values_of(self.entries[key].story, name))
                counted.update(values)
                missing += not values

        def order(item: tuple[Value, int]) -> tuple[int, int | str, str]:
            value, count = item
            number = field.kind is Kind.NUMBER
            return -count, parse_number(str(value)) if number else folded(value), str(value)

        values = tuple(FacetValue(v, n) for v, n in sorted(counted.items(), key=order))
        return Facet(name, values, missing)

    def ordered(self, keys: list[str], scores: Scores, sort: tuple[Sort, ...]) -> list[str]:
        """By key, and before that by each sort field, the last one first."""
        out = sorted(keys)
        if not sort:
            return sorted(out, key=lambda key: -scores[key])
        for by in reversed(sort):
            with_value = [k for k in out if values_of(self.entries[k].story, by.field)]
            without = [k for k in out if not values_of(self.entries[k].story, by.field)]
            rank = self.rank(by.field)
            # `reverse` keeps equal ones in the order they had, so keys still ascend.
            out = sorted(with_value, key=rank, reverse=by.descending) + without
        return out

    def rank(self, name: str) -> Callable[[str], tuple[int] | tuple[str, str]]:
        if name == "body":
            raise QueryError("Stories cannot be sorted by body.")
        kind = self.field(name).kind

        def rank(key: str) -> tuple[int] | tuple[str, str]:
            first = str(values_of(self.entries[key].story, name)[0])
            if kind is Kind.NUMBER:
                return (parse_number(first),)
            return (period(first)[0],) if kind is Kind.DATE else (folded(first), first)

        return rank


def nearness(asked: str, exact: str, allowed: int | None) -> float | None:
    """What a word adds to tf in a Fuzzy leaf; None if it is too far away."""
    if allowed is None:
        allowed = 0 if len(asked) <= 2 else 1 if len(asked) <= 5 else 2
    allowed = min(allowed, 2)
    if abs(len(asked) - len(exact)) > allowed or distance(asked, exact) > allowed:
        return None
    return 1 - distance(asked, exact) / len(asked)


def _between(leaf: Range, read: Callable[[Value], int | str]) -> Callable[[Value], bool]:
    low = read(leaf.low) if leaf.low else None
    high = read(leaf.high) if leaf.high else None

    def fits(value: Value) -> bool:
        at = read(value)
        above = low is None or at > low or (leaf.include_low and at == low)  # type: ignore[operator]
        below = high is None or at < high or (leaf.include_high and at == high)  # type: ignore[operator]
        return above and below

    return fits


class BruteForceWriter:
    """Gathers changes to a copy of the stories, which a commit hands over."""

    def __init__(self, engine: BruteForceEngine) -> None:
        self.engine = engine
        self.pending = dict(engine.entries)

    def add(self, story: Story) -> None:
        validate(story)
        self.pending[story.key] = analysed(story, self.engine.languages)

    def remove(self, key: str) -> bool:
        return self.pending.pop(key, None) is not None

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
        self.capabilities = frozenset({EXACT_SCORES})
        self.languages = languages
        self.entries: dict[str, Entry] = {}

    def reader(self) -> BruteForceReader:
        return BruteForceReader(self.entries, self.languages)

    def writer(self) -> BruteForceWriter:
        return BruteForceWriter(self)

    def close(self) -> None:
        """Nothing is held open."""
