"""How is it typed which values of a field are wanted? The same options for every facet asked for.

`search` has them behind `--facet-`, `facets` by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

import click

from balletsearch.facets import FACET_SORTS, FacetRequest

__all__ = ["FACET_OPTIONS", "facet_options", "facet_requests"]

Wrapped = TypeVar("Wrapped", bound=Callable[..., Any])

FACET_OPTIONS: Final = tuple(
    f"facet_{name}" for name in ("sort", "find", "below", "level", "bounds", "each")
)
"""What click calls them."""

_SORTS: Final = {"count": "the most frequent first", "value": "in order", "-value": "from the last"}


def _bounds(
    context: click.Context, parameter: click.Parameter, given: str | None
) -> tuple[str, ...]:
    """Bounds with commas between, each as it is."""
    bounds = tuple(part.strip() for part in (given or "").split(",")) if given is not None else ()
    if not all(bounds):
        raise click.BadParameter(f"{given!r} are no bounds, as in 100,300,500", context, parameter)
    return bounds


def facet_options(prefix: str) -> Callable[[Wrapped], Wrapped]:
    """Give a command the options of its facets, each called `--<prefix>…`."""
    orders = ", ".join(f"{name} ({_SORTS[name]})" for name in FACET_SORTS)
    options = (
        click.option(
            f"--{prefix}sort",
            "facet_sort",
            type=click.Choice(FACET_SORTS),
            help=f"Order values by {orders}; else values by count, ranges by value.",
        ),
        click.option(
            f"--{prefix}find",
            "facet_find",
            metavar="TEXT",
            default="",
            help="Only values with words that begin so.",
        ),
        click.option(
            f"--{prefix}below",
            "facet_below",
            metavar="VALUE",
            default="",
            help="Only what lies below a value such as Europe/Russia, or Russia.",
        ),
        click.option(
            f"--{prefix}level",
            "facet_level",
            type=click.IntRange(1),
            metavar="N",
            help="Only values so many steps deep, from the top or from the value above.",
        ),
        click.option(
            f"--{prefix}bounds",
            "facet_bounds",
            metavar="BOUND,...",
            callback=_bounds,
            help="Count numbers or dates in ranges with these bounds.",
        ),
        click.option(
            f"--{prefix}each",
            "facet_each",
            is_flag=True,
            help="Count each number or date by itself, also where they are many.",
        ),
    )

    def wrap(command: Wrapped) -> Wrapped:
        for option in reversed(options):
            command = option(command)
        return command

    return wrap


def facet_requests(
    fields: Iterable[str], options: dict[str, Any], limit: int | None
) -> list[FacetRequest]:
    """What is wanted of the values of each field; the options of facets are taken out."""
    sort, find, below, level, bounds, each = map(options.pop, FACET_OPTIONS)
    return [
        FacetRequest(
            field,
            sort=sort or "",
            limit=limit,
            containing=find,
            below=below,
            level=level,
            bounds=bounds,
            ranges=False if each else None,
        )
        for field in dict.fromkeys(fields)
    ]
