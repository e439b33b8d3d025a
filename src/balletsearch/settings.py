"""What did the user set, and where?

A `balletsearch.toml` beside the collection, all of it optional:

    index = "index"                     # home of the index, relative to this file
    languages = ["en", "fr"]            # what the stories are written in, the usual one first
    encoding = "windows-1252"           # for files that are not UTF-8
    gazetteer = ["names.toml"]          # your own names, relative to this file

    [[folder]]                          # other rules for one folder and what lies below it
    path = "letters/russian"
    language = "ru"
    encoding = "koi8-r"                 # for what is not UTF-8; nothing is guessed

Data, never code: nothing in it is executed.
"""

from __future__ import annotations

import codecs
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from balletsearch.analysis.stemming import LANGUAGES, language_code
from balletsearch.errors import SettingsError

__all__ = ["FILE_NAME", "Folder", "Settings", "find", "index_home", "load"]

FILE_NAME: Final = "balletsearch.toml"
ENVIRONMENT: Final = "BALLETSEARCH_INDEX"
DEFAULT_INDEX: Final = "index"


@dataclass(frozen=True, slots=True)
class Folder:
    """Rules for one folder: an encoding instead of a guess, a language; empty where not set."""

    path: Path
    encoding: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a user can set. `file` is where it was read, None for the defaults."""

    languages: tuple[str, ...] = ("en",)
    encoding: str = "windows-1252"
    gazetteer: tuple[Path, ...] = ()
    folders: tuple[Folder, ...] = ()
    index: Path | None = None
    file: Path | None = field(default=None, compare=False)

    def folder(self, path: Path) -> Folder:
        """The rules for a file: those of the deepest folder named that holds it."""
        inside = [f for f in self.folders if path.is_relative_to(f.path)]
        return max(inside, key=lambda f: len(f.path.parts), default=Folder(path.parent))


def find(start: Path) -> Path | None:
    """The nearest settings file in `start` or a folder above it."""
    start = Path(os.path.abspath(start))
    return next((p for d in (start, *start.parents) if (p := d / FILE_NAME).is_file()), None)


def load(start: Path) -> Settings:
    """The settings in force for `start`: of the nearest file upward, else the defaults."""
    file = find(start)
    if file is None:
        return Settings()
    import tomllib  # most searches have no file of settings

    try:
        data = tomllib.loads(file.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{file}: {error}. Mend the file or move it away.") from error
    return _checked(data, file)


def index_home(given: str | os.PathLike[str] | None, start: Path) -> Path:
    """Where the index lives: as given, else BALLETSEARCH_INDEX, else the settings, else ./index."""
    if given:
        return Path(given)
    if named := os.environ.get(ENVIRONMENT):
        return Path(named)
    return load(start).index or start / DEFAULT_INDEX


_KNOWN: Final = {"index": str, "languages": list, "encoding": str, "gazetteer": list}
_FOLDER: Final = {"path": str, "encoding": str, "language": str}


def _checked(data: dict[str, Any], file: Path) -> Settings:
    folders = data.pop("folder", [])
    _check(data, _KNOWN, file, "")
    if not isinstance(folders, list) or not all(isinstance(f, dict) for f in folders):
        raise SettingsError(f"{file}: 'folder' is written [[folder]], once for each folder.")
    for entry in folders:
        _check(entry, _FOLDER, file, "[[folder]]: ")
        if "path" not in entry:
            raise SettingsError(f"{file}: a [[folder]] needs a path.")
    for name in [data.get("encoding"), *(f.get("encoding") for f in folders)]:
        _check_encoding(name, file)
    for name in [*data.get("languages", []), *(f.get("language", "") for f in folders)]:
        _check_language(name, file)
    home = file.parent
    return Settings(
        languages=tuple(dict.fromkeys(map(language_code, data.get("languages", [])))) or ("en",),
        encoding=data.get("encoding", "windows-1252"),
        gazetteer=tuple(home / name for name in data.get("gazetteer", [])),
        folders=tuple(
            Folder(
                Path(os.path.abspath(home / f["path"])),
                f.get("encoding", ""),
                language_code(f.get("language", "")),
            )
            for f in folders
        ),
        index=home / data["index"] if "index" in data else None,
        file=file,
    )


def _check(entry: dict[str, Any], known: Mapping[str, type], file: Path, where: str) -> None:
    for key, value in entry.items():
        if key not in known:
            names = ", ".join(sorted(known))
            raise SettingsError(f"{file}: {where}there is no setting '{key}'; there are {names}.")
        parts = value if isinstance(value, list) else [value]
        if not isinstance(value, known[key]) or not all(isinstance(v, str) for v in parts):
            kind = "a list of texts" if known[key] is list else "a text in quotes"
            raise SettingsError(f"{file}: {where}'{key}' must be {kind}, not {value!r}.")


def _check_encoding(name: str | None, file: Path) -> None:
    if name is None:
        return
    try:
        codecs.lookup(name)
    except LookupError:
        raise SettingsError(f"{file}: '{name}' is not the name of an encoding.") from None


def _check_language(name: str, file: Path) -> None:
    code = language_code(name)
    if code and code not in LANGUAGES and not 2 <= len(code) <= 3:
        known = ", ".join(f"{code} ({name})" for code, name in LANGUAGES.items())
        raise SettingsError(
            f"{file}: '{name}' is no language that is known here. There are {known}; any other "
            "is named by its code, and its words are not stemmed."
        )
