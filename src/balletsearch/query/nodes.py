"""What was asked?

A dozen frozen nodes holding words *as typed*: nothing here is stemmed or folded, because
stemming twice is not stemming once, and because each engine has its own way of lowering a
word. `str(node)` is a query text that parses to the same tree. `start` and `end` are the
offsets in the text it came from; they do not take part in comparisons.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as member
from enum import StrEnum
from typing import Final

from balletsearch.errors import QueryError
from balletsearch.model import Problem

__all__ = [
    "MAX_DEPTH",
    "And",
    "Everything",
    "Fuzzy",
    "Gap",
    "Leaf",
    "Near",
    "Node",
    "Not",
    "Or",
    "Phrase",
    "Prefix",
    "Query",
    "Range",
    "Regex",
    "Slot",
    "View",
    "Wildcard",
    "Word",
    "check_depth",
    "leaves",
    "positional",
    "size",
]


MAX_DEPTH: Final = 64
"""Nodes within one another: what looks at a tree may call itself for each."""


class View(StrEnum):
    """How a word is compared."""

    STEM = "stem"
    """By its stem: `dancing` finds *danced*."""
    EXACT = "exact"
    """This word, case and accents aside: what quotes ask for."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word, in `field` or, where that is empty, in any zone.

    In a field that is no zone (`path`, `modified` …) `text` is the whole value asked for.
    """

    text: str
    field: str = ""
    view: View = View.STEM
    start: int = member(default=0, compare=False)
    end: int = member(default=0, compare=False)

    def __str__(self) -> str:
        return _in(self.field, self.text if self.view is View.STEM else _quoted(self.text))


@dataclass(frozen=True, slots=True)
class Prefix:
    """Every word that begins so, case and accents aside."""

    text: str
    field: str = ""
    start: int = member(default=0, compare=False)
    end: int = member(default=0, compare=False)

    def __str__(self) -> str:
        return _in(self.field, f"{self.text}*")


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Every word within `distance` edits (insert, drop, change, swap of neighbours).

    The distance is of folded forms, first letter included. None means by length: 0 up to two
    letters, 1 for three to five, 2 from six.
    """

    text: str
    distance: int | None = None
    field: str = ""
    start: int = member(default=0, compare=False)
    end: int = member(default=0, compare=False)

    def __str__(self) -> str:
        return _in(self.field, f"{self.text}~{'' if self.distance is None else self.distance}")


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Every word that looks so, case and accents aside: `?` is one character, `*` any number."""

    text: str
    field: str = ""
    start: int = member(default=0, compare=False)
    end: int = member(default=0, compare=False)

    def __str__(self) -> str:
        return _in(self.field, self.text)


@dataclass(frozen=True, slots=True)
class Regex:
    """Every word that a regular expression in the syntax of RE2 matches from end to end.

    It is compared with words without case and accents. QueryError where it is none, when it is
    looked for.
    """

    text: str
    field: str = ""
    start: int = member(default=0, compare=False)
    end: int = member(default=0, compare=False)

    def __str__(self) -> str:
        return _in(self.field, f"/{_SLASH.sub(_escaped, self.text)}/")


@dataclass(frozen=True, slots=True)
class Gap:
    """Any one word, within a phrase."""

    start: int = member(default=0, compare=False)
    end: int = member(default=0, compare=False)

    def __str__(self) -> str:
        return "*"


Slot = Word | Prefix | Fuzzy | Wildcard | Gap
"""What may stand in a phrase; it carries no field of its own."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words one after the other within one value of one zone; those that are Words of one view.

    Between one and the next stand at most `slop` others. With view EXACT it is written in
    quotes; with view STEM it comes from one typed word of several parts, such as `pas-de-deux`,
    and has no slop.
    """

    words: tuple[Slot, ...]
    field: str = ""
    slop: int = 0
    start: int = member(default=0, compare=False)
    end: int = member(default=0, compare=False)

    @property
    def view(self) -> View:
        """The view that its words share."""
        return next((w.view for w in self.words if isinstance(w, Word)), View.EXACT)

    def __str__(self) -> str:
        texts = [w.text if isinstance(w, Word) else str(w) for w in self.words]
        if self.view is View.STEM:
            return _in(self.field, "-".join(texts))
        tail = f"~{self.slop}" if self.slop else ""
        return _in(self.field, _quoted(" ".join(texts)) + tail)


@dataclass(frozen=True, slots=True)
class Near:
    """Both sides within one value of one zone, in either order, at most `distance` words between.

    A side is a leaf that stands for words of a zone, or an Or of such; see :func:`positional`.
    """

    left: Node
    right: Node
    distance: int
    start: int = member(default=0, compare=False)
    end: int = member(default=0, compare=False)

    def __str__(self) -> str:
        right = f"({self.right})" if isinstance(self.right, Near) else _inner(self.right)
        return f"{_inner(self.left)} NEAR/{self.distance} {right}"


@dataclass(frozen=True, slots=True)
class Range:
    """Values of a field from `low` to `high`; an empty bound is open."""

    field: str
    low: str = ""
    high: str = ""
    include_low: bool = True
    include_high: bool = True
    start: int = member(default=0, compare=False)
    end: int = member(default=0, compare=False)

    def __str__(self) -> str:
        left, right = "[" if self.include_low else "{", "]" if self.include_high else "}"
        return f"{self.field}:{left}{self.low or '*'} TO {self.high or '*'}{right}"


@dataclass(frozen=True, slots=True)
class Everything:
    """All stories, or all that have a value in `field`."""

    field: str = ""
    start: int = member(default=0, compare=False)
    end: int = member(default=0, compare=False)

    def __str__(self) -> str:
        return _in(self.field, "*")


@dataclass(frozen=True, slots=True)
class And:
    """Stories that fit every child; their scores add up."""

    children: tuple[Node, ...]

    def __str__(self) -> str:
        return " AND ".join(_inner(c) for c in self.children)


@dataclass(frozen=True, slots=True)
class Or:
    """Stories that fit at least one child; the scores of those that fit add up."""

    children: tuple[Node, ...]

    def __str__(self) -> str:
        return " OR ".join(_inner(c) for c in self.children)


@dataclass(frozen=True, slots=True)
class Not:
    """Stories that do not fit the child; no score."""

    child: Node

    def __str__(self) -> str:
        return f"NOT {_inner(self.child)}"


Leaf = Word | Phrase | Prefix | Fuzzy | Wildcard | Regex | Near | Range | Everything
Node = Leaf | And | Or | Not


@dataclass(frozen=True, slots=True)
class Query:
    """A query as typed, the tree it means, and what could not be meant as typed."""

    text: str
    tree: Node
    problems: tuple[Problem, ...] = ()

    def __str__(self) -> str:
        return str(self.tree)


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
        case Not(child):
            return (child,)
        case Near(left, right):
            return left, right
    return ()


def leaves(node: Node) -> Iterator[Leaf]:
    """The leaves of a tree, from left to right, those under NOT included."""
    stack: list[Node] = [node]
    while stack:
        match stack.pop():
            case And(children) | Or(children):
                stack.extend(reversed(children))
            case Not(child):
                stack.append(child)
            case leaf:
                yield leaf


def positional(node: Node) -> bool:
    """Whether a node can be a side of Near: it stands for places in a story.

    Leaves in a field that is no zone do not, but that is for the table of fields to say.
    """
    match node:
        case Or(children):
            return bool(children) and all(map(positional, children))
        case Near(left, right):
            return positional(left) and positional(right)
    return isinstance(node, Word | Phrase | Prefix | Fuzzy | Wildcard | Regex)


def size(leaf: Leaf) -> int:
    """How many leaves a leaf has within it, itself where it has none."""
    if isinstance(leaf, Near):
        return sum(size(inner) for side in (leaf.left, leaf.right) for inner in leaves(side))
    return 1


_SLASH: Final = re.compile(r"\\.|/")
"""In a pattern between slashes a slash is written with a backslash."""


def _escaped(found: re.Match[str]) -> str:
    return "\\/" if found[0] == "/" else found[0]


def _quoted(text: str) -> str:
    return f'"{text}"'


def _in(name: str, text: str) -> str:
    return f"{name}:{text}" if name else text


def _inner(node: Node) -> str:
    return f"({node})" if isinstance(node, And | Or) else str(node)
