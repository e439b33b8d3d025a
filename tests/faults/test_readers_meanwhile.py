"""What do readers see while others write? Each time a whole generation, and never an older one."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import pytest
from children import at_one, nursery, told
from effort import SHARE, figure, ran
from support import letter, merging_always

from balletsearch import Library
from balletsearch.engines.columns import ColumnsEngine
from balletsearch.engines.protocol import Reader, SearchRequest
from balletsearch.query.nodes import Fuzzy, Or, Phrase, Prefix, Word

READERS = 8
SECONDS = 60


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Children are made by fork here.")
@pytest.mark.parametrize("rebuilds", [False, True], ids=["commits", "rebuilds"])
def test_each_process_sees_whole_generations_and_never_an_older_one(quick, rebuilds):
    home = quick / "index"
    with Library.open(home) as library:
        library.add(*[letter(f"s{i}", 0) for i in range(6)])
    tells = [quick / f"told-{i}" for i in range(READERS)]
    with nursery() as children:
        until = time.monotonic() + 1 + max(SECONDS * SHARE, 1) / 2
        writer = children.start(
            "rewrite",
            home=str(home),
            tell=str(quick / "writer"),
            seed=rebuilds,
            until=until,
            rebuilds=rebuilds,
        )
        readers = [
            children.start(
                "read_on", home=str(home), tell=str(tell), until=until, reopening=i % 2 == 0
            )
            for i, tell in enumerate(tells)
        ]
        assert [children.wait(child) for child in (writer, *readers)] == [0] * (1 + READERS)
    commits = len(told(quick / "writer"))
    searches = sum(told(tell)[0] for tell in tells)
    assert commits  # on a busy machine it may be one
    assert searches >= 2 * READERS
    ran("readers in processes: searches", searches)
    ran("readers in processes: commits meanwhile", commits)


@contextmanager
def restless() -> Iterator[None]:
    """As many changes from one thread to the other as there can be."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def test_threads_share_one_library_while_another_writes(quick):
    home = quick / "index"
    with Library.open(home) as library:
        library.add(*[letter(f"s{i}", 0) for i in range(6)])
    wanted = figure(20_000) // READERS

    def read(shared: Library) -> None:
        newest = 0
        for _ in range(wanted):
            newest = at_one(shared, newest)

    def write(readers: list[Future[None]]) -> int:
        number = 0
        with merging_always(), Library.open(home) as library:
            while not all(reader.done() for reader in readers):
                number += 1
                library.add(*[letter(f"s{i}", number) for i in range(6)])
                time.sleep(0.01)
        return number

    with Library.open(home) as library, ThreadPoolExecutor(READERS + 1) as pool, restless():
        readers = [pool.submit(read, library) for _ in range(READERS)]
        commits = pool.submit(write, readers).result()
        for reader in readers:
            reader.result()
    assert commits
    ran("readers in threads, one library: searches", wanted * READERS)


def answers(reader: Reader, requests: list[SearchRequest]) -> list[object]:
    """All that is told of every request."""
    out: list[object] = []
    for request in requests:
        found = reader.search(request)
        out += [(m.story.key, m.score, m.spans, m.story.body) for m in found.matches]
        out.append((found.total, found.facets))
    return out


def test_threads_share_one_reader(quick):
    """The first use of everything that is derived and kept, by all threads at once."""
    engine = ColumnsEngine(quick / "store", ("en",), create=True, durable=False)
    with engine.writer() as writer:
        for number in range(3):
            for i in range(6):
                writer.add(replace(letter(f"s{number}{i}", number), fields={"mood": (f"m{i}",)}))
            writer.commit()
        writer.remove("s10")
        writer.commit()
    trees = [
        Word("swan"),
        Or((Word("lake1"), Fuzzy("lakes", 2))),
        Phrase((Word("came"), Word("to"))),
        Prefix("ver"),
        Word("m1", "mood"),
    ]
    requests = [SearchRequest(tree, facets=("mood",), limit=n) for tree in trees for n in (None, 3)]
    expected = answers(engine.reader(), requests)
    for _ in range(max(figure(20_000) // (READERS * len(requests)), 1)):
        reader = ColumnsEngine(quick / "store", ("en",)).reader()
        with ThreadPoolExecutor(READERS) as pool, restless():
            told = [pool.submit(answers, reader, requests) for _ in range(READERS)]
            assert [one.result() == expected for one in told] == [True] * READERS
        ran("readers in threads, one reader: searches", READERS * len(requests))
