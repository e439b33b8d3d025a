"""Which texts of a table are spelled nearly like this one?

The letters of a text as 64 bits and their number rule out most of the table in one pass: an edit
takes at most one letter away and brings at most one. What is left is measured by optimal string
alignment.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.container import Column
from balletsearch.columns.postings import runs
from balletsearch.columns.texts import Texts

__all__ = ["OFTEN", "Spellings", "signature", "signatures"]

OFTEN: Final = 8
"""How often the neighbours of a word are asked for before all texts are cut apart.

To cut them apart takes time and memory for an object each, which a process that asks once saves.
"""

_LONGEST: Final = 255
"""The size of texts that have at least so many letters."""


def signature(text: str) -> tuple[int, int]:
    """The letters of one text as bits, and how many it has: what `signatures` gives for it."""
    once = twice = 0
    for character in text:
        bit = 1 << (ord(character) & 31)
        twice |= once & bit
        once |= bit
    return once | twice << 32, min(len(text), _LONGEST)


def signatures(texts: Texts) -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
    """Of each text its letters as bits, and how many it has (at most `_LONGEST`).

    A letter, by the last five bits of its code point, sets one of the lower 32 bits, and if it
    comes twice or more one of the upper 32.
    """
    lengths = np.diff(_characters(texts))
    points = np.frombuffer(texts.data.tobytes().decode().encode("utf-32-le"), "<u4") & np.uint32(31)
    owner = np.repeat(np.arange(len(texts)), lengths)
    pairs = owner.astype(np.uint64) << np.uint64(5) | points
    pairs.sort()
    letters = np.zeros(len(texts), np.uint64)
    for those, shift in ((pairs, 0), (pairs[1:][pairs[1:] == pairs[:-1]], 32)):
        found = those[runs(those)[0]]
        bits = np.uint64(1) << ((found & np.uint64(31)) + np.uint64(shift))
        start, _ = runs(found >> np.uint64(5))
        if start.size:
            which = (found[start] >> np.uint64(5)).astype(np.int64)
            letters[which] |= np.bitwise_or.reduceat(bits, start)
    return letters, np.minimum(lengths, _LONGEST).astype(np.uint8)


def _characters(texts: Texts) -> NDArray[np.int64]:
    """Where each text begins, in characters, and where the last one ends."""
    # The bytes of UTF-8 with which no character begins: few, for most letters are of ASCII.
    inner = np.flatnonzero((texts.data & 0xC0) == 0x80)
    return texts.at - np.searchsorted(inner, texts.at)


class Spellings:
    """A table of texts in the order of their lengths. Safe for any number of threads.

    `letters` and `sizes` are what :func:`signatures` gives for the table.
    """

    def __init__(self, table: Texts, letters: Column, sizes: Column) -> None:
        lengths = sizes.all()
        self._order = np.argsort(lengths, kind="stable")
        self._letters = letters.all()[self._order]
        counts = np.bincount(lengths, minlength=_LONGEST + 1)
        self._starts = [0, *np.cumsum(counts).tolist()]
        # All of them in one piece: a few are cut out of it sooner than decoded by themselves.
        self._whole = table.data.tobytes().decode()
        at = _characters(table)
        self._begins, self._ends = at[:-1][self._order], at[1:][self._order]
        self._asked = 0
        self._cut: NDArray[Any] | None = None
        """Every text by itself: worth its time and room once enough was asked."""

    def near(self, text: str, most: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The texts within `most` edits of one, by number, ascending; and their distances."""
        places, distance, _ = self._close(text, most)
        numbers = self._order[places]
        order = np.argsort(numbers)
        return numbers[order], distance[order]

    def texts_near(
        self, text: str, most: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], list[str]]:
        """The same in any order, with the texts themselves."""
        places, distance, texts = self._close(text, most)
        return self._order[places], distance, texts

    def _close(
        self, text: str, most: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], list[str]]:
        """The texts within `most` edits by their places in the order of lengths."""
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import cdist

        letters, size = signature(text)
        own, others = np.uint64(letters), np.uint64(~letters & (1 << 64) - 1)
        start = self._starts[max(0, size - most)]
        found = self._letters[start : self._starts[min(_LONGEST, size + most) + 1]]
        # An edit takes at most one letter away and brings at most one.
        maybe = np.flatnonzero(np.bitwise_count(found & others) <= most)
        maybe = maybe[np.bitwise_count(~found[maybe] & own) <= most] + start
        if not maybe.size:
            return maybe, maybe, []
        texts = self._read(maybe)
        distance = cdist([text], texts, scorer=OSA.distance, score_cutoff=most)[0]
        close = np.flatnonzero(distance <= most)
        near = [texts[i] for i in close.tolist()]
        return maybe[close], distance[close].astype(np.int64), near

    def _read(self, which: NDArray[np.intp]) -> list[str]:
        """Texts by their places in the order of lengths."""
        self._asked += 1
        if self._cut is None and self._asked > OFTEN:
            self._cut = np.array(self._pieces(self._begins, self._ends), object)
        if self._cut is None:
            return self._pieces(self._begins[which], self._ends[which])
        found: list[str] = self._cut[which].tolist()
        return found

    def _pieces(self, begins: NDArray[Any], ends: NDArray[Any]) -> list[str]:
        whole = self._whole
        both = zip(begins.tolist(), ends.tolist(), strict=True)
        return [whole[begin:end] for begin, end in both]
