"""What do tests of a sync share? Old files, and what a report or an index says in short."""

from __future__ import annotations

import os
from pathlib import Path

from balletsearch import Library, SyncReport

OLD = 1_700_000_000


def old(folder: Path) -> Path:
    """The folder, with every file so old that its size and time are trusted."""
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (OLD, OLD))
    return folder


def found(library: Library, query: str) -> list[str]:
    return sorted(hit.path.removeprefix("stories/") for hit in library.search(query, limit=None))


def counts(report: SyncReport) -> tuple[int, int, int, int, int]:
    """(added, updated, renamed, removed, unchanged)"""
    lists = (report.added, report.updated, report.renamed, report.removed)
    return (*map(len, lists), report.unchanged)  # type: ignore[return-value]
