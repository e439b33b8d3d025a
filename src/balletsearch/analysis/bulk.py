"""Where do the words of many texts begin and end, all at once?

The twin of `words.spans` for building an index: texts are laid one behind the other as an
array of code points, each code point is looked up in the table of `data/code_points.txt`, and
the edges of runs are the edges of words. Texts with marks, invisible characters or letters that
are words by themselves go through the regular expression, one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from balletsearch.analysis.words import APOSTROPHES, classes, spans

__all__ = ["Joined", "joined", "word_offsets"]

Ints = NDArray[np.int64]

BETWEEN: Final = "\n\n"
"""Between two texts: no word, no sentence and no paragraph runs over it."""

_OTHER, _LETTER, _NUMBER, _APOSTROPHE, _RARE = range(5)


class Joined(NamedTuple):
    """Several texts as one.

    `points` are its code points; text i is `points[starts[i]:ends[i]]`, and `text[…]` alike.
    """

    text: str
    points: NDArray[np.uint32]
    starts: Ints
    ends: Ints


def joined(texts: Sequence[str]) -> Joined:
    """The texts one behind the other, BETWEEN after each, without lone surrogates in them."""
    text = BETWEEN.join((*texts, ""))
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    ends = np.cumsum(lengths + len(BETWEEN)) - len(BETWEEN)
    return Joined(text, np.frombuffer(text.encode("utf-32-le"), "<u4"), ends - lengths, ends)


@lru_cache(maxsize=1)
def _table() -> NDArray[np.uint8]:
    """Code point → its class."""
    table = np.full(0x110000, _OTHER, np.uint8)
    kinds = {"L": _LETTER, "N": _NUMBER, "M": _RARE, "I": _RARE, "S": _RARE}
    for kind, ranges in classes().items():
        for first, last in ranges:
            table[first : last + 1] = kinds[kind]
    table[list(map(ord, APOSTROPHES))] = _APOSTROPHE
    return table


def word_offsets(of: Joined) -> tuple[Ints, Ints]:
    """The offsets in `of.text` at which words begin and end, ascending."""
    kind = _table()[of.points]
    slow = _rare_texts(of, kind)
    for i in slow:
        kind[of.starts[i] : of.ends[i]] = _OTHER
    letter = kind == _LETTER
    inside = letter | (kind == _NUMBER)
    # An apostrophe belongs to the word before it when a letter follows.
    at = np.flatnonzero(kind[1:-1] == _APOSTROPHE) + 1
    inside[at[inside[at - 1] & letter[at + 1]]] = True
    edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    if inside.size and inside[0]:
        edges = np.concatenate((np.zeros(1, np.int64), edges))
    starts, ends = edges[::2], edges[1::2]
    if slow:
        extra = np.array([span for i in slow for span in _slowly(of, i)], np.int64).reshape(-1, 2)
        order = np.argsort(np.concatenate((starts, extra[:, 0])), kind="stable")
        starts = np.concatenate((starts, extra[:, 0]))[order]
        ends = np.concatenate((ends, extra[:, 1]))[order]
    return starts, ends


def _rare_texts(of: Joined, kind: NDArray[np.uint8]) -> list[int]:
    """The texts that hold a code point which the edges of runs say nothing about."""
    rare = np.flatnonzero(kind == _RARE)
    found: list[int] = np.unique(np.searchsorted(of.starts, rare, "right") - 1).tolist()
    return found


def _slowly(of: Joined, i: int) -> list[tuple[int, int]]:
    base = int(of.starts[i])
    return [(base + s, base + e) for s, e in spans(of.text[base : int(of.ends[i])])]
