"""Who answers from stock Whoosh files?

The portable engine: the files are those of any Whoosh from 2.7.4 on. Whoosh keeps the
postings, the columns and the stored texts; what matches and how it scores is ours.

A Whoosh index holds pickles, and opening one can run code, so only an index that this
program has written (its manifest says so) is ever opened, and none that a stranger sent.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Final

from whoosh.index import FileIndex

from balletsearch.engines.protocol import EXACT_SCORES
from balletsearch.engines.whoosh.reading import WhooshReader
from balletsearch.engines.whoosh.schema import base_schema
from balletsearch.engines.whoosh.storage import DurableStorage
from balletsearch.engines.whoosh.writing import WhooshWriter
from balletsearch.errors import IndexFaultError

__all__ = ["WhooshEngine"]

_TRIES: Final = 20
_PAUSE: Final = 0.005
"""Seconds. Whoosh lists files and then opens them; a commit between the two removes some."""


class WhooshEngine:
    """An index in one folder of stock Whoosh files. `languages` are codes, the usual one first."""

    name: Final = "whoosh"
    capabilities: Final = frozenset({EXACT_SCORES})

    def __init__(self, folder: Path, languages: tuple[str, ...]) -> None:
        self._folder = folder
        self._languages = languages
        self._reader: WhooshReader | None = None

    def reader(self) -> WhooshReader:
        """The newest generation; the same reader as long as nothing was committed."""
        index = self._index()
        if self._reader is None or self._reader.whoosh.generation() != index.latest_generation():
            # The old reader may still be held by somebody: it is closed when they let go.
            self._reader = WhooshReader(_patiently(index.reader, self._folder), self._languages)
        return self._reader

    def writer(self) -> WhooshWriter:
        """The writer. The caller holds the lock."""
        return WhooshWriter(self._index(), self._languages, lambda: self.reader().documents)

    def close(self) -> None:
        """Let go of files."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _index(self) -> Any:
        if not any(self._folder.glob("_MAIN_*.toc")):
            self._folder.mkdir(parents=True, exist_ok=True)
            FileIndex.create(DurableStorage(str(self._folder)), base_schema(), "MAIN")
        return _patiently(
            lambda: FileIndex(DurableStorage(str(self._folder)), indexname="MAIN"), self._folder
        )


def _patiently(open_files: Any, folder: Path) -> Any:
    for _ in range(_TRIES):
        try:
            return open_files()
        except FileNotFoundError:
            time.sleep(_PAUSE)
    raise IndexFaultError(
        f"{folder}: files of the index are missing. Build it again: balletsearch index --rebuild."
    )
