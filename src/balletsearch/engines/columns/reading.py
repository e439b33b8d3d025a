"""What does one generation of a columns index hold, and what does it answer?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from balletsearch.columns.segment import Segment
from balletsearch.engines.columns import expanding, explaining, wording
from balletsearch.engines.columns.leaves import lower
from balletsearch.engines.columns.pages import Page
from balletsearch.engines.columns.searching import Answer, answer
from balletsearch.engines.columns.snapshot import Snapshot
from balletsearch.engines.columns.stories import StoredText, story_at
from balletsearch.engines.columns.stretches import Run
from balletsearch.engines.encoding import decode_meta
from balletsearch.engines.protocol import (
    Beginning,
    Match,
    OneWord,
    Part,
    SearchRequest,
    SearchResult,
    Spelling,
)
from balletsearch.facets import FacetValue
from balletsearch.fields import Field
from balletsearch.model import Source, Span, Story
from balletsearch.query.nodes import Leaf, Word

__all__ = ["ColumnsReader"]


Spans = dict[int, dict[int, set[Span]]]


def _nothing() -> Spans:
    return defaultdict(dict)


class ColumnsReader:
    """One generation; safe for any number of threads."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = self.snapshot = snapshot
        self.generation = snapshot.generation.number

    @property
    def degraded(self) -> str:
        """Why an older generation answers; empty where it is the newest."""
        return self._snapshot.degraded

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer one question."""
        found = answer(self._snapshot, request)
        spans, marks = self._spans(found) if request.spans else (_nothing(), _nothing())
        matches = tuple(
            Match(
                self._story(one.segment, one.document),
                one.score,
                tuple(sorted(spans[one.segment].get(one.document, ()))),
                tuple(sorted(marks[one.segment].get(one.document, ()))),
                self._group(request.group, found, one.group),
                StoredText(self._snapshot.segments[one.segment], one.document),
            )
            for one in found.page
        )
        groups = found.grouped.groups if found.grouped else None
        return SearchResult(
            matches, found.total, found.facets, found.notes, groups=groups, more=found.more
        )

    def _group(self, name: str, found: Answer, number: int) -> FacetValue | None:
        """The value that a document stands for, and how many have it."""
        if found.grouped is None or number < 0:
            return None
        value = self._snapshot.dictionary(name).value(number)
        return FacetValue(value, int(found.grouped.counts[number]))

    def _spans(self, found: Answer) -> tuple[Spans, Spans]:
        """Segment → document → where it matches, and what to set off of that."""
        shown: dict[int, list[int]] = defaultdict(list)
        for one in found.page:
            shown[one.segment].append(one.document)
        spans, marks = _nothing(), _nothing()
        apart = not all(isinstance(shape, Run) for shape in found.shown)
        for i, documents in shown.items():
            if found.shown:
                # A document may stand for several groups.
                page = Page(self._snapshot.segments[i], np.array(sorted(set(documents)), np.intp))
                spans[i] = page.spans(found.shown, i)
                marks[i] = page.marks(found.shown, i) if apart else spans[i]
        return spans, marks

    def count(self) -> int:
        """The number of stories."""
        return self._snapshot.documents

    def matching(self, words: Sequence[Word]) -> list[int]:
        """How many stories match each of some words; nothing is scored or put in order."""
        return [sum(p.docs.size for p in lower(self._snapshot, word).postings) for word in words]

    def expansion(self, leaf: OneWord) -> Mapping[str, int]:
        """The folded forms that a leaf stands for, and how often each stands where it looks."""
        return expanding.expansion(self._snapshot, leaf)

    def near(self, text: str, most: int) -> list[Spelling]:
        """The words within `most` edits of a folded one."""
        return wording.near(self._snapshot, text, most)

    def beginning(self, text: str, limit: int) -> list[Beginning]:
        """The words in most stories of those that begin with a folded text."""
        return wording.beginning(self._snapshot, text, limit)

    def worth(self, leaf: Leaf, keys: Sequence[str]) -> Mapping[str, Part]:
        """What a leaf by itself is worth in those of some stories that match it, by key."""
        return explaining.parts(self._snapshot, leaf, keys)

    def get(self, key: str) -> Story | None:
        """The story with this key."""
        for i, segment in enumerate(self._snapshot.segments):
            document = segment.find(key)
            if document >= 0:
                return self._story(i, document)
        return None

    def stories(self) -> Iterator[Story]:
        """All stories, by key."""
        for _, i, document in sorted(self._live()):
            yield self._story(i, document)

    def sources(self) -> Mapping[str, Source | None]:
        """Key → where it was read from."""
        return {
            segment.keys[document]: decode_meta(meta.decode())[1]
            for segment, document, meta in self._metas()
        }

    def fields(self) -> Mapping[str, Field]:
        """The fields that stories have, those from headers with the kind of their values."""
        return {name: self._snapshot.field(name) for name in sorted(self._snapshot.names)}

    def counts(self) -> Mapping[str, int]:
        """Words, forms, and stories with a value in each field."""
        snapshot = self._snapshot
        counts: Counter[str] = Counter()
        forms: set[bytes] = set()
        for i, segment in enumerate(snapshot.segments):
            live = segment.live
            for name in segment.attributes["fields"]:
                having = snapshot.having(i, name)
                counts[name] += int(np.count_nonzero(having if live is None else having & live))
            forms.update(segment.live_forms())
        words = sum(int(value) for value in self._words())
        return {**{n: c for n, c in counts.items() if c}, "words": words, "forms": len(forms)}

    def _words(self) -> Iterator[int]:
        for i, segment in enumerate(self._snapshot.segments):
            column = self._snapshot.column(i, "words")
            if column is None:
                continue
            documents, numbers = column.pairs()
            if segment.live is not None:
                numbers = numbers[segment.live[documents]]
            values = column.values()
            for number in numbers.tolist():
                yield int(values[number])

    def close(self) -> None:
        """Let go of the files: they are unmapped when nobody looks at them any more."""

    def _live(self) -> Iterator[tuple[bytes, int, int]]:
        for i, segment in enumerate(self._snapshot.segments):
            for document in segment.by_key().tolist():
                yield segment.keys.raw(document), i, document

    def _metas(self) -> Iterator[tuple[Segment, int, bytes]]:
        for segment in self._snapshot.segments:
            documents = np.sort(segment.by_key()).tolist()
            for document, meta in zip(documents, segment.meta.each(documents), strict=True):
                yield segment, document, meta

    def _story(self, i: int, document: int) -> Story:
        titles = self._snapshot.column(i, "title")
        return story_at(self._snapshot.segments[i], document, titles)
