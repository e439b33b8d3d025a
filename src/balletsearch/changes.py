"""Which file has changed since it was indexed, and what is it called?

The index has with each story the state that its file was in; a file is read again unless one
of its stories vouches for all that the file holds.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from balletsearch.model import Source
from balletsearch.reports import Skip
from balletsearch.settings import Folder

__all__ = [
    "UNKNOWN",
    "Change",
    "Known",
    "Placing",
    "key_of",
    "outermost",
    "place",
    "under",
    "vouches",
]

YOUNG_NS: Final = 2_000_000_000
"""A file changed less than this before it was read may have changed again in the same tick of
its file system's clock (two seconds on FAT), so its size and time prove nothing."""


def place(path: Path, base: Path) -> str:
    """A path as keys have it: relative to `base` below it, absolute elsewhere; NFC, with "/"."""
    absolute = Path(os.path.abspath(path))
    home = Path(os.path.abspath(base))
    shown = absolute.relative_to(home) if absolute.is_relative_to(home) else absolute
    return unicodedata.normalize("NFC", shown.as_posix())


class Placing:
    """Says of many paths what `place` says of each, for one `base`."""

    def __init__(self, base: Path) -> None:
        self._base = base
        self._home = os.path.join(os.path.abspath(base), "")

    def __call__(self, path: str) -> str:
        """The path as keys have it."""
        absolute = os.path.abspath(path)
        # Taking paths apart is for those that lie elsewhere, or there by another spelling.
        if absolute == self._home or not absolute.startswith(self._home):
            return place(Path(path), self._base)
        shown = absolute[len(self._home) :].replace(os.sep, "/")
        return unicodedata.normalize("NFC", shown)


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
class Known:
    """What the index has of one file: its stories by key."""

    stories: dict[str, Source] = field(default_factory=dict)

    def current(self, stat: os.stat_result, recipe: str) -> bool:
        """Whether the file was indexed whole, in this state and with this recipe."""
        return any(
            vouches(source, stat.st_size, stat.st_mtime_ns) and source.recipe == recipe
            for source in self.stories.values()
        )


UNKNOWN: Final = Known()


class Change(NamedTuple):
    """A file that has to be read, as it was found; `lost` says why it cannot be.

    It is file `done` of all. `recipe` and `folder` are the rules for it, `known` is what the
    index has of it.
    """

    file: str
    path: str
    folder: Folder
    recipe: str
    known: Known
    done: int
    size: int = 0
    mtime_ns: int = 0
    seen_ns: int = 0
    lost: Skip | None = None

    @property
    def modified(self) -> str:
        """When the file was changed, in ISO 8601."""
        changed = datetime.fromtimestamp(self.mtime_ns // 1_000_000_000, UTC)
        return changed.strftime("%Y-%m-%dT%H:%M:%SZ")


def vouches(source: Source, size: int, mtime_ns: int) -> bool:
    """Whether a story says that its file, if of this size and time, was indexed whole."""
    return (
        source.closes
        and source.size == size
        and source.mtime_ns == mtime_ns
        and mtime_ns < source.seen_ns - YOUNG_NS
    )


def key_of(path: str, record: str) -> str:
    """The key of a story: its file, and in a file of many its record."""
    return f"{path}#{record}" if record else path
