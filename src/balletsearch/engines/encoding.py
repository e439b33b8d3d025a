"""How is a story written down in an index?

As JSON, in two parts, because a search needs the metadata of many stories and the text of
few: `meta` holds fields and source, `story` the text, its header and how it was read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from balletsearch.model import Reading, Repair, Source, Story, Value

__all__ = [
    "decode_meta",
    "decode_parts",
    "decode_said",
    "decode_story",
    "encode_meta",
    "encode_said",
    "encode_story",
]


_SOURCE: Final = tuple(f.name for f in fields(Source))
_READING: Final = tuple(f.name for f in fields(Reading))
_REPAIR: Final = tuple(f.name for f in fields(Repair))


def _record(names: tuple[str, ...], of: object) -> dict[str, Any]:
    """The parts of a dataclass; that its parts are plain need not be found out each time."""
    return {name: getattr(of, name) for name in names}


_dumps: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def encode_meta(story: Story) -> str:
    """The metadata and source of a story."""
    source = _record(_SOURCE, story.source) if story.source else None
    return _dumps({"fields": dict(story.fields), "source": source})


def encode_said(story: Story) -> str:
    """The header of a story, and how it was read."""
    return _dumps(_said(story)) if story.header or story.reading else _NOTHING_SAID


def encode_story(story: Story) -> str:
    """The text of a story, its header, and how it was read."""
    return _dumps({"body": story.body, **_said(story)})


_NOTHING_SAID: Final = '{"header":{},"reading":null}'
"""Of a story that a program gave without either."""


def _said(story: Story) -> dict[str, Any]:
    reading = None
    if story.reading:
        reading = _record(_READING, story.reading)
        reading["repairs"] = [_record(_REPAIR, repair) for repair in story.reading.repairs]
    return {"header": dict(story.header), "reading": reading}


def decode_meta(meta: str) -> tuple[Mapping[str, tuple[Value, ...]], Source | None]:
    """Fields and source, as :func:`encode_meta` wrote them."""
    data = json.loads(meta)
    found = {name: tuple(values) for name, values in data["fields"].items()}
    return found, Source(**data["source"]) if data["source"] else None


def decode_said(said: str) -> tuple[Mapping[str, str | tuple[str, ...]], Reading | None]:
    """Header and reading, as :func:`encode_said` wrote them."""
    return _decode_said(json.loads(said))


def _decode_said(data: Mapping[str, Any]) -> tuple[Any, Reading | None]:
    header = {k: v if isinstance(v, str) else tuple(v) for k, v in data["header"].items()}
    return header, _reading(data["reading"])


def decode_parts(key: str, body: str, said: str, meta: str) -> Story:
    """The whole story, whose text was kept apart from what was said of it."""
    header, reading = decode_said(said)
    return Story(key, body, header, *decode_meta(meta), reading)


def decode_story(key: str, story: str, meta: str) -> Story:
    """The whole story."""
    data = json.loads(story)
    header, reading = _decode_said(data)
    return Story(key, data["body"], header, *decode_meta(meta), reading)


def _reading(data: dict[str, Any] | None) -> Reading | None:
    if data is None:
        return None
    return Reading(**data | {"repairs": tuple(Repair(**repair) for repair in data["repairs"])})
