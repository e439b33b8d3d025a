"""Can every engine keep this story?

The rules are the same for all engines and are checked before anything is stored, so that a
story which one engine takes can be moved to any other, and one bad story spoils no batch.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from balletsearch.engines.kinds import INTEGERS, parse_number, period
from balletsearch.errors import StoryError
from balletsearch.fields import FIELDS, Kind, named
from balletsearch.model import Story, Value

__all__ = ["MAX_KEY", "MAX_TEXT", "validate"]

_named = lru_cache(maxsize=1024)(named)

MAX_KEY: Final = 1000
"""Characters in a key. Engines with a limit count bytes, and have room for four times that."""

MAX_TEXT: Final = 64 * 1024 * 1024
"""Characters in body and header together: what the longest line of a file of records may hold."""

_PARSERS: Final[Mapping[Kind, Callable[[str], object]]] = {
    Kind.NUMBER: parse_number,
    Kind.DATE: period,
}


def validate(story: Story) -> None:
    """Pass a story that can be stored; StoryError, which names it, for one that cannot."""
    _check_key(story.key)
    _check_size(story)
    for place, text in _texts(story):
        if not isinstance(text, str):
            raise _error(story, f"{place} is of type {type(text).__name__}; give text")
        if not text.isascii() and _is_broken(text):
            raise _error(
                story, f"{place} holds half a character (a lone surrogate); decode it anew"
            )
    for name, values in story.fields.items():
        _check_name(story, name)
        known = FIELDS.get(name)
        parse = _PARSERS.get(known.kind) if known else None
        for value in values:
            if parse is not None or isinstance(value, int):
                _check_value(story, name, value, parse)


def _is_broken(text: str) -> bool:
    """Whether it holds a lone surrogate."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _error(story: Story, reason: str) -> StoryError:
    return StoryError(f"Story {story.key!r} cannot be stored: {reason}.")


def _check_key(key: str) -> None:
    if not isinstance(key, str) or not key:
        raise StoryError("A story without a key cannot be stored: give it a text that names it.")
    if len(key) > MAX_KEY:
        raise StoryError(
            f"Story {key[:40]!r}… cannot be stored: "
            f"its key has {len(key)} characters, at most {MAX_KEY} can be kept."
        )
    if not key.isprintable() and any(unicodedata.category(c) == "Cc" for c in key):
        raise StoryError(f"Story {key!r} cannot be stored: its key holds a control character.")


def _check_size(story: Story) -> None:
    said = (text for values in story.header.values() for text in _listed(values))
    size = sum(len(text) for text in (story.body, *story.header, *said) if isinstance(text, str))
    if size > MAX_TEXT:
        raise _error(
            story, f"it has {size} characters, at most {MAX_TEXT} can be kept; store it in parts"
        )


def _texts(story: Story) -> Iterator[tuple[str, object]]:
    """Everything in a story that has to be text, each with where it stands."""
    yield "the key", story.key
    yield "the body", story.body
    for name, said in story.header.items():
        yield "a name in the header", name
        yield from ((f"the header {name!r}", t) for t in _listed(said))
    for name, values in story.fields.items():
        yield "the name of a field", name
        if not isinstance(values, tuple | list):
            raise _error(story, f"field {name!r} holds one bare value; give a tuple of values")
        for value in values:
            # What cannot be wrong is passed over here: this is done for every story.
            if not (type(value) is str and value.isascii()) and not _is_integer(value):
                yield f"field {name!r}", value
    if story.source is not None:
        for part in ("root", "path", "record", "digest", "recipe"):
            yield f"the {part} of its source", getattr(story.source, part)


def _listed(said: object) -> tuple[object, ...]:
    return tuple(said) if isinstance(said, Sequence) and not isinstance(said, str) else (said,)


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _check_name(story: Story, name: str) -> None:
    canonical = _named(name)
    if canonical is None:
        raise _error(story, f"{name!r} cannot be the name of a field")
    if canonical != name:
        raise _error(story, f"its field {name!r} has to be named {canonical!r}")
    if name == "body":
        raise _error(story, "the body is no field of its metadata; give it as the body alone")


def _check_value(
    story: Story, name: str, value: Value, parse: Callable[[str], object] | None
) -> None:
    if isinstance(value, int) and value not in INTEGERS:
        raise _error(story, f"a number in field {name!r} needs more than 64 bits")
    if parse is None:
        return
    try:
        parsed = parse(str(value))
    except ValueError as error:
        raise _error(story, f"field {name!r}: {str(error).rstrip('.')}") from error
    if name in ("words", "ordinal") and not isinstance(parsed, int):
        raise _error(story, f"field {name!r}: {name} are counted in whole numbers")
