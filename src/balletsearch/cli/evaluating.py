"""`balletsearch evaluate`: how good is the order of answers, by what people judged?"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import click

from balletsearch.cli import output
from balletsearch.cli.opening import opened
from balletsearch.cli.options import Session, Wrapped, common, json_option, order_options
from balletsearch.cli.outcomes import Outcome
from balletsearch.rendering.documents import dumps
from balletsearch.rendering.evaluations import (
    comparison_rows,
    evaluation_document,
    mean_rows,
    question_rows,
    remarks,
)

if TYPE_CHECKING:
    from balletsearch.evaluating import Setting

__all__ = ["evaluate"]


def _setting_options(command: Wrapped) -> Wrapped:
    """How questions are asked."""
    for option in (
        click.option("--all-words", is_flag=True, help="Every word of a question has to be there."),
        click.option("--signs", is_flag=True, help="Signs in questions have a meaning."),
    ):
        command = option(command)
    return order_options(command)


def _setting(*, all_words: bool, signs: bool, **order: bool) -> Setting:
    from balletsearch.evaluating import Setting

    return Setting(any_word=not all_words, plain=not signs, **order)


@click.command("--compare", add_help_option=False)
@_setting_options
def _second(**options: bool) -> Setting:
    """The second setting, from the text of its options."""
    return _setting(**options)


def _compared(
    context: click.Context, parameter: click.Parameter, text: str | None
) -> Setting | None:
    """A setting from options in one text; an empty one is the default."""
    if text is None:
        return None
    try:
        with _second.make_context("--compare", shlex.split(text)) as inner:
            setting: Setting = _second.invoke(inner)
            return setting
    except (click.UsageError, ValueError) as error:
        said = error.format_message() if isinstance(error, click.UsageError) else str(error)
        message = (
            f"{text!r} is none of --all-words, --signs, --no-emphasis, --neighbours and --expand, "
            f"or several of them: {said}"
        )
        raise click.BadParameter(message, context, parameter) from error


@click.command(
    "evaluate",
    epilog="""\b
Examples:
  balletsearch evaluate queries.jsonl qrels.tsv
  balletsearch evaluate topics.tsv qrels.txt --per-query --json
  balletsearch evaluate queries.jsonl qrels.tsv --compare=--no-emphasis

QUERIES are JSON Lines with id and text, or lines of id, tab, text. QRELS are a table with the
header query-id, corpus-id, score, or TREC's lines of question, 0, document, score. Both may be
compressed (gzip). A document is the key of a story, or its record (what stands behind '#').
Measures are means over the questions that some document is relevant to, of the first 1,000
stories; they need: pip install 'balletsearch[evaluate]'.""",
)
@click.argument("queries", type=click.Path(exists=True, dir_okay=False))
@click.argument("qrels", type=click.Path(exists=True, dir_okay=False))
@_setting_options
@click.option(
    "--compare",
    "against",
    callback=_compared,
    metavar="OPTIONS",
    help="Ask again with these of the five options above ('' for none), and say how likely so "
    "large a difference is by chance.",
)
@click.option("--per-query", is_flag=True, help="Print the measures of each question, too.")
@json_option
@common
@click.pass_context
def evaluate(
    context: click.Context,
    /,
    *,
    queries: str,
    qrels: str,
    against: Setting | None,
    per_query: bool,
    as_json: bool,
    **options: Any,
) -> int:
    """Measure the order of answers by judgements.

    Each question is asked in plain words, any of which is enough.
    """
    session = context.ensure_object(Session)
    with opened(session) as library:
        found = library.evaluate(queries, qrels, setting=_setting(**options), against=against)
    if as_json:
        document = evaluation_document(found, per_query=per_query)
        output.write([dumps(document, ascii_only=output.ascii_only(), indent=1)])
        return Outcome.FOUND
    if per_query:
        output.write(question_rows(found))
    output.write(comparison_rows(found) if found.against else mean_rows(found))
    output.say(*remarks(found))
    return Outcome.FOUND
