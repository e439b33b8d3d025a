"""What is wrong with an index, and what can be saved of it?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import numpy as np

from balletsearch.analysis import surname_key
from balletsearch.columns import checking, generations
from balletsearch.columns.container import damage
from balletsearch.columns.format import FORMAT
from balletsearch.columns.generations import Generation, Record
from balletsearch.columns.recovery import Remains, saved_array
from balletsearch.columns.segment import Segment, read_deleted
from balletsearch.columns.values import Docs
from balletsearch.durability import as_faults
from balletsearch.engines.columns.facets import FieldColumn, value_order
from balletsearch.engines.encoding import decode_parts
from balletsearch.engines.protocol import Salvaged
from balletsearch.engines.values import faceted
from balletsearch.engines.zones import field_of
from balletsearch.errors import IndexFaultError
from balletsearch.fields import Kind
from balletsearch.model import Story

__all__ = ["faults", "salvage"]


def faults(folder: Path, *, deep: bool) -> Iterator[str]:
    """What is wrong with the newest generation, and with manifests that were passed over."""
    with as_faults(folder):
        for found in _standing(folder):
            if isinstance(found, IndexFaultError):
                yield str(found)
                continue
            if found.format != FORMAT:
                yield generations.outdated(folder, found)
                return
            for record in found.segments:
                yield from _segment_faults(folder, record, deep=deep)
            return
        yield f"{folder} holds no generation that can be read."


def _standing(folder: Path) -> Iterator[Generation | IndexFaultError]:
    """The generations, newest first, of any format; none where the folder is gone."""
    return generations.standing(folder, any_format=True) if folder.is_dir() else iter(())


def _of_another(folder: Path, generation: Generation) -> bool:
    """Whether nothing that a manifest names is here: it is that of another index."""
    segments = generation.segments
    return bool(segments) and not any((folder / r.placed.name).exists() for r in segments)


def _segment_faults(folder: Path, record: Record, *, deep: bool) -> Iterator[str]:
    try:
        with as_faults(folder):
            deleted = read_deleted(folder, record.deleted)
    except IndexFaultError as error:
        yield str(error)
        deleted = np.zeros(0, np.intp)
    try:
        with as_faults(folder):
            segment = Segment(folder, record.placed, deleted)
        found = list(map(str, checking.faults(segment, deep=deep, surname=surname_key)))
        if (segment.documents, deleted.size) != (record.documents, record.gone) and not (
            record.deleted and not deleted.size
        ):
            found.append(
                f"{folder / record.placed.name} holds another number of stories than it should."
            )
        yield from found
        if deep and not found:
            yield from _story_faults(segment, folder / record.placed.name)
    except IndexFaultError as error:
        yield str(error)


def _story_faults(segment: Segment, path: Path) -> Iterator[str]:
    """Which stories cannot be read, or are not what the arrays say of them."""
    bodies = segment.container["has_body"].all().tolist()
    held = {}
    for i, name in enumerate(segment.attributes["fields"]):
        column = FieldColumn(segment.container, f"field.{i}")
        try:
            held[name] = column.of_documents()
            order = list(map(value_order, column.values()))
            sound = all(a < b for a, b in pairwise(order))
        except (ValueError, IndexError):
            sound = False
        if not sound:
            yield str(damage(path, f"field {name}", "its values do not agree"))
            return
    live = np.sort(segment.by_key()).tolist()
    for document, one in zip(live, _stories(segment), strict=True):
        story = one.story
        if story is None:
            yield f"{path}: story {one.lost} cannot be read."
            continue
        if bodies[document] != bool(story.body and not story.body.isspace()):
            yield str(damage(path, "has_body", f"it is wrong of story {story.key}"))
        named = {name for name, values in story.fields.items() if values}
        for name in sorted(named | held.keys()):
            values = story.fields.get(name, ())
            expected = [list(dict.fromkeys(values))]
            if field_of(name).kind is Kind.PATH:
                expected.append(list(faceted(field_of(name), values)))
            found = [each.get(document, []) for each in held.get(name, [{}] * len(expected))]
            if found != expected:
                yield str(damage(path, f"field {name}", f"it is wrong of story {story.key}"))


def salvage(folder: Path) -> Iterator[Salvaged]:
    """Every story that can be read, of the newest generation whose manifest can be.

    What a damaged newer commit had added is taken from its files: segments that this
    generation does not name. Where no manifest can be read, all segments there are count.
    Stories that were deleted since come back, and are told to be doubtful.
    """
    with as_faults(folder):
        yield from _salvage(folder)


def _salvage(folder: Path) -> Iterator[Salvaged]:
    generation, is_newest = None, True
    for found in _standing(folder):
        if isinstance(found, Generation) and not _of_another(folder, found):
            generation = found
            break
        is_newest = False
    if generation is None or not is_newest:
        newer = _unnamed(folder, "segment", generation)
        if _unnamed(folder, "deleted", generation):
            # Which segment such a list is of stands in the manifest that is damaged.
            yield Salvaged(None, back="whatever the newest commit removed")
    else:
        newer = []
    if generation is None and not newer:
        yield Salvaged(None, f"all stories of {folder.name}, those that have no file")
    records = generation.segments if generation else ()
    lists = {record: _deleted(folder, record) for record in records}
    sure = [record for record in records if lists[record].size == record.gone]
    unsure = [record for record in records if lists[record].size != record.gone]
    known: set[str] = set()
    # Of a story that is there twice the last one counts: what may be deleted comes first.
    for record in sure if unsure else ():
        known.update(key for _, key in _keys(folder, record, lists[record]) if key is not None)
    for record in unsure:
        yield from _doubtful(folder, record, lists[record], known)
    for record in sure:
        yield from _salvaged(folder, record, lists[record])
    for path in newer:
        yield from _remains(path, np.zeros(0, np.intp), "stories")


def _unnamed(folder: Path, kind: str, generation: Generation | None) -> list[Path]:
    """The files of a kind that a generation does not name."""
    named = set(generations.names(generation)) if generation else set()
    return [path for path in sorted(folder.glob(f"{kind}-*.npz")) if path.name not in named]


def _deleted(folder: Path, record: Record) -> Docs:
    """The deleted documents of a segment, as many of them as are known.

    Where the list is damaged, those of older generations hold: nothing of a segment comes back.
    What the system refuses for now stays an OSError: without the list deleted stories would.
    """
    try:
        return _read(folder, record)
    except IndexFaultError:
        known = np.zeros(0, np.intp)
    for found in _standing(folder):
        for older in found.segments if isinstance(found, Generation) else ():
            if older.placed == record.placed and older.gone <= record.gone:
                with suppress(IndexFaultError):
                    known = np.union1d(known, _read(folder, older)).astype(np.intp)
    return known


def _read(folder: Path, record: Record) -> Docs:
    """The list of the deleted of a segment, also where only its contents are damaged."""
    try:
        return read_deleted(folder, record.deleted)
    except IndexFaultError as error:
        if isinstance(error.__cause__, OSError):
            # What the system refuses for now is no reason to take deleted stories back.
            raise error.__cause__ from None
        if record.deleted is None or not (folder / record.deleted.name).exists():
            raise
        saved = saved_array(folder / record.deleted.name, "deleted")
        if saved is None or saved.size != record.gone:
            raise
        return saved.astype(np.intp)


def _keys(folder: Path, record: Record, deleted: Docs) -> Iterator[tuple[int, str | None]]:
    """The documents of a segment that are not known to be deleted, each with its key."""
    gone = set(deleted.tolist())
    keys: Callable[[int], str | None]
    try:
        segment = Segment(folder, record.placed, deleted)
        keys = _key_of(segment)
    except IndexFaultError:
        try:
            keys = Remains(folder / record.placed.name).key
        except FileNotFoundError:
            return
    yield from ((d, keys(d)) for d in range(record.documents) if d not in gone)


def _key_of(segment: Segment) -> Callable[[int], str | None]:
    def key(document: int) -> str | None:
        try:
            return segment.keys[document]
        except (IndexFaultError, UnicodeDecodeError):
            return None

    return key


def _doubtful(folder: Path, record: Record, known: Docs, sure: set[str]) -> Iterator[Salvaged]:
    """The stories of a segment of which only some deletions are known.

    `sure` are keys of other stories that are there. A story with such a key was replaced.
    """
    replaced = [d for d, key in _keys(folder, record, known) if key in sure]
    deleted = np.union1d(known, np.array(replaced, np.intp)).astype(np.intp)
    for one in _salvaged(folder, record, deleted):
        yield one._replace(doubtful=deleted.size != record.gone and one.story is not None)


def _salvaged(folder: Path, record: Record, deleted: Docs) -> Iterator[Salvaged]:
    try:
        segment = Segment(folder, record.placed, deleted)
    except IndexFaultError:
        count = f"{record.documents - deleted.size} stories"
        yield from _remains(folder / record.placed.name, deleted, count)
        return
    yield from _stories(segment)


def _stories(segment: Segment) -> Iterator[Salvaged]:
    """The stories of a segment that can be opened."""
    gone = set(segment.deleted.tolist())
    for document in range(segment.documents):
        if document in gone:
            continue
        key = f"number {document}"
        try:
            key = segment.keys[document]
            parts = [s.read(document) for s in (segment.text, segment.said, segment.meta)]
        except (IndexFaultError, UnicodeDecodeError, IndexError):
            yield Salvaged(None, key)
            continue
        yield _decoded(key, parts)


def _remains(path: Path, deleted: Docs, count: str) -> Iterator[Salvaged]:
    """The stories of a segment whose contents cannot be trusted; `count` says how many."""
    all_of_it = Salvaged(None, f"{count} of {path.name}, those that have no file")
    try:
        remains = Remains(path)
    except FileNotFoundError:  # what the system refuses for now is no reason to give stories up
        yield all_of_it
        return
    if not len(remains):
        yield all_of_it
    gone = set(deleted.tolist())
    for document in range(len(remains)):
        if document in gone:
            continue
        key = remains.key(document)
        parts = [remains.read(store, document) for store in ("text", "said", "meta")]
        if key is None or any(part is None for part in parts):
            yield Salvaged(None, key or f"number {document} of {path.name}")
        else:
            yield _decoded(key, [part for part in parts if part is not None])


def _decoded(key: str, parts: list[bytes]) -> Salvaged:
    try:
        body, said, meta = (part.decode() for part in parts)
        story: Story = decode_parts(key, body, said, meta)
    except (ValueError, KeyError, TypeError, AttributeError):
        return Salvaged(None, key)
    return Salvaged(story)
