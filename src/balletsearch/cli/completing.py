"""`balletsearch complete`: how may a query go on that is being typed?"""

from __future__ import annotations

import click

from balletsearch.cli import output
from balletsearch.cli.asking import QueryCommand
from balletsearch.cli.opening import opened_for_search
from balletsearch.cli.options import Session, common, json_option
from balletsearch.cli.outcomes import Outcome
from balletsearch.model import as_json as plain_values
from balletsearch.rendering.characters import one_line
from balletsearch.rendering.documents import dumps

__all__ = ["complete"]


@click.command(
    "complete",
    cls=QueryCommand,
    epilog="""\b
Examples:
  balletsearch complete danc
  balletsearch complete 'moscow work:sw' --json
  balletsearch complete place: -n 3

Each line is the whole query, a tab, the number of stories that have the word, the value or the
field, a tab, and which of these it is.""",
)
@click.argument("words", nargs=-1, metavar="QUERY...")
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(0),
    metavar="N",
    default=10,
    help="Show so many at most (10 unless given).",
)
@json_option
@common
@click.pass_context
def complete(
    context: click.Context, /, *, words: tuple[str, ...], limit: int, as_json: bool
) -> int:
    """Tell how a query may go on whose last word is begun.

    With words of the collection, names of fields, and behind the name of a field its values.
    """
    if not words:
        raise click.UsageError("Which QUERY? As in: balletsearch complete danc", context)
    session = context.ensure_object(Session)
    session.query = text = " ".join(words)
    with opened_for_search(session) as library:
        found = library.complete(text, limit=limit)
    if as_json:
        document = {"query": text, "completions": plain_values(found)}
        output.write([dumps(document, ascii_only=output.ascii_only(), indent=1)])
    else:
        output.write(f"{one_line(one.text)}\t{one.count}\t{one.kind}" for one in found)
    return Outcome.FOUND if found else Outcome.NOTHING
