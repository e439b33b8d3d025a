"""Which number has a text, and which text a number?

A table of texts lies in two arrays: `<name>.text`, the UTF-8 of all of them one behind the
other, and `<name>.at`, where each begins. A *sorted* table is ascending by code points (which
UTF-8 keeps), so that the texts with one beginning are a range. Any may have a third array,
`<name>.slots`: a table of hashes with open addresses that leads from the hash of a text to its
number, counted from 1. Before it stand SALT random numbers, with which the hashes are made, so
that nobody can choose words that all lead to one place. A CRC would not do: two texts of one
length that share it share it whatever it begins with.
Half a character may be asked for, and is in no text that is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.container import Container
from balletsearch.columns.hashing import factors, hash_of, hashes, salts
from balletsearch.columns.texts import Texts, narrowed, texts_of

if TYPE_CHECKING:
    from balletsearch.columns.packing import ContainerWriter

__all__ = ["SALT", "Strings", "sorted_unique", "write_strings", "write_texts"]

SALT: Final = 6
"""Numbers of 32 bits before the slots: what a hash begins with, and its two factors."""


def write_strings(
    to: ContainerWriter, name: str, texts: Iterable[bytes], *, slots: bool = False
) -> None:
    """Write a table of texts, each in UTF-8; with `slots` if texts are looked up in it."""
    write_texts(to, name, texts_of(texts), slots=slots)


def write_texts(to: ContainerWriter, name: str, texts: Texts, *, slots: bool = False) -> None:
    """The same of texts that are in arrays already."""
    to.add(f"{name}.at", narrowed(texts.at))
    to.add(f"{name}.text", texts.data)
    if slots:
        to.add(f"{name}.slots", _slots(texts))


def _slots(texts: Texts) -> NDArray[np.uint32]:
    """What was drawn by lot, and a power of two of slots, at most three in four of them taken."""
    salt, by = salts(1), factors()
    table = np.zeros(1 << max(1, (4 * len(texts) // 3).bit_length()), np.uint32)
    mask = np.uint32(table.size - 1)
    found = hashes(texts.data, texts.at[:-1], texts.at[1:], salt, by)
    at = found.astype(np.uint32) & mask
    numbers = np.arange(1, len(texts) + 1, dtype=np.uint32)
    while numbers.size:
        # Several may want one free slot: whichever is written last has it, the rest go on.
        free = table[at] == 0
        table[at[free]] = numbers[free]
        left = table[at] != numbers
        at, numbers = (at[left] + np.uint32(1)) & mask, numbers[left]
    drawn = np.concatenate((salt, by)).astype("<u8").view("<u4")
    return np.concatenate((drawn, table), dtype=np.uint32)


class Strings:
    """A table of texts in a container; sorted where the caller searches it."""

    __slots__ = ("_at", "_slots", "_text")

    def __init__(self, container: Container, name: str) -> None:
        self._at = container[f"{name}.at"]
        self._text = container[f"{name}.text"]
        self._slots = container.get(f"{name}.slots")

    def __len__(self) -> int:
        return len(self._at) - 1

    def raw(self, i: int) -> bytes:
        """The UTF-8 of text `i`."""
        return self._text.bytes(*self._at.pair(i))

    def __getitem__(self, i: int) -> str:
        return self.raw(i).decode()

    def take(self, which: Iterable[int]) -> list[str]:
        """Several texts."""
        return [self[i] for i in which]

    def all(self) -> list[bytes]:
        """Every text, in UTF-8, in order."""
        text = self._text.all().tobytes()
        at = self._at.all().tolist()
        return [text[s:e] for s, e in pairwise(at)]

    def texts(self) -> Texts:
        """Every text, in order; a view of the file."""
        return Texts(self._text.all(), self._at.all().astype(np.int64))

    def find(self, text: str) -> int:
        """The number of a text, or -1; the table is sorted or has slots."""
        if self._slots is not None:
            return next(self.find_all(text), -1)
        wanted = text.encode("utf-8", "surrogatepass")
        at = self.lower_bound(wanted)
        return at if at < len(self) and self.raw(at) == wanted else -1

    def find_all(self, text: str) -> Iterator[int]:
        """All numbers of a text, in a table with slots."""
        if self._slots is None:
            raise ValueError("this table has no slots")
        wanted = text.encode("utf-8", "surrogatepass")
        numbers = self._slots.slice(0, SALT).astype("<u4").view("<u8")
        slot = hash_of(wanted, int(numbers[0]), numbers[1:])
        mask = len(self._slots) - SALT - 1
        while number := self._slots.item(SALT + (slot & mask)):
            if self.raw(number - 1) == wanted:
                yield number - 1
            slot += 1

    def starting(self, prefix: str) -> range:
        """The numbers of the texts in a sorted table that begin so."""
        first = prefix.encode("utf-8", "surrogatepass")
        low = self.lower_bound(first)
        # In UTF-8 no byte is 0xff, so this stands behind everything that begins so.
        return range(low, self.lower_bound(first + b"\xff", low))

    def lower_bound(self, wanted: bytes, low: int = 0) -> int:
        """The number of the first text that is not below `wanted`."""
        high = len(self)
        while low < high:
            middle = (low + high) // 2
            if self.raw(middle) < wanted:
                low = middle + 1
            else:
                high = middle
        return low


def sorted_unique(texts: Sequence[bytes]) -> tuple[list[bytes], NDArray[Any]]:
    """The distinct texts, ascending, and the number of each given one among them."""
    unique = sorted(set(texts))
    number = {text: i for i, text in enumerate(unique)}
    return unique, np.fromiter((number[t] for t in texts), np.uint32, len(texts))
