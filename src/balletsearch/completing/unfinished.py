"""What is being typed at the end of a query?

The last word, the field that it is looked for in, and what stands before it and stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Final, NamedTuple

from balletsearch.analysis import cut
from balletsearch.fields import resolve
from balletsearch.query.lexing import Lexeme, Sort, lexemes
from balletsearch.query.parsing import MAX_LENGTH

__all__ = ["Unfinished", "unfinished"]


class Unfinished(NamedTuple):
    """The end of a query: `word` is its last word, `value` all that may be a value of `field`.

    `before_word` and `before_value` are the text before each; `field` is empty where every zone is
    asked. `quoted` says that a quotation is open.
    """

    before_word: str
    word: str
    before_value: str
    value: str
    field: str
    quoted: bool


_SIGNS: Final = re.compile(r"[+=@!]+")
"""Signs before a word that leave it a word."""

_NO_WORD: Final = frozenset("*?~^/<>:")
"""Signs in it that say that it is something else: a pattern, a bound, a time."""


def unfinished(text: str, custom: Collection[str]) -> Unfinished | None:
    """What is typed at the end; `custom` are fields beside those of the table.

    None where no word is begun.
    """
    text = unicodedata.normalize("NFC", text)
    if len(text) > MAX_LENGTH:
        return None
    last, field = _last(text, custom)
    if last is None or last.end < len(text):
        return None  # behind a space
    if last.sort is Sort.QUOTED and not last.closed:
        return _in_quotes(text, last, field)
    return _in_the_open(text, last, field, custom) if last.sort is Sort.WORD else None


def _in_the_open(
    text: str, piece: Lexeme, field: str, custom: Collection[str]
) -> Unfinished | None:
    if piece.text.endswith(":") and (named := _known(piece.text[:-1], custom)):
        return Unfinished(text, "", text, "", named, quoted=False)
    signs = _SIGNS.match(piece.text)
    start = piece.start + (signs.end() if signs else 0)
    if not _NO_WORD.isdisjoint(text[start:]):
        return None
    return _at(text, start, start, field, quoted=False)


def _in_quotes(text: str, quotation: Lexeme, field: str) -> Unfinished | None:
    if not _NO_WORD.isdisjoint(quotation.text):
        return None
    found = _at(text, quotation.start + 1, quotation.start, field, quoted=True)
    if found is None and field:
        return Unfinished(text, "", text[: quotation.start], quotation.text, field, quoted=True)
    return found


def _at(text: str, start: int, stays: int, field: str, *, quoted: bool) -> Unfinished | None:
    """What begins at a place; what is before `stays` stays where it becomes a value."""
    words = cut(text[start:])
    if not words or start + words[-1].end < len(text):
        return None
    at = start + words[-1].start
    return Unfinished(text[:at], text[at:], text[:stays], text[start:], field, quoted)


def _last(text: str, custom: Collection[str]) -> tuple[Lexeme | None, str]:
    """The last piece of a query, and the field that it stands in."""
    last: Lexeme | None = None
    groups = [""]
    field = named = ""
    for last in lexemes(text):
        field, named = named or groups[-1], ""
        if last.sort is Sort.FIELD:
            named = _known(last.text, custom) or groups[-1]
        elif last.sort is Sort.OPEN:
            groups.append(field)
        elif last.sort is Sort.CLOSE and len(groups) > 1:
            groups.pop()
    return last, field


def _known(name: str, custom: Collection[str]) -> str:
    """The canonical name of a field, or an empty string."""
    name = name.casefold()
    return resolve(name) or (name if name in custom else "")
