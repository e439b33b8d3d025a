"""Where is the index that Whoosh is to see, and who may write to it?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from balletsearch.engines.columns.reading import ColumnsReader
from balletsearch.engines.columns.snapshot import Snapshot
from balletsearch.errors import UnsupportedError
from balletsearch.fields import FIELDS
from balletsearch.library import Library
from balletsearch.model import Story
from balletsearch.opening import IndexFolder
from balletsearch.settings import Settings
from balletsearch.stories import StoryMaker
from balletsearch.whoosh_view.index import Batch, ViewIndex
from balletsearch.whoosh_view.schema import check

__all__ = ["opened"]

_ENGINE = "columns"
_COUNTED = 48
"""Bits for the number of a generation within its store: a rebuild counts anew in another one."""


class _Folder:
    """The index in one folder, through all its generations and rebuilds."""

    def __init__(self, folder: IndexFolder, settings: Settings) -> None:
        self._folder = folder
        self._settings = settings

    def newest(self) -> tuple[Snapshot, int]:
        """The newest generation, and a number that no other one has."""
        while True:
            manifest = self._folder.current()[0]
            if manifest.engine != _ENGINE:
                raise UnsupportedError(
                    f"The index in {self._folder.path} is of the engine '{manifest.engine}', and "
                    f"only one of '{_ENGINE}' can be opened as a Whoosh index. Build it again: "
                    "balletsearch index --rebuild."
                )
            snapshot = _snapshot(self._folder.reader())
            if self._folder.current()[0] == manifest:  # else a rebuild came between
                store = int(manifest.store.rpartition("-")[2], 16)
                return snapshot, store << _COUNTED | snapshot.generation.number

    @contextmanager
    def writing(self, patience: float) -> Iterator[Batch]:
        """The lock of the index, and what to write with."""
        with self._folder.writing(patience) as (reader, writer):
            maker = StoryMaker(self._settings, reader.fields().keys() - FIELDS.keys())

            def make(story: Story) -> Story:
                return maker.make(story)[0]

            yield Batch(_snapshot(reader), writer, make)


def _snapshot(reader: Any) -> Snapshot:
    if not isinstance(reader, ColumnsReader):
        raise UnsupportedError(f"A {type(reader).__name__} cannot be read by Whoosh.")
    return reader.snapshot


def opened(
    path: str | os.PathLike[str] | None, settings: Settings | None, schema: Any
) -> ViewIndex:
    """The Whoosh index over the index in a folder; see :func:`balletsearch.open_whoosh`."""
    library = Library.open(path, settings=settings)
    languages = library.settings.languages
    folder = IndexFolder(library.path, languages, _ENGINE, patience=0, on_wait=None)
    index = ViewIndex(_Folder(folder, library.settings))
    collection = index.collection()
    if schema is not None:
        check(collection.shown, schema)
    return index
