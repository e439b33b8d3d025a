"""What does one generation of a Whoosh index hold?

Stories, their sources and their metadata, without any search.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from balletsearch.engines.encoding import decode_meta, decode_story
from balletsearch.engines.kinds import infer
from balletsearch.engines.protocol import (
    Beginning,
    OneWord,
    Part,
    SearchRequest,
    SearchResult,
    Spelling,
)
from balletsearch.engines.whoosh import schema
from balletsearch.engines.whoosh.damage import naming_damage
from balletsearch.engines.whoosh.searching import Search
from balletsearch.engines.zones import field_of
from balletsearch.fields import FIELDS, Field
from balletsearch.model import Source, Story, Value
from balletsearch.query.nodes import Leaf, View, Word

__all__ = ["WhooshReader"]


class WhooshReader:
    """One generation. What is derived from it is worked out once, when first asked for."""

    def __init__(self, reader: Any, folder: Path, languages: tuple[str, ...]) -> None:
        self.whoosh = reader
        self.languages = languages
        self.generation = reader.generation()
        self._folder = folder

    @property
    def degraded(self) -> str:
        """Always empty: Whoosh keeps one generation."""
        return ""

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer one question."""
        with naming_damage(self._folder):
            return self._search.answer(request)

    def count(self) -> int:
        """The number of stories."""
        return int(self.whoosh.doc_count())

    def get(self, key: str) -> Story | None:
        """The story with this key."""
        with naming_damage(self._folder):
            document = self.documents.get(key)
            return None if document is None else self.story(document)

    def stories(self) -> Iterator[Story]:
        """All stories, by key."""
        with naming_damage(self._folder):
            for _, document in sorted(self.documents.items()):
                yield self.story(document)

    def sources(self) -> Mapping[str, Source | None]:
        """Key → where it was read from."""
        with naming_damage(self._folder):
            return {key: self._meta[document][1] for key, document in self.documents.items()}

    def fields(self) -> Mapping[str, Field]:
        """The fields that stories have, those from headers with the kind of their values."""
        return {name: self.field(name) for name in sorted(self.values_of)}

    def matching(self, words: Sequence[Word]) -> list[int]:
        """How many stories match each of some words."""
        return [self.search(SearchRequest(w, limit=0, spans=False)).total for w in words]

    def expansion(self, leaf: OneWord) -> Mapping[str, int]:
        """The folded forms that a leaf stands for, and how often each stands where it looks."""
        with naming_damage(self._folder):
            return self._search.expansion(leaf)

    def near(self, text: str, most: int) -> list[Spelling]:
        """The words within `most` edits of a folded one; each is looked up by itself."""
        with naming_damage(self._folder):
            return [Spelling(w, d, self._stories(w)) for w, d in self._search.near(text, most)]

    def beginning(self, text: str, limit: int) -> list[Beginning]:
        """The words in most stories of those that begin with a folded text."""
        with naming_damage(self._folder):
            found = [Beginning(w, self._stories(w)) for w in self._search.beginning(text)]
        return sorted(found, key=lambda word: (-word.stories, word.text))[:limit]

    def _stories(self, word: str) -> int:
        return self.matching([Word(word, view=View.EXACT)])[0]

    def worth(self, leaf: Leaf, keys: Sequence[str]) -> Mapping[str, Part]:
        """What a leaf by itself is worth in those of some stories that match it, by key."""
        with naming_damage(self._folder):
            documents = [self.documents[key] for key in keys if key in self.documents]
            found = self._search.parts(leaf, documents)
            return {self.keys[document]: part for document, part in found.items()}

    def counts(self) -> Mapping[str, int]:
        """Words, forms, and stories with a value in each field."""
        counts = Counter(
            name for fields, _ in self._meta.values() for name, v in fields.items() if v
        )
        words = sum(int(f["words"][0]) for f, _ in self._meta.values() if f.get("words"))
        forms = len({entry.form for entry in self._search.entries()})
        return {**counts, "words": words, "forms": forms}

    def close(self) -> None:
        """Let go of the files."""
        self.whoosh.close()

    # What searching asks for, by document number.

    def story(self, document: int) -> Story:
        """The story of a document."""
        stored = self.whoosh.stored_fields(document)[schema.STORY]
        return decode_story(self.keys[document], stored, self._encoded_meta(document))

    def metadata(self, document: int) -> Mapping[str, tuple[Value, ...]]:
        """The fields of a document."""
        return self._meta[document][0]

    def field(self, name: str) -> Field:
        """A field with its kind: that of a header's field is what all its values parse as."""
        return FIELDS.get(name) or self._custom_fields.get(name) or field_of(name)

    @cached_property
    def _custom_fields(self) -> dict[str, Field]:
        """The fields that headers brought, with the kind that all their values parse as."""
        kinds = {n: infer(values) for n, values in self.values_of.items() if n not in FIELDS}
        return {n: replace(field_of(n), kind=kind) for n, kind in kinds.items()}

    @cached_property
    def keys(self) -> dict[int, str]:
        """Live document → key, ascending by document."""
        documents = list(self.whoosh.all_doc_ids())
        if not documents:  # Whoosh's reader of an empty index has no columns
            return {}
        column = self.whoosh.column_reader(schema.KEY)
        return {document: column[document] for document in documents}

    @cached_property
    def lengths(self) -> dict[int, float]:
        """Live document → weighted words."""
        if not self.keys:
            return {}
        column = self.whoosh.column_reader(schema.LENGTH)
        return {document: column[document] for document in self.keys}

    @cached_property
    def values_of(self) -> dict[str, list[Value]]:
        """Field → every value in the collection."""
        out: dict[str, list[Value]] = {}
        for fields, _ in self._meta.values():
            for name, values in fields.items():
                out.setdefault(name, []).extend(values)
        return {name: values for name, values in out.items() if values}

    @cached_property
    def _search(self) -> Search:
        return Search(self)

    @cached_property
    def documents(self) -> dict[str, int]:
        """Key → document, of the live ones."""
        return {key: document for document, key in self.keys.items()}

    @cached_property
    def parts(self) -> dict[str, list[str]]:
        """Key of a story → the keys of its parts."""
        out: dict[str, list[str]] = {}
        for document, (fields, _) in self._meta.items():
            for parent in fields.get("parent", ()):
                out.setdefault(str(parent), []).append(self.keys[document])
        return out

    @cached_property
    def _meta(self) -> dict[int, tuple[Mapping[str, tuple[Value, ...]], Source | None]]:
        return {document: decode_meta(self._encoded_meta(document)) for document in self.keys}

    @cached_property
    def _meta_column(self) -> Any:
        return self.whoosh.column_reader(schema.META)

    def _encoded_meta(self, document: int) -> str:
        return bytes(self._meta_column[document]).decode()
