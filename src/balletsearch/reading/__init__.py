"""What does this file say?

:func:`walk` finds the files of a folder that are stories, :func:`read` turns one of them into
drafts: bytes → characters (with the encoding and its reason) → repaired → header and body in
NFC. Whatever cannot be read becomes a :class:`~balletsearch.reports.Skip` with the reason, and
one bad file never loses the others. What a story is *about* is not asked here.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Final

from balletsearch.errors import StoryError
from balletsearch.reading.decoding import FALLBACK, decode
from balletsearch.reading.drafts import Draft
from balletsearch.reading.headers import split_header
from balletsearch.reading.records import read_records
from balletsearch.reading.repairing import repair
from balletsearch.reading.walking import SUFFIXES, is_records, places, walk
from balletsearch.reports import Skip

__all__ = [
    "MAX_FILE",
    "SUFFIXES",
    "VERSION",
    "fingerprint",
    "is_records",
    "places",
    "read",
    "read_story",
    "walk",
]

VERSION: Final = 2
"""To be raised with every change that makes another text or header of the same bytes."""

MAX_FILE: Final = 32 * 1024 * 1024
"""Bytes of a file that is one story; ten times the longest novels. Indexing takes nearly a
hundred times as much memory: a text of 24 MB needs 2.2 GB with stock Whoosh."""


_MORE: Final = 1024 * 1024
"""Bytes asked for at a time of a file that grows while it is read."""


def read(path: Path, *, forced: str = "", fallback: str = FALLBACK) -> Iterator[Draft | Skip]:
    """The stories of a file; exactly one item for a file that is one story.

    `forced` is the encoding set for its folder, `fallback` the one for what is not UTF-8; JSON
    Lines are always UTF-8. A Skip whose path is the file itself says that the file was not read
    to its end. Raises SettingsError for the name of an encoding that does not exist.
    """
    if is_records(path):
        yield from read_records(path)
    else:
        yield read_story(str(path), forced=forced, fallback=fallback)


def read_story(path: str, *, forced: str = "", fallback: str = FALLBACK) -> Draft | Skip:
    """The story of a file that is one, as by `read`."""
    try:
        return _story(path, forced, fallback)
    except StoryError as error:
        return Skip(path, str(error))
    except OSError as error:
        return Skip(path, f"It cannot be read: {error.strerror or error}.")


def fingerprint() -> str:
    """A short hash that changes when the same bytes may be read another way."""
    from importlib.metadata import version

    # Of the packages used here only ftfy decides what a text says.
    rules = f"reading {VERSION}, ftfy {version('ftfy')}"
    return blake2b(rules.encode(), digest_size=8).hexdigest()


def _story(path: str, forced: str, fallback: str) -> Draft:
    data = _bytes(path)
    decoded = decode(data, forced=forced, fallback=fallback)
    text, repairs = repair(decoded.text)
    header, body, problem = split_header(text)
    if not body or body.isspace():
        raise StoryError("It has a header but no text.")
    return Draft(
        record="",
        line=text.count("\n", 0, len(text) - len(body)) + 1,
        header=header,
        body=body if body.isascii() else unicodedata.normalize("NFC", body),
        digest=blake2b(data, digest_size=16).hexdigest(),
        reading=replace(decoded.reading, repairs=repairs) if repairs else decoded.reading,
        problem=problem,
    )


def _bytes(path: str) -> bytes:
    """The content of a file; StoryError where that is too much for a text."""
    with open(path, "rb", buffering=0) as file:
        # Asking for what there is, and not for all that is allowed, spares memory and time.
        # One byte more than allowed tells a file that is too long, even one that still grows.
        expected = os.fstat(file.fileno()).st_size
        data = file.read(min(expected, MAX_FILE) + 1)
        size = len(data)
        if size != expected or size > MAX_FILE:
            parts = [data]
            while parts[-1] and size <= MAX_FILE:
                parts.append(file.read(min(_MORE, MAX_FILE + 1 - size)))
                size += len(parts[-1])
            data = b"".join(parts)
    if size > MAX_FILE:
        raise StoryError(f"It is larger than {MAX_FILE // 1024**2} MiB: is it a text?")
    return data
