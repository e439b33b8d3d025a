"""Which characters may reach a terminal, and how much room do they take?

Those that are seen. Control characters, escape sequences, the signs that turn the direction of
what follows and halves of characters come out as escapes such as `\\x1b`, so that no text can
move the cursor, change colours or pretend to be another.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

__all__ = ["json_safe", "one_line", "prose", "visible", "width"]

_UNSAFE: Final = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # C0, DEL, C1
    "\u2028\u2029"  # line and paragraph separator: some terminals break the line
    "\u202a-\u202e\u2066-\u2069"  # bidirectional embeddings, overrides and isolates
    "\ud800-\udfff"  # bytes of a file name that are no text, and halves of characters
    "\U000e0000-\U000e007f"  # tags: invisible letters
    "]"
)
_UNSAFE_IN_PROSE: Final = re.compile(rf"(?![\n\t]){_UNSAFE.pattern}")
_NAMED: Final = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}


def visible(text: str) -> str:
    """The text with every unsafe character, line ends and tabs too, as a visible escape."""
    return _UNSAFE.sub(_escape, text)


def prose(text: str) -> str:
    """The same, but with its lines and tabs as they are."""
    text = text.replace("\r\n", "\n").replace("\N{PARAGRAPH SEPARATOR}", "\n\n")
    return _UNSAFE_IN_PROSE.sub(_escape, text.replace("\N{LINE SEPARATOR}", "\n"))


def one_line(text: str) -> str:
    """The text on one line: each run of white space one space, unsafe characters escaped."""
    return visible(" ".join(text.split()))


def json_safe(text: str) -> str:
    """JSON text in which unsafe characters are written as JSON escapes; it means the same."""
    return _UNSAFE_IN_PROSE.sub(_json_escape, text)


def width(text: str) -> int:
    """The columns of a terminal that safe text takes."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    code = ord(character)
    if character in _NAMED:
        return _NAMED[character]
    if 0xDC80 <= code <= 0xDCFF:  # how Python keeps a byte of a name that is not UTF-8
        return f"\\x{code - 0xDC00:02x}"
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _json_escape(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))
