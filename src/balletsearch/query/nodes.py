"""What was asked?

A dozen frozen nodes holding words *as typed*: nothing here is stemmed or folded, because
stemming twice is not stemming once, and because each engine has its own way of lowering a
word. `str(node)` is a query text that parses to the same tree. `start` and `end` are the
offsets in the text it came from; they do not take part in comparisons.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as member
from enum import StrEnum

from balletsearch.model import Problem

__all__ = [
    "And",
    "Everything",
    "Fuzzy",
    "Leaf",
    "Node",
    "Not",
    "Or",
    "Phrase",
    "Prefix",
    "Query",
    "Range",
    "View",
    "Word",
    "leaves",
]


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
class Phrase:
    """Words one right after the other within one value of one zone; all of one view.

    With view EXACT it is written in quotes; with view STEM it comes from one typed word of
    several parts, such as `pas-de-deux`. The words carry no field of their own.
    """

    words: tuple[Word, ...]
    field: str = ""
    start: int = member(default=0, compare=False)
    end: int = member(default=0, compare=False)

    @property
    def view(self) -> View:
        """The view that its words share."""
        return self.words[0].view

    def __str__(self) -> str:
        texts = [w.text for w in self.words]
        joined = "-".join(texts) if self.view is View.STEM else _quoted(" ".join(texts))
        return _in(self.field, joined)


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


Leaf = Word | Phrase | Prefix | Fuzzy | Range | Everything
Node = Leaf | And | Or | Not


@dataclass(frozen=True, slots=True)
class Query:
    """A query as typed, the tree it means, and what could not be meant as typed."""

    text: str
    tree: Node
    problems: tuple[Problem, ...] = ()

    def __str__(self) -> str:
        return str(self.tree)


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


def _quoted(text: str) -> str:
    return f'"{text}"'


def _in(name: str, text: str) -> str:
    return f"{name}:{text}" if name else text


def _inner(node: Node) -> str:
    return f"({node})" if isinstance(node, And | Or) else str(node)
