"""How does a query find a work by any of its names?

A word or phrase that is one of several names of one thing becomes an Or of all of them, in the
field that it was in. Done twice it changes nothing, so what is printed can be read again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from balletsearch.analysis import cut
from balletsearch.query.nodes import (
    And,
    Node,
    Not,
    Or,
    Phrase,
    View,
    Weighted,
    Word,
)

__all__ = ["Names", "with_names"]

Names = Callable[[str, str], tuple[str, ...]]
"""Field and name → all names of what goes by it; none for what has no other name."""


def with_names(tree: Node, names: Names) -> Node:
    """The tree with all names of what it asks for by one of them."""
    match tree:
        case And(children):
            return replace(tree, children=tuple(with_names(child, names) for child in children))
        case Or(children):
            return Or(_spread(children, names))
        case Not(child) | Weighted(child):
            return replace(tree, child=with_names(child, names))
        case Word() | Phrase():
            every = _named(tree, names)
            return every[0] if len(every) == 1 else Or(tuple(every))
    return tree


def _spread(children: tuple[Node, ...], names: Names) -> tuple[Node, ...]:
    """The children of an Or with their other names beside them, each name once."""
    out: dict[Node, None] = {}
    known: set[tuple[str, str]] = set()
    for child in children:
        if not isinstance(child, Word | Phrase):
            out[with_names(child, names)] = None
            continue
        every = _named(child, names)
        if len(every) == 1:
            out[child] = None
            continue
        # A name that stands here already brings nothing new.
        new = [one for one in every if _what(one) not in known]
        known.update(map(_what, every))
        out.update(dict.fromkeys(new))
    return tuple(out)


def _named(leaf: Word | Phrase, names: Names) -> list[Node]:
    """A leaf, and leaves for the other names of what it names."""
    text = _text(leaf)
    others = names(leaf.field, text) if leaf.field and text else ()
    own = _key(text)
    found: list[Node] = [leaf]
    met = {own}
    for name in others:
        if _key(name) not in met:
            met.add(_key(name))
            found.append(_leaf(name, leaf))
    return found


def _text(leaf: Word | Phrase) -> str:
    """The name that a leaf asks for; empty where it asks for something looser, or as typed."""
    if leaf.view is View.TYPED:
        return ""
    if isinstance(leaf, Word):
        return leaf.text
    words = [word.text for word in leaf.words if isinstance(word, Word)]
    return " ".join(words) if len(words) == len(leaf.words) and not leaf.slop else ""


def _leaf(name: str, leaf: Word | Phrase) -> Node:
    start, end = leaf.start, leaf.end
    words = tuple(
        Word(name[token.start : token.end], "", View.EXACT, start, end) for token in cut(name)
    )
    if len(words) == 1:
        return replace(words[0], field=leaf.field)
    return Phrase(words, leaf.field, 0, start, end)


def _key(name: str) -> tuple[str, ...]:
    return tuple(token.form for token in cut(name))


def _what(node: Node) -> tuple[str, str]:
    assert isinstance(node, Word | Phrase)  # noqa: S101 - as `_named` gives
    return node.field, " ".join(_key(_text(node)))
