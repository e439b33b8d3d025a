"""How are the texts of documents kept, and a piece of one read without the rest?

The bytes of all documents lie one behind the other and are compressed in blocks. A block ends
with a document, once it has 16 KiB; a document of over 64 KiB is cut into several, so that a
sentence of a novel costs one block and not the novel.

Arrays: `<name>.data` the compressed blocks, `<name>.frames` where each begins in it,
`<name>.raw` where its bytes begin in the uncompressed whole, `<name>.docs` where each document
begins there. The last three have one item more, the end, and 32 bits where that fits into them.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import zstandard
from numpy.typing import NDArray

from balletsearch.columns.container import Container, damage
from balletsearch.columns.texts import narrowed

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    from balletsearch.columns.packing import ContainerWriter

__all__ = ["StoreWriter", "Stored"]

BLOCK: Final = 16 << 10
LARGEST: Final = 64 << 10
LEVEL: Final = 3
AT_ONCE: Final = 16
"""Blocks that are handed over together."""
AHEAD: Final = 16 << 20
"""Bytes that may wait to be compressed: several batches of stories, so that nobody waits while
the other thread cuts one."""


Bytes = NDArray[np.uint8]


class StoreWriter:
    """Gathers documents. Blocks are compressed by `executor` while the caller goes on.

    At most AHEAD bytes wait to be compressed, and those that are handed over together: who adds
    more waits. `executor` must not be the thread that adds.
    """

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._waiting: list[bytes] = []
        self._size = 0
        self._ends = [0]
        self._raw = [0]
        self._pieces: list[bytes] = []
        self._frames: list[Future[list[bytes]] | list[Bytes]] = []
        self._running: deque[tuple[Future[list[bytes]], int]] = deque()
        """What was handed over and may not be done, with its bytes; their sum is `_ahead`."""
        self._ahead = 0

    def add(self, documents: Iterable[bytes]) -> None:
        """The bytes of the next documents."""
        end = self._ends[-1]
        for data in documents:
            self._waiting.append(data)
            self._size += len(data)
            end += len(data)
            self._ends.append(end)
            if self._size >= BLOCK:
                self._flush()

    def add_blocks(self, frames: list[Bytes], raw: list[int], ends: list[int]) -> None:
        """Documents in blocks that are compressed already; `raw` and `ends` as in the arrays."""
        self._flush()
        self._compress()
        base = self._ends[-1]
        self._frames.append(frames)
        self._raw += (base + at for at in raw[1:])
        self._ends += (base + at for at in ends[1:])

    def _flush(self) -> None:
        whole = b"".join(self._waiting)
        for start in range(0, len(whole), LARGEST):
            piece = whole[start : start + LARGEST]
            self._raw.append(self._raw[-1] + len(piece))
            self._pieces.append(piece)
            if len(self._pieces) >= AT_ONCE:
                self._compress()
        self._waiting.clear()
        self._size = 0

    def _compress(self) -> None:
        """Hand the pieces over, and wait where too much was handed over that is not done."""
        if not self._pieces:
            return
        some = self._executor.submit(_compressed, self._pieces)
        size = sum(map(len, self._pieces))
        self._frames.append(some)
        self._pieces = []
        self._running.append((some, size))
        self._ahead += size
        while self._ahead > AHEAD:
            done, size = self._running.popleft()
            done.result()
            self._ahead -= size

    def write(self, to: ContainerWriter, name: str) -> None:
        """Write all that was added."""
        self._flush()
        self._compress()
        frames: list[bytes | Bytes] = []
        for some in self._frames:
            frames += some if isinstance(some, list) else some.result()
        at = np.zeros(len(frames) + 1, np.uint64)
        np.cumsum(np.fromiter(map(len, frames), np.uint64, len(frames)), out=at[1:])
        with to.member(f"{name}.data", np.dtype(np.uint8), int(at[-1])) as write:
            for frame in frames:
                write(np.frombuffer(frame, np.uint8) if isinstance(frame, bytes) else frame)
        to.add(f"{name}.frames", narrowed(at))
        to.add(f"{name}.raw", narrowed(np.array(self._raw, np.uint64)))
        to.add(f"{name}.docs", narrowed(np.array(self._ends, np.uint64)))


_OF_THREAD = threading.local()


def _decompressor() -> zstandard.ZstdDecompressor:
    """The one of this thread: making one costs as much as unpacking a block."""
    found: zstandard.ZstdDecompressor | None = getattr(_OF_THREAD, "decompressor", None)
    if found is None:
        found = _OF_THREAD.decompressor = zstandard.ZstdDecompressor()
    return found


def _compressed(pieces: list[bytes]) -> list[bytes]:
    # Each with a checksum of its own, so that it can be trusted also where the contents are lost.
    compress = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).compress
    return [compress(piece) for piece in pieces]


class Stored:
    """The documents of one store. Holds nothing that changes."""

    def __init__(self, container: Container, name: str) -> None:
        self._container = container
        self._name = name
        self._data = container[f"{name}.data"]
        self._frames = container[f"{name}.frames"]
        self._raw = container[f"{name}.raw"]
        self._docs = container[f"{name}.docs"]

    def size(self, document: int) -> int:
        """Bytes of one document."""
        return self._docs.item(document + 1) - self._docs.item(document)

    def read(self, document: int, start: int = 0, end: int | None = None) -> bytes:
        """The bytes of one document, or those from `start` to `end`, exclusive."""
        base, limit = self._docs.item(document), self._docs.item(document + 1)
        first = min(base + start, limit)
        last = limit if end is None else min(base + end, limit)
        if first >= last:
            return b""
        block = self._block_of(first)
        pieces = []
        while (begin := self._raw.item(block)) < last:
            piece = self._block(block)
            pieces.append(piece[max(0, first - begin) : last - begin])
            block += 1
        return b"".join(pieces)

    def each(self, documents: Iterable[int]) -> Iterable[bytes]:
        """The bytes of several documents, ascending, every block unpacked once."""
        at, piece = -1, b""
        raw = self._raw.all()
        for document in documents:
            base, limit = self._docs.item(document), self._docs.item(document + 1)
            block = self._block_of(base)
            if base == limit:
                yield b""
            elif limit <= int(raw[block + 1]):
                if block != at:
                    at, piece = block, self._block(block)
                begin = int(raw[block])
                yield piece[base - begin : limit - begin]
            else:
                yield self.read(document)

    def blocks(self) -> tuple[list[Bytes], list[int], list[int]]:
        """All blocks as they are compressed, still in the file; `raw` and `docs`: for merging."""
        data, at = self._data.all(), self._frames.all().tolist()
        frames = [data[s:e] for s, e in pairwise(at)]
        return frames, self._raw.all().tolist(), self._docs.all().tolist()

    def _block_of(self, byte: int) -> int:
        """The block that holds a byte of the uncompressed whole."""
        raw = self._raw.all()
        return int(np.searchsorted(raw, raw.dtype.type(byte), "right")) - 1

    def _block(self, block: int) -> bytes:
        frame = self._data.slice(self._frames.item(block), self._frames.item(block + 1))
        size = self._raw.item(block + 1) - self._raw.item(block)
        try:
            piece = _decompressor().decompress(frame.data, max_output_size=size)
        except zstandard.ZstdError as error:
            raise damage(self._container.path, self._name, str(error)) from error
        if len(piece) != size:
            raise damage(self._container.path, self._name, f"block {block} is cut")
        return piece
