"""How is stock Whoosh asked? By its plain interface, none of our `engines/whoosh` in it.

Its list of stop words is off and words of one letter are kept, since no peer drops any: else
it would find nothing where the others have most to do. Titles and texts are stemmed, indexed with
positions, and stored, so that phrases and highlights are possible.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from balletsearch import Story
from peers.base import PAGE
from peers.documents import Document, Query

with warnings.catch_warnings():
    # Whoosh 2.7.4 has invalid escapes that newer Pythons warn of when they compile it.
    warnings.simplefilter("ignore")
    from whoosh import fields, index
    from whoosh.analysis import StemmingAnalyzer
    from whoosh.qparser import FuzzyTermPlugin, MultifieldParser
    from whoosh.sorting import Count, Facets, FieldFacet

__all__ = ["Whoosh"]

MEMORY = 256
"""MB that the writer may hold."""


def _schema(**more: Any) -> fields.Schema:
    words = StemmingAnalyzer(stoplist=None, minsize=1)
    return fields.Schema(
        id=fields.ID(stored=True, unique=True),
        title=fields.TEXT(analyzer=words, phrase=True, stored=True),
        text=fields.TEXT(analyzer=words, phrase=True, stored=True),
        **more,
    )


def _build(folder: Path, schema: fields.Schema, documents: Iterable[dict[str, Any]]) -> None:
    writer = index.create_in(str(folder), schema).writer(limitmb=MEMORY)
    for document in documents:
        writer.add_document(**document)
    writer.commit()


class Whoosh:
    """Stock Whoosh."""

    label = "stock Whoosh"
    without: frozenset[str] = frozenset()

    def version(self) -> str:
        """The version of the package."""
        return f"Whoosh {version('whoosh')}"

    def build(self, folder: Path, documents: Iterable[Document]) -> None:
        """One commit, which Whoosh does not sync to the disk."""
        schema = _schema(author=fields.ID(sortable=True))
        _build(folder, schema, (d._asdict() for d in documents))

    def open(self, folder: Path) -> Asked:
        """Open a built index."""
        return Asked(folder)

    def build_pages(self, folder: Path, stories: Iterable[Story], facets: Sequence[str]) -> None:
        """As `build`, with the texts and the values that extraction found."""
        schema = _schema(**{name: fields.KEYWORD() for name in facets})
        documents = (
            {"id": s.key, "title": s.title, "text": s.body}
            | {name: list(map(str, s.fields[name])) for name in facets if name in s.fields}
            for s in stories
        )
        _build(folder, schema, documents)

    def open_pages(self, folder: Path, facets: Sequence[str]) -> Pages:
        """Open such an index."""
        return Pages(folder, facets)


class _Open:
    """An open index and the parser for its queries."""

    def __init__(self, folder: Path) -> None:
        self._index = index.open_dir(str(folder))
        self._searcher = self._index.searcher()
        self._parser = MultifieldParser(["title", "text"], self._index.schema)
        self._parser.add_plugin(FuzzyTermPlugin())
        self.segments: int | None = len(self._searcher.reader().leaf_readers())

    def close(self) -> None:
        """Let go of the files."""
        self._searcher.close()
        self._index.close()


class Asked(_Open):
    """An open index for queries."""

    def search(self, query: Query) -> int:
        """Parse, search, read ten titles; the total asks Whoosh for a second pass."""
        results = self._searcher.search(self._parser.parse(query.text), limit=PAGE)
        for hit in results:
            _ = hit["title"]
        return len(results)

    def facet(self, query: Query) -> int:
        """Count authors; Whoosh cannot do without any hit."""
        facet = FieldFacet("author", maptype=Count)
        results = self._searcher.search(
            self._parser.parse(query.text), limit=1, groupedby={"author": facet}
        )
        return sum(results.groups("author").values())


class Pages(_Open):
    """Full pages: one search with groups, ten times highlights of the stored text."""

    def __init__(self, folder: Path, facets: Sequence[str]) -> None:
        super().__init__(folder)
        self._names = tuple(facets)

    def page(self, query: Query) -> int:
        """One page."""
        facets = Facets()
        for name in self._names:
            facets.add_facet(name, FieldFacet(name, allow_overlap=True, maptype=Count))
        results = self._searcher.search(
            self._parser.parse(query.text), limit=PAGE, groupedby=facets
        )
        for hit in results:
            _ = hit["title"], hit.highlights("text", top=2)
        for name in self._names:
            results.groups(name)
        return len(results)
