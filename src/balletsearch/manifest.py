"""Is there an index in this folder, which engine made it, and do we make words as it does?

One small JSON file, written aside and renamed, names the folder of the engine's files (the
*store*). A rebuild fills a new store and then changes the name, so that there is an index at
every moment. Nothing but JSON is read before the manifest has been found to be ours.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from balletsearch.durability import refused, sync_file, sync_folder
from balletsearch.engines import holds_stories
from balletsearch.errors import IndexFaultError, IndexForeignError, IndexOutdatedError
from balletsearch.locking import LOCK_FILES

__all__ = [
    "FILE_NAME",
    "Manifest",
    "check_words",
    "check_writable",
    "checksum_of",
    "discard",
    "load",
    "new_store",
    "orphans",
    "save",
    "size",
    "sweep",
    "versions",
]

FILE_NAME: Final = "manifest.json"
FORMAT: Final = 2
"""The version of the manifest and of what the stores hold."""

_BESIDE: Final = {"README.md", ".gitignore", ".gitkeep", ".DS_Store", *LOCK_FILES}
_STORE: Final = re.compile(r"store-[0-9a-f]{16}")
_MEND: Final = "Mend the index: balletsearch check --repair."
_REBUILD: Final = "Build it again: balletsearch index --rebuild."


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index says of itself.

    `made_with` are versions that may change words; `roots` the folders that it follows, so that
    they are known also where a damaged segment has taken all their stories with it. `synced` is
    False where anything may not be on the disk: a writer that did not wait has been there since.
    """

    format: int
    engine: str
    store: str
    languages: tuple[str, ...]
    analysis: str
    made_with: Mapping[str, str]
    roots: tuple[str, ...] = ()
    synced: bool = field(default=False, compare=False)


def versions() -> dict[str, str]:
    """The versions that have a say in what a word is."""
    from balletsearch.analysis import nltk_version, rules

    return {"rules": rules(), "python": platform.python_version(), "nltk": nltk_version()}


def new_store() -> str:
    """A name for a store that no other has."""
    return f"store-{os.urandom(8).hex()}"


def load(folder: Path) -> Manifest | None:
    """The manifest of the index in `folder`; None where there is no index.

    IndexFaultError where it cannot be read, IndexOutdatedError where it is of another format.
    """
    path = folder / FILE_NAME
    try:
        data = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except NotADirectoryError:
        raise IndexForeignError(f"{folder} is a file; an index is a folder.") from None
    except PermissionError:
        raise IndexFaultError(f"{path} may not be read: permission denied.") from None
    except OSError as error:
        mend = f" {_MEND}" if not refused(error) else " Try again when that is mended."
        raise IndexFaultError(f"{path} cannot be read ({error.strerror}).{mend}") from error
    except ValueError as error:
        raise IndexFaultError(f"{path} cannot be read ({error}). {_MEND}") from error
    return _checked(data, path)


def _checked(data: Any, path: Path) -> Manifest:
    if not isinstance(data, dict):
        raise IndexForeignError(f"{path} was not written by balletsearch; choose another folder.")
    checksum = data.pop("checksum", None)
    damaged = checksum != checksum_of(data)
    # A strange name or format that fails its checksum is damage: neither says who wrote it.
    if damaged and checksum is not None:
        raise IndexFaultError(f"{path} is damaged (manifest: checksum). {_MEND}")
    if data.get("made_by") != "balletsearch":
        raise IndexForeignError(f"{path} was not written by balletsearch; choose another folder.")
    if data.get("format") != FORMAT:
        raise IndexOutdatedError(
            f"{path.parent} has format {data.get('format')}, this version reads {FORMAT}. Export "
            "stories that have no file with the version that made it (balletsearch export), "
            f"delete what is in {path.parent} and index your stories again."
        )
    if damaged:
        raise IndexFaultError(f"{path} is damaged (manifest: checksum). {_MEND}")
    try:
        manifest = Manifest(
            FORMAT,
            str(data["engine"]),
            str(data["store"]),
            tuple(map(str, data["languages"])),
            str(data["analysis"]),
            dict(data["made_with"]),
            tuple(map(str, data["roots"])),
            data.get("synced") is True,  # who wrote none did not note who waited
        )
    except (KeyError, TypeError, ValueError) as error:
        raise IndexFaultError(f"{path} is damaged (manifest: {error}). {_MEND}") from error
    if not _STORE.fullmatch(manifest.store) or not manifest.languages:
        raise IndexFaultError(f"{path} is damaged (manifest: what it holds). {_MEND}")
    return manifest


def checksum_of(data: Mapping[str, Any]) -> int:
    """What a manifest, without its checksum, has to say of itself."""
    return zlib.crc32(json.dumps(data, sort_keys=True).encode())


def save(folder: Path, manifest: Manifest, *, durable: bool = True) -> None:
    """Write the manifest so that after a loss of power either it or the one before is there."""
    aside = folder / f"{FILE_NAME}.{os.urandom(4).hex()}"
    data = {"made_by": "balletsearch", **asdict(manifest)}
    text = json.dumps({**data, "checksum": checksum_of(data)}, indent=1)
    with aside.open("w", encoding="utf-8") as file:
        file.write(text + "\n")
        sync_file(file, durable=durable)
    aside.replace(folder / FILE_NAME)
    if durable:
        sync_folder(folder)


def check_writable(folder: Path) -> None:
    """IndexForeignError for a folder that holds something else than an index of ours."""
    if folder.exists() and not folder.is_dir():
        raise IndexForeignError(f"{folder} is a file; an index needs a folder of its own.")
    if not folder.exists() or (folder / FILE_NAME).exists():
        return
    strangers = sorted(
        p.name for p in folder.iterdir() if p.name not in _BESIDE and not _ours(p.name)
    )
    if strangers:
        raise IndexForeignError(
            f"{folder} holds something else ({', '.join(strangers[:3])}) and was left alone. "
            "Choose an empty folder for the index."
        )


def sweep(folder: Path, keep: str) -> None:
    """Delete stores and leftovers of ours that the manifest does not name."""
    with suppress(OSError):  # what stays goes with a later writer
        for path in folder.iterdir():
            if _ours(path.name) and path.name not in (keep, FILE_NAME):
                if path.is_dir():
                    _remove_store(path)
                else:
                    path.unlink(missing_ok=True)


def _remove_store(path: Path) -> None:
    """Delete a store: all at once for who reads there, so that no older state of it shows."""
    aside = path if path.suffix else path.with_suffix(".gone")
    # What is still open on Windows stays until the next writer comes by.
    with suppress(OSError):
        path.rename(aside)
        shutil.rmtree(aside, ignore_errors=True)


def orphans(folder: Path) -> list[Path]:
    """Stores that hold stories; where there is no manifest, somebody has lost it."""
    return [s for s in folder.iterdir() if _STORE.fullmatch(s.name) and holds_stories(s)]


def discard(folder: Path) -> None:
    """Delete an index that came to nothing. The caller holds the lock."""
    (folder / FILE_NAME).unlink(missing_ok=True)
    sweep(folder, "")


def size(folder: Path) -> int:
    """Bytes on the disk; a file that a writer removes meanwhile counts nothing."""
    total = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            total += path.stat().st_size
    return total


def _ours(name: str) -> bool:
    return bool(
        _STORE.fullmatch(name.removesuffix(".gone"))
        or re.fullmatch(rf"{FILE_NAME}(\.[0-9a-f]{{8}})?", name)
    )


def check_words(folder: Path, manifest: Manifest, languages: tuple[str, ...]) -> None:
    """IndexOutdatedError where words are made in another way than when the index was built."""
    from balletsearch.analysis import fingerprint

    if manifest.languages != languages:
        raise IndexOutdatedError(
            f"{folder} was built for the languages {', '.join(manifest.languages)}, the settings "
            f"now say {', '.join(languages)}. {_REBUILD}"
        )
    if manifest.made_with != versions() and fingerprint(languages) != manifest.analysis:
        raise IndexOutdatedError(
            f"{folder} was built by another version, which cut or stemmed words in another way. "
            f"{_REBUILD}"
        )
