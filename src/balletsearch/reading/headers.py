"""What does a text say of itself, and where does it begin?

A header is YAML between lines of ``---`` (the second may be ``...``) or TOML between lines of
``+++``, from the very first line. Its values become text and nothing else: ``no`` stays *no*,
``1890`` stays *1890*. YAML is taken from the parser event by event, so nothing is ever built
from it but texts: tags are ignored, aliases refused, and depth costs nothing.

What only looks like a header stays in the body: a thematic break (a blank line follows it, or
no second one comes) and a block that is no mapping. A header that does not parse stays there
too, and a remark names the line.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any, Final

from balletsearch.model import Header

__all__ = ["clean", "header_of", "split_header"]

MAX_HEADER: Final = 64 * 1024
"""Characters of a header. More is a story between two thematic breaks."""

_CLOSING: Final = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE),
}


class _UnreadableError(Exception):
    """A header that does not parse: the message says where and why."""


def split_header(text: str) -> tuple[Header, str, str]:
    """Header, body, and a remark on what of the header was not understood (mostly empty).

    The body is the end of `text`, without the blank lines after the header; it is all of
    `text` where there is no header or none that can be read.
    """
    opening, _, rest = text.partition("\n")
    fence = opening.rstrip(" \t")
    if fence not in _CLOSING or (fence == "---" and not rest.split("\n", 1)[0].strip()):
        return {}, text, ""
    closing = _CLOSING[fence].search(rest, 0, MAX_HEADER)
    if closing is None:
        return {}, text, ""
    block = rest[: closing.start()]
    try:
        entries = _toml(block) if fence == "+++" else _yaml(block)
    except _UnreadableError as error:
        return {}, text, f"Its header cannot be read and was left in the text: {error}."
    if entries is None:
        return {}, text, ""
    header, remark = header_of(entries)
    return header, _from_first_line(rest[closing.end() :]), remark


def header_of(entries: Iterable[tuple[Any, Any]]) -> tuple[Header, str]:
    """Header and remark from keys and values as YAML, TOML or JSON give them.

    Scalars and lists of scalars are taken; None and empty text are dropped; what is nested
    deeper is named in the remark.
    """
    header: dict[str, tuple[str, ...]] = {}
    nested = []
    for key, value in entries:
        values = value if isinstance(value, list) else [value]
        if not isinstance(key, str):
            nested.append("a key that is no text")
        elif any(isinstance(v, Mapping | list) for v in values):
            nested.append(f"'{clean(key)}'")
        else:
            _put(header, key, [_as_text(v) for v in values if v is not None])
    if not nested:
        return header, ""
    names = ", ".join(nested)
    return header, f"Of its header {names} was passed over: only texts and lists of texts count."


def _put(header: dict[str, tuple[str, ...]], key: str, values: Iterable[str]) -> None:
    """Add what is left of the values; a key written twice keeps those of both."""
    name = clean(key)
    kept = tuple(filter(None, map(clean, values)))
    if name and kept:
        header[name] = header.get(name, ()) + kept


def clean(text: str) -> str:
    """A value or name as it is kept: in NFC, without blanks around it."""
    return unicodedata.normalize("NFC", text).strip()


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _from_first_line(text: str) -> str:
    """The text without the blank lines it begins with; the first indent stays."""
    blank = re.match(r"(?:[ \t]*\n)+", text)
    return text[blank.end() :] if blank else text


def _toml(block: str) -> Iterable[tuple[str, Any]]:
    try:
        # Numbers with a point stay as written: 1.10 is an edition more often than a quantity.
        return tomllib.loads(block, parse_float=str).items()
    except RecursionError:
        raise _UnreadableError("it is nested too deeply") from None
    except ValueError as error:
        message = _LINE.sub(lambda m: f"line {int(m[1]) + 1}", str(error)).rstrip(".")
        raise _UnreadableError(message) from error


_LINE: Final = re.compile(r"\bline (\d{1,9})")
"""tomllib counts lines from the one after the fence."""

MAX_DEPTH: Final = 16
"""Levels of YAML looked into. Its scanner slows down with the square of the depth."""


def _yaml(block: str) -> Iterable[tuple[Any, Any]] | None:
    """Keys and values with all scalars as text; None where the block is no mapping."""
    import yaml

    # The C parser is ten times as fast and not in every build of the package.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        return _pairs(yaml.parse(block, Loader=loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 2 if mark else 1
        raise _UnreadableError(f"line {line}: {error.problem}") from error
    except yaml.reader.ReaderError as error:
        line = block[: error.position].count("\n") + 2
        raise _UnreadableError(f"line {line}: {error.reason}") from error


def _pairs(events: Iterable[Any]) -> Iterable[tuple[Any, Any]] | None:
    import yaml

    open_nodes: list[list[Any]] = []
    for event in events:
        match event:
            case yaml.AliasEvent():
                line = event.start_mark.line + 2 if event.start_mark else 1
                raise _UnreadableError(f"line {line}: aliases (*{event.anchor}) are not read")
            case yaml.ScalarEvent() | yaml.SequenceStartEvent() if not open_nodes:
                return None
            case yaml.ScalarEvent():
                open_nodes[-1].append(event.value)
            case yaml.CollectionStartEvent():
                open_nodes.append([])
                if len(open_nodes) > MAX_DEPTH:
                    raise _UnreadableError(f"it is nested more than {MAX_DEPTH} deep")
            case yaml.SequenceEndEvent():
                values = open_nodes.pop()
                open_nodes[-1].append(values)
            case yaml.MappingEndEvent():
                values = open_nodes.pop()
                if not open_nodes:
                    return list(zip(values[::2], values[1::2], strict=True))
                # What is nested is passed over, so its content need not be kept.
                open_nodes[-1].append({})
    return None
