"""What if the disk refuses a call, once or from then on, or is full?

Every call of every operation is refused in turn. The operation has to end in an error of ours
or in success; the index is then in its old state or in the new one, nobody holds its lock, and
the same operation works as soon as the disk does.
"""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from disk import watched
from effort import SHARE, chance, figure, ran
from support import State, copied, held, junk, letter, merging_always, wrote

from balletsearch import BalletsearchError, Library
from balletsearch.durability import as_faults
from balletsearch.engines.columns import ColumnsEngine
from balletsearch.locking import write_lock

NEW = (letter("new", 7), letter("s1", 8))


@dataclass(frozen=True)
class Operation:
    """Something that is done to an index, and what it makes of a state."""

    name: str
    do: Callable[[Path], Any]
    then: Callable[[State], State]
    empty: bool = False
    """It begins without an index."""


def _add(home: Path) -> None:
    with Library.open(home, patience=0) as library:
        library.add(*NEW)


def _add_merging(home: Path) -> None:
    with merging_always():
        _add(home)


def _remove(home: Path) -> None:
    with Library.open(home, patience=0) as library:
        library.remove("s1", "s4")


def _merge(home: Path) -> None:
    with as_faults(home), Library.open(home, patience=0) as library:
        (store,) = home.glob("store-*")
        with write_lock(home, 0):
            engine = ColumnsEngine(store, library.settings.languages)
            with engine.writer() as writer:
                writer.merge()  # type: ignore[attr-defined]


def _rebuild(home: Path) -> None:
    with Library.open(home, patience=0) as library:
        library.rebuild()


def _open(home: Path) -> object:
    with Library.open(home) as library:
        found = {s.key: s.body for s in library.stories()}
        older = library.degraded
        return found, len(library), older or library.degraded


def _search(home: Path) -> object:
    with Library.open(home) as library:
        found = library.search("swan AND lake1 OR vresion3~", facets="mood")
        hits = [(h.key, h.score, str(h.snippet)) for h in found]
        return hits, found.facets, library.degraded


def _same(state: State) -> State:
    return state


def _without(state: State) -> State:
    return {k: v for k, v in state.items() if k not in ("s1", "s4")}


OPERATIONS = [
    Operation("the first commit", _add, lambda state: wrote(state, *NEW), empty=True),
    Operation("a commit", _add, lambda state: wrote(state, *NEW)),
    Operation("a commit that merges", _add_merging, lambda state: wrote(state, *NEW)),
    Operation("a removal", _remove, _without),
    Operation("a merge", _merge, _same),
    Operation("a rebuild", _rebuild, _same),
]
QUESTIONS = [Operation("opening", _open, _same), Operation("a search", _search, _same)]


@pytest.fixture
def template(quick) -> Path:
    """An index of three segments, one of which has lost a story."""
    home = quick / "template"
    with Library.open(home) as library:
        for number in range(3):
            library.add(*[letter(f"s{number * 2 + i}", number) for i in range(2)])
        library.remove("s3")
    return home


class Refusals:
    """Refuses the call with this number, or all from it on."""

    def __init__(self, number: int | None, *, lasting: bool = False) -> None:
        self._number = number
        self._lasting = lasting
        self.calls = 0

    def before(self, _what: str, where: Any, _size: int) -> None:
        self.calls += 1
        if self._number is None or self.calls < self._number:
            return
        if self.calls == self._number or self._lasting:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(where))


def points(calls: int, name: str) -> Iterator[tuple[int, bool]]:
    """The calls to be refused, each alone and with all that follow."""
    pick = chance(name)
    for number in range(1, calls + 1):
        for lasting in (False, True):
            if pick.random() < SHARE:
                yield number, lasting


def told(error: BalletsearchError, what: str, when: str) -> bool:
    """The error says what the system said."""
    assert what in str(error), when
    return True


def begun(operation: Operation, template: Path, to: Path) -> Path:
    """Where an operation begins: a new copy of the index, or nothing."""
    copied(template, to)
    if operation.empty:
        for path in sorted(to.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        to.rmdir()
    return to


def state_of(home: Path) -> State:
    """What an index holds; nothing where there is none."""
    return held(home) if (home / "manifest.json").exists() else {}


def after_a_fault(operation: Operation, home: Path, old: State, *, failed: bool, when: str) -> None:
    """The state is the old one or the new one, and the operation works now."""
    found, new = state_of(home), operation.then(old)
    assert found == new if not failed else found in (old, new), when
    operation.do(home)
    assert held(home) == new, when
    with Library.open(home, patience=0) as library:
        library.add(letter("last", 1))
        assert library.check(deep=True) == (), when
    assert held(home) == wrote(new, letter("last", 1)), when
    assert not junk(home), when


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o.name)
def test_a_refused_call_leaves_the_old_state_or_the_new_one(quick, template, operation):
    old = {} if operation.empty else held(template)
    home = begun(operation, template, quick / "index")
    count = Refusals(None)
    with watched(home, count.before):
        operation.do(home)
    for number, lasting in points(count.calls, operation.name):
        begun(operation, template, home)
        refused = Refusals(number, lasting=lasting)
        when = f"call {number} of {operation.name}{', and all after it' if lasting else ''}"
        failed = False
        with watched(home, refused.before):
            try:
                operation.do(home)
            except BalletsearchError as error:
                failed = told(error, "Input/output error", when)
            except OSError as error:
                raise AssertionError(when) from error
        assert failed or not lasting or refused.calls >= number, when
        after_a_fault(operation, home, old, failed=failed, when=when)
        ran("failing disk: calls refused, writing")


@pytest.mark.parametrize("operation", QUESTIONS, ids=lambda o: o.name)
def test_a_refused_call_gives_an_error_or_a_right_answer(quick, template, operation):
    old = held(template)
    home = copied(template, quick / "index")
    count = Refusals(None)
    with watched(home, count.before):
        expected: Any = operation.do(home)
    for number, lasting in points(count.calls, operation.name):
        refused = Refusals(number, lasting=lasting)
        when = f"call {number} of {operation.name}{', and all after it' if lasting else ''}"
        with watched(home, refused.before), suppress(BalletsearchError):
            try:
                answer: Any = operation.do(home)
            except OSError as error:
                raise AssertionError(when) from error
            assert answer == expected or answer[-1], when
        assert held(home) == old, when
        ran("failing disk: calls refused, reading")


class Full:
    """A disk that has room for so many bytes more."""

    def __init__(self, room: int) -> None:
        self.room = room

    def before(self, what: str, where: Any, size: int) -> None:
        if what in ("write", "create", "mkdir"):
            self.room -= size + 1
            if self.room < 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(where))


FILLING = [o for o in OPERATIONS if o.name in ("a commit", "a commit that merges", "a merge")]


@pytest.mark.parametrize("operation", FILLING, ids=lambda o: o.name)
def test_a_full_disk_leaves_the_old_state_or_the_new_one(quick, template, operation):
    old = held(template)
    pick = chance(f"full {operation.name}")
    for _ in range(figure(200)):
        home = copied(template, quick / "index")
        room = pick.randrange(150_000)
        failed = False
        with watched(home, Full(room).before):
            try:
                operation.do(home)
            except BalletsearchError as error:
                failed = told(error, "No space left on device", f"room for {room} bytes")
        assert len(junk(home)) <= 4, room
        after_a_fault(operation, home, old, failed=failed, when=f"room for {room} bytes")
        ran("full disk: a layer that counts bytes")


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


@pytest.mark.parametrize("operation", FILLING, ids=lambda o: o.name)
def test_a_real_full_disk_leaves_the_old_state_or_the_new_one(quick, template, operation):
    old = held(template)
    pick = chance(f"full disk {operation.name}")
    disk = quick / "disk"
    for _ in range(figure(200)):
        # The pages that the index takes are there, and from none to all of what is needed more.
        pages = sum(-(-p.stat().st_size // 4096) + 1 for p in template.rglob("*")) + 8
        with small_disk(disk, 4096 * (pages + pick.randrange(40))):
            home = copied(template, disk / "index")
            failed = False
            try:
                operation.do(home)
            except BalletsearchError as error:
                failed = told(error, "No space left on device", "a full disk")
            found = state_of(home)
            assert found in ((old, operation.then(old)) if failed else (operation.then(old),))
            room = copied(home, quick / "index")
            after_a_fault(operation, room, old, failed=failed, when="a full disk")
        ran("full disk: a small file system")
