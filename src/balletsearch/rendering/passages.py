"""How is a snippet shown? As lines of a given width, with the matches set off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from balletsearch.model import Passage, Snippet
from balletsearch.rendering.characters import visible, width
from balletsearch.rendering.style import Style

__all__ = ["GAP", "KEEP", "snippet_lines", "wrapped"]

GAP: Final = "\N{HORIZONTAL ELLIPSIS}"
KEEP: Final = "\N{NO-BREAK SPACE}"
"""A space at which no line is broken."""

NARROWEST: Final = 20
"""Columns below which wrapping would only do harm."""

Offsets = tuple[int, int]


def snippet_lines(snippet: Snippet, style: Style, *, indent: str = "") -> list[str]:
    """The snippet as lines, each after `indent`; one line where the style does not wrap."""
    text, marks = _flat(snippet, style)
    return [indent + _set(text, line, marks, style) for line in _lines(text, style.columns, indent)]


def wrapped(text: str, style: Style, *, indent: str = "") -> list[str]:
    """Safe text as lines, each after `indent`; never broken at a KEEP, which becomes a space."""
    lines = (text[start:end] for start, end in _lines(text, style.columns, indent))
    return [indent + line.replace(KEEP, " ") for line in lines]


def _flat(snippet: Snippet, style: Style) -> tuple[str, list[Offsets]]:
    """All passages as one safe text, and where in it the coloured matches are."""
    out: list[str] = []
    marks: list[Offsets] = []
    length = 0
    for text, matched in _stretches(snippet):
        shown = style.match(text) if matched and not style.colour else text
        if matched and style.colour:
            marks.append((length, length + len(shown)))
        out.append(shown)
        length += len(shown)
    return "".join(out), marks


def _stretches(snippet: Snippet) -> Iterator[tuple[str, bool]]:
    """Safe text and whether it matched, with an ellipsis wherever text was left out."""
    for number, passage in enumerate(snippet.passages):
        if number:
            yield f" {GAP} ", False
        elif not passage.leading:
            yield f"{GAP} ", False
        for start, end, matched in _parts(passage):
            yield visible(re.sub(r"\s+", " ", passage.text[start:end])), matched
    if snippet.passages and not snippet.passages[-1].trailing:
        yield f" {GAP}", False


def _parts(passage: Passage) -> Iterator[tuple[int, int, bool]]:
    at = 0
    for start, end in passage.marks:
        yield at, start, False
        yield start, end, True
        at = end
    yield at, len(passage.text), False


def _lines(text: str, columns: int, indent: str) -> Iterator[Offsets]:
    """Where each line starts and ends, broken at spaces."""
    room = max(columns - len(indent), NARROWEST) if columns else 0
    start = end = 0
    for word in re.finditer(r"[^ ]+", text):
        if room and end > start and width(text[start : word.end()]) > room:
            yield start, end
            start = word.start()
        end = word.end()
    if end > start:
        yield start, end


def _set(text: str, line: Offsets, marks: list[Offsets], style: Style) -> str:
    """One line with its part of the matches coloured."""
    at, stop = line
    out = []
    for start, end in marks:
        if start < stop and end > at:
            out.append(text[at : max(at, start)])
            out.append(style.match(text[max(at, start) : min(end, stop)].rstrip()))
            at = min(end, stop)
    return "".join((*out, text[at:stop]))
