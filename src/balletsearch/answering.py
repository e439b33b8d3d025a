"""How does what a program asks become a request, and what an engine finds an answer?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from balletsearch.engines.protocol import Match, Reader, SearchRequest, Selection, Sort
from balletsearch.errors import OLDER, QueryError
from balletsearch.fields import canonical
from balletsearch.model import Hit, Results, Snippet, Value
from balletsearch.query import Query
from balletsearch.query.nodes import Node
from balletsearch.snippets import snippet

__all__ = ["Asked", "request_of", "results_of"]

Asked = Mapping[str, Value | Sequence[Value]]
"""Field → the value, or the values, selected in it."""


def request_of(
    tree: Node,
    *,
    facets: str | Iterable[str] = (),
    where: Asked | None = None,
    sort: str | Iterable[str] = (),
    offset: int = 0,
    limit: int | None = 10,
    without: tuple[str, ...] = (),
) -> SearchRequest:
    """The request for a tree with the options of a search; QueryError where one makes no sense."""
    return SearchRequest(
        tree,
        where=tuple(
            Selection(canonical(name), tuple(map(str, _several(values))))
            for name, values in (where or {}).items()
        ),
        facets=tuple(dict.fromkeys(map(canonical, _several(facets)))),
        sort=tuple(Sort(canonical(by.lstrip("-")), by.startswith("-")) for by in _several(sort)),
        offset=_not_negative("offset", offset),
        limit=None if limit is None else _not_negative("limit", limit),
        without=without,
    )


def results_of(query: Query, request: SearchRequest, reader: Reader, *, snippets: bool) -> Results:
    """What a program gets of what a reader finds.

    That an older generation than the newest answers comes first of its notes.
    """
    found = reader.search(request)
    hits = tuple(
        Hit(m.story, m.score, m.spans, _snippet(m) if snippets else Snippet())
        for m in found.matches
    )
    notes = (f"{OLDER} {reader.degraded}",) if reader.degraded else ()
    return Results(query, hits, found.total, found.facets, query.problems, (*notes, *found.notes))


def _snippet(match: Match) -> Snippet:
    return snippet(match.text or match.story.body, match.spans)


def _several(given: Any) -> Iterable[Any]:
    """One value, or several, as several."""
    return (given,) if isinstance(given, str | int) else given


def _not_negative(what: str, number: int) -> int:
    if not isinstance(number, int):
        raise QueryError(f"'{what}' is {number!r}; it must be a whole number.")
    if number < 0:
        raise QueryError(f"'{what}' is {number}; it must not be negative.")
    return number
