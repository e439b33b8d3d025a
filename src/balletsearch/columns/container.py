"""How do arrays lie in a file, so that they can be mapped, and damage be seen before it is used?

A container is an uncompressed ZIP of `.npy` members (so `unzip -t` and `numpy.load` read it
too), each member's data aligned to 64 bytes. Its contents, a JSON text, say where every array
lies; the checksum of that text, and its place, come from whoever names the file. Each block of
64 KiB of each array has a CRC-32, which is compared before the first use of the block.
"""

from __future__ import annotations

import io
import json
import mmap
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from balletsearch.errors import IndexFaultError

__all__ = ["BLOCK", "Column", "Container", "ContainerWriter", "Placed", "damage"]

BLOCK: Final = 1 << 16
"""Bytes under one checksum."""

_PIECE: Final = 1 << 22
_ALIGNMENT: Final = 64
_ZIP64_EXTRA: Final = 20
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""A date for all members: the same arrays make the same bytes."""

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


class ContainerWriter:
    """Writes one container, array after array; the file must not exist yet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("xb")
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_STORED, allowZip64=True)
        self._members: dict[str, dict[str, Any]] = {}
        self._checksums: list[int] = []

    def add(self, name: str, array: Array) -> None:
        """Write one array, of one dimension."""
        with self.member(name, array.dtype, array.size) as write:
            write(array)

    @contextmanager
    def member(self, name: str, dtype: np.dtype[Any], count: int) -> Iterator[Any]:
        """A function that takes the `count` items of an array, piece by piece."""
        dtype = dtype.newbyteorder("<")
        described = {"descr": dtype.str, "fortran_order": False, "shape": (count,)}
        header = io.BytesIO()
        np.lib.format.write_array_header_1_0(header, described)
        size = count * dtype.itemsize
        with self._opened(f"{name}.npy", header.tell() + size) as file:
            file.write(header.getvalue())
            at, first = self._file.tell(), len(self._checksums)
            sums = _Checksums()

            def write(piece: Array) -> None:
                data = np.ascontiguousarray(piece, dtype).data.cast("B")
                file.write(data)
                sums.update(data)

            yield write
            self._checksums += sums.finished()
            if self._file.tell() - at != size:
                raise ValueError(f"{name}: {size} bytes announced, {self._file.tell() - at} came")
        self._members[name] = {"type": dtype.str, "count": count, "at": at, "block": first}

    @contextmanager
    def growing(self, name: str, dtype: np.dtype[Any]) -> Iterator[Any]:
        """The same for an array whose length is not known yet: kept aside until it is."""
        dtype = dtype.newbyteorder("<")
        with tempfile.TemporaryFile(dir=self.path.parent) as aside:

            def write(piece: Array) -> None:
                aside.write(np.ascontiguousarray(piece, dtype).data.cast("B"))

            yield write
            count = aside.tell() // dtype.itemsize
            aside.seek(0)
            with self.member(name, dtype, count) as copy:
                while piece := aside.read(_PIECE):
                    copy(np.frombuffer(piece, dtype))

    @contextmanager
    def _opened(self, name: str, size: int) -> Iterator[Any]:
        """A member of the ZIP whose data begin at a multiple of 64 bytes."""
        info = zipfile.ZipInfo(name, _EPOCH)
        info.file_size = size
        wide = size * 1.05 > zipfile.ZIP64_LIMIT
        at = self._file.tell() + 30 + len(name.encode()) + (_ZIP64_EXTRA if wide else 0)
        gap = -(at + 4) % _ALIGNMENT
        # An extra field that nobody knows is skipped by every reader: its length is our padding.
        info.extra = b"\x42\x53" + gap.to_bytes(2, "little") + bytes(gap)
        with self._zip.open(info, "w", force_zip64=wide) as file:
            if self._file.tell() % _ALIGNMENT:
                raise ValueError(f"{name} begins at {self._file.tell()}, which is not aligned")
            yield file

    def finish(self, attributes: Mapping[str, Any], *, durable: bool) -> Placed:
        """Write the contents and close the file, on the disk if `durable`."""
        sums = np.array(self._checksums, "<u4")
        with self.member("checksums", sums.dtype, sums.size) as write:
            write(sums)
        contents = {
            "file": self.path.name,
            "attributes": dict(attributes),
            "members": self._members,
            "checksums": zlib.crc32(sums.tobytes()),
        }
        text = json.dumps(contents, ensure_ascii=False, separators=(",", ":")).encode()
        with self._opened("contents.json", len(text)) as file:
            at = self._file.tell()
            file.write(text)
        self._zip.close()
        self._file.flush()
        if durable:
            os.fsync(self._file.fileno())
        size = self._file.tell()
        self._file.close()
        return Placed(self.path.name, size, at, len(text), zlib.crc32(text))

    def abandon(self) -> None:
        """Close and delete what was written so far."""
        # What is still in buffers may fail as what was written before did: on a full disk.
        self._zip.fp = None
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self.path.unlink(missing_ok=True)


class _Checksums:
    """The CRC-32 of each block of what comes in pieces of any size."""

    def __init__(self) -> None:
        self._done: list[int] = []
        self._filled = 0
        self._sum = 0

    def update(self, data: memoryview) -> None:
        at = 0
        while at < len(data):
            piece = data[at : at + BLOCK - self._filled]
            self._sum = zlib.crc32(piece, self._sum)
            self._filled += len(piece)
            at += len(piece)
            if self._filled == BLOCK:
                self._done.append(self._sum)
                self._filled = self._sum = 0

    def finished(self) -> list[int]:
        return [*self._done, self._sum] if self._filled else self._done


class Column:
    """One array of a container. What is handed out has been compared with its checksums."""

    __slots__ = ("_array", "_bytes", "_container", "_done", "_items", "_name", "_sums", "_whole")

    def __init__(self, container: Container, name: str, array: Array, sums: Array) -> None:
        self._container = container
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
            self._whole = True
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

    def take(self, at: NDArray[Any]) -> Array:
        """The items at these indices; a copy."""
        if not self._whole and at.size:
            if at.size > len(self._array) >> 6:
                return self.all()[at]
            touched = np.zeros(len(self._done), np.bool_)
            touched[at * self._array.itemsize // BLOCK] = True
            for block in np.flatnonzero(touched & (np.frombuffer(self._done, np.uint8) == 0)):
                self._check(int(block), int(block) + 1)
        return self._array[at]

    def _check(self, first: int, last: int) -> None:
        """Compare the blocks from `first` to `last`, exclusive, that were not compared yet."""
        done, at = self._done, first
        while (at := done.find(0, at, last)) >= 0:
            found = zlib.crc32(self._bytes[at * BLOCK : (at + 1) * BLOCK].data)
            if found != int(self._sums[at]):
                raise damage(self._container.path, self._name, f"checksum of block {at}")
            done[at] = 1


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
        try:
            with path.open("rb") as file:
                yield file
        except FileNotFoundError:
            raise damage(path, "file", "it is missing") from None
        except OSError as error:
            raise damage(path, "file", error.strerror or str(error)) from error

    def _view(self, member: Mapping[str, Any]) -> Array:
        return np.frombuffer(self._map, member["type"], member["count"], member["at"])

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def __getitem__(self, name: str) -> Column:
        column = self._columns.get(name)
        if column is None:
            member = self._members[name]
            array = self._view(member)
            first = member["block"]
            blocks = -(-array.nbytes // BLOCK)
            column = Column(self, name, array, self._sums[first : first + blocks])
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
                Column(self, name, array, sums).all()
            except IndexFaultError as error:
                yield error
