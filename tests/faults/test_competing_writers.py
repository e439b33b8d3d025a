"""Who wins when several write at once? One after the other, and nobody loses anything."""

from __future__ import annotations

import os
import re
import signal
import time
from pathlib import Path

import pytest
from children import Nursery, nursery, told
from effort import chance, figure, ran
from support import held, junk, letter

from balletsearch import Library

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="Children are made by fork here.")

WRITERS = 8
COMMITS = 8
"""Of each, where some are killed."""


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


def test_killed_writers_leave_the_lock_to_the_others(quick):
    """Any of those at work is killed, one after the other; another takes its place each time."""
    home = quick / "index"
    pick = chance("competing")
    done: set[str] = set()
    left = figure(50, least=5)
    with nursery() as children:
        while left:
            crowd = Crowd(children, quick, f"r{left}")
            for _ in range(pick.randrange(2, WRITERS + 1)):
                crowd.start(home)
            for _ in range(min(left, pick.randrange(1, 6))):
                time.sleep(pick.random() * 0.1)
                crowd.kill(pick.randrange(len(crowd.working)))
                crowd.start(home)
                left -= 1
                ran("competing writers: kills")
            killed = crowd.wait()
            done |= crowd.told()
            with Library.open(home, patience=0) as library:
                library.add(letter("after", left))
            found = held(home).keys() - {"after"}
            # One that was killed may have committed once and not come to tell.
            assert done <= found
            assert found - done <= killed
            ran("competing writers: committed by one killed before it told", len(found - done))
            done = set(found)
    assert not junk(home)


class Crowd:
    """Writers at work side by side, each with stories under its own name."""

    def __init__(self, children: Nursery, folder: Path, name: str) -> None:
        self._children = children
        self._folder = folder
        self._name = name
        self._number = 0
        self._killed: list[tuple[int, Path]] = []
        self.working: list[tuple[int, Path]] = []

    def start(self, home: Path) -> None:
        """One more."""
        self._number += 1
        name = f"{self._name}w{self._number}"
        tell = self._folder / name
        given = {"home": str(home), "tell": str(tell), "name": name}
        child = self._children.start("compete", **given, commits=COMMITS, patience=60)
        self.working.append((child, tell))

    def kill(self, which: int) -> None:
        """One less, by SIGKILL; it may have come to its end just now."""
        child, tell = self.working.pop(which)
        os.kill(child, signal.SIGKILL)
        assert self._children.wait(child) in (0, -signal.SIGKILL)
        self._killed.append((child, tell))

    def wait(self) -> set[str]:
        """Until all have come to their end; the keys at which others were killed."""
        assert all(self._children.wait(child) == 0 for child, _ in self.working)
        acknowledged = ((tell, len(_done(tell))) for _, tell in self._killed)
        return {f"{tell.name}-{number}" for tell, number in acknowledged if number < COMMITS}

    def told(self) -> set[str]:
        """What was told as committed."""
        return {key for _, tell in (*self.working, *self._killed) for key in _done(tell)}


def _done(tell: Path) -> list[str]:
    return [what for kind, what in told(tell) if kind == "did"]
