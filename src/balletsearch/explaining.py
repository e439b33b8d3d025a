"""How was a query understood, and how did each score come about?

Everything here is asked of an engine once more, leaf by leaf, so that it is what the search did
and no guess: which words of the collection each word stands for, and what each leaf adds to the
score of a story. The parts of a score add up to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from balletsearch.engines.protocol import OneWord, Part, Reader, SearchRequest
from balletsearch.engines.zones import field_of
from balletsearch.model import Hit, Problem, Results
from balletsearch.query.nodes import (
    And,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Weighted,
    Within,
)
from balletsearch.query.trees import leaves

__all__ = ["Explanation", "Share", "Standing", "explained"]

SHOWN: Final = 20
"""Words named of those that one stands for; all are counted."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a word of the query stands for: words of the collection, most frequent first.

    `forms` are at most `SHOWN` of them, folded, with how often each stands where it is looked for;
    `total` is how many there are.
    """

    asked: str
    forms: tuple[tuple[str, int], ...]
    total: int


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a score: what was asked, how often it comes, and what that adds.

    `frequency` counts each time as much as its zone weighs; `factor` is what the leaf counts by
    its weight and by the rules for words (docs/semantics.md, "Score"); `score` has it in it.
    `bonus` says that it only adds to what the query matches.
    """

    asked: str
    frequency: float
    factor: float
    score: float
    bonus: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a query was understood, what could not be meant as typed, and where scores come from.

    `tree` is the query as it was read, `stories` are the shares of each hit by its key.
    """

    tree: str
    words: tuple[Standing, ...]
    problems: tuple[Problem, ...]
    stories: Mapping[str, tuple[Share, ...]]


def explained(results: Results, request: SearchRequest, reader: Reader) -> Explanation:
    """What is to be said of the answer to a request."""
    tree = request.tree
    asked = dict.fromkeys(slot for leaf in leaves(tree) for slot in _words(leaf))
    keys = [hit.key for hit in results]
    known = dict.fromkeys([*leaves(tree), *request.bonuses])
    parts = {leaf: reader.worth(leaf, keys) for leaf in known} if not request.sort else {}
    return Explanation(
        str(results.query),
        tuple(_standing(reader, slot) for slot in asked),
        results.problems,
        {hit.key: tuple(_shares(hit, request, parts)) for hit in results if parts},
    )


def _words(leaf: Leaf) -> Iterator[OneWord]:
    """The words of a leaf that stand for words of the collection, each in the leaf's field."""
    match leaf:
        case Near(left, right):
            sides: tuple[Node, ...] = (left, right)
        case Within(_, sides):
            pass
        case Phrase(words, field):
            for word in words:
                if isinstance(word, OneWord):
                    yield replace(word, field=field)
            return
        case _:
            if isinstance(leaf, OneWord) and (not leaf.field or field_of(leaf.field).zone):
                yield leaf
            return
    for side in sides:
        for inner in leaves(side):
            yield from _words(inner)


def _standing(reader: Reader, asked: OneWord) -> Standing:
    forms = reader.expansion(asked)
    most = sorted(forms.items(), key=lambda form: (-form[1], form[0]))[:SHOWN]
    return Standing(str(asked), tuple(most), len(forms))


Parts = Mapping[Leaf, Mapping[str, Part]]


def _shares(hit: Hit, request: SearchRequest, parts: Parts) -> Iterator[Share]:
    """The shares in the score of a hit, in the order of the query, bonuses last."""
    for leaf, weight in _counting(request.tree, hit.key, parts, 1.0):
        part = parts[leaf][hit.key]
        if part.frequency:
            factor = weight * request.factors.get(leaf, 1.0)
            yield Share(str(leaf), part.frequency, factor, factor * part.score)
    for leaf, factor in request.bonuses.items():
        found = parts[leaf].get(hit.key)
        if found is not None and found.frequency:
            yield Share(str(leaf), found.frequency, factor, factor * found.score, bonus=True)


def _counting(node: Node, key: str, parts: Parts, weight: float) -> Iterator[tuple[Leaf, float]]:
    """The leaves that count in the score of a story, and what each counts by weights above it."""
    if not _matches(node, key, parts):
        return
    match node:
        case And(children) | Or(children):
            for child in children:
                yield from _counting(child, key, parts, weight)
        case Weighted(child, factor):
            yield from _counting(child, key, parts, weight * factor)
        case Not():
            return
        case leaf:
            yield leaf, weight


def _matches(node: Node, key: str, parts: Parts) -> bool:
    match node:
        case And(children):
            return all(_matches(child, key, parts) for child in children)
        case Or(children):
            return any(_matches(child, key, parts) for child in children)
        case Not(child):
            return not _matches(child, key, parts)
        case Weighted(child):
            return _matches(child, key, parts)
        case leaf:
            return key in parts[leaf]
