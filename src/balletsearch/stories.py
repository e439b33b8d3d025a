"""How does what was read become a story of the collection?

Draft → story: extraction fills the fields, the rules for fields from headers are kept, and a
*recipe* says with which versions of it all, so that a later sync knows what to read again.
Describing a story asks for no other; only `finish` knows which fields there are already.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from balletsearch.engines.validation import MAX_KEY, MAX_TEXT, validate
from balletsearch.errors import StoryError
from balletsearch.fields import FIELDS, MAX_CUSTOM_FIELDS
from balletsearch.model import Header, Story, Value
from balletsearch.settings import Folder, Settings

if TYPE_CHECKING:
    from balletsearch.extraction import Extractor
    from balletsearch.gazetteer import Gazetteer

__all__ = ["Described", "Describer", "Making", "StoryMaker"]


class Making(NamedTuple):
    """A story that is to get its fields, and what is known beside it.

    `modified` is when its file was changed, ISO 8601 or empty, `language` the code for it if
    its header names none, else empty.
    """

    story: Story
    modified: str = ""
    language: str = ""


class Described(NamedTuple):
    """What became of a story: the fields and remarks on its header, or why it cannot be kept."""

    header: Header
    body: str
    fields: Mapping[str, tuple[Value, ...]]
    remarks: tuple[str, ...] = ()
    error: str = ""


class Describer:
    """Works out the fields of stories. It only knows the settings, so any process can have one."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The known names."""
        from balletsearch import gazetteer

        return gazetteer.load(self._settings.gazetteer)

    @cached_property
    def _extractor(self) -> Extractor:
        from balletsearch.extraction import Extractor

        return Extractor(self.gazetteer, self._settings.languages[0])

    def prepare(self) -> None:
        """Load what the first story would have to wait for."""
        import balletsearch.reading  # noqa: F401

        _ = self._extractor

    def describe(self, makings: Iterable[Making]) -> list[Described]:
        """Header, body and fields of each story; one that cannot be stored loses no other."""
        from balletsearch.extraction import Request

        out: list[Described] = []
        asked: dict[int, Request] = {}
        for at, (story, modified, language) in enumerate(makings):
            try:
                header = _header(story)
                if header or not _plain(story):
                    validate(replace(story, header=header, fields={}))
            except StoryError as error:
                out.append(Described({}, "", {}, error=str(error)))
                continue
            body = story.body
            if not body.isascii():
                body = unicodedata.normalize("NFC", body)
            record = story.source.record if story.source else ""
            asked[at] = Request(header, body, story.path, record, modified, language)
            out.append(Described(header, body, _kept_date(story)))
        found = self._extractor.extract(list(asked.values())) if asked else []
        for at, (fields, remarks) in zip(asked, found, strict=True):
            kept = {**out[at].fields, **fields} if out[at].fields else fields
            out[at] = out[at]._replace(fields=kept, remarks=remarks)
        return out


class StoryMaker:
    """Makes the stories of one collection. `custom` are the header fields it has already."""

    def __init__(self, settings: Settings, custom: Iterable[str] = ()) -> None:
        self._settings = settings
        self._describer = Describer(settings)
        self._custom = set(custom)
        self._refused: set[str] = set()
        self._recipes: dict[tuple[str, str], str] = {}

    @cached_property
    def _common_recipe(self) -> str:
        from balletsearch import extraction, gazetteer, reading

        parts = (
            reading.fingerprint(),
            extraction.fingerprint(),
            gazetteer.fingerprint(self._settings.gazetteer),
            self._settings.encoding,
            *self._settings.languages,
        )
        return hashlib.blake2b("\t".join(parts).encode(), digest_size=8).hexdigest()

    def recipe(self, folder: Folder) -> str:
        """A hash of everything besides its bytes that decides what a file of `folder` says."""
        rules = folder.encoding, folder.language
        found = self._recipes.get(rules)
        if found is None:
            found = self._recipes[rules] = "/".join(filter(None, (self._common_recipe, *rules)))
        return found

    def describe(self, makings: Iterable[Making]) -> list[Described]:
        """The first half of making many stories, which needs no order: see `finish`."""
        return self._describer.describe(makings)

    def make(
        self, story: Story, *, modified: str = "", language: str = ""
    ) -> tuple[Story, tuple[str, ...]]:
        """The story with its fields, and remarks on what its header asked for in vain.

        Its `header` and `body` are taken as they are, and any `fields` it has are made anew.
        Raises StoryError for a story that cannot be stored.
        """
        (described,) = self.describe([Making(story, modified, language)])
        return self.finish(story, described)

    def finish(self, story: Story, described: Described) -> tuple[Story, tuple[str, ...]]:
        """A story as it was described, in the order of the collection: see `make`.

        What is no field yet becomes one until there are too many, first come, first served.
        """
        if described.error:
            raise StoryError(described.error)
        fields, more = self._within_limit(described.fields)
        made = Story(
            story.key, described.body, described.header, fields, story.source, story.reading
        )
        return made, (*described.remarks, *more)

    def _within_limit(
        self, fields: Mapping[str, tuple[Value, ...]]
    ) -> tuple[Mapping[str, tuple[Value, ...]], tuple[str, ...]]:
        if FIELDS.keys() >= fields.keys():
            return fields, ()
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


def _plain(story: Story) -> bool:
    """Whether it is plain that a story without a header can be stored: of nearly all it is."""
    source, body = story.source, story.body
    names = (story.key, source.path, source.record) if source else (story.key,)
    return (
        # Neither control characters nor halves of characters are printable.
        all(isinstance(name, str) and name.isprintable() for name in names)
        and 0 < len(story.key) <= MAX_KEY
        and isinstance(body, str)
        and len(body) <= MAX_TEXT
        and (body.isascii() or _whole(body))
    )


def _whole(text: str) -> bool:
    """Whether a text holds no half of a character, the one thing that UTF-8 has no bytes for."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _kept_date(story: Story) -> dict[str, tuple[Value, ...]]:
    """When the file was changed, from the story's earlier fields: a rebuild does not ask it."""
    return {"modified": story.fields["modified"]} if "modified" in story.fields else {}
