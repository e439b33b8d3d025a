"""How does what a program asks become a request, and what an engine finds an answer?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from balletsearch.cursors import cursor_of
from balletsearch.emphasis import Emphasis, emphasis
from balletsearch.engines.protocol import Match, Reader, SearchRequest, Selection, Sort
from balletsearch.errors import OLDER, QueryError
from balletsearch.facets import FacetRequest
from balletsearch.fields import canonical
from balletsearch.model import Hit, Results, Snippet, Value
from balletsearch.passages import LENGTH, PASSAGES
from balletsearch.query import Query
from balletsearch.query.trees import check_depth
from balletsearch.snippets import LEAST_ROOM, snippet

__all__ = ["Asked", "Facets", "Snippets", "request_of", "results_of"]

Asked = Mapping[str, Value | Sequence[Value]]
"""Field → the value, or the values, selected in it."""

Facets = str | FacetRequest | Iterable[str | FacetRequest]
"""Fields whose values are to be counted, with what is wanted of them where it is not all."""


def request_of(
    query: Query,
    *,
    facets: Facets = (),
    where: Asked | None = None,
    sort: str | Iterable[str] = (),
    group: str = "",
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
    if not isinstance(group, str):
        raise QueryError(f"'group' is {group!r}; give the name of a field.")
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
        facets=tuple(map(_facet, dict.fromkeys(_several("facets", facets, str | FacetRequest)))),
        sort=tuple(
            Sort(canonical(by.lstrip("-")), by.startswith("-"))
            for by in _several("sort", sort, str)
        ),
        offset=_not_negative("offset", offset),
        limit=None if limit is None else _not_negative("limit", limit),
        without=without,
        factors=stress.factors,
        bonuses=stress.bonuses,
        group=canonical(group) if group else "",
    )


def _facet(asked: str | FacetRequest) -> FacetRequest:
    """A facet by the name that its field goes by, its bounds in a tuple."""
    if isinstance(asked, str):
        return FacetRequest(canonical(asked))
    bounds = tuple(_several("bounds", asked.bounds, str | int))
    return replace(asked, field=canonical(asked.field), bounds=bounds)


@dataclass(frozen=True, slots=True)
class Snippets:
    """How snippets are to be: so many passages, and so long in all, at most; 0 for none."""

    passages: int = PASSAGES
    length: int = LENGTH

    def __post_init__(self) -> None:
        """QueryError for what no snippet can be."""
        _not_negative("passages", self.passages)
        _not_negative("snippet_length", self.length)
        if self.passages and self.length < LEAST_ROOM * self.passages:
            raise QueryError(
                f"'snippet_length' is {self.length}; {self.passages} passages take at least "
                f"{LEAST_ROOM * self.passages} characters."
            )

    def of(self, match: Match) -> Snippet:
        """The snippet of one story found."""
        if not self.passages:
            return Snippet()
        text = match.text or match.story.body
        return snippet(text, match.marks, passages=self.passages, length=self.length)


def results_of(query: Query, request: SearchRequest, reader: Reader, snippets: Snippets) -> Results:
    """What a program gets of what a reader finds.

    That an older generation than the newest answers comes first of its notes.
    """
    found = reader.search(request)
    hits = tuple(Hit(m.story, m.score, m.spans, snippets.of(m), m.group) for m in found.matches)
    notes = (f"{OLDER} {reader.degraded}",) if reader.degraded else ()
    return Results(
        query,
        hits,
        found.total,
        found.facets,
        query.problems,
        (*notes, *found.notes),
        groups=found.groups,
        cursor=cursor_of(found.matches[-1], request) if found.more and found.matches else "",
    )


def _several(what: str, given: Any, kind: Any) -> list[Any]:
    """One value of a kind, or several, as several."""
    if isinstance(given, kind):
        return [given]
    several = list(given) if isinstance(given, Iterable) and not isinstance(given, bytes) else None
    if several is None or not all(isinstance(one, kind) for one in several):
        other = {str | int: " or whole number", str | FacetRequest: " or FacetRequest"}.get(
            kind, ""
        )
        raise QueryError(f"'{what}' is {given!r}; give one text{other}, or several in a list.")
    return several


def _not_negative(what: str, number: int) -> int:
    if not isinstance(number, int):
        raise QueryError(f"'{what}' is {number!r}; it must be a whole number.")
    if number < 0:
        raise QueryError(f"'{what}' is {number}; it must not be negative.")
    return number
