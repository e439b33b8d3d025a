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
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pkgutil import get_data
from typing import Final, NamedTuple

__all__ = [
    "APOSTROPHES",
    "Token",
    "classes",
    "cut",
    "form",
    "matcher",
    "pattern",
    "possessor",
    "spans",
]

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
def classes() -> dict[str, list[tuple[int, int]]]:
    """Class letter → the runs of code points, first and last, that it holds.

    L letters, N numbers, M marks, I invisible, S letters that are words by themselves.
    """
    table = get_data(__package__, "data/code_points.txt") or b""
    out: dict[str, list[tuple[int, int]]] = {}
    for line in table.decode("ascii").splitlines():
        if not line.startswith("#"):
            kind, first, last = line.split()
            out.setdefault(kind, []).append((int(first, 16), int(last, 16)))
    return out


def _escaped(first: int, last: int) -> str:
    # \U escapes are read alike by every engine that this pattern is meant for.
    return f"\\U{first:08x}-\\U{last:08x}"


@lru_cache(maxsize=1)
def _insides() -> dict[str, str]:
    """Class letter → the inside of a character class that holds its code points."""
    return {kind: "".join(_escaped(*run) for run in runs) for kind, runs in classes().items()}


@lru_cache(maxsize=1)
def pattern() -> str:
    """The regular expression that matches one word."""
    return _pattern(_insides())


def _pattern(insides: Mapping[str, str]) -> str:
    more = insides["L"] + insides["N"] + insides["M"] + insides["I"]
    apostrophe = f"[{APOSTROPHES}]"
    return (
        f"[{insides['L']}{insides['N']}][{more}]*(?:{apostrophe}[{insides['L']}][{more}]*)*"
        f"|[{insides['S']}][{insides['M']}{insides['I']}]*"
    )


@lru_cache(maxsize=1)
def _word() -> re.Pattern[str]:
    return re.compile(pattern())


_ASCII_WORD: Final = re.compile(r"[A-Za-z0-9]+(?:'[A-Za-z][A-Za-z0-9]*)*")
_BLOCK: Final = 10
"""Bits of a code point within a block: Latin is in one, Cyrillic in the next."""
_LATIN: Final = frozenset((0, 0x2000 >> _BLOCK))
"""The blocks of Latin letters and of general punctuation."""
_FEW: Final = 5
_LONG: Final = 100_000


@lru_cache(maxsize=64)
def _word_of(blocks: frozenset[int]) -> re.Pattern[str]:
    """What the pattern comes to in text of a few blocks of code points.

    The whole one takes 20 ms to compile, which a search for one word would feel.
    """
    few = dict.fromkeys(classes(), "")
    for kind, runs in classes().items():
        for first, last in runs:
            for block in range(first >> _BLOCK, (last >> _BLOCK) + 1):
                if block in blocks:
                    low = max(first, block << _BLOCK)
                    high = min(last, ((block + 1) << _BLOCK) - 1)
                    # As they are: none of them means anything in a class, and escapes are slow.
                    few[kind] += f"{chr(low)}-{chr(high)}"
    # A class cannot be empty: what is in none of the blocks stands for nothing.
    nothing = chr(next(b for b in range(len(blocks) + 1) if b not in blocks) << _BLOCK)
    return re.compile(_pattern({kind: runs or nothing for kind, runs in few.items()}))


def matcher(text: str) -> re.Pattern[str]:
    """The cheapest pattern that matches each word of this text, and of others with its letters."""
    if text.isascii():
        return _ASCII_WORD
    if len(text) > _LONG:
        return _word()
    blocks = _LATIN.union(ord(character) >> _BLOCK for character in set(text))
    return _word_of(blocks) if len(blocks) <= _FEW else _word()


@lru_cache(maxsize=1)
def _invisible() -> frozenset[str]:
    return frozenset(chr(c) for first, last in classes()["I"] for c in range(first, last + 1))


_RUSSIAN_VOWELS: Final = "аеиоуыэюяіє"
_STRESSED: Final = re.compile(f"(?<=[{_RUSSIAN_VOWELS}]){STRESS}")


@lru_cache(maxsize=1 << 17)
def form(surface: str) -> str:
    """A word as it is compared: NFC, case folded, one kind of apostrophe, nothing invisible.

    Accents stay, but for the stress marks of Cyrillic vowels, which no spelling has.
    """
    if surface.isascii():
        return surface.lower()
    # What is invisible is not printable either, and that is known sooner.
    if not surface.isprintable():
        surface = "".join(c for c in surface if c not in _invisible())
    for sign in APOSTROPHES[1:]:
        surface = surface.replace(sign, "'")
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", surface).casefold())
    return _STRESSED.sub("", folded) if STRESS in folded else folded


def spans(text: str) -> Iterator[tuple[int, int]]:
    """The offsets of each word in `text`."""
    return (m.span() for m in matcher(text).finditer(text))


def cut(text: str) -> list[Token]:
    """The words of `text`, which should be in NFC."""
    return [Token(s, e, form(text[s:e])) for s, e in spans(text)]


def possessor(word: str) -> str:
    """The form without a closing ’s (*moscow's* → *moscow*), or an empty string."""
    return word[:-2] if word.endswith("'s") and len(word) > 2 else ""
