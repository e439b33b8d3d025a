"""Where does a program begin? At the facade: a library of stories over one index.

It opens, follows folders, takes stories, answers questions and gives stories back; every
algorithm lives in another room.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Self
from weakref import WeakSet

from balletsearch import manifest as manifests
from balletsearch import settings as user_settings
from balletsearch.adding import known_key, no_files, numbered_parts, put
from balletsearch.asking import Collection, Snapshot
from balletsearch.engines import ENGINES, no_engine
from balletsearch.engines.protocol import Reader
from balletsearch.errors import SourceError
from balletsearch.fields import FIELDS
from balletsearch.locking import PATIENCE
from balletsearch.model import Source, Story
from balletsearch.opening import IndexFolder
from balletsearch.saving import forget, queries, save
from balletsearch.settings import Settings
from balletsearch.understanding import Understanding

if TYPE_CHECKING:
    from balletsearch.reports import Mended, Stats, SyncReport
    from balletsearch.stories import StoryMaker

__all__ = ["Library"]


class Library(Collection):
    """A collection of stories that can be searched.

    Open it with :meth:`open`; it is a context manager. Any number of threads may search in one
    library, also while one of them writes; open as many as you like.
    """

    def __init__(
        self,
        path: Path,
        settings: Settings,
        *,
        engine: str | None = None,
        patience: float = PATIENCE,
        on_wait: Callable[[str], None] | None = None,
        durable: bool = True,
    ) -> None:
        if engine is not None and engine not in ENGINES:
            raise no_engine(engine)
        self.path = Path(os.path.abspath(path))
        self.settings = settings
        languages = settings.languages
        self._snapshots: WeakSet[Snapshot] = WeakSet()
        self._reads = Understanding(settings, self.base)
        self._index = IndexFolder(self.path, languages, engine, patience, on_wait, durable=durable)

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str] | None = None,
        *,
        settings: Settings | None = None,
        engine: str | None = None,
        patience: float = PATIENCE,
        on_wait: Callable[[str], None] | None = None,
        durable: bool = True,
    ) -> Library:
        """The library whose index is in the folder `path`, which need not exist yet.

        Without a path the index is where BALLETSEARCH_INDEX, the nearest `balletsearch.toml` or
        else `./index` says. Without `settings` those of the nearest `balletsearch.toml` above the
        index hold. A new index is of `engine`, columns or whoosh. Nothing is written before the
        first story. A writer waits `patience` seconds for another; `on_wait` is told for whom.

        With `durable=False` no write waits until it is on the disk. That is faster where an index
        can be built again: after a loss of power (not after a mere crash of the program) it may
        be damaged. In nothing else does it differ. The next writer that waits first has all of it
        on the disk.
        """
        home = user_settings.index_home(path, Path.cwd())
        if settings is None:
            settings = user_settings.load(Path(os.path.abspath(home)).parent)
        return cls(
            home, settings, engine=engine, patience=patience, on_wait=on_wait, durable=durable
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the index's files, and of snapshots."""
        for held in self._snapshots:
            held.close()
        self._index.close()

    @property
    def exists(self) -> bool:
        """Whether there is an index yet."""
        return self._index.exists

    @property
    def engine(self) -> str:
        """The name of the engine that the index has, or that a new one would get."""
        return self._index.engine

    # Writing.

    def sync(
        self,
        root: str | os.PathLike[str],
        *,
        dry_run: bool = False,
        force: bool = False,
        checksum: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> SyncReport:
        """Make the index follow a folder (or one file) of stories.

        Adds, updates, renames and removes exactly what changed below `root`, in batches, so
        that an interruption costs little and the next sync goes on. `dry_run` only reports;
        `force` allows to lose a missing root or over half of its stories (SourceError
        otherwise); `checksum` reads every file instead of trusting size and time; `progress`
        is told how many files of how many are done.
        """
        from balletsearch.batches import Batch
        from balletsearch.changes import outermost, place
        from balletsearch.crew import Crew, plenty
        from balletsearch.syncing import Sync

        if not os.fspath(root):
            raise SourceError("The folder of stories has no name; '.' is the current one.")
        with Crew(self.settings) as crew:
            if not dry_run and not self.path.exists() and plenty(Path(root)):
                crew.start()  # it makes ready while the index is made
            with self._index.looking() if dry_run else self._index.writing() as (reader, writer):
                report = Sync(
                    root=Path(root),
                    base=self.base,
                    settings=self.settings,
                    maker=self._maker(reader),
                    sources=reader.sources() if reader else {},
                    writer=writer,
                    batch=Batch(self.engine),
                    crew=crew,
                    skip_folders=(self.path,),
                    force=force,
                    checksum=checksum,
                    progress=progress or (lambda _done, _total: None),
                ).run()
                if not dry_run:
                    known = self._index.roots()
                    self._index.follow(outermost((*known, place(Path(root), self.base))))
                return report

    def add(self, *stories: Story) -> tuple[str, ...]:
        """Store stories that have no file, in place of those with the same keys, as one commit.

        `key`, `body` and `header` count; fields are worked out. Returns remarks. StoryError
        names a story that cannot be stored; then none is.
        """
        with self._index.writing() as (reader, writer):
            remarks = put(stories, self._maker(reader), reader, writer)
            writer.commit()
        return remarks

    def replace(self, parent: str, parts: Iterable[Story]) -> tuple[str, ...]:
        """Store a long story as parts, in place of it and of all parts it had, as one commit.

        Each part (a chapter, a passage) is a story of its own that is found by itself; its field
        `parent` is the key given, its `ordinal` its place among them, from 1. A part without a
        key is called `<parent>#<ordinal>`. ``where={"parent": key}`` searches one story,
        ``sort="ordinal"`` puts its parts in order, the facet `parent` counts by story, and
        :meth:`remove` with its key removes it whole. Returns remarks; StoryError as :meth:`add`,
        for two parts of one key, and where a part that would go comes from a file.
        """
        made = numbered_parts(parent, parts)
        with self._index.writing() as (reader, writer):
            writer.remove(no_files(reader, parent))
            remarks = put(made, self._maker(reader), reader, writer)
            writer.commit()
        return remarks

    def merge(self) -> None:
        """Write the whole index as one piece, which is searched fastest and takes least room.

        Writers merge small pieces as they go; after many of them, or once a collection is
        complete, this does the rest. It copies everything, and needs room for that.
        """
        if not self.exists:
            raise self._index.missing()
        with self._index.writing() as (_, writer):
            writer.merge()

    def remove(self, *keys: str) -> int:
        """Remove stories and their parts from the index, never their files; how many there were.

        A story and its parts count as one.
        """
        return self._remove(lambda known: [known_key(key, known.__contains__) for key in keys])

    def forget(self, root: str | os.PathLike[str]) -> int:
        """Remove every story that came from below `root`, say after the folder has moved."""
        from balletsearch.changes import place, under

        name = place(Path(root), self.base)
        return self._remove(
            lambda sources: [k for k, s in sources.items() if s and under(s.path, name)],
            lambda known: not under(known, name),
        )

    def _remove(
        self,
        chosen: Callable[[Mapping[str, Source | None]], Iterable[str]],
        still_followed: Callable[[str], bool] = lambda _: True,
    ) -> int:
        if not self.exists:
            raise self._index.missing()
        with self._index.writing() as (reader, writer):
            removed = sum(writer.remove(key) for key in chosen(reader.sources()))
            writer.commit()
            self._index.follow(filter(still_followed, self._index.roots()))
        return removed

    def rebuild(self, *, progress: Callable[[int, int], None] | None = None) -> Mended:
        """Build the index anew from the texts that it holds.

        Needed after a change of version or of languages, and what mends a damaged index: every
        story that can be read is kept, those without a file too. What cannot be read is read
        from its file again, where the folder it came from is there. Where it cannot be known what
        was deleted, that is back, and the result names it. The old index answers until the new
        one is done. `progress` is told how many stories of about how many are done.
        """
        from balletsearch.rebuilding import rebuilt
        from balletsearch.reports import Mended

        found = rebuilt(self._index, self._maker(None), self.base, self.settings, progress)
        if found.lost:
            for root in filter(None, self.roots()):
                if (self.base / root).exists():
                    self.sync(self.base / root)
        lost = tuple(key for key in found.lost if self.get(key) is None)
        return Mended(len(self), lost, tuple(found.doubtful))

    def check(self, *, deep: bool = False) -> tuple[str, ...]:
        """What is wrong with the files of the index, each a sentence; nothing if it is sound.

        Every checksum is compared. `deep` also reads every story, and sees whether all that is
        in the arrays makes sense. :meth:`rebuild` mends.
        """
        return tuple(self._index.faults(deep=deep))

    @property
    def degraded(self) -> str:
        """Why the last answer came from an older state of the index; empty where it did not.

        Results say so in their notes, too.
        """
        return self._index.degraded

    # Reading.

    def roots(self) -> Mapping[str, int]:
        """The folders that the index follows → how many stories; an empty name for those without.

        A folder that has no story now is among them until it is forgotten.
        """
        counts = Counter(dict.fromkeys(self._index.roots(), 0))
        counts.update(s.root if s else "" for s in self._reader().sources().values())
        return dict(sorted(counts.items()))

    def stats(self) -> Stats:
        """What the index holds."""
        from balletsearch.reports import Stats

        reader = self._reader()
        manifest = self._index.current()[0]
        counts = dict(reader.counts())
        return Stats(
            stories=reader.count(),
            words=counts.pop("words"),
            forms=counts.pop("forms"),
            languages=manifest.languages,
            roots=self.roots(),
            fields=dict(sorted(counts.items())),
            engine=manifest.engine,
            path=str(self.path),
            size=manifests.size(self.path),
        )

    @property
    def base(self) -> Path:
        """What the paths in keys are relative to: the folder that holds the index."""
        return Path(os.path.abspath(self.path)).parent

    def snapshot(self) -> Snapshot:
        """The collection as it stands now, to be asked again and again whatever is committed."""
        held = Snapshot(self._reader(), self._languages(), self._reads)
        self._snapshots.add(held)
        return held

    # Saved queries.

    def queries(self) -> Mapping[str, str]:
        """The saved queries by name; `query:name` asks for one. They are in a file of the user's.

        SettingsError for a file that cannot be read.
        """
        return queries(self._reads.saved)

    def save(self, name: str, query: str) -> bool:
        """Save a query under a name, in place of one that has it; whether one had.

        QueryError for a query without a word in it, or a name that is none.
        """
        self._reads.query(query, custom_fields=self._custom)
        return save(self._reads.saved, name, query)

    def unsave(self, name: str) -> bool:
        """Forget a saved query; False if there is none of the name."""
        return forget(self._reads.saved, name)

    # The index as it stands.

    def _maker(self, reader: Reader | None) -> StoryMaker:
        from balletsearch.stories import StoryMaker

        custom = reader.fields().keys() - FIELDS.keys() if reader else ()
        return StoryMaker(self.settings, custom)

    def _custom(self) -> Iterable[str]:
        return self.fields().keys() - FIELDS.keys() if self.exists else ()

    def _reader(self) -> Reader:
        return self._index.reader()

    def _understanding(self) -> Understanding:
        return self._reads

    def _languages(self) -> tuple[str, ...]:
        return self._index.current()[0].languages
