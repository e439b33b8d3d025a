"""What must an engine be able to do?

One small protocol. An engine stores stories and answers requests about one *generation* of
them; it knows nothing of files, headers, command lines or snippets. What it cannot do it
refuses with `UnsupportedError` before any work; it never answers with less than was asked.

What every engine owes, and what the contract suite checks:

- a story is stored under its key; adding a key again replaces the story;
- removing a key removes the story and those whose `parent` it is;
- nothing is visible before `commit`, everything after it, all at once;
- a reader sees one generation for as long as it is held;
- matching, totals, facets and spans are as `semantics.md` in `docs/` says, word for word;
- `total` counts all matches; order is by the sort given, ties by key ascending;
- order by relevance is by the score of the table in `docs/semantics.md`, if the engine
  declares `EXACT_SCORES`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol, Self

from balletsearch.errors import QueryError
from balletsearch.facets import Facet, FacetRequest, FacetValue
from balletsearch.fields import Field
from balletsearch.model import Source, Span, Story, Value
from balletsearch.query.nodes import Fuzzy, Leaf, Node, Prefix, Regex, Sound, Wildcard, Word

__all__ = [
    "AS_TYPED",
    "EXACT_SCORES",
    "Beginning",
    "Engine",
    "Match",
    "OneWord",
    "Part",
    "Position",
    "Reader",
    "Salvaged",
    "SearchRequest",
    "SearchResult",
    "Selection",
    "SentenceText",
    "Sort",
    "Spelling",
    "Writer",
]

EXACT_SCORES: Final = "exact_scores"
"""Capability: scores are those of the table, within 1e-6 of themselves."""


AS_TYPED: Final = "as_typed"
"""Capability: words can be looked for letter by letter as they were typed."""


class Part(NamedTuple):
    """The score of a leaf in one story, and Σ weight(zone) over what matches; 0 for no spans."""

    score: float
    frequency: float


OneWord = Word | Prefix | Fuzzy | Wildcard | Regex | Sound
"""A leaf that each of its words matches by itself."""


class Selection(NamedTuple):
    """Only stories that have at least one of these values in the field.

    Values are whole values, compared folded. In a hierarchical field a value stands for what
    lies below it too, and may be given by its last step alone. In fields of numbers and dates
    `300..499` is a range, and a date the period that it stands for.
    """

    field: str
    values: tuple[str, ...]


class Sort(NamedTuple):
    """Order by the (first) value of a field; stories without one come last either way."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the order of hits: that of a story, whether it is there (still) or not.

    `by` is its score, or its first value in each field that hits are sorted by, None where it
    has none; `group` the value of the group that it stands for, if hits are grouped.
    """

    by: tuple[Value | float | None, ...]
    key: str
    group: Value | None = None


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One question. `limit` None means all; `sort` empty means by relevance.

    Facets are names of fields, or say more of what is wanted of one. With `group` the best story
    of each value of that field stands for it. `after` passes over all hits up to that place.

    Stories with a key in `without` are no answer: not in hits, total or facets. Where `spans` is
    False nobody asks where in the stories it matched. `factors` and `bonuses` concern scores
    only (`docs/semantics.md`, "Score"): what some leaves of the tree count, 1 where not said and
    never 0; and leaves beside it that add so many times their own score to that of a story.
    """

    tree: Node
    where: tuple[Selection, ...] = ()
    facets: tuple[str | FacetRequest, ...] = ()
    sort: tuple[Sort, ...] = ()
    offset: int = 0
    limit: int | None = 10
    spans: bool = True
    without: tuple[str, ...] = ()
    factors: Mapping[Leaf, float] = field(default_factory=dict)
    bonuses: Mapping[Leaf, float] = field(default_factory=dict)
    group: str = ""
    after: Position | None = None

    @property
    def counted(self) -> dict[str, FacetRequest]:
        """Field → what is wanted of its values; QueryError where a field is asked for twice."""
        asked = [FacetRequest(one) if isinstance(one, str) else one for one in self.facets]
        out = {one.field: one for one in asked}
        if len(out) < len(set(asked)):
            raise QueryError("A facet of one field can be asked for once in a search, not twice.")
        return out


class SentenceText(Protocol):
    """A text by its sentences, so that a few can be had without the rest."""

    def __len__(self) -> int:
        """How many sentences there are."""
        ...

    def holding(self, positions: Sequence[int]) -> Sequence[int]:
        """The sentences in which the words at some positions of the body stand."""
        ...

    def words(self, spans: Sequence[tuple[int, int]]) -> Sequence[Sequence[Hashable]]:
        """The words of each span (start, and end, exclusive): the same for the same form."""
        ...

    def stretch(self, first: int, last: int) -> tuple[str, int]:
        """Sentences `first` to `last`, inclusive, and the position of their first word."""
        ...


@dataclass(frozen=True, slots=True)
class Match:
    """One story found, with its score and everything in it that matched, ascending.

    `marks` are what to set off in it: the same, but of words near one another those words without
    what is between. `group` is the value that it stands for, and how many stories have that; None
    where it stands for itself. `text` is its body by sentences, from an engine that keeps them.
    """

    story: Story
    score: float
    spans: tuple[Span, ...] = ()
    marks: tuple[Span, ...] = ()
    group: FacetValue | None = None
    text: SentenceText | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A page of matches and facts about all of them.

    `groups` counts the groups, where hits are grouped; `more` says that there are hits behind
    the page.
    """

    matches: tuple[Match, ...]
    total: int
    facets: Mapping[str, Facet] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    groups: int | None = None
    more: bool = False


class Salvaged(NamedTuple):
    """A story from files that may be damaged; where it is lost, `lost` says which it was.

    `doubtful` says that it may have been deleted, since what was deleted cannot be read; where
    there is no story, `back` says which others that goes for.
    """

    story: Story | None
    lost: str = ""
    doubtful: bool = False
    back: str = ""


class Spelling(NamedTuple):
    """A word of the collection near another, in its exact view; `stories` as many as have it.

    Those are as many as a search for it has with view EXACT, at least one.
    """

    text: str
    distance: int
    stories: int


class Beginning(NamedTuple):
    """A word of the collection that begins so, in its exact view; `stories` as in Spelling."""

    text: str
    stories: int


class Reader(Protocol):
    """One generation of the index. Safe to hold while others write."""

    @property
    def degraded(self) -> str:
        """Why an older generation than the newest answers; empty where it is the newest."""
        ...

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer one question; QueryError where it makes no sense to this collection."""
        ...

    def count(self) -> int:
        """The number of stories."""
        ...

    def matching(self, words: Sequence[Word]) -> list[int]:
        """How many stories match each of some words: as many as a search for it has in all."""
        ...

    def expansion(self, leaf: OneWord) -> Mapping[str, int]:
        """The folded forms that a leaf stands for, and how often each stands where it looks.

        In stories that are not deleted, by form. The leaf is in no field, or in one that is a zone.
        """
        ...

    def near(self, text: str, most: int) -> Sequence[Spelling]:
        """The words within `most` edits (as in Fuzzy; here 3 may be asked for) of a folded one.

        Each word of the collection that is one by itself, in whatever zone, in any order.
        """
        ...

    def beginning(self, text: str, limit: int) -> Sequence[Beginning]:
        """The `limit` words in most stories of those that begin with a folded text.

        Ordered by stories, descending, then by code points.
        """
        ...

    def worth(self, leaf: Leaf, keys: Sequence[str]) -> Mapping[str, Part]:
        """What a leaf by itself is worth in those of some stories that match it, by key."""
        ...

    def get(self, key: str) -> Story | None:
        """The story with this key."""
        ...

    def stories(self) -> Iterator[Story]:
        """All stories, by key."""
        ...

    def sources(self) -> Mapping[str, Source | None]:
        """Key → where it was read from; None for a story that has no file."""
        ...

    def fields(self) -> Mapping[str, Field]:
        """The fields that stories have here, those from headers with the kind of their values."""
        ...

    def counts(self) -> Mapping[str, int]:
        """`words` in all texts, distinct `forms`, and per other field the stories with a value."""
        ...

    def close(self) -> None:
        """Let go of files. A reader may be shared: it is its engine that closes it."""
        ...


class Writer(Protocol):
    """The one writer. As a context manager it drops what was not committed."""

    def add(self, story: Story) -> None:
        """Store a story, in place of one with the same key.

        StoryError if it cannot be stored; what was added before is not touched by that.
        """
        ...

    def remove(self, key: str) -> bool:
        """Remove a story and its parts: those whose field `parent` has this key.

        False if there is none (no error). The parts of a part stay.
        """
        ...

    def commit(self) -> None:
        """Make everything so far visible and durable, then go on with a new batch."""
        ...

    def merge(self) -> None:
        """Commit, and write all stories as one piece, which is searched fastest."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exception: object) -> None: ...


class Engine(Protocol):
    """Something that keeps stories in a folder and answers questions about them."""

    @property
    def name(self) -> str:
        """What it is called in settings and messages."""
        ...

    @property
    def capabilities(self) -> frozenset[str]:
        """What it declares to do beyond the least."""
        ...

    def reader(self) -> Reader:
        """The newest generation."""
        ...

    def writer(self) -> Writer:
        """The writer. The caller holds the lock of the index (`locking.py`)."""
        ...

    def faults(self, *, deep: bool) -> Iterator[str]:
        """What is wrong with the files: each a sentence that names the file.

        `deep` also reads everything and compares what has to agree.
        """
        ...

    def salvage(self) -> Iterator[Salvaged]:
        """Every story that can still be read, from damaged files too, and what cannot."""
        ...

    def close(self) -> None:
        """Let go of files."""
        ...
