"""What do the commands that ask have in common? The query as typed, selections, and remarks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import click

from balletsearch.cli import output
from balletsearch.cli.opening import opened
from balletsearch.cli.outcomes import Outcome
from balletsearch.errors import OLDER, QueryError
from balletsearch.fields import FIELDS, canonical
from balletsearch.rendering.characters import one_line, visible
from balletsearch.rendering.problems import problem_lines

if TYPE_CHECKING:
    from balletsearch.cli.options import Session
    from balletsearch.library import Library
    from balletsearch.model import Results

__all__ = ["EVERYTHING", "QueryCommand", "chosen", "list_fields", "selected", "tell"]

EVERYTHING: Final = "*"
"""The query that finds every story."""


class QueryCommand(click.Command):
    """A command with a query, whose words may look like options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The arguments as click reads them; an unknown option may have been meant as a word."""
        typed = list(args)
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            meant = _meant_as_word(error, typed)
            if meant is None:
                raise
            raise click.UsageError(
                f"{error.format_message().rstrip('.')}. If '{meant}' belongs to the query, write "
                f"'--' before the query, behind the options: {ctx.command_path} -- {meant}",
                ctx,
            ) from error


def _meant_as_word(error: click.UsageError, typed: Iterable[str]) -> str | None:
    """The argument that began with "-", if it was no option of ours."""
    words = [w for w in typed if w[:1] == "-" and w[1:2].isalpha()]
    if isinstance(error, click.NoSuchOption):
        return next((w for w in words if error.option_name[1:] in w), None)
    return next((w for w in words if w.startswith("-n") and w[2:].isalpha()), None)


def selected(where: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Field → the values that were selected in it."""
    out: dict[str, list[str]] = {}
    for field, value in where:
        out.setdefault(field, []).append(value)
    return out


def tell(results: Results) -> None:
    """Say on standard error what could not be meant as typed, and what else is to be known.

    That an older state answered is said of every command when it ends.
    """
    output.say(*problem_lines(results.query.text, results.problems, "note: "))
    output.say(*(f"note: {one_line(text)}" for text in results.notes if not text.startswith(OLDER)))


def chosen(library: Library, names: str) -> tuple[str, ...]:
    """The canonical names of fields given with commas; QueryError where one does not exist."""
    out: dict[str, None] = {}
    for name in filter(None, (part.strip() for part in names.split(","))):
        known = canonical(name)
        if known not in FIELDS and known not in library.fields():
            have = ", ".join({**FIELDS, **library.fields()})
            raise QueryError(f"There is no field '{name}'; there are {have}.")
        out[known] = None
    return tuple(out)


def list_fields(session: Session) -> int:
    """Print the fields there are, those from headers too: name, tab, meaning."""
    with opened(session) as library:
        brought = library.fields() if library.exists else {}
    fields = {**FIELDS, **{name: field for name, field in brought.items() if name not in FIELDS}}
    output.write(f"{visible(name)}\t{field.help}" for name, field in fields.items())
    return Outcome.FOUND
