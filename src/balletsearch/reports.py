"""What is told of work that was done, and of what an index holds?

Frozen values like those of `model.py`; they stand apart since no search has need of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Mended", "Skip", "Stats", "SyncReport"]


@dataclass(frozen=True, slots=True)
class Skip:
    """Something that was passed over, or taken with a doubt: which, and why.

    `lost` is False for a mere remark on a story that was indexed all the same. `record` names
    the one story of a file of many that is meant, where that can be told.
    """

    path: str
    reason: str
    lost: bool = True
    record: str = ""


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What one sync did, or with `dry_run` would do. Entries are keys; renamed are (old, new)."""

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    skipped: tuple[Skip, ...] = ()
    dry_run: bool = False

    @property
    def changed(self) -> bool:
        """Whether the index is, or would be, another one afterwards."""
        return bool(self.added or self.updated or self.renamed or self.removed)


@dataclass(frozen=True, slots=True)
class Mended:
    """What came of building an index anew: its stories, and those that could not be read.

    `lost` are keys, as far as they could be made out. `doubtful` are those of stories that are
    there and may have been deleted before, since the list of the deleted could not be read.
    """

    stories: int
    lost: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stats:
    """What the index holds."""

    stories: int
    words: int
    forms: int
    languages: tuple[str, ...]
    roots: Mapping[str, int]
    fields: Mapping[str, int]
    engine: str
    path: str
    size: int
