"""Who may write to an index now?

One process at a time, by a lock of the operating system that is free as soon as its holder is
gone, however it went. A file beside it says who holds it, for the message that others get.
Readers never ask.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from balletsearch.errors import IndexFaultError, IndexLockedError

__all__ = ["LOCK_FILES", "PATIENCE", "write_lock"]

LOCK: Final = "write.lock"
HOLDER: Final = "write.holder"
LOCK_FILES: Final = (LOCK, HOLDER)

PATIENCE: Final = 60.0
"""Seconds that a writer waits for another one before it gives up."""


@contextmanager
def write_lock(
    folder: Path, patience: float = PATIENCE, on_wait: Callable[[str], None] | None = None
) -> Iterator[None]:
    """Hold the lock of the index in `folder`, waiting up to `patience` seconds for it.

    `on_wait` is told once whom it is waiting for. IndexLockedError names the holder when
    patience ends.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(folder / LOCK)
    try:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            if on_wait is not None and patience > 0:
                on_wait(f"{folder} is being written by {_holder(folder)}; waiting for it.")
            lock.acquire(timeout=patience)
    except Timeout:
        raise IndexLockedError(
            f"{folder} is being written by {_holder(folder)}, still after {patience:g} seconds. "
            "Try again when it is done."
        ) from None
    except OSError as error:
        raise IndexFaultError(
            f"{folder / LOCK} cannot be had ({error.strerror or error}), so nothing was written."
        ) from error
    try:
        # Who it is matters to a message of others only: no write fails for it.
        with suppress(OSError):
            _say_who(folder)
        yield
    finally:
        with suppress(OSError):
            (folder / HOLDER).unlink(missing_ok=True)
        lock.release()


def _say_who(folder: Path) -> None:
    who = {
        "pid": os.getpid(),
        "host": platform.node(),
        "program": Path(sys.argv[0]).name if sys.argv else "python",
        "since": time.time(),
    }
    (folder / HOLDER).write_text(json.dumps(who), "utf-8")


def _holder(folder: Path) -> str:
    try:
        who = json.loads((folder / HOLDER).read_text("utf-8"))
        age = max(0, round(time.time() - float(who["since"])))
        return f"process {who['pid']} ({who['program']}) on {who['host']}, for {age} seconds"
    except (OSError, ValueError, KeyError, TypeError):
        # Between taking the lock and saying so there is a moment.
        return "another process"
