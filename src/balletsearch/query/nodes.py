"""What was asked?

A dozen frozen nodes holding words *as typed*: nothing here is stemmed or folded, because
stemming twice is not stemming once, and because each engine has its own way of lowering a
word. `str(node)` is a query text that parses to the same tree. `start` and `end` are the
offsets in the text it came from; they do not take part in comparisons.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field as member
from enum import StrEnum
from typing import Final

from balletsearch.model import Problem

__all__ = [
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
    "Sound",
    "Unit",
    "View",
    "Weighted",
    "Wildcard",
    "Within",
    "Word",
]


class View(StrEnum):
    """How a word is compared."""

    STEM = "stem"
    """By its stem: `dancing` finds *danced*."""
    EXACT = "exact"
    """This word, case and accents aside: what quotes ask for."""
    TYPED = "typed"
    """This word letter by letter: what quotes behind an equals sign ask for."""


class Unit(StrEnum):
    """What several things have to stand in together, as its operator is written."""

    SENTENCE = "SENT"
    PARAGRAPH = "PARA"


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
        text = self.text if self.view is View.STEM else _quoted(self.text, self.view)
        return _in(self.field, text)


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
class Sound:
    """Every word that sounds like this one, as names do that are spelled in several ways.

    Which letters sound alike says the table of `analysis/sounds.py`.
    """

    text: str
    field: str = ""
    start: int = member(default=0, compare=False)
    end: int = member(default=0, compare=False)

    def __str__(self) -> str:
        return _in(self.field, f"@{self.text}")


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
    quotes, with view TYPED behind an equals sign too; with view STEM it comes from one typed word
    of several parts, such as `pas-de-deux`, and has no slop.
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
        return _in(self.field, _quoted(" ".join(texts), self.view) + tail)


@dataclass(frozen=True, slots=True)
class Near:
    """Both sides within one value of one zone, in either order, at most `distance` words between.

    A side is a leaf that stands for words of a zone, or an Or of such; see `trees.positional`.
    """

    left: Node
    right: Node
    distance: int
    start: int = member(default=0, compare=False)
    end: int = member(default=0, compare=False)

    def __str__(self) -> str:
        left = f"({self.left})" if isinstance(self.left, Within) else _inner(self.left)
        return f"{left} NEAR/{self.distance} {_side(self.right)}"


@dataclass(frozen=True, slots=True)
class Within:
    """All sides within one sentence or paragraph of a body, in any order.

    Sides are as those of Near, and two or more. In other zones a value is one sentence, and one
    paragraph.
    """

    unit: Unit
    sides: tuple[Node, ...]
    start: int = member(default=0, compare=False)
    end: int = member(default=0, compare=False)

    def __str__(self) -> str:
        return f" {self.unit} ".join(map(_side, self.sides))


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


@dataclass(frozen=True, slots=True)
class Weighted:
    """The stories of the child, whose scores count `factor` times."""

    child: Node
    factor: float

    def __str__(self) -> str:
        factor = repr(float(self.factor)).removesuffix(".0")
        child = f"({self.child})" if isinstance(self.child, _LOOSE) else str(self.child)
        return f"{child}^{factor}"


Leaf = (
    Word | Phrase | Prefix | Fuzzy | Wildcard | Regex | Sound | Near | Within | Range | Everything
)
Node = Leaf | And | Or | Not | Weighted
_LOOSE: Final = (And, Or, Not, Near, Within, Weighted)
"""What is written with spaces in it, or ends with a weight."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query as typed, the tree it means, and what could not be meant as typed."""

    text: str
    tree: Node
    problems: tuple[Problem, ...] = ()

    def __str__(self) -> str:
        return str(self.tree)


_SLASH: Final = re.compile(r"\\.|/")
"""In a pattern between slashes a slash is written with a backslash."""


def _escaped(found: re.Match[str]) -> str:
    return "\\/" if found[0] == "/" else found[0]


def _quoted(text: str, view: View) -> str:
    return f'="{text}"' if view is View.TYPED else f'"{text}"'


def _in(name: str, text: str) -> str:
    return f"{name}:{text}" if name else text


def _inner(node: Node) -> str:
    return f"({node})" if isinstance(node, And | Or) else str(node)


def _side(node: Node) -> str:
    """A side of an operator that other operators of its kind may stand beside."""
    return f"({node})" if isinstance(node, And | Or | Near | Within) else str(node)
