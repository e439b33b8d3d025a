"""Which tree does a query text mean?

Lexemes → tree, with AND (or mere neighbours) binding closer than OR, NOT closer, and NEAR
closest. What
cannot be meant as typed is answered as well as it can be and reported with its place; only a
text in which nothing is left to look for is an error, and one that is too long or too deep.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import islice
from typing import Final

from balletsearch.analysis import cut
from balletsearch.errors import QueryError
from balletsearch.fields import FIELDS, resolve
from balletsearch.model import Problem
from balletsearch.query import leaves
from balletsearch.query.lexing import Lexeme, Sort, lexemes
from balletsearch.query.nodes import (
    MAX_DEPTH,
    And,
    Everything,
    Near,
    Node,
    Not,
    Or,
    Query,
    Range,
    Word,
    check_depth,
    positional,
    size,
)
from balletsearch.query.nodes import leaves as leaves_of

__all__ = ["MAX_LENGTH", "parse", "unknown_fields"]

MAX_LENGTH: Final = 10_000
"""Characters; a query is a question, not a text."""

MAX_LEAVES: Final = 1_000
"""Words, phrases and so on in one query."""

MAX_LISTED: Final = 20
"""Names of fields in a message."""


def parse(
    text: str,
    *,
    custom_fields: Iterable[str] = (),
    any_word: bool = False,
    plain: bool = False,
    strict: bool = False,
) -> Query:
    """The query that a text means.

    `custom_fields` are the fields that headers brought, `any_word` looks for at least one of
    the words instead of all, `plain` takes every sign as a mere separator and cannot fail,
    `strict` raises QueryError where there would be a problem.
    """
    text = unicodedata.normalize("NFC", text)
    if plain:
        return _plain(text, any_word)
    if len(text) > MAX_LENGTH:
        raise QueryError(f"The query has {len(text)} characters; at most {MAX_LENGTH} are read.")
    parser = _Parser(text, frozenset(custom_fields), any_word)
    tree = parser.whole()
    problems = tuple(sorted(parser.problems, key=lambda p: p.start))
    if tree is not None and sum(map(size, islice(leaves_of(tree), MAX_LEAVES + 1))) > MAX_LEAVES:
        raise QueryError(f"The query has more than {MAX_LEAVES} words.")
    if tree is not None:
        check_depth(tree)
    if tree is None or (strict and problems):
        listed = "; ".join(p.message for p in problems)
        raise QueryError(listed.capitalize() or "There is no word in the query.", problems)
    return Query(text, tree, problems)


def unknown_fields(text: str) -> frozenset[str]:
    """The fields named in a query that the table of fields does not know.

    Only for these is it worth to ask a collection which fields its headers brought.
    """
    pieces = lexemes(unicodedata.normalize("NFC", text[:MAX_LENGTH]))
    named = {p.text for p in pieces if p.sort is Sort.FIELD}
    return frozenset(name for name in named if resolve(name) is None)


def _plain(text: str, any_word: bool) -> Query:
    words = tuple(
        Word(_no_operator(text[t.start : t.end]), start=t.start, end=t.end)
        for t in cut(text[:MAX_LENGTH])
    )
    problems = []
    if not words:
        problems.append(Problem("there is no word in it, so nothing is found", 0, len(text)))
    if len(text) > MAX_LENGTH:
        message = f"only the first {MAX_LENGTH} characters were read"
        problems.append(Problem(message, MAX_LENGTH, len(text)))
    tree = words[0] if len(words) == 1 else (Or if any_word or not words else And)(words)
    return Query(text, tree, tuple(problems))


def _no_operator(word: str) -> str:
    """An operator that is meant as a word, written so that it stays one."""
    return word.lower() if word in ("AND", "OR", "NOT") else word


class _Parser:
    """Recursive descent over the lexemes of one text; `problems` fills up as it goes."""

    def __init__(self, text: str, custom_fields: frozenset[str], any_word: bool) -> None:
        self.problems: list[Problem] = []
        self._pieces = list(lexemes(text))
        self._at = 0
        self._custom = custom_fields
        self._any = any_word
        self._depth = 0
        self._nearest_to: dict[str, str] = {}

    def whole(self) -> Node | None:
        """The tree of the whole text; None where there is nothing to look for."""
        found = []
        while self._at < len(self._pieces):
            if (node := self._alternatives("")) is not None:
                found.append(node)
            if (piece := self._next()) is not None and piece.sort is Sort.CLOSE:
                self._problem(piece, "this bracket closes nothing; it was left out")
                self._at += 1
        return self._both(found)

    def _next(self) -> Lexeme | None:
        return self._pieces[self._at] if self._at < len(self._pieces) else None

    def _alternatives(self, field: str) -> Node | None:
        """Sequences with OR between them, up to a closing bracket or the end."""
        sides: list[Node | None] = [self._sequence(field)]
        while (piece := self._next()) is not None and piece.sort is Sort.OR:
            self._at += 1
            right = self._sequence(field)
            if sides[-1] is None or right is None:
                self._problem(piece, "OR stands between two sides; it was left out")
            sides.append(right)
        found = [side for side in sides if side is not None]
        return None if not found else found[0] if len(found) == 1 else Or(tuple(found))

    def _sequence(self, field: str) -> Node | None:
        """Neighbours; with `any_word` those not joined by AND are alternatives."""
        groups: list[list[Node]] = []
        joined = False
        while (piece := self._next()) is not None and piece.sort not in (Sort.OR, Sort.CLOSE):
            if piece.sort is Sort.AND:
                self._at += 1
                if joined or not groups or self._ended():
                    self._problem(piece, "AND stands between two sides; it was left out")
                joined = bool(groups)
                continue
            node = self._negated(field)
            if node is not None:
                if joined and groups:
                    groups[-1].append(node)
                else:
                    groups.append([node])
            joined = False
        if not self._any:
            return self._both([node for group in groups for node in group])
        return self._either([both for group in groups if (both := self._both(group))])

    def _ended(self) -> bool:
        piece = self._next()
        return piece is None or piece.sort in (Sort.OR, Sort.CLOSE)

    @staticmethod
    def _both(nodes: list[Node]) -> Node | None:
        return None if not nodes else nodes[0] if len(nodes) == 1 else And(tuple(nodes))

    def _either(self, nodes: list[Node]) -> Node | None:
        wanted = [n for n in nodes if not isinstance(n, Not)]
        unwanted = [n for n in nodes if isinstance(n, Not)]
        if len(wanted) > 1:
            wanted = [Or(tuple(wanted))]
        return self._both([*wanted, *unwanted])

    def _negated(self, field: str) -> Node | None:
        piece = self._pieces[self._at]
        if piece.sort not in (Sort.NOT, Sort.MINUS):
            return self._near(field)
        self._at += 1
        if self._ended():
            self._problem(piece, f"{piece.text} stands before nothing; it was left out")
            return None
        with_depth = self._deeper(lambda: self._negated(field))
        return None if with_depth is None else Not(with_depth)

    def _near(self, field: str) -> Node | None:
        """One thing, or several with NEAR between them, from left to right."""
        first = self._pieces[self._at]
        left = self._primary(field)
        while (sign := self._next()) is not None and sign.sort is Sort.NEAR:
            self._at += 1
            if left is None or self._ended() or self._pieces[self._at].sort in _NO_SIDE:
                self._problem(sign, f"{sign.text} stands between two sides; it was left out")
                return left
            right = self._primary(field)
            if right is None:
                return left
            left = self._paired(left, right, sign, first.start)
            check_depth(left)
        return left

    def _paired(self, left: Node, right: Node, sign: Lexeme, start: int) -> Node:
        distance = leaves.between(sign, sign.text.removeprefix("NEAR/"), self.problems)
        if not (_has_places(left) and _has_places(right)):
            message = (
                f"{sign.text} stands between words, phrases and patterns, or these with OR "
                "in brackets; both sides were looked for anywhere"
            )
            self._problem(sign, message)
            return And((left, right))
        return Near(left, right, distance, start, self._pieces[self._at - 1].end)

    def _deeper(self, parse_inside: Callable[[], Node | None]) -> Node | None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise QueryError(f"The query is nested more than {MAX_DEPTH} deep.")
        node = parse_inside()
        self._depth -= 1
        return node

    def _primary(self, field: str) -> Node | None:
        piece = self._pieces[self._at]
        self._at += 1
        if (
            piece.sort is Sort.WORD
            and self._field(piece.text.removesuffix(":"))
            and (piece.text.endswith(":"))
        ):
            name = replace(piece, sort=Sort.FIELD, text=piece.text[:-1])
            self._problem(
                piece, f"'{piece.text}' is written right before its word, without a space"
            )
            return self._in_field(name, field)
        match piece.sort:
            case Sort.OPEN:
                return self._deeper(lambda: self._group(piece, field))
            case Sort.FIELD:
                return self._in_field(piece, field)
            case Sort.AND | Sort.NEAR:
                self._problem(piece, f"{piece.text} stands between two sides; it was left out")
                return None
            case Sort.PATTERN:
                node, problems = leaves.pattern(piece, field)
            case Sort.QUOTED:
                node, problems = leaves.quoted(piece, field)
            case Sort.RANGE:
                node, problems = leaves.ranged(piece, field)
            case _:
                node, problems = leaves.typed(piece, field)
        self.problems += problems
        return node

    def _group(self, opening: Lexeme, field: str) -> Node | None:
        node = self._alternatives(field)
        if self._next() is None:
            self._problem(opening, "this bracket is not closed; it was taken to the end", ")")
        else:
            self._at += 1
        if node is None:
            self._problem(opening, "there is nothing between the brackets; they were left out")
        return node

    def _in_field(self, piece: Lexeme, outer: str) -> Node | None:
        name = piece.text
        field = self._field(name)
        if field is None:
            return self._unknown_field(piece, outer)
        if self._ended():
            self._problem(piece, f"nothing stands behind '{name}:'; it was left out")
            return None
        return self._deeper(lambda: self._primary(field))

    def _field(self, name: str) -> str | None:
        """The canonical name, if there is such a field here."""
        return resolve(name) or (name.casefold() if name.casefold() in self._custom else None)

    def _unknown_field(self, piece: Lexeme, outer: str) -> Node | None:
        near = self._nearest(piece.text.casefold())
        known = sorted({*FIELDS, *self._custom})
        listed = ", ".join(known[:MAX_LISTED]) + (" …" if len(known) > MAX_LISTED else "")
        hint = f"did you mean '{near}'?" if near else f"there are {listed}"
        self._problem(
            piece,
            f"unknown field '{piece.text}': its words were looked for everywhere ({hint})",
            near,
        )
        if self._ended():
            return None
        node = self._deeper(lambda: self._primary(outer))
        # A range or * means something in a field only.
        return None if isinstance(node, Everything) or _is_range(node) else node

    def _nearest(self, name: str) -> str:
        """The field that looks most like `name`, or an empty string; worked out once a name."""
        if name not in self._nearest_to:
            from difflib import get_close_matches

            found = get_close_matches(name, [*FIELDS, *self._custom], n=1)
            self._nearest_to[name] = found[0] if found else ""
        return self._nearest_to[name]

    def _problem(self, piece: Lexeme, message: str, suggestion: str = "") -> None:
        self.problems.append(Problem(message, piece.start, piece.end, suggestion))


_NO_SIDE: Final = frozenset({Sort.AND, Sort.NOT, Sort.MINUS, Sort.NEAR})


def _has_places(side: Node) -> bool:
    """Whether something can be near to it: it stands for words, and none of them is a label."""
    if not positional(side):
        return False
    inner: list[Node] = [side]
    while inner:
        match inner.pop():
            case Near(left, right):
                inner += (left, right)
            case Or(children):
                inner += children
            case leaf:
                if leaves.labels(getattr(leaf, "field", "")):
                    return False
    return True


def _is_range(node: Node | None) -> bool:
    return isinstance(node, Range) and not node.field
