"""What must a peer be able to do to be measured?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from balletsearch import Story
from peers.documents import Document, Query

__all__ = ["PAGE", "Asker", "PageAsker", "PagePeer", "Peer"]

PAGE = 10
"""Hits on a page."""


class Asker(Protocol):
    """An open index. Everything from the text of a query to its answer is measured."""

    segments: int | None
    """How many parts the index has; None where that cannot be told."""

    def search(self, query: Query) -> int:
        """Parse, find the best ten, read their titles; how many documents match in all."""
        ...

    def facet(self, query: Query) -> int:
        """Count the authors of all documents that match; how many match."""
        ...

    def close(self) -> None:
        """Let go of the index."""
        ...


class PageAsker(Protocol):
    """An open index of whole stories with their fields."""

    def page(self, query: Query) -> int:
        """Ten titles with snippets, and the facets; how many documents match in all."""
        ...

    def close(self) -> None:
        """Let go of the index."""
        ...


class Peer(Protocol):
    """An engine under measurement."""

    label: str
    """What the table calls it."""

    without: frozenset[str]
    """Kinds of queries that it does not have."""

    def version(self) -> str:
        """Which version is measured."""
        ...

    def build(self, folder: Path, documents: Iterable[Document]) -> None:
        """Build the index in an empty folder, all of it readable afterwards."""
        ...

    def open(self, folder: Path) -> Asker:
        """Open a built index."""
        ...


class PagePeer(Peer, Protocol):
    """A peer whose full pages are measured too."""

    def build_pages(self, folder: Path, stories: Iterable[Story], facets: Sequence[str]) -> None:
        """Build an index that full pages can be made from: texts stored, these fields counted."""
        ...

    def open_pages(self, folder: Path, facets: Sequence[str]) -> PageAsker:
        """Open such an index."""
        ...
