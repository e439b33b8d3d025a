"""How do all stories become files that any Whoosh opens?

With Whoosh's own schema and writer, so that nothing of balletsearch is needed to read them. They
are written beside the folder and take its place when they are whole.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from whoosh import fields
from whoosh.analysis import LanguageAnalyzer, StandardAnalyzer, StemmingAnalyzer
from whoosh.index import FileIndex
from whoosh.lang import has_stemmer

from balletsearch.engines.values import faceted
from balletsearch.engines.whoosh.storage import DurableStorage
from balletsearch.engines.zones import field_of
from balletsearch.errors import SourceError
from balletsearch.fields import Field, Kind
from balletsearch.library import Library
from balletsearch.model import Story, Value
from balletsearch.whoosh_view.names import KEY, SINGLE, TEXT
from balletsearch.whoosh_view.schema import as_date, as_number

__all__ = ["export"]

_MEMORY: Final = 256
"""Megabytes of postings that Whoosh sorts at once."""

Made = tuple[str, fields.FieldType, Callable[[Value], Any]]


def export(library: Library, folder: str | os.PathLike[str]) -> int:
    """Write all stories; see :func:`balletsearch.export_whoosh`."""
    target = Path(os.path.abspath(folder))
    _check_empty(target)
    language = library.settings.languages[0]
    made = _fields(library.fields(), language, library.stories)
    aside = target.with_name(f".{secrets.token_hex(4)}-{target.name}")
    aside.mkdir(parents=True)
    try:
        count = _write(aside, made, language, library.stories())
        if target.is_dir():
            target.rmdir()
        aside.rename(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return count


def _check_empty(target: Path) -> None:
    if target.exists() and not target.is_dir():
        raise SourceError(f"{target} is a file; the export needs a folder of its own.")
    if target.is_dir() and (found := sorted(os.listdir(target))):
        raise SourceError(
            f"{target} holds something else ({', '.join(found[:3])}) and was left alone. "
            "Choose a new folder, or empty it first."
        )


def _fields(
    known: Mapping[str, Field], language: str, stories: Callable[[], Iterable[Story]]
) -> dict[str, Made]:
    """Our field → its name in the export, its type there, and what a value becomes."""
    whole = _whole(known, stories)
    out: dict[str, Made] = {}
    for name, field in known.items():
        # A header may have brought a field that is called like one of ours.
        out_name = f"{name}_" if name == KEY else name
        kind: Any
        made: Callable[[Value], Any] = str
        if name == "title":
            kind = _text(language, sortable=True)
        elif field.kind is Kind.NUMBER:
            number = int if name in whole else float
            kind, made = fields.NUMERIC(number, 64, sortable=name in SINGLE), as_number
        elif field.kind is Kind.DATE:
            kind, made = fields.DATETIME(sortable=name in SINGLE), as_date
        elif name == "path":
            kind = fields.ID(sortable=True)
        else:
            kind = fields.KEYWORD(commas=True, lowercase=True, scorable=True)
        if isinstance(kind, fields.NUMERIC):
            # With tiers Whoosh posts a story twice whose values lie close to each other.
            kind.shift_step = 0
        kind.stored = True
        out[name] = out_name, kind, made
    return out


def _whole(known: Mapping[str, Field], stories: Callable[[], Iterable[Story]]) -> set[str]:
    """The fields of numbers in which all are whole."""
    numbers = {name for name, field in known.items() if field.kind is Kind.NUMBER}
    if numbers - {"words"}:
        for story in stories():
            for name in numbers & story.fields.keys():
                if not all(isinstance(as_number(v), int) for v in story.fields[name]):
                    numbers.discard(name)
    return numbers


def _text(language: str, *, sortable: bool = False) -> Any:
    if language == "en":
        analyzer = StemmingAnalyzer()
    else:
        analyzer = LanguageAnalyzer(language) if has_stemmer(language) else StandardAnalyzer()
    return fields.TEXT(analyzer=analyzer, stored=True, sortable=sortable)


def _document(story: Story, made: Mapping[str, Made]) -> dict[str, Any]:
    """What Whoosh's `add_document` is given for a story."""
    out: dict[str, Any] = {KEY: story.key, TEXT: story.body}
    for name, values in story.fields.items():
        if not values:
            continue
        out_name, kind, convert = made[name]
        found = [v for v in dict.fromkeys(map(convert, values)) if v is not None]
        out[out_name] = found[0] if name in SINGLE else found
        if isinstance(kind, fields.KEYWORD):
            out[f"_stored_{out_name}"] = found
            out[out_name] = _keywords(field_of(name), found)
    return out


def _keywords(field: Field, values: list[str]) -> list[str]:
    """What a list of values is found by: Whoosh cuts no list, and lowers no letter in it."""
    above = [*faceted(field, values)]
    if field.kind is Kind.PATH:
        above += [value.rpartition("/")[2] for value in values]
    return list(dict.fromkeys(str(value).lower() for value in above))


def _write(folder: Path, made: Mapping[str, Made], language: str, stories: Iterable[Story]) -> int:
    schema = fields.Schema()
    schema.add(KEY, fields.ID(unique=True, stored=True, sortable=True))
    schema.add(TEXT, _text(language))
    for name, kind, _ in made.values():
        schema.add(name, kind)
    index = FileIndex.create(DurableStorage(str(folder)), schema, "MAIN")
    writer = index.writer(limitmb=_MEMORY)
    count = 0
    try:
        for story in stories:
            writer.add_document(**_document(story, made))
            count += 1
    except BaseException:
        writer.cancel()
        raise
    writer.commit()
    index.close()
    return count
