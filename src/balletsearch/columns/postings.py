"""How are ascending lists of numbers packed, met and united?"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["BROAD", "GALLOP", "NARROW", "meet", "pack", "places", "ragged", "runs", "taken"]

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
