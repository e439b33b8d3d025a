"""What does one word, quotation, pattern or range of a query mean?

Signs have a meaning beside letters only (`danc*`, `b?llet`, `wiktoria~2`), in quotes as
elsewhere. What has none is reported with its place and left out; the words are always kept.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from balletsearch.fields import FIELDS, Kind
from balletsearch.model import Problem
from balletsearch.query.lexing import Lexeme
from balletsearch.query.nodes import (
    Everything,
    Fuzzy,
    Gap,
    Node,
    Phrase,
    Prefix,
    Range,
    Regex,
    Slot,
    Sound,
    View,
    Wildcard,
    Word,
)
from balletsearch.query.signs import Part, parts, slot, unoperated, wild
from balletsearch.query.weights import weighted

__all__ = ["MAX_BETWEEN", "between", "labels", "pattern", "quoted", "ranged", "typed"]

MAX_DISTANCE: Final = 2
"""Letters that a word may be off."""

MAX_BETWEEN: Final = 10_000
"""Words that may lie between two others."""

_TAIL: Final = re.compile(r"(?:~(?P<distance>\d*))?(?P<weight>\^[\d.]*)?$")
_NEARLY: Final = re.compile(r"(?<=\S)~(?P<distance>\d*)$")
_CHUNK: Final = re.compile(r"(?<=\S~)-|(?<=\S~\d)-")
_LEFT_OUT: Final = "; it was left out"
_MEANINGLESS: Final = tuple(
    (re.compile(sign), message)
    for sign, message in (
        (r"\*", f"'*' has a meaning only beside a letter{_LEFT_OUT}"),
        (r"^/.+/$", f"this is no pattern, which begins and ends with a slash{_LEFT_OUT}"),
        (
            r"^[\[{].*[\]}]?$",
            f"a range needs a field before it, as in words:[300 TO 500]{_LEFT_OUT}",
        ),
        (r"^!", f"'!' has no meaning; write NOT or '-'{_LEFT_OUT}"),
        (r"^=", f"'=' has a meaning only before quotes, as in =\"Swan\"{_LEFT_OUT}"),
        (r"^NEAR$", "NEAR needs a number, as in NEAR/5; it was taken for a word"),
        (r"^(?:SENT|PARA)/\d+$", "SENT and PARA take no number; it was taken for words"),
    )
)
"""Signs of other query languages, and of ours elsewhere, that would change what is found."""

_COMPARED: Final = re.compile(r"(?P<sign>>=|<=|>|<)(?P<bound>[^\[\]{}()*]+)")
_BOUND: Final = r"[^.\[\]{}()*]*(?:\.[^.\[\]{}()*]+)?"
_FROM_TO: Final = re.compile(rf"(?P<low>{_BOUND})\.\.(?P<high>{_BOUND})")
_BRACKETED: Final = re.compile(r"\s*(?P<low>\S+)\s+TO\s+(?P<high>\S+)\s*")

Meant = tuple[Node | None, list[Problem]]
"""What a piece means, None if nothing; and what could not be meant as typed."""


def typed(piece: Lexeme, field: str) -> Meant:
    """A word without quotes, with whatever is attached to it."""
    if field and (compared := _compared(piece, field)):
        return compared, []
    text = piece.text
    bare, sign, factor = text.partition("^")
    if bare == "*":
        everything = Everything(field, piece.start, piece.end)
        problems: list[Problem] = []
        weighted(everything, sign + factor, piece.start, piece.end, problems)
        return everything, problems
    if labels(field):
        return _label(text, field, piece)
    if text.isascii() and text.isalnum() and not text.isupper():
        # What most words are: letters without any sign, and none of the signs that are words.
        return Word(text, field, View.STEM, piece.start, piece.end), []
    problems = []
    text, tail, weight = _without_tail(text)
    node = _sound(text, field, piece, tail, problems) or _word(text, field, piece, tail, problems)
    if node is not None:
        node = weighted(node, weight, piece.start, piece.end, problems)
    return node, problems


def _word(
    text: str, field: str, piece: Lexeme, tail: re.Match[str] | None, problems: list[Problem]
) -> Node | None:
    """A word with signs in it, of one part or several."""
    slots: list[Slot] = []
    bare, at = "", piece.start
    # A word that is spelled nearly so may stand within a word of several parts.
    for chunk in _CHUNK.split(text):
        inner = tail if at + len(chunk) == piece.start + len(text) else None
        nearly = None if inner else _NEARLY.search(chunk)
        found, letters = parts(
            chunk[: nearly.start()] if nearly else chunk, at, behind="-" if slots else ""
        )
        slots += _slots(found, View.STEM, inner or nearly, piece, problems)
        bare, at = f"{bare}-{letters}" if bare else letters, at + len(chunk) + 1
    problems += (_at(piece, message) for sign, message in _MEANINGLESS if sign.search(bare))
    # Before the first word and behind the last a gap is no part of what was typed.
    while slots and isinstance(slots[0], Gap):
        del slots[0]
    while slots and isinstance(slots[-1], Gap):
        del slots[-1]
    if not slots:
        problems.append(_at(piece, f"there is no word in {piece.text!r}{_LEFT_OUT}"))
        return None
    return _joined(slots, field, piece)


def _without_tail(text: str) -> tuple[str, re.Match[str] | None, str]:
    """A word without what is attached to its end: how nearly it is spelled so, its weight."""
    tail = _TAIL.search(text)
    assert tail is not None  # noqa: S101 - nothing at the end is matched too
    nearly = None if tail["distance"] is None else tail
    return text[: tail.start()], nearly, tail["weight"] or ""


def _sound(
    text: str, field: str, piece: Lexeme, tail: re.Match[str] | None, problems: list[Problem]
) -> Node | None:
    """A name behind `@`; None where there is no `@`, or several words, or none, or signs."""
    if not text.startswith("@"):
        return None
    found, _ = parts(text[1:], piece.start + 1)
    if len(found) == 1 and found[0].text == text[1:] and not wild(text):
        if tail:
            problems.append(_at(piece, f"'~' has no meaning behind '@'{_LEFT_OUT}"))
        return Sound(text[1:], field, piece.start, piece.end)
    message = f"'@' has a meaning only right before one name, as in @kovaleva{_LEFT_OUT}"
    problems.append(_at(piece, message))
    return None


def _slots(
    found: list[Part],
    view: View,
    tail: re.Match[str] | None,
    piece: Lexeme,
    problems: list[Problem],
) -> list[Slot]:
    """What the parts of a word stand for, the last of them with its tail."""
    slots = [s for part in found if (s := slot(part, view)) is not None]
    if len(slots) < len(found):
        problems.append(_at(piece, f"wildcards without a letter have no meaning{_LEFT_OUT}"))
    if tail is None or not slots:
        return slots
    last, sign = slots[-1], tail["distance"]
    if not isinstance(last, Word):
        problems.append(_at(piece, f"'~' has no meaning behind '*' or '?'{_LEFT_OUT}"))
        return slots
    asked = sign.lstrip("0") or sign[:1]
    distance = int(asked[:3]) if asked else None
    if distance is not None and distance > MAX_DISTANCE:
        message = f"a word may be at most {MAX_DISTANCE} letters off; {MAX_DISTANCE} was taken"
        problems.append(_at(piece, message))
        distance = MAX_DISTANCE
    end = last.end + 1 + len(sign)
    return [*slots[:-1], Fuzzy(unoperated(last.text), distance, "", last.start, end)]


def quoted(piece: Lexeme, field: str) -> Meant:
    """These words, in this order; `*` alone is any word, `~3` behind allows others between.

    Behind an equals sign, letter by letter as they stand.
    """
    problems: list[Problem] = []
    tail, sign, factor = piece.tail.partition("^")
    if not piece.closed:
        problems.append(_at(piece, "the quotation is not closed; it was taken to the end", '"'))
    if labels(field) and piece.text.strip():
        problems += _behind(piece, piece.tail)
        return Word(piece.text.strip(), field, View.EXACT, piece.start, piece.end), problems
    view = View.TYPED if piece.typed else View.EXACT
    opening = piece.start + 1 + piece.typed
    slots: list[Slot] = []
    for chunk in re.finditer(r"\S+", piece.text):
        start, end = (opening + at for at in chunk.span())
        if set(chunk[0]) == {"*"}:
            slots.append(Gap(start, end))
            continue
        nearly = _NEARLY.search(chunk[0])
        found, _ = parts(chunk[0][: nearly.start()] if nearly else chunk[0], start)
        slots += _slots(found, view, nearly, piece, problems)
    if piece.typed and any(not isinstance(s, Word | Gap) for s in slots):
        message = f"signs have no meaning in ={piece.text!r}, which stands as typed{_LEFT_OUT}"
        problems.append(_at(piece, message))
        slots = [_as_typed(s) for s in slots]
    if not any(not isinstance(s, Gap) for s in slots):
        problems.append(_at(piece, "there is no word between the quotes; they were left out"))
        return None, problems
    slop = 0
    if len(slots) > 1 and re.fullmatch(r"~\d+", tail):
        slop = between(piece, tail[1:], problems)
    else:
        problems += _behind(piece, tail)
    node = _joined(slots, field, replace(piece, end=piece.end - len(sign + factor)), slop)
    return weighted(node, sign + factor, piece.start, piece.end, problems), problems


def _as_typed(slot: Slot) -> Slot:
    """The word of a slot without its signs."""
    match slot:
        case Prefix(text, _, start, end) | Fuzzy(text, _, _, start, end):
            return Word(text, "", View.TYPED, start, end)
        case Wildcard(_, _, start, end):
            return Gap(start, end)
    return slot


def _behind(piece: Lexeme, tail: str) -> list[Problem]:
    """What to say of what stands behind quotes and means nothing there."""
    if not tail:
        return []
    hint = ', only several words can have a number, as in "swan lake"~3'
    return [_at(piece, f"'{tail}' behind quotes has no meaning{hint}{_LEFT_OUT}")]


def between(piece: Lexeme, digits: str, problems: list[Problem]) -> int:
    """How many words may lie between two, from the digits as typed."""
    number = int(digits.lstrip("0")[:9] or "0")
    if number <= MAX_BETWEEN:
        return number
    message = f"at most {MAX_BETWEEN} words may lie between two; {MAX_BETWEEN} was taken"
    problems.append(_at(piece, message))
    return MAX_BETWEEN


def pattern(piece: Lexeme, field: str) -> Meant:
    """Words that a regular expression between slashes matches."""
    from balletsearch.query.patterns import fault

    found = fault(piece.text)
    if found is not None:
        start = piece.start + 1
        message = f"{found.message}{_LEFT_OUT}"
        return None, [Problem(message, start + found.start, start + found.end)]
    text = re.sub(r"\\.", lambda escape: "/" if escape[0] == "\\/" else escape[0], piece.text)
    problems: list[Problem] = []
    node = Regex(text, field, piece.start, piece.end - len(piece.tail))
    return weighted(node, piece.tail, piece.start, piece.end, problems), problems


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
    problems: list[Problem] = []
    if _backwards(low, high):
        node = Range(field, high, low, node.include_high, node.include_low, piece.start, piece.end)
        problems.append(_at(piece, "the range was the wrong way round", str(node)))
    return weighted(node, piece.tail, piece.start, piece.end, problems), problems


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


def labels(field: str) -> bool:
    """Whether the values of a field are taken whole, not as words."""
    return field in FIELDS and not FIELDS[field].zone


def _label(text: str, field: str, piece: Lexeme) -> Meant:
    start, end = piece.start, piece.end
    if wild(text):
        begin = text.rstrip("*")
        if begin and not wild(begin):
            return Prefix(begin, field, start, end), []
        return Wildcard(text, field, start, end), []
    if FIELDS[field].kind is not Kind.LABEL and text[0] in "[{":
        return None, [_at(piece, f"{text!r} is no range; write [300 TO 500]{_LEFT_OUT}")]
    bare, tilde, _ = text.partition("~")
    if tilde and bare:
        problem = _at(piece, f"'~' has no meaning in '{field}', whose values are taken whole")
        node, more = typed(replace(piece, text=bare), field)
        return node, [problem, *more]
    return Word(text, field, View.STEM, start, end), []


def _backwards(low: str, high: str) -> bool:
    # To Decimal `inf`, `1e3` and `1_0` are numbers too; in a range of text they are words.
    if not {*low, *high} <= set("+-.0123456789"):
        return False
    from decimal import Decimal, InvalidOperation

    try:
        return Decimal(low) > Decimal(high)
    except InvalidOperation:
        return False


def _joined(slots: list[Slot], field: str, piece: Lexeme, slop: int = 0) -> Node:
    if len(slots) > 1:
        return Phrase(tuple(slots), field, slop, piece.start, piece.end)
    match slots[0]:
        case Word(text, _, view, start, end):
            return Word(text, field, view, start, end)
        case Fuzzy(text, distance, _, start, end):
            return Fuzzy(text, distance, field, start, end)
        case Prefix(text, _, start, end):
            return Prefix(text, field, start, end)
        case Wildcard(text, _, start, end):
            return Wildcard(text, field, start, end)
        case Gap():
            raise AssertionError("a gap alone was taken for a word")


def _at(piece: Lexeme, message: str, suggestion: str = "") -> Problem:
    return Problem(message, piece.start, piece.end, suggestion)
