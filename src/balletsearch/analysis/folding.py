"""Which spellings are the same word to somebody without the accents on the keyboard?

Marks are dropped after Latin and Greek letters only (й is not и), and a few letters that have
no decomposition are written out. The result is what exact matching compares; stems are folded
after stemming, never before, because stemming needs the accents (*pliés* → *plié*, but
*plies* → *pli*).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

__all__ = ["fold", "surname_key"]

_WRITTEN_OUT: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i"}
)
_YO: Final = str.maketrans({"ё": "е"})
_LATIN_GREEK: Final = (
    (0x41, 0x24F),
    (0x250, 0x2AF),
    (0x370, 0x3FF),
    (0x1E00, 0x1FFF),
    (0x2C60, 0x2C7F),
    (0xA720, 0xA7FF),
    (0xAB30, 0xAB6F),
    (0xFF21, 0xFF5A),
)


@lru_cache(maxsize=1 << 12)
def _takes_no_marks(character: str) -> bool:
    code = ord(character)
    return any(first <= code <= last for first, last in _LATIN_GREEK)


@lru_cache(maxsize=1 << 12)
def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M"


@lru_cache(maxsize=1 << 17)
def fold(form: str) -> str:
    """A case-folded form without the accents of Latin and Greek letters, ё as е; NFC."""
    if form.isascii():
        return form
    if not _MAY_MARK.search(form):
        return form.translate(_FOLDED)
    return _folded(form)


def _folded(form: str) -> str:
    out: list[str] = []
    dropping = False
    for character in unicodedata.normalize("NFD", form):
        if not _is_mark(character):
            dropping = _takes_no_marks(character)
            out.append(character)
        elif not dropping:
            out.append(character)
    return unicodedata.normalize("NFC", "".join(out).translate(_WRITTEN_OUT)).translate(_YO)


class _Letters(dict[int, str]):
    """Code point → its folded form, found when it first comes."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _folded(chr(code))
        return folded


_MAY_MARK: Final = re.compile("[^\0-\u02ff\u0370-\u0482\u048a-\u0590\u2000-\u206f]")
"""Whatever else a text holds, no character changes the one before, and each is folded by itself:
Latin, Greek, Cyrillic, Armenian, and general punctuation without the marks of each."""

_FOLDED: Final = _Letters()


_SURNAME_ENDINGS: Final = tuple(
    sorted(
        {
            # Longest first; both genders lead to one key, so that either finds the other.
            **dict.fromkeys(("skaya", "skaia", "skaja", "skoy", "skoi"), "sk"),
            **dict.fromkeys(("skiy", "skij", "skii", "sky", "ski", "ska"), "sk"),
            **dict.fromkeys(("tskaya", "tskaia", "tskaja", "tskoy", "tskiy", "tsky"), "tsk"),
            **dict.fromkeys(("ская", "ский", "ской"), "ск"),
            **dict.fromkeys(("цкая", "цкий", "цкой"), "цк"),
            "ova": "ov",
            "eva": "ev",
            "ina": "in",
            "yna": "yn",
            "ова": "ов",
            "ева": "ев",
            "ина": "ин",
            "ына": "ын",
        }.items(),
        key=lambda pair: -len(pair[0]),
    )
)
_STEM: Final = 3
"""Letters that must stay before an ending, so that *Nina* and *Eva* are left alone."""


def surname_key(folded: str) -> str:
    """A folded surname without its Slavic feminine ending: *kalmurzaeva* → *kalmurzaev*.

    Names in -skaya and -sky (and their Cyrillic spellings) share a key too.
    """
    for ending, masculine in _SURNAME_ENDINGS:
        if folded.endswith(ending) and len(folded) >= len(ending) + _STEM:
            return folded[: -len(ending)] + masculine
    return folded
