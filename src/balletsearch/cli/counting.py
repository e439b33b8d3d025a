"""`balletsearch facets`: which values does a field have, and in how many stories?"""

from __future__ import annotations

from typing import Any

import click

from balletsearch.cli import output
from balletsearch.cli.asking import EVERYTHING, QueryCommand, selected, tell
from balletsearch.cli.faceting import facet_options, facet_requests
from balletsearch.cli.opening import opened_for_search
from balletsearch.cli.options import Session, common, counted_field, json_option, where_option
from balletsearch.cli.outcomes import Outcome
from balletsearch.fields import FIELDS
from balletsearch.rendering.documents import dumps, facets_document
from balletsearch.rendering.results import facet_rows, stories

__all__ = ["facets"]


@click.command(
    "facets",
    cls=QueryCommand,
    epilog="""\b
Examples:
  balletsearch facets work
  balletsearch facets work place --query 'swan' --json
  balletsearch facets role --where work='Swan Lake' -n 5
  balletsearch facets place --below Europe --level 1
  balletsearch facets dancer --find kal --sort value
  balletsearch facets words --bounds 400,450

Each line is a value, a tab and the number of stories; with several fields the name of the field
and a tab stand before. Without --query all stories count. Many numbers, and dates, are counted
in ranges; each value and each range can be given to --where as it is shown.""",
)
@click.argument("fields", nargs=-1, shell_complete=counted_field, metavar="FIELD...")
@click.option("--query", default=EVERYTHING, help="Count only the stories that this finds.")
@where_option
@click.option(
    "-n", "--limit", type=click.IntRange(0), metavar="N", help="Show so many values of each field."
)
@facet_options("")
@json_option
@common
@click.pass_context
def facets(
    context: click.Context,
    /,
    *,
    fields: tuple[str, ...],
    query: str,
    where: tuple[tuple[str, str], ...],
    limit: int | None,
    as_json: bool,
    **options: Any,
) -> int:
    """Count the values of fields, the most frequent first.

    A story counts once for each value it has.
    """
    if not fields:
        have = ", ".join(field.name for field in FIELDS.values() if field.facet)
        message = f"Which FIELD? There are {have}, and those from headers"
        raise click.UsageError(message, context)
    session = context.ensure_object(Session)
    session.query = query
    with opened_for_search(session) as library:
        wanted = facet_requests(fields, options, limit)
        results = library.search(
            query, facets=wanted, where=selected(where), limit=0, suggest=False
        )
    if as_json:
        document = facets_document(results)
        output.write([dumps(document, ascii_only=output.ascii_only(), indent=1)])
    else:
        tell(results)
        output.write(facet_rows(results.facets))
        for facet in results.facets.values():
            if facet.more:
                output.say(f"{len(facet.values)} of {facet.distinct} values of {facet.field}")
            if facet.missing:
                output.say(f"{stories(facet.missing)} without {facet.field}")
    return Outcome.FOUND if any(f.values for f in results.facets.values()) else Outcome.NOTHING
