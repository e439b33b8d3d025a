"""What is it that Whoosh opens? An index that always shows the newest generation."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol

from whoosh.fields import Schema
from whoosh.index import Index

from balletsearch.engines.columns.snapshot import Snapshot
from balletsearch.engines.protocol import Writer
from balletsearch.errors import OLDER, OlderStateWarning, UnsupportedError
from balletsearch.model import Story
from balletsearch.whoosh_view.collection import Collection
from balletsearch.whoosh_view.reading import open_reader
from balletsearch.whoosh_view.schema import refuse
from balletsearch.whoosh_view.searching import ViewSearcher

__all__ = ["Batch", "Source", "ViewIndex"]


class Batch(NamedTuple):
    """What a writer of Whoosh writes with, while it holds the lock.

    `snapshot` is what stands; `make` makes a story of the collection of one that somebody gives.
    """

    snapshot: Snapshot
    writer: Writer
    make: Callable[[Story], Story]


class Source(Protocol):
    """Where an index is."""

    def newest(self) -> tuple[Snapshot, int]:
        """The newest generation, and a number that no other one has."""
        ...

    def writing(self, patience: float) -> AbstractContextManager[Batch]:
        """The lock; IndexLockedError where another holds it for `patience` seconds more."""
        ...


class ViewIndex(Index):  # type: ignore[misc]  # Whoosh ships no types
    """A collection as Whoosh sees it.

    Readers and searchers keep their generation; the index itself is always up to date.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._collection: Collection | None = None

    def collection(self) -> Collection:
        """The newest generation."""
        snapshot, generation = self._source.newest()
        found = self._collection
        if found is None or found.snapshot is not snapshot:
            if snapshot.degraded:
                # Results of Whoosh have no place for it.
                warnings.warn(f"{OLDER} {snapshot.degraded}", OlderStateWarning, stacklevel=2)
            found = self._collection = Collection(snapshot, generation)
        return found

    @property
    def schema(self) -> Schema:
        """The fields of the newest generation."""
        return self.collection().schema

    def reader(self, reuse: Any = None) -> Any:  # noqa: ARG002 - what can be shared is
        """A reader of the newest generation."""
        return open_reader(self.collection())

    def searcher(self, **options: Any) -> ViewSearcher:
        """A searcher of the newest generation."""
        return ViewSearcher(self.reader(), fromindex=self, **options)

    def writer(self, procs: int = 1, timeout: float | None = 0, **options: Any) -> Any:
        """A writer, with the lock held until it commits or cancels.

        LockError of Whoosh if another program is writing for `timeout` seconds more;
        UnsupportedError for options that mean nothing here. `limitmb` and `delay` do nothing:
        memory is bounded in any case, and how often the lock is asked for is its own affair.
        """
        from balletsearch.whoosh_view.writing import StoryWriter

        if procs not in (None, 1):
            raise UnsupportedError(f"procs={procs} is not possible: one process writes an index.")
        if not isinstance(timeout, int | float | None) or not (timeout or 0) >= 0:
            raise UnsupportedError(f"timeout={timeout!r} is not possible; give seconds to wait.")
        for name in options.keys() - {"limitmb", "delay"}:
            raise UnsupportedError(f"A writer takes no '{name}' here; leave it out.")
        return StoryWriter(self, self._source, timeout or 0)

    def latest_generation(self) -> int:
        """The number of the newest generation."""
        return self._source.newest()[1]

    def is_empty(self) -> bool:
        """Whether there is no story."""
        return not self.collection().snapshot.documents

    def doc_count(self) -> int:
        """The number of stories."""
        return int(self.collection().snapshot.documents)

    def add_field(self, fieldname: str, fieldspec: Any) -> None:
        """Nothing if there is such a field already, else UnsupportedError, which names the type."""
        refuse(self.collection().shown, fieldname, fieldspec)

    def remove_field(self, fieldname: str) -> None:
        """Not possible."""
        raise UnsupportedError(f"'{fieldname}' stays as long as a story has a value in it.")
