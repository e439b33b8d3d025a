"""Does it cost the same to open a small and a large index?

What is opened, mapped and compared is counted, and the memory that it takes; never time.
"""

from __future__ import annotations

import sys
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from balletsearch import Library, Story
from balletsearch.columns import container

COUNTED = {"open", "mmap.__new__", "os.listdir", "os.scandir"}
"""What Python tells of before it asks the system."""

counting: list[Counter[str]] = []


def heard(event: str, args: tuple[Any, ...]) -> None:
    if counting and event in COUNTED and not str(args[0]).endswith((".py", ".pyc")):
        counting[-1][event] += 1


@cache
def listen() -> None:
    """Once and for good: Python has no way to take it back."""
    sys.addaudithook(heard)


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """Files and folders that are opened, files that are mapped, blocks that are compared."""
    listen()
    counts: Counter[str] = Counter()
    check = container.Column._check

    def checked(column: container.Column, first: int, last: int) -> None:
        counts["blocks"] += last - first
        check(column, first, last)

    with monkeypatch.context() as patches:
        patches.setattr(container.Column, "_check", checked)
        counting.append(counts)
        try:
            yield counts
        finally:
            counting.clear()


def collection(home: Path, stories: int) -> Path:
    """An index of one segment; every story has words of its own."""
    letters = "bcdfghklmnpr"

    def words(number: int) -> Iterator[str]:
        for a, b in product(letters, repeat=2):
            yield "".join(letters[number // 12**i % 12] for i in range(3)) + a + b

    with Library.open(home, durable=False) as library:
        library.add(*(Story(f"s{i}", f"A swan {' '.join(words(i))}.") for i in range(stories)))
        library.merge()
    return home


@pytest.fixture(scope="module")
def homes(tmp_path_factory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("homes")
    small, large = collection(folder / "small", 4), collection(folder / "large", 400)
    sizes = [sum(p.stat().st_size for p in home.rglob("*")) for home in (small, large)]
    assert sizes[1] > 30 * sizes[0]
    return small, large


def opened(home: Path) -> int:
    with Library.open(home) as library:
        return len(library)


def searched(home: Path) -> object:
    with Library.open(home) as library:
        return library.search("swan", limit=1, snippets=False).total


@pytest.mark.parametrize("what", [opened, searched])
def test_a_large_index_is_opened_with_the_calls_of_a_small_one(homes, monkeypatch, what):
    opened(homes[0])  # whatever is imported is imported now
    counts = []
    for home in homes:
        with counted(monkeypatch) as seen:
            what(home)
        counts.append(seen)
    small, large = counts
    assert small["open"] >= 3  # two manifests and a segment
    assert small["mmap.__new__"] == 1
    if what is opened:
        assert small == large
        assert not small["blocks"]
    else:
        del small["blocks"], large["blocks"]
        assert small == large


def test_a_large_index_is_opened_in_the_memory_of_a_small_one(homes):
    opened(homes[0])
    peaks = []
    for home in homes:
        tracemalloc.start()
        assert opened(home) in (4, 400)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    small, large = peaks
    # Of every 64 KiB its checksum is read, and some numbers in the manifests are longer.
    assert large - small < 4_000
