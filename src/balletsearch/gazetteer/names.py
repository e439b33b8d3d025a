"""By what other names is a work, a role or a company known?

A query asks this of one kind of names at a time, so only the files that may hold that kind are
read: a search need not wait for all the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from balletsearch.analysis import cut
from balletsearch.errors import SettingsError
from balletsearch.gazetteer.entries import Entry, merge, parse
from balletsearch.gazetteer.patterns import key

__all__ = ["FILE_OF", "key_of", "synonyms"]

FILE_OF: Final = {"work": "works.toml", "role": "works.toml", "company": "companies.toml"}
"""Kinds of which somebody may ask for one by another of its names, and the shipped file."""


def key_of(name: str) -> str:
    """What is compared of a name: its words, without case and accents."""
    return " ".join(key(token.form) for token in cut(name))


def synonyms(kind: str, extra: tuple[Path, ...] = ()) -> Mapping[str, tuple[str, ...]]:
    """The key of a name → every name of each entry that goes by it, the first ones first.

    `extra` are the user's own files. SettingsError, naming the file, for one that cannot be read.
    """
    entries = list(_shipped(kind))
    for path in extra:
        try:
            said = parse(path.read_text("utf-8-sig"), str(path))
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"{path}: {error}. Mend the file, or take it out of the gazetteer setting."
            ) from error
        entries += said.entries
    out: dict[str, dict[str, None]] = {}
    for entry in merge(entries):
        if entry.kind == kind and len(entry.spellings) > 1:
            for name in entry.spellings:
                out.setdefault(key_of(name), {}).update(dict.fromkeys(entry.spellings))
    return {name: tuple(names) for name, names in out.items()}


@lru_cache(maxsize=len(FILE_OF))
def _shipped(kind: str) -> tuple[Entry, ...]:
    file = FILE_OF[kind]
    text = files(__package__).joinpath("data").joinpath(file).read_text("utf-8")
    return parse(text, file).entries
