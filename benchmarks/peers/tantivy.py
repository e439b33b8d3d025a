"""How is tantivy asked? Through tantivy-py, two threads to build, as its documentation does.

Fuzzy words and prefixes are compared with stems, as tantivy has no other words, and such
queries have no scores in it. Titles and texts are stemmed, indexed with positions, and stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import tantivy

from balletsearch import Story
from peers.base import PAGE
from peers.documents import Document, Query

__all__ = ["Tantivy"]

THREADS = 2
HEAP = 256_000_000
"""Bytes that the writer may hold before it writes a segment, over all threads."""
ALL_VALUES = 65_000
"""More values than any field has here; close to the most that tantivy allows."""
FIELDS = ["title", "text"]


def _schema(facets: Sequence[str]) -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("title", stored=True, tokenizer_name="en_stem")
    builder.add_text_field("text", stored=True, tokenizer_name="en_stem")
    for name in facets:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _build(folder: Path, schema: tantivy.Schema, documents: Iterable[dict[str, Any]]) -> None:
    writer = tantivy.Index(schema, path=str(folder)).writer(heap_size=HEAP, num_threads=THREADS)
    for document in documents:
        writer.add_document(tantivy.Document(**document))
    writer.commit()
    writer.wait_merging_threads()


def _count(found: tantivy.SearchResult) -> int:
    """How many match. The type information of the package leaves that attribute out."""
    return int(found.count)  # type: ignore[attr-defined]


class Tantivy:
    """tantivy-py."""

    label = "tantivy"
    without: frozenset[str] = frozenset()

    def version(self) -> str:
        """The version of the Python package."""
        return f"tantivy-py {version('tantivy')}"

    def build(self, folder: Path, documents: Iterable[Document]) -> None:
        """One commit; done when background merges are."""
        _build(folder, _schema(["author"]), (d._asdict() for d in documents))

    def open(self, folder: Path) -> Asked:
        """Open a built index."""
        return Asked(folder)

    def build_pages(self, folder: Path, stories: Iterable[Story], facets: Sequence[str]) -> None:
        """As `build`, with the texts and the values that extraction found."""
        documents = (
            {"id": s.key, "title": s.title, "text": s.body}
            | {name: list(map(str, s.fields.get(name, ()))) for name in facets}
            for s in stories
        )
        _build(folder, _schema(facets), documents)

    def open_pages(self, folder: Path, facets: Sequence[str]) -> Pages:
        """Open such an index."""
        return Pages(folder, facets)


class Asked:
    """An open index."""

    def __init__(self, folder: Path) -> None:
        self._index = tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()
        self.segments: int | None = self._searcher.num_segments

    def _parsed(self, query: Query) -> tantivy.Query:
        if query.kind in ("fuzzy1", "fuzzy2"):
            # (as a prefix, distance, a transposition is one)
            how = (False, int(query.kind[-1]), True)
            return self._index.parse_query(
                query.words[0], FIELDS, fuzzy_fields=dict.fromkeys(FIELDS, how)
            )
        if query.kind == "prefix":
            text = " OR ".join(f"{name}:/{query.words[0]}.*/" for name in FIELDS)
            return self._index.parse_query(text, FIELDS, allow_regexes=True)
        return self._index.parse_query(query.text, FIELDS)

    def search(self, query: Query) -> int:
        """Parse, search, read ten titles."""
        found = self._searcher.search(self._parsed(query), limit=PAGE, count=True)
        for _, address in found.hits:
            _ = self._searcher.doc(address)["title"]
        return _count(found)

    def facet(self, query: Query) -> int:
        """Count authors; no page."""
        counted = self._searcher.aggregate(
            self._parsed(query), {"author": {"terms": {"field": "author", "size": ALL_VALUES}}}
        )
        return sum(bucket["doc_count"] for bucket in counted["author"]["buckets"])

    def close(self) -> None:
        """Nothing to let go of."""


class Pages:
    """Full pages: one search, one aggregation, ten snippets."""

    def __init__(self, folder: Path, facets: Sequence[str]) -> None:
        self._index = tantivy.Index.open(str(folder))
        self._schema = self._index.schema
        self._searcher = self._index.searcher()
        # Ten values are shown of each field; to be exact each segment must tell them all.
        self._asked = {
            name: {"terms": {"field": name, "size": 10, "segment_size": ALL_VALUES}}
            for name in facets
        }

    def page(self, query: Query) -> int:
        """One page."""
        parsed = self._index.parse_query(query.text, FIELDS)
        found = self._searcher.search(parsed, limit=PAGE, count=True)
        self._searcher.aggregate(parsed, self._asked)
        snippets = tantivy.SnippetGenerator.create(self._searcher, parsed, self._schema, "text")
        for _, address in found.hits:
            document = self._searcher.doc(address)
            _ = document["title"], snippets.snippet_from_doc(document).to_html()
        return _count(found)

    def close(self) -> None:
        """Nothing to let go of."""
