"""How are arrays had from a file, mapped, and damage seen before it is used?

A container is an uncompressed ZIP of `.npy` members (so `unzip -t` and `numpy.load` read it
too), each member's data aligned to 64 bytes. Its contents, a JSON text, say where every array
lies; the checksum of that text, and its place, come from whoever names the file. Each block of
64 KiB of each array has a CRC-32, which is compared before the first use of the block.
"""

from __future__ import annotations

import json
import mmap
import os
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from balletsearch.durability import refused
from balletsearch.errors import IndexFaultError

__all__ = ["BLOCK", "Column", "Container", "Placed", "damage"]

BLOCK: Final = 1 << 16
"""Bytes under one checksum."""

_PART: Final = 64
"""Of an array of which more than one item in so many is wanted, all blocks are compared."""

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Placed:
    """What names a container: its file, its length, and where its contents lie, in bytes."""

    name: str
    size: int
    contents_at: int
    contents_size: int
    contents_crc: int


def damage(path: Path, section: str, how: str) -> IndexFaultError:
    """The error for a file of an index that is not as it was written."""
    return IndexFaultError(
        f"{path} is damaged ({section}: {how}). Mend the index: balletsearch check --repair."
    )


class Column:
    """One array of a container. What is handed out has been compared with its checksums."""

    __slots__ = ("_array", "_bytes", "_done", "_items", "_name", "_path", "_sums", "_whole")

    def __init__(self, path: Path, name: str, array: Array, sums: Array) -> None:
        self._path = path
        self._name = name
        self._array = array
        self._bytes = array.view(np.uint8)
        # One item of a memoryview is several times cheaper than one of an array.
        self._items = array.data
        self._sums = sums
        self._done = bytearray(len(sums))
        self._whole = not len(sums)

    def __len__(self) -> int:
        return self._array.size

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of its items."""
        return self._array.dtype

    def all(self) -> Array:
        """The whole array; a view of the file, which must not leave this package."""
        if not self._whole:
            self._check(0, len(self._done))
        return self._array

    def slice(self, start: int, end: int) -> Array:
        """Items `start` to `end`, exclusive; a view."""
        if not self._whole and end > start:
            size = self._array.itemsize
            self._check(start * size // BLOCK, (end * size - 1) // BLOCK + 1)
        return self._array[start:end]

    def item(self, at: int) -> int:
        """One item of an array of whole numbers."""
        if not self._whole:
            block = at * self._array.itemsize // BLOCK
            if not self._done[block]:
                self._check(block, block + 1)
        item: int = self._items[at]
        return item

    def pair(self, at: int) -> tuple[int, int]:
        """An item of an array of whole numbers, and the next one."""
        if not self._whole:
            size = self._array.itemsize
            self._check(at * size // BLOCK, (at + 1) * size // BLOCK + 1)
        items = self._items
        return items[at], items[at + 1]

    def bytes(self, start: int, end: int) -> bytes:
        """Items `start` to `end`, exclusive, of an array of bytes; a copy."""
        if not self._whole and end > start:
            self._check(start // BLOCK, (end - 1) // BLOCK + 1)
        return self._items[start:end].tobytes()

    def take(self, at: NDArray[Any]) -> Array:
        """The items at these indices; a copy."""
        if not self._whole and at.size:
            if at.size * _PART > len(self._array):
                return self.all()[at]
            touched = np.zeros(len(self._done), np.bool_)
            touched[at * self._array.itemsize // BLOCK] = True
            for block in np.flatnonzero(touched & (np.frombuffer(self._done, np.uint8) == 0)):
                self._check(int(block), int(block) + 1)
        return self._array[at]

    def _check(self, first: int, last: int) -> None:
        """Compare the blocks from `first` to `last`, exclusive, that were not compared yet."""
        done, at = self._done, first
        if done.find(0, at, last) < 0:
            return
        while (at := done.find(0, at, last)) >= 0:
            found = zlib.crc32(self._bytes[at * BLOCK : (at + 1) * BLOCK].data)
            if found != int(self._sums[at]):
                raise damage(self._path, self._name, f"checksum of block {at}")
            done[at] = 1
        self._whole = done.find(0) < 0


class Container:
    """A container that is open for reading, mapped and never changed."""

    def __init__(self, path: Path, placed: Placed) -> None:
        self.path = path
        with self._opened(path) as file:
            size = os.fstat(file.fileno()).st_size
            if size != placed.size:
                raise damage(path, "length", f"{size} bytes instead of {placed.size}")
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        end = placed.contents_at + placed.contents_size
        text = self._map[placed.contents_at : end]
        if zlib.crc32(text) != placed.contents_crc:
            raise damage(path, "contents", "checksum")
        contents = json.loads(text)
        if contents["file"] != path.name:
            raise damage(path, "contents", f"they are those of {contents['file']}")
        self.attributes: dict[str, Any] = contents["attributes"]
        self._members: dict[str, dict[str, Any]] = contents["members"]
        self._sums = self._view(self._members["checksums"])
        if zlib.crc32(self._sums.data) != contents["checksums"]:
            raise damage(path, "checksums", "checksum")
        self._columns: dict[str, Column] = {}

    @staticmethod
    @contextmanager
    def _opened(path: Path) -> Iterator[Any]:
        """The file, open; what the system refuses for now is an OSError that names it."""
        try:
            with path.open("rb") as file:
                yield file
        except FileNotFoundError:
            raise damage(path, "file", "it is missing") from None
        except OSError as error:
            if refused(error):
                raise OSError(error.errno, error.strerror, str(path)) from error
            raise damage(path, "file", error.strerror or str(error)) from error

    def _view(self, member: Mapping[str, Any]) -> Array:
        return np.frombuffer(self._map, member["type"], member["count"], member["at"])

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def __getitem__(self, name: str) -> Column:
        column = self._columns.get(name)
        if column is None:
            member = self._members.get(name)
            if member is None:
                raise damage(self.path, name, "it is missing")
            array = self._view(member)
            first = member["block"]
            blocks = -(-array.nbytes // BLOCK)
            column = Column(self.path, name, array, self._sums[first : first + blocks])
            self._columns[name] = column
        return column

    def get(self, name: str) -> Column | None:
        """An array that need not be there."""
        return self[name] if name in self else None  # noqa: SIM401 - this is that method

    def names(self) -> list[str]:
        """The names of all arrays."""
        return [name for name in self._members if name != "checksums"]

    def faults(self) -> Iterator[IndexFaultError]:
        """Compare every array with its checksums; an error for each that differs."""
        for name in self.names():
            array = self._view(self._members[name])
            first = self._members[name]["block"]
            sums = self._sums[first : first + -(-array.nbytes // BLOCK)]
            try:
                Column(self.path, name, array, sums).all()
            except IndexFaultError as error:
                yield error
