"""What does a gazetteer file say?

TOML with one table for each kind of name, in any order and any of them in one file:

    given_names = ["Wiktoria", "Klára"]

    [work]
    "Swan Lake" = {also = ["Le Lac des cygnes"], roles = ["Odette", "Odile"]}
    "Jewels" = {common = true}          # counts only where the words around it say so
    [role]
    "Prince Siegfried" = {also = ["Siegfried"]}
    [person]
    "Natalia Makarova" = {also = ["Makarova"], dancer = true}
    [company]
    "Bolshoi Ballet" = {also = ["Bolshoi"], place = "Europe/Russia/Moscow"}
    [place]
    "Europe/Russia/Moscow" = {also = ["Moskva"]}
    [term]
    "plié" = {also = ["pliés"]}

An entry for a name that an earlier file has adds to it, or takes its place with
`replace = true`. What does not fit this grammar is a SettingsError that names file and entry.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from balletsearch.errors import SettingsError

__all__ = ["KINDS", "Entry", "File", "merge", "parse"]

KINDS: Final = ("work", "role", "person", "company", "place", "term")
"""Kinds of names, each also the name of the field that its finds go to."""

_LISTS: Final = ("also", "roles")
_FLAGS: Final = ("common", "dancer", "replace")
_KEYS: Final = {
    "work": ("also", "roles", "common", "replace"),
    "role": ("also", "common", "replace"),
    "person": ("also", "dancer", "common", "replace"),
    "company": ("also", "place", "common", "replace"),
    "place": ("also", "common", "replace"),
    "term": ("also", "common", "replace"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One name. `also` are other ways to write it, `roles` those of a work.

    `common` says that the words of the name are ordinary words too, `place` where a company
    has its home, `dancer` that a person danced, `file` where it was read.
    """

    kind: str
    name: str
    also: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    common: bool = False
    dancer: bool = False
    place: str = ""
    replace: bool = False
    file: str = field(default="", compare=False)

    @property
    def spellings(self) -> tuple[str, ...]:
        """Everything that is looked for: the name (of a place its last step), then `also`."""
        own = self.name.rpartition("/")[2] if self.kind == "place" else self.name
        return (own, *self.also)


@dataclass(frozen=True, slots=True)
class File:
    """What one file says."""

    entries: tuple[Entry, ...]
    given_names: tuple[str, ...]


def parse(text: str, where: str) -> File:
    """The names in the text of a gazetteer file; `where` names the file in errors."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{where}: {error}. Gazetteer files are written in TOML.") from error
    given = _texts(data.pop("given_names", []), where, "given_names", "given_names")
    entries: list[Entry] = []
    for kind, table in data.items():
        if kind not in KINDS:
            kinds = ", ".join(KINDS)
            raise SettingsError(f"{where}: there is no kind of name '{kind}'; there are {kinds}.")
        if not isinstance(table, dict):
            raise SettingsError(f"{where}: '{kind}' must be a table, written [{kind}].")
        entries += [_entry(kind, name, values, where) for name, values in table.items()]
    return File(tuple(entries), given)


def _entry(kind: str, name: str, values: object, where: str) -> Entry:
    if not isinstance(values, dict):
        raise SettingsError(f'{where}: [{kind}] "{name}" must be followed by = {{…}}.')
    if not any(c.isalnum() for c in name):
        raise SettingsError(f'{where}: [{kind}] "{name}" is not a name.')
    clean: dict[str, Any] = {}
    for key, value in values.items():
        if key not in _KEYS[kind]:
            keys = ", ".join(_KEYS[kind])
            raise SettingsError(
                f"{where}: [{kind}] \"{name}\" cannot have '{key}'; it can have {keys}."
            )
        clean[key] = _value(key, value, where, f'[{kind}] "{name}"')
    return Entry(kind, unicodedata.normalize("NFC", name), file=where, **clean)


def _value(key: str, value: object, where: str, entry: str) -> object:
    if key in _LISTS:
        return _texts(value, where, entry, key)
    if key in _FLAGS:
        if not isinstance(value, bool):
            raise SettingsError(f"{where}: {entry}: '{key}' must be true or false.")
        return value
    if not isinstance(value, str):
        raise SettingsError(f"{where}: {entry}: '{key}' must be a text in quotes.")
    return unicodedata.normalize("NFC", value)


def _texts(value: object, where: str, entry: str, key: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
        raise SettingsError(f"{where}: {entry}: '{key}' must be a list of texts in quotes.")
    return tuple(unicodedata.normalize("NFC", v.strip()) for v in value)


def merge(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """One entry for each kind and name, later ones added to earlier ones or in their place."""
    merged: dict[tuple[str, str], Entry] = {}
    danced: set[str] = set()
    for entry in entries:
        danced.update(entry.roles)
        key = (entry.kind, entry.name)
        known = merged.get(key)
        merged[key] = entry if known is None or entry.replace else _added(known, entry)
    _check_roles(merged, danced)
    for entry in tuple(merged.values()):
        for role in entry.roles:
            # Only roles with other names have an entry of their own.
            merged.setdefault(("role", role), Entry("role", role, file=entry.file))
    return tuple(merged.values())


def _added(known: Entry, more: Entry) -> Entry:
    return replace(
        known,
        also=tuple(dict.fromkeys(known.also + more.also)),
        roles=tuple(dict.fromkeys(known.roles + more.roles)),
        common=known.common or more.common,
        dancer=known.dancer or more.dancer,
        place=more.place or known.place,
    )


def _check_roles(merged: Mapping[tuple[str, str], Entry], danced: Container[str]) -> None:
    """A role that no work has could never be found, and its author should know.

    `danced` has the roles of works that were replaced too: who replaces a work is not to
    mend the shipped roles.
    """
    for (kind, name), entry in merged.items():
        if kind == "role" and name not in danced:
            raise SettingsError(
                f'{entry.file}: [role] "{name}": no work has this role. '
                "Name it in the roles of a work."
            )
