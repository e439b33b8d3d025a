"""How do stories get in that a program gives and no file holds, whole or as parts?"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from balletsearch.engines.protocol import Reader, SearchRequest, Selection, Writer
from balletsearch.errors import StoryError
from balletsearch.fields import canonical
from balletsearch.model import Story
from balletsearch.query.nodes import Everything

if TYPE_CHECKING:
    from balletsearch.stories import StoryMaker

__all__ = ["key_of", "known_key", "no_file", "no_files", "numbered_parts", "put", "standing"]


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

    What they are part of stands in their header, so it is still there after a rebuild. StoryError
    where two would have the same key, or one that of the whole.
    """
    whole = key_of(parent)
    if not whole:
        raise StoryError("A story in parts needs a key: give it a text that names it.")
    made: dict[str, Story] = {}
    for ordinal, story in enumerate(stories, 1):
        part = _part(story, whole, ordinal)
        if part.key == whole:
            raise StoryError(
                f"Part {ordinal} of '{whole}' has the key of the whole: give it another, or none."
            )
        if part.key in made:
            raise StoryError(
                f"Part {ordinal} of '{whole}' has the key '{part.key}', as a part before it has: "
                "give it another."
            )
        made[part.key] = part
    return list(made.values())


def _part(story: Story, parent: str, ordinal: int) -> Story:
    if not isinstance(story, Story):
        raise StoryError(f"Library.replace takes stories as parts, not {type(story)}.")
    others = {k: v for k, v in story.header.items() if canonical(k) not in ("parent", "ordinal")}
    header = {**others, "parent": parent, "ordinal": str(ordinal)}
    return replace(story, key=key_of(story.key) or f"{parent}#{ordinal}", header=header)


def no_file(reader: Reader, key: str) -> str:
    """A key as it is stored; StoryError for that of a story which has a file."""
    key = key_of(key)
    before = reader.get(key)
    if before is not None and before.source is not None:
        raise StoryError(f"{key} comes from a file: change the file, or choose another key.")
    return key


def no_files(reader: Reader, key: str) -> str:
    """The same for a story and its parts."""
    key = no_file(reader, key)
    # What is selected is compared folded.
    selected = (Selection("parent", (key,)),)
    found = reader.search(SearchRequest(Everything(), selected, limit=None, spans=False))
    for match in found.matches:
        part = match.story
        if part.source is not None and key in map(str, part.fields["parent"]):
            raise StoryError(
                f"{part.key} is a part of '{key}' and comes from a file: "
                "change the file, or choose another key."
            )
    return key


def key_of(key: str) -> str:
    """A key as it is stored for a program: in NFC, without blanks at its ends.

    So it is what a header says that names it.
    """
    return _in_nfc(key).strip()


def known_key(key: str, is_there: Callable[[str], bool]) -> str:
    """A key that is asked for as it is stored; that of a file may have blanks at its ends."""
    exact = _in_nfc(key)
    return exact if exact != exact.strip() and is_there(exact) else exact.strip()


def standing(reader: Reader, key: str) -> Story | None:
    """The story with a key that is asked for."""
    return reader.get(known_key(key, lambda exact: reader.get(exact) is not None))


def _in_nfc(key: str) -> str:
    """A key in NFC; StoryError for what is no text."""
    if not isinstance(key, str):
        raise StoryError(f"A key is a text, not {key!r}.")
    return unicodedata.normalize("NFC", key)
