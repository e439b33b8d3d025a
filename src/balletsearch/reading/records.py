"""Which stories does a JSON Lines file hold?

One object a line: ``text`` (or ``body``) is the story, ``id`` (or ``key``) its name within the
file, else the number of its line; every other key is header. The file may be gzipped. It is
read line by line in UTF-8, so memory is bounded by one line and the names of the records.

A line that is no story is reported as ``FILE:line N`` and loses no other. A Skip with the name
of the file alone says that the rest of the file could not be read.
"""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO, Final

from balletsearch.errors import StoryError
from balletsearch.model import Reading, Repair
from balletsearch.reading.decoding import checked
from balletsearch.reading.drafts import Draft
from balletsearch.reading.headers import clean, header_of
from balletsearch.reading.repairing import repair
from balletsearch.reports import Skip

__all__ = ["MAX_LINE", "read_records"]

MAX_LINE: Final = 64 * 1024 * 1024
"""Bytes of one line: twenty times the longest novels."""

_PIECES: Final = 16
"""So many times MAX_LINE of one line are passed over; then it is taken for a gzip bomb."""

_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def read_records(path: Path) -> Iterator[Draft | Skip]:
    """The stories of a .jsonl or .jsonl.gz file in its order, and what was no story."""
    done = 0
    seen: dict[str, int] = {}
    try:
        with _opened(path) as file:
            for number, line in _lines(file):
                done = number
                if not line.strip():
                    continue
                try:
                    yield _named(_record(line, number), seen)
                except StoryError as error:
                    yield Skip(f"{path}:line {number}", str(error), record=_name_in(line, number))
    except (OSError, EOFError, zlib.error, StoryError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        yield Skip(str(path), f"It cannot be read beyond line {done}: {reason.rstrip('.')}.")


_NAMED_WITHIN: Final = 10_000
"""Bytes of a spoilt line in which a name is looked for."""


def _opened(path: Path) -> BinaryIO:
    if path.suffix.lower() == ".gz":
        return gzip.open(path, "rb")  # type: ignore[return-value]  # it has all that is used
    return path.open("rb")


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Numbers and lines. Of a line that is too long a byte more than allowed is given."""
    number = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        yield number, line
        pieces = 1
        while len(line) > MAX_LINE and not line.endswith(b"\n"):
            pieces += 1
            if pieces > _PIECES:
                raise StoryError("the next line does not end, as in a gzip bomb")
            line = file.readline(MAX_LINE + 1)


def _named(draft: Draft, seen: dict[str, int]) -> Draft:
    """The draft with the name that only it has."""
    name = draft.record or str(draft.line)
    first = seen.setdefault(name, draft.line)
    if first != draft.line:
        raise StoryError(f"Its 'id' is that of line {first}, {name!r}; only that one is read.")
    return replace(draft, record=name)


_NAME: Final = re.compile(rb'"(?:id|key)"\s*:\s*(?:"((?:[^"\\]|\\.)*)"|(-?[0-9]+))')


def _name_in(line: bytes, number: int) -> str:
    """The name that a line which cannot be read seems to give: its story keeps what it was."""
    found = _NAME.search(line[:_NAMED_WITHIN])
    if found is None:
        return str(number)
    try:
        return clean(str(json.loads(b'"' + (found[1] or found[2]) + b'"')))
    except ValueError:
        return str(number)


def _record(line: bytes, number: int) -> Draft:
    """One line as a draft. Raises StoryError with the reason alone."""
    if len(line) > MAX_LINE:
        raise StoryError(f"It is longer than {MAX_LINE // 1024**2} MiB.")
    line = line.rstrip(b"\r\n")
    repairs: list[Repair] = []
    found = {
        _mended(key, number, repairs): _mended(value, number, repairs)
        for key, value in _object(line, number).items()
    }
    body = _taken(found, "text", "body")
    if not isinstance(body, str):
        raise StoryError("It has no 'text' (or 'body') that is a text in quotes.")
    record = _taken(found, "id", "key")
    if isinstance(record, dict | list):
        raise StoryError("Its 'id' (or 'key') is neither a text nor a number.")
    header, remark = header_of(found.items())
    return Draft(
        record=clean(str(record)) if record is not None else "",
        line=number,
        header=header,
        body=unicodedata.normalize("NFC", checked(body)),
        digest=blake2b(line, digest_size=16).hexdigest(),
        reading=Reading("utf-8", "JSON Lines are UTF-8", tuple(repairs)),
        problem=remark,
    )


def _object(line: bytes, number: int) -> dict[str, Any]:
    try:
        text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        # Numbers stay as written: 1.10 is an edition more often than a quantity.
        found = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except UnicodeDecodeError as error:
        raise StoryError(f"It is not UTF-8 from byte {error.start + 1}.") from error
    except json.JSONDecodeError as error:
        raise StoryError(f"It is not JSON from character {error.pos + 1}: {error.msg}.") from error
    except RecursionError:
        raise StoryError("It is nested too deeply.") from None
    if not isinstance(found, dict):
        raise StoryError("It is JSON, but no object in braces.")
    return found


def _mended(value: Any, number: int, repairs: list[Repair]) -> Any:
    """A text, or the texts of a list, repaired; repairs are those of line `number`."""
    if isinstance(value, list):
        return [_mended(v, number, repairs) if isinstance(v, str) else v for v in value]
    if not isinstance(value, str):
        return value
    # JSON can write half a character, which no file or index can hold.
    text, done = repair(_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", value))
    repairs += [replace(one, line=number) for one in done]
    return text


def _taken(found: dict[str, Any], *names: str) -> Any:
    """The first of the names that is there, taken out."""
    return next((found.pop(name) for name in names if name in found), None)
