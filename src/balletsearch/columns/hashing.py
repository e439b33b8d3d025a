"""Which number has a word that was met before?

A table of hashes with open addresses, all words of a batch looked up together. The hash is of 64
bits and goes by numbers that were drawn by lot, those of this process or those that stand in a
file, so that no text can be made to collide: for a million distinct words the chance that any two
share one is 1 in 37 million. Words of up to eight bytes never do.
"""

from __future__ import annotations

import os
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["HashTable", "drawn", "hash_of", "hashes", "salts"]

U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]

STEP: Final = 8
"""Bytes that are mixed in at once."""

_LONG: Final = 256
"""Bytes from which a text is hashed by itself: one step for all of the others is one too many."""

_FREE: Final = np.uint64(0)
_MASKS: Final = np.array([(1 << 8 * n) - 1 for n in range(STEP + 1)], np.uint64)
_BITS: Final = (1 << 64) - 1


def salts(count: int) -> U64:
    """Secret numbers to begin hashes with, so that a text has as many as there are of them."""
    return np.frombuffer(os.urandom(8 * count), np.uint64)


def drawn() -> U64:
    """Two factors, drawn by lot: odd, so that no two pieces have one product."""
    return salts(2) | np.uint64(1)


_FACTORS: Final = drawn()
"""Those of this process."""


def hashes(
    data: NDArray[np.uint8],
    starts: NDArray[Any],
    ends: NDArray[Any],
    salt: Any,
    factors: U64 = _FACTORS,
) -> U64:
    """A number, never 0, for each stretch of bytes; equal ones have equal numbers.

    `salt` is one of :func:`salts`, or one for each stretch.
    """
    padded = np.concatenate((data, np.zeros(STEP, np.uint8)))
    eights: U64 = np.ndarray(data.size + 1, "<u8", padded.data, strides=(1,))
    left = ends - starts
    found = _mixed(eights[starts] & _MASKS[np.minimum(left, STEP)], salt, factors)
    rows, depth = np.flatnonzero(left > STEP), STEP
    while rows.size:
        ahead = left[rows] - depth
        if depth >= _LONG:
            for row in rows.tolist():
                found[row] ^= np.uint64(_whole(data[starts[row] : ends[row]].tobytes(), factors))
            break
        piece = eights[starts[rows] + depth] & _MASKS[np.minimum(ahead, STEP)]
        found[rows] = _mixed(piece, found[rows], factors)
        rows, depth = rows[ahead > STEP], depth + STEP
    found[found == _FREE] = 1
    return found


def _mixed(piece: U64, into: Any, factors: U64) -> U64:
    """Twice, because the highest bit of a factor changes nothing but that of the product."""
    piece ^= into
    piece *= factors[0]
    piece ^= piece >> np.uint64(32)
    piece *= factors[1]
    piece ^= piece >> np.uint64(29)
    return piece


def _whole(text: bytes, factors: U64) -> int:
    from hashlib import blake2b

    found = blake2b(text, digest_size=8, key=factors.astype("<u8").tobytes())
    return int.from_bytes(found.digest(), "little")


def hash_of(text: bytes, salt: int, factors: U64) -> int:
    """What :func:`hashes` gives a single text, sooner than an array would be made."""
    first, second = factors.tolist()
    found = salt
    for at in range(0, max(1, min(len(text), _LONG)), STEP):
        found ^= int.from_bytes(text[at : at + STEP], "little")
        found = (found * first) & _BITS
        found ^= found >> 32
        found = (found * second) & _BITS
        found ^= found >> 29
    if len(text) > _LONG:
        found ^= _whole(text, factors)
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
