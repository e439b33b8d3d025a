"""`balletsearch export`: how do all stories get out again?"""

from __future__ import annotations

import gzip
import os
import secrets
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

A line holds 'id' (the key), 'text' and what the header of the story says, and can be indexed
again: balletsearch index stories.jsonl. With --full it holds 'key', 'path', 'header', 'fields'
and 'text', for other programs.""",
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
@common
@click.pass_context
def export(context: click.Context, target: str, full: bool) -> int:
    """Write all stories as JSON Lines, one story a line."""
    session = context.ensure_object(Session)
    as_record = whole if full else exported
    with opened(session) as library:
        ascii_only = target == "-" and output.ascii_only()
        lines = (dumps(as_record(story), ascii_only=ascii_only) for story in library.stories())
        if target == "-":
            output.write(lines)
        else:
            session.when_stopped = f"{target} was left as it was."
            count = _save(Path(target), lines)
            output.say(f"{stories(count)} in {visible(target)}")
    return Outcome.FOUND


def _save(file: Path, lines: Iterable[str]) -> int:
    """Write a file, all of it or nothing; how many lines."""
    count = 0
    with _aside(file) as opened_file:
        for line in lines:
            opened_file.write(line + "\n")
            count += 1
    return count


@contextmanager
def _aside(file: Path) -> Iterator[TextIO]:
    """A file that takes the place of `file` when all has been written, and else is gone."""
    aside = file.with_name(f".{secrets.token_hex(4)}-{file.name}")
    opener = gzip.open if file.name.endswith(".gz") else open
    try:
        with opener(aside, "wt", encoding="utf-8", newline="\n") as opened_file:
            yield cast(TextIO, opened_file)
        os.replace(aside, file)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(file)) from error
    finally:
        aside.unlink(missing_ok=True)
