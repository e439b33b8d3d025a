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

from balletsearch.analysis.bulk import NARROW, Ints, Joined
from balletsearch.analysis.sentences import (
    AHEAD,
    CLOSING,
    EMOJI,
    ENDING,
    MARKS,
    OPENING,
    REACH,
    TAIL,
    TAIL_CLOSING,
    WIDE_MARKS,
    abbreviation,
    endings,
    goes_on,
    joins,
    may_abbreviate,
    paragraphs,
    sentences,
)

__all__ = ["Sentences", "sentence_offsets"]

_MARK, _CLOSES, _OPENS, _SPACE, _NEWLINE, _WIDE, _TAILS, _BLANK = (1 << i for i in range(8))
"""_BLANK is white space other than a line end; _TAILS is what may close behind a space."""

_LAST_SPACE: Final = 0x3000
"""No white space lies beyond the ideographic space."""

_STEPS: Final = 16
"""Single steps before a run is jumped over: most runs are short, and a jump costs a pass."""


class Sentences(NamedTuple):
    """Offsets, ascending, at which sentences begin, and which of them begin a paragraph."""

    starts: Ints
    opens_paragraph: NDArray[np.bool_]


@lru_cache(maxsize=1)
def _table() -> NDArray[np.uint8]:
    """Code point → what it may be to a sentence, as flags."""
    table = np.zeros(0x110000, np.uint8)
    white = [c for c in map(chr, range(_LAST_SPACE + 1)) if c.isspace()]
    for characters, flag in (
        (MARKS, _MARK),
        (CLOSING, _CLOSES),
        (OPENING, _OPENS),
        (WIDE_MARKS, _WIDE),
        (TAIL_CLOSING, _TAILS),
        (white, _SPACE | _BLANK),
    ):
        table[[ord(c) for c in characters]] |= flag
    for first, last in EMOJI:
        table[first : last + 1] |= _CLOSES | _TAILS
    table[ord("\n")] = _SPACE | _NEWLINE
    return table


def sentence_offsets(of: Joined) -> Sentences:
    """Where the sentences of all texts begin in `of.text`; those of one text lie in its range."""
    if not of.points.size:
        return Sentences(np.zeros(0, np.int64), np.zeros(0, np.bool_))
    kind = of.classes(_table())
    slow = np.unique(np.searchsorted(of.starts, np.flatnonzero((kind & _WIDE) != 0), "right") - 1)
    openers = _paragraph_starts(of, kind)
    ends = _ends(of, kind, openers)
    starts = _merged(openers, _skip(kind, ends, _SPACE))
    if slow.size:
        outside = ~np.isin(np.searchsorted(of.starts, starts, "right") - 1, slow)
        own = [_slowly(of, i) for i in slow.tolist()]
        starts = _merged(starts[outside], np.concatenate([s for s, _ in own]))
        keep = ~np.isin(np.searchsorted(of.starts, openers, "right") - 1, slow)
        openers = _merged(openers[keep], np.concatenate([p for _, p in own]))
    return Sentences(starts, np.isin(starts, openers, assume_unique=True))


def _merged(some: Ints, others: Ints) -> Ints:
    """The offsets of both, ascending, each once."""
    # Each is ascending: a stable sort only has to merge them.
    both = np.sort(np.concatenate((some, others)), kind="stable")
    return both[np.concatenate((np.ones(min(1, both.size), np.bool_), both[1:] != both[:-1]))]


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
    for _ in range(_STEPS):
        moving = moving[(kind[at[moving]] & flags) != 0]
        at[moving] += 1
        moving = moving[at[moving] <= last]
        if not moving.size:
            return at
    # One pass over everything for all long runs together: never a step per code point.
    stops = np.append(np.flatnonzero((kind & flags) == 0), kind.size)
    at[moving] = stops[np.searchsorted(stops, at[moving])]
    return at


def _paragraph_starts(of: Joined, kind: NDArray[np.uint8]) -> Ints:
    """After the beginning of a text, or two line ends with nothing but white space between."""
    newlines = np.flatnonzero((kind & _NEWLINE) != 0)
    # A line end is followed by another one exactly where its line is blank; most are not.
    after = newlines + 1
    after = after[after < kind.size]
    blank = after[(kind[after] & _SPACE) != 0]
    # From a blank text on to what follows it, which begins a paragraph anyhow.
    starts = np.unique(_skip(kind, np.concatenate((of.starts, _blank_lines(kind, blank))), _SPACE))
    return starts[starts < kind.size]


def _blank_lines(kind: NDArray[np.uint8], lines: Ints) -> Ints:
    """Those of the lines, given by where they begin, that hold white space only and end."""
    at = _skip(kind, lines, _BLANK)
    inside = at < kind.size
    lines, at = lines[inside], at[inside]
    return lines[(kind[at] & _NEWLINE) != 0]


def _ends(of: Joined, kind: NDArray[np.uint8], openers: Ints) -> Ints:
    """Where sentences end inside a paragraph: behind their marks and what closes after them."""
    marked = (kind & _MARK) != 0
    first = np.flatnonzero(marked[1:] & ~marked[:-1]) + 1
    if marked[0]:
        first = np.concatenate((np.zeros(1, np.int64), first))
    run_end = _skip(kind, first, _MARK)
    closed = _closed(of, kind, run_end)
    spaced = (closed < kind.size) & ((kind[np.minimum(closed, kind.size - 1)] & _SPACE) != 0)
    first, run_end, closed = first[spaced], run_end[spaced], closed[spaced]
    # Something that opens a sentence follows in the same paragraph.
    follows = _skip(kind, closed, _SPACE | _OPENS)
    bounds = np.append(openers, kind.size)
    paragraph = np.searchsorted(openers, first, "right")
    ends = (follows < bounds[paragraph]) & ~_goes_on(of.points, follows)
    ask = np.flatnonzero(ends & (run_end == first + 1) & (of.points[first] == ord(".")))
    begin, until = openers[paragraph[ask] - 1], bounds[paragraph[ask]]
    ends[ask] = ~_joins(of, begin, first[ask], follows[ask], until)
    return closed[ends]


def _closed(of: Joined, kind: NDArray[np.uint8], at: Ints) -> Ints:
    """Each offset behind a run of marks moved on over what closes their sentence."""
    at = _skip(kind, at, _CLOSES)
    here = np.minimum(at, kind.size - 1)
    behind = np.minimum(at + 1, kind.size - 1)
    quoted = ((kind[here] & _BLANK) != 0) & ((kind[behind] & _TAILS) != 0)
    for i in np.flatnonzero(quoted | (of.points[here] == ord("["))).tolist():
        found = TAIL.match(of.text, int(at[i]))
        if found:
            at[i] = found.end()
    return at


def _goes_on(points: NDArray[np.uint32], at: Ints) -> NDArray[np.bool_]:
    """Whether a character stands there before which a sentence goes on."""
    kinds, which = np.unique(points[np.minimum(at, points.size - 1)], return_inverse=True)
    lower = np.fromiter((goes_on(chr(p)) for p in kinds.tolist()), np.bool_, kinds.size)
    return lower[which]


def _joins(of: Joined, begin: Ints, stops: Ints, follows: Ints, until: Ints) -> NDArray[np.bool_]:
    """Whether a sentence goes on after each of these full stops.

    `begin` and `until` bound the paragraph of each, `follows` is what comes after it.
    """
    text = of.text
    out = np.zeros(stops.size, np.bool_)
    at = np.flatnonzero(_may_join(of, stops))
    starts = np.maximum(stops[at] - REACH, begin[at])
    ahead = np.minimum(follows[at] + AHEAD, until[at])
    numbers = (a.tolist() for a in (at, starts, stops[at], follows[at], ahead))
    for i, start, stop, first, last in zip(*numbers, strict=True):
        kind = abbreviation(text[start:stop])
        out[i] = kind and joins(kind, text[first:last].rstrip())
    return out


def _may_join(of: Joined, stops: Ints) -> NDArray[np.bool_]:
    """Whether the few characters before a full stop leave open if it ends a sentence.

    The twin of `sentences.may_abbreviate` for characters of one byte; others are asked about.
    """
    out = np.ones(stops.size, np.bool_)
    rows = np.flatnonzero(stops >= ENDING)
    letters = [of.narrow[stops[rows] - back] for back in range(1, ENDING + 1)]
    told = _endings()
    flags = [told.flags[letter] for letter in letters]
    run = np.ones(rows.size, np.bool_)
    size, ending = np.zeros(rows.size, np.int64), np.zeros(rows.size, np.uint32)
    cased = np.zeros(rows.size, np.uint8)
    for back, (letter, flag) in enumerate(zip(letters, flags, strict=True)):
        run &= (flag & _ALPHA) != 0
        size += run
        cased |= np.where(run, flag, 0)
        ending |= np.where(run, told.lower[letter].astype(np.uint32) << np.uint32(8 * back), 0)
    small = (size > 1) & ((cased & _UPPER == 0) | (cased & _LOWER != 0))
    none = (flags[0] & _ENDS == 0) | (flags[0] & flags[1] & flags[2] & _DIGIT != 0)
    no = none | (small & ~np.isin(ending, told.known))
    wide = np.any([letter == NARROW for letter in letters], axis=0)
    for i in np.flatnonzero(wide).tolist():
        stop = int(stops[rows[i]])
        no[i] = not may_abbreviate(of.text[stop - ENDING : stop])
    out[rows[no]] = False
    return out


class _Endings(NamedTuple):
    """Of each byte what it is in an ending, as flags, and how it is written small; and the last
    letters of all abbreviations, in 32 bits each, the last letter lowest."""

    flags: NDArray[np.uint8]
    lower: NDArray[np.uint8]
    known: NDArray[np.uint32]


_ALPHA, _UPPER, _LOWER, _DIGIT, _ENDS = (1 << i for i in range(5))
"""_ENDS is what an abbreviation may end with, or a line."""


@lru_cache(maxsize=1)
def _endings() -> _Endings:
    flags, lower = np.zeros(256, np.uint8), np.zeros(256, np.uint8)
    for code in range(NARROW):
        c = chr(code)
        alpha = c.isalnum() and not c.isdecimal()
        known = (alpha, c.isupper(), c.islower(), c.isdecimal(), c.isalnum() or c == "\n")
        flags[code] = sum(flag << i for i, flag in enumerate(known))
        lower[code] = min(ord(c.lower()), NARROW)
    packed = [
        sum(ord(c) << 8 * i for i, c in enumerate(reversed(ending)))
        for ending in endings()
        if all(ord(c) < NARROW for c in ending)
    ]
    return _Endings(flags, lower, np.array(packed, np.uint32))
