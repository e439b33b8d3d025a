"""Who answers by default? Plain arrays in files of our own, computed on as wholes."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from balletsearch.columns import generations
from balletsearch.columns.generations import Generation
from balletsearch.columns.segment import Segment
from balletsearch.durability import sync_folder
from balletsearch.engines.columns.reading import ColumnsReader
from balletsearch.engines.columns.snapshot import Snapshot
from balletsearch.engines.protocol import EXACT_SCORES
from balletsearch.errors import IndexFaultError

__all__ = ["ColumnsEngine"]

_SCHEMA: Final = "1"


class ColumnsEngine:
    """An index in one folder of arrays. `languages` are codes, the usual one first.

    With `create` the folder is made where there is none; only a holder of the lock may ask for
    that. Without, its absence is an IndexFaultError.
    """

    name: Final = "columns"
    capabilities: Final = frozenset({EXACT_SCORES})

    def __init__(
        self,
        folder: Path,
        languages: tuple[str, ...],
        *,
        create: bool = False,
        durable: bool = True,
    ) -> None:
        self._folder = folder
        self._languages = languages
        self._durable = durable
        self._snapshot: Snapshot | None = None
        self._reader: ColumnsReader | None = None
        if create and not (folder.is_dir() and generations.numbers(folder)):
            folder.mkdir(parents=True, exist_ok=True)
            generations.commit(folder, Generation(0, _SCHEMA), durable=durable)
            sync_folder(folder.parent)

    def _newest(self) -> Snapshot:
        while True:
            try:
                generation = generations.newest(self._folder)
            except FileNotFoundError:
                generation = None
            if generation is None:
                raise IndexFaultError(
                    f"{self._folder} holds no index any more. Build it again: "
                    "balletsearch index --rebuild."
                )
            if self._snapshot is not None and self._snapshot.generation == generation:
                return self._snapshot
            try:
                self._snapshot = self._opened(generation)
            except IndexFaultError:
                # A commit may have swept its files away between one step and the next.
                if generations.newest(self._folder) == generation:
                    raise
                continue
            return self._snapshot

    def _opened(self, generation: Generation) -> Snapshot:
        before = (
            {}
            if self._snapshot is None
            else dict(zip(self._snapshot.generation.segments, self._snapshot.segments, strict=True))
        )
        segments = tuple(
            before.get(r) or Segment(self._folder, r.placed, r.deleted) for r in generation.segments
        )
        return Snapshot(generation, segments, self._languages)

    def reader(self) -> ColumnsReader:
        """The newest generation; the same reader as long as nothing was committed."""
        snapshot = self._newest()
        if self._reader is None or self._reader.snapshot is not snapshot:
            self._reader = ColumnsReader(snapshot)
        return self._reader

    def writer(self):  # type: ignore[no-untyped-def]
        """The writer. The caller holds the lock."""
        from balletsearch.engines.columns.writing import ColumnsWriter

        def base() -> tuple[Generation, tuple[Segment, ...]]:
            snapshot = self._newest()
            return snapshot.generation, snapshot.segments

        return ColumnsWriter(self._folder, self._languages, base, durable=self._durable)

    def close(self) -> None:
        """Let go of files."""
        self._reader = self._snapshot = None
