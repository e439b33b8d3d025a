"""Which passages of a text show best what was found in it?

Whole sentences: first the one with the most that no chosen sentence shows yet, then the next,
until there are enough. Neighbours run on as one passage; a sentence that is far too long is
cut between words around what matched.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Hashable, Iterable, Sequence
from typing import Final

from balletsearch.analysis import cut
from balletsearch.analysis.words import spans as word_offsets
from balletsearch.engines.protocol import SentenceText
from balletsearch.model import Passage, Snippet, Span

__all__ = ["MAX_PASSAGES", "MAX_SENTENCE", "WholeText", "snippet"]

MAX_PASSAGES: Final = 2
"""Passages in a snippet."""

MAX_SENTENCE: Final = 320
"""Characters of a sentence that is shown whole."""

Offsets = tuple[int, int]

_SPACE: Final = re.compile(r"\s")


class WholeText:
    """A text by its sentences, all of it cut: for engines that keep no sentences."""

    def __init__(self, body: str) -> None:
        from balletsearch.analysis.sentences import sentences

        self._body = body
        self._sentences = list(sentences(body))
        self._words = cut(body)
        ends = [word.end for word in self._words]
        starts = (start for start, _ in self._sentences)
        self._first = [bisect_right(ends, start) for start in starts]

    def __len__(self) -> int:
        return len(self._sentences)

    def holding(self, positions: Sequence[int]) -> list[int]:
        """The sentences in which words stand."""
        return [bisect_right(self._first, position) - 1 for position in positions]

    def words(self, spans: Sequence[Offsets]) -> list[list[Hashable]]:
        """The forms of the words of each span."""
        return [[word.form for word in self._words[start:end]] for start, end in spans]

    def stretch(self, first: int, last: int) -> tuple[str, int]:
        """Sentences `first` to `last`, inclusive, and the position of their first word."""
        start, end = self._sentences[first][0], self._sentences[last][1]
        return self._body[start:end], self._first[first]


def snippet(
    body: str | SentenceText, spans: Iterable[Span], *, passages: int = MAX_PASSAGES
) -> Snippet:
    """The best passages of `body` for spans of its words; its beginning where there are none."""
    text = WholeText(body) if isinstance(body, str) else body
    if not len(text):
        return Snippet()
    wanted = _merged(spans)
    if not wanted:
        return Snippet((_passage(text, (0, 0), []),))
    chosen = _best(text, wanted, passages)
    return Snippet(tuple(_passage(text, run, wanted) for run in _runs(text, chosen)))


def _merged(spans: Iterable[Span]) -> list[tuple[int, int]]:
    """Where the body matched, ascending; what overlaps is one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted((s.start, s.end) for s in spans if s.zone == "body"):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return merged


def _best(text: SentenceText, wanted: Sequence[tuple[int, int]], passages: int) -> list[int]:
    """The numbers of the sentences to show, ascending."""
    shown: dict[int, list[Hashable]] = {}
    sentences_of = text.holding([end - 1 for _, end in wanted])
    for sentence, words in zip(sentences_of, text.words(wanted), strict=True):
        shown.setdefault(sentence, []).extend(words)
    chosen: list[int] = []
    seen: set[Hashable] = set()
    while shown and len(chosen) < passages:
        best = max(shown, key=lambda i: (_worth(shown[i], seen), -i))
        found = shown.pop(best)
        if chosen and not set(found) - seen and len(seen) > 1:
            break  # it would repeat what is shown already
        chosen.append(best)
        seen.update(found)
    return sorted(chosen)


def _worth(found: list[Hashable], seen: set[Hashable]) -> tuple[int, int]:
    """Words that are not shown yet first (a phrase has several), then sheer number."""
    return len(set(found) - seen), len(found)


def _runs(text: SentenceText, chosen: Sequence[int]) -> list[tuple[int, int]]:
    """The chosen sentences as (first, last), neighbours joined where both are short enough."""
    runs: list[tuple[int, int]] = []
    for i in chosen:
        first = runs[-1][0] if runs and runs[-1][1] == i - 1 else i
        if first < i and len(text.stretch(first, i)[0]) <= MAX_SENTENCE:
            runs[-1] = first, i
        else:
            runs.append((i, i))
    return runs


def _passage(text: SentenceText, run: tuple[int, int], wanted: Sequence[Offsets]) -> Passage:
    shown, first = text.stretch(*run)
    words = list(word_offsets(shown))
    # A phrase may run over the end of a sentence: what of it is shown is marked.
    inside = [
        (words[max(start - first, 0)][0], words[min(end - first, len(words)) - 1][1])
        for start, end in wanted
        if start < first + len(words) and end > first
    ]
    start, end = _shortened(shown, (0, len(shown)), inside)
    kept = tuple((s - start, e - start) for s, e in inside if start <= s and e <= end)
    leading = run[0] == 0 and start == 0
    trailing = run[1] == len(text) - 1 and end == len(shown)
    return Passage(_one_line(shown[start:end]), kept, leading, trailing)


def _one_line(text: str) -> str:
    # Character by character, so that the offsets of marks stay what they are.
    return _SPACE.sub(" ", text)


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
