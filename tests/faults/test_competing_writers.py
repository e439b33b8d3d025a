"""Who wins when several write at once? One after the other, and nobody loses anything."""

from __future__ import annotations

import os
import re
import signal
import time

import pytest
from children import Nursery, nursery, told
from effort import chance, figure, ran
from support import held, junk, letter

from balletsearch import Library

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="Children are made by fork here.")

WRITERS = 8


def test_every_commit_of_every_writer_is_there(quick):
    home = quick / "index"
    commits = figure(200)
    tells = [quick / f"told-{i}" for i in range(WRITERS)]
    with nursery() as children:
        started = [
            children.start(
                "compete",
                home=str(home),
                tell=str(tell),
                name=f"w{i}",
                commits=commits,
                # Half of them wait their turn, the others ask again and again.
                patience=60 if i % 2 else 0.02,
            )
            for i, tell in enumerate(tells)
        ]
        assert [children.wait(child) for child in started] == [0] * WRITERS
    said = [line for tell in tells for line in told(tell)]
    done = {what for kind, what in said if kind == "did"}
    assert len(done) == WRITERS * commits
    found = held(home)
    assert found == {key: letter(key, int(key.partition("-")[2])).body for key in done}
    for kind, what in said:
        if kind == "locked":
            assert re.search(
                r"is being written by (process \d+ \(.+\) on .+|another process)", what
            )
    assert not junk(home)
    ran("competing writers: commits", len(done))
    ran("competing writers: refusals by the lock", sum(kind == "locked" for kind, _ in said))


def test_a_killed_writer_leaves_the_lock_to_the_others(quick):
    home = quick / "index"
    pick = chance("competing")
    done: set[str] = set()
    with nursery() as children:
        for number in range(figure(50)):
            tells = [quick / f"told-{number}-{i}" for i in range(3)]
            started = [
                children.start(
                    "compete",
                    home=str(home),
                    tell=str(tell),
                    name=f"k{number}w{i}",
                    commits=3,
                    patience=60,
                )
                for i, tell in enumerate(tells)
            ]
            time.sleep(pick.random() * 0.2)
            _kill_one(children, started, pick.randrange(3))
            done |= {what for tell in tells for kind, what in told(tell) if kind == "did"}
            with Library.open(home, patience=0) as library:
                library.add(letter("after", number))
            found = held(home).keys() - {"after"}
            # The one that was killed may have committed and not come to tell.
            assert done <= found
            assert len(found - done) <= 1
            done = set(found)
            ran("competing writers: kills")
    assert not junk(home)


def _kill_one(children: Nursery, started: list[int], which: int) -> None:
    os.kill(started[which], signal.SIGKILL)
    ends = [children.wait(child) for child in started]
    assert ends[which] in (0, -signal.SIGKILL)
    assert all(end == 0 for i, end in enumerate(ends) if i != which)
