"""Which stories does a tree match, where, and with what score?

The second half of the brute-force engine: every leaf is tried on every word of every story.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from typing import Final

from balletsearch.analysis import fold, form, stem, surname_key
from balletsearch.engines.kinds import infer, parse_number, period
from balletsearch.errors import QueryError
from balletsearch.fields import FIELDS, Field, Kind, custom
from balletsearch.model import Span, Story, Value
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
    Range,
    Regex,
    Slot,
    Sound,
    View,
    Weighted,
    Wildcard,
    Within,
    Word,
)
from brute_force_sounds import sounds_like
from brute_force_windows import Cover, fitted, held, looks_so, met, patterned, shortest
from brute_force_words import (
    Entry,
    Place,
    distance,
    folded,
    table_field,
    units,
    values_of,
    weight,
)

__all__ = ["Collection", "Scores"]

K1: Final = 1.2
B: Final = 0.6

Spans = dict[Span, float]
"""The spans of a leaf in one story, each with what it adds to tf."""
Scores = dict[str, float]
"""The stories that match, by key, with their scores."""
Fits = Callable[[Place], float | None]
"""What one word of a story adds to tf, before the weight of its zone; None if it is no match."""


class Collection:
    """The stories of one generation, which nobody changes any more."""

    def __init__(self, entries: Mapping[str, Entry], languages: tuple[str, ...]) -> None:
        self.entries = {key: entries[key] for key in sorted(entries)}
        self.languages = languages

    def count(self) -> int:
        return len(self.entries)

    def stories(self) -> Iterator[Story]:
        return (entry.story for entry in self.entries.values())

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
        if isinstance(leaf, Phrase) and all(isinstance(w, Gap) for w in leaf.words):
            raise QueryError(f"{leaf} has no word.")
        out: dict[str, Spans] = {}
        for key, entry in self.entries.items():
            for zone in entry.zones:
                if found := self.spans_in(leaf, key, zone, surnames=surnames):
                    out.setdefault(key, {}).update(found)
        return out

    def spans_in(self, leaf: Leaf, key: str, zone: str, *, surnames: bool = True) -> Spans:
        """The spans of a leaf in one zone of one story."""
        if isinstance(leaf, Near):
            left, right = (self.covers(side, key, zone) for side in (leaf.left, leaf.right))
            found = met(left, right, leaf.distance)
            return {Span(zone, *cover[1:]): weight(zone) for cover in shortest(found)}
        if isinstance(leaf, Within):
            several = [self.covers(side, key, zone) for side in leaf.sides]
            body = self.entries[key].story.body if zone == "body" else ""
            found = held(several, units(body, leaf.unit))
            return {Span(zone, *cover[1:]): weight(zone) for cover in shortest(found)}
        if leaf.field not in ("", zone):
            return {}
        places = self.entries[key].zones[zone]
        if isinstance(leaf, Phrase):
            # The surname key plays no part in phrases.
            fits = [self.matcher(word, surnames=False) for word in leaf.words]
            found = fitted(places, fits, leaf.slop)
            return {Span(zone, *cover[1:]): weight(zone) for cover in shortest(found)}
        fit = self.matcher(leaf, surnames=surnames)
        amounts = {place.position: fit(place) for place in places}
        return {
            Span(zone, at, at + 1): weight(zone) * amount
            for at, amount in amounts.items()
            if amount is not None
        }

    def covers(self, side: Node, key: str, zone: str) -> set[Cover]:
        """The spans of a side of Near or Within in one zone of a story, each with its value."""
        if isinstance(side, Or) and side.children:
            return set().union(*(self.covers(child, key, zone) for child in side.children))
        if (
            isinstance(side, And | Or | Not | Weighted | Range | Everything)
            or self.by_value(side) is not None
        ):
            raise QueryError(f"{side} is no side of NEAR.")
        value_at = {p.position: p.value for p in self.entries[key].zones[zone]}
        return {
            Cover(value_at[span.start], span.start, span.end)
            for span in self.spans_in(side, key, zone)
        }

    def sided(self, side: Node) -> set[str]:
        """The stories in which a side of Near has a span."""
        return {
            key
            for key, entry in self.entries.items()
            if any(self.covers(side, key, zone) for zone in entry.zones)
        }

    def matcher(self, leaf: Leaf | Slot, *, surnames: bool) -> Fits:
        """How a leaf of one word looks at each word of a story."""
        if isinstance(leaf, Fuzzy):
            return lambda p: nearness(fold(form(leaf.text)), p.exact, leaf.distance)
        fits = self.test(leaf, surnames=surnames)
        return lambda p: 1.0 if fits(p) else None

    def test(self, leaf: Leaf | Slot, *, surnames: bool) -> Callable[[Place], bool]:
        """Whether a word of a story is what a leaf asks for, as much as any other that is."""
        match leaf:
            case Gap():
                return lambda _: True
            case Word(text, _, View.STEM):
                stems, key = self.stems(text), surname_key(fold(form(text)))
                return lambda p: p.stem in stems or (surnames and p.surname == key)
            case Word(text, _, View.TYPED):
                return lambda p: p.typed == text
            case Word(text):
                exact = fold(form(text))
                wanted = {exact} if "'" in form(text) else {exact, exact + "'s"}
                return lambda p: p.exact in wanted
        return lambda p: fits_pattern(leaf, p.exact)

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

    def by_value(self, leaf: Leaf) -> set[str] | None:
        """The stories matched by a leaf that has no spans, or None if it is of those that do."""
        match leaf:
            case Range():
                return self.with_value(leaf.field, self.between(leaf))
            case Everything(""):
                return set(self.entries)
            case Everything():
                return self.with_value(leaf.field, lambda _: True)
            case Near() | Within():
                return None
        return None if not leaf.field or table_field(leaf.field).zone else self.labelled(leaf)

    def labelled(self, leaf: Word | Phrase | Prefix | Fuzzy | Wildcard | Regex | Sound) -> set[str]:
        """The stories matched by a leaf whose field is no zone."""
        if isinstance(leaf, Fuzzy | Sound):
            raise QueryError(f"{leaf.field} cannot be searched with ~ or @.")
        if isinstance(leaf, Phrase):
            if not all(isinstance(w, Word) for w in leaf.words):
                raise QueryError(f"{leaf.field} cannot be searched with signs in quotes.")
            leaf = Word(" ".join(str(w.text) for w in leaf.words), leaf.field)
        text = leaf.text
        if table_field(leaf.field).kind in (Kind.NUMBER, Kind.DATE):
            if not isinstance(leaf, Word):
                raise QueryError(f"{leaf.field} cannot be searched with patterns.")
            return self.with_value(leaf.field, self.between(Range(leaf.field, text, text)))
        asked = folded(text)
        if isinstance(leaf, Prefix):
            return self.with_value(leaf.field, lambda v: folded(v).startswith(asked))
        if isinstance(leaf, Wildcard):
            return self.with_value(leaf.field, lambda v: looks_so(asked, folded(v)))
        if isinstance(leaf, Regex):
            pattern = patterned(text)
            return self.with_value(leaf.field, lambda v: bool(pattern.fullmatch(folded(v))))
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

    def scores(self, node: Node, factors: Mapping[Leaf, float] | None = None) -> Scores:
        """The stories that a tree matches, with their scores."""
        match node:
            case And(children):
                parts = [self.scores(child, factors) for child in children]
                return {
                    key: sum(part[key] for part in parts)
                    for key in self.entries
                    if all(key in part for part in parts)
                }
            case Or(children):
                parts = [self.scores(child, factors) for child in children]
                return {
                    key: sum(part[key] for part in parts if key in part)
                    for key in self.entries
                    if any(key in part for part in parts)
                }
            case Not(child):
                return dict.fromkeys(self.entries.keys() - self.scores(child).keys(), 0.0)
            case Weighted(child, weight):
                return {k: weight * score for k, score in self.scores(child, factors).items()}
            case leaf:
                factor = (factors or {}).get(leaf, 1.0)
                return {key: factor * score for key, score in self.leaf_scores(leaf).items()}

    def leaf_scores(self, leaf: Leaf) -> Scores:
        by_value = self.by_value(leaf)
        if by_value is not None:
            return dict.fromkeys(by_value, 0.0)
        found = self.spans(leaf)
        idf = self.rarity(leaf)
        out: Scores = {}
        for key, spans in found.items():
            tf = sum(spans.values())
            relative = self.entries[key].length / self.average
            out[key] = idf * tf / (tf + K1 * (1 - B + B * relative))
        return out

    def rarity(self, side: Node) -> float:
        """The idf of a leaf, or of a side of Near."""
        match side:
            case Phrase(words, field):
                leaves = [replace(word, field=field) for word in words if not isinstance(word, Gap)]
                return sum(self.idf(len(self.spans(w, surnames=False))) for w in leaves)
            case Near(left, right):
                return self.rarity(left) + self.rarity(right)
            case Within(_, sides):
                return sum(map(self.rarity, sides))
            case Or():
                return self.idf(len(self.sided(side)))
        return self.idf(len(self.spans(side)))

    def idf(self, df: int) -> float:
        return math.log(1 + (self.count() - df + 0.5) / (df + 0.5))

    @cached_property
    def average(self) -> float:
        return sum(entry.length for entry in self.entries.values()) / self.count()

    def all_spans(self, node: Node) -> dict[str, set[Span]]:
        """The spans of every leaf that is not under a Not."""
        return {
            key: set().union(*(self.spans_in(leaf, key, zone) for leaf, zone in found))
            for key, found in self.shown(node).items()
        }

    def all_marks(self, node: Node) -> dict[str, set[Span]]:
        """What to set off of them."""
        return {
            key: set().union(*(self.marks(leaf, key, zone) for leaf, zone in found))
            for key, found in self.shown(node).items()
        }

    def shown(self, node: Node) -> dict[str, list[tuple[Leaf, str]]]:
        """For each story every leaf with spans that is not under a Not, in each of its zones."""
        leaves = [leaf for leaf in positive(node) if self.by_value(leaf) is None]
        return {
            key: [(leaf, zone) for leaf in leaves for zone in entry.zones]
            for key, entry in self.entries.items()
        }

    def marks(self, leaf: Node, key: str, zone: str, inside: set[Span] | None = None) -> set[Span]:
        """The spans of a leaf, and of things near one another those of the things in them."""
        if isinstance(leaf, Or):
            return set().union(*(self.marks(child, key, zone, inside) for child in leaf.children))
        found = {
            span
            for span in self.spans_in(leaf, key, zone)
            if inside is None or any(o.start <= span.start and span.end <= o.end for o in inside)
        }
        match leaf:
            case Near(left, right):
                sides: tuple[Node, ...] = (left, right)
            case Within(_, several):
                sides = several
            case _:
                return found
        return set().union(*(self.marks(side, key, zone, found) for side in sides))


def positive(node: Node) -> Iterator[Leaf]:
    """The leaves that are not under a Not."""
    match node:
        case And(children) | Or(children):
            for child in children:
                yield from positive(child)
        case Weighted(child):
            yield from positive(child)
        case Not():
            return
        case leaf:
            yield leaf


def fits_pattern(leaf: Prefix | Wildcard | Regex | Sound, word: str) -> bool:
    """Whether a folded word looks, begins or sounds as a leaf asks."""
    asked = fold(form(leaf.text))
    match leaf:
        case Regex(text):
            return patterned(text).fullmatch(word) is not None
        case Prefix():
            return word.startswith(asked)
        case Wildcard():
            return looks_so(asked, word)
        case Sound():
            return sounds_like(asked, word)


def nearness(asked: str, exact: str, allowed: int | None) -> float | None:
    """What a word adds to tf in a Fuzzy leaf; None if it is too far away."""
    if allowed is None:
        allowed = 0 if len(asked) <= 2 else 1 if len(asked) <= 5 else 2
    allowed = min(allowed, 2)
    if abs(len(asked) - len(exact)) > allowed or distance(asked, exact) > allowed:
        return None
    return max(0.0, 1 - distance(asked, exact) / len(asked))


def _between(leaf: Range, read: Callable[[Value], int | Decimal | str]) -> Callable[[Value], bool]:
    low = read(leaf.low) if leaf.low else None
    high = read(leaf.high) if leaf.high else None

    def fits(value: Value) -> bool:
        at = read(value)
        above = low is None or at > low or (leaf.include_low and at == low)  # type: ignore[operator]
        below = high is None or at < high or (leaf.include_high and at == high)  # type: ignore[operator]
        return above and below

    return fits
