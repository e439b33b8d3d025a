"""How do stories get in that a program gives and no file holds, whole or as parts?"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from balletsearch.engines.protocol import Reader, Writer
from balletsearch.errors import StoryError
from balletsearch.fields import canonical
from balletsearch.model import Story

if TYPE_CHECKING:
    from balletsearch.stories import StoryMaker

__all__ = ["key_of", "no_file", "numbered_parts", "put"]


def put(
    stories: Iterable[Story], maker: StoryMaker, reader: Reader, writer: Writer
) -> tuple[str, ...]:
    """Make stories and add them; returns remarks. StoryError for one that cannot be stored."""
    remarks: list[str] = []
    for story in stories:
        if not isinstance(story, Story):
            raise StoryError(f"Library.add takes stories one by one, not {type(story)}.")
        key = no_file(reader, story.key)
        made, said = maker.make(replace(story, key=key, source=None, reading=None, fields={}))
        remarks += (f"{story.key}: {remark}" for remark in said)
        writer.add(made)
    return tuple(remarks)


def numbered_parts(parent: str, stories: Iterable[Story]) -> list[Story]:
    """Stories as the parts of another, in order; those without a key get one.

    What they are part of stands in their header, so it is still there after a rebuild.
    """
    return [_part(story, parent, ordinal) for ordinal, story in enumerate(stories, 1)]


def _part(story: Story, parent: str, ordinal: int) -> Story:
    if not isinstance(story, Story):
        raise StoryError(f"Library.replace takes stories as parts, not {type(story)}.")
    others = {k: v for k, v in story.header.items() if canonical(k) not in ("parent", "ordinal")}
    header = {**others, "parent": parent, "ordinal": str(ordinal)}
    return replace(story, key=story.key or f"{parent}#{ordinal}", header=header)


def no_file(reader: Reader, key: str) -> str:
    """A key as it is stored; StoryError for that of a story which has a file."""
    key = key_of(key)
    standing = reader.get(key)
    if standing is not None and standing.source is not None:
        raise StoryError(f"{key} comes from a file: change the file, or choose another key.")
    return key


def key_of(key: str) -> str:
    """A key as it is stored: in NFC."""
    if not isinstance(key, str):
        raise StoryError(f"A key is a text, not {key!r}.")
    return unicodedata.normalize("NFC", key)
