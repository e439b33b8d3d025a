"""Where does a word begin and end, and which characters are it?

One pattern cuts stories and queries alike. It is made from a table of code points of one
stated Unicode version (`data/code_points.txt`), because what `\\w` means differs between
regular expression engines and between Python versions. It uses neither look-around nor
possessive parts, so that other engines can run it too.

A word is a run of letters and numbers with their marks; an apostrophe belongs to it when a
letter follows; a hyphen, slash or dash separates. Han, Kana and Thai letters are words one by
one. Soft hyphens and zero-width characters vanish.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

__all__ = ["APOSTROPHES", "Token", "cut", "form", "pattern", "possessor", "spans"]

APOSTROPHES: Final = (
    "'\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}\N{FULLWIDTH APOSTROPHE}"
)
STRESS: Final = "\N{COMBINING ACUTE ACCENT}"


class Token(NamedTuple):
    """One word of a text: offsets of its characters, and its form."""

    start: int
    end: int
    form: str


@lru_cache(maxsize=1)
def _classes() -> dict[str, str]:
    """Class letter → the inside of a character class that holds its code points."""
    table = files(__package__).joinpath("data/code_points.txt").read_text("ascii")
    out: dict[str, list[str]] = {}
    for line in table.splitlines():
        if line.startswith("#"):
            continue
        kind, first, last = line.split()
        # \U escapes are read alike by every engine that this pattern is meant for.
        out.setdefault(kind, []).append(f"\\U{int(first, 16):08x}-\\U{int(last, 16):08x}")
    return {kind: "".join(ranges) for kind, ranges in out.items()}


@lru_cache(maxsize=1)
def pattern() -> str:
    """The regular expression that matches one word."""
    c = _classes()
    more = c["L"] + c["N"] + c["M"] + c["I"]
    apostrophe = f"[{APOSTROPHES}]"
    return (
        f"[{c['L']}{c['N']}][{more}]*(?:{apostrophe}[{c['L']}][{more}]*)*"
        f"|[{c['S']}][{c['M']}{c['I']}]*"
    )


@lru_cache(maxsize=1)
def _word() -> re.Pattern[str]:
    return re.compile(pattern())


_ASCII_WORD: Final = re.compile(r"[A-Za-z0-9]+(?:'[A-Za-z][A-Za-z0-9]*)*")
"""What the pattern comes to in ASCII text; the whole one takes 20 ms to compile."""


@lru_cache(maxsize=1)
def _vanishing() -> re.Pattern[str]:
    return re.compile(f"[{_classes()['I']}]+")


_APOSTROPHES: Final = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))
_RUSSIAN_VOWELS: Final = "аеиоуыэюяіє"
_STRESSED: Final = re.compile(f"(?<=[{_RUSSIAN_VOWELS}]){STRESS}")


@lru_cache(maxsize=1 << 17)
def form(surface: str) -> str:
    """A word as it is compared: NFC, case folded, one kind of apostrophe, nothing invisible.

    Accents stay, but for the stress marks of Cyrillic vowels, which no spelling has.
    """
    if surface.isascii():
        return surface.lower()
    bare = _vanishing().sub("", surface).translate(_APOSTROPHES)
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", bare).casefold())
    return _STRESSED.sub("", folded) if STRESS in folded else folded


def spans(text: str) -> Iterator[tuple[int, int]]:
    """The offsets of each word in `text`."""
    word = _ASCII_WORD if text.isascii() else _word()
    return (m.span() for m in word.finditer(text))


def cut(text: str) -> list[Token]:
    """The words of `text`, which should be in NFC."""
    return [Token(s, e, form(text[s:e])) for s, e in spans(text)]


def possessor(word: str) -> str:
    """The form without a closing ’s (*moscow's* → *moscow*), or an empty string."""
    return word[:-2] if word.endswith("'s") and len(word) > 2 else ""
