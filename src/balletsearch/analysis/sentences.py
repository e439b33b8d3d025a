"""Where does a sentence, and where does a paragraph, begin and end?

By pattern and a shipped list of abbreviations (`data/abbreviations.txt`): a sentence ends at
. ! ? or … with what closes after it, before white space and something that may open a
sentence. Line ends inside a paragraph are white space, since many texts are hard-wrapped; an
empty line always ends a sentence. Doubt joins rather than cuts: a snippet that is a sentence
too long reads better than one that stops at *Mme.*

A full stop is judged by the characters before it (`abbreviation`) and, where those leave it
open, by the word after it (`joins`): *p.m.* goes on before *Eastern* and ends before *The*. The
rules are those of all languages together, since a story may hold several.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pkgutil import get_data
from typing import Final

__all__ = [
    "AHEAD",
    "CLOSING",
    "EMOJI",
    "ENDING",
    "MARKS",
    "OPENING",
    "REACH",
    "TAIL",
    "TAIL_CLOSING",
    "WIDE_MARKS",
    "abbreviation",
    "endings",
    "goes_on",
    "joins",
    "may_abbreviate",
    "paragraphs",
    "sentences",
]

_QUOTES: Final = (
    "\"'"
    "\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"
    "\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"
    "\N{DOUBLE LOW-9 QUOTATION MARK}\N{SINGLE LOW-9 QUOTATION MARK}«»‹›"
)
"""Which of them open and which close differs from language to language; where they stand does
not: behind a mark they close, behind white space they open."""

CLOSING: Final = _QUOTES + ")]}*_\N{DAGGER}\N{DOUBLE DAGGER}⁰¹²³⁴⁵⁶⁷⁸⁹"
OPENING: Final = _QUOTES + "([{*_¿¡\N{EM DASH}\N{EN DASH}\N{HORIZONTAL BAR}-"
MARKS: Final = ".!?\N{HORIZONTAL ELLIPSIS}؟۔।॥\N{INTERROBANG}‼⁇⁈⁉։"
WIDE_MARKS: Final = "。！？｡"
EMOJI: Final = ((0x1F000, 0x1FAFF), (0x2600, 0x27BF), (0xFE0F, 0xFE0F), (0x200D, 0x200D))
"""First and last code points of what belongs to the sentence whose mark it follows."""
TAIL_CLOSING: Final = "»"
"""What closes a sentence also behind a space: « Non ! »"""
REACH: Final = 24
"""Characters before a full stop that have a say in whether it ends a sentence."""
AHEAD: Final = 24
"""Characters of what follows that have a say."""
ENDING: Final = 4
"""Characters before a full stop that tell of most words that they are no abbreviation."""

_GOING_ON: Final = f"{MARKS},;:)]}}"
_WIDE_CLOSING: Final = "」』）》】〉\N{RIGHT DOUBLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"
_EMOJI: Final = "".join(f"{chr(first)}-{chr(last)}" for first, last in EMOJI)
_CLOSES: Final = f"[{re.escape(CLOSING)}{_EMOJI}]*+"
_TAIL: Final = rf"(?:(?:\[\d{{1,3}}\]|[^\S\n](?:[{_EMOJI}]|[{TAIL_CLOSING}](?=\s))){_CLOSES})*+"
TAIL: Final = re.compile(_TAIL)
"""What closes a sentence after a look at more than one character: notes such as [3], and quotes
and emoji behind a space."""

_END: Final = re.compile(
    # Marks from the first of a run only, and nothing given back: time in proportion to the text.
    rf"(?<![{MARKS}])([{MARKS}]++){_CLOSES}{_TAIL}(?=\s++[{re.escape(OPENING)}\s]*+(\S?))"
    # In Japanese a quotation goes on with と.
    rf"|(?<![{WIDE_MARKS}])[{WIDE_MARKS}]++(?:[{_WIDE_CLOSING}]++(?!と)|(?![{_WIDE_CLOSING}]))"
)
_BREAK: Final = re.compile(r"\n(?:[^\S\n]*+\n)+")

_LAST_WORD: Final = re.compile(r"((?:(?<!\w)[^\W\d_]{1,5}\.[^\S\n]?)*)(?<!\w)([^\W\d_]+)$")
_LETTER: Final = re.compile(r"(?<!\w)(?:(?<!['\N{RIGHT SINGLE QUOTATION MARK}])[^\W\d_]|[A-ZА-Я])$")
_ITEM: Final = re.compile(r"(?:^|\n)[^\S\n]*[(\[]?\d{1,2}(?:\.\d{1,2})*$")
"""The number of an item of a list or of a heading."""
_LETTERED_ITEM: Final = re.compile(r"[(\[]?(?:[^\W\d_]|[IVXLC]{1,5})$")
_DATE: Final = re.compile(r"(?<!\d)\d{1,2}\.\s\d{1,2}$")
_ORDINAL: Final = re.compile(r"(?<![\d.,:])\d{1,2}$")
_BEFORE_I: Final = re.compile(r"([^\W\d_]+),?\s+I$")
_BEFORE_PRONOUN: Final = frozenset(("Not", "Nor", "And", "Or", "Am"))
_PREPOSITIONS: Final = frozenset(
    ("by", "of", "from", "with", "to", "for", "par", "de", "di", "von")
)
_NUMBER: Final = re.compile(
    r"#?\d|(?!I[\s'\N{RIGHT SINGLE QUOTATION MARK}])"
    r"[IVXLC]+(?![\w'\N{RIGHT SINGLE QUOTATION MARK}])"
)
_DAY: Final = re.compile(r"\d{1,2}\.")
_NONE: Final = re.compile(r"(?:\d{3}|[^\w\n]|_)\Z")
"""A year, or what is neither letter nor number: no abbreviation ends so."""
_LETTERS: Final = re.compile(r"[^\W\d_]+$")
_WORD: Final = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=1)
def _lists() -> dict[str, frozenset[str]]:
    """Kind → its words, as `data/abbreviations.txt` tells of them."""
    lines = (get_data(__package__, "data/abbreviations.txt") or b"").decode().splitlines()
    out: dict[str, list[str]] = {}
    for line in lines:
        kind, colon, words = line.partition("#")[0].partition(":")
        if colon:
            out.setdefault(kind, []).extend(words.split())
    return {kind: frozenset(words) for kind, words in out.items()}


@lru_cache(maxsize=1)
def _kinds() -> dict[str, str]:
    """Abbreviation → its kind."""
    lists = _lists()
    return {word: kind for kind in ("number", "last", "before") for word in lists[kind]}


def abbreviation(before: str) -> str:
    """What the characters before a full stop make of it: "", which ends a sentence, or a kind.

    `before` are the last `REACH` characters of the paragraph before the full stop, or all of
    them. The kinds are those of the data file; `joins` says what comes of them.
    """
    word = before.rpartition(" ")[2]
    row = before[-len(word) - 2 : -len(word) - 1] == "."
    if len(word) == 1 or not word.isalpha() or word.isupper() or row:
        # A letter, a number, the end of a row such as p. ex.: more than the word has a say.
        return _abbreviation(before)
    return _known(word)


@lru_cache(maxsize=1 << 14)
def _abbreviation(before: str) -> str:
    last = before[-2:-1] if before.endswith("\n") else before[-1:]
    if not last.isalnum():
        return ""
    if last.isdecimal():
        if _ITEM.search(before) or _DATE.search(before):
            return "before"
        return "ordinal" if _ORDINAL.search(before) else ""
    if _LETTERED_ITEM.match(before):
        return "before"
    found = _LAST_WORD.search(before)
    if found is None:
        return ""
    letters, word = found.groups()
    kind = _known("".join(letters.split()) + word) if letters else ""
    if not kind and (len(word) > 1 or not letters):  # the last letter of A.M. is no Monsieur
        kind = _known(word)
    return kind or ("last" if _initial(before, word) else "")


@lru_cache(maxsize=1 << 14)
def _known(word: str) -> str:
    kinds = _kinds()
    kind = kinds.get(word) or kinds.get(word.lower())
    return kind or (kinds.get(word.capitalize()) if word.isupper() else None) or ""


def _initial(before: str, word: str) -> bool:
    """Whether a letter stands for a word, and is none by itself as *I* and *я* are."""
    if len(word) > 1 or word == "я" or not _LETTER.search(before):
        return False
    previous = _BEFORE_I.search(before)
    # The pronoun stands behind a small word that is no preposition: *so did I*, not *by I*.
    name = not previous or (not previous[1].islower() and previous[1] not in _BEFORE_PRONOUN)
    return name or (previous is not None and previous[1] in _PREPOSITIONS)


@lru_cache(maxsize=1)
def endings() -> frozenset[str]:
    """The last letters of all abbreviations, written small."""
    return frozenset(word.rpartition(".")[2].lower()[-ENDING:] for word in _kinds())


@lru_cache(maxsize=1 << 14)
def may_abbreviate(ending: str) -> bool:
    """Whether `abbreviation` may name a kind for what ends with these `ENDING` characters."""
    if _NONE.search(ending):
        return False
    letters = _LETTERS.search(ending)
    if letters is None or len(letters[0]) == 1 or letters[0].isupper():
        return True
    return letters[0].lower() in endings()


def joins(kind: str, ahead: str) -> bool:
    """Whether a sentence goes on after a full stop of this kind.

    `ahead` are up to `AHEAD` characters of the same paragraph, from the first that opens
    nothing, without white space at their end.
    """
    if kind == "number":
        return _NUMBER.match(ahead) is not None
    found = _WORD.match(ahead)
    word = found[0] if found else ""
    if kind == "ordinal":
        return word in _lists()["ordinal"] or _DAY.match(ahead) is not None
    if kind == "last":
        # With a full stop behind it, it may as well be an initial: P. I. Tchaikovsky.
        return word not in _lists()["opens"] or ahead.startswith(".", len(word))
    return kind == "before"


def goes_on(follows: str) -> bool:
    """Whether a sentence goes on before this character: “Really?” she said; he left . . . late."""
    return follows.islower() or follows in _GOING_ON


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """The offsets of each paragraph, without the white space around it."""
    at = 0
    for match in _BREAK.finditer(text):
        yield from _trimmed(text, at, match.start())
        at = match.end()
    yield from _trimmed(text, at, len(text))


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """The offsets of each sentence, in order; together they hold every word of `text`."""
    for start, end in paragraphs(text):
        at = start
        for match in _END.finditer(text, start, end):
            stop = match.end()
            if match[1] is not None and not _ends(text, start, end, match):
                continue
            yield from _trimmed(text, at, stop)
            at = stop
        yield from _trimmed(text, at, end)


def _ends(text: str, start: int, end: int, match: re.Match[str]) -> bool:
    """Whether a sentence of the paragraph from `start` to `end` ends at these marks."""
    # Nothing but quotes up to the end of the paragraph: they belong to this sentence.
    if not match[2] or goes_on(match[2]):
        return False
    if match[1] != ".":
        return True
    at, follows = match.start(), match.start(2)
    kind = abbreviation(text[max(start, at - REACH) : at])
    return not kind or not joins(kind, text[follows : min(follows + AHEAD, end)].rstrip())


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end
