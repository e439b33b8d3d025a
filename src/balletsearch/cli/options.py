"""What can every command be told? Where the index is and whether to colour, anywhere in a line.

Also what several commands take, and how the shell completes the names of fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

from balletsearch.fields import FIELDS, Field

if TYPE_CHECKING:
    from balletsearch.library import Library

__all__ = [
    "Session",
    "Wrapped",
    "common",
    "counted_field",
    "json_option",
    "order_options",
    "sorted_field",
    "where_option",
]

Completions = list[CompletionItem]
Wrapped = TypeVar("Wrapped", bound=Callable[..., Any])


@dataclass(slots=True)
class Session:
    """What one run of the program was told, and what it is doing.

    `query` is what is being asked, so that an error can show its place; `when_stopped` says
    what Ctrl-C leaves behind.
    """

    index: str | None = None
    color: str = "auto"
    query: str = ""
    when_stopped: str = ""
    library: Library | None = None


def counted_field(_context: click.Context, _of: click.Parameter, begun: str) -> Completions:
    """Fields whose values can be counted."""
    return _completed("{}", lambda field: field.facet, begun)


def sorted_field(_context: click.Context, _of: click.Parameter, begun: str) -> Completions:
    """Fields to order by. Behind a "-" click completes options only."""
    return _completed("{}", lambda field: field.name != "body", begun)


def _selection(_context: click.Context, _of: click.Parameter, begun: str) -> Completions:
    return _completed("{}=", lambda field: field.facet, begun)


def _completed(shape: str, fits: Callable[[Field], bool], begun: str) -> Completions:
    """The fields of the table that fit; what headers bring is not looked up."""
    return [
        CompletionItem(written, help=field.help)
        for field in FIELDS.values()
        if fits(field) and (written := shape.format(field.name)).startswith(begun)
    ]


def _pairs(
    context: click.Context, parameter: click.Parameter, given: Iterable[str]
) -> tuple[tuple[str, str], ...]:
    """FIELD=VALUE, each as its two sides."""
    pairs = []
    for text in given:
        field, sign, value = text.partition("=")
        if not (sign and field.strip() and value.strip()):
            message = f"{text!r} is not FIELD=VALUE, as in --where work='Swan Lake'"
            raise click.BadParameter(message, context, parameter)
        pairs.append((field.strip(), value))
    return tuple(pairs)


def _keep(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
    """Note an option of every command; the last one that is given counts."""
    if value is not None and parameter.name is not None:
        setattr(context.ensure_object(Session), parameter.name, value)


def common(command: Wrapped) -> Wrapped:
    """Give a command the options that every command has."""
    for option in (
        click.option(
            "--color",
            type=click.Choice(["auto", "always", "never"]),
            expose_value=False,
            callback=_keep,
            help="Colours: on a terminal only (auto), always, or never.",
        ),
        click.option(
            "--index",
            metavar="DIR",
            expose_value=False,
            callback=_keep,
            help="The folder of the index.  [default: $BALLETSEARCH_INDEX, else what the nearest "
            "balletsearch.toml says, else ./index]",
        ),
    ):
        command = option(command)
    return command


def json_option(command: Wrapped) -> Wrapped:
    """`--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(command)


def order_options(command: Wrapped) -> Wrapped:
    """`--no-emphasis`, `--neighbours` and `--expand`: what the order of answers goes by."""
    for option in (
        click.option(
            "--expand",
            is_flag=True,
            help="Let words that the first answers have in common count in the order, too.",
        ),
        click.option(
            "--neighbours",
            is_flag=True,
            help="Let words that stand together as in the query count more.",
        ),
        click.option(
            "--no-emphasis",
            "emphasis",
            flag_value=False,
            default=True,
            help="Count every word alike, function words too, and all of its forms.",
        ),
    ):
        command = option(command)
    return command


def where_option(command: Wrapped) -> Wrapped:
    """`--where FIELD=VALUE`."""
    return click.option(
        "--where",
        multiple=True,
        callback=_pairs,
        shell_complete=_selection,
        metavar="FIELD=VALUE",
        help="Only stories that have this whole value in the field, or one in a range of numbers "
        "or dates (words=300..499). Several for one field are alternatives. May be repeated.",
    )(command)
