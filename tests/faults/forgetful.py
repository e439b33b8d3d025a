"""What may a disk hold after a loss of power?

A model of a folder on a disk that keeps only what it was told to keep: of each file the bytes at
its last fsync, of each folder the names at its last fsync. Anything newer may be there, or not.
"""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

__all__ = ["HARMS", "Forgetful", "Tree", "laid"]

HARMS: Final = ("lost", "zeroed", "cut", "kept", "mixed")
"""What becomes of everything that was not synced; *mixed* decides file by file."""

Tree = dict[str, "bytes | Tree"]


@dataclass
class Forgetful:
    """The state of a disk below `root`, followed call by call through :meth:`after`."""

    root: Path
    _data: dict[int, bytes] = field(default_factory=dict)
    """Inode → bytes that are on the disk."""
    _names: dict[int, dict[str, tuple[int, bool]]] = field(default_factory=dict)
    """Inode of a folder → names on the disk, each with its inode, and whether it is a folder."""

    def after(self, what: str, where: Any, _size: int) -> None:
        """Follow a call that was made."""
        if what in ("create", "mkdir"):
            number = os.stat(where).st_ino
            self._data.pop(number, None)
            self._names.pop(number, None)
        elif what == "fsync":
            number = os.fstat(where).st_ino
            folders, files = self._current()
            if number in folders:
                self._names[number] = folders[number]
            elif number in files:
                self._data[number] = files[number]

    def _current(self) -> tuple[dict[int, dict[str, tuple[int, bool]]], dict[int, bytes]]:
        folders: dict[int, dict[str, tuple[int, bool]]] = {}
        files: dict[int, bytes] = {}
        for place, _, _ in os.walk(self.root):
            names = folders[os.stat(place).st_ino] = {}
            for entry in os.scandir(place):
                number = entry.stat().st_ino
                names[entry.name] = number, entry.is_dir()
                if not entry.is_dir():
                    files[number] = Path(entry.path).read_bytes()
        return folders, files

    def after_loss(self, harm: str, chance: random.Random) -> Tree:
        """What may be found when the power is back."""
        folders, files = self._current()
        return self._tree(os.stat(self.root).st_ino, harm, chance, folders, files)

    def _tree(
        self,
        folder: int,
        harm: str,
        chance: random.Random,
        folders: Mapping[int, dict[str, tuple[int, bool]]],
        files: Mapping[int, bytes],
    ) -> Tree:
        synced, now = self._names.get(folder, {}), folders.get(folder, {})
        out: Tree = {}
        for name in sorted(synced.keys() | now.keys()):
            newest = harm != "lost" if harm != "mixed" else chance.random() < 0.5
            found = (now if newest else synced).get(name)
            if found is None:
                continue
            number, is_folder = found
            if is_folder:
                out[name] = self._tree(number, harm, chance, folders, files)
            else:
                how = chance.choice(HARMS[:-1]) if harm == "mixed" else harm
                out[name] = self._content(number, how, files.get(number, b""), chance)
        return out

    def _content(self, number: int, harm: str, now: bytes, chance: random.Random) -> bytes:
        synced = self._data.get(number)
        if synced is not None and (harm == "lost" or not now or synced == now):
            return synced
        match harm:
            case "lost":
                return b""
            case "zeroed":
                return bytes(len(now))
            case "cut":
                return now[: chance.randrange(len(now) + 1)]
        return now


def laid(tree: Tree, folder: Path) -> None:
    """Write a tree into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, what in tree.items():
        if isinstance(what, bytes):
            (folder / name).write_bytes(what)
        else:
            laid(what, folder / name)
