"""Where can a text be cut so that nothing that readers take for one character falls apart?

The rules of Unicode Standard Annex 29 that need no table of their own: marks, joiners, modifiers
of emoji, flags, and the letters of a Hangul syllable.
"""

from __future__ import annotations

import unicodedata
from typing import Final

__all__ = ["joined", "whole"]

_JOINER: Final = "\N{ZERO WIDTH JOINER}"
_EXTENDING: Final = (range(0x200C, 0x200E), range(0x1F3FB, 0x1F400), range(0xE0020, 0xE0080))
"""Joiners, skin tones and tags, which are no marks."""

_FLAGS: Final = range(0x1F1E6, 0x1F200)
_HANGUL: Final = (range(0x1100, 0x1200), range(0xA960, 0xA97D), range(0xAC00, 0xD7FC))
_HANGUL_INSIDE: Final = (range(0x1160, 0x1200), range(0xD7B0, 0xD7FC))
"""Letters that end a syllable, or stand within one."""


def joined(text: str, at: int) -> bool:
    """Whether the characters before and behind an offset belong together."""
    if not 0 < at < len(text):
        return False
    before, sign = text[at - 1], text[at]
    if sign.isascii() and before != _JOINER:
        return (before, sign) == ("\r", "\n")
    if before == _JOINER or _is_extending(sign):
        return not before.isspace() or before == " "
    if ord(sign) in _FLAGS:
        flags = at
        while flags and ord(text[flags - 1]) in _FLAGS:
            flags -= 1
        return bool((at - flags) % 2)
    return _among(_HANGUL_INSIDE, sign) and _among(_HANGUL, before)


def _is_extending(sign: str) -> bool:
    return unicodedata.category(sign)[0] == "M" or _among(_EXTENDING, sign)


def _among(ranges: tuple[range, ...], sign: str) -> bool:
    return any(ord(sign) in some for some in ranges)


def whole(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch, made longer until it cuts through nothing."""
    while joined(text, start):
        start -= 1
    while joined(text, end):
        end += 1
    return start, end
