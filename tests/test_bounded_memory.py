"""Does memory stay within bounds, however much is built or merged?

Bytes are counted, never time. Every bound of the code is lowered so far that small
collections exceed it many times over, and what is measured is what one more word takes.
"""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest

from balletsearch import Story
from balletsearch.columns import merging, placing
from balletsearch.engines.columns import ColumnsEngine, tiers, writing

FEW, MANY = 20_000, 100_000
"""Words of a collection."""


def letters(words: int, name: str) -> Iterator[Story]:
    """Forty stories of about so many words in sum, of which only 300 differ."""
    pick = random.Random(name)
    for number in range(40):
        some = (f"w{pick.randrange(300)}" for _ in range(words // 400))
        yield Story(f"{name}{number}", " ".join(f"{' '.join([w] * 9)} {w}." for w in some))


def peak(do: Callable[[], object]) -> int:
    """The most bytes that were taken at once."""
    tracemalloc.start()
    try:
        do()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@contextmanager
def bounds(group: int, segment: int) -> Iterator[None]:
    """So many words are sorted at once and read at once, and so many make a segment."""
    with (
        patch.object(placing, "GROUP", group),
        patch.object(merging, "PIECE", group),
        patch.object(writing, "BATCH", 20_000),
        patch.object(writing, "SEGMENT_WORDS", segment),
        patch.object(tiers, "FANOUT", 1_000),
    ):
        yield


def adding(folder: Path, words: int) -> int:
    """What one commit of so many words takes."""
    with ColumnsEngine(folder, ("en",), create=True, durable=False).writer() as writer:

        def add() -> None:
            for story in letters(words, "a"):
                writer.add(story)
            writer.commit()

        return peak(add)


def merging_all(folder: Path, words: int) -> int:
    """What it takes to make one segment of four."""
    with ColumnsEngine(folder, ("en",), create=True, durable=False).writer() as writer:
        for part in "abcd":
            for story in letters(words // 4, part):
                writer.add(story)
            writer.commit()
        return peak(writer.merge)  # type: ignore[attr-defined]


def per_word(do: Callable[[Path, int], int], folder: Path) -> float:
    """Bytes that one word more takes."""
    do(folder / "warm", 2_000)
    return (do(folder / "many", MANY) - do(folder / "few", FEW)) / (MANY - FEW)


NO_BOUND = 1 << 40


def test_adding_takes_no_more_memory_however_much_is_added(tmp_path):
    with bounds(group=1 << 13, segment=5_000):
        assert per_word(adding, tmp_path) < 2


@pytest.mark.parametrize(("do", "most"), [(adding, 16), (merging_all, 4)])
def test_of_a_segment_in_the_making_a_word_takes_little(tmp_path, do, most):
    """What is sorted is bounded. A draft keeps of each word its number, and its text packed."""
    with bounds(group=1 << 13, segment=NO_BOUND):
        assert per_word(do, tmp_path / "bounded") < most
    with bounds(group=NO_BOUND, segment=NO_BOUND):
        assert per_word(do, tmp_path / "all at once") > most
