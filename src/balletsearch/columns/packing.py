"""How are arrays written into a container?

As an uncompressed ZIP of `.npy` members with aligned data, a checksum for each block, and the
contents last: see `container.py`, which reads it, and needs none of what writing does.
"""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.container import BLOCK, Placed
from balletsearch.durability import sync_file

__all__ = ["ContainerWriter"]

_PIECE: Final = 1 << 22
_ALIGNMENT: Final = 64
_ZIP64_EXTRA: Final = 20
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""A date for all members: the same arrays make the same bytes."""

Array = NDArray[Any]


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
        sync_file(self._file, durable=durable)
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
