"""What if the disk is full, wherever in a file that may be?

Collections have stories of all lengths, so that files are of all sizes, and the room that is left
is anything from none to a little more than what the operation writes: that is measured first.
"""

from __future__ import annotations

import errno
import os
import random
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from disk import watched
from effort import chance, figure, ran
from operations import Operation, adding, after_a_fault, merging, state_of, told
from support import State, copied, held, junk, letter

from balletsearch import BalletsearchError, Library, Story

TRIES = 200
EACH = 10
"""Rooms for each collection."""


def lengthened(key: str, version: int, pick: random.Random) -> Story:
    """A letter with from ten to two thousand words more, none like another."""
    count = round(10 ** pick.uniform(1, 3.3))
    words = (f"x{pick.randrange(16**6):06x}" for _ in range(count))
    plain = letter(key, version)
    return Story(key, f"{plain.body} {' '.join(words)}.", header=plain.header)


def a_commit(pick: random.Random) -> Operation:
    return adding("a commit", lengthened("new", 7, pick), lengthened("s1", 8, pick))


def a_commit_that_merges(pick: random.Random) -> Operation:
    stories = lengthened("new", 7, pick), lengthened("s1", 8, pick)
    return adding("a commit that merges", *stories, merges=True)


def a_merge(_: random.Random) -> Operation:
    return merging


FILLING = (a_commit, a_commit_that_merges, a_merge)


class Full:
    """A disk that has room for so many bytes more, or counts how many are taken."""

    def __init__(self, room: int | None = None) -> None:
        self._room = room
        self.taken = 0

    def before(self, what: str, where: Any, size: int) -> None:
        if what in ("write", "create", "mkdir"):
            self.taken += size + 1
            if self._room is not None and self.taken > self._room:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(where))


class Case(NamedTuple):
    """An index, what is to be done to it, and how many bytes of room there are for that."""

    template: Path
    old: State
    operation: Operation
    room: int


def cases(
    folder: Path, make: Callable[[random.Random], Operation], pick: random.Random
) -> Iterator[Case]:
    """As many as are to be tried; `folder` is used for nothing else."""
    tries = figure(TRIES)
    for first in range(0, tries, EACH):
        operation = make(pick)
        template = folder / f"template-{first}"
        with Library.open(template) as library:
            for number in range(3):
                library.add(*[lengthened(f"s{number * 2 + i}", number, pick) for i in range(2)])
            library.remove("s3")
        whole = Full()
        measured = copied(template, folder / "measured")
        with watched(measured, whole.before):
            operation.do(measured)
        old = held(template)
        for _ in range(first, min(first + EACH, tries)):
            yield Case(template, old, operation, pick.randrange(whole.taken * 11 // 10))


@pytest.mark.parametrize("make", FILLING, ids=lambda o: o.__name__)
def test_a_full_disk_leaves_the_old_state_or_the_new_one(quick, make):
    pick = chance(f"full {make.__name__}")
    for template, old, operation, room in cases(quick, make, pick):
        home = copied(template, quick / "index")
        failed = False
        disk = Full(room)
        with watched(home, disk.before):
            try:
                operation.do(home)
            except BalletsearchError as error:
                failed = told(error, "No space left on device", f"room for {room} bytes")
        assert failed or disk.taken <= room
        assert len(junk(home)) <= 4, room
        after_a_fault(operation, home, old, failed=failed, when=f"room for {room} bytes")
        ran("full disk: a layer that counts bytes, refused" if failed else "full disk: enough room")


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[None]:
    """A file system in memory of so many bytes; skipped loudly where it cannot be mounted."""
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.name == "nt" or os.geteuid() != 0:
        pytest.skip("Only root can mount a small disk; the layer that counts bytes has run.")
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("No disk can be mounted here; the layer that counts bytes has run.")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


PAGE = 4096


def pages(folder: Path) -> int:
    """What a folder takes of a disk that gives out whole pages."""
    return sum(-(-path.stat().st_size // PAGE) + 1 for path in folder.rglob("*")) + 8


@pytest.mark.parametrize("make", FILLING, ids=lambda o: o.__name__)
def test_a_real_full_disk_leaves_the_old_state_or_the_new_one(quick, make):
    pick = chance(f"full disk {make.__name__}")
    disk = quick / "disk"
    for template, old, operation, room in cases(quick, make, pick):
        when = f"a disk with room for {room} bytes"
        with small_disk(disk, PAGE * (pages(template) + room // PAGE)):
            home = copied(template, disk / "index")
            failed = False
            try:
                operation.do(home)
            except BalletsearchError as error:
                failed = told(error, "No space left on device", when)
            found = state_of(home)
            assert found in ((old, operation.then(old)) if failed else (operation.then(old),)), when
            elsewhere = copied(home, quick / "index")
            after_a_fault(operation, elsewhere, old, failed=failed, when=when)
        ran("full disk: a small file system, full" if failed else "full disk: enough room")
