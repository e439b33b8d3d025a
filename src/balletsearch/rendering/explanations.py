"""How is an explanation read by people? The query as read, its words, shares of scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from balletsearch.explaining import Explanation, Share, Standing
from balletsearch.model import Hit
from balletsearch.rendering.characters import one_line
from balletsearch.rendering.style import Style

__all__ = ["explanation_lines"]

WIDE = 8
"""Columns for a score."""


def explanation_lines(explanation: Explanation, hits: Sequence[Hit], style: Style) -> Iterator[str]:
    """All of it; the hits are those that it is of."""
    yield f"read as: {one_line(explanation.tree)}"
    for problem in explanation.problems:
        yield f"not as typed: {one_line(problem.message)}"
    for word in explanation.words:
        yield f"{one_line(word.asked)}: {one_line(_forms(word))}"
    for rank, hit in enumerate(hits, 1):
        shares = explanation.stories.get(hit.key)
        if shares is None:
            continue
        yield ""
        yield f"{rank}. {style.title(one_line(hit.title))}: {hit.score:.4f}"
        for share in shares:
            yield f"   {share.score:{WIDE}.4f}  {one_line(_said(share))}"
        if not shares:
            yield "   nothing in the query has a score"


def _forms(word: Standing) -> str:
    if not word.total:
        return "no word of the collection"
    listed = ", ".join(f"{form} {count}" for form, count in word.forms)
    more = word.total - len(word.forms)
    return f"{listed} and {more:,} more" if more else listed


def _said(share: Share) -> str:
    times = f"{share.frequency:g}".rstrip()
    counts = "" if share.factor == 1 else f", counts {share.factor:g}"
    beside = " (as typed, or beside one another)" if share.bonus else ""
    return f"{share.asked}: {times}{counts}{beside}"
