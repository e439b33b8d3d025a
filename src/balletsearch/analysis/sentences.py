"""Where does a sentence, and where does a paragraph, begin and end?

By pattern and a shipped list of abbreviations (`data/abbreviations.txt`): a sentence ends at
. ! ? or … with what closes after it, before white space and something that may open a
sentence. Line ends inside a paragraph are white space, since many texts are hard-wrapped; an
empty line always ends a sentence. Doubt joins rather than cuts: a snippet that is a sentence
too long reads better than one that stops at *Mme.*
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Final

__all__ = [
    "CLOSING",
    "MARKS",
    "OPENING",
    "WIDE_MARKS",
    "abbreviated",
    "paragraphs",
    "sentences",
]

CLOSING: Final = "\"'\N{RIGHT DOUBLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}»)]}*_"
OPENING: Final = (
    "\"'\N{LEFT DOUBLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}«([{*_\N{EM DASH}\N{EN DASH}-"
)
MARKS: Final = ".!?\N{HORIZONTAL ELLIPSIS}"
WIDE_MARKS: Final = "。！？"
_END: Final = re.compile(
    # Marks from the first of a run only, and nothing given back: time in proportion to the text.
    rf"(?<![{MARKS}])([{MARKS}]++)([{re.escape(CLOSING)}]*+)"
    rf"(?=\s++[{re.escape(OPENING)}\s]*(\S))|[{WIDE_MARKS}]++[」』]?"
)
_BREAK: Final = re.compile(r"\n(?:[^\S\n]*+\n)+")
_LAST_WORD: Final = re.compile(r"([^\W\d_]+(?:\.[^\W\d_]+)*)$")


@lru_cache(maxsize=1)
def _abbreviations() -> frozenset[str]:
    lines = files(__package__).joinpath("data/abbreviations.txt").read_text("utf-8").splitlines()
    return frozenset(w.casefold() for line in lines for w in line.partition("#")[0].split())


def abbreviated(text: str, start: int, stop: int) -> bool:
    """Whether a full stop at `stop` belongs to an abbreviation or an initial after `start`."""
    found = _LAST_WORD.search(text, max(start, stop - 24), stop)
    if found is None:
        return False
    word = found[1]
    initial = len(word) == 1 and word.isupper() and word != "I"
    return initial or "." in word or word.casefold() in _abbreviations()


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
            if match[1] is not None and not _ends(text, at, match):
                continue
            yield from _trimmed(text, at, stop)
            at = stop
        yield from _trimmed(text, at, end)


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    follows = match[3]
    if match[1] == "." and abbreviated(text, start, match.start()):
        return False
    # A small letter goes on with the sentence: “Really?” she said; he waited... and left.
    return not follows.islower()


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end
