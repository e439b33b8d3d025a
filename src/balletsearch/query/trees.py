"""How is a tree looked through?

How deep it is, which leaves it has, and which nodes stand for places in a text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from balletsearch.errors import QueryError
from balletsearch.fields import FIELDS
from balletsearch.query.nodes import (
    And,
    Fuzzy,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Regex,
    Sound,
    Weighted,
    Wildcard,
    Within,
    Word,
)

__all__ = [
    "MAX_DEPTH",
    "check_depth",
    "has_places",
    "leaves",
    "placed",
    "positional",
    "shown",
    "size",
]

MAX_DEPTH: Final = 64
"""Nodes within one another: what looks at a tree may call itself for each."""


def check_depth(tree: Node) -> None:
    """QueryError for a tree that is nested more than MAX_DEPTH deep, however it was made."""
    level: list[Node] = [tree]
    for _ in range(MAX_DEPTH):
        # What stands in several places is looked at once on each level.
        below = {id(child): child for node in level for child in _children(node)}
        if not below:
            return
        level = list(below.values())
    raise QueryError(f"The query is nested more than {MAX_DEPTH} deep.")


def _children(node: Node) -> tuple[Node, ...]:
    match node:
        case And(children) | Or(children):
            return children
        case Not(child) | Weighted(child):
            return (child,)
        case Near(left, right):
            return left, right
        case Within(_, sides):
            return sides
    return ()


def leaves(node: Node) -> Iterator[Leaf]:
    """The leaves of a tree, from left to right, those under NOT included."""
    stack: list[Node] = [node]
    while stack:
        match stack.pop():
            case And(children) | Or(children):
                stack.extend(reversed(children))
            case Not(child) | Weighted(child):
                stack.append(child)
            case leaf:
                yield leaf


def positional(node: Node) -> bool:
    """Whether a node can be a side of Near or Within: it stands for places in a story.

    Leaves in a field that is no zone do not, but that is for the table of fields to say.
    """
    match node:
        case Or(children):
            return bool(children) and all(map(positional, children))
        case Near(left, right):
            return positional(left) and positional(right)
        case Within(_, sides):
            return bool(sides) and all(map(positional, sides))
    return isinstance(node, Word | Phrase | Prefix | Fuzzy | Wildcard | Regex | Sound)


def has_places(side: Node) -> bool:
    """Whether a node stands for places, and none of its leaves is in a field that is no zone."""
    if not positional(side):
        return False
    inner: list[Node] = [side]
    while inner:
        match inner.pop():
            case Near(left, right):
                inner += (left, right)
            case Or(several) | Within(_, several):
                inner += several
            case leaf:
                name = getattr(leaf, "field", "")
                if name in FIELDS and not FIELDS[name].zone:
                    return False
    return True


def size(leaf: Leaf) -> int:
    """How many leaves a leaf has within it, itself where it has none."""
    sides = _children(leaf)
    return sum(size(inner) for side in sides for inner in leaves(side)) if sides else 1


def shown(node: Node) -> Iterator[Leaf]:
    """The leaves of which it is shown where they match: those that are not under Not."""
    match node:
        case And(children) | Or(children):
            for child in children:
                yield from shown(child)
        case Weighted(child):
            yield from shown(child)
        case Not():
            return
        case leaf:
            yield leaf


def placed(node: Node, field: str, start: int, end: int) -> Node:
    """A tree as if all of it stood at one place of a text, in `field` where it names no other."""

    def inside(*nodes: Node) -> tuple[Node, ...]:
        return tuple(placed(one, field, start, end) for one in nodes)

    match node:
        case And(several) | Or(several):
            out: Node = replace(node, children=inside(*several))
        case Not(child) | Weighted(child):
            out = replace(node, child=inside(child)[0])
        case Near(left, right):
            left, right = inside(left, right)
            out = replace(node, left=left, right=right, start=start, end=end)
        case Within(_, sides):
            out = replace(node, sides=inside(*sides), start=start, end=end)
        case Phrase(words):
            words = tuple(replace(word, start=start, end=end) for word in words)
            own = node.field or field
            out = replace(node, words=words, field=own, start=start, end=end)
        case leaf:
            out = replace(leaf, field=leaf.field or field, start=start, end=end)
    return out
