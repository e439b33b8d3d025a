"""How fast is an index built, how large is it, and how much memory does that take?

Each build has a process of its own, so that its peak of memory is its own. The documents are
in memory before the clock starts.
"""

from __future__ import annotations

import json
import multiprocessing
import shutil
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from peers import peer
from peers.documents import read, size, stream

__all__ = ["Built", "build", "folder_size"]

FIGURES = "built.json"


BUILDS = 5
"""How often what takes a moment is built."""
MOMENT = 5.0
"""Seconds below which the rest of the machine may be half of what is measured."""


@dataclass(frozen=True, slots=True)
class Built:
    """What one build cost.

    `text` and `size` are bytes; `processor` is seconds of it over all threads, which tells more
    than `seconds` where others use the machine; `peak` is the most MB of memory of a process that
    builds from documents that it reads one by one.
    """

    documents: int
    text: int
    seconds: float
    processor: float
    size: int
    peak: float

    @property
    def speed(self) -> float:
        """MB of text a second."""
        return self.text / 1e6 / self.seconds


def build(name: str, folder: Path, path: Path, limit: float | None = None) -> Built:
    """Build the index of a collection in `folder`, unless it is there from an earlier run.

    What takes a moment only is built BUILDS times; the figures are those of the median build.
    """
    figures = folder / FIGURES
    if figures.exists():
        return Built(**json.loads(figures.read_text("utf-8")))
    each = [_built(name, folder, path, limit)]
    while len(each) < BUILDS and each[0].seconds < MOMENT:
        each.append(_built(name, folder, path, limit))
    built = sorted(each, key=lambda one: one.seconds)[len(each) // 2]
    with _fresh() as pool:
        peak = pool.submit(_peak, name, folder / "streamed", path, limit).result()
    built = replace(built, peak=peak)
    figures.write_text(json.dumps(asdict(built)), "utf-8")
    return built


def _built(name: str, folder: Path, path: Path, limit: float | None) -> Built:
    store = folder / "index"
    if folder.exists():  # what an interrupted build left
        shutil.rmtree(folder)
    store.mkdir(parents=True)
    with _fresh() as pool:
        return pool.submit(_build, name, store, path, limit).result()


def _fresh() -> ProcessPoolExecutor:
    """A fresh interpreter, not a fork: a fork begins with the memory of its parent."""
    return ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))


def _build(name: str, folder: Path, path: Path, limit: float | None) -> Built:
    """The build itself, in its own process."""
    one = peer(name)
    documents = read(path, limit)
    start, busy = time.perf_counter(), time.process_time()
    one.build(folder, documents)
    seconds, processor = time.perf_counter() - start, time.process_time() - busy
    return Built(
        len(documents),
        size(documents),
        seconds,
        processor,
        folder_size(folder),
        float("nan"),
    )


def _peak(name: str, folder: Path, path: Path, limit: float | None) -> float:
    """The memory of a build that holds no documents but those that it is at."""
    folder.mkdir()
    peer(name).build(folder, stream(path, limit))
    shutil.rmtree(folder)
    return peak_memory()


def folder_size(folder: Path) -> int:
    """The bytes of all files below a folder."""
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())


def peak_memory() -> float:
    """The most memory that this process has had, in MB; nan where the system does not tell."""
    with suppress(OSError):
        # What `getrusage` tells is at least what the process had that began this one.
        told = Path("/proc/self/status").read_text("ascii")
        return int(told.partition("VmHWM:")[2].split()[0]) / 1024
    try:
        import resource
    except ImportError:  # Windows
        return float("nan")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
