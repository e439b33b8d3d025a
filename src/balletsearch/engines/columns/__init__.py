"""Who answers by default? Plain arrays in files of our own, computed on as wholes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from balletsearch.columns import generations
from balletsearch.columns.generations import Generation, Record
from balletsearch.columns.segment import Segment, read_deleted
from balletsearch.columns.values import Docs
from balletsearch.durability import as_faults, sync_folder
from balletsearch.engines.columns.reading import ColumnsReader
from balletsearch.engines.columns.snapshot import Snapshot
from balletsearch.engines.columns.weights import schema
from balletsearch.engines.protocol import AS_TYPED, EXACT_SCORES, Salvaged, Writer
from balletsearch.errors import IndexFaultError, IndexOutdatedError

__all__ = ["ColumnsEngine"]

_MEND: Final = "Mend the index: balletsearch check --repair."
_SCHEMA: Final = schema()


class ColumnsEngine:
    """An index in one folder of arrays. `languages` are codes, the usual one first.

    With `create` the folder is made where there is none; only a holder of the lock may ask for
    that. Without, its absence is an IndexFaultError. Unless `durable`, nothing waits for the disk.
    """

    name: Final = "columns"
    capabilities: Final = frozenset({AS_TYPED, EXACT_SCORES})

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
            if durable:
                sync_folder(folder.parent)

    def _newest(self) -> Snapshot:
        """The newest generation that can be read, open.

        A damaged manifest or list of deleted documents makes it the one before, and the
        snapshot says why; a damaged segment is an IndexFaultError, since the one before has it
        too or lacks what it holds.
        """
        standing = self._snapshot
        # A manifest is never written twice: the same number is the same generation.
        if (
            standing is not None
            and not standing.degraded
            and generations.numbers(self._folder)[:1] == [standing.generation.number]
        ):
            return standing
        passed = ""
        for found in generations.standing(self._folder):
            if isinstance(found, IndexFaultError):
                passed = passed or str(found)
                continue
            if standing is not None and (standing.generation, standing.degraded) == (found, passed):
                return standing
            if found.schema != _SCHEMA:
                raise IndexOutdatedError(
                    f"{self._folder.parent} was built with other fields or weights. Build it "
                    "again: balletsearch index --rebuild."
                )
            try:
                deleted = _deleted(self._folder, found)
            except IndexFaultError as error:
                passed = passed or str(error)
                continue
            self._snapshot = opened = self._opened(found, deleted, passed)
            return opened
        if passed:
            raise IndexFaultError(passed)
        raise IndexFaultError(f"{self._folder.parent} has lost the files of its index. {_MEND}")

    def _patiently(self) -> Snapshot:
        """The newest generation, also while commits sweep old files away."""
        while True:
            before = self._numbers()
            try:
                return self._newest()
            except FileNotFoundError as error:
                if self._numbers() == before:
                    raise IndexFaultError(f"{error.filename} is missing. {_MEND}") from error
            except IndexFaultError:
                if self._numbers() == before:
                    raise
            except OSError:
                with as_faults(self._folder):
                    raise

    def _numbers(self) -> list[int]:
        """The generations there are; none where the folder is gone."""
        try:
            return generations.numbers(self._folder)
        except FileNotFoundError:
            return []

    def _opened(
        self, generation: Generation, deleted: dict[Record, Docs], degraded: str
    ) -> Snapshot:
        before: dict[Record, Segment] = {}
        standing = self._snapshot
        if standing is not None:
            before = dict(zip(standing.generation.segments, standing.segments, strict=True))
        segments = tuple(
            before.get(r) or Segment(self._folder, r.placed, deleted[r])
            for r in generation.segments
        )
        return Snapshot(generation, segments, self._languages, degraded)

    def reader(self) -> ColumnsReader:
        """The newest generation; the same reader as long as nothing was committed."""
        snapshot = self._patiently()
        # Other threads may ask, too: what is handed out is what was found here.
        reader = self._reader
        if reader is None or reader.snapshot is not snapshot:
            self._reader = reader = ColumnsReader(snapshot)
        return reader

    def writer(self) -> Writer:
        """The writer. The caller holds the lock."""
        from balletsearch.engines.columns.writing import ColumnsWriter

        def base() -> tuple[Generation, tuple[Segment, ...]]:
            snapshot = self._patiently()
            if snapshot.degraded:
                # What is built on an older generation would take the place of the newest.
                raise IndexFaultError(snapshot.degraded)
            return snapshot.generation, snapshot.segments

        return ColumnsWriter(self._folder, self._languages, base, durable=self._durable)

    def faults(self, *, deep: bool) -> Iterator[str]:
        """What is wrong with the files."""
        from balletsearch.engines.columns import mending

        return mending.faults(self._folder, deep=deep)

    def salvage(self) -> Iterator[Salvaged]:
        """Every story that can still be read, and what cannot."""
        from balletsearch.engines.columns import mending

        return mending.salvage(self._folder)

    def close(self) -> None:
        """Let go of files."""
        self._reader = self._snapshot = None


def _deleted(folder: Path, generation: Generation) -> dict[Record, Docs]:
    """The deleted documents of each segment of a generation."""
    return {r: read_deleted(folder, r.deleted) for r in generation.segments}
