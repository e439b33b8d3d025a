"""Who answers a query of Whoosh? Whoosh's searcher, with our evaluation of queries.

Collectors, sorting, groups, filters, pages and highlights are Whoosh's own. They are given
documents and scores that are worked out already, so none of its shortcuts for a limit is taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

from whoosh import sorting
from whoosh.searching import Searcher

from balletsearch.whoosh_view.evaluating import answer

__all__ = ["ViewSearcher"]


class ViewSearcher(Searcher):  # type: ignore[misc]  # Whoosh ships no types
    """A searcher of one generation."""

    def search_with_collector(self, q: Any, collector: Any, context: Any = None) -> None:
        """Let a collector gather what a query matches."""
        super().search_with_collector(answer(q), collector, context)

    def docs_for_query(self, q: Any, for_deletion: bool = False) -> Iterator[int]:
        """The numbers of all documents that a query matches."""
        documents: Iterator[int] = super().docs_for_query(answer(q), for_deletion)
        return documents

    def collector(self, *args: Any, groupedby: Any = None, **options: Any) -> Any:
        """A collector; queries by which it groups are answered like any other."""
        if groupedby is not None:
            groupedby = _answered(sorting.Facets.from_groupedby(groupedby))
        return super().collector(*args, groupedby=groupedby, **options)

    def avg_field_length(self, fieldname: str, default: Any = None) -> Any:
        """The mean number of words in a field of the stories that are not deleted."""
        if not self.schema[fieldname].scorable:
            return default
        return self.field_length(fieldname) / (self.get_parent().doc_count() or 1)

    def refresh(self) -> Any:
        """A searcher of the newest generation: itself if nothing was committed."""
        if self.up_to_date():
            return self
        return self._ix.searcher(weighting=self.weighting)

    def __enter__(self) -> Self:
        return self


def _answered(facets: Any) -> Any:
    """Facets whose queries are answered by us."""
    made = sorting.Facets()
    for name, facet in facets.items():
        made.add_facet(name, _by_queries(facet) if _is_by_queries(facet) else facet)
    return made


def _is_by_queries(facet: Any) -> bool:
    return isinstance(facet, sorting.QueryFacet)


def _by_queries(facet: Any) -> Any:
    queries = {key: answer(q) for key, q in facet.querydict.items()}
    # A facet of ranges has no key for the others and no overlap.
    other, overlap = getattr(facet, "other", None), getattr(facet, "allow_overlap", False)
    return sorting.QueryFacet(queries, other, overlap, facet.maptype)
