"""What if the disk refuses a call, once or from then on?

Every call of every operation is refused in turn. The operation has to end in an error of ours
or in success; the index is then in its old state or in the new one, nobody holds its lock, and
the same operation works as soon as the disk does.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from disk import watched
from effort import SHARE, chance, ran
from operations import Operation, adding, after_a_fault, merging, removal, same, told
from support import copied, held, letter

from balletsearch import BalletsearchError, Library

NEW = (letter("new", 7), letter("s1", 8))


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


OPERATIONS = [
    adding("the first commit", *NEW, empty=True),
    adding("a commit", *NEW),
    adding("a commit that merges", *NEW, merges=True),
    removal("s1", "s4"),
    merging,
    Operation("a rebuild", _rebuild, same),
]
QUESTIONS = [Operation("opening", _open, same), Operation("a search", _search, same)]


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


def begun(operation: Operation, template: Path, to: Path) -> Path:
    """Where an operation begins: a new copy of the index, or nothing."""
    copied(template, to)
    if operation.empty:
        for path in sorted(to.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        to.rmdir()
    return to


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
