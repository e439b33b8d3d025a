"""Which files below a folder are stories?

Those that end in .txt, .md, .jsonl or .jsonl.gz, in one stable order. Passed over without a
word: hidden files and folders, virtual environments and the folders of other tools, files that
speak of the folder itself (README, LICENSE …), what a ``.balletsearchignore`` names (in the
syntax of gitignore, for its own folder and those below), and links: what a link inside the
folder leads to is found at its own place, and what lies outside was not asked for.
"""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from balletsearch.errors import SourceError
from balletsearch.reports import Skip

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

__all__ = ["IGNORE_FILE", "SUFFIXES", "is_records", "places", "walk"]

SUFFIXES: Final = (".txt", ".md", ".jsonl", ".jsonl.gz")
IGNORE_FILE: Final = ".balletsearchignore"

_HERE: Final = f".{os.sep}"
_FOREIGN_FOLDERS: Final = {"node_modules", "__pycache__"}
_ABOUT: Final = re.compile(
    r"(?:readme|licen[cs]e|copying|changelog|contributing|code_of_conduct)(?:[-_.].*)?",
    re.IGNORECASE,
)
"""Names of files that speak of their folder. *License to Dance.txt* is a story."""


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder to look into, and the rules in force there, the outermost first.

    `path` is relative to the root, in NFC, with a "/" after each name.
    """

    place: Path
    path: str = ""
    rules: tuple[tuple[str, GitIgnoreSpec], ...] = ()

    def ignores(self, path: str) -> bool:
        """Whether the rules name that path; the innermost that says anything decides."""
        for base, spec in reversed(self.rules):
            named = spec.check_file(path.removeprefix(base)).include
            if named is not None:
                return named
        return False


def is_records(path: str | Path) -> bool:
    """Whether a file holds a story a line, by its name."""
    return os.fspath(path).lower().endswith((".jsonl", ".jsonl.gz"))


def walk(root: Path, *, skip_folders: Collection[Path] = ()) -> Iterator[Path | Skip]:
    """What `places` finds, as paths that can be computed with."""
    for found in places(root, skip_folders=skip_folders):
        yield Path(found) if isinstance(found, str) else found


def places(root: Path, *, skip_folders: Collection[Path] = ()) -> Iterator[str | Skip]:
    """The story files of `root`, which may itself be one, and what could not be looked into.

    `skip_folders` are passed over with all they hold (the index itself). The order is that of
    the names in NFC, folder by folder. Raises SourceError where `root` is neither a folder nor
    a file of a known kind.
    """
    if os.path.isfile(root) and root.name.lower().endswith(SUFFIXES):
        yield os.fspath(root)
        return
    if not os.path.isdir(root):
        kinds = ", ".join(SUFFIXES)
        raise SourceError(f"{root} is neither a folder nor a file that ends in {kinds}.")
    avoid = {os.path.realpath(folder) for folder in skip_folders}
    waiting: list[_Folder | str | Skip] = [_Folder(root)]
    while waiting:
        item = waiting.pop()
        if isinstance(item, _Folder):
            waiting += reversed(list(_inside(item, avoid)))
        else:
            yield item


def _inside(folder: _Folder, avoid: Collection[str]) -> Iterator[_Folder | str | Skip]:
    """What of a folder is to be read or looked into, in order."""
    try:
        with os.scandir(folder.place) as found:
            entries = sorted((unicodedata.normalize("NFC", e.name), e.name, e) for e in found)
        names = {name for _, name, _ in entries}
        if folder.path and "pyvenv.cfg" in names:
            return
        if IGNORE_FILE in names:
            folder = _with_rules(folder)
    except (OSError, ValueError) as error:
        yield Skip(_printable(folder.place), f"It cannot be looked into: {_why(error)}.")
        return
    last = ""
    for name, _, entry in entries:
        item = _entry(entry, name, folder, avoid)
        if item is None:
            continue
        if name == last:
            reason = (
                "Another name beside it differs only in how its accents are stored: rename one."
            )
            item = Skip(_printable(Path(entry.path)), reason)
        last = name
        yield item


def _entry(
    entry: os.DirEntry[str], name: str, folder: _Folder, avoid: Collection[str]
) -> _Folder | str | Skip | None:
    """One entry as what it is to be taken for; None where it is passed over."""
    if name.startswith(".") or entry.is_symlink() or _is_junction(entry):
        return None
    # As a path would be written: that of the folder is one already.
    place, path = entry.path.removeprefix(_HERE), folder.path + name
    try:
        if entry.is_dir():
            foreign = name in _FOREIGN_FOLDERS or os.path.realpath(place) in avoid
            below = _Folder(Path(place), path + "/", folder.rules)
            return None if foreign or folder.ignores(below.path) else below
        story = name.lower().endswith(SUFFIXES) and entry.is_file() and not _ABOUT.fullmatch(name)
    except OSError as error:
        return Skip(_printable(Path(place)), f"It cannot be looked into: {_why(error)}.")
    if not story or folder.ignores(path):
        return None
    if not _is_unicode(name):
        return Skip(_printable(Path(place)), "Its name is no valid Unicode: rename the file.")
    return place


def _with_rules(folder: _Folder) -> _Folder:
    """The folder with the rules of its own ignore file added. Raises OSError, ValueError."""
    from pathspec import GitIgnoreSpec

    text = (folder.place / IGNORE_FILE).read_text("utf-8-sig")
    try:
        spec = GitIgnoreSpec.from_lines(unicodedata.normalize("NFC", text).splitlines())
    except ValueError as error:
        raise ValueError(f"its {IGNORE_FILE} does not make sense: {error}") from error
    return replace(folder, rules=(*folder.rules, (folder.path, spec)))


def _is_junction(entry: os.DirEntry[str]) -> bool:
    """Whether it is a link to a folder in the manner of Windows; known from Python 3.12 on."""
    return sys.version_info >= (3, 12) and entry.is_junction()


def _is_unicode(name: str) -> bool:
    return name.isascii() or not any("\ud800" <= c <= "\udfff" for c in name)


def _printable(place: Path) -> str:
    """The path with U+FFFD for bytes of its name that are no text."""
    return str(place).encode(errors="surrogatepass").decode(errors="replace")


def _why(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error).rstrip(".")
