"""How is SQLite's FTS5 asked? One table with Porter stems, best first by its bm25.

It has no fuzzy words, and full pages of it are not measured: a field of several values would
take tables of its own. The total is a query of its own, as SQL has it. Texts are stored with
the index, as FTS5 does by default.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from peers.base import PAGE
from peers.documents import Document, Query

__all__ = ["Fts5"]

FILE = "fts5.db"
COUNT = "SELECT count(*) FROM docs WHERE docs MATCH ?"
BEST = "SELECT title FROM docs WHERE docs MATCH ? ORDER BY rank LIMIT ?"
FACET = "SELECT author, count(*) FROM docs WHERE docs MATCH ? GROUP BY author"


class Fts5:
    """SQLite FTS5."""

    label = "SQLite FTS5"
    without: frozenset[str] = frozenset({"fuzzy1", "fuzzy2"})

    def version(self) -> str:
        """The version of SQLite."""
        return f"SQLite {sqlite3.sqlite_version}"

    def build(self, folder: Path, documents: Iterable[Document]) -> None:
        """One transaction."""
        with closing(sqlite3.connect(folder / FILE)) as base, base:
            base.execute(
                "CREATE VIRTUAL TABLE docs USING fts5"
                "(id UNINDEXED, author UNINDEXED, title, text, tokenize='porter unicode61')"
            )
            base.executemany(
                "INSERT INTO docs (id, author, title, text) VALUES (?, ?, ?, ?)",
                ((d.id, d.author, d.title, d.text) for d in documents),
            )

    def open(self, folder: Path) -> Asked:
        """Open a built index."""
        return Asked(folder)


class Asked:
    """An open index."""

    segments: int | None = None

    def __init__(self, folder: Path) -> None:
        self._base = sqlite3.connect(folder / FILE)

    def search(self, query: Query) -> int:
        """Parse, search, read ten titles, and count."""
        self._base.execute(BEST, (query.text, PAGE)).fetchall()
        return int(self._base.execute(COUNT, (query.text,)).fetchone()[0])

    def facet(self, query: Query) -> int:
        """Count authors; no page."""
        return sum(n for _, n in self._base.execute(FACET, (query.text,)))

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()
