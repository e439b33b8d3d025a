"""How are many texts made ready for the rules at once?

Texts are laid one behind the other and cut into words together; what the rules ask of every
word is worked out for all of them in one go, as arrays. What is left for each text is its
`Page`: a view of its part of the sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from balletsearch.analysis.bulk import Joined, joined, word_offsets
from balletsearch.extraction import marks as m
from balletsearch.extraction.marks import Between, Spellings
from balletsearch.extraction.page import Page

__all__ = ["Sheet", "sheet"]

Ints = NDArray[np.int64]
Marks = NDArray[np.uint32]

MAX_SMALL: Final = 3
"""Small words in a row within one name: *Théâtre de la Ville* has two."""

DEEDS: Final = 3
"""Different verbs that must follow a lone word before it is taken for somebody."""

HARD_WRAP: Final = 45
"""A line of at least so many letters may be wrapped within a name; a shorter one ends it."""

WRAPPED: Final = 120
"""A text with a longer line is not wrapped: there the end of a line ends every name."""

RAGGED: Final = 8
"""Letters by which a wrapped line may be shorter than it need be to hold the next word too."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Many texts: `pages` has each of them; the arrays have all words one after the other.

    Text i has the words `bounds[i]` to `bounds[i + 1]` (exclusive). `marks` are those of each
    word, `keys` the number of its key, equal for equal keys; `runs` the first and the last word
    of each run of capitalised words.
    """

    pages: Sequence[Page]
    bounds: Ints
    marks: Marks
    keys: NDArray[np.int32]
    runs: tuple[Ints, Ints]


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of all texts: offsets in the joined text, and the text that each is of."""

    of: Joined
    starts: Ints
    ends: Ints
    bounds: Ints
    owners: Ints


def sheet(texts: Sequence[str], spellings: Spellings, between: Between) -> Sheet:
    """The texts with their words. A later sheet makes the pages of an earlier one worthless."""
    of = joined(texts)
    starts, ends = word_offsets(of)
    bounds = np.append(np.searchsorted(starts, of.starts), starts.size)
    words = _Words(of, starts, ends, bounds, np.repeat(np.arange(len(texts)), np.diff(bounds)))
    spellings.make_room()
    which = spellings.of(of, starts, ends)
    marks = spellings.marks()[which] | _gaps(words, between)
    _settle(words, marks, texts)
    keys = spellings.key_numbers()[which]
    capitals = np.flatnonzero(marks & m.CAPITAL)
    acting = _acting(words, marks, keys, spellings.form_numbers()[which], capitals)
    runs = _runs(marks, capitals)
    lists = (capitals, np.flatnonzero(marks & m.ANCHOR), acting, *_telling(marks, runs))
    shares = [_Shares(words, at) for at in lists]
    pages = _pages(texts, words, (spellings, which), marks, shares)
    return Sheet(pages, bounds, marks, keys, runs)


def _gaps(words: _Words, between: Between) -> Marks:
    """What each word is marked with for what stands before it."""
    marks = np.zeros(words.starts.size, np.uint32)
    if marks.size < 2:
        return marks
    begins, stops, points = words.ends[:-1], words.starts[1:], words.of.points
    length, first = stops - begins, points[begins]
    # Most gaps are of three kinds; the others are looked up one by one.
    spaced = (points[stops - 1] == ord(" ")) & (words.owners[1:] == words.owners[:-1])
    plain = spaced & (length == 1)
    short = spaced & (length == 2)
    stop, comma = short & (first == ord(".")), short & (first == ord(","))
    marks[1:][plain] = between[" "]
    marks[1:][stop] = between[". "]
    marks[1:][comma] = between[", "]
    others = np.flatnonzero(~(plain | stop | comma))
    text = words.of.text
    pairs = zip(begins[others].tolist(), stops[others].tolist(), strict=True)
    found = map(between.__getitem__, [text[a:b] for a, b in pairs])
    marks[others + 1] = np.fromiter(found, np.uint32, others.size)
    return marks


def _settle(words: _Words, marks: Marks, texts: Sequence[str]) -> None:
    """Mark as joined and as opening what the word before, or the lines of a text, decide on."""
    shortened = np.zeros(marks.size, np.bool_)
    shortened[1:] = (marks[:-1] & m.SHORTENED) != 0
    stop = (marks & m.AFTER_STOP) != 0
    marks[stop & ~shortened] |= m.OPENS
    marks[shortened & ((marks & m.AFTER_INITIAL) != 0)] |= m.JOINED
    lines = np.flatnonzero(marks & m.AFTER_LINE)
    marks[lines[_wrapped(words, lines, texts)]] |= m.JOINED
    firsts = words.bounds[:-1][np.diff(words.bounds) > 0]
    marks[firsts] = (marks[firsts] | m.OPENS) & ~np.uint32(m.JOINED | m.SPACED | m.AMPERSAND)


def _wrapped(words: _Words, lines: Ints, texts: Sequence[str]) -> NDArray[np.bool_]:
    """Whether the line before each of these words ends only because it is full."""
    owners = words.owners[lines]
    widths = np.zeros(len(texts), np.int64)
    which = np.unique(owners)
    widths[which] = [_width(texts[i]) for i in which.tolist()]
    width = widths[owners]
    ends = words.ends[lines - 1]
    newlines = np.concatenate((np.full(1, -1), np.flatnonzero(words.of.points == ord("\n"))))
    begins = newlines[np.searchsorted(newlines, ends) - 1] + 1
    length = ends - np.maximum(begins, words.of.starts[owners])
    following = words.ends[lines] - words.starts[lines]
    full: NDArray[np.bool_] = (length >= HARD_WRAP) & (length + following + RAGGED >= width)
    return full & (width > 0)


def _width(text: str) -> int:
    """The letters of the longest line of a wrapped text; 0 if most lines are short, or one long."""
    lengths = [len(line) for line in text.splitlines() if line]
    longest = max(lengths, default=0)
    full = sum(length >= HARD_WRAP for length in lengths)
    return longest if longest <= WRAPPED and 2 * full >= len(lengths) else 0


def _runs(marks: Marks, capitals: Ints) -> tuple[Ints, Ints]:
    """First and last word of each run of capitalised words."""
    if not capitals.size:
        return capitals, capitals
    before, after = capitals[:-1], capitals[1:]
    apart = after - before
    joined_on = (marks & m.JOINED) != 0
    small = joined_on & ((marks & m.SMALL) != 0)
    # Moscow's Bolshoi are two names, Sadler's Wells is one.
    ended = (marks[before] & (m.POSSESSIVE | m.OWNING)) == m.POSSESSIVE
    goes_on = joined_on[after] & (apart <= MAX_SMALL + 1) & ~ended
    for step in range(1, MAX_SMALL + 1):
        # Beyond the last word the run has ended anyway.
        goes_on &= (apart <= step) | small[np.minimum(before + step, marks.size - 1)]
    ends = np.flatnonzero(~goes_on)
    return capitals[np.append(0, ends + 1)], capitals[np.append(ends, capitals.size - 1)]


def _acting(
    words: _Words, marks: Marks, keys: NDArray[np.int32], forms: NDArray[np.int32], capitals: Ints
) -> Ints:
    """Words of which each text says, by different verbs, what they did; all such are marked."""
    at = capitals[capitals + 1 < marks.size]
    at = at[(marks[at + 1] & (m.DEED | m.SPACED)) == (m.DEED | m.SPACED)]
    many = np.int64(int(keys.max(initial=0)) + 1)
    somebody = np.stack((words.owners[at] * many + keys[at], forms[at + 1]), axis=1)
    verbs, which = np.unique(somebody, axis=0, return_index=True)
    who, first, count = np.unique(verbs[:, 0], return_index=True, return_counts=True)
    who, first = who[count >= DEEDS], at[which[first[count >= DEEDS]]]
    everybody = words.owners[capitals] * many + keys[capitals]
    marks[capitals[np.isin(everybody, who)]] |= m.ACTING
    return np.sort(first)


def _telling(marks: Marks, runs: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    """The runs in which a word stands that may be the head noun of an institution."""
    before = np.concatenate((np.zeros(1, np.int64), np.cumsum((marks & m.TELLING) != 0)))
    firsts, lasts = runs
    telling = before[lasts + 1] > before[firsts]
    # The head of a house alone is no name.
    telling &= (lasts > firsts) | ((marks[firsts] & m.HIDING) != 0)
    return firsts[telling], lasts[telling]


class _Shares:
    """What of ascending word indexes falls to each text, counted from its own first word."""

    def __init__(self, words: _Words, at: Ints) -> None:
        self._bounds: list[int] = np.searchsorted(at, words.bounds).tolist()
        self._own: list[int] = (at - words.bounds[words.owners[at]]).tolist()

    def of(self, text: int) -> list[int]:
        """The share of one text."""
        return self._own[self._bounds[text] : self._bounds[text + 1]]


def _pages(
    texts: Sequence[str],
    words: _Words,
    spelt: tuple[Spellings, Ints],
    marks: Marks,
    shares: Sequence[_Shares],
) -> list[Page]:
    spellings, which = spelt
    numbers = which.data
    keys = np.array([*spellings.compared, None], object)[which].tolist()
    own = words.of.starts[words.owners]
    starts = (words.starts - own).data
    ends = (words.ends - own).data
    seen = marks.data
    pages = []
    for i, (first, last) in enumerate(pairwise(words.bounds.tolist())):
        capitals, anchors, acting, *telling = (share.of(i) for share in shares)
        pages.append(
            Page(
                texts[i],
                starts[first:last],
                ends[first:last],
                keys[first:last],
                seen[first:last],
                numbers[first:last],
                spellings,
                capitals,
                anchors,
                list(zip(*telling, strict=True)),
                frozenset([keys[first + at] for at in acting]),
            )
        )
    return pages
