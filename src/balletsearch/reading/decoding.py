"""Which characters do these bytes stand for?

:func:`decode` asks in this order: a byte order mark; the encoding set for the folder, unless
it has one byte for each character and the bytes are valid UTF-8; strict UTF-8; UTF-16 by its
zero bytes; UTF-8 with a few broken bytes; where over a tenth of the letters are not ASCII, a
guess by letter frequencies; and else the fallback. Guessing freely gets windows-1252 wrong on
every third Western text, so it is kept for texts that can hardly be Western. The result carries
the encoding and the reason, ends every line with a line feed and holds no surrogates. Binary
and empty files are refused.

Eight-bit encodings fit any bytes, so that they fit says nothing, while text in one of them is
hardly ever valid UTF-8. That an encoding of several bytes a character fits does say something,
and short texts in some are valid UTF-8 by chance (GBK 全然): there what was set for the folder
is kept, with a remark.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from balletsearch.errors import SettingsError, StoryError
from balletsearch.model import Reading
from balletsearch.reading.drafts import Text

__all__ = ["FALLBACK", "checked", "decode"]

FALLBACK: Final = "windows-1252"

_MARKS: Final = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_LETTERS: Final = re.compile(rb"[A-Za-z\x80-\xff]+")
_FOREIGN: Final = re.compile(rb"[\x80-\xff]+")
_FOREIGN_SHARE: Final = 10
"""One letter in so many beyond ASCII is still Western: French has one in 25."""

_BROKEN_SHARE: Final = 10
"""So many good UTF-8 sequences to one broken byte cannot be chance: in other encodings most
bytes beyond ASCII are no UTF-8."""

_BEYOND_ASCII: Final = re.compile("[^\x00-\x7f]")

_CONTROLS: Final = bytes((*range(0x01, 0x09), *range(0x0E, 0x20), 0x7F))
_CONTROL_SHARE: Final = 20
"""One control character in so many is no prose. A page break here and there is."""

_ESCAPED: Final = re.compile("[\udc80-\udcff]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


_MARKED: Final = "byte order mark"
_SET: Final = "set for its folder"
_VALID: Final = "valid UTF-8"
_FALLBACK_ONLY: Final = "not UTF-8; the fallback"
_SURE: Final = frozenset({_MARKED, _SET, _VALID, _FALLBACK_ONLY})
"""Reasons that need no remark: what the bytes or the settings say themselves."""


def decode(data: bytes, *, forced: str = "", fallback: str = FALLBACK) -> Text:
    """The text of a file's bytes. `forced` is the encoding its folder was given, if any.

    Raises StoryError, with the reason alone, for what is binary or empty or contradicts its
    own byte order mark, and SettingsError for the name of an encoding that does not exist.
    """
    for name in filter(None, (forced, fallback)):
        _check(name)
    text, encoding, reason = _decoded(data, forced, fallback)
    return Text(checked(text), Reading(encoding, reason, doubtful=reason not in _SURE))


_MOST_MARKS: Final = 1_000
"""Marks on one letter. Bringing a heap of n of them into order takes n² steps."""

_MARK: Final = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
_MARKS_HEAP: Final = re.compile(f"{_MARK.pattern}{{{_MOST_MARKS}}}")


def checked(text: str) -> str:
    """The text with its lines ended by line feeds. Raises StoryError where it is no prose."""
    if "\0" in text:
        raise StoryError("It is a binary file: it holds zero bytes.")
    # One byte each in UTF-8, so that they are counted there, which is several times as fast.
    written = text.encode(errors="surrogatepass")
    controls = len(written) - len(written.translate(None, _CONTROLS))
    if controls * _CONTROL_SHARE > len(text):
        raise StoryError(f"It is a binary file: {controls} of {len(text)} signs are controls.")
    if not text or text.isspace():
        raise StoryError("It is empty.")
    if not text.isascii() and _heaped(text):
        raise StoryError(f"It heaps over {_MOST_MARKS} accents on one letter: is it a text?")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _heaped(text: str) -> bool:
    # So many in a row include one of every so many characters: a look at those is mostly enough.
    return bool(_MARK.search(text[::_MOST_MARKS]) and _MARKS_HEAP.search(text))


def _decoded(data: bytes, forced: str, fallback: str) -> tuple[str, str, str]:
    """Text, encoding, reason: those of the first way that fits the bytes."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            if (text := _strict(data, encoding)) is None:
                raise StoryError(f"It begins like {encoding}, but what follows is not {encoding}.")
            return text, encoding, _MARKED
    valid = None if b"\0" in data else _strict(data, "utf-8")
    if forced:
        return _forced(data, forced, valid)
    if valid is not None:
        return valid, "utf-8", _VALID
    for text, encoding, reason in _ways(data, fallback):
        if text is not None:
            return text, encoding, reason
    reason = "not UTF-8; the fallback, which lacks some of its bytes"
    return _lenient(data, fallback), fallback, reason


def _forced(data: bytes, forced: str, valid: str | None) -> tuple[str, str, str]:
    """Text, encoding, reason in a folder with an encoding; `valid` is the text as UTF-8."""
    text = _strict(data, forced)
    if text is not None:
        if valid is None or valid == text or data.isascii():
            return text, forced, _SET
        if len(text) < len(data):
            return text, forced, "set for its folder, although it is valid UTF-8 too"
    if valid is not None:
        return valid, "utf-8", f"valid UTF-8, although {forced} is set for its folder"
    return _lenient(data, forced), forced, "set for its folder, though some bytes do not fit"


def _ways(data: bytes, fallback: str) -> Iterator[tuple[str | None, str, str]]:
    if wide := _wide(data):
        yield _strict(data, wide), wide, "zero bytes as in UTF-16"
    text, broken = _nearly_utf8(data, fallback)
    signs = "byte" if broken == 1 else "bytes"
    yield text, "utf-8", f"UTF-8 but for {broken} {signs}, read as {fallback}"
    text = _strict(data, fallback)
    if text is not None and len(text) < len(data):
        # Several bytes make one character there, which fits by chance as seldom as UTF-8 does.
        yield text, fallback, f"not UTF-8; valid {fallback}, the fallback"
    if _mostly_foreign(data):
        from balletsearch.reading.guessing import guess

        if found := guess(data, fallback):
            reason = f"not UTF-8; guessed by its letters, which look {found.language}"
            yield _strict(data, found.encoding), found.encoding, reason
    yield text, fallback, _FALLBACK_ONLY


@lru_cache(maxsize=64)
def _check(encoding: str) -> None:
    try:
        "".encode(encoding)
    except (LookupError, UnicodeError):
        raise SettingsError(f"'{encoding}' is not the name of an encoding.") from None


def _strict(data: bytes, encoding: str) -> str | None:
    """The text, or None where it is not in that encoding."""
    try:
        text = data.decode(encoding)
        if encoding != "utf-8":
            # Some codecs (UTF-7, escapes) make lone surrogates, which no file or index can hold.
            text.encode()
    except (UnicodeError, LookupError):
        return None
    return text


def _lenient(data: bytes, encoding: str) -> str:
    """The text, with U+FFFD for what the encoding lacks.

    Windows-1252 has five holes (81 8D 8F 90 9D). Browsers fill them with the control
    characters of those numbers, and so do we: mending damaged UTF-8 needs them.
    """
    holes = codecs.lookup(encoding).name == "cp1252"
    try:
        text = data.decode(encoding, "surrogateescape" if holes else "replace")
    except UnicodeError as error:
        raise StoryError(f"It cannot be read as {encoding}: {error}.") from error
    if holes:
        text = _ESCAPED.sub(lambda match: chr(ord(match[0]) - 0xDC00), text)
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def _wide(data: bytes) -> str:
    """UTF-16 without a mark: Latin text has zeros at every second byte and nowhere else."""
    even, odd = data[::2].count(0), data[1::2].count(0)
    if len(data) % 2 or max(even, odd) * 10 < len(data) or min(even, odd):
        return ""
    return "utf-16-be" if even else "utf-16-le"


def _nearly_utf8(data: bytes, fallback: str) -> tuple[str | None, int]:
    """UTF-8 of which a few bytes are broken (a file cut short, or two joined), and how many."""
    text = data.decode("utf-8", "surrogateescape")
    broken = sum(1 for _ in _ESCAPED.finditer(text))
    good = sum(1 for _ in _BEYOND_ASCII.finditer(text)) - broken
    if good < _BROKEN_SHARE * broken:
        return None, broken
    single = {c: _lenient(bytes((ord(c) - 0xDC00,)), fallback) for c in set(_ESCAPED.findall(text))}
    return _ESCAPED.sub(lambda match: single[match[0]], text), broken


def _mostly_foreign(data: bytes) -> bool:
    letters = sum(map(len, _LETTERS.findall(data)))
    return sum(map(len, _FOREIGN.findall(data))) * _FOREIGN_SHARE > letters
