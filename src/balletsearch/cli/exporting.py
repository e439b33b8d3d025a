"""`balletsearch export`: how do all stories get out again?"""

from __future__ import annotations

import gzip
import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO, cast

import click

from balletsearch.cli import output
from balletsearch.cli.opening import opened
from balletsearch.cli.options import Session, common
from balletsearch.cli.outcomes import Outcome
from balletsearch.rendering.characters import visible
from balletsearch.rendering.documents import dumps, exported, whole
from balletsearch.rendering.results import stories

__all__ = ["export"]


@click.command(
    "export",
    epilog="""\b
Examples:
  balletsearch export --output stories.jsonl
  balletsearch export --output stories.jsonl.gz
  balletsearch export --full --output all.jsonl
  balletsearch export --whoosh stories.whoosh

A line holds 'id' (the key), 'text' and what the header of the story says, and can be indexed
again: balletsearch index stories.jsonl. With --full it holds 'key', 'path', 'header', 'fields'
and 'text', for other programs. With --whoosh a folder is written that any Whoosh opens
(whoosh.index.open_dir), without balletsearch.""",
)
@click.option(
    "-o",
    "--output",
    "target",
    metavar="FILE",
    default="-",
    help="Write here instead of standard output; compressed if the name ends in .gz.",
)
@click.option("--full", is_flag=True, help="Write all that the index knows of each story.")
@click.option(
    "--whoosh",
    "folder",
    metavar="DIR",
    help="Write a stock Whoosh index into a new or empty folder instead.",
)
@common
@click.pass_context
def export(context: click.Context, target: str, full: bool, folder: str | None) -> int:
    """Write all stories as JSON Lines, one story a line, or as a stock Whoosh index."""
    session = context.ensure_object(Session)
    if folder is not None:
        if full or target != "-":
            raise click.UsageError("--whoosh takes no --output and no --full", context)
        return _export_whoosh(session, folder)
    as_record = whole if full else exported
    with opened(session) as library:
        ascii_only = target == "-" and output.ascii_only()
        lines = (dumps(as_record(story), ascii_only=ascii_only) for story in library.stories())
        if target == "-":
            output.write(lines)
        else:
            file = Path(target)
            aside = _can_be_replaced(file)
            if aside:
                session.when_stopped = f"{target} was left as it was."
            count = _save(file, lines, aside=aside)
            output.say(f"{stories(count)} in {visible(target)}")
    return Outcome.FOUND


def _export_whoosh(session: Session, folder: str) -> int:
    from balletsearch.whoosh_view import export_whoosh

    with opened(session) as library:
        session.when_stopped = f"{folder} was left as it was."
        count = export_whoosh(library, folder)
    output.say(f"{stories(count)} in {visible(folder)}")
    return Outcome.FOUND


def _can_be_replaced(file: Path) -> bool:
    """Whether another file may take its place: not that of a device, a pipe or a folder."""
    try:
        return stat.S_ISREG(file.stat().st_mode)
    except FileNotFoundError:
        return True


def _save(file: Path, lines: Iterable[str], *, aside: bool) -> int:
    """Write to a file, with `aside` all of it or nothing; how many lines."""
    count = 0
    with _aside(file) if aside else _opened(file, file.name) as opened_file:
        for line in lines:
            opened_file.write(line + "\n")
            count += 1
    return count


@contextmanager
def _aside(file: Path) -> Iterator[TextIO]:
    """A file that takes the place of `file` when all has been written, and else is gone.

    A link stays: the file that it leads to is replaced.
    """
    target = Path(os.path.realpath(file))
    aside = target.with_name(f".{secrets.token_hex(4)}-{target.name}")
    try:
        with _opened(aside, file.name) as opened_file:
            yield opened_file
        os.replace(aside, target)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(file)) from error
    finally:
        aside.unlink(missing_ok=True)


def _opened(file: Path, name: str) -> TextIO:
    """The file opened for writing, compressed if `name` says so."""
    opener = gzip.open if name.endswith(".gz") else open
    return cast(TextIO, opener(file, "wt", encoding="utf-8", newline="\n"))
