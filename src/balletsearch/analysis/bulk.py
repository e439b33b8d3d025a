"""Where do the words of many texts begin and end, all at once?

The twin of `words.spans` for building an index: texts are laid one behind the other as an
array of code points, each code point is looked up in the table of `data/code_points.txt`, and
the edges of runs are the edges of words. Around marks, invisible characters or letters that are
words by themselves, the stretch between two characters that are in no word goes through the
regular expression, which looks at nothing outside of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from balletsearch.analysis.words import APOSTROPHES, classes, matcher

__all__ = ["NARROW", "Joined", "joined", "word_offsets"]

Ints = NDArray[np.int64]

BETWEEN: Final = "\n\n"
"""Between two texts: no word, no sentence and no paragraph runs over it."""

NARROW: Final = 0xFF
"""The first code point that is not told apart from others in a byte."""

_OTHER, _LETTER, _NUMBER, _APOSTROPHE, _RARE = range(5)


class Joined(NamedTuple):
    """Several texts as one.

    `points` are its code points; text i is `points[starts[i]:ends[i]]`, and `text[…]` alike.
    `narrow` are the same in a byte each, NARROW for those from there on, which stand at `wide`:
    tables of 256 bytes are looked up several times faster than those of all code points.
    """

    text: str
    points: NDArray[np.uint32]
    starts: Ints
    ends: Ints
    narrow: NDArray[np.uint8]
    wide: Ints

    def classes(self, table: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """What a table of all code points has for each."""
        found = self.narrow.tobytes().translate(table[: NARROW + 1].tobytes())
        out = np.frombuffer(bytearray(found), np.uint8)
        out[self.wide] = table[self.points[self.wide]]
        return out


def joined(texts: Sequence[str]) -> Joined:
    """The texts one behind the other, BETWEEN after each, without lone surrogates in them."""
    text = BETWEEN.join((*texts, ""))
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    ends = np.cumsum(lengths + len(BETWEEN)) - len(BETWEEN)
    points = np.frombuffer(text.encode("utf-32-le"), "<u4")
    wide = np.flatnonzero(points >= NARROW)
    narrow = points.astype(np.uint8)
    narrow[wide] = NARROW
    return Joined(text, points, ends - lengths, ends, narrow, wide)


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
    kind = of.classes(_table())
    slow = _rare_stretches(kind)
    for start, end in slow:
        kind[start:end] = _OTHER
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
        # One pattern for all of them: to compile one takes as long as thousands of words.
        words = matcher(of.text)
        found = [word.span() for bounds in slow for word in words.finditer(of.text, *bounds)]
        extra = np.array(found, np.int64).reshape(-1, 2)
        order = np.argsort(np.concatenate((starts, extra[:, 0])), kind="stable")
        starts = np.concatenate((starts, extra[:, 0]))[order]
        ends = np.concatenate((ends, extra[:, 1]))[order]
    return starts, ends


def _rare_stretches(kind: NDArray[np.uint8]) -> list[tuple[int, int]]:
    """The stretches around code points that the edges of runs say nothing about."""
    rare = np.flatnonzero(kind == _RARE)
    if not rare.size:
        return []
    found: list[tuple[int, int]] = []
    data, outside, end = kind.tobytes(), bytes((_OTHER,)), 0
    for at in rare.tolist():
        if at < end:
            continue
        end = data.find(outside, at)
        end = end if end >= 0 else len(data)
        found.append((data.rfind(outside, 0, at) + 1, end))
    return found
