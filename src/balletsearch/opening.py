"""How does the index in a folder open, who writes to it, and how is it replaced?

The manifest decides: it names the store and the engine. A reader follows it from search to
search and never writes. A writer holds the lock, makes the index where there is none, and
leaves none behind if that came to nothing. A rebuild fills a new store beside the old one and
then changes the manifest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from balletsearch import manifest as manifests
from balletsearch.durability import (
    as_faults,
    make_folder,
    sync_above,
    sync_below,
    sync_folder,
)
from balletsearch.engines import ENGINES, engine_of, open_engine
from balletsearch.engines.protocol import Engine, Reader, Salvaged, Writer
from balletsearch.errors import (
    IndexFaultError,
    IndexForeignError,
    IndexMissingError,
    IndexOutdatedError,
)
from balletsearch.locking import write_lock
from balletsearch.manifest import Manifest

__all__ = ["IndexFolder"]

Copy = Callable[[Iterator[Salvaged], Writer], int]
"""Puts what can be read of the old index into the new one; returns how many stories that are."""


class IndexFolder:
    """The index in one folder, for one set of languages (codes, the usual one first).

    `engine` is that of an index built now; None leaves it as it is, and gives a new index the
    usual one. Unless `durable`, no write waits for the disk.
    """

    def __init__(
        self,
        path: Path,
        languages: tuple[str, ...],
        engine: str | None,
        patience: float,
        on_wait: Callable[[str], None] | None,
        *,
        durable: bool = True,
    ) -> None:
        self.path = path
        self._durable = durable
        self._languages = languages
        self._asked = engine
        self._patience = patience
        self._on_wait = on_wait
        self._opened: tuple[Manifest, Engine] | None = None
        self.degraded = ""
        """Why the reader that was asked for last is of an older generation than the newest."""

    @property
    def exists(self) -> bool:
        """Whether there is an index."""
        return manifests.load(self.path) is not None

    @property
    def engine(self) -> str:
        """The name of the engine that the index has, or would get."""
        manifest = manifests.load(self.path)
        return manifest.engine if manifest is not None else self._asked or ENGINES[0]

    @property
    def next_engine(self) -> str:
        """The name of the engine that the index has once it is built anew."""
        with as_faults(self.path):
            return self._asked or self._whatever_there_is().engine

    def close(self) -> None:
        """Let go of the files."""
        if self._opened is not None:
            self._opened[1].close()
            self._opened = None

    def missing(self) -> IndexFaultError:
        """The error for an index that is not there, or has lost its manifest."""
        stores = manifests.orphans(self.path) if self.path.is_dir() else []
        if stores:
            return IndexFaultError(
                f"{self.path / manifests.FILE_NAME} is missing, but {stores[0].name} holds "
                "stories. Bring it back: balletsearch check --repair."
            )
        return IndexMissingError(
            f"There is no index in {self.path} yet. Build one from a folder of stories: "
            "balletsearch index FOLDER."
        )

    def current(self) -> tuple[Manifest, Engine]:
        """The manifest in force now, and its engine: another one after a rebuild."""
        return self._as_in(manifests.load(self.path))

    def _as_in(self, manifest: Manifest | None) -> tuple[Manifest, Engine]:
        if manifest is None:
            raise self.missing()
        opened = self._opened
        if opened is None or opened[0] != manifest:
            manifests.check_words(self.path, manifest, self._languages)
            # An engine before it may still be read from: it goes when its last reader does.
            opened = manifest, self._engine(manifest)
            self._opened = opened
        return opened

    def reader(self) -> Reader:
        """The newest generation, also while the index is being replaced."""
        while True:
            manifest = manifests.load(self.path)
            try:
                found = self._as_in(manifest)[1].reader()
                self.degraded = found.degraded
                return found
            except IndexFaultError:
                if manifests.load(self.path) == manifest:
                    raise
                # A rebuild took its place and swept it away between one step and the next.
                self._opened = None

    @contextmanager
    def looking(self) -> Iterator[tuple[Reader | None, None]]:
        """The newest generation if there is one, and no writer: for dry runs."""
        yield (self.reader() if self.exists else None), None

    @contextmanager
    def writing(self, patience: float | None = None) -> Iterator[tuple[Reader, Writer]]:
        """The newest generation and the one writer, with the lock held.

        It waits for the lock for `patience` seconds, or as long as the folder was opened to wait.
        """
        with as_faults(self.path):
            manifests.check_writable(self.path)
            make_folder(self.path, durable=self._durable)
        patience = self._patience if patience is None else patience
        with write_lock(self.path, patience, self._on_wait):
            is_new = not self.exists
            with as_faults(self.path):
                engine = self._ready(is_new)
            reader = engine.reader()
            if reader.degraded:
                raise IndexFaultError(
                    f"{self.path} is damaged and takes no stories until it is mended: "
                    f"balletsearch check --repair. ({reader.degraded})"
                )
            try:
                with engine.writer() as writer:
                    yield reader, writer
            except BaseException:
                with suppress(IndexFaultError, OSError):
                    if is_new and not engine.reader().count():
                        # What came to nothing leaves no index behind to hide the mistake.
                        self.close()
                        manifests.discard(self.path)
                raise

    def _ready(self, is_new: bool) -> Engine:
        """The engine of an index that is made if it is new, without what others left behind."""
        if is_new:
            self._make()
        manifest, engine = self.current()
        if self._durable and not manifest.synced:
            # What follows is told as kept, and is built on this.
            sync_below(self.path / manifest.store)
        if manifest.made_with != manifests.versions() or manifest.synced != self._durable:
            # The words are the same (that was checked): say so, for whoever opens it next.
            self._save(replace(manifest, made_with=manifests.versions()))
        manifests.sweep(self.path, manifest.store)
        return engine

    def _make(self) -> None:
        if orphans := manifests.orphans(self.path):
            raise IndexFaultError(
                f"{self.path} holds {orphans[0].name} with stories, but no {manifests.FILE_NAME}. "
                "Bring it back by balletsearch check --repair, or delete "
                f"{orphans[0].name} to begin anew."
            )
        manifest = self._new_manifest()
        self._engine(manifest, create=True).close()
        self._save(manifest)

    def _engine(self, manifest: Manifest, *, create: bool = False) -> Engine:
        return open_engine(
            manifest.engine,
            self.path / manifest.store,
            manifest.languages,
            create=create,
            durable=self._durable,
        )

    def _save(self, manifest: Manifest) -> None:
        """Put a manifest in force, and note in it whether all that it stands for is synced."""
        if self._durable and not manifest.synced:
            sync_folder(self.path)
            sync_above(self.path)
        noted = replace(manifest, synced=self._durable)
        manifests.save(self.path, noted, durable=self._durable)

    def replace(self, copy: Copy) -> None:
        """Fill a new store by `copy` and put it in the place of the old one.

        The old one answers until then, and stays if the copy fails or is not whole. It may be
        damaged, its manifest too.
        """
        with as_faults(self.path):
            self._whatever_there_is()
        with write_lock(self.path, self._patience, self._on_wait):
            with as_faults(self.path):
                old = self._whatever_there_is()
                source = self._engine(old)
                new = replace(
                    self._new_manifest(), engine=self._asked or old.engine, roots=old.roots
                )
                target = self._engine(new, create=True)
            try:
                with target.writer() as writer:
                    count = copy(source.salvage(), writer)
                if target.reader().count() != count:
                    raise IndexFaultError(f"{self.path}: the copy is not whole; the old one stays.")
            finally:
                source.close()
                target.close()
            with as_faults(self.path):
                self._save(new)
            self._opened = None  # whoever still reads the old one may finish
            manifests.sweep(self.path, new.store)

    def faults(self, *, deep: bool) -> Iterator[str]:
        """What is wrong with the index."""
        try:
            manifest = manifests.load(self.path)
        except IndexFaultError as error:
            yield str(error)
            manifest = self._whatever_there_is()
        if manifest is None:
            fault = self.missing()
            if isinstance(fault, IndexMissingError):
                raise fault
            yield str(fault)
            manifest = self._whatever_there_is()
        engine = self._engine(manifest)
        try:
            yield from engine.faults(deep=deep)
        finally:
            engine.close()

    def _whatever_there_is(self) -> Manifest:
        """The manifest; where it is damaged or lost, one for the store that holds stories."""
        try:
            manifest = manifests.load(self.path)
        except (IndexForeignError, IndexOutdatedError):
            raise
        except IndexFaultError as fault:
            return self._found(fault)
        if manifest is not None:
            return manifest
        return self._found(self.missing())

    def _found(self, fault: IndexFaultError) -> Manifest:
        stores = manifests.orphans(self.path) if self.path.is_dir() else []
        if len(stores) != 1:
            raise fault
        engine = engine_of(stores[0])
        return replace(self._new_manifest(), store=stores[0].name, engine=engine)

    def follow(self, roots: Iterable[str]) -> None:
        """Note which folders the index follows. The caller holds the lock, as a writer does."""
        manifest, engine = self.current()
        changed = replace(manifest, roots=tuple(sorted(set(roots))))
        if changed != manifest:
            with as_faults(self.path):
                self._save(changed)
            self._opened = changed, engine

    def roots(self) -> tuple[str, ...]:
        """The folders that the index follows."""
        return self.current()[0].roots

    def _new_manifest(self) -> Manifest:
        from balletsearch.analysis import fingerprint

        return Manifest(
            manifests.FORMAT,
            self._asked or ENGINES[0],
            manifests.new_store(),
            self._languages,
            fingerprint(self._languages),
            manifests.versions(),
        )
