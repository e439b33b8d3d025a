"""`balletsearch show` and `stats`: what is in the index, of one story and of all?"""

from __future__ import annotations

import click

from balletsearch.cli import output
from balletsearch.cli.asking import chosen
from balletsearch.cli.opening import opened
from balletsearch.cli.options import Session, common, json_option
from balletsearch.cli.outcomes import Outcome
from balletsearch.model import as_json as plain_values
from balletsearch.rendering.characters import visible
from balletsearch.rendering.documents import dumps, whole
from balletsearch.rendering.stories import field_lines, stats_lines, story_lines

__all__ = ["show", "stats"]


@click.command(
    "show",
    epilog="""\b
Examples:
  balletsearch show seeds/002_3644c97cb6daeaa2.txt
  balletsearch show 002_3644c97cb6daeaa2.txt --field work
  balletsearch show 002_3644c97cb6daeaa2.txt --field body
  balletsearch show 002_3644c97cb6daeaa2.txt --json

The key of a story is printed below its title by 'balletsearch search'.""",
)
@click.argument("key")
@click.option("--field", metavar="FIELD", help="Print the values of this field only, or the body.")
@json_option
@common
@click.pass_context
def show(context: click.Context, key: str, field: str | None, as_json: bool) -> int:
    """Show one story: what is known of it, and its text.

    KEY is its key or, where that names only one story, the end of it, such as the file name.
    """
    if field is not None and as_json:
        raise click.UsageError("Give either --field or --json, not both", context)
    session = context.ensure_object(Session)
    with opened(session) as library:
        names = chosen(library, field) if field is not None else ()
        keys = library.find(key)
        story = library.get(keys[0]) if len(keys) == 1 else None
    if len(keys) > 1:
        output.say(f"balletsearch: {visible(key)} may be any of these; give more of the path:")
        output.say(*(f"  {visible(one)}" for one in keys))
        return Outcome.ERROR
    if story is None:
        output.say(f"There is no story {visible(key)} in the index.")
        return Outcome.NOTHING
    style = output.style(session.color)
    if as_json:
        output.write([dumps(whole(story), ascii_only=output.ascii_only(), indent=1)])
    elif names:
        lines = [line for name in names for line in field_lines(story, name)]
        output.write(lines)
        if not lines:
            output.say(f"The story has no {visible(', '.join(names))}.")
            return Outcome.NOTHING
    else:
        output.write(story_lines(story, style), colour=style.colour)
    return Outcome.FOUND


@click.command(
    "stats",
    short_help="Tell what the index holds.",
    epilog="""\b
Examples:
  balletsearch stats
  balletsearch stats --json""",
)
@json_option
@common
@click.pass_context
def stats(context: click.Context, as_json: bool) -> int:
    """Tell what the index holds: stories, words, fields, and from which folders."""
    with opened(context.ensure_object(Session)) as library:
        held = library.stats()
    if as_json:
        ascii_only = output.ascii_only()
        output.write([dumps(plain_values(held), ascii_only=ascii_only, indent=1)])
    else:
        output.write(stats_lines(held))
    return Outcome.FOUND
