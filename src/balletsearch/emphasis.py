"""What counts in the order of answers beside how often the words of a query come?

Three rules, for words as they are typed without signs; what matches is none of their business.
Function words count little beside others, a word in the form in which it was typed counts more,
and so do, where that is asked for, words that stand together as they do in the query.
`docs/semantics.md` has them as sentences, `docs/relevance.md` what each is worth and costs, and
what else was tried.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple, TypeGuard

from balletsearch.analysis import form
from balletsearch.analysis.function_words import function_words
from balletsearch.engines.zones import field_of
from balletsearch.query.nodes import (
    And,
    Everything,
    Gap,
    Leaf,
    Node,
    Not,
    Or,
    Phrase,
    Range,
    Slot,
    View,
    Weighted,
    Word,
)

__all__ = ["Emphasis", "emphasis"]

FUNCTION_WORD: Final = 0.2
"""What a function word counts beside other words."""

AS_TYPED: Final = 0.25
"""What the very form of a word counts beside all forms of its stem, if it is not alone."""

TOGETHER: Final = 0.1
"""What two neighbouring words of a query count as a phrase."""


class Emphasis(NamedTuple):
    """Two parts of a request: see `SearchRequest` in `engines/protocol.py`."""

    factors: Mapping[Leaf, float]
    bonuses: Mapping[Leaf, float]


def emphasis(tree: Node, languages: Iterable[str], *, neighbours: bool = False) -> Emphasis:
    """What the leaves of a tree count in a collection of these languages, and what else does.

    With `neighbours` also words that stand together as they do in the query.
    """
    known = function_words(languages)
    leaves = list(_counting(tree))
    bare = [(leaf, factor) for leaf, factor in leaves if _bare(leaf)]
    little = {word for word, factor in bare if factor == 1 and form(word.text) in known}
    bonuses: dict[Leaf, float] = defaultdict(float)
    several = len({leaf for leaf, _ in leaves}) > 1
    for word, factor in bare:
        if several and form(word.text) not in known:
            bonuses[Word(word.text, word.field, View.EXACT)] += AS_TYPED * factor
    for pair in _pairs(tree, little) if neighbours else ():
        bonuses[pair] += TOGETHER
    alone = all(leaf in little for leaf, _ in leaves)
    return Emphasis({} if alone else dict.fromkeys(little, FUNCTION_WORD), dict(bonuses))


def _counting(node: Node, factor: float = 1.0) -> Iterator[tuple[Leaf, float]]:
    """The leaves that have a score, and their weight: those not under Not that stand for words."""
    match node:
        case And(children) | Or(children):
            for child in children:
                yield from _counting(child, factor)
        case Weighted(child, own):
            yield from _counting(child, factor * own)
        case Not() | Everything() | Range():
            return
        case leaf:
            yield leaf, factor


def _bare(node: Node) -> TypeGuard[Word]:
    """Whether it is a word without signs that is looked for in a zone."""
    if not isinstance(node, Word) or node.view is not View.STEM:
        return False
    return not node.field or field_of(node.field).zone


def _pairs(node: Node, little: set[Word]) -> Iterator[Phrase]:
    """Words that follow one another in a query, as phrases: function words between are gaps."""
    if not isinstance(node, And | Or):
        return
    first: Word | None = None
    gaps = 0
    for child in node.children:
        yield from _pairs(child, little)
        if not _bare(child) or (first is not None and child.field != first.field):
            first = child if _bare(child) and child not in little else None
            gaps = 0
        elif child in little:
            gaps += 1
        else:
            if first is not None and first != child:
                words: tuple[Slot, ...] = (Word(first.text), *(Gap(),) * gaps, Word(child.text))
                yield Phrase(words, child.field)
            first, gaps = child, 0
