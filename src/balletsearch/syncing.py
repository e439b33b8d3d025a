"""What has changed between a folder and the index, and how does the index follow?

The index itself remembers, per story, the state of the file it came from; there is no second
ledger, so an interrupted sync simply goes on the next time. Files are the truth: what is gone
from the folder goes from the index, but a file that cannot be read now keeps its last good
version, and a folder that is missing or suddenly half empty is refused.
"""

from __future__ import annotations

import os
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from balletsearch.engines.protocol import Writer
from balletsearch.errors import SourceError, StoryError
from balletsearch.model import Draft, Skip, Source, Story, SyncReport
from balletsearch.settings import Settings
from balletsearch.stories import StoryMaker

__all__ = ["Sync", "outermost", "place", "under"]

BATCH_STORIES: Final = 5_000
BATCH_CHARACTERS: Final = 8_000_000
BATCH_SECONDS: Final = 20.0
"""A commit comes after so many stories, characters or seconds: what a kill can cost."""

YOUNG_NS: Final = 2_000_000_000
"""A file changed less than this before it was read may have changed again in the same tick of
its file system's clock (two seconds on FAT), so its size and time prove nothing."""

Progress = Callable[[int, int], None]
"""Told how many files of how many are done."""


def place(path: Path, base: Path) -> str:
    """A path as keys have it: relative to `base` below it, absolute elsewhere; NFC, with "/"."""
    absolute = Path(os.path.abspath(path))
    home = Path(os.path.abspath(base))
    shown = absolute.relative_to(home) if absolute.is_relative_to(home) else absolute
    return unicodedata.normalize("NFC", shown.as_posix())


def under(path: str, root: str) -> bool:
    """Whether a file, named as in a key, is `root` or lies below it."""
    if root == ".":
        return not Path(path).is_absolute()
    return path == root or path.startswith(root.rstrip("/") + "/")


def outermost(roots: Iterable[str]) -> list[str]:
    """The folders, as keys have them, that lie in none of the others."""
    known = set(roots)
    return sorted(r for r in known if not any(o != r and under(r, o) for o in known))


@dataclass(slots=True)
class _Known:
    """What the index has of one file: its stories by key."""

    stories: dict[str, Source] = field(default_factory=dict)

    def current(self, stat: os.stat_result, recipe: str) -> bool:
        """Whether the file was indexed whole, in this state and with this recipe."""
        return any(
            _vouches(source, stat.st_size, stat.st_mtime_ns) and source.recipe == recipe
            for source in self.stories.values()
        )


def _vouches(source: Source, size: int, mtime_ns: int) -> bool:
    """Whether a story says that its file, if of this size and time, was indexed whole."""
    return (
        source.closes
        and source.size == size
        and source.mtime_ns == mtime_ns
        and mtime_ns < source.seen_ns - YOUNG_NS
    )


@dataclass
class Sync:
    """One sync of one root. `sources` is what the index has; `writer` None is a dry run."""

    root: Path
    base: Path
    settings: Settings
    maker: StoryMaker
    sources: Mapping[str, Source | None]
    writer: Writer | None
    skip_folders: tuple[Path, ...] = ()
    force: bool = False
    checksum: bool = False
    progress: Progress = lambda _done, _total: None

    def __post_init__(self) -> None:
        self._place = place(self.root, self.base)
        self._known: dict[str, _Known] = {}
        for key, source in self.sources.items():
            if source is not None and under(source.path, self._place):
                self._known.setdefault(source.path, _Known()).stories[key] = source
        self._added: list[str] = []
        self._updated: list[str] = []
        self._renamed: list[tuple[str, str]] = []
        self._removed: list[str] = []
        self._unchanged = 0
        self._skipped: list[Skip] = []
        self._met: set[str] = set()
        self._pending = [0, 0]
        self._committed = time.monotonic()
        self._moved: dict[str, list[str]] = {}
        """Digest → keys of stories whose file is gone: what may turn up under another name."""

    def run(self) -> SyncReport:
        """Make the index follow the folder; SourceError where that would lose too much."""
        files = self._files()
        gone = self._gone(files)
        if not self.force:
            self._refuse_to_lose(gone, files)
        try:
            self._follow(gone, files)
        finally:
            # Also when it is interrupted: the next sync goes on from what is done.
            self._commit()
        return SyncReport(
            tuple(self._added),
            tuple(self._updated),
            tuple(self._renamed),
            tuple(self._removed),
            self._unchanged,
            tuple(self._skipped),
            dry_run=self.writer is None,
        )

    def _follow(self, gone: Iterable[str], files: Mapping[str, Path]) -> None:
        for path in gone:
            for key, source in self._known[path].stories.items():
                self._moved.setdefault(source.digest, []).append(key)
        for done, (path, file) in enumerate(files.items()):
            self.progress(done, len(files))
            self._file(path, file)
        for key in sorted(key for keys in self._moved.values() for key in keys):
            self._remove(key)
        self.progress(len(files), len(files))

    # Which files there are, and which are gone.

    def _files(self) -> dict[str, Path]:
        from balletsearch.reading import walk

        if not self.root.exists():
            if not self._known:
                raise SourceError(f"{self.root} does not exist. Name a folder of stories.")
            if not self.force:
                raise SourceError(
                    f"{self.root} does not exist, so its stories were kept. Is it a folder that "
                    "is not mounted? With --force they are removed from the index."
                )
            return {}
        files: dict[str, Path] = {}
        for found in walk(self.root, skip_folders=self.skip_folders):
            if isinstance(found, Skip):
                self._skipped.append(found)
            else:
                files[place(found, self.base)] = found
        return files

    def _gone(self, files: Mapping[str, Path]) -> list[str]:
        """Known files that are there no more; not those that merely cannot be looked at."""
        closed = [place(Path(skip.path), self.base) for skip in self._skipped]
        return [
            path
            for path in sorted(self._known)
            if path not in files and not any(under(path, folder) for folder in closed)
        ]

    def _refuse_to_lose(self, gone: Iterable[str], files: Mapping[str, Path]) -> None:
        stories = sum(len(known.stories) for known in self._known.values())
        losing = Counter(s.digest for path in gone for s in self._known[path].stories.values())
        for path, known in self._known.items():
            if len(known.stories) > 1 and path in files:
                losing.update(self._records_gone(path, files[path], known))
        if losing.total() * 2 <= stories:
            return
        for path, file in files.items():
            if path not in self._known:
                for draft in self._read(path, file):
                    if isinstance(draft, Draft) and losing[draft.digest]:
                        losing[draft.digest] -= 1
        if losing.total() * 2 > stories:
            raise SourceError(
                f"{self.root} has lost {losing.total()} of its {stories} stories, so nothing was "
                "changed. If that is meant, use --force."
            )

    def _records_gone(self, path: str, file: Path, known: _Known) -> list[str]:
        """The digests of the stories that a changed file of many no longer holds."""
        folder = self.settings.folder(Path(os.path.abspath(file)))
        try:
            if known.current(file.stat(), self.maker.recipe(folder)):
                return []
        except OSError:
            return []  # it will be a skip
        held: set[str] = set()
        for item in self._read(path, file):
            if isinstance(item, Skip) and item.lost and item.path == path:
                return []  # the file broke off: all that is known of it is kept
            held.add(_key(path, item.record))
        return [s.digest for key, s in known.stories.items() if held and key not in held]

    # One file.

    def _read(self, path: str, file: Path) -> Iterator[Draft | Skip]:
        from balletsearch.reading import read

        folder = self.settings.folder(Path(os.path.abspath(file)))
        for item in read(file, forced=folder.encoding, fallback=self.settings.encoding):
            yield replace(item, path=_shown(item, file, path)) if isinstance(item, Skip) else item

    def _file(self, path: str, file: Path) -> None:
        folder = self.settings.folder(Path(os.path.abspath(file)))
        recipe = self.maker.recipe(folder)
        known = self._known.get(path, _Known())
        seen_ns = time.time_ns()
        try:
            stat = file.stat()
        except OSError as error:
            self._skip(Skip(path, str(error)), known.stories.keys(), path)
            return
        if not self.checksum and known.current(stat, recipe):
            self._unchanged += len(known.stories)
            return
        state = Source(
            root=self._place,
            path=path,
            record="",
            size=stat.st_size,
            mtime_ns=stat.st_mtime_ns,
            seen_ns=seen_ns,
            digest="",
            recipe=recipe,
            closes=False,
        )
        self._stories(file, state, known, folder.language)

    def _stories(self, file: Path, state: Source, known: _Known, language: str) -> None:
        """Read the stories of a changed file; the last one written vouches for all."""
        met: set[str] = set()
        lost: list[Skip] = []
        last: Draft | None = None
        for item in self._read(state.path, file):
            if isinstance(item, Skip):
                self._skip(item, known.stories.keys(), state.path)
                lost += [item] if item.lost else []
                continue
            if last is not None:
                met.add(self._story(last, state, known, language))
            last = item
        if last is not None:
            met.add(self._story(last, replace(state, closes=not lost), known, language))
        elif not lost:
            lost.append(Skip(state.path, "it holds no story"))
            self._skip(lost[0], known.stories.keys(), state.path)
        # What a skip names keeps its last good version; all is kept if the file itself broke off.
        kept = {_key(state.path, skip.record) for skip in lost}
        broke_off = any(skip.path == state.path for skip in lost)
        for key in sorted(known.stories.keys() - met):
            if broke_off or key in kept:
                self._unchanged += 1
            else:
                self._remove(key)

    def _story(self, draft: Draft, state: Source, known: _Known, language: str) -> str:
        key = _key(state.path, draft.record)
        if key in self.sources and self.sources[key] is None:
            reason = "a story that was added without a file has this key, and was kept"
            self._skip(Skip(key, reason), (), key)
            return key
        if key in self._met:
            self._skip(Skip(key, "another story has this key already"), (), key)
            return key
        self._met.add(key)
        before = known.stories.get(key)
        # A story stays with the outer of two folders that it was indexed from.
        inner = before is not None and under(self._place, before.root)
        root = before.root if before is not None and inner else state.root
        source = replace(state, root=root, record=draft.record, digest=draft.digest)
        same = before is not None and (before.digest, before.recipe) == (draft.digest, state.recipe)
        if before and same and (not state.closes or _vouches(before, state.size, state.mtime_ns)):
            self._unchanged += 1
            return key
        modified = datetime.fromtimestamp(source.mtime_ns // 1_000_000_000, UTC)
        story = Story(key, draft.body, draft.header, source=source, reading=draft.reading)
        try:
            story, remarks = self.maker.make(
                story, modified=modified.strftime("%Y-%m-%dT%H:%M:%SZ"), language=language
            )
            if self.writer is not None:
                self.writer.add(story)
        except StoryError as error:
            self._skip(Skip(key, str(error)), known.stories.keys(), key)
            return key
        for remark in (*_doubts(draft), *remarks):
            self._skipped.append(Skip(key, remark, lost=False))
        self._count(key, before is not None, same, draft.digest)
        self._weigh(len(story.body))
        return key

    def _count(self, key: str, known: bool, same: bool, digest: str) -> None:
        if same:
            self._unchanged += 1
        elif known:
            self._updated.append(key)
        elif old := self._moved.get(digest):
            # Both halves of a rename are in one batch: the story is never there twice, nor gone.
            self._renamed.append((old.pop(0), key))
            self._drop(self._renamed[-1][0])
            if not old:
                del self._moved[digest]
        else:
            self._added.append(key)

    def _skip(self, skip: Skip, known: Collection[str], path: str) -> None:
        """Report a skip, and that what it names is kept where it is in the index."""
        names_known = known if skip.path == path else _key(path, skip.record) in known
        if skip.lost and names_known:
            skip = replace(skip, reason=f"{skip.reason} (what was indexed of it before is kept)")
        self._skipped.append(skip)

    # Writing.

    def _remove(self, key: str) -> None:
        self._removed.append(key)
        self._drop(key)
        self._weigh(0)

    def _drop(self, key: str) -> None:
        if self.writer is not None:
            self.writer.remove(key)

    def _weigh(self, characters: int) -> None:
        self._pending[0] += 1
        self._pending[1] += characters
        if (
            self._pending[0] >= BATCH_STORIES
            or self._pending[1] >= BATCH_CHARACTERS
            or time.monotonic() - self._committed > BATCH_SECONDS
        ):
            self._commit()

    def _commit(self) -> None:
        self._pending = [0, 0]
        if self.writer is not None:
            self.writer.commit()
        self._committed = time.monotonic()


def _key(path: str, record: str) -> str:
    """The key of a story: its file, and in a file of many its record."""
    return f"{path}#{record}" if record else path


def _doubts(draft: Draft) -> Iterator[str]:
    """What its reader should know of a story that was read, but not without doubt."""
    if draft.reading.doubtful:
        yield f"read as {draft.reading.encoding}: {draft.reading.reason}"
    if draft.problem:
        yield draft.problem


def _shown(skip: Skip, file: Path, path: str) -> str:
    """The path of a skip as keys have it; a line number behind it stays."""
    return skip.path.replace(str(file), path, 1)
