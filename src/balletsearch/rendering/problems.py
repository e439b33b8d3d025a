"""Where in a query is something wrong? The query on one line, and signs under the place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from balletsearch.model import Problem
from balletsearch.rendering.characters import one_line, visible, width
from balletsearch.rendering.passages import GAP

__all__ = ["problem_lines"]

AROUND: Final = 60
"""Characters of a long query that are shown on either side of the place."""


def problem_lines(query: str, problems: Iterable[Problem], before: str) -> Iterator[str]:
    """Each problem after `before` as its message, the query, and a caret under its place."""
    for problem in problems:
        yield before + _sentence(problem.message)
        if query.strip():
            yield from _place(query, problem.start, problem.end)


def _sentence(message: str) -> str:
    text = one_line(message)
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _place(query: str, start: int, end: int) -> Iterator[str]:
    first = max(0, start - AROUND) if start > 2 * AROUND else 0
    last = min(len(query), max(end, start) + AROUND, first + 4 * AROUND)
    lead = f"{GAP} " if first else ""
    trail = f" {GAP}" if last < len(query) else ""
    inside = visible(query[start : min(end, last)])
    yield f"  {lead}{visible(query[first:last])}{trail}"
    room = width(lead + visible(query[first:start]))
    yield f"  {' ' * room}^{'~' * (width(inside) - 1)}"
