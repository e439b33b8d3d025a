"""What are the nouns?

The frozen values that cross from one room into another. Nothing here computes more than a
view of itself; every value can be turned into JSON with :func:`as_json`.

Units: a *position* counts words from 0 within one zone of one story (values of a zone with
several values are laid one after another, `VALUE_GAP` positions apart); an *offset* counts
code points in a string; times are nanoseconds since 1970 or ISO 8601 text in UTC.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import TYPE_CHECKING, Any, Final

from balletsearch.facets import Facet, FacetValue
from balletsearch.passages import Passage, Snippet

if TYPE_CHECKING:
    from balletsearch.hints import Suggestion
    from balletsearch.query.nodes import Query

__all__ = [
    "VALUE_GAP",
    "Facet",
    "FacetValue",
    "Header",
    "Hit",
    "Passage",
    "Problem",
    "Reading",
    "Repair",
    "Results",
    "Snippet",
    "Source",
    "Span",
    "Story",
    "Value",
    "as_json",
]

Value = str | int
"""One value of a metadata field: text, or a whole number."""

Header = Mapping[str, tuple[str, ...]]
"""Metadata as its author wrote it: key → values, all text."""

VALUE_GAP: Final = 100
"""Empty positions between two values of one zone, so that no phrase runs across them."""


@dataclass(frozen=True, slots=True)
class Repair:
    """One line of a text that was mended: `line` counts from 1 in the file."""

    line: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Reading:
    """How the bytes of a story became its text: encoding, why that one, and what was mended.

    `doubtful` is set where the encoding was guessed, does not fit all bytes, or is not the one
    that was set for the folder.
    """

    encoding: str
    reason: str
    repairs: tuple[Repair, ...] = ()
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """Where a story was read from, and in which state the file was then.

    `root` and `path` are relative to the folder that holds the index, absolute outside of it,
    in NFC with "/"; `path` includes `root`. `record` names one story in a file
    of many and is empty otherwise. `digest` is of the story's bytes, `recipe` of everything
    that turned them into metadata. `closes` is set on the one story of a file that was
    written last: only with it is the file known to be indexed whole in this state.
    """

    root: str
    path: str
    record: str
    size: int
    mtime_ns: int
    seen_ns: int
    digest: str
    recipe: str
    closes: bool = True


@dataclass(frozen=True, slots=True)
class Story:
    """One story. `key` names it for ever; `body` is its text in NFC.

    `header` is what its author said of it and survives a rebuild; `fields` is what the index
    knows of it (header and extraction together, canonical names), filled in by the library.
    `source` and `reading` say where a story that has a file was read from, and how.
    """

    key: str
    body: str
    header: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    fields: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    source: Source | None = None
    reading: Reading | None = None

    @property
    def title(self) -> str:
        """The title, or the key of a story that has none."""
        return str(self.fields.get("title", (self.key,))[0])

    @property
    def path(self) -> str:
        """The file it came from, or an empty string."""
        return self.source.path if self.source else ""

    @property
    def parent(self) -> str:
        """The key of the story that it is a part of, or an empty string."""
        return str(next(iter(self.fields.get("parent", ())), ""))

    @property
    def ordinal(self) -> int:
        """Which part of its parent it is, from 1 as a rule; 0 where that is not said."""
        return int(next(iter(self.fields.get("ordinal", ())), 0))


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Matched words: positions `start` (inclusive) to `end` (exclusive) in one zone."""

    zone: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a query that could not be meant as typed.

    `start` and `end` are offsets in the query's text.
    """

    message: str
    start: int
    end: int
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One story found. `score` is 0 where order is not by relevance.

    Where hits are grouped, `group` is the value that it stands for with the number of stories
    that have it; None for a story that stands for itself.
    """

    story: Story
    score: float
    spans: tuple[Span, ...]
    snippet: Snippet
    group: FacetValue | None = None

    @property
    def key(self) -> str:
        """The story's key."""
        return self.story.key

    @property
    def path(self) -> str:
        """The file the story came from, or an empty string."""
        return self.story.path

    @property
    def title(self) -> str:
        """The story's title."""
        return self.story.title

    @property
    def fields(self) -> Mapping[str, tuple[Value, ...]]:
        """The story's metadata."""
        return self.story.fields


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to one search: a page of hits, and facts about all that was found.

    `total` counts every story found, never only those on the page; `len` is of the page. `groups`
    counts the groups where hits are grouped. `cursor` says where the page ends, for `after` of
    the next search; it is empty on the last page. `notes` are sentences on what else is to be
    known: first of all that an older state of a damaged index answered. `suggestion` is what may
    have been meant, where that finds more.
    """

    query: Query
    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, Facet]
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    suggestion: Suggestion | None = None
    groups: int | None = None
    cursor: str = ""

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)

    def __bool__(self) -> bool:
        return self.total > 0

    def __getitem__(self, at: int) -> Hit:
        return self.hits[at]


def as_json(value: Any) -> Any:
    """A value of this module as dicts, lists and scalars."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: as_json(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(k): as_json(v) for k, v in value.items()}
    if isinstance(value, set | frozenset) or (
        isinstance(value, Sequence) and not isinstance(value, str | bytes)
    ):
        return [as_json(v) for v in value]
    return value
