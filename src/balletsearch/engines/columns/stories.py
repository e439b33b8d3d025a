"""How is a story read from a segment, and no more of it than is asked for?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.postings import ragged
from balletsearch.columns.segment import Segment
from balletsearch.columns.values import Positions
from balletsearch.engines.columns.facets import FieldColumn
from balletsearch.engines.encoding import decode_meta, decode_said
from balletsearch.model import Story

__all__ = ["StoredText", "story_at"]


def story_at(segment: Segment, document: int, titles: FieldColumn | None) -> Story:
    """The story of a document; what it says is read when it is first asked for.

    It keeps its segment open, also when the index has moved on.
    """
    story = object.__new__(_StoredStory)
    object.__setattr__(story, "_segment", segment)
    object.__setattr__(story, "_document", document)
    object.__setattr__(story, "_titles", titles)
    return story


class _StoredStory(Story):
    """A story whose parts are still where they are stored. To everybody else it is a Story."""

    _segment: Segment
    _document: int
    _titles: FieldColumn | None

    def __new__(cls, *values: Any, **named: Any) -> Story:  # type: ignore[misc]
        # Called by dataclasses.replace, which makes another story of this one.
        return Story(*values, **named)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Story) and _values(self) == _values(other)

    __hash__ = None  # type: ignore[assignment]  # a story holds mappings

    def __reduce__(self) -> tuple[Any, ...]:
        return Story, _values(self)

    @cached_property
    def key(self) -> str:
        return self._segment.keys[self._document]

    @property
    def title(self) -> str:
        """The title, without reading the rest of the metadata."""
        found = None if self._titles is None else self._titles.first(self._document)
        return self.key if found is None else str(found)

    @cached_property
    def body(self) -> str:
        return self._segment.text.read(self._document).decode()

    @cached_property
    def _meta(self) -> Any:
        return decode_meta(self._segment.meta.read(self._document).decode())

    @cached_property
    def _said(self) -> Any:
        return decode_said(self._segment.said.read(self._document).decode())

    fields = property(lambda self: self._meta[0])
    source = property(lambda self: self._meta[1])
    header = property(lambda self: self._said[0])
    reading = property(lambda self: self._said[1])


def _values(story: Story) -> tuple[Any, ...]:
    return tuple(getattr(story, name) for name in Story.__slots__)


class StoredText:
    """The body of a document by its sentences."""

    def __init__(self, segment: Segment, document: int) -> None:
        self._segment = segment
        self._document = document

    @cached_property
    def _sentences(self) -> tuple[Positions, NDArray[np.uint32]]:
        """Where the sentences begin, in the stream and in bytes."""
        return self._segment.sentences(self._document)

    @cached_property
    def _start(self) -> int:
        """Where the body begins in the stream."""
        return int(self._sentences[0][0])

    def __len__(self) -> int:
        return len(self._sentences[0])

    def holding(self, positions: Sequence[int]) -> list[int]:
        """The sentences in which words stand."""
        at = np.array(positions, np.uint32) + np.uint32(self._start)
        found: list[int] = (np.searchsorted(self._sentences[0], at, "right") - 1).tolist()
        return found

    def words(self, spans: Sequence[tuple[int, int]]) -> list[list[int]]:
        """The entries of the words of each span."""
        bounds = np.array(spans, np.int64).reshape(-1, 2)
        lengths = bounds[:, 1] - bounds[:, 0]
        entries = self._segment.entries_at(ragged(bounds[:, 0] + self._start, lengths)).tolist()
        ends = np.cumsum(lengths).tolist()
        return [entries[e - n : e] for e, n in zip(ends, lengths.tolist(), strict=True)]

    def stretch(self, first: int, last: int) -> tuple[str, int]:
        """Sentences `first` to `last`, inclusive, and the position of their first word."""
        start = int(self._sentences[1][first])
        end = int(self._sentences[1][last + 1]) if last + 1 < len(self) else None
        text = self._segment.text.read(self._document, start, end).decode().rstrip()
        return text, int(self._sentences[0][first]) - self._start
