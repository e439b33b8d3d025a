"""Which tree do the pieces of a query text mean?

Lexemes → tree. NEAR binds closest, then SENT and PARA, then NOT and the signs for it, then AND
(or mere neighbours), and OR loosest.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from balletsearch.errors import QueryError
from balletsearch.fields import FIELDS, resolve
from balletsearch.model import Problem
from balletsearch.query import leaves
from balletsearch.query.lexing import Lexeme, Sort, lexemes
from balletsearch.query.nodes import (
    And,
    Everything,
    Near,
    Node,
    Not,
    Or,
    Range,
    Unit,
    Within,
)
from balletsearch.query.saved import MAX_ASKED, MAX_SAVED, MAX_WITHIN, SAVED, closest
from balletsearch.query.trees import MAX_DEPTH, check_depth, has_places, placed
from balletsearch.query.weights import unweighted, weighted

__all__ = ["Grammar"]

MAX_LISTED: Final = 20
"""Names of fields in a message."""


class _Group(NamedTuple):
    """Neighbours that AND joins, and whether a `+` stands before one of them."""

    nodes: list[Node]
    required: bool


class Grammar:
    """Recursive descent over the lexemes of one text; `problems` fills up as it goes.

    `saved` are texts by name; `inside` are the names of those that this one is the text of, and
    `asked` of all that were asked for so far.
    """

    def __init__(
        self,
        text: str,
        custom_fields: frozenset[str],
        any_word: bool,
        saved: Mapping[str, str],
        *,
        inside: tuple[str, ...] = (),
        asked: list[str] | None = None,
    ) -> None:
        self.problems: list[Problem] = []
        self._saved = saved
        self._inside = inside
        self._asked = [] if asked is None else asked
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
        return _all(found)

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
        """Neighbours; with `any_word` those not joined by AND are alternatives.

        Where a `+` stands before one of them, those without only add to the score.
        """
        groups: list[_Group] = []
        joined = False
        while (piece := self._next()) is not None and piece.sort not in (Sort.OR, Sort.CLOSE):
            if piece.sort is Sort.AND:
                self._at += 1
                if joined or not groups or self._ended():
                    self._problem(piece, "AND stands between two sides; it was left out")
                joined = bool(groups)
                continue
            wanted = self._required(piece)
            node = None if wanted and self._ended() else self._negated(field)
            if node is not None:
                if joined and groups:
                    last = groups.pop()
                    groups.append(_Group([*last.nodes, node], last.required or wanted))
                else:
                    groups.append(_Group([node], wanted))
            joined = False
        if any(group.required for group in groups):
            return self._preferring(groups)
        if not self._any:
            return _all([node for group in groups for node in group.nodes])
        return self._either([both for group in groups if (both := _all(group.nodes))])

    def _required(self, piece: Lexeme) -> bool:
        """Whether a `+` stands here, which is passed over."""
        if piece.sort is not Sort.PLUS:
            return False
        self._at += 1
        if self._ended():
            self._problem(piece, "+ stands before nothing; it was left out")
        return True

    @staticmethod
    def _preferring(groups: Sequence[_Group]) -> Node | None:
        """What has to be there, and what is better there: that or anything."""
        must = [node for group in groups if group.required for node in group.nodes]
        rest = [both for g in groups if not g.required and (both := _all(g.nodes)) is not None]
        barred = [node for node in rest if isinstance(node, Not)]
        better = [node for node in rest if not isinstance(node, Not)]
        return _all([*must, *([Or((*better, Everything()))] if better else []), *barred])

    def _ended(self) -> bool:
        piece = self._next()
        return piece is None or piece.sort in (Sort.OR, Sort.CLOSE)

    def _either(self, nodes: list[Node]) -> Node | None:
        wanted = [n for n in nodes if not isinstance(n, Not)]
        unwanted = [n for n in nodes if isinstance(n, Not)]
        if len(wanted) > 1:
            wanted = [Or(tuple(wanted))]
        return _all([*wanted, *unwanted])

    def _negated(self, field: str) -> Node | None:
        piece = self._pieces[self._at]
        if piece.sort not in (Sort.NOT, Sort.MINUS):
            return self._within(field)
        self._at += 1
        if self._ended():
            self._problem(piece, f"{piece.text} stands before nothing; it was left out")
            return None
        with_depth = self._deeper(lambda: self._negated(field))
        return None if with_depth is None else Not(with_depth)

    def _within(self, field: str) -> Node | None:
        """One thing, or several with SENT or PARA between them, from left to right."""
        first = self._pieces[self._at]
        left = self._near(field)
        while (sign := self._next()) is not None and sign.sort in _UNITS:
            sides = [] if left is None else [left]
            # One sign after the other of the same kind joins what it stands between all at once.
            while (again := self._next()) is not None and again.sort is sign.sort:
                right = self._side(field, self._near, there=bool(sides))
                if right is None:
                    break
                sides.append(right)
            left = self._gathered(sides, sign, first.start)
        return left

    def _near(self, field: str) -> Node | None:
        """One thing, or several with NEAR between them, from left to right."""
        first = self._pieces[self._at]
        left = self._primary(field)
        while (sign := self._next()) is not None and sign.sort is Sort.NEAR:
            right = self._side(field, self._primary, there=left is not None)
            if left is None or right is None:
                return left
            distance = leaves.between(sign, sign.text.removeprefix("NEAR/"), self.problems)
            left, right = (
                unweighted(side, sign.text, sign.start, sign.end, self.problems)
                for side in (left, right)
            )
            if self._standing((left, right), sign):
                end = self._pieces[self._at - 1].end
                left = Near(left, right, distance, first.start, end)
            else:
                left = And((left, right))
            check_depth(left)
        return left

    def _side(
        self, field: str, parse_side: Callable[[str], Node | None], *, there: bool
    ) -> Node | None:
        """What stands behind the sign here, which stands between two sides, if it does."""
        sign = self._pieces[self._at]
        self._at += 1
        if there and not self._ended() and self._pieces[self._at].sort in (Sort.NOT, Sort.MINUS):
            self._problem(
                sign,
                f"{sign.text} has no meaning before NOT: what is not there has no place; "
                "both were looked for by themselves",
            )
            return None
        if not there or self._ended() or self._pieces[self._at].sort in _NO_SIDE:
            self._problem(sign, f"{sign.text} stands between two sides; it was left out")
            return None
        return parse_side(field)

    def _gathered(self, sides: list[Node], sign: Lexeme, start: int) -> Node | None:
        if len(sides) < 2:
            return sides[0] if sides else None
        sides = [unweighted(s, sign.text, sign.start, sign.end, self.problems) for s in sides]
        if not self._standing(sides, sign):
            return And(tuple(sides))
        end = self._pieces[self._at - 1].end
        node = Within(_UNITS[sign.sort], tuple(sides), start, end)
        check_depth(node)
        return node

    def _standing(self, sides: Iterable[Node], sign: Lexeme) -> bool:
        """Whether all sides of a sign stand for places in a text; a problem if not."""
        if all(map(has_places, sides)):
            return True
        message = (
            f"{sign.text} stands between words, phrases and patterns, or these with OR "
            "in brackets; its sides were looked for anywhere"
        )
        self._problem(sign, message)
        return False

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
            case Sort.AND | Sort.NEAR | Sort.SENT | Sort.PARA:
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
        closing = self._next()
        if closing is None:
            self._problem(opening, "this bracket is not closed; it was taken to the end", ")")
        else:
            self._at += 1
        if node is None:
            self._problem(opening, "there is nothing between the brackets; they were left out")
        if node is None or closing is None:
            return node
        return weighted(node, closing.tail, closing.start, closing.end, self.problems)

    def _in_field(self, piece: Lexeme, outer: str) -> Node | None:
        name = piece.text
        if name == SAVED and self._pieces[self._at :] and self._asks_for_saved():
            return self._of_saved(self._pieces[self._at], outer)
        field = self._field(name)
        if field is None:
            return self._unknown_field(piece, outer)
        if self._ended():
            self._problem(piece, f"nothing stands behind '{name}:'; it was left out")
            return None
        return self._deeper(lambda: self._primary(field))

    def _asks_for_saved(self) -> bool:
        """Whether what follows names a saved query, or can mean nothing else."""
        piece = self._pieces[self._at]
        if piece.sort not in (Sort.WORD, Sort.QUOTED):
            return False
        return _saved_name(piece)[0] in self._saved or SAVED not in self._custom

    def _of_saved(self, piece: Lexeme, outer: str) -> Node | None:
        """The tree of a saved query, as if it stood here in brackets."""
        self._at += 1
        name, weight = _saved_name(piece)
        if name not in self._saved:
            near = closest(name, self._saved)
            hint = f"did you mean '{near}'?" if near else "none is saved under a name like it"
            self._problem(piece, f"there is no saved query '{piece.text}' ({hint})", near)
            return None
        if name in self._inside:
            self._problem(piece, f"the saved query '{name}' asks for itself; it was left out")
            return None
        if len(self._inside) >= MAX_WITHIN:
            raise QueryError(f"Saved queries ask for one another more than {MAX_WITHIN} deep.")
        self._asked.append(name)
        if len(self._asked) > MAX_ASKED:
            raise QueryError(f"The query asks for more than {MAX_ASKED} saved queries.")
        inner = Grammar(
            unicodedata.normalize("NFC", self._saved[name])[:MAX_SAVED],
            self._custom,
            self._any,
            self._saved,
            inside=(*self._inside, name),
            asked=self._asked,
        )
        tree = inner.whole()
        for problem in inner.problems:
            self._problem(piece, f"in the saved query '{name}': {problem.message}")
        if tree is None:
            self._problem(piece, f"there is no word in the saved query '{name}'")
            return None
        tree = placed(tree, outer, piece.start, piece.end)
        return weighted(tree, weight, piece.start, piece.end, self.problems)

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
            self._nearest_to[name] = closest(name, [*FIELDS, *self._custom])
        return self._nearest_to[name]

    def _problem(self, piece: Lexeme, message: str, suggestion: str = "") -> None:
        self.problems.append(Problem(message, piece.start, piece.end, suggestion))


_UNITS: Final = {Sort.SENT: Unit.SENTENCE, Sort.PARA: Unit.PARAGRAPH}
_NO_SIDE: Final = frozenset({Sort.AND, Sort.PLUS, Sort.NEAR, *_UNITS})


def _is_range(node: Node | None) -> bool:
    return isinstance(node, Range) and not node.field


def _saved_name(piece: Lexeme) -> tuple[str, str]:
    """The name of a saved query as it is looked for, and the weight behind it."""
    name, sign, factor = (piece.text + piece.tail).partition("^")
    return name.casefold(), sign + factor


def _all(nodes: Sequence[Node]) -> Node | None:
    """What has to hold where several things do."""
    return None if not nodes else nodes[0] if len(nodes) == 1 else And(tuple(nodes))
