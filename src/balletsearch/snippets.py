"""Which passages of a text show best what was found in it?

Whole sentences: first the one with the most that no chosen sentence shows yet, then the next,
until there are enough. Neighbours run on as one passage; a sentence that is too long for its
share of the snippet is cut between words around what matched.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Hashable, Iterable, Sequence
from typing import Final

from balletsearch.analysis import cut
from balletsearch.analysis.graphemes import joined, whole
from balletsearch.analysis.words import spans as word_offsets
from balletsearch.engines.protocol import SentenceText
from balletsearch.model import Span
from balletsearch.passages import LENGTH, PASSAGES, Passage, Snippet

__all__ = ["LEAST_ROOM", "WholeText", "snippet"]

LEAST_ROOM: Final = 20
"""Characters that each passage must have room for."""

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
    body: str | SentenceText,
    spans: Iterable[Span],
    *,
    passages: int = PASSAGES,
    length: int = LENGTH,
) -> Snippet:
    """The best passages of `body` for spans of its words; its beginning where there are none.

    At most so many passages, each of them at most its share of `length` characters long.
    """
    text = WholeText(body) if isinstance(body, str) else body
    if not len(text):
        return Snippet()
    room = length // passages
    wanted = _merged(spans)
    if not wanted:
        return Snippet((_passage(text, (0, 0), [], room),))
    runs = _runs(text, _best(text, wanted, passages), room)
    return Snippet(tuple(_passage(text, run, wanted, room) for run in runs))


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


def _runs(text: SentenceText, chosen: Sequence[int], room: int) -> list[tuple[int, int]]:
    """The chosen sentences as (first, last), neighbours joined where there is room for both."""
    runs: list[tuple[int, int]] = []
    for i in chosen:
        first = runs[-1][0] if runs and runs[-1][1] == i - 1 else i
        if first < i and len(text.stretch(first, i)[0]) <= room:
            runs[-1] = first, i
        else:
            runs.append((i, i))
    return runs


def _passage(
    text: SentenceText, run: tuple[int, int], wanted: Sequence[Offsets], room: int
) -> Passage:
    shown, first = text.stretch(*run)
    words = list(word_offsets(shown))
    # A phrase may run over the end of a sentence: what of it is shown is marked.
    inside = [
        whole(shown, words[max(start - first, 0)][0], words[min(end - first, len(words)) - 1][1])
        for start, end in wanted
        if start < first + len(words) and end > first
    ]
    start, end = _shortened(shown, inside, room)
    kept = tuple((s - start, min(e, end) - start) for s, e in inside if start <= s < end)
    leading = run[0] == 0 and start == 0
    trailing = run[1] == len(text) - 1 and end == len(shown)
    return Passage(_one_line(shown[start:end]), kept, leading, trailing)


def _one_line(text: str) -> str:
    # Character by character, so that the offsets of marks stay what they are.
    return _SPACE.sub(" ", text)


def _shortened(text: str, inside: Sequence[Offsets], room: int) -> Offsets:
    """A stretch of at most `room` characters around the first match, cut at spaces.

    Where there is no space it is cut between characters, and within what matched only if that
    is longer.
    """
    if len(text) <= room:
        return 0, len(text)
    first, last = inside[0] if inside else (0, 0)
    before = min(room // 4, max(room - (last - first), 0))
    start = max(0, min(first - before, len(text) - room))
    end = start + room
    if start:
        start = _begin(text, start, first)
    if end < len(text):
        # Not before the end of the match, if that fits.
        end = _end(text, max(start + 1, last if last <= end else first + 1), end)
    return start, end


def _begin(text: str, start: int, at_most: int) -> int:
    """The first place from `start` on where a word or at least a character begins."""
    # What begins behind a space is a word.
    space = text.find(" ", start - 1, at_most)
    if space != -1:
        return space + 1
    while start < at_most and joined(text, start):
        start += 1
    return start


def _end(text: str, at_least: int, end: int) -> int:
    """The last place up to `end` where a word or at least a character ends."""
    if text[end].isspace():
        return end
    space = text.rfind(" ", at_least, end)
    if space != -1:
        return space
    nearest = end
    while nearest > at_least and joined(text, nearest):
        nearest -= 1
    return end if joined(text, nearest) else nearest
