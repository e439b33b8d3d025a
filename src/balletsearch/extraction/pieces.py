"""Which capitalised words of many texts may be the name of a person at all?

Runs of capitalised words are cut where a person's name cannot go on, and of the pieces those
are kept that have something of a person about them: a given name, a title, an initial, a
surname with a Slavic ending, an occupation before it, or a name after which the text says what
somebody did. Most pieces have nothing; for all texts at once that is quickly said. Which of
the others are names is for `people` to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from balletsearch.extraction import marks as m
from balletsearch.extraction.sheets import Sheet

__all__ = ["RETURNS", "pieces"]

Spans = Sequence[tuple[int, int]]

RETURNS: Final = 3
"""How often a name alone has to stand in a text before it is somebody."""


def pieces(of: Sheet, taken: Sequence[Iterable[tuple[int, int]]]) -> list[Spans]:
    """For each text the pieces, first word and last, that may be the name of a person.

    `taken` are for each text the spans of words that are known to name other things.
    """
    marks = of.marks
    capital = (marks & m.CAPITAL) != 0
    free = _in_spans(marks.size, *of.runs) & ~_in_spans(marks.size, *_of_sheet(of, taken))
    inside = free & (capital | ((marks & m.PARTICLE) != 0))
    begins = inside.copy()
    begins[1:] &= (
        ~inside[:-1] | ((marks[1:] & m.AMPERSAND) != 0) | ((marks[:-1] & m.POSSESSIVE) != 0)
    )
    begins[of.runs[0]] = inside[of.runs[0]]
    piece = np.cumsum(begins)
    # What opens a sentence and small words around a name are no part of it.
    opening = ((marks & m.OPENER) != 0) & ((marks & (m.OPENS | m.ALWAYS_OPENER)) != 0)
    candidates = np.flatnonzero(inside & capital & ~opening)
    labels = piece[candidates]
    new = np.ones(labels.size, np.bool_)
    new[1:] = labels[1:] != labels[:-1]
    firsts, labels = candidates[new], labels[new]
    ends = np.flatnonzero(inside & capital)
    lasts = ends[np.searchsorted(piece[ends], labels, "right") - 1]
    kept = _personal(of, free & capital, firsts, lasts)
    firsts, lasts = firsts[kept], lasts[kept]
    shares = np.searchsorted(firsts, of.bounds)
    own = of.bounds[np.searchsorted(of.bounds, firsts, "right") - 1]
    spans = list(zip((firsts - own).tolist(), (lasts - own).tolist(), strict=True))
    return [spans[a:b] for a, b in pairwise(shares.tolist())]


def _of_sheet(
    of: Sheet, spans: Sequence[Iterable[tuple[int, int]]]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Spans of each text as those of the sheet: first words and last."""
    every = [
        (base + first, base + last)
        for base, own in zip(of.bounds.tolist(), spans, strict=False)
        for first, last in own
    ]
    found = np.array(every, np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def _in_spans(size: int, firsts: NDArray[np.int64], lasts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Of each word whether it lies in one of the spans, which may overlap."""
    edges = np.bincount(firsts, minlength=size + 1) - np.bincount(lasts + 1, minlength=size + 1)
    return np.cumsum(edges[:size]) > 0


def _personal(
    of: Sheet, free: NDArray[np.bool_], firsts: NDArray[np.int64], lasts: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Of each piece whether something speaks for a person; `free` are words not taken."""
    marks = of.marks
    telling = (marks & (m.PERSONAL | m.ACTING)) != 0
    before = np.concatenate((np.zeros(1, np.int64), np.cumsum(telling)))
    told = before[lasts + 1] > before[firsts]
    told |= (marks[firsts] & (m.HONORIFIC | m.OCCUPATION)) != 0
    told |= (marks[np.maximum(firsts - 1, 0)] & m.OCCUPATION) != 0
    answer: NDArray[np.bool_] = np.where(lasts > firsts, told, _returning(of, free)[firsts])
    return answer


def _returning(of: Sheet, free: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Of each word whether it is a name by itself, and its text says it often enough."""
    marks = of.marks
    named: NDArray[np.bool_] = (
        free & ((marks & (m.GIVEN | m.ACTING)) != 0) & ((marks & m.OPENER) == 0)
    )
    at = np.flatnonzero(named)
    text = np.searchsorted(of.bounds, at, "right") - 1
    who = text * np.int64(int(of.keys.max(initial=0)) + 1) + of.keys[at]
    _, which, counts = np.unique(who, return_inverse=True, return_counts=True)
    named[at] = counts[which] >= RETURNS
    return named
