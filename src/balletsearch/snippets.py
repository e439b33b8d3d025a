"""Which passages of a text show best what was found in it?

Whole sentences: first the one with the most that no chosen sentence shows yet, then the next,
until there are enough. Neighbours run on as one passage; a sentence that is far too long is
cut between words around what matched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from balletsearch.analysis import sentences
from balletsearch.analysis.words import spans as word_offsets
from balletsearch.model import Passage, Snippet, Span

__all__ = ["MAX_PASSAGES", "MAX_SENTENCE", "snippet"]

MAX_PASSAGES: Final = 2
"""Passages in a snippet."""

MAX_SENTENCE: Final = 320
"""Characters of a sentence that is shown whole."""

Offsets = tuple[int, int]


def snippet(body: str, spans: Iterable[Span], *, passages: int = MAX_PASSAGES) -> Snippet:
    """The best passages of `body` for spans of its words; its beginning where there are none."""
    marks = _marks(body, spans)
    cut = list(sentences(body))
    if not cut:
        return Snippet()
    if not marks:
        return Snippet((_passage(body, cut[0], []),))
    chosen = _best(body, cut, marks, passages)
    return Snippet(tuple(_passage(body, run, marks) for run in _runs(cut, chosen)))


def _marks(body: str, spans: Iterable[Span]) -> list[Offsets]:
    """The offsets of what matched, ascending; what touches or overlaps is one mark."""
    wanted = sorted((s.start, s.end) for s in spans if s.zone == "body")
    if not wanted:
        return []
    words = list(word_offsets(body))
    merged: list[list[int]] = []
    for start, end in wanted:
        if merged and start < merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    return [(words[start][0], words[end - 1][1]) for start, end in merged]


def _best(body: str, cut: Sequence[Offsets], marks: Sequence[Offsets], passages: int) -> list[int]:
    """The numbers of the sentences to show, ascending."""
    shown: dict[int, list[str]] = {}
    at = 0
    for start, end in marks:
        while cut[at][1] < end:
            at += 1
        shown.setdefault(at, []).extend(body[start:end].casefold().split())
    chosen: list[int] = []
    seen: set[str] = set()
    while shown and len(chosen) < passages:
        best = max(shown, key=lambda i: (_worth(shown[i], seen), -i))
        found = shown.pop(best)
        if chosen and not set(found) - seen and len(seen) > 1:
            break  # it would repeat what is shown already
        chosen.append(best)
        seen.update(found)
    return sorted(chosen)


def _worth(found: list[str], seen: set[str]) -> tuple[int, int]:
    """Words that are not shown yet first (a phrase has several), then sheer number."""
    return len(set(found) - seen), len(found)


def _runs(cut: Sequence[Offsets], chosen: Sequence[int]) -> list[Offsets]:
    """The chosen sentences, neighbours joined where both are short enough."""
    runs: list[Offsets] = []
    last = -2
    for i in chosen:
        start, end = cut[i]
        if i == last + 1 and end - runs[-1][0] <= MAX_SENTENCE:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
        last = i
    return runs


def _passage(body: str, run: Offsets, marks: Sequence[Offsets]) -> Passage:
    # A phrase may run over the end of a sentence: what of it is shown is marked.
    inside = [(max(s, run[0]), min(e, run[1])) for s, e in marks if s < run[1] and e > run[0]]
    start, end = _shortened(body, run, inside)
    kept = tuple((s - start, e - start) for s, e in inside if start <= s and e <= end)
    leading, trailing = not body[:start].strip(), not body[end:].strip()
    return Passage(_one_line(body[start:end]), kept, leading, trailing)


def _one_line(text: str) -> str:
    # Character by character, so that the offsets of marks stay what they are.
    return "".join(" " if c.isspace() else c for c in text)


def _shortened(body: str, run: Offsets, inside: Sequence[Offsets]) -> Offsets:
    """A stretch of at most MAX_SENTENCE characters around the first match, cut at spaces."""
    start, end = run
    if end - start <= MAX_SENTENCE:
        return run
    first = inside[0][0] if inside else start
    start = max(start, min(first - MAX_SENTENCE // 4, end - MAX_SENTENCE))
    end = min(end, start + MAX_SENTENCE)
    if start > run[0]:
        start = _after_space(body, start, first)
    if end < run[1]:
        must = inside[0][1] if inside else start + 1
        end = max(body.rfind(" ", start, end), must)
    return start, end


def _after_space(body: str, start: int, at_most: int) -> int:
    space = body.find(" ", start, at_most)
    return space + 1 if space != -1 else start
