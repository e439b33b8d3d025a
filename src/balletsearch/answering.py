"""How does what a program asks become a request, and what an engine finds an answer?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from balletsearch.emphasis import Emphasis, emphasis
from balletsearch.engines.protocol import Match, Reader, SearchRequest, Selection, Sort
from balletsearch.errors import OLDER, QueryError
from balletsearch.fields import canonical
from balletsearch.model import Hit, Results, Snippet, Value
from balletsearch.query import Query
from balletsearch.query.trees import check_depth
from balletsearch.snippets import snippet

__all__ = ["Asked", "request_of", "results_of"]

Asked = Mapping[str, Value | Sequence[Value]]
"""Field → the value, or the values, selected in it."""


def request_of(
    query: Query,
    *,
    facets: str | Iterable[str] = (),
    where: Asked | None = None,
    sort: str | Iterable[str] = (),
    offset: int = 0,
    limit: int | None = 10,
    without: tuple[str, ...] = (),
    languages: Iterable[str] | None = None,
    neighbours: bool = False,
) -> SearchRequest:
    """The request for a query with the options of a search.

    `languages` are those of the collection where the words of the query were chosen by somebody,
    so that their order and their forms mean something. QueryError where an option makes no sense,
    or is of a wrong type.
    """
    if not isinstance(query, Query):
        raise QueryError(f"The query is {query!r}; give a text or a Query.")
    check_depth(query.tree)
    if not isinstance(where, Mapping | None) or not all(isinstance(n, str) for n in where or ()):
        raise QueryError(f"'where' is {where!r}; give a mapping of fields to values.")
    names = _several("facets", facets, str)
    stress = Emphasis({}, {})
    if languages is not None:
        stress = emphasis(query.tree, languages, neighbours=neighbours)
    return SearchRequest(
        query.tree,
        where=tuple(
            Selection(
                canonical(name), tuple(map(str, _several(f"where {name}", values, str | int)))
            )
            for name, values in (where or {}).items()
        ),
        facets=tuple(dict.fromkeys(map(canonical, names))),
        sort=tuple(
            Sort(canonical(by.lstrip("-")), by.startswith("-"))
            for by in _several("sort", sort, str)
        ),
        offset=_not_negative("offset", offset),
        limit=None if limit is None else _not_negative("limit", limit),
        without=without,
        factors=stress.factors,
        bonuses=stress.bonuses,
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


def _several(what: str, given: Any, kind: Any) -> list[Any]:
    """One value of a kind, or several, as several."""
    if isinstance(given, kind):
        return [given]
    several = list(given) if isinstance(given, Iterable) and not isinstance(given, bytes) else None
    if several is None or not all(isinstance(one, kind) for one in several):
        whole = " or whole number" if kind is not str else ""
        raise QueryError(f"'{what}' is {given!r}; give one text{whole}, or several in a list.")
    return several


def _not_negative(what: str, number: int) -> int:
    if not isinstance(number, int):
        raise QueryError(f"'{what}' is {number!r}; it must be a whole number.")
    if number < 0:
        raise QueryError(f"'{what}' is {number}; it must not be negative.")
    return number
