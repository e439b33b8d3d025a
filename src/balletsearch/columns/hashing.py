"""Which number has a word that was met before?

A table of hashes with open addresses, all words of a batch looked up together. The hash is of 64
bits and goes by numbers that were drawn by lot, those of this process or those that stand in a
file, so that no text can be made to collide: for a million distinct words the chance that any two
share one is 1 in 37 million. Words of up to eight bytes never do.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["CodePoints", "HashTable", "factors", "hash_of", "hashes", "salts", "word_hashes"]

U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]

AT_ONCE: Final = 1 << 16
"""Hashes that are sorted at once to see which of them are new."""

STEP: Final = 8
"""Bytes that are mixed in at once."""

_LONG: Final = 256
"""Bytes beyond which a text is hashed by itself: one step for all of the others is too many."""

_FREE: Final = np.uint64(0)
_MASKS: Final = np.array([(1 << 8 * n) - 1 for n in range(STEP + 1)], np.uint64)
_BITS: Final = (1 << 64) - 1


def salts(count: int) -> U64:
    """Numbers drawn by lot to begin hashes with: a text has as many as there are of them."""
    return np.frombuffer(os.urandom(8 * count), np.uint64)


def factors() -> U64:
    """Two factors, drawn by lot: odd, so that no two pieces have one product."""
    return salts(2) | np.uint64(1)


_FACTORS: Final = factors()
"""Those of this process."""


def hashes(
    data: NDArray[np.uint8],
    starts: NDArray[Any],
    ends: NDArray[Any],
    salt: Any,
    by: U64 = _FACTORS,
) -> U64:
    """A number, never 0, for each stretch of bytes; equal ones have equal numbers.

    `salt` is one of :func:`salts`, or one for each stretch; `by` are :func:`factors`.
    """
    padded = np.concatenate((data, np.zeros(STEP, np.uint8)))
    eights: U64 = np.ndarray(data.size + 1, "<u8", padded.data, strides=(1,))
    left = ends - starts
    found = _mixed(eights[starts] & _MASKS[np.minimum(left, STEP)], salt, by)
    rows, depth = np.flatnonzero(left > STEP), STEP
    while rows.size:
        ahead = left[rows] - depth
        if depth >= _LONG:
            for row in rows.tolist():
                found[row] ^= np.uint64(_whole(data[starts[row] : ends[row]].tobytes(), by))
            break
        piece = eights[starts[rows] + depth] & _MASKS[np.minimum(ahead, STEP)]
        found[rows] = _mixed(piece, found[rows], by)
        rows, depth = rows[ahead > STEP], depth + STEP
    found[found == _FREE] = 1
    return found


class CodePoints(Protocol):
    """A text by its code points: in a byte each, which does not tell apart those at `wide`."""

    @property
    def narrow(self) -> NDArray[np.uint8]: ...
    @property
    def points(self) -> NDArray[np.uint32]: ...
    @property
    def wide(self) -> NDArray[np.int64]: ...


def word_hashes(
    of: CodePoints, starts: NDArray[Any], ends: NDArray[Any], salt: Any, of_wide: Any
) -> U64:
    """The hashes of words of a text, given by their offsets, ascending.

    Most are of the bytes; those of words with a wide code point are of all bits of them, with a
    salt of their own. Both salts are as in :func:`hashes`.
    """
    wide = of.wide
    found = hashes(of.narrow, starts, ends, salt)
    owner = np.searchsorted(starts, wide, "right") - 1
    inside = owner >= 0
    inside[inside] = wide[inside] < ends[owner[inside]]
    if inside.any():
        rows = np.unique(owner[inside])
        data = np.ascontiguousarray(of.points).view(np.uint8)
        size = of.points.itemsize
        own = of_wide if np.ndim(of_wide) == 0 else of_wide[rows]
        found[rows] = hashes(data, starts[rows] * size, ends[rows] * size, own)
    return found


def _mixed(piece: U64, into: Any, by: U64) -> U64:
    """Twice, because the highest bit of a factor changes nothing but that of the product."""
    piece ^= into
    piece *= by[0]
    piece ^= piece >> np.uint64(32)
    piece *= by[1]
    piece ^= piece >> np.uint64(29)
    return piece


def _whole(text: bytes, by: U64) -> int:
    from hashlib import blake2b

    found = blake2b(text, digest_size=8, key=by.astype("<u8").tobytes())
    return int.from_bytes(found.digest(), "little")


def hash_of(text: bytes, salt: int, by: U64) -> int:
    """What :func:`hashes` gives a single text, sooner than an array would be made."""
    first, second = by.tolist()
    found = salt
    for at in range(0, max(1, min(len(text), _LONG)), STEP):
        found ^= int.from_bytes(text[at : at + STEP], "little")
        found = (found * first) & _BITS
        found ^= found >> 32
        found = (found * second) & _BITS
        found ^= found >> 29
    if len(text) > _LONG:
        found ^= _whole(text, by)
    return found or 1


class HashTable:
    """Hashes and the number of each, from 1 on. Its upper bits say where a hash is looked for."""

    def __init__(self, bits: int = 16) -> None:
        self._bits = bits
        self._size = 0
        self._keys = np.zeros(1 << bits, np.uint64)
        self._numbers = np.zeros(1 << bits, np.uint32)

    def _slots(self, keys: U64) -> NDArray[np.int64]:
        return (keys >> np.uint64(64 - self._bits)).astype(np.int64)

    def find(self, keys: U64) -> U32:
        """The numbers of hashes; 0 where one is not there."""
        slot = self._slots(keys)
        there = self._keys[slot]
        out = self._numbers[slot]
        differs = np.flatnonzero(there != keys)
        out[differs] = 0
        left = differs[there[differs] != _FREE]
        slot = slot[left]
        while left.size:
            slot = (slot + 1) & (self._keys.size - 1)
            there = self._keys[slot]
            hit = there == keys[left]
            out[left[hit]] = self._numbers[slot[hit]]
            on = ~hit & (there != _FREE)
            left, slot = left[on], slot[on]
        return out

    def learnt(self, keys: U64, learn: Callable[[NDArray[np.int64]], NDArray[Any]]) -> U32:
        """The numbers of hashes; those that are not there get the numbers that `learn` gives.

        It is told at which places of `keys` hashes come that are new, each once and the first
        time that it comes, ascending: of the same texts it always makes the same.
        """
        out = self.find(keys)
        unknown = np.flatnonzero(out == 0)
        while unknown.size:
            # Some of them: those that come again among the rest need not be sorted too.
            _, first = np.unique(keys[unknown[:AT_ONCE]], return_index=True)
            at = np.sort(unknown[first])
            self.insert(keys[at], learn(at).astype(np.uint32, copy=False))
            out[unknown] = self.find(keys[unknown])
            unknown = unknown[out[unknown] == 0]
        return out

    def insert(self, keys: U64, numbers: U32) -> None:
        """Add distinct hashes that are not there yet."""
        self._size += keys.size
        if 2 * self._size > self._keys.size:
            old = self._keys != _FREE
            keys = np.concatenate((self._keys[old], keys))
            numbers = np.concatenate((self._numbers[old], numbers))
            while 4 * self._size > 1 << self._bits:
                self._bits += 1
            self._keys = np.zeros(1 << self._bits, np.uint64)
            self._numbers = np.zeros(1 << self._bits, np.uint32)
        slot = self._slots(keys)
        while keys.size:
            # Several may want one free slot: whichever is written last has it, the rest go on.
            free = self._keys[slot] == _FREE
            self._keys[slot[free]] = keys[free]
            placed = self._keys[slot] == keys
            self._numbers[slot[placed]] = numbers[placed]
            keys, numbers, slot = keys[~placed], numbers[~placed], slot[~placed]
            slot = (slot + 1) & (self._keys.size - 1)
