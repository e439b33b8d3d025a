"""How does what was read become a story of the collection?

Draft → story: extraction fills the fields, the rules for fields from headers are kept, and a
*recipe* says with which versions of it all, so that a later sync knows what to read again.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from balletsearch.engines.validation import validate
from balletsearch.errors import StoryError
from balletsearch.fields import FIELDS, MAX_CUSTOM_FIELDS
from balletsearch.model import Header, Story, Value
from balletsearch.settings import Folder, Settings

if TYPE_CHECKING:
    from balletsearch.gazetteer import Gazetteer

__all__ = ["StoryMaker"]


class StoryMaker:
    """Makes the stories of one collection. `custom` are the header fields it has already."""

    def __init__(self, settings: Settings, custom: Iterable[str] = ()) -> None:
        self._settings = settings
        self._custom = set(custom)
        self._refused: set[str] = set()

    @cached_property
    def _gazetteer(self) -> Gazetteer:
        from balletsearch import gazetteer

        return gazetteer.load(self._settings.gazetteer)

    @cached_property
    def _common_recipe(self) -> str:
        from balletsearch import extraction, reading

        parts = (
            reading.fingerprint(),
            extraction.fingerprint(),
            self._gazetteer.fingerprint(),
            self._settings.encoding,
            *self._settings.languages,
        )
        return hashlib.blake2b("\t".join(parts).encode(), digest_size=8).hexdigest()

    def recipe(self, folder: Folder) -> str:
        """A hash of everything besides its bytes that decides what a file of `folder` says."""
        return "/".join(filter(None, (self._common_recipe, folder.encoding, folder.language)))

    def make(
        self, story: Story, *, modified: str = "", language: str = ""
    ) -> tuple[Story, tuple[str, ...]]:
        """The story with its fields, and remarks on what its header asked for in vain.

        Its `header` and `body` are taken as they are, and any `fields` it has are made anew.
        """
        from balletsearch.extraction import extract

        header = _header(story)
        validate(replace(story, header=header, fields={}))
        body = unicodedata.normalize("NFC", story.body)
        fields, remarks = extract(
            header,
            body,
            path=story.path,
            record=story.source.record if story.source else "",
            modified=modified,
            languages=self._settings.languages,
            language=language or self._settings.languages[0],
            gazetteer=self._gazetteer,
        )
        fields = {**_kept_date(story), **fields}
        fields, more = self._within_limit(fields)
        return replace(story, header=header, body=body, fields=fields), (*remarks, *more)

    def _within_limit(
        self, fields: Mapping[str, tuple[Value, ...]]
    ) -> tuple[dict[str, tuple[Value, ...]], tuple[str, ...]]:
        kept, refused = {}, []
        for name, values in fields.items():
            if name not in FIELDS and name not in self._custom:
                if len(self._custom) >= MAX_CUSTOM_FIELDS:
                    refused.append(name)
                    continue
                self._custom.add(name)
            kept[name] = values
        new = [name for name in refused if name not in self._refused]
        self._refused.update(new)
        return kept, tuple(
            f"'{name}' would be more than {MAX_CUSTOM_FIELDS} fields from headers: "
            "it is stored but cannot be searched"
            for name in new
        )


def _header(story: Story) -> Header:
    """The header with text values only; StoryError names what is neither text nor a list."""
    if not isinstance(story.header, Mapping):
        raise StoryError(f"{story.key}: the header must be a mapping of names to values.")
    out: dict[str, tuple[str, ...]] = {}
    for key, value in story.header.items():
        values: Sequence[object] = (value,) if isinstance(value, str | int | float) else value
        if not isinstance(key, str) or not isinstance(values, list | tuple):
            raise StoryError(f"{story.key}: the header value of {key!r} must be text or a list.")
        if not all(isinstance(v, str | int | float) for v in values):
            raise StoryError(f"{story.key}: the header value of {key!r} must hold text only.")
        out[key] = tuple(unicodedata.normalize("NFC", str(v)) for v in values)
    return out


def _kept_date(story: Story) -> dict[str, tuple[Value, ...]]:
    """When the file was changed, from the story's earlier fields: a rebuild does not ask it."""
    return {"modified": story.fields["modified"]} if "modified" in story.fields else {}
