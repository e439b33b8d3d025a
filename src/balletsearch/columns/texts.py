"""How are very many short texts held, chosen and put in order, without an object for each?

As the UTF-8 of all of them one behind the other and where each begins. Eight bytes of a text are
one number, so that texts are compared by sorting numbers: by their first eight bytes, then those
that share them by the next eight, and so on. UTF-8 ascends as code points do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.postings import ragged

__all__ = ["GrowingTexts", "Texts", "joined_texts", "narrowed", "ranked", "texts_of"]

U8 = NDArray[np.uint8]
Ints = NDArray[np.int64]

STEP: Final = 8
"""Bytes that are one number."""

_LAST_ASCII: Final = 0x7F


@dataclass(frozen=True, slots=True)
class Texts:
    """Text i is `data[at[i]:at[i + 1]]`, in UTF-8."""

    data: U8
    at: Ints

    def __len__(self) -> int:
        return self.at.size - 1

    @property
    def lengths(self) -> Ints:
        """The bytes of each text."""
        return np.diff(self.at)

    def one(self, i: int) -> bytes:
        """The UTF-8 of text `i`."""
        return self.data[self.at[i] : self.at[i + 1]].tobytes()

    def each(self) -> list[bytes]:
        """The UTF-8 of every text."""
        whole = self.data.tobytes()
        return [whole[start:end] for start, end in pairwise(self.at.tolist())]

    def decoded(self) -> list[str]:
        """Every text."""
        whole = self.data.tobytes()
        if whole.isascii():
            text = whole.decode("ascii")
            return [text[start:end] for start, end in pairwise(self.at.tolist())]
        return [text.decode() for text in self.each()]

    def take(self, which: NDArray[Any]) -> Texts:
        """Some of the texts."""
        lengths = self.lengths[which]
        return Texts(self.data[ragged(self.at[which], lengths)], _ends(lengths))

    def highest(self) -> U8:
        """The highest byte of each text, 0 of an empty one: above 127 where it is not ASCII."""
        out = np.zeros(len(self), np.uint8)
        filled = np.flatnonzero(self.lengths)
        if filled.size:
            out[filled] = np.maximum.reduceat(self.data, self.at[filled])
        return out

    def are_ascii(self) -> NDArray[np.bool_]:
        """Which texts are of ASCII only."""
        return self.highest() <= _LAST_ASCII


def narrowed(ends: NDArray[Any]) -> NDArray[Any]:
    """Where things end in a whole, ascending, in 32 bits where that fits into them."""
    return ends.astype(np.uint32 if int(ends[-1]) < 1 << 32 else np.uint64)


def _ends(lengths: NDArray[Any]) -> Ints:
    at = np.zeros(lengths.size + 1, np.int64)
    np.cumsum(lengths, out=at[1:])
    return at


def texts_of(texts: Iterable[bytes]) -> Texts:
    """Texts that are given one by one, in UTF-8."""
    texts = list(texts)
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    return Texts(np.frombuffer(b"".join(texts), np.uint8), _ends(lengths))


def joined_texts(parts: Sequence[Texts]) -> Texts:
    """Several lists of texts as one."""
    if len(parts) == 1:
        return parts[0]
    lengths = [np.zeros(0, np.int64), *(part.lengths for part in parts)]
    data = [np.zeros(0, np.uint8), *(part.data for part in parts)]
    return Texts(np.concatenate(data), _ends(np.concatenate(lengths)))


class GrowingTexts:
    """Texts that more are added to."""

    def __init__(self, *parts: Texts) -> None:
        self._parts = list(parts)
        self._count = sum(map(len, parts))

    def __len__(self) -> int:
        return self._count

    def add(self, more: Texts) -> None:
        """Add texts behind the others."""
        self._parts.append(more)
        self._count += len(more)

    def whole(self) -> Texts:
        """All of them."""
        self._parts = [joined_texts(self._parts)]
        return self._parts[0]


def ranked(texts: Texts) -> tuple[Ints, NDArray[np.uint32]]:
    """The order in which texts ascend, and the number of each among the distinct ones.

    The order of equal texts is that in which they are given. No text holds a zero byte.
    """
    order = np.arange(len(texts))
    # Eight bytes from each offset on, the first of them the highest.
    padded = np.append(texts.data, np.zeros(STEP, np.uint8))
    eights = np.ndarray(texts.data.size + 1, ">u8", padded.data, strides=(1,))
    new = np.zeros(len(texts), np.bool_)
    new[:1] = True
    # `rows` are places in the order that are not decided: runs of texts equal up to `depth`.
    rows, depth = order.copy(), 0
    while rows.size:
        which = order[rows]
        left = texts.at[which + 1] - texts.at[which] - depth
        keys = eights[texts.at[which] + np.minimum(depth, left + depth)].astype(np.uint64)
        beyond = (STEP - np.clip(left, 0, STEP)).astype(np.uint64) * np.uint64(8)
        keys = np.where(left > 0, keys >> (beyond & np.uint64(63)) << (beyond & np.uint64(63)), 0)
        run = np.cumsum(new[rows])
        sort = np.lexsort((keys, run)) if depth else np.argsort(keys, kind="stable")
        order[rows] = which[sort]
        keys, run, more = keys[sort], run[sort], left[sort] > STEP
        differs = np.ones(rows.size, np.bool_)
        differs[1:] = (keys[1:] != keys[:-1]) | (run[1:] != run[:-1])
        new[rows] |= differs
        last = np.append(differs[1:], True)
        # A run goes on if one of its texts does; those that end here have zeros next, and so
        # come before it.
        goes_on = np.logical_or.reduceat(more, np.flatnonzero(differs))[np.cumsum(differs) - 1]
        rows = rows[~(differs & last) & goes_on]
        depth += STEP
    number = np.empty(len(texts), np.uint32)
    number[order] = np.cumsum(new) - 1
    return order, number
