"""`balletsearch search`: which stories does a query find?"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import click

from balletsearch.cli import output
from balletsearch.cli.asking import (
    EVERYTHING,
    QueryCommand,
    chosen,
    list_fields,
    selected,
    tell,
)
from balletsearch.cli.faceting import FACET_OPTIONS, facet_options, facet_requests
from balletsearch.cli.opening import begun_word, opened_for_search
from balletsearch.cli.options import (
    Session,
    common,
    counted_field,
    json_option,
    order_options,
    sorted_field,
    where_option,
)
from balletsearch.cli.outcomes import Outcome
from balletsearch.model import as_json as plain_values
from balletsearch.passages import LENGTH, PASSAGES
from balletsearch.rendering.documents import dumps, hit_document, results_document
from balletsearch.rendering.results import (
    SHOWN_VALUES,
    facet_line,
    hit_lines,
    suggestion_line,
    total_line,
)
from balletsearch.rendering.style import Style

if TYPE_CHECKING:
    from balletsearch.explaining import Explanation
    from balletsearch.facets import FacetRequest
    from balletsearch.library import Library
    from balletsearch.model import Results

__all__ = ["search", "write_found"]

LIST_FIELDS: Final = "?"
"""What a bare `--fields` stands for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of one search, as click hands them over."""

    words: tuple[str, ...]
    limit: int
    show_all: bool
    offset: int
    facets: tuple[FacetRequest, ...]
    facet_limit: int
    where: tuple[tuple[str, str], ...]
    sort: tuple[str, ...]
    group: str
    after: str | None
    any_word: bool
    plain: bool
    strict: bool
    emphasis: bool
    neighbours: bool
    expand: bool
    as_json: bool
    jsonl: bool
    fields: str | None
    no_snippets: bool
    explained: bool
    passages: int
    snippet_length: int

    @property
    def query(self) -> str:
        """The words as one text; every story where there are none."""
        return " ".join(self.words) if self.words else EVERYTHING

    def check(self, context: click.Context) -> None:
        """UsageError for options that cannot all be honoured."""
        given = context.get_parameter_source("limit")
        if not (self.words or self.where or self.facets):
            raise click.UsageError(
                "What is to be found? Give a QUERY, as in: balletsearch search 'swan lake'. "
                "The query '*' finds every story",
                context,
            )
        if self.show_all and given is click.core.ParameterSource.COMMANDLINE:
            raise click.UsageError("Give either --all or --limit, not both", context)
        if self.as_json and self.jsonl:
            raise click.UsageError("Give either --json or --jsonl, not both", context)
        if self.jsonl and self.facets:
            raise click.UsageError("--jsonl has no place for facets; use --json", context)
        if self.jsonl and self.explained:
            raise click.UsageError("--jsonl has no place for --explain; use --json", context)

    def ask(self, library: Library) -> Results:
        """The answer of a library."""
        return library.search(
            self.query,
            facets=self.facets,
            where=selected(self.where),
            sort=self.sort,
            group=self.group,
            offset=self.offset,
            limit=None if self.show_all else self.limit,
            after=self.after or "",
            any_word=self.any_word,
            plain=self.plain and bool(self.words),
            strict=self.strict,
            snippets=not self.no_snippets,
            emphasis=self.emphasis,
            neighbours=self.neighbours,
            expand=self.expand,
            passages=self.passages,
            snippet_length=self.snippet_length,
        )

    def explain(self, library: Library, results: Results) -> Explanation:
        """How the answer came about."""
        return library.explain(
            results.query,
            where=selected(self.where),
            sort=self.sort,
            group=self.group,
            offset=self.offset,
            limit=None if self.show_all else self.limit,
            after=self.after or "",
            emphasis=self.emphasis,
            neighbours=self.neighbours,
            expand=self.expand,
        )


@click.command(
    "search",
    cls=QueryCommand,
    epilog="""\b
Examples:
  balletsearch search swan lake
  balletsearch search '"swan lake" AND moscow' --facet work --facet place
  balletsearch search 'dancer:kalmurzaev' --where work='Swan Lake' --sort -words
  balletsearch search viktoria~ --json --fields title,dancer
  balletsearch search --any odette odile
  balletsearch search 'viktoria~ SENT stage' --explain
  balletsearch search ballet --facet place --facet-below Europe --where words=400..
  balletsearch search swan --group dancer --sort -words
  balletsearch search ballet -n 2 --sort words --after ''
  balletsearch search -- -moscow

Put the query into single quotes so that the shell leaves its signs alone; how to ask is in
'balletsearch help query'. In a pipe each passage is one line, matches stand in [brackets].
The number of stories found is written to standard error, and another query that may be meant;
with --after also where the page ends.

The document of --json holds 'query', 'total', 'hits', 'facets' (for each field 'values',
'missing' and 'distinct'), 'problems', 'notes', 'suggestion' ('text' and 'total' of a query that
may have been meant, or null), 'groups' and 'cursor'; a hit, there and in --jsonl, holds 'key',
'path', 'title', 'score', 'group', 'snippet', 'passages' (texts, and in 'marks' the offsets of
what matched) and 'fields' (lists of values).""",
)
@click.argument("words", nargs=-1, shell_complete=begun_word, metavar="QUERY...")
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
@click.option(
    "--facet-limit",
    type=click.IntRange(0),
    metavar="N",
    default=SHOWN_VALUES,
    help=f"Show so many values of each ({SHOWN_VALUES} unless given; in JSON all).",
)
@facet_options("facet-")
@where_option
@click.option(
    "--sort",
    shell_complete=sorted_field,
    multiple=True,
    metavar="[-]FIELD",
    help="Order by a field instead of by relevance; with '-' the largest first. May be repeated.",
)
@click.option(
    "--group",
    shell_complete=counted_field,
    metavar="FIELD",
    default="",
    help="Show the first story for each value of a field; those without one, each.",
)
@click.option(
    "--after",
    metavar="CURSOR",
    help="Go on behind the page that ended so; '' begins, and says where each page ends.",
)
@click.option("--any", "any_word", is_flag=True, help="One of the words is enough.")
@click.option("--plain", is_flag=True, help="Take every sign in the query as mere text.")
@click.option("--strict", is_flag=True, help="Refuse a query that has problems.")
@order_options
@json_option
@click.option("--jsonl", is_flag=True, help="Print one JSON object a line for each story.")
@click.option(
    "--fields",
    is_flag=False,
    flag_value=LIST_FIELDS,
    metavar="[FIELD,...]",
    help="Which metadata to show; without names, list the fields there are.",
)
@click.option("--no-snippets", is_flag=True, help="Leave the passages out.")
@click.option(
    "--passages",
    type=click.IntRange(1),
    metavar="N",
    default=PASSAGES,
    help=f"Show at most so many passages of each story ({PASSAGES} unless given).",
)
@click.option(
    "--snippet-length",
    type=click.IntRange(1),
    metavar="N",
    default=LENGTH,
    help=f"At most so many characters of each story ({LENGTH} unless given).",
)
@click.option(
    "--explain",
    "explained",
    is_flag=True,
    help="Also show how the query was read, which words of the collection each word stands for, "
    "and how the score of each story came about.",
)
@common
@click.pass_context
def search(context: click.Context, /, **options: Any) -> int:
    """Find stories.

    All words of QUERY have to be in a story, in any form; "words in quotes" stand exactly so.
    Without a QUERY, every story that --where leaves.
    """
    session = context.ensure_object(Session)
    limited = context.get_parameter_source("facet_limit") is click.core.ParameterSource.COMMANDLINE
    limit = options["facet_limit"] if limited or not options["as_json"] else None
    given = limited or any(options[name] for name in options if name in FACET_OPTIONS)
    if given and not options["facets"]:
        raise click.UsageError("Options of facets need a facet: --facet FIELD", context)
    options["facets"] = tuple(facet_requests(options["facets"], options, limit))
    asked = Asked(**options)
    if asked.fields == LIST_FIELDS:
        return list_fields(session)
    asked.check(context)
    session.query = asked.query
    with opened_for_search(session) as library:
        fields = None if asked.fields is None else chosen(library, asked.fields)
        results = asked.ask(library)
        told = asked.explain(library, results) if asked.explained else None
    if not asked.as_json:
        tell(results)
    write_found(
        results,
        output.style(session.color),
        fields,
        offset=asked.offset,
        as_json=asked.as_json,
        jsonl=asked.jsonl,
        explanation=told,
        values=asked.facet_limit,
    )
    if told is not None and not asked.as_json:
        from balletsearch.rendering.explanations import explanation_lines

        lines = explanation_lines(told, results.hits, output.style(session.color))
        output.write(("", *lines))
    if not asked.as_json:
        _tell_how_many(results, asked)
    return Outcome.FOUND if results.total else Outcome.NOTHING


def _tell_how_many(results: Results, asked: Asked) -> None:
    """Say on standard error how many stories there are, and what else could be asked."""
    from balletsearch.query.nodes import And

    output.say(total_line(results, asked.offset))
    if asked.after is not None and results.cursor:
        output.say(f"The next page: --after {shlex.quote(results.cursor)}")
    if results.suggestion is not None:
        output.say(suggestion_line(results.suggestion))
    elif not results.total and isinstance(results.query.tree, And) and not asked.any_word:
        output.say("All words have to be in one story; with --any one of them is enough.")


def write_found(
    results: Results,
    style: Style,
    fields: tuple[str, ...] | None,
    *,
    offset: int,
    as_json: bool,
    jsonl: bool,
    explanation: Explanation | None = None,
    values: int = SHOWN_VALUES,
) -> None:
    """Write what was found to standard output, for people (so many values of facets) or as JSON."""
    ascii_only = output.ascii_only()
    if as_json:
        document = results_document(results, fields)
        if explanation is not None:
            document["explanation"] = plain_values(explanation)
        output.write([dumps(document, ascii_only=ascii_only, indent=1)])
    elif jsonl:
        output.write(dumps(hit_document(h, fields), ascii_only=ascii_only) for h in results)
    else:
        output.write(_lines(results, offset, style, fields, values), colour=style.colour)


def _lines(
    results: Results, offset: int, style: Style, fields: tuple[str, ...] | None, values: int
) -> Iterator[str]:
    """Hits with an empty line between two, then the facets."""
    for rank, hit in enumerate(results, 1):
        if rank > 1:
            yield ""
        yield from hit_lines(hit, offset + rank, style, fields)
    if results.facets and len(results):
        yield ""
    for facet in results.facets.values():
        yield from facet_line(facet, style, values)
