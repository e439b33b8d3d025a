"""How did it end? The exit codes, and what each kind of error says and returns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from enum import IntEnum
from typing import Final

import click

from balletsearch.errors import BalletsearchError, QueryError
from balletsearch.rendering.characters import one_line
from balletsearch.rendering.problems import problem_lines

__all__ = ["MEANINGS", "NAME", "Outcome", "error_lines"]

NAME: Final = "balletsearch"


class Outcome(IntEnum):
    """The exit codes."""

    FOUND = 0
    NOTHING = 1
    ERROR = 2
    SKIPPED = 3
    DAMAGED = 4
    STOPPED = 130


MEANINGS: Final = {
    Outcome.FOUND: "found something, or done",
    Outcome.NOTHING: "nothing was found",
    Outcome.ERROR: "an error, or a command that makes no sense as written",
    Outcome.SKIPPED: "done, but some files were skipped (they are named on standard error)",
    Outcome.DAMAGED: "the index is damaged: an older state of it answered, or check found faults",
    Outcome.STOPPED: "stopped by Ctrl-C",
}


def error_lines(error: Exception, query: str) -> Iterator[str]:
    """What is said of an error; `query` is what was being asked, for errors in it."""
    match error:
        case QueryError(problems=problems) if problems:
            # Places count in the text as the parser sees it.
            yield from problem_lines(unicodedata.normalize("NFC", query), problems, f"{NAME}: ")
        case BalletsearchError():
            yield f"{NAME}: {one_line(str(error))}"
        case click.UsageError():
            yield f"{NAME}: {one_line(error.format_message())}"
            command = error.ctx.command_path if error.ctx else NAME
            yield f"Try '{command} --help'."
        case click.ClickException():
            yield f"{NAME}: {one_line(error.format_message())}"
        case OSError():
            where = f": {one_line(str(error.filename))}" if error.filename else ""
            yield f"{NAME}: {one_line(error.strerror or str(error))}{where}"
        case _:
            raise TypeError(f"no message for {type(error).__name__}") from error
