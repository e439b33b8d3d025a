"""How does a story get into Whoosh's files?

Stories are validated and kept until `commit`, which hands them to one Whoosh writer: a bad
story never reaches it (one failing document spoils a whole batch of Whoosh's), a key that
comes twice is added once (Whoosh would double it), and what is not committed costs nothing.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self

from balletsearch.analysis import fold, stem, surname_key
from balletsearch.engines.encoding import encode_meta, encode_story
from balletsearch.engines.validation import validate
from balletsearch.engines.whoosh import schema
from balletsearch.engines.whoosh.lexicon import term
from balletsearch.engines.whoosh.reading import WhooshReader
from balletsearch.engines.zones import language_of, zones
from balletsearch.fields import Kind
from balletsearch.model import Story

__all__ = ["WhooshWriter"]


class WhooshWriter:
    """One batch after another into a Whoosh index. The caller holds the lock.

    `newest` gives a reader of the newest generation.
    """

    def __init__(
        self, index: Any, languages: tuple[str, ...], newest: Callable[[], WhooshReader]
    ) -> None:
        self._index = index
        self._languages = languages
        self._newest = newest
        self._reader: WhooshReader | None = None
        self._changes: dict[str, Story | None] = {}
        self._parts: set[str] = set()
        """Keys of stories of this batch that are part of another."""

    def add(self, story: Story) -> None:
        """Keep a story for the next commit; StoryError if it cannot be stored."""
        validate(story)
        self._changes[story.key] = story
        if story.fields.get("parent"):
            self._parts.add(story.key)

    def remove(self, key: str) -> bool:
        """Remove a story and its parts with the next commit; False if there is none."""
        waiting = self._changes.get(key)
        found = waiting is not None if key in self._changes else key in self._stands().documents
        gone = [key] if found else []
        for part in self._parts:
            story = self._changes[part]
            if story is not None and key in story.fields.get("parent", ()):
                gone.append(part)
        gone += (p for p in self._stands().parts.get(key, ()) if p not in self._changes)
        self._changes.update(dict.fromkeys(gone))
        return bool(gone)

    def commit(self) -> None:
        """Write what was added and removed as one generation."""
        if not self._changes:
            return
        standing = self._stands().documents
        documents = [document(story, self._languages) for story in self._changes.values() if story]
        with _names_of_its_own():
            self._write(standing, documents)
        self._forget()

    def merge(self) -> None:
        """Commit, and have Whoosh write one segment."""
        self.commit()
        with _names_of_its_own():
            self._index.writer().commit(optimize=True)
        self._forget()

    def _forget(self) -> None:
        self._changes.clear()
        self._parts.clear()
        self._reader = None

    def _write(self, standing: Mapping[str, int], documents: list[dict[str, Any]]) -> None:
        writer = self._index.writer()
        try:
            # By number: Whoosh's delete_by_term opens the whole index anew for every key.
            for key in self._changes.keys() & standing.keys():
                writer.delete_document(standing[key])
            # Whoosh takes no new field once it has a document of the batch.
            for name in sorted(set().union(*documents) - set(writer.schema.names())):
                writer.add_field(name, schema.view_of())
            for fields in documents:
                writer.add_document(**fields)
        except BaseException:
            writer.cancel()
            raise
        writer.commit()

    def _stands(self) -> WhooshReader:
        """The generation that this batch builds on."""
        if self._reader is None:
            self._reader = self._newest()
        return self._reader

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._forget()


@contextmanager
def _names_of_its_own() -> Iterator[None]:
    """Whoosh names segments by the program's `random`: a seed set there must not repeat names."""
    state = random.getstate()
    random.seed()
    try:
        yield
    finally:
        random.setstate(state)


def document(story: Story, languages: tuple[str, ...]) -> dict[str, Any]:
    """What Whoosh's `add_document` is given for a story."""
    language = language_of(story.fields, languages)
    views: dict[str, list[tuple[str, int]]] = defaultdict(list)
    length = 0.0
    for zone in zones(story):
        name = zone.field.name
        exact_field, stem_field, surname_field = (
            schema.view_field(name, view) for view in (schema.EXACT, schema.STEM, schema.SURNAME)
        )
        length += zone.field.weight * len(zone.places)
        for place in zone.places:
            form = place.token.form
            exact, stemmed = fold(form), stem(form, language)
            views[exact_field].append((term(exact, form, language, stemmed), place.position))
            views[stem_field].append((stemmed, place.position))
            if place.last and zone.field.kind is Kind.NAME:
                views[surname_field].append((surname_key(exact), place.position))
    return {
        **{name: schema.Words.of(placed) for name, placed in views.items()},
        schema.KEY: story.key,
        schema.META: encode_meta(story).encode(),
        schema.LENGTH: length,
        schema.STORY: encode_story(story),
    }
