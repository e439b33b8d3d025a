"""Which segments make up the index now, and how does a commit become true?

One JSON manifest for each generation, `generation-<n>.json`, names the files of its segments
with their lengths and checksums. It is written last: the files it names are on the disk, then
the folder, then the manifest under another name, then the rename, then the folder again. So a
loss of power leaves the generation before or this one. Two generations are kept, and whatever
no kept one names is deleted by a later commit.
"""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from balletsearch.columns.container import Placed
from balletsearch.columns.format import FORMAT
from balletsearch.durability import sync_file, sync_folder
from balletsearch.errors import IndexFaultError, IndexOutdatedError

__all__ = [
    "Generation",
    "Record",
    "checksum_of",
    "commit",
    "names",
    "new_name",
    "sweep",
]

_MANIFEST: Final = re.compile(r"generation-([0-9]{1,15})\.json")
_OURS: Final = re.compile(
    r"(?:segment|deleted)-[0-9a-f]{16}\.npz|generation-[0-9]{1,15}\.json(?:\.[0-9a-f]{8})?"
)


@dataclass(frozen=True, slots=True)
class Record:
    """One segment of a generation: its file, and its deletions if it has any.

    `documents` counts all, `gone` those deleted since; `words` and `positions` (words, and a gap
    for each value) are of all, `length` is their weight in units without the deleted.
    """

    placed: Placed
    documents: int
    words: int
    positions: int
    length: int
    deleted: Placed | None = None
    gone: int = 0


@dataclass(frozen=True, slots=True)
class Generation:
    """What an index holds. `number` 0 is the empty index before the first commit.

    `schema` is whatever the writer wants to find unchanged: a reader refuses another one.
    """

    number: int
    schema: str
    segments: tuple[Record, ...] = ()
    format: int = FORMAT

    @property
    def documents(self) -> int:
        """Documents that are not deleted."""
        return sum(r.documents - r.gone for r in self.segments)


def new_name(kind: str) -> str:
    """A file name that no other file has: `kind` is *segment* or *deleted*."""
    return f"{kind}-{os.urandom(8).hex()}.npz"


def _path(folder: Path, number: int) -> Path:
    return folder / f"generation-{number}.json"


def numbers(folder: Path) -> list[int]:
    """The generations in a folder, newest first."""
    try:
        entries = os.listdir(folder)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise IndexFaultError(f"{folder} cannot be read ({error.strerror or error}).") from error
    found = (_MANIFEST.fullmatch(entry) for entry in entries)
    return sorted((int(match[1]) for match in found if match), reverse=True)


def standing(folder: Path, *, any_format: bool = False) -> Iterator[Generation | IndexFaultError]:
    """The generations in a folder, newest first; for one that cannot be read, the reason.

    IndexOutdatedError for one of another format, unless the caller can do with it.
    FileNotFoundError where one is gone between one step and the next: a later commit removed
    it, and the older ones that were listed with it are no answer any more.
    """
    found = numbers(folder)
    while len(found) == 1 and found[0] and (again := numbers(folder)) != found:
        found = again  # a commit went by
    if len(found) == 1 and found[0]:
        # A commit keeps the generation before: of two, one has gone, and it may be the newest.
        beside = [_path(folder, found[0] + step).name for step in (1, -1)]
        yield _damaged(folder, f"{beside[0]} or {beside[1]} is missing")
    for number in found:
        try:
            generation = _load(_path(folder, number))
        except IndexOutdatedError:
            raise
        except IndexFaultError as error:
            yield error
            continue
        if generation.format != FORMAT and not any_format:
            raise IndexOutdatedError(outdated(folder, generation))
        yield generation


def outdated(folder: Path, generation: Generation) -> str:
    """What to say of an index of another format."""
    return (
        f"{folder.parent} has format {generation.format}, this version reads {FORMAT}. "
        "Build it again: balletsearch index --rebuild."
    )


def _load(path: Path) -> Generation:
    # What the system refuses for now is no damage: an older generation is no answer to that.
    text = path.read_bytes()
    try:
        data = json.loads(text)
        checksum = data.pop("checksum")
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise _damaged(path, str(error)) from error
    if checksum != checksum_of(data):
        raise _damaged(path, "checksum")
    if _path(path.parent, data["number"]) != path:
        raise _damaged(path, f"it is that of generation {data['number']}")
    try:
        segments = tuple(_record(r) for r in data["segments"])
    except (KeyError, TypeError) as error:
        # Only another version writes a manifest that is sound and says something else.
        raise IndexOutdatedError(
            f"{path.parent.parent} was built by another version in a way that this one cannot "
            "read. Export stories that have no file with that version (balletsearch export), "
            "delete the folder and index your stories again."
        ) from error
    return Generation(data["number"], data["schema"], segments, data["format"])


def _record(data: dict[str, Any]) -> Record:
    deleted = data.pop("deleted")
    return Record(
        placed=Placed(**data.pop("placed")), deleted=Placed(**deleted) if deleted else None, **data
    )


def _damaged(path: Path, how: str) -> IndexFaultError:
    return IndexFaultError(
        f"{path} is damaged (manifest: {how}). Mend the index: balletsearch check --repair."
    )


def checksum_of(data: dict[str, Any]) -> int:
    """That of a manifest, which stands in it beside all the rest."""
    return zlib.crc32(json.dumps(data, sort_keys=True, separators=(",", ":")).encode())


def commit(folder: Path, generation: Generation, *, durable: bool) -> None:
    """Make a generation the newest. Its files are written, and on the disk if `durable`."""
    # As it will be read: tuples become lists.
    data: dict[str, Any] = json.loads(json.dumps(asdict(generation)))
    text = json.dumps({**data, "checksum": checksum_of(data)}, indent=1).encode()
    path = _path(folder, generation.number)
    aside = path.with_name(f"{path.name}.{os.urandom(4).hex()}")
    if durable:
        sync_folder(folder)
    with aside.open("xb") as file:
        file.write(text)
        sync_file(file, durable=durable)
    aside.replace(path)
    if durable:
        sync_folder(folder)


def names(generation: Generation) -> Iterable[str]:
    """The files that a generation consists of."""
    yield f"generation-{generation.number}.json"
    for record in generation.segments:
        yield record.placed.name
        if record.deleted is not None:
            yield record.deleted.name


def sweep(folder: Path, keep: Iterable[Generation]) -> None:
    """Delete files of ours that no generation in `keep` names, as far as that can be done."""
    kept = {name for generation in keep for name in names(generation)}
    try:
        found = os.listdir(folder)
    except OSError:
        return  # a later commit does it
    for name in found:
        if _OURS.fullmatch(name) and name not in kept:
            # What is still open on Windows stays until a later commit.
            with suppress(OSError):
                (folder / name).unlink()
