"""Who answers from stock Whoosh files?

The portable engine: the files are those of any Whoosh from 2.7.4 on. Whoosh keeps the
postings, the columns and the stored texts; what matches and how it scores is ours.

A Whoosh index holds pickles, and opening one can run code, so only an index that this
program has written (its manifest says so) is ever opened, and none that a stranger sent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from whoosh.index import FileIndex

from balletsearch.durability import sync_folder
from balletsearch.engines.protocol import EXACT_SCORES, Salvaged
from balletsearch.engines.whoosh.damage import damaged, naming_damage
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
    """An index in one folder of stock Whoosh files. `languages` are codes, the usual one first.

    With `create` the files are made where there are none; only a holder of the lock may ask
    for that. Without, their absence is an IndexFaultError. Unless `durable`, nothing waits for
    the disk.
    """

    name: Final = "whoosh"
    capabilities: Final = frozenset({EXACT_SCORES})

    def __init__(
        self,
        folder: Path,
        languages: tuple[str, ...],
        *,
        create: bool = False,
        durable: bool = True,
    ) -> None:
        storage = DurableStorage(str(folder), durable=durable)
        self._folder = folder
        self._languages = languages
        self._reader: WhooshReader | None = None
        if create and not any(folder.glob("_MAIN_*.toc")):
            folder.mkdir(parents=True, exist_ok=True)
            FileIndex.create(storage, base_schema(), "MAIN")
            if durable:
                sync_folder(folder.parent)
        self._index = self._patiently(lambda: FileIndex(storage, indexname="MAIN"))

    def reader(self) -> WhooshReader:
        """The newest generation; the same reader as long as nothing was committed."""
        if self._reader is None or self._reader.generation != self._index.latest_generation():
            # The old reader may still be held by somebody: it is closed when they let go.
            whoosh_reader = self._patiently(self._index.reader)
            self._reader = WhooshReader(whoosh_reader, self._folder, self._languages)
        return self._reader

    def writer(self) -> WhooshWriter:
        """The writer. The caller holds the lock."""
        return WhooshWriter(self._index, self._languages, self.reader)

    def faults(self, *, deep: bool) -> Iterator[str]:
        """What is wrong with the files; they have no checksums, so everything is read."""
        try:
            reader = self.reader()
            for _ in reader.stories() if deep else reader.sources():
                pass
        except IndexFaultError as error:
            yield str(error)

    def salvage(self) -> Iterator[Salvaged]:
        """Every story, up to the first that cannot be read."""
        try:
            for story in self.reader().stories():
                yield Salvaged(story)
        except IndexFaultError as error:
            yield Salvaged(None, f"the rest ({error})")

    def close(self) -> None:
        """Let go of files."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _patiently(self, open_files: Callable[[], Any]) -> Any:
        for _ in range(_TRIES):
            try:
                with naming_damage(self._folder):
                    return open_files()
            except FileNotFoundError:
                time.sleep(_PAUSE)
        raise damaged(self._folder, "files are missing")
