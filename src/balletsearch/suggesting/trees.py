"""Which words of a query can be corrected, and what is its text with others in their places?

Not what says itself that it is no one spelling: fuzzy words, beginnings, wildcards, patterns,
sounds, ranges; nor what is asked for as it is typed (`="Klára"`), what is taken whole (`path`,
`language`), nor words under NOT. All else stays as it is typed: signs, fields, operators, spaces.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from balletsearch.analysis import cut
from balletsearch.engines.zones import field_of
from balletsearch.query.nodes import (
    And,
    Near,
    Node,
    Or,
    Phrase,
    Query,
    View,
    Weighted,
    Within,
    Word,
)
from balletsearch.query.saved import SAVED

__all__ = ["Place", "all_required", "correctable", "spliced"]

Place = tuple[int, int]
"""Where a word stands in the text of the query."""


def correctable(query: Query) -> list[Word]:
    """The words that can be corrected, each with the field that it is looked for in."""
    return _placed(query.text, list(_words(query.tree)))


def _placed(text: str, words: Sequence[Word]) -> list[Word]:
    """Those of some words that stand in the text of the query.

    Words of a saved query stand in another, those of a tree that no text belongs to in none.
    """
    times = Counter((word.start, word.end) for word in words)
    return [
        word
        for word in words
        if text[word.start : word.end] == word.text
        and times[word.start, word.end] == 1
        and not text[: word.start].casefold().endswith(f"{SAVED}:")
    ]


def _words(node: Node) -> Iterator[Word]:
    """The words that may be corrected, each with the field that it is looked for in."""
    match node:
        case And(children) | Or(children) | Within(_, children):
            for child in children:
                yield from _words(child)
        case Near(left, right):
            yield from _words(left)
            yield from _words(right)
        case Weighted(child):
            yield from _words(child)
        case Word(view=View.TYPED):
            return
        case Phrase(slots, field):
            for slot in slots:
                if isinstance(slot, Word):
                    yield from _words(replace(slot, field=field))
        case Word(text, field) if (not field or field_of(field).zone) and len(cut(text)) == 1:
            yield node


def all_required(node: Node) -> bool:
    """Whether every story that is found has every word of the tree."""
    match node:
        case And(children):
            return all(map(all_required, children))
        case Weighted(child):
            return all_required(child)
    # The sides of NEAR and their like may be alternatives too.
    return not isinstance(node, Or | Near | Within)


def spliced(text: str, change: Mapping[Place, str]) -> str:
    """The text with other words at some places."""
    for (start, end), word in sorted(change.items(), reverse=True):
        text = text[:start] + word + text[end:]
    return text
