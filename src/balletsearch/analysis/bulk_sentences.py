"""Where do the sentences and paragraphs of many texts begin, all at once?

The twin of `sentences.sentences` and `sentences.paragraphs` for building an index. What may end
a sentence is found by looking at all code points at once; whether a full stop belongs to an
abbreviation is asked once for each word that stands before one. Texts with the full stops of
Chinese and Japanese go through the regular expressions, one by one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from balletsearch.analysis.bulk import Ints, Joined
from balletsearch.analysis.sentences import (
    CLOSING,
    MARKS,
    OPENING,
    WIDE_MARKS,
    abbreviated,
    paragraphs,
    sentences,
)

__all__ = ["Sentences", "sentence_offsets"]

_MARK, _CLOSES, _OPENS, _SPACE, _NEWLINE, _WIDE = 1, 2, 4, 8, 16, 32

_LAST_SPACE: Final = 0x3000
"""No white space lies beyond the ideographic space."""

_REACH: Final = 24
"""Characters before a full stop that have a say in whether it is an abbreviation's."""


class Sentences(NamedTuple):
    """Offsets, ascending, at which sentences begin, and which of them begin a paragraph."""

    starts: Ints
    opens_paragraph: NDArray[np.bool_]


@lru_cache(maxsize=1)
def _table() -> NDArray[np.uint8]:
    """Code point → what it may be to a sentence, as flags."""
    table = np.zeros(0x110000, np.uint8)
    for characters, flag in (
        (MARKS, _MARK),
        (CLOSING, _CLOSES),
        (OPENING, _OPENS),
        (WIDE_MARKS, _WIDE),
        ([c for c in map(chr, range(_LAST_SPACE + 1)) if c.isspace()], _SPACE),
        ("\n", _NEWLINE),
    ):
        table[[ord(c) for c in characters]] |= flag
    return table


def sentence_offsets(of: Joined) -> Sentences:
    """Where the sentences of all texts begin in `of.text`; those of one text lie in its range."""
    if not of.points.size:
        return Sentences(np.zeros(0, np.int64), np.zeros(0, np.bool_))
    kind = _table()[of.points]
    slow = np.unique(np.searchsorted(of.starts, np.flatnonzero(kind & _WIDE), "right") - 1)
    openers = _paragraph_starts(of, kind)
    ends = _ends(of, kind, openers)
    starts = np.union1d(openers, _skip(kind, ends, _SPACE))
    if slow.size:
        outside = ~np.isin(np.searchsorted(of.starts, starts, "right") - 1, slow)
        own = [_slowly(of, i) for i in slow.tolist()]
        starts = np.union1d(starts[outside], np.concatenate([s for s, _ in own]))
        keep = ~np.isin(np.searchsorted(of.starts, openers, "right") - 1, slow)
        openers = np.union1d(openers[keep], np.concatenate([p for _, p in own]))
    return Sentences(starts, np.isin(starts, openers, assume_unique=True))


def _slowly(of: Joined, i: int) -> tuple[Ints, Ints]:
    base = int(of.starts[i])
    text = of.text[base : int(of.ends[i])]
    cut = [base + s for s, _ in sentences(text)], [base + s for s, _ in paragraphs(text)]
    return np.array(cut[0], np.int64), np.array(cut[1], np.int64)


def _skip(kind: NDArray[np.uint8], at: Ints, flags: int) -> Ints:
    """Each offset moved on over code points that have one of the flags; at most to the end."""
    at = at.copy()
    last = kind.size - 1
    moving = np.flatnonzero(at <= last)
    while moving.size:
        moving = moving[(kind[at[moving]] & flags) != 0]
        at[moving] += 1
        moving = moving[at[moving] <= last]
    return at


def _paragraph_starts(of: Joined, kind: NDArray[np.uint8]) -> Ints:
    """After the beginning of a text, or two line ends with nothing but white space between."""
    newlines = np.flatnonzero(kind & _NEWLINE)
    # A line end is followed by another one exactly where its line is blank; most are not.
    after = newlines + 1
    after = after[after < kind.size]
    blank = after[(kind[after] & _SPACE) != 0]
    starts = np.unique(_skip(kind, np.concatenate((of.starts, _blank_lines(kind, blank))), _SPACE))
    inside = starts < kind.size
    starts = starts[inside]
    # An empty text has no paragraph: what follows it belongs to the next.
    owner = np.searchsorted(of.starts, starts, "right") - 1
    return starts[starts < of.ends[owner]]


def _blank_lines(kind: NDArray[np.uint8], lines: Ints) -> Ints:
    """Those of the lines, given by where they begin, that hold white space only and end."""
    at = lines.copy()
    last = kind.size - 1
    moving = np.arange(at.size)
    while moving.size:
        here = kind[at[moving]]
        moving = moving[((here & _SPACE) != 0) & ((here & _NEWLINE) == 0) & (at[moving] < last)]
        at[moving] += 1
    return lines[(kind[at] & _NEWLINE) != 0]


def _ends(of: Joined, kind: NDArray[np.uint8], openers: Ints) -> Ints:
    """Where sentences end inside a paragraph: behind their marks and what closes after them."""
    marked = (kind & _MARK) != 0
    first = np.flatnonzero(marked[1:] & ~marked[:-1]) + 1
    if marked[0]:
        first = np.concatenate((np.zeros(1, np.int64), first))
    run_end = _skip(kind, first, _MARK)
    closed = _skip(kind, run_end, _CLOSES)
    spaced = (closed < kind.size) & ((kind[np.minimum(closed, kind.size - 1)] & _SPACE) != 0)
    first, run_end, closed = first[spaced], run_end[spaced], closed[spaced]
    # The paragraph goes on: something other than white space comes before the next one.
    following = _skip(kind, closed, _SPACE)
    bounds = np.append(openers, kind.size)
    until = bounds[np.searchsorted(openers, first, "right")]
    inside = following < until
    first, run_end, closed, until = first[inside], run_end[inside], closed[inside], until[inside]
    follows = _skip(kind, closed, _SPACE | _OPENS)
    ends = ~(_lower(of.points, follows) & (follows < until))
    single = (run_end == first + 1) & (of.points[first] == ord("."))
    ask = np.flatnonzero(ends & single)
    ends[ask] = ~_abbreviations(of, first[ask])
    return closed[ends]


def _lower(points: NDArray[np.uint32], at: Ints) -> NDArray[np.bool_]:
    """Whether a small letter stands there."""
    kinds, which = np.unique(points[np.minimum(at, points.size - 1)], return_inverse=True)
    lower = np.fromiter((chr(p).islower() for p in kinds.tolist()), np.bool_, kinds.size)
    return lower[which]


def _abbreviations(of: Joined, stops: Ints) -> NDArray[np.bool_]:
    """Whether the full stop at each offset belongs to an abbreviation."""
    text = of.text
    known: dict[str, bool] = {}
    out = np.empty(stops.size, np.bool_)
    reach = stops - _REACH
    begins = np.maximum(reach, of.starts[np.searchsorted(of.starts, stops, "right") - 1])
    for i, (begin, stop) in enumerate(zip(begins.tolist(), stops.tolist(), strict=True)):
        # What lies before the last white space has no say.
        before = text[begin:stop].rpartition(" ")[2]
        answer = known.get(before)
        if answer is None:
            answer = known[before] = abbreviated(before, 0, len(before))
        out[i] = answer
    return out
