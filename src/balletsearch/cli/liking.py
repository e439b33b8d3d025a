"""`balletsearch like`: which stories have most in common with one, or with a text?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from balletsearch.cli import output
from balletsearch.cli.asking import chosen, selected, tell
from balletsearch.cli.opening import opened_for_search
from balletsearch.cli.options import Session, common, counted_field, json_option, where_option
from balletsearch.cli.outcomes import Outcome
from balletsearch.cli.searching import write_found
from balletsearch.errors import StoryError
from balletsearch.rendering.characters import visible
from balletsearch.rendering.results import total_line

if TYPE_CHECKING:
    from balletsearch.library import Library
    from balletsearch.model import Results

__all__ = ["like"]


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of one search, as click hands them over."""

    key: str | None
    text: Any
    limit: int
    show_all: bool
    offset: int
    facets: tuple[str, ...]
    where: tuple[tuple[str, str], ...]
    as_json: bool
    jsonl: bool
    fields: str | None
    no_snippets: bool

    def check(self, context: click.Context) -> None:
        """UsageError for options that cannot all be honoured."""
        given = context.get_parameter_source("limit")
        if (self.key is None) == (self.text is None):
            message = "What is it to be like? Give either the KEY of a story or --text FILE"
            raise click.UsageError(message, context)
        if self.show_all and given is click.core.ParameterSource.COMMANDLINE:
            raise click.UsageError("Give either --all or --limit, not both", context)
        if self.as_json and self.jsonl:
            raise click.UsageError("Give either --json or --jsonl, not both", context)
        if self.jsonl and self.facets:
            raise click.UsageError("--jsonl has no place for facets; use --json", context)

    def ask(self, library: Library, key: str | None) -> Results:
        """The answer of a library."""
        return library.like(
            key,
            text=None if self.text is None else _read(self.text),
            facets=self.facets,
            where=selected(self.where),
            offset=self.offset,
            limit=None if self.show_all else self.limit,
            snippets=not self.no_snippets,
        )


def _read(file: Any) -> str:
    """The text of a file as stories are read: whatever its encoding, mended, without a header."""
    from balletsearch.reading.decoding import decode
    from balletsearch.reading.headers import split_header
    from balletsearch.reading.repairing import repair

    try:
        return split_header(repair(decode(file.read()).text)[0])[1]
    except StoryError as error:
        raise StoryError(f"{visible(file.name)} cannot be read as a text: {error}") from error


@click.command(
    "like",
    epilog="""\b
Examples:
  balletsearch like 002_3644c97cb6daeaa2.txt
  balletsearch like seeds/000_a83f02dff7c4fe46.txt --where place=Moscow --json
  balletsearch like --text seeds/000_a83f02dff7c4fe46.txt -n 3

Looked for are the words that tell most of a story: frequent in it and rare elsewhere. With --json
the document is that of 'balletsearch search', and its 'query' shows those words.""",
)
@click.argument("key", required=False)
@click.option(
    "--text",
    type=click.File("rb"),
    metavar="FILE",
    help="Stories like the text in a file ('-': standard input) instead of like a story.",
)
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(0),
    metavar="N",
    default=10,
    help="Show so many stories (10 unless given); 0 shows only their number and facets.",
)
@click.option("--all", "show_all", is_flag=True, help="Show every story found.")
@click.option(
    "--offset",
    type=click.IntRange(0),
    metavar="N",
    default=0,
    help="Pass over so many stories first.",
)
@click.option(
    "--facet",
    "facets",
    shell_complete=counted_field,
    multiple=True,
    metavar="FIELD",
    help="Count the values of a field over all stories found. May be repeated.",
)
@where_option
@json_option
@click.option("--jsonl", is_flag=True, help="Print one JSON object a line for each story.")
@click.option("--fields", metavar="FIELD,...", help="Which metadata to show.")
@click.option("--no-snippets", is_flag=True, help="Leave the passages out.")
@common
@click.pass_context
def like(context: click.Context, /, **options: Any) -> int:
    """Find the stories that have most in common with one.

    KEY is its key or, where that names only one story, the end of it, such as the file name.
    """
    session = context.ensure_object(Session)
    asked = Asked(**options)
    asked.check(context)
    with opened_for_search(session) as library:
        fields = None if asked.fields is None else chosen(library, asked.fields)
        keys = library.find(asked.key) if asked.key is not None else ()
        if len(keys) > 1:
            output.say(f"balletsearch: {visible(asked.key or '')} may be any of these; give more:")
            output.say(*(f"  {visible(one)}" for one in keys))
            return Outcome.ERROR
        if asked.key is not None and not keys:
            output.say(f"There is no story {visible(asked.key)} in the index.")
            return Outcome.NOTHING
        results = asked.ask(library, keys[0] if keys else None)
    if not asked.as_json:
        tell(results)
    write_found(
        results,
        output.style(session.color),
        fields,
        offset=asked.offset,
        as_json=asked.as_json,
        jsonl=asked.jsonl,
    )
    if not asked.as_json:
        output.say(total_line(results, asked.offset))
    return Outcome.FOUND if results.total else Outcome.NOTHING
