"""Are arrays beyond 4 GiB of a container written and read back right?

The file is full of holes, which take no room, and the checksums of zeros are known.
"""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from balletsearch.columns import packing
from balletsearch.columns.container import BLOCK, Container, Placed
from balletsearch.columns.packing import ContainerWriter
from balletsearch.errors import IndexFaultError

LIMIT = 1 << 32
HOLE = np.zeros(1 << 26, np.uint8)
"""What is passed over in the file instead of being written."""

LAST = np.arange(BLOCK + 100, dtype=np.uint64).astype(np.uint8)
AFTER = np.arange(1_000, dtype=np.uint32)


class FileWithHoles(io.BufferedWriter):
    """A file that passes over a HOLE."""

    def write(self, data: Any) -> int:
        if len(data) != HOLE.size:
            return super().write(data)
        self.seek(len(data), os.SEEK_CUR)
        return len(data)


class ChecksumsWithHoles(packing._Checksums):
    """Checksums of blocks that do not look at a HOLE, whose blocks all have the same one."""

    def update(self, data: memoryview) -> None:
        if len(data) != HOLE.size:
            super().update(data)
            return
        assert self._filled == 0
        self._done += [zlib.crc32(bytes(BLOCK))] * (HOLE.size // BLOCK)


def has_holes(folder: Path) -> bool:
    """Whether the file system leaves holes where nothing is written."""
    probe = folder / "probe"
    with probe.open("xb") as file:
        file.seek(HOLE.size)
        file.write(b"x")
    taken = getattr(probe.stat(), "st_blocks", HOLE.size) * 512
    probe.unlink()
    return taken < HOLE.size // 2


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, Placed]]:
    """A container with an array of over 4 GiB, and others before and behind it."""
    if not has_holes(tmp_path):
        pytest.skip("The file system has no holes in files.")
    monkeypatch.setattr(
        Path, "open", lambda self, mode: FileWithHoles(io.FileIO(self, mode.replace("b", "")))
    )
    monkeypatch.setattr(packing, "_Checksums", ChecksumsWithHoles)
    plain = zlib.crc32
    monkeypatch.setattr(
        zipfile, "crc32", lambda data, crc=0: 0 if len(data) == HOLE.size else plain(data, crc)
    )
    path = tmp_path / "large.npz"
    writer = ContainerWriter(path)
    writer.add("before", AFTER)
    with writer.member("large", np.dtype(np.uint8), LIMIT + LAST.size) as write:
        for _ in range(LIMIT // HOLE.size):
            write(HOLE)
        write(LAST)
    writer.add("after", AFTER)
    placed = writer.finish({"documents": 1}, durable=False)
    monkeypatch.undo()
    yield path, placed
    path.unlink()


def test_what_lies_beyond_4_gib_is_read_back(large):
    path, placed = large
    assert path.stat().st_size == placed.size > LIMIT
    container = Container(path, placed)
    assert container.attributes == {"documents": 1}
    assert container["before"].all().tolist() == AFTER.tolist()
    assert container["after"].all().tolist() == AFTER.tolist()
    column = container["large"]
    assert len(column) == LIMIT + LAST.size
    assert column.slice(LIMIT - 2, LIMIT + LAST.size).tolist() == [0, 0, *LAST.tolist()]
    assert column.item(LIMIT + 5) == 5
    assert column.take(np.array([3, LIMIT + 3, LIMIT - 1])).tolist() == [0, 3, 0]


def test_other_programs_find_the_same(large):
    path, _ = large
    with zipfile.ZipFile(path) as found:
        info = found.getinfo("large.npy")
        assert info.file_size > LIMIT
        assert found.getinfo("after.npy").header_offset > LIMIT
        with found.open("after.npy") as file:
            assert np.load(io.BytesIO(file.read())).tolist() == AFTER.tolist()


def test_damage_beyond_4_gib_is_noticed(large):
    path, placed = large
    at = Container(path, placed)._members["large"]["at"] + LIMIT + 7
    with path.open("r+b") as file:
        file.seek(at)
        file.write(b"\xff")
    column = Container(path, placed)["large"]
    assert column.item(LIMIT - 1) == 0
    with pytest.raises(IndexFaultError, match=f"large: checksum of block {LIMIT // BLOCK}"):
        column.item(LIMIT + 7)
