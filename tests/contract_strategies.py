"""Which collections and questions are tried at random?

Small ones, from a vocabulary in which words collide: stems, accents, possessives, surnames in
both endings, fields with several values. Every story belongs to a history of batches with
replacements and removals, because that is where indexes go wrong.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from hypothesis import strategies as st

from balletsearch.engines.protocol import Engine, SearchRequest, Selection, Sort
from balletsearch.model import Story, Value
from balletsearch.query.nodes import (
    And,
    Everything,
    Fuzzy,
    Leaf,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    View,
    Word,
)

__all__ = ["ANCHOR", "History", "histories", "requests", "trees", "words"]

LANGUAGES = ("en", "ru")

WORDS = [
    "swan",
    "swans",
    "Swan's",
    "lake",
    "plié",
    "pliés",
    "plie",
    "plies",
    "dance",
    "dancing",
    "danced",
    "to",
    "be",
    "not",
    "or",
    "Moscow",
    "Moscow’s",
    "o'er",
    "l'opéra",
    "opera",
    "Volkonskaya",
    "Volkonsky",
    "балерина",
    "балерины",
    "1909",
    "ёлка",
    "елка",
]
NAMES = ("Anna Volkonskaya", "Vera Volkonsky", "volkonskaya", "Swan", "Pavlova", "Anna Pavlov")
VALUES: dict[str, tuple[Value, ...]] = {
    "title": ("Swan Lake", "swan lake", "To be or not to be", "Plié", "Moscow's swans"),
    "dancer": NAMES,
    "person": NAMES,
    "work": ("Swan Lake", "swan  LAKE", "Giselle", "Étude", "L'Opéra"),
    "place": ("Europe/Russia/Moscow", "Europe/Russia", "Europe/France/Paris", "Moscow", "Asia"),
    "language": ("en", "ru", "fr"),
    "path": ("seeds/swan.txt", "seeds/Lake two.txt", "x/y.txt"),
    "words": (0, 3, 12, 100),
    "modified": ("2025-12-31T23:59:59Z", "2026-03-05T10:00:00Z", "2026-03-06T01:00:00+02:00"),
    "mood": ("sad", "Sad", "glad swan", "plié"),
    "year": ("9", "10", "1909", "-3"),
    "premiere": ("1909-05-19", "1909-06", "1911", "1909-05-19T20:30Z"),
}
BOUNDS = {
    "words": ("", "3", "12", "50"),
    "modified": ("", "2025", "2026", "2026-03", "2026-03-05", "2026-03-05T10:00"),
    "year": ("", "9", "10", "1909", "-3", "2000"),
    "premiere": ("", "1909", "1909-05", "1909-05-19", "1910", "1911-01"),
    "dancer": ("", "a", "pavlova", "Anna Volkonskaya", "z"),
    "mood": ("", "GLAD", "sad", "t"),
    "place": ("", "Europe", "europe/s"),
}
ZONES = ("", "", "title", "body", "dancer", "person", "work", "place", "mood", "year", "premiere")
COUNTED = ("dancer", "person", "work", "place", "language", "mood", "year", "words", "path")
SORTED = ("title", "dancer", "place", "words", "modified", "year", "premiere", "mood", "person")

ANCHOR = Story(
    "anchor",
    "the sea",
    fields={
        "title": ("The Sea",),
        "mood": ("calm",),
        "year": ("1900",),
        "premiere": ("1900-01-01",),
    },
)
"""A story that is always there, so that every field of a header is known."""


@dataclass(frozen=True, slots=True)
class History:
    """Batches of stories to add and keys to remove, one commit after each."""

    batches: tuple[tuple[Story | str, ...], ...]

    def replay(self, engine: Engine) -> None:
        """Write everything, the anchor first."""
        with engine.writer() as writer:
            writer.add(ANCHOR)
            for batch in self.batches:
                for step in batch:
                    if isinstance(step, Story):
                        writer.add(step)
                    else:
                        writer.remove(step)
                writer.commit()
            writer.commit()


KEYS = st.sampled_from("abcdefgh")

bodies = st.lists(
    st.tuples(st.sampled_from(WORDS), st.sampled_from([" ", " ", " ", "-", ". ", "\n\n", " — "])),
    max_size=12,
).map(lambda pairs: "".join(word + sign for word, sign in pairs))


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """One story. Now and then a number or a date turns out to be text."""
    fields: dict[str, tuple[Value, ...]] = {}
    for name in draw(st.sets(st.sampled_from(sorted(VALUES)), max_size=5)):
        single = name in ("title", "path", "words", "modified")
        values = st.lists(st.sampled_from(VALUES[name]), max_size=1 if single else 3)
        fields[name] = tuple(draw(values))
    if draw(st.integers(0, 19)) == 0:
        fields["year"] = ("about 1909",)
    return Story(draw(KEYS), draw(bodies), fields=fields)


def histories() -> st.SearchStrategy[History]:
    """One to three batches of up to six steps, mostly additions."""
    step = st.one_of(stories(), stories(), stories(), KEYS)
    batch = st.lists(step, min_size=1, max_size=6).map(tuple)
    return st.lists(batch, min_size=1, max_size=3).map(lambda batches: History(tuple(batches)))


def _typed(word: str, how: int) -> str:
    """A word as somebody might type it."""
    return (word, word.upper(), unicodedata.normalize("NFD", word), word.lower())[how]


typed = st.builds(_typed, st.sampled_from(WORDS), st.integers(0, 3))
words = st.builds(Word, typed, st.sampled_from(ZONES), st.sampled_from(View))


@st.composite
def _phrases(draw: st.DrawFn) -> Phrase:
    view = draw(st.sampled_from(View))
    texts = draw(
        st.one_of(
            st.lists(typed, min_size=2, max_size=3),
            st.sampled_from(
                [["swan", "lake"], ["to", "be"], ["anna", "volkonsky"], ["not", "to", "be"]]
            ),
        )
    )
    return Phrase(tuple(Word(text, view=view) for text in texts), draw(st.sampled_from(ZONES)))


@st.composite
def _fuzzies(draw: st.DrawFn) -> Fuzzy:
    """A misspelt word; never with more edits allowed than it has letters."""
    misspelt = ("swna", "wan", "alke", "plei", "pliéss", "moscwo", "vlokonskaya", "ob", "dnacing")
    text = draw(st.one_of(st.sampled_from(misspelt), st.sampled_from(WORDS)))
    distance = draw(st.sampled_from([None, 0, 1, 2]))
    return Fuzzy(text, distance, draw(st.sampled_from(ZONES)))


@st.composite
def _ranges(draw: st.DrawFn) -> Range:
    name = draw(st.sampled_from(sorted(BOUNDS)))
    bound = st.sampled_from(BOUNDS[name])
    return Range(name, draw(bound), draw(bound), draw(st.booleans()), draw(st.booleans()))


leaves: st.SearchStrategy[Leaf] = st.one_of(
    words,
    words,
    _phrases(),
    st.builds(
        Prefix,
        st.sampled_from(["s", "SWA", "pli", "plié", "moscow'", "о", "во", "бал", "1"]),
        st.sampled_from(ZONES),
    ),
    _fuzzies(),
    _ranges(),
    st.builds(Everything, st.sampled_from(["", "", "dancer", "place", "language", "body", "mood"])),
    st.sampled_from(
        [
            Word("ru", "language"),
            Prefix("E", "language"),
            Word("swan", "path"),
            Prefix("SEEDS", "path"),
            Word("12", "words"),
            Word("2026", "modified"),
        ]
    ),
)


def _branches(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(children, min_size=2, max_size=3).map(tuple)
    return st.one_of(several.map(And), several.map(Or), children.map(Not))


trees: st.SearchStrategy[Node] = st.recursive(leaves, _branches, max_leaves=5)

_selections = st.sampled_from(COUNTED).flatmap(
    lambda name: st.builds(
        Selection,
        st.just(name),
        st.lists(
            st.sampled_from([*map(str, VALUES[name]), str(VALUES[name][0]).upper(), "Russia"]),
            min_size=1,
            max_size=2,
        ).map(tuple),
    )
)


def requests() -> st.SearchStrategy[SearchRequest]:
    """A tree with selections, facets, sort fields and a page."""
    return st.builds(
        SearchRequest,
        trees,
        st.lists(_selections, max_size=2).map(tuple),
        st.lists(st.sampled_from(COUNTED), max_size=3, unique=True).map(tuple),
        st.lists(
            st.builds(Sort, st.sampled_from(SORTED), st.booleans()),
            max_size=2,
            unique_by=lambda by: by.field,
        ).map(tuple),
        st.integers(0, 4),
        st.one_of(st.none(), st.integers(0, 4)),
    )
