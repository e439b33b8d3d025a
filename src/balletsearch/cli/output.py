"""Where do lines go? Results to standard output, all else to standard error.

A reader that closes the pipe has seen enough: that is no error. What the encoding of an output
cannot hold is written as an escape; nothing crashes on it.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from io import TextIOWrapper
from typing import Final, TextIO

import click

from balletsearch.rendering.style import Style

__all__ = ["PipeClosedError", "ascii_only", "let_go", "prepare", "say", "style", "write"]

CHUNK: Final = 32_768
"""Characters written at once."""

WIDEST: Final = 100
"""Columns: longer lines are hard to read."""

_CLOSED: Final = {errno.EPIPE} if os.name != "nt" else {errno.EPIPE, errno.EINVAL}
"""What writing to a closed pipe gives; Windows gives either."""


class PipeClosedError(Exception):
    """Whoever read standard output has stopped reading."""


def prepare() -> None:
    """Let both outputs write whatever their encoding cannot hold as escapes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def style(choice: str) -> Style:
    """How standard output is to look; `choice` is that of --color."""
    terminal = _is_terminal(sys.stdout)
    columns = min(shutil.get_terminal_size().columns, WIDEST) if terminal else 0
    return Style(_colour(choice, terminal), columns)


def _colour(choice: str, terminal: bool) -> bool:
    if choice != "auto":
        return choice == "always"
    return terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()


def ascii_only() -> bool:
    """Whether standard output cannot hold every character, so that JSON has to escape them."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return not encoding.lower().replace("_", "-").startswith("utf")


def write(lines: Iterable[str], *, colour: bool = False) -> None:
    """Write lines to standard output.

    PipeClosedError where its reader has gone, OSError where it cannot be written otherwise.
    """
    if sys.stdout is None:
        raise OSError(errno.EBADF, "Standard output is closed, so there is nowhere to write to")
    for chunk in _chunks(lines):
        _put(chunk, colour)


def _put(chunk: str, colour: bool) -> None:
    try:
        # Flushes, and turns colours into what old consoles of Windows understand.
        click.echo(chunk, nl=False, file=sys.stdout, color=colour)
    except OSError as error:
        let_go()
        if error.errno in _CLOSED:
            raise PipeClosedError from error
        raise OSError(
            error.errno, f"Standard output cannot be written: {error.strerror}"
        ) from error


def _chunks(lines: Iterable[str]) -> Iterator[str]:
    waiting: list[str] = []
    length = 0
    for line in lines:
        waiting += (line, "\n")
        length += len(line) + 1
        if length > CHUNK:
            yield "".join(waiting)
            waiting, length = [], 0
    if waiting:
        yield "".join(waiting)


def say(*lines: str) -> None:
    """Write lines to standard error; if that is impossible, there is nobody to tell."""
    if lines:
        with suppress(OSError, ValueError):
            click.echo("\n".join(lines), file=sys.stderr, color=False)


def let_go() -> None:
    """Turn standard output away from where it cannot be written, so that ending does not try."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
