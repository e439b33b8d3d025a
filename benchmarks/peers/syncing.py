"""How fast does an index follow a folder of plain files, everything on?

Files are read, described and indexed as `balletsearch index` does it, in a process of its own.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from balletsearch import Library
from peers.building import peak_memory
from peers.documents import Document

__all__ = ["Synced", "plain_files", "sync", "work"]

PER_FOLDER = 1_000


@dataclass(frozen=True, slots=True)
class Synced:
    """What one sync cost: files, bytes of text, seconds, those of all processors, and MB."""

    files: int
    text: int
    seconds: float
    processor: float
    peak: float
    largest: float
    """The most memory of any one of the processes that it starts."""


def work(document: Document) -> str:
    """What a passage is a passage of."""
    return document.id.rpartition(":")[0] or document.id


def plain_files(
    documents: Sequence[Document], folder: Path, one: Callable[[Document], str]
) -> tuple[int, int]:
    """Write the texts as files, one for all documents that follow one another and share `one`.

    Returns the number of files and of bytes.
    """
    size = number = 0
    for number, (_, parts) in enumerate(groupby(documents, key=one), 1):
        path = folder / f"{number // PER_FOLDER:03}" / f"{number:06}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        size += path.write_bytes("\n\n".join(part.text for part in parts).encode())
    return number, size


def sync(folder: Path, home: Path, files: int, text: int) -> Synced:
    """Index a folder into a new index."""
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=fresh) as pool:
        return Synced(files, text, *pool.submit(_sync, folder, home).result())


def _sync(folder: Path, home: Path) -> tuple[float, float, float, float]:
    import resource

    start, busy = time.perf_counter(), time.process_time()
    with Library.open(home) as library:
        library.sync(folder)
    seconds, processor = time.perf_counter() - start, time.process_time() - busy
    others = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor += others.ru_utime + others.ru_stime
    return seconds, processor, peak_memory(), others.ru_maxrss / 1024
