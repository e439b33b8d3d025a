"""How is our own engine asked? Below the library for queries, through it for full pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

from balletsearch import Library, Story
from balletsearch.engines.columns import ColumnsEngine
from balletsearch.engines.protocol import SearchRequest
from balletsearch.query import parse
from peers.base import PAGE
from peers.documents import Document, Query

__all__ = ["Columns", "story"]


def story(document: Document) -> Story:
    """A document as a story that needs no extraction."""
    fields = {"title": (document.title,), "author": (document.author,)}
    return Story(document.id, document.text, fields=fields)


class Columns:
    """The engine `columns`, which also keeps exact words, names and the texts themselves."""

    label = "columns"
    without: frozenset[str] = frozenset()

    def version(self) -> str:
        """The version of the package."""
        return f"balletsearch {version('balletsearch')}"

    def build(self, folder: Path, documents: Iterable[Document]) -> None:
        """One commit, durable."""
        engine = ColumnsEngine(folder, ("en",), create=True)
        with engine.writer() as writer:
            for document in documents:
                writer.add(story(document))
            writer.commit()
        engine.close()

    def open(self, folder: Path) -> Asked:
        """Open a built index."""
        return Asked(folder)

    def build_pages(self, folder: Path, stories: Iterable[Story], facets: Sequence[str]) -> None:
        """Nothing: the stories come out of a library, which has pages already."""

    def open_pages(self, folder: Path, facets: Sequence[str]) -> Pages:
        """Open the library in a folder."""
        return Pages(folder, facets)


class Asked:
    """An open index."""

    def __init__(self, folder: Path) -> None:
        self._engine = ColumnsEngine(folder, ("en",))
        self._reader = self._engine.reader()
        self.segments: int | None = len(self._reader.snapshot.segments)

    def search(self, query: Query) -> int:
        """Parse, search, read ten titles."""
        found = self._reader.search(SearchRequest(parse(query.text).tree, limit=PAGE, spans=False))
        for match in found.matches:
            _ = match.story.title
        return found.total

    def facet(self, query: Query) -> int:
        """Count authors; no page."""
        request = SearchRequest(parse(query.text).tree, facets=("author",), limit=0, spans=False)
        return self._reader.search(request).total

    def close(self) -> None:
        """Let go of the index."""
        self._engine.close()


class Pages:
    """Full pages from a library."""

    def __init__(self, folder: Path, facets: Sequence[str]) -> None:
        self._library = Library.open(folder)
        self._facets = tuple(facets)

    def page(self, query: Query) -> int:
        """One search with everything on."""
        results = self._library.search(query.text, facets=self._facets, limit=PAGE)
        for hit in results:
            _ = hit.title, hit.snippet.html()
        return results.total

    def close(self) -> None:
        """Let go of the index."""
        self._library.close()
