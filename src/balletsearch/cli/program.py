"""Which commands are there, and what does a newcomer read first?"""

from __future__ import annotations

import shlex
from importlib import import_module
from typing import Final

import click

from balletsearch.cli.options import common

__all__ = ["program"]


COMMANDS: Final = {
    "index": "indexing",
    "search": "searching",
    "like": "liking",
    "complete": "completing",
    "facets": "counting",
    "show": "showing",
    "stats": "showing",
    "evaluate": "evaluating",
    "save": "saving",
    "queries": "saving",
    "export": "exporting",
    "check": "checking",
    "help": "topics",
}
"""The commands in the order in which they are needed first, and the room of each.

A room is imported when its command runs: nobody who searches waits for what building needs.
"""


class Program(click.Group):
    """The group of all commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click passes it
        """The names of the commands."""
        return list(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click passes it
        cmd_name: str,
    ) -> click.Command | None:
        """The command of a name."""
        if cmd_name not in COMMANDS:
            return None
        room = import_module(f"balletsearch.cli.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(room, "help_command" if cmd_name == "help" else cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was named; where there is none, what may have been meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            if args[0].startswith("-"):
                raise
            raise click.UsageError(_no_command(args), ctx) from error


def _no_command(args: list[str]) -> str:
    from difflib import get_close_matches

    said = f"There is no command '{args[0]}'"
    if near := get_close_matches(args[0], list(COMMANDS), n=1):
        return f"{said}. Did you mean '{near[0]}'?"
    words = [word for word in args if not word.startswith("-")]
    return f"{said}. To search for it: balletsearch search {shlex.join(words)}"


@click.group(
    cls=Program,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Begin like this:
  balletsearch index seeds
  balletsearch search '"swan lake" dancer:kalmurzaev'
  balletsearch help query

Results go to standard output, everything else to standard error. Exit codes: 0 found, 1 nothing
found, 2 error, 3 done but files were skipped; more in 'balletsearch help exit-codes', and how to
have commands completed by the shell in 'balletsearch help completion'.""",
)
@click.version_option(package_name="balletsearch", message="%(prog)s %(version)s")
@common
@click.pass_context
def program(context: click.Context) -> int:
    """Search stories: phrases, words spelled nearly so, fields, counts and passages.

    An index is built from a folder of texts (.txt, .md, .jsonl) and follows it.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
    return 0
