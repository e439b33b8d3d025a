"""Which number has a word of the text, and what is known of it?

Every distinct spelling is looked at once: when it first comes it gets a number, its form, its
folded form and its stem; after that a word costs a look into a table of hashes. The hash is of
64 bits with a secret of this process, so that no text can be made to collide: for a million
distinct spellings the chance that any two share one is 1 in 37 million.
"""

from __future__ import annotations

import hashlib
import secrets
from functools import lru_cache
from itertools import count
from typing import Final

import numpy as np
from numpy.typing import NDArray

from balletsearch.analysis import fold, form
from balletsearch.analysis.bulk import Ints, Joined
from balletsearch.analysis.bulk_stemming import stems
from balletsearch.columns.lexicon import Lexicon

__all__ = ["Vocabulary"]

U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]

_LONG: Final = 256
"""Letters from which a word is hashed by itself: sums of powers have patterns in long ones."""

_SECRET: Final = np.random.default_rng(secrets.randbits(128))
_BASE: Final = int(_SECRET.integers(1 << 62)) * 2 + 1
_INVERSE: Final = pow(_BASE, -1, 1 << 64)
_FREE: Final = np.uint64(0)


@lru_cache(maxsize=1)
def _letters() -> U64:
    """Code point → a random odd number."""
    return _SECRET.integers(1 << 63, size=0x110000, dtype=np.uint64) * np.uint64(2) + np.uint64(1)


class _Powers:
    """The powers of a number, modulo 2⁶⁴, as many as were ever needed."""

    def __init__(self, base: int) -> None:
        self._base = base
        self._known = np.ones(1, np.uint64)

    def upto(self, count: int) -> U64:
        while self._known.size < count:
            factor = np.uint64(pow(self._base, self._known.size, 1 << 64))
            self._known = np.concatenate((self._known, self._known * factor))
        return self._known[:count]


_POWERS: Final = _Powers(_BASE)
_INVERSES: Final = _Powers(_INVERSE)


def _hashes(of: Joined, starts: Ints, ends: Ints) -> U64:
    """A number for each word; equal words have equal ones."""
    sums = np.zeros(of.points.size + 1, np.uint64)
    np.cumsum(_letters()[of.points] * _POWERS.upto(of.points.size), out=sums[1:])
    found = (sums[ends] - sums[starts]) * _INVERSES.upto(of.points.size)[starts]
    for i in np.flatnonzero(ends - starts >= _LONG).tolist():
        word = of.text[starts[i] : ends[i]].encode()
        key = _BASE.to_bytes(8, "little")
        digest = hashlib.blake2b(word, digest_size=8, key=key).digest()
        found[i] = int.from_bytes(digest, "little")
    return found


class Vocabulary:
    """The words of one writer, in any number of languages (codes)."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.languages = languages
        self.lexicon = Lexicon()
        self._entries: dict[tuple[str, int], int] = {}
        self._bits = 16
        self._keys = np.zeros(1 << self._bits, np.uint64)
        self._numbers = np.zeros(1 << self._bits, np.uint32)
        self._salts = _SECRET.integers(1 << 63, size=len(languages), dtype=np.uint64)

    def numbers(self, of: Joined, starts: Ints, ends: Ints, languages: NDArray[np.uint8]) -> U32:
        """The numbers of words, given by their offsets, each in a language of the vocabulary."""
        keys = _hashes(of, starts, ends) ^ self._salts[languages]
        keys[keys == _FREE] = 1
        out = self._find(keys)
        unknown = np.flatnonzero(out == 0)
        if unknown.size:
            fresh, first = np.unique(keys[unknown], return_index=True)
            at = unknown[first]
            # In the order of the text, so that the same stories give the same numbers.
            order = np.argsort(at)
            fresh, at = fresh[order], at[order]
            self._learn(of.text, starts[at].tolist(), ends[at].tolist(), languages[at].tolist())
            known = len(self.lexicon.surfaces)
            self._insert(fresh, np.arange(known - fresh.size, known, dtype=np.uint32))
            out[unknown] = self._find(keys[unknown])
        return out

    def _learn(self, text: str, starts: list[int], ends: list[int], languages: list[int]) -> None:
        lexicon, entries = self.lexicon, self._entries
        surfaces = [text[start:end] for start, end in zip(starts, ends, strict=True)]
        keys = list(zip(map(form, surfaces), languages, strict=True))
        new = [key for key in dict.fromkeys(keys) if key not in entries]
        entries.update(zip(new, count(len(entries))))
        forms = [bare for bare, _ in new]
        lexicon.form += forms
        lexicon.exact += map(fold, forms)
        lexicon.language += [language for _, language in new]
        lexicon.stem += self._stems(new)
        lexicon.surfaces += surfaces
        lexicon.entry_of += map(entries.__getitem__, keys)

    def _stems(self, keys: list[tuple[str, int]]) -> list[str]:
        """The stems of forms, each in its language."""
        found: dict[tuple[str, int], str] = {}
        for language, code in enumerate(self.languages):
            these = [key for key in keys if key[1] == language]
            found.update(zip(these, stems([bare for bare, _ in these], code), strict=True))
        return [found[key] for key in keys]

    # A table of hashes with open addresses: the number of a key stands at the first slots that
    # its upper bits say, or behind it.

    def _find(self, keys: U64) -> U32:
        out = np.zeros(keys.size, np.uint32)
        slot = (keys >> np.uint64(64 - self._bits)).astype(np.int64)
        there = self._keys[slot]
        hit = there == keys
        out[hit] = self._numbers[slot[hit]]
        left = np.flatnonzero(~hit & (there != _FREE))
        while left.size:
            slot[left] = (slot[left] + 1) & (self._keys.size - 1)
            there = self._keys[slot[left]]
            hit = there == keys[left]
            out[left[hit]] = self._numbers[slot[left[hit]]]
            left = left[~hit & (there != _FREE)]
        return out

    def _insert(self, keys: U64, numbers: U32) -> None:
        """Distinct keys that are not there yet."""
        if 2 * (len(self.lexicon.surfaces) + keys.size) > self._keys.size:
            old = self._keys != _FREE
            keys = np.concatenate((self._keys[old], keys))
            numbers = np.concatenate((self._numbers[old], numbers))
            while 4 * keys.size > 1 << self._bits:
                self._bits += 1
            self._keys = np.zeros(1 << self._bits, np.uint64)
            self._numbers = np.zeros(1 << self._bits, np.uint32)
        slot = (keys >> np.uint64(64 - self._bits)).astype(np.int64)
        while keys.size:
            # Several may want one free slot: whichever is written last has it, the rest go on.
            free = self._keys[slot] == _FREE
            self._keys[slot[free]] = keys[free]
            placed = self._keys[slot] == keys
            self._numbers[slot[placed]] = numbers[placed]
            keys, numbers, slot = keys[~placed], numbers[~placed], slot[~placed]
            slot = (slot + 1) & (self._keys.size - 1)
