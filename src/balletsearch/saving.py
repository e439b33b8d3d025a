"""Which queries did the user save, and under what names?

They stand in a text file beside the collection, `queries.toml`, which may be edited by hand:

    swans = '"swan lake" OR odette OR odile'
    long-stories = "words:>1000"

A name is letters, digits, hyphens and underscores, without regard to case. No rebuild touches
the file, and what is not understood in it is kept as it is.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from pathlib import Path
from typing import Final

from balletsearch.errors import QueryError, SettingsError

__all__ = ["FILE_NAME", "forget", "queries", "save"]

FILE_NAME: Final = "queries.toml"

_NAME: Final = re.compile(r"[\w-]+")


def queries(path: Path) -> dict[str, str]:
    """The saved queries by name, in small letters; none where there is no file.

    SettingsError for a file that cannot be read, or says something else than queries.
    """
    try:
        data = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {error}. Mend the file or move it away.") from error
    for name, text in data.items():
        if not isinstance(text, str):
            raise SettingsError(f"{path}: '{name}' must be a query in quotes, not {text!r}.")
    return {name.casefold(): text for name, text in data.items()}


def save(path: Path, name: str, text: str) -> bool:
    """Save a query under a name, in place of one that has it; whether one had.

    QueryError for a name that cannot be asked for.
    """
    if not _NAME.fullmatch(name):
        raise QueryError(
            f"'{name}' cannot be the name of a query: it may have letters, digits, - and _ in it."
        )
    known = name.casefold() in queries(path)
    line = f"{_key(name)} = {_quoted(text)}"
    _write(path, [*_without(path, name), line])
    return known


def forget(path: Path, name: str) -> bool:
    """Forget a saved query; False if there is none of the name."""
    if name.casefold() not in queries(path):
        return False
    _write(path, _without(path, name))
    return True


def _without(path: Path, name: str) -> list[str]:
    """The lines of the file without that of one name; every other line as it is."""
    # Other signs that end lines elsewhere may stand in a query.
    lines = path.read_text("utf-8-sig").split("\n") if path.exists() else []
    kept = [line for line in lines if _named(line) != name.casefold()]
    return kept[:-1] if kept and not kept[-1] else kept


def _named(line: str) -> str:
    """The name that a line of the file is for, or an empty string."""
    try:
        (said,) = tomllib.loads(line) or [""]
    except (tomllib.TOMLDecodeError, ValueError):
        return ""
    return said.casefold()


def _key(name: str) -> str:
    return name if name.isascii() else _quoted(name)


def _quoted(text: str) -> str:
    # What JSON leaves as it is, TOML does too, but for one sign.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _write(path: Path, lines: list[str]) -> None:
    """Write the file aside and rename it; SettingsError if it would say something else."""
    text = "".join(f"{line}\n" for line in lines)
    try:
        tomllib.loads(text)
        aside = path.with_name(f".{path.name}.{os.getpid()}")
        aside.write_text(text, "utf-8")
        aside.replace(path)
    except (OSError, tomllib.TOMLDecodeError, UnicodeEncodeError) as error:
        raise SettingsError(f"{path}: {error}. Nothing was changed; edit it by hand.") from error
