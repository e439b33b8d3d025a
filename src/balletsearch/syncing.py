"""What has changed between a folder and the index, and how does the index follow?

The index itself remembers, per story, the state of the file it came from; there is no second
ledger, so an interrupted sync simply goes on the next time. Files are the truth: what is gone
from the folder goes from the index, but a file that cannot be read now keeps its last good
version, and a folder that is missing or suddenly half empty is refused.
"""

from __future__ import annotations

import os
import time
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from itertools import chain, groupby
from pathlib import Path
from typing import Final

from balletsearch.batches import Batch
from balletsearch.changes import UNKNOWN, Change, Known, Placing, key_of, place, under, vouches
from balletsearch.crew import Crew, Job, Outcome, carried_out
from balletsearch.engines.protocol import Writer
from balletsearch.errors import IndexFaultError, SourceError, StoryError
from balletsearch.model import Source, Story
from balletsearch.reading.drafts import Draft
from balletsearch.reports import Skip, SyncReport
from balletsearch.settings import Folder, Settings
from balletsearch.stories import Described, StoryMaker

__all__ = ["Sync"]

_NO_RULES: Final = Folder(Path())

Progress = Callable[[int, int], None]
"""Told how many files of how many are done."""


@dataclass
class Sync:
    """One sync of one root. `sources` is what the index has; `writer` None is a dry run.

    `batch` says when a commit is due, `crew` reads and describes much at once.
    """

    root: Path
    base: Path
    settings: Settings
    maker: StoryMaker
    sources: Mapping[str, Source | None]
    writer: Writer | None
    batch: Batch
    crew: Crew
    skip_folders: tuple[Path, ...] = ()
    force: bool = False
    checksum: bool = False
    progress: Progress = lambda _done, _total: None

    def __post_init__(self) -> None:
        self._place = place(self.root, self.base)
        self._known: dict[str, Known] = {}
        for key, source in self.sources.items():
            if source is not None and under(source.path, self._place):
                self._known.setdefault(source.path, Known()).stories[key] = source
        self._added: list[str] = []
        self._updated: list[str] = []
        self._renamed: list[tuple[str, str]] = []
        self._removed: list[str] = []
        self._unchanged = 0
        self._skipped: list[Skip] = []
        self._met: set[str] = set()
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
        except BaseException:
            # The next sync goes on from what is done. Where a writer cannot keep it, since
            # it was stopped in the middle of a story, what stopped it is what is told.
            with suppress(IndexFaultError, OSError):
                self._commit()
            raise
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

    def _follow(self, gone: Iterable[str], files: Mapping[str, str]) -> None:
        for path in gone:
            for key, source in self._known[path].stories.items():
                self._moved.setdefault(source.digest, []).append(key)
        self.progress(0, len(files))
        changes: deque[Change] = deque()
        jobs = self._jobs(files, changes)
        with closing(carried_out(jobs, self.maker, self.crew)) as outcomes:
            for _, told in groupby(outcomes, key=lambda each: each[0].file):
                # A file's jobs follow one another, and the files that had any do so too.
                change = changes.popleft()
                self._stories(change, (outcome for _, outcome in told))
                self.progress(change.done, len(files))
        for key in sorted(key for keys in self._moved.values() for key in keys):
            self._remove(key)
        self.progress(len(files), len(files))

    # Which files there are, and which are gone.

    def _files(self) -> dict[str, str]:
        from balletsearch.reading import places

        if not self.root.exists():
            if not self._known:
                raise SourceError(f"{self.root} does not exist. Name a folder of stories.")
            if not self.force:
                raise SourceError(
                    f"{self.root} does not exist, so its stories were kept. Is it a folder that "
                    "is not mounted? With --force they are removed from the index."
                )
            return {}
        files: dict[str, str] = {}
        named = Placing(self.base)
        for found in places(self.root, skip_folders=self.skip_folders):
            if isinstance(found, Skip):
                self._skipped.append(found)
            else:
                files[named(found)] = found
        return files

    def _gone(self, files: Mapping[str, str]) -> list[str]:
        """Known files that are there no more; not those that merely cannot be looked at."""
        closed = [place(Path(skip.path), self.base) for skip in self._skipped]
        return [
            path
            for path in sorted(self._known)
            if path not in files and not any(under(path, folder) for folder in closed)
        ]

    def _refuse_to_lose(self, gone: Iterable[str], files: Mapping[str, str]) -> None:
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

    def _records_gone(self, path: str, file: str, known: Known) -> list[str]:
        """The digests of the stories that a changed file of many no longer holds."""
        folder = self.settings.folder(Path(os.path.abspath(file)))
        try:
            if known.current(os.stat(file), self.maker.recipe(folder)):
                return []
        except OSError:
            return []  # it will be a skip
        held: set[str] = set()
        for item in self._read(path, file):
            if isinstance(item, Skip) and item.lost and item.path == path:
                return []  # the file broke off: all that is known of it is kept
            held.add(key_of(path, item.record))
        return [s.digest for key, s in known.stories.items() if held and key not in held]

    # One file.

    def _folder(self, file: str) -> Folder:
        if not self.settings.folders:
            return _NO_RULES
        return self.settings.folder(Path(os.path.abspath(file)))

    def _read(self, path: str, file: str) -> Iterator[Draft | Skip]:
        from balletsearch.reading import read

        folder = self._folder(file)
        for item in read(Path(file), forced=folder.encoding, fallback=self.settings.encoding):
            yield replace(item, path=_shown(item, file, path)) if isinstance(item, Skip) else item

    def _jobs(self, files: Mapping[str, str], changes: deque[Change]) -> Iterator[Job]:
        """What is to be read and described; each file that it is of is put with `changes`."""
        from balletsearch.reading import is_records, read

        for done, (path, file) in enumerate(files.items(), 1):
            change = self._change(path, file, done)
            if change is not None:
                changes.append(change)
            elif not changes:
                self.progress(done, len(files))
            if change is None:
                continue
            if change.lost is not None or not is_records(file):
                yield self._job(change, change.lost)
            else:
                nothing = Skip(file, "it holds no story")
                items = read(Path(file))
                for item in chain((next(items, nothing),), items):
                    yield self._job(change, item)

    def _change(self, path: str, file: str, done: int) -> Change | None:
        """A file that has to be read; None for one that is as it was."""
        folder = self._folder(file)
        recipe = self.maker.recipe(folder)
        known = self._known.get(path, UNKNOWN)
        seen_ns = time.time_ns()
        try:
            stat = os.stat(file)
        except OSError as error:
            lost = Skip(file, str(error))
            return Change(file, path, folder, recipe, known, done, lost=lost)
        if not self.checksum and known.current(stat, recipe):
            self._unchanged += len(known.stories)
            return None
        return Change(
            file, path, folder, recipe, known, done, stat.st_size, stat.st_mtime_ns, seen_ns
        )

    def _job(self, change: Change, item: Draft | Skip | None) -> Job:
        key = key_of(change.path, item.record if item is not None else "")
        before = change.known.stories.get(key)
        settled = ""
        if before is not None and before.recipe == change.recipe:
            # The last of many may have to be written all the same: then it is described alone.
            one = item is None and not vouches(before, change.size, change.mtime_ns)
            settled = "" if one else before.digest
        return Job(
            key,
            change.path,
            change.file,
            change.folder.encoding,
            change.modified,
            change.folder.language,
            settled,
            item,
            change.size if item is None else len(item.body) if isinstance(item, Draft) else 0,
        )

    def _stories(self, change: Change, outcomes: Iterable[Outcome]) -> None:
        """Write the stories of a changed file; the last one written vouches for all."""
        known = change.known.stories
        met: set[str] = set()
        lost: list[Skip] = []
        last: tuple[Draft, Described | None] | None = None
        for outcome in outcomes:
            item, described = outcome
            if isinstance(item, Skip):
                shown = replace(item, path=_shown(item, change.file, change.path))
                self._skip(shown, known.keys(), change.path)
                lost += [shown] if item.lost else []
                continue
            if last is not None:
                met.add(self._story(change, *last, closes=False))
            last = item, described
        if last is not None:
            met.add(self._story(change, *last, closes=not lost))
        if change.lost is not None:
            return
        # What a skip names keeps its last good version; all is kept if the file itself broke off.
        kept = {key_of(change.path, skip.record) for skip in lost}
        broke_off = any(skip.path == change.path for skip in lost)
        for key in sorted(known.keys() - met):
            if broke_off or key in kept:
                self._unchanged += 1
            else:
                self._remove(key)

    def _story(
        self, change: Change, draft: Draft, described: Described | None, *, closes: bool
    ) -> str:
        key = key_of(change.path, draft.record)
        if key in self.sources and self.sources[key] is None:
            reason = "a story that was added without a file has this key, and was kept"
            self._skip(Skip(key, reason), (), key)
            return key
        if key in self._met:
            self._skip(Skip(key, "another story has this key already"), (), key)
            return key
        self._met.add(key)
        known = change.known.stories
        before = known.get(key)
        same = before is not None and (before.digest, before.recipe) == (
            draft.digest,
            change.recipe,
        )
        if before and same and (not closes or vouches(before, change.size, change.mtime_ns)):
            self._unchanged += 1
            return key
        # A story stays with the outer of two folders that it was indexed from.
        inner = before is not None and under(self._place, before.root)
        source = Source(
            before.root if before is not None and inner else self._place,
            change.path,
            draft.record,
            change.size,
            change.mtime_ns,
            change.seen_ns,
            draft.digest,
            change.recipe,
            closes,
        )
        story = Story(key, draft.body, draft.header, source=source, reading=draft.reading)
        try:
            story, remarks = self._made(story, described, change)
            if self.writer is not None:
                self.writer.add(story)
        except StoryError as error:
            self._skip(Skip(key, str(error)), known.keys(), key)
            return key
        for remark in (*_doubts(draft), *remarks):
            self._skipped.append(Skip(key, remark, lost=False))
        self._count(key, before is not None, same, draft.digest)
        self._weigh(len(story.body))
        return key

    def _made(
        self, story: Story, described: Described | None, change: Change
    ) -> tuple[Story, tuple[str, ...]]:
        if described is None:
            language = change.folder.language
            return self.maker.make(story, modified=change.modified, language=language)
        return self.maker.finish(story, described)

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
        names_known = known if skip.path == path else key_of(path, skip.record) in known
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
        if self.batch.full(characters):
            self._commit()

    def _commit(self) -> None:
        if self.writer is not None:
            self.writer.commit()
        self.batch.begin()


def _doubts(draft: Draft) -> Iterator[str]:
    """What its reader should know of a story that was read, but not without doubt."""
    if draft.reading.doubtful:
        yield f"read as {draft.reading.encoding}: {draft.reading.reason}"
    if draft.problem:
        yield draft.problem


def _shown(skip: Skip, file: str, path: str) -> str:
    """The path of a skip as keys have it; a line number behind it stays."""
    return skip.path.replace(file, path, 1)
