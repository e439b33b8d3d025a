"""How are ascending lists of numbers packed, met and united?"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BROAD",
    "GALLOP",
    "NARROW",
    "Packing",
    "meet",
    "pack",
    "places",
    "ragged",
    "runs",
    "taken",
]

NARROW: Final = 0xFFFF
"""In an array of 16 bits: the number stands elsewhere, being this large or larger."""

BROAD: Final = 0xFF
"""The same in an array of 8 bits."""

GALLOP: Final = 12
"""How many times longer a list must be for looking up each of the other's to be cheaper."""


def pack(high: NDArray[Any], low: NDArray[Any]) -> NDArray[np.uint64]:
    """Two numbers of 32 bits as one of 64, which sorts by the first and then by the second."""
    packed = high.astype(np.uint64)
    packed <<= np.uint64(32)
    packed |= low.astype(np.uint64)
    return packed


class Packing:
    """Two numbers below `high` and `low` as one, which sorts by the first and then by the second.

    It has 32 bits where that is enough, since those are sorted twice as fast as 64.
    """

    def __init__(self, high: int, low: int) -> None:
        self._bits = max(low - 1, 1).bit_length()
        narrow = max(high - 1, 1).bit_length() + self._bits <= 32
        self._type: type[np.unsignedinteger[Any]] = np.uint32 if narrow else np.uint64

    def pack(self, high: NDArray[Any], low: NDArray[Any]) -> NDArray[Any]:
        """Pairs as single numbers."""
        packed = high.astype(self._type)
        packed <<= self._type(self._bits)
        packed |= low.astype(self._type)
        return packed

    def high(self, packed: NDArray[Any]) -> NDArray[np.int64]:
        """The first number of each pair."""
        return (packed >> self._type(self._bits)).astype(np.int64)

    def low(self, packed: NDArray[Any]) -> NDArray[np.uint32]:
        """The second."""
        return (packed & self._type((1 << self._bits) - 1)).astype(np.uint32)


def runs(ascending: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each run of equal numbers begins, and how long it is."""
    if not ascending.size:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    start = np.flatnonzero(np.concatenate(([True], ascending[1:] != ascending[:-1])))
    return start, np.diff(np.append(start, ascending.size))


def ragged(starts: NDArray[Any], lengths: NDArray[Any]) -> NDArray[np.int64]:
    """The indices of several stretches, one behind the other."""
    lengths = lengths.astype(np.int64)
    before = np.cumsum(lengths) - lengths
    total = int(lengths.sum())
    return np.repeat(starts.astype(np.int64) - before, lengths) + np.arange(total)


def places(where: NDArray[Any], wanted: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """For each number of `wanted` (ascending) its index in `where` (ascending), and if it is there.

    An index means nothing where the number is not there.
    """
    if not where.size:
        return np.zeros(wanted.size, np.int64), np.zeros(wanted.size, np.bool_)
    at = np.searchsorted(where, wanted)
    at[at == where.size] = where.size - 1
    return at, where[at] == wanted


def meet(a: NDArray[Any], b: NDArray[Any], size: int) -> NDArray[Any]:
    """The numbers in both lists, ascending; all are below `size`."""
    if a.size > b.size:
        a, b = b, a
    if b.size > GALLOP * a.size:
        return a[places(b, a)[1]]
    mask = np.zeros(size, np.bool_)
    mask[b] = True
    return a[taken(mask, a)]


def taken(of: NDArray[Any], at: NDArray[Any]) -> NDArray[Any]:
    """The items at some indices, none of which is beyond the end.

    Wrapping costs less than half of what looking for indices that are wrong does.
    """
    return of.take(at, mode="wrap")
