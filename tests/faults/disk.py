"""What if the disk fails, fills up, or forgets? A layer between the program and its files.

While :func:`watched`, every call that reaches files below a folder is told before it is made,
and may be refused by an OSError; what it did is told after. Files are opened unbuffered below
their buffers, so that each write that reaches the system counts.
"""

from __future__ import annotations

import builtins
import io
import mmap
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

__all__ = ["CHANGING", "watched"]

Told = Callable[[str, Any, int], None]
"""What is done, to which path or handle, and of how many bytes."""

CHANGING = frozenset(
    {"create", "write", "fsync", "replace", "rename", "unlink", "mkdir", "rmdir", "truncate"}
)
"""What changes something on a disk, or makes sure of it."""

_CALLS = ("fsync", "replace", "rename", "unlink", "mkdir", "rmdir", "listdir", "stat", "fstat")


def _nothing(_what: str, _where: Any, _size: int) -> None:
    pass


def _once(tell: Told) -> Told:
    """Do not tell of what is done while it is told."""
    busy: set[int] = set()

    def told(what: str, where: Any, size: int) -> None:
        thread = threading.get_ident()
        if thread not in busy:
            busy.add(thread)
            try:
                tell(what, where, size)
            finally:
                busy.discard(thread)

    return told


@contextmanager
def watched(  # noqa: C901 - one small function for each call that is watched
    folder: Path, before: Told = _nothing, after: Told = _nothing
) -> Iterator[None]:
    """Tell of every call to a file below `folder`."""
    root = os.fspath(folder)
    before, after = _once(before), _once(after)
    open_file, open_handle, map_file = io.open, os.open, mmap.mmap
    handles: set[int] = set()

    def ours(where: Any) -> bool:
        if isinstance(where, int):
            return where in handles
        try:
            return os.fspath(where).startswith(root)
        except TypeError:
            return False

    class Raw(io.FileIO):
        def write(self, data: Any) -> int:
            size = memoryview(data).nbytes
            before("write", self.name, size)
            done = super().write(data)
            after("write", self.name, size)
            return done

        def readinto(self, data: Any) -> int | None:
            before("read", self.name, 0)
            return super().readinto(data)

        def readall(self) -> bytes:
            before("read", self.name, 0)
            return super().readall()

        def close(self) -> None:
            if not self.closed:
                handles.discard(self.fileno())
            super().close()

    def opened(  # noqa: PLR0917 - as the open of Python takes them
        file: Any,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        closefd: bool = True,
        opener: Any = None,
    ) -> Any:
        if not ours(file):
            return open_file(file, mode, buffering, encoding, errors, newline, closefd, opener)
        # A file without a name is made by an opener, in the folder that it is given.
        what = "open" if mode.startswith("r") or opener else "create"
        before(what, file, 0)
        raw = Raw(file, mode.replace("b", "").replace("t", ""), closefd, opener)
        handles.add(raw.fileno())
        after(what, file, 0)
        kind: Any = io.BufferedReader if mode.startswith("r") else io.BufferedWriter
        buffered = (io.BufferedRandom if "+" in mode else kind)(raw)
        return buffered if "b" in mode else io.TextIOWrapper(buffered, encoding, errors, newline)

    def handle(path: Any, flags: int, *args: Any, **named: Any) -> int:
        if not ours(path) and named.get("dir_fd") is None:
            return open_handle(path, flags, *args, **named)
        before("open", path, 0)
        got = open_handle(path, flags, *args, **named)
        handles.add(got)
        return got

    def mapped(fileno: int, *args: Any, **named: Any) -> mmap.mmap:
        if ours(fileno):
            before("mmap", fileno, 0)
        return map_file(fileno, *args, **named)

    def call(name: str) -> Callable[..., Any]:
        real = getattr(os, name)

        def made(where: Any = ".", *args: Any, **named: Any) -> Any:
            if not ours(where) and named.get("dir_fd") is None:
                return real(where, *args, **named)
            before(name, where, 0)
            got = real(where, *args, **named)
            after(name, where, 0)
            return got

        return made

    close_handle = os.close

    def closed(got: int) -> None:
        handles.discard(got)
        close_handle(got)

    with ExitStack() as stack:
        stack.enter_context(patch.object(os, "close", closed))
        for module in (io, builtins):
            stack.enter_context(patch.object(module, "open", opened))
        stack.enter_context(patch.object(os, "open", handle))
        stack.enter_context(patch.object(mmap, "mmap", mapped))
        for name in _CALLS:
            stack.enter_context(patch.object(os, name, call(name)))
        yield
