"""How does a story get into the arrays, and when is it there for good?

Stories are validated and kept until a batch is full; batches go into a draft, a full draft
becomes a segment, and a commit names all segments in one new generation. Nothing that is there
is ever changed: a story that is replaced or removed is put on the list of the deleted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, Final, ParamSpec, Self, TypeVar

import numpy as np

from balletsearch.analysis import surname_key
from balletsearch.columns import generations
from balletsearch.columns.container import Placed
from balletsearch.columns.generations import Generation, Record
from balletsearch.columns.memory import keep_freed
from balletsearch.columns.merging import merge
from balletsearch.columns.packing import ContainerWriter
from balletsearch.columns.segment import Segment, read_deleted
from balletsearch.columns.values import Docs
from balletsearch.durability import as_faults
from balletsearch.engines.columns.drafting import Cut, SegmentDraft, cut, in_order
from balletsearch.engines.columns.facets import FieldColumn, merge_fields
from balletsearch.engines.columns.tiers import packed, plan
from balletsearch.engines.columns.vocabulary import Vocabulary
from balletsearch.engines.validation import validate
from balletsearch.errors import IndexFaultError, StoryError
from balletsearch.model import Story, Value

__all__ = ["ColumnsWriter"]

BATCH: Final = 2_000_000
"""Characters that are cut and numbered at once."""

SEGMENT_WORDS: Final = 40_000_000
"""Words after which a draft is written: what bounds the memory of a build."""


P = ParamSpec("P")
R = TypeVar("R")


def _whole(
    change: Callable[Concatenate[ColumnsWriter, P], R],
) -> Callable[Concatenate[ColumnsWriter, P], R]:
    """Make a change whole, or have the writer make no other one: what it holds may be half done."""

    @wraps(change)
    def made(writer: ColumnsWriter, /, *args: P.args, **named: P.kwargs) -> R:
        if writer.failed:
            raise IndexFaultError(
                "A change before this one failed, and nothing since the last commit was kept. "
                "Open the index for writing anew, and begin with the first of those changes."
            )
        writer.failed = True
        try:
            done = change(writer, *args, **named)
        except StoryError:
            writer.failed = False  # it was refused before anything was done
            raise
        writer.failed = False
        return done

    return made


class ColumnsWriter:
    """One batch after another into a folder of segments. The caller holds the lock."""

    def __init__(
        self,
        folder: Path,
        languages: tuple[str, ...],
        base: Callable[[], tuple[Generation, tuple[Segment, ...]]],
        *,
        durable: bool = True,
    ) -> None:
        self._folder = folder
        self._base = base
        self._durable = durable
        keep_freed()
        self._executor = ThreadPoolExecutor(1)
        self._languages = languages
        self._vocabulary = Vocabulary(languages)
        self.failed = False
        self._forget()

    def _forget(self) -> None:
        """Begin anew: nothing is waiting."""
        self._waiting: dict[str, Story] = {}
        self._characters = 0
        self._cutting: tuple[list[Story], Future[Cut]] | None = None
        """What is cut while the batch after it comes in."""
        self._draft = SegmentDraft(self._vocabulary, self._executor)
        self._written: list[Record] = []
        self._where: dict[str, tuple[int, int]] = {}
        """Key → which of the segments of this commit holds it, and its number there."""
        self._dead: dict[int, list[int]] = defaultdict(list)
        """Those of them that were replaced or removed before the commit."""
        self._parts: dict[str, set[str]] = defaultdict(set)
        """Key → those of them that are parts of that story, and the other way round."""
        self._parents: dict[str, tuple[Value, ...]] = {}
        self._gone: set[str] = set()
        """Keys whose story of an earlier commit goes with this one."""

    @_whole
    def add(self, story: Story) -> None:
        """Keep a story for the next commit; StoryError if it cannot be stored."""
        validate(story)
        self._drop(story.key)
        if parents := story.fields.get("parent"):
            self._parents[story.key] = parents
            for parent in parents:
                self._parts[str(parent)].add(story.key)
        self._waiting[story.key] = story
        self._gone.add(story.key)
        self._characters += len(story.body) + 200
        if self._characters >= BATCH:
            self._take()

    @_whole
    def remove(self, key: str) -> bool:
        """Remove a story and its parts with the next commit; False if there is none."""
        segments = self._base()[1]
        found = [key] if any(s.find(key) >= 0 for s in segments) else []
        found += (part for segment in segments for part in _parts(segment, key))
        gone = set(found) - self._gone
        known = self._drop(key) or bool(gone)
        for part in list(self._parts.get(key, ())):
            known = self._drop(part) or known
        self._gone |= gone
        return known

    def _drop(self, key: str) -> bool:
        """Forget a story that was added since the last commit, if there is one."""
        for parent in self._parents.pop(key, ()):
            self._parts[str(parent)].discard(key)
        if self._waiting.pop(key, None) is not None:
            return True
        where = self._where.pop(key, None)
        if where is not None:
            self._dead[where[0]].append(where[1])
        return where is not None

    def _take(self) -> None:
        """Have what is waiting cut, and meanwhile draft what was cut before."""
        stories = list(self._waiting.values())
        if not stories:
            return
        found = self._executor.submit(cut, stories, self._vocabulary)
        self._settle()
        for number, story in enumerate(stories, len(self._draft)):
            self._where[story.key] = len(self._written), number
        self._cutting = stories, found
        self._waiting.clear()
        self._characters = 0

    def _settle(self) -> None:
        """Draft what was cut."""
        if self._cutting is not None:
            stories, found = self._cutting
            self._draft.add(stories, found.result())
            self._cutting = None
        if self._draft.words >= SEGMENT_WORDS:
            self._write()

    def _write(self) -> None:
        """Write the draft as a segment."""
        if not len(self._draft):
            return
        self._written.append(self._segment(self._draft.write))
        self._draft = SegmentDraft(self._vocabulary, self._executor)

    @_whole
    def commit(self) -> None:
        """Write what was added and removed as one generation."""
        self._take()
        self._settle()
        self._write()
        base, segments = self._base()
        kept = [self._without(r, s) for r, s in zip(base.segments, segments, strict=True)]
        fresh = [
            self._deleting(record, np.array(self._dead[i], np.intp)) if i in self._dead else record
            for i, record in enumerate(self._written)
        ]
        records = tuple(r for r in (*kept, *fresh) if r.gone < r.documents)
        if records == base.segments:
            self._forget()
            return
        changed = sum(record.words for record in fresh)
        changed += sum(map(_words_gone, kept)) - sum(map(_words_gone, base.segments))
        self._publish(base, self._merged(records, plan(records, changed)))
        self._forget()

    def merge(self) -> None:
        """Commit, then make one segment of all there are, or few where that had no room."""
        self.commit()
        self._merge_all()

    @_whole
    def _merge_all(self) -> None:
        base, segments = self._base()
        groups = packed(base.segments, [segment.live_positions for segment in segments])
        if groups:
            self._publish(base, self._merged(base.segments, groups))

    def _open(self, record: Record) -> Segment:
        with as_faults(self._folder):
            return Segment(self._folder, record.placed, read_deleted(self._folder, record.deleted))

    def _publish(self, base: Generation, records: tuple[Record, ...]) -> None:
        generation = replace(base, number=base.number + 1, segments=records)
        # From here on a manifest may name them, also where its commit is told as failed.
        self._written = []
        with as_faults(self._folder):
            generations.commit(self._folder, generation, durable=self._durable)
        generations.sweep(self._folder, (base, generation))

    def _merged(
        self, records: tuple[Record, ...], groups: list[list[Record]]
    ) -> tuple[Record, ...]:
        """The segments, with one in the place of each group."""
        for group in groups:
            segments = [self._open(r) for r in group]
            new = self._segment(_merging(segments))
            at = records.index(group[0])
            left = tuple(r for r in records if r not in group)
            before = sum(r not in group for r in records[:at])
            records = (*left[:before], new, *left[before:])
        return records

    def _segment(self, write: Callable[[ContainerWriter], dict[str, Any]]) -> Record:
        """A new segment, whose arrays `write` writes."""
        with as_faults(self._folder):
            to = ContainerWriter(self._folder / generations.new_name("segment"))
            try:
                attributes = write(to)
                placed = to.finish(attributes, durable=self._durable)
            except BaseException:
                to.abandon()
                raise
        return Record(
            placed,
            documents=attributes["documents"],
            words=attributes["words"],
            positions=attributes["stream"] - 1,
            length=attributes["length"],
        )

    def _without(self, record: Record, segment: Segment) -> Record:
        """A standing segment without the stories that go with this commit."""
        found = [d for d in map(segment.find, self._gone) if d >= 0]
        return self._deleting(record, np.array(found, np.intp)) if found else record

    def _deleting(self, record: Record, documents: Docs) -> Record:
        """A segment without some more of its documents."""
        segment = self._open(record)
        deleted = np.union1d(segment.deleted, documents).astype(np.intp)
        return replace(
            record,
            deleted=self._write_deleted(deleted),
            gone=deleted.size,
            length=segment.attributes["length"] - int(segment.lengths[deleted].sum()),
        )

    def _write_deleted(self, deleted: Docs) -> Placed:
        with as_faults(self._folder):
            to = ContainerWriter(self._folder / generations.new_name("deleted"))
            try:
                to.add("deleted", deleted.astype(np.int32))
                return to.finish({}, durable=self._durable)
            except BaseException:
                to.abandon()
                raise

    def __enter__(self) -> Self:
        # What a writer left that died or failed goes now: it may be what fills the disk.
        with suppress(IndexFaultError, OSError):
            standing = list(generations.standing(self._folder))
            known = [found for found in standing if isinstance(found, Generation)]
            if len(known) == len(standing):
                generations.sweep(self._folder, known)
        return self

    def __exit__(self, *_: object) -> None:
        self._executor.shutdown()
        for record in self._written:
            with suppress(OSError):  # a later commit sweeps it away
                (self._folder / record.placed.name).unlink()
        self._forget()


def _parts(segment: Segment, key: str) -> list[str]:
    """The keys of the stories in a segment that are part of another."""
    fields = segment.attributes["fields"]
    if "parent" not in fields:
        return []
    found = FieldColumn(segment.container, f"field.{fields.index('parent')}").holders(key)
    return [segment.keys[d] for d in found.tolist() if segment.live is None or segment.live[d]]


def _words_gone(record: Record) -> int:
    """Words of its deleted documents, about."""
    return record.words * record.gone // max(record.documents, 1)


def _merging(segments: list[Segment]) -> Callable[[ContainerWriter], dict[str, Any]]:
    return lambda to: merge(
        to, segments, surname=surname_key, order=in_order, write_fields=merge_fields
    )
