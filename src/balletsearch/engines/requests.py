"""Does a request make sense to a collection, whatever it finds?"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from balletsearch.engines.faceting import check_facet
from balletsearch.engines.metadata import check_countable, check_position, check_sortable
from balletsearch.engines.protocol import SearchRequest, Sort
from balletsearch.facets import FacetRequest
from balletsearch.fields import Field

__all__ = ["Asked", "asked"]


class Asked(NamedTuple):
    """The fields of a request."""

    facets: dict[str, FacetRequest]
    selecting: dict[str, Field]
    sorting: list[tuple[Field, Sort]]
    group: Field | None


def asked(request: SearchRequest, known: Callable[[str], Field]) -> Asked:
    """The fields of a request; QueryError for one that is not known or cannot do what is asked.

    `known` gives a field by its name, and raises QueryError where there is none.
    """
    facets = request.counted
    countable = {name: known(name) for name in facets}
    selecting = {one.field: known(one.field) for one in request.where}
    sorting = [(known(by.field), by) for by in request.sort]
    group = known(request.group) if request.group else None
    for field in (*selecting.values(), *([group] if group else ())):
        check_countable(field)
    for name, field in countable.items():
        check_facet(field, facets[name])
    for field, _ in sorting:
        check_sortable(field)
    check_position(request.after, [field for field, _ in sorting], group)
    return Asked(facets, selecting, sorting, group)
