"""What are the signs and pieces of a query text?

One pass from left to right, each piece with its place: words with whatever is attached to
them, quoted text, patterns, ranges, brackets, operators and field names. Nothing is judged here but
what is not closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from balletsearch.fields import FIELDS, Kind, resolve
from balletsearch.query.reference import OPERATORS

__all__ = ["Lexeme", "Sort", "lexemes"]


class Sort(StrEnum):
    """What a piece is."""

    WORD = "word"
    QUOTED = "quoted"
    RANGE = "range"
    PATTERN = "pattern"
    FIELD = "field"
    OPEN = "("
    CLOSE = ")"
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    MINUS = "-"
    PLUS = "+"
    NEAR = "NEAR"
    SENT = "SENT"
    PARA = "PARA"


@dataclass(frozen=True, slots=True)
class Lexeme:
    """One piece: `text` without quotes, slashes and brackets; offsets in the query.

    `tail` is what is attached behind a closing quote, slash or bracket; `closed` is False where
    the closing quote or bracket is missing; `typed` says that an equals sign stands before.
    """

    sort: Sort
    text: str
    start: int
    end: int
    tail: str = ""
    closed: bool = True
    typed: bool = False


_QUOTES: Final = (
    '"'
    "\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"
    "\N{DOUBLE LOW-9 QUOTATION MARK}\N{FULLWIDTH QUOTATION MARK}"
    "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}"
)
_PIECE: Final = re.compile(
    rf"""
      \s+
    | (?<![^\s(:+-])/(?P<pattern>(?:[^/\\\s]|\\\S)+)/(?P<factor>\^[\d.]*)?(?=[\s)]|$)
    | (?P<open>\()
    | (?P<close>\))(?P<weight>\^[\d.]+)?
    | (?P<typed>=?)[{_QUOTES}](?P<quoted>[^{_QUOTES}]*)
      (?:(?P<shut>[{_QUOTES}])(?P<tail>(?:~[\d.]*)?(?:\^[\d.]*)?))?
    | (?P<field>\w+):(?=[^\s)])
    | (?P<minus>-)(?=[^\s)-])
    | (?P<plus>\+)(?=[^\s)+])
    | (?P<word>[^\s(){_QUOTES}]+)
    """,
    re.VERBOSE,
)
_RANGE: Final = re.compile(r"[\[{](?P<inside>[^\]})(]*)(?:(?P<shut>[\]}])(?P<tail>\^[\d.]*)?)?")
_OPERATORS: Final[dict[str, Sort]] = {
    sort.value: sort for sort in Sort if sort.value in OPERATORS - {"NEAR"}
}
_NEAR: Final = re.compile(r"NEAR/\d+")


def lexemes(text: str) -> Iterator[Lexeme]:
    """The pieces of a query text; white space is dropped."""
    at, after_field, ranging = 0, False, False
    while at < len(text):
        if ranging and (span := _RANGE.match(text, at)):
            end = span.end("shut") if span["shut"] else span.end()
            shut, tail = bool(span["shut"]), span["tail"] or ""
            yield Lexeme(Sort.RANGE, text[at:end], at, span.end(), tail, shut)
            at, after_field, ranging = span.end(), False, False
            continue
        piece = _PIECE.match(text, at)
        if piece is None:  # every character begins some piece
            raise AssertionError(f"no piece at {at} of {text!r}")
        if lexeme := _lexeme(piece, after_field):
            yield lexeme
        after_field = piece["field"] is not None and not piece["field"].isdigit()
        ranging = after_field and not _whole_values(piece["field"])
        at = piece.end() if piece["field"] is None or after_field else at + _whole(text, at)
        if piece["field"] is not None and not after_field:
            yield Lexeme(Sort.WORD, text[piece.start() : at], piece.start(), at)


def _whole_values(name: str) -> bool:
    """Whether the values of a field may begin with a bracket, as paths do."""
    known = FIELDS.get(resolve(name) or "")
    return known is not None and known.kind is Kind.LABEL


_UNSPLIT: Final = re.compile(rf"[^\s(){_QUOTES}]+")


def _whole(text: str, at: int) -> int:
    """The length of the run at `at` taken as one word: *12:30* has no field '12'."""
    run = _UNSPLIT.match(text, at)
    return len(run[0]) if run else 1


def _lexeme(piece: re.Match[str], after_field: bool) -> Lexeme | None:
    start, end = piece.span()
    match piece.lastgroup:
        case "word":
            operator = None if after_field else _operator(piece["word"])
            return Lexeme(operator or Sort.WORD, piece["word"], start, end)
        case "field":
            named = not piece["field"].isdigit()
            return Lexeme(Sort.FIELD, piece["field"], start, end) if named else None
        case None:
            return None
    if piece["quoted"] is not None:
        closed, tail, typed = bool(piece["shut"]), piece["tail"] or "", bool(piece["typed"])
        return Lexeme(Sort.QUOTED, piece["quoted"], start, end, tail, closed, typed)
    if piece["pattern"] is not None:
        return Lexeme(Sort.PATTERN, piece["pattern"], start, end, piece["factor"] or "")
    return Lexeme(_SINGLE[piece[0][0]], piece[0][0], start, end, piece["weight"] or "")


_SINGLE: Final = {sort.value: sort for sort in (Sort.OPEN, Sort.CLOSE, Sort.MINUS, Sort.PLUS)}


def _operator(word: str) -> Sort | None:
    return Sort.NEAR if _NEAR.fullmatch(word) else _OPERATORS.get(word)
