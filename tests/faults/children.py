"""What do other processes do to an index while a test looks on?

Run as a program this is a nursery: it has everything imported, and forks a child for each line
it is given, so that a child is at work within milliseconds. Children tell what they did in files
of one JSON text a line, which outlive them however they end.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from support import State, letter, merging_always, wrote

from balletsearch import IndexLockedError, Library

__all__ = ["Nursery", "nursery", "told"]


def _tell(file: str, what: Any) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(handle, (json.dumps(what) + "\n").encode())
    os.close(handle)


def told(file: Path) -> list[Any]:
    """What a child has told so far; a last line that was cut short by its end is left out."""
    if not file.exists():
        return []
    lines = file.read_bytes().split(b"\n")
    return [json.loads(line) for line in lines[:-1]]


def commit_on(*, home: str, tell: str, mode: str, seed: int, state: State) -> None:
    """Commit without end; tell before each commit what will be, and after it that it is."""
    chance = random.Random(seed)
    with merging_always() if mode == "merge" else nullcontext(), Library.open(home) as library:
        _tell(tell, "ready")
        for number in range(seed * 1000, seed * 1000 + 1000):
            if mode == "delete" and len(state) > 4:
                gone = chance.sample(sorted(state), 2)
                then = {k: v for k, v in state.items() if k not in gone}
                _tell(tell, ["will", then])
                library.remove(*gone)
            else:
                keys = sorted(state) if mode == "update" and len(state) > 8 else []
                some = chance.sample(keys, 3) if keys else [f"n{number}-{i}" for i in range(3)]
                new = [letter(key, number) for key in some]
                then = wrote(state, *new)
                _tell(tell, ["will", then])
                library.add(*new)
            _tell(tell, ["did", then])
            state = then


def compete(*, home: str, tell: str, name: str, commits: int, patience: float) -> None:
    """Commit one story after the other; tell of each that was committed, and who had the lock."""
    with Library.open(home, patience=patience) as library:
        for number in range(commits):
            one = letter(f"{name}-{number}", number)
            while True:
                try:
                    library.add(one)
                except IndexLockedError as error:
                    _tell(tell, ["locked", str(error)])
                    continue
                _tell(tell, ["did", one.key])
                break


def rewrite(*, home: str, tell: str, seed: int, until: float, rebuilds: bool) -> None:
    """Commit whole generations: every story changes its version with each commit."""
    chance = random.Random(seed)
    with Library.open(home) as library, merging_always() if seed % 2 else nullcontext():
        number = 0
        while not number or time.monotonic() < until:
            number += 1
            library.add(*[letter(f"s{i}", number) for i in range(6)])
            _tell(tell, number)
            if rebuilds and chance.random() < 0.05:
                library.rebuild()


def read_on(*, home: str, tell: str, until: float, reopening: bool) -> None:
    """Search until then, and twice on any machine.

    Every answer has to be of one generation, and of no older one.
    """
    done, newest = 0, 0
    library = Library.open(home)
    while done < 2 or time.monotonic() < until:
        if reopening:
            library.close()
            library = Library.open(home)
        newest = at_one(library, newest)
        done += 1
    _tell(tell, done)


def at_one(library: Library, newest: int) -> int:
    """The version that all stories are of, by one search; never older than the newest so far."""
    hits = library.search("swan", limit=None).hits
    bodies = {hit.key: hit.story.body for hit in hits}
    version = int(hits[0].story.body.partition("version")[2].partition(".")[0])
    assert bodies == {f"s{i}": letter(f"s{i}", version).body for i in range(6)}
    assert version >= newest, f"version {version} after {newest}"
    assert not library.degraded
    return version


TASKS: dict[str, Callable[..., None]] = {
    "commit_on": commit_on,
    "compete": compete,
    "rewrite": rewrite,
    "read_on": read_on,
}


class Nursery:
    """Starts children, and waits for them."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def _ask(self, what: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def start(self, task: str, **given: Any) -> int:
        """Begin a task; the number of its process."""
        return int(self._ask([task, given]))

    def wait(self, child: int) -> int:
        """Until a child has ended; its status, 0 where all was well, negative if killed."""
        return int(self._ask(["wait", child]))


@contextmanager
def nursery() -> Iterator[Nursery]:
    """A nursery that is closed at the end."""
    with subprocess.Popen(
        [sys.executable, __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        yield Nursery(process)
        assert process.stdin is not None
        process.stdin.close()


def _warm() -> None:
    """Load all that a first commit and a first search load."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder, Library.open(Path(folder) / "x") as library:
        library.add(letter("a", 1))
        library.search("swan OR lkae~")


def _answer(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def _main() -> None:
    _warm()
    for line in sys.stdin:
        task, given = json.loads(line)
        if task == "wait":
            _answer(os.waitstatus_to_exitcode(os.waitpid(given, 0)[1]))
            continue
        child = os.fork()
        if not child:
            status = 1
            try:
                TASKS[task](**given)
                status = 0
            finally:
                if status:
                    sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
                os._exit(status)
        _answer(child)


if __name__ == "__main__":
    _main()
