"""How far is it? A bar on standard error, where that is a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

__all__ = ["progress"]

CELLS: Final = 30
"""Columns of the bar itself."""

PAUSE: Final = 0.1
"""Seconds between two pictures: more would only slow the work down."""


@contextmanager
def progress() -> Iterator[Callable[[int, int], None] | None]:
    """What the work is to tell how many of how many are done; None without a terminal."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    bar = _Bar()
    try:
        yield bar.show
    finally:
        bar.wipe()


class _Bar:
    """One line that is written over and over, and wiped in the end."""

    def __init__(self) -> None:
        self._length = 0
        self._shown = 0.0

    def show(self, done: int, total: int) -> None:
        """So many of so many are done."""
        now = time.monotonic()
        if now - self._shown >= PAUSE:
            self._shown = now
            full = CELLS * done // max(total, 1)
            self._write(f"[{'#' * full}{'-' * (CELLS - full)}] {done} of {total}")

    def wipe(self) -> None:
        """Leave an empty line for what follows."""
        if self._length:
            self._write(" " * self._length)
            self._write("")

    def _write(self, text: str) -> None:
        with suppress(OSError, ValueError):  # a bar is never worth an error
            sys.stderr.write(f"\r{text}")
            sys.stderr.flush()
        self._length = len(text)
