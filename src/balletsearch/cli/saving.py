"""`balletsearch save` and `balletsearch queries`: how is a query kept under a name?"""

from __future__ import annotations

import click

from balletsearch.cli import output
from balletsearch.cli.asking import QueryCommand
from balletsearch.cli.opening import opened
from balletsearch.cli.options import Session, common, json_option
from balletsearch.cli.outcomes import Outcome
from balletsearch.rendering.characters import visible
from balletsearch.rendering.documents import dumps

__all__ = ["queries", "save"]


@click.command(
    "save",
    cls=QueryCommand,
    epilog="""\b
Examples:
  balletsearch save swans '"swan lake" OR odette OR odile'
  balletsearch search query:swans moscow
  balletsearch save --remove swans

Saved queries are in the text file queries.toml beside the collection; 'balletsearch queries' lists
them.""",
)
@click.argument("name")
@click.argument("words", nargs=-1, metavar="QUERY...")
@click.option("--remove", is_flag=True, help="Forget the query of this name.")
@common
@click.pass_context
def save(context: click.Context, /, name: str, words: tuple[str, ...], remove: bool) -> int:
    """Keep a query under a NAME, to be asked for as query:NAME, alone or within others."""
    session = context.ensure_object(Session)
    if remove == bool(words):
        raise click.UsageError("Give a QUERY to save, or --remove to forget one, not both", context)
    with opened(session) as library:
        if remove:
            if not library.unsave(name):
                output.say(f"No query is saved as '{visible(name)}'.")
                return Outcome.NOTHING
            output.say(f"Forgotten: query:{visible(name)}.")
            return Outcome.FOUND
        session.query = " ".join(words)
        replaced = library.save(name, session.query)
    instead = ", in place of the one before" if replaced else ""
    output.say(f"Saved{instead}. Ask for it with query:{visible(name)}.")
    return Outcome.FOUND


@click.command(
    "queries",
    epilog="""\b
Examples:
  balletsearch queries
  balletsearch queries --json""",
)
@json_option
@common
@click.pass_context
def queries(context: click.Context, /, as_json: bool) -> int:
    """List the saved queries."""
    session = context.ensure_object(Session)
    with opened(session) as library:
        saved = dict(sorted(library.queries().items()))
    if as_json:
        output.write([dumps(saved, ascii_only=output.ascii_only(), indent=1)])
    else:
        output.write(f"{visible(name)}\t{visible(text)}" for name, text in saved.items())
    if not saved:
        output.say("No query is saved. To save one: balletsearch save NAME QUERY.")
    return Outcome.FOUND if saved else Outcome.NOTHING
