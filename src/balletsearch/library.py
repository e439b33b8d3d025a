"""Where does a program begin? At the facade: a library of stories over one index.

It opens, follows folders, takes stories, answers questions and gives stories back; every
algorithm lives in another room.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from balletsearch import manifest as manifests
from balletsearch import settings as user_settings
from balletsearch.engines import ENGINES, open_engine
from balletsearch.engines.protocol import Engine, Reader, SearchRequest, Selection, Sort, Writer
from balletsearch.errors import IndexMissingError, QueryError, SettingsError
from balletsearch.fields import FIELDS, resolve
from balletsearch.locking import PATIENCE, write_lock
from balletsearch.manifest import Manifest
from balletsearch.model import Hit, Results, Snippet, Stats, Story, SyncReport
from balletsearch.query import Query, parse, unknown_fields
from balletsearch.settings import Settings
from balletsearch.snippets import snippet

__all__ = ["Library"]

Asked = Mapping[str, str | Sequence[str]]
"""Field → the value, or the values, selected in it."""


class Library:
    """A collection of stories that can be searched.

    Open it with :meth:`open`; it is a context manager. One library may be used by one thread
    at a time; open as many as you like.
    """

    def __init__(
        self,
        path: Path,
        settings: Settings,
        *,
        engine: str = ENGINES[0],
        patience: float = PATIENCE,
        on_wait: Callable[[str], None] | None = None,
    ) -> None:
        if engine not in ENGINES:
            raise SettingsError(f"There is no engine '{engine}'; there are {', '.join(ENGINES)}.")
        self.path = path
        self.settings = settings
        self._engine_name = engine
        self._patience = patience
        self._on_wait = on_wait
        self._opened: tuple[Manifest, Engine] | None = None

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str] | None = None,
        *,
        settings: Settings | None = None,
        engine: str = ENGINES[0],
        patience: float = PATIENCE,
        on_wait: Callable[[str], None] | None = None,
    ) -> Library:
        """The library whose index is in the folder `path`, which need not exist yet.

        Without a path the index is where BALLETSEARCH_INDEX, the nearest `balletsearch.toml`
        or else `./index` says. Without `settings` those of the nearest `balletsearch.toml`
        above the index hold. Nothing is written before the first story. A writer waits
        `patience` seconds for another one; `on_wait` is told for whom.
        """
        home = user_settings.index_home(path, Path.cwd())
        if settings is None:
            settings = user_settings.load(Path(os.path.abspath(home)).parent)
        return cls(home, settings, engine=engine, patience=patience, on_wait=on_wait)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the index's files."""
        if self._opened is not None:
            self._opened[1].close()
            self._opened = None

    @property
    def exists(self) -> bool:
        """Whether there is an index yet."""
        return manifests.load(self.path) is not None

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
        from balletsearch.syncing import Sync

        with self._writing(dry_run=dry_run) as (reader, writer):
            return Sync(
                root=Path(root),
                base=self.base,
                settings=self.settings,
                maker=self._maker(reader),
                sources=reader.sources() if reader else {},
                writer=writer,
                skip_folders=(self.path,),
                force=force,
                checksum=checksum,
                progress=progress or (lambda _done, _total: None),
            ).run()

    def add(self, *stories: Story) -> tuple[str, ...]:
        """Store stories that have no file, in place of those with the same keys, as one commit.

        `key`, `body` and `header` count; fields are worked out. Returns remarks. StoryError
        names a story that cannot be stored; then none is.
        """
        with self._writing() as (reader, writer):
            maker = self._maker(reader)
            remarks: list[str] = []
            for story in stories:
                made, said = maker.make(replace(story, source=None, reading=None, fields={}))
                remarks += (f"{story.key}: {remark}" for remark in said)
                _sure(writer).add(made)
            _sure(writer).commit()
        return tuple(remarks)

    def remove(self, *keys: str) -> int:
        """Remove stories from the index (never their files); how many there were."""
        with self._writing() as (_, writer):
            removed = sum(_sure(writer).remove(key) for key in keys)
            _sure(writer).commit()
        return removed

    def forget(self, root: str | os.PathLike[str]) -> int:
        """Remove every story that came from below `root`, say after the folder has moved."""
        from balletsearch.syncing import place, under

        name = place(Path(root), self.base)
        sources = self._reader().sources()
        return self.remove(*(k for k, s in sources.items() if s and under(s.path, name)))

    def rebuild(self, *, progress: Callable[[int, int], None] | None = None) -> int:
        """Build the index anew from the texts that it holds; how many stories that were.

        Needed after a change of version or of languages. No story is dropped: those without
        a file come from their stored text. The old index answers until the new one is done.
        """
        old = manifests.load(self.path)
        if old is None:
            raise self._missing()
        with write_lock(self.path, self._patience, self._on_wait):
            source = open_engine(old.engine, self.path / old.store, old.languages)
            new = self._new_manifest()
            target = open_engine(new.engine, self.path / new.store, new.languages)
            try:
                done = self._copy(source.reader(), target.writer(), progress)
            finally:
                source.close()
                target.close()
            manifests.save(self.path, new)
            self.close()
            manifests.sweep(self.path, new.store)
        return done

    def _copy(
        self, reader: Reader, writer: Writer, progress: Callable[[int, int], None] | None
    ) -> int:
        from balletsearch.syncing import BATCH_STORIES

        maker, total, done = self._maker(None), reader.count(), 0
        with writer:
            for done, story in enumerate(reader.stories(), 1):
                language = str(story.fields.get("language", ("",))[0])
                writer.add(maker.make(story, language=language)[0])
                if done % BATCH_STORIES == 0:
                    writer.commit()
                if progress is not None:
                    progress(done, total)
            writer.commit()
        return done

    # Reading.

    def search(
        self,
        query: str | Query = "*",
        *,
        facets: Iterable[str] = (),
        where: Asked | None = None,
        sort: Iterable[str] = (),
        offset: int = 0,
        limit: int | None = 10,
        any_word: bool = False,
        plain: bool = False,
        strict: bool = False,
        snippets: bool = True,
    ) -> Results:
        """The stories that a query finds, best first.

        `facets` are fields to count over all that was found, `where` selects whole values,
        `sort` orders by fields (`-words`: descending) instead of by relevance, `any_word`,
        `plain` and `strict` are as in :func:`balletsearch.query.parse`. QueryError where the
        query cannot be answered.
        """
        reader = self._reader()
        if isinstance(query, str):
            custom = reader.fields().keys() - FIELDS.keys() if unknown_fields(query) else ()
            query = parse(
                query, custom_fields=custom, any_word=any_word, plain=plain, strict=strict
            )
        request = SearchRequest(
            query.tree,
            where=tuple(
                Selection(_field(name), (values,) if isinstance(values, str) else tuple(values))
                for name, values in (where or {}).items()
            ),
            facets=tuple(dict.fromkeys(map(_field, facets))),
            sort=tuple(Sort(_field(by.lstrip("-")), by.startswith("-")) for by in sort),
            offset=_not_negative("offset", offset),
            limit=None if limit is None else _not_negative("limit", limit),
        )
        found = reader.search(request)
        hits = tuple(
            Hit(
                m.story, m.score, m.spans, snippet(m.story.body, m.spans) if snippets else Snippet()
            )
            for m in found.matches
        )
        return Results(query, hits, found.total, found.facets, query.problems, found.notes)

    def get(self, key: str) -> Story | None:
        """The story with this key."""
        return self._reader().get(key)

    def find(self, name: str) -> tuple[str, ...]:
        """The keys that somebody may mean by `name`: the key itself, or the end of a path."""
        keys = self._reader().sources()
        wanted = name.removeprefix("./")
        if found := tuple(key for key in (name, wanted) if key in keys):
            return found[:1]
        return tuple(sorted(k for k in keys if k.endswith((f"/{wanted}", f"#{wanted}"))))

    def stories(self) -> Iterator[Story]:
        """All stories, by key."""
        return self._reader().stories()

    def __len__(self) -> int:
        return self._reader().count()

    def stats(self) -> Stats:
        """What the index holds."""
        reader = self._reader()
        manifest = self._current()[0]
        counts = dict(reader.counts())
        roots: dict[str, int] = {}
        for source in reader.sources().values():
            root = source.root if source else ""
            roots[root] = roots.get(root, 0) + 1
        return Stats(
            stories=reader.count(),
            words=counts.pop("words"),
            forms=counts.pop("forms"),
            languages=manifest.languages,
            roots=dict(sorted(roots.items())),
            fields=dict(sorted(counts.items())),
            engine=manifest.engine,
            path=str(self.path),
            size=sum(f.stat().st_size for f in self.path.rglob("*") if f.is_file()),
        )

    @property
    def base(self) -> Path:
        """What the paths in keys are relative to: the folder that holds the index."""
        return Path(os.path.abspath(self.path)).parent

    # The index as it stands.

    def _maker(self, reader: Reader | None) -> Any:
        from balletsearch.stories import StoryMaker

        custom = reader.fields().keys() - FIELDS.keys() if reader else ()
        return StoryMaker(self.settings, custom)

    def _reader(self) -> Reader:
        return self._current()[1].reader()

    def _current(self) -> tuple[Manifest, Engine]:
        """The manifest in force now, and its engine: another one after a rebuild."""
        manifest = manifests.load(self.path)
        if manifest is None:
            raise self._missing()
        if self._opened is None or self._opened[0] != manifest:
            manifests.check_words(self.path, manifest, self.settings.languages)
            self.close()
            store = self.path / manifest.store
            self._opened = manifest, open_engine(manifest.engine, store, manifest.languages)
        return self._opened

    def _missing(self) -> IndexMissingError:
        return IndexMissingError(
            f"There is no index in {self.path} yet. Build one from a folder of stories: "
            "balletsearch index FOLDER."
        )

    def _new_manifest(self) -> Manifest:
        from balletsearch.analysis import fingerprint

        languages = self.settings.languages
        return Manifest(
            manifests.FORMAT,
            self._engine_name,
            manifests.new_store(),
            languages,
            fingerprint(languages),
            manifests.versions(),
        )

    @contextmanager
    def _writing(self, *, dry_run: bool = False) -> Iterator[tuple[Reader | None, Writer | None]]:
        """The newest generation and the one writer, with the lock held; a dry run has neither."""
        if dry_run:
            yield (self._reader() if self.exists else None), None
            return
        manifests.check_writable(self.path)
        self.path.mkdir(parents=True, exist_ok=True)
        with write_lock(self.path, self._patience, self._on_wait):
            if manifests.load(self.path) is None:
                manifests.save(self.path, self._new_manifest())
            manifest, engine = self._current()
            manifests.sweep(self.path, manifest.store)
            with engine.writer() as writer:
                yield engine.reader(), writer


def _field(name: str) -> str:
    """The canonical name; the engine says so if there is no such field."""
    return resolve(name) or name.casefold()


def _not_negative(what: str, number: int) -> int:
    if number < 0:
        raise QueryError(f"'{what}' is {number}; it must not be negative.")
    return number


def _sure(writer: Writer | None) -> Writer:
    if writer is None:  # only a dry run has none, and it does not come here
        raise AssertionError("writing without a writer")
    return writer
