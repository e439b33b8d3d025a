"""Which words does a pattern with wildcards, or a regular expression, stand for?

Patterns run on RE2, which never backtracks: the time is proportional to the text, whatever is
asked. They are compared with folded words, so what a pattern says in capitals or with accents
is folded too, as far as it says letters: `/Étoiles?/` is `/etoiles?/`. Many words are tried at
once, as the lines of one text, in which no sign of a pattern can mean the end of a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from balletsearch.analysis import fold, form
from balletsearch.errors import QueryError
from balletsearch.query.nodes import Regex, Sound, Wildcard

__all__ = ["Fault", "Pattern", "fault"]

MEMORY: Final = 1 << 23
"""Bytes that RE2 may use for a pattern; a larger one is refused, so that all end soon."""

SHOWN: Final = 60
"""Characters of what RE2 says that are passed on, since it repeats the pattern."""

Asked = Wildcard | Regex | Sound


class Fault(NamedTuple):
    """Why a text is no pattern, and from where to where in it."""

    message: str
    start: int
    end: int


class Pattern:
    """A leaf that stands for all words of a certain look; QueryError where it is no pattern."""

    def __init__(self, leaf: Asked) -> None:
        self.begins = ""
        """What each of its words begins with, folded, as far as that is known."""
        if isinstance(leaf, Wildcard):
            literals = [_plain(part) for part in _WILD.split(leaf.text)]
            signs = [_SIGNS[sign] for sign in _WILD.findall(leaf.text)]
            self.begins = literals[0]
            parts = [re.escape(literal) for literal in literals]
            inside = "".join(a + b for a, b in zip(parts, [*signs, ""], strict=True))
            if _HALF.search(inside):
                inside = _NO_WORD
        elif isinstance(leaf, Sound):
            from balletsearch.analysis.sounds import pattern

            inside = pattern(_plain(leaf.text))
        else:
            found = fault(leaf.text)
            if found is not None:
                raise QueryError(f"{found.message[0].upper()}{found.message[1:]}.")
            inside = _FOLDED.sub(_token, leaf.text)
        self._inside = inside

    def matches(self, word: str) -> bool:
        """Whether the pattern stands for a folded word."""
        return _compiled(self._inside).fullmatch(word.encode()) is not None

    def among(self, lines: bytes) -> Iterator[int]:
        """Where the lines begin that it stands for, ascending; in UTF-8, with "\\n" between."""
        if not lines:
            return
        # ^ and $ mean a line whatever flags the pattern sets.
        whole = _compiled(f"(?m:^)(?:{self._inside})(?m:$)")
        for found in whole.finditer(lines):
            yield found.start()


_HALF: Final = re.compile(r"[\ud800-\udfff]")
_NO_WORD: Final = r"[^\x00-\x{10ffff}]"
"""What fits nothing: half a character is in no word."""

_WILD: Final = re.compile(r"[?*]")
_SIGNS: Final = {"?": ".", "*": ".*"}


def _plain(text: str) -> str:
    return fold(form(text))


def _compiled(expression: str) -> Any:
    import re2

    options = re2.Options()
    options.never_nl = True
    options.never_capture = True
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = MEMORY
    try:
        return re2.compile(expression.encode(), options)
    except re2.error as error:
        raise QueryError(f"The pattern cannot be read: {_reason(error)}.") from error


def _reason(error: Exception) -> str:
    said = error.args[0]
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)


_LACKING: Final = (
    (re.compile(r"\(\?<?[=!]"), "a pattern cannot look ahead or behind"),
    (re.compile(r"\\[1-9]"), "a pattern cannot refer back to a group"),
)
"""What other regular expressions have and these have not, as RE2 names it where it stops."""

_ESCAPE: Final = r"\\[pPx]\{[^}]*\}?|\\x[0-9A-Fa-f]{0,2}|\\[pP].|\\."
_LETTER: Final = r"[^\W\d_][\u0300-\u036f]*"
_FOLDED: Final = re.compile(
    rf"""
      \\Q(?P<quoted>.*?)(?:\\E|$)
    | (?P<edge>\^|\$|\\A|\\z)
    | {_ESCAPE}
    | \[(?P<none>\^?)(?P<items>\]?(?:\[:\^?\w+:\]|{_ESCAPE}|[^\]\\])*)\]
    | \(\?P?<\w*> | \(\?[a-zA-Z-]*
    | (?P<letter>{_LETTER})
    """,
    re.VERBOSE | re.DOTALL,
)
_ITEM: Final = re.compile(
    rf"\[:\^?\w+:\]|(?:{_ESCAPE}|[^\\])-(?:{_ESCAPE}|[^\\\]])|{_ESCAPE}|(?P<letter>{_LETTER})",
    re.DOTALL,
)


def fault(text: str) -> Fault | None:
    """What keeps a text from being a pattern; None if nothing does."""
    try:
        _compiled(text)
    except QueryError as error:
        reason = str(error).removeprefix("The pattern cannot be read: ").rstrip(".")
        piece = reason.rpartition(": ")[2]
        lacking = (message for sign, message in _LACKING if sign.match(piece))
        shown = reason if len(reason) <= SHOWN else f"{reason[:SHOWN]}…"
        message = next(lacking, f"the pattern cannot be read ({shown})")
        at = text.find(piece)
        return Fault(message, at, at + len(piece)) if at >= 0 else Fault(message, 0, len(text))
    except UnicodeEncodeError as error:
        return Fault("the pattern holds half a character", error.start, error.end)
    # Only now, since in a text that is no pattern classes have no end.
    for token in _FOLDED.finditer(text):
        if token[0] == r"\C":
            return Fault("a pattern cannot ask for half a character", *token.span())
    return None


def _token(token: re.Match[str]) -> str:
    """A piece of a pattern with its letters folded, and its edges meaning a line."""
    if token["quoted"] is not None:
        letters = (re.escape(c) if not c.isalpha() else _letter(c) for c in token["quoted"])
        return "".join(letters)
    if token["edge"]:
        return "(?m:$)" if token["edge"] in ("$", "\\z") else "(?m:^)"
    if token["letter"]:
        return _letter(token["letter"])
    if token["items"] is not None:
        return _class(token["none"], token["items"])
    return token[0]


def _letter(letter: str) -> str:
    folded = _plain(letter)
    return folded if len(folded) == 1 else f"(?:{folded})"


def _class(none: str, items: str) -> str:
    """A class with its single letters folded: what folds to several stands beside it."""
    several: list[str] = []

    def folded(item: re.Match[str]) -> str:
        letter = _plain(item["letter"]) if item["letter"] else item[0]
        if item["letter"] and len(letter) != 1:
            several.append(letter)
            return ""
        return letter

    # A bracket that comes first is itself.
    first, rest = ("]", items[1:]) if items.startswith("]") else ("", items)
    left = first + _ITEM.sub(folded, rest)
    if none or not several:
        return f"[{none}{left}]" if left else "(?s:.)"
    parts = [f"[{left}]", *several] if left else several
    return f"(?:{'|'.join(parts)})"
