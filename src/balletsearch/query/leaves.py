"""What does one word, quotation or range of a query mean?

Signs have a meaning at the end of a word only (`danc*`, `wiktoria~2`). What has none is
reported with its place and left out; the words are always kept.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Final

from balletsearch.analysis import cut
from balletsearch.fields import FIELDS, Kind
from balletsearch.model import Problem
from balletsearch.query.lexing import Lexeme
from balletsearch.query.nodes import (
    And,
    Everything,
    Fuzzy,
    Leaf,
    Node,
    Phrase,
    Prefix,
    Range,
    View,
    Word,
)

__all__ = ["quoted", "ranged", "typed"]

MAX_DISTANCE: Final = 2
_TAIL: Final = re.compile(r"(?P<weight>\^[\d.]*)|~(?P<distance>\d*)|(?P<star>\*+)")
_MEANINGLESS: Final = tuple(
    (re.compile(sign), f"{message}; it was left out")
    for sign, message in (
        (r"\*", "'*' has a meaning only at the end of a word"),
        (r"\w\?\w", "'?' does not stand for a letter"),
        (r"^/.+/$", "patterns between slashes have no meaning"),
        (r"^\+", "'+' has no meaning, since all words have to match unless it is said otherwise"),
        (r"^[\[{].*[\]}]?$", "a range needs a field before it, as in words:[300 TO 500]"),
        (r"^!", "'!' has no meaning; write NOT or '-'"),
        (r"^=", "'=' has no meaning here"),
        (r"^@", "'@' has no meaning here"),
        (r"^(?:NEAR|SENT|PARA)(?:/\d+)?$", "NEAR, SENT and PARA are no operators, but words"),
    )
)
"""Signs of other query languages, and of ours to come, that would change what is found."""

_COMPARED: Final = re.compile(r"(?P<sign>>=|<=|>|<)(?P<bound>.+)")
_BOUND: Final = r"[^.]*(?:\.[^.]+)?"
_FROM_TO: Final = re.compile(rf"(?P<low>{_BOUND})\.\.(?P<high>{_BOUND})")
_BRACKETED: Final = re.compile(r"\s*(?P<low>\S+)\s+TO\s+(?P<high>\S+)\s*")

Meant = tuple[Node | None, list[Problem]]
"""What a piece means, None if nothing; and what could not be meant as typed."""


def typed(piece: Lexeme, field: str) -> Meant:
    """A word without quotes, with whatever is attached to it."""
    if field and (found := _compared(piece, field)):
        return found, []
    text, problems, tail = piece.text, [], None
    if text == "*":
        return Everything(field, piece.start, piece.end), []
    if _labels(field):
        return _label(text, field, piece)
    if found_tail := re.search(r"(?:\^[\d.]*|~\d*|\*+)$", text):
        tail = _TAIL.fullmatch(found_tail[0])
        text = text[: found_tail.start()]
    if tail and tail["weight"]:
        problems.append(_at(piece, "weights (^) have no meaning here; it was left out"))
        tail = None
    problems += (_at(piece, message) for sign, message in _MEANINGLESS if sign.search(text))
    words = _words(text, piece.start, View.STEM)
    if not words:
        problems.append(_at(piece, f"there is no word in {piece.text!r}; it was left out"))
        return None, problems
    if tail is None:
        return _joined(words, field, piece), problems
    return _with_tail(words, tail, field, piece, problems), problems


def _with_tail(
    words: tuple[Word, ...],
    tail: re.Match[str],
    field: str,
    piece: Lexeme,
    problems: list[Problem],
) -> Node:
    *front, last = words
    leaf: Leaf
    if tail["star"]:
        leaf = Prefix(last.text, field, last.start, piece.end)
    else:
        asked = tail["distance"].lstrip("0") or tail["distance"][:1]
        distance = int(asked[:3]) if asked else None
        if distance is not None and distance > MAX_DISTANCE:
            message = f"a word may be at most {MAX_DISTANCE} letters off; {MAX_DISTANCE} was taken"
            problems.append(_at(piece, message))
            distance = MAX_DISTANCE
        leaf = Fuzzy(last.text, distance, field, last.start, piece.end)
    if not front:
        return leaf
    problems.append(
        _at(piece, f"'{tail[0]}' was taken for the last part only, apart from the others")
    )
    return And((_joined(tuple(front), field, piece), leaf))


def quoted(piece: Lexeme, field: str) -> Meant:
    """Exactly these words, in this order; inside quotes no sign has a meaning."""
    problems = []
    if not piece.closed:
        problems.append(_at(piece, "the quotation is not closed; it was taken to the end", '"'))
    if piece.tail:
        problems.append(_at(piece, f"'{piece.tail}' behind quotes has no meaning; it was left out"))
    if re.search(r"(?:^|\s)\*(?:\s|$)", piece.text):
        problems.append(_at(piece, "'*' does not stand for a word between quotes; it was left out"))
    if _labels(field) and piece.text.strip():
        return Word(piece.text.strip(), field, View.EXACT, piece.start, piece.end), problems
    words = _words(piece.text, piece.start + 1, View.EXACT)
    if not words:
        problems.append(_at(piece, "there is no word between the quotes; they were left out"))
        return None, problems
    return _joined(words, field, piece), problems


def ranged(piece: Lexeme, field: str) -> Meant:
    """`[low TO high]`; braces leave the bound itself out, `*` leaves the side open."""
    inside = piece.text[1:-1] if piece.closed else piece.text[1:]
    bounds = _BRACKETED.fullmatch(inside)
    if bounds is None or not piece.closed:
        message = f"{piece.text!r} is no range; write [300 TO 500], with * for an open side"
        return None, [_at(piece, message, "[300 TO 500]")]
    low, high = (b if b != "*" else "" for b in (bounds["low"], bounds["high"]))
    node = Range(
        field, low, high, piece.text[0] == "[", piece.text[-1] == "]", piece.start, piece.end
    )
    if _backwards(low, high):
        turned = Range(
            field, high, low, node.include_high, node.include_low, piece.start, piece.end
        )
        return turned, [_at(piece, "the range was the wrong way round", str(turned))]
    return node, []


def _compared(piece: Lexeme, field: str) -> Range | None:
    """`>400`, `<=1877`, `1877..1895`, in fields of numbers and dates."""
    known = FIELDS.get(field)
    if known is not None and known.kind not in (Kind.NUMBER, Kind.DATE):
        return None
    if found := _COMPARED.fullmatch(piece.text):
        bound, inclusive = found["bound"], "=" in found["sign"]
        if found["sign"][0] == ">":
            return Range(field, bound, "", inclusive, True, piece.start, piece.end)
        return Range(field, "", bound, True, inclusive, piece.start, piece.end)
    if (found := _FROM_TO.fullmatch(piece.text)) and (found["low"] or found["high"]):
        return Range(field, found["low"], found["high"], True, True, piece.start, piece.end)
    return None


def _labels(field: str) -> bool:
    """Whether the values of a field are taken whole, not as words."""
    return field in FIELDS and not FIELDS[field].zone


def _label(text: str, field: str, piece: Lexeme) -> Meant:
    if len(text) > 1 and text.endswith("*"):
        return Prefix(text.rstrip("*"), field, piece.start, piece.end), []
    bare, tilde, _ = text.partition("~")
    if tilde and bare:
        problem = _at(piece, f"'~' has no meaning in '{field}', whose values are taken whole")
        return Word(bare, field, View.STEM, piece.start, piece.end), [problem]
    return Word(text, field, View.STEM, piece.start, piece.end), []


def _backwards(low: str, high: str) -> bool:
    # To Decimal `inf`, `1e3` and `1_0` are numbers too; in a range of text they are words.
    if not {*low, *high} <= set("+-.0123456789"):
        return False
    try:
        return Decimal(low) > Decimal(high)
    except InvalidOperation:
        return False


def _words(text: str, offset: int, view: View) -> tuple[Word, ...]:
    return tuple(
        Word(text[t.start : t.end], "", view, offset + t.start, offset + t.end) for t in cut(text)
    )


def _joined(words: tuple[Word, ...], field: str, piece: Lexeme) -> Word | Phrase:
    if len(words) == 1:
        word = words[0]
        return Word(word.text, field, word.view, word.start, word.end)
    return Phrase(words, field, piece.start, piece.end)


def _at(piece: Lexeme, message: str, suggestion: str = "") -> Problem:
    return Problem(message, piece.start, piece.end, suggestion)
