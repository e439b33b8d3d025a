"""Which collections and questions are tried at random?

Small ones, from a vocabulary in which words collide: stems, accents, possessives, surnames in
both endings, fields with several values. Every story belongs to a history of batches with
replacements and removals, because that is where indexes go wrong.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from balletsearch.emphasis import emphasis
from balletsearch.engines.protocol import Engine, SearchRequest, Selection, Sort
from balletsearch.facets import FACET_SORTS, FacetRequest
from balletsearch.model import Story, Value
from balletsearch.query.nodes import (
    And,
    Everything,
    Fuzzy,
    Gap,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    Regex,
    Slot,
    Sound,
    Unit,
    View,
    Weighted,
    Wildcard,
    Within,
    Word,
)
from balletsearch.query.trees import leaves as leaves_of

__all__ = ["ANCHOR", "History", "histories", "one_word", "requests", "trees", "untyped", "words"]

LANGUAGES = ("en", "ru")

WORDS = (
    *("swan", "swans", "Swan's", "lake", "Moscow", "Moscow\N{RIGHT SINGLE QUOTATION MARK}s"),
    *("plié", "pliés", "plie", "plies", "dance", "dancing", "danced", "o'er", "l'opéra", "opera"),
    *("Volkonskaya", "Volkonsky", "балерина", "балерины", "ёлка", "елка", "1909"),
    *("to", "be", "not", "or"),
)
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
    "rating": ("9", "9.5", "9.50", "10.0", "-0.25", 10),
    "premiere": ("1909-05-19", "1909-06", "1911", "1909-05-19T20:30Z"),
}
BOUNDS = {
    "words": ("", "3", "12", "50", "11.5"),
    "modified": ("", "2025", "2026", "2026-03", "2026-03-05", "2026-03-05T10:00"),
    "year": ("", "9", "10", "1909", "-3", "2000"),
    "rating": ("", "9", "9.5", "9.50", "10", "-1.5"),
    "premiere": ("", "1909", "1909-05", "1909-05-19", "1910", "1911-01"),
    "dancer": ("", "a", "pavlova", "Anna Volkonskaya", "z"),
    "mood": ("", "GLAD", "sad", "t"),
    "place": ("", "Europe", "europe/s"),
}
ZONES = ("title", "body", "dancer", "person", "work", "place", "mood", "year", "premiere")
COUNTED = (
    *("dancer", "person", "work", "place", "language", "mood", "year", "rating", "words", "path"),
)
SORTED = (
    *("title", "dancer", "place", "words", "modified", "year", "rating", "premiere", "mood"),
    "person",
)

ANCHOR = Story(
    "anchor",
    "the sea",
    fields={
        "title": ("The Sea",),
        "mood": ("calm",),
        "year": ("1900",),
        "rating": ("7.5",),
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


def _weighted(*choices: tuple[int, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    """One of the strategies, each as often as its number says."""
    # `st.one_of` would take a strategy that is named twice but once.
    repeated = [strategy for times, strategy in choices for _ in range(times)]
    return st.sampled_from(range(len(repeated))).flatmap(repeated.__getitem__)


zones = _weighted((3, st.just("")), (2, st.sampled_from(ZONES)))
signs = (" ", " ", " ", "-", ". ", "\n\n", " — ")
# One choice for both: what Hypothesis takes for choosing adds up.
steps = st.sampled_from([word + sign for word in WORDS for sign in signs])
bodies = st.lists(steps, min_size=3, max_size=14).map("".join)


# Strategies are made here, not where they are drawn from: making them takes longer than drawing.
_named = st.sets(st.sampled_from(sorted(VALUES)), max_size=5)
_single = ("title", "path", "words", "modified")
_values = {
    name: st.lists(st.sampled_from(values), max_size=1 if name in _single else 3).map(tuple)
    for name, values in VALUES.items()
}
_odd = st.integers(0, 19).map(lambda number: not number)
_texts = _weighted((9, bodies), (1, st.just("")))


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """One story. Now and then a number or a date turns out to be text."""
    fields: dict[str, tuple[Value, ...]] = {name: draw(_values[name]) for name in draw(_named)}
    if draw(_odd):
        fields["year"] = ("about 1909",)
    return Story(draw(KEYS), draw(_texts), fields=fields)


def histories() -> st.SearchStrategy[History]:
    """One to three batches: one of three to eight additions, then ones that also remove."""
    first = st.lists(stories(), min_size=4, max_size=8, unique_by=lambda s: s.key).map(tuple)
    later = st.lists(st.one_of(stories(), stories(), KEYS), min_size=1, max_size=5).map(tuple)
    rest = st.lists(later, max_size=2)
    return st.builds(lambda one, others: History((one, *others)), first, rest)


def _typed(word: str, how: int) -> str:
    """A word as somebody might type it."""
    return (word, word.upper(), unicodedata.normalize("NFD", word), word.lower())[how]


typed = st.builds(_typed, st.sampled_from(WORDS), st.integers(0, 3))
words = st.builds(Word, typed, zones, st.sampled_from(View))


# Misspelt words, and one with fewer letters than edits allowed: what it finds counts nothing.
_misspelt = ("a", "swna", "wan", "alke", "plei", "pliéss", "moscwo", "vlokonskaya", "ob", "dnacing")
_fuzzies = st.builds(
    Fuzzy,
    st.one_of(st.sampled_from(_misspelt), st.sampled_from(WORDS)),
    st.sampled_from([None, 0, 1, 2]),
    zones,
)


@st.composite
def _ranges(draw: st.DrawFn) -> Range:
    name = draw(st.sampled_from(sorted(BOUNDS)))
    bound = st.sampled_from(BOUNDS[name])
    return Range(name, draw(bound), draw(bound), draw(st.booleans()), draw(st.booleans()))


_prefixes = st.sampled_from(["s", "SWA", "pli", "plié", "moscow'", "o", "vo", "бал", "1"])
_wildcards = st.sampled_from(
    ["sw?n", "*a*", "d?nc*", "PLI*S", "pli?", "???", "*ина", "?", "*", "moscow?s", "s*a*n*", "ё*"]
)
_sounds = st.sampled_from(
    ["volkonskaja", "wolkonsky", "Павлова", "moskow", "suan", "plie", "djanse", "a", "балерины"]
)
_patterns = st.sampled_from(
    [
        *(
            "swans?",
            "[Pp]lié.*",
            "sw[^i]n",
            "(to|be|not)",
            ".*",
            "(a+)+$",
            "d.nc(e|ing|ed)",
            r"\d+",
        ),
        *(r"[^s]\S*", "^swan$", "s|l.*", r"\Wswan", "(б|ё).*", "x*", "moscow'?s", "[a-e]+"),
    ]
)


@st.composite
def _slots(draw: st.DrawFn, view: View) -> Slot:
    """What stands in a phrase: mostly words."""
    kind = draw(st.sampled_from(("word",) * 6 + ("prefix", "fuzzy", "wildcard", "gap")))
    match kind:
        case "prefix":
            return Prefix(draw(_prefixes))
        case "fuzzy":
            return replace(draw(_fuzzies), field="")
        case "wildcard":
            return Wildcard(draw(_wildcards))
        case "gap":
            return Gap()
    return Word(draw(typed), view=view)


@st.composite
def _phrases(draw: st.DrawFn) -> Phrase:
    view = draw(st.sampled_from(View))
    known = ("swan lake", "to be", "anna volkonsky", "not to be", "vera volkonsky", "swan swan")
    texts = st.sampled_from(known).map(lambda t: [Word(w, view=view) for w in t.split()])
    slots = draw(st.one_of(texts, st.lists(_slots(view), min_size=2, max_size=3)))
    if all(isinstance(slot, Gap) for slot in slots):
        slots[0] = Word("swan", view=view)
    slop = draw(st.sampled_from((0, 0, 0, 1, 2, 5, 120)))
    return Phrase(tuple(slots), draw(zones), slop)


@st.composite
def _sides(draw: st.DrawFn, depth: int) -> Node:
    """What may be near to something: mostly a word, or one of several, or such things again."""
    kind = draw(st.sampled_from(("word",) * 3 + ("leaf", "leaf", "or", "near", "within")))
    if kind == "word" or not depth:
        return draw(words)
    if kind == "near":
        return draw(_nears(depth - 1))
    if kind == "within":
        return draw(_withins(depth - 1))
    if kind == "or":
        return Or(tuple(draw(st.lists(_placed, min_size=1, max_size=3))))
    return draw(_placed)


@st.composite
def _nears(draw: st.DrawFn, depth: int = 2) -> Near:
    """Two things near one another."""
    sides = draw(_sides(depth)), draw(_sides(depth))
    return Near(*sides, draw(st.sampled_from((0, 1, 2, 3, 10, 150))))


@st.composite
def _withins(draw: st.DrawFn, depth: int = 2) -> Within:
    """Several things in one sentence or paragraph."""
    sides = draw(st.lists(_sides(depth), min_size=2, max_size=3))
    return Within(draw(st.sampled_from(Unit)), tuple(sides))


one_word: st.SearchStrategy[Leaf] = st.one_of(
    words,
    _fuzzies,
    st.builds(Prefix, _prefixes, zones),
    st.builds(Wildcard, _wildcards, zones),
    st.builds(Regex, _patterns, zones),
    st.builds(Sound, _sounds, zones),
)
"""Leaves that each of their words matches by itself."""
_placed: st.SearchStrategy[Leaf] = st.one_of(one_word, _phrases())
"""Leaves that stand for places in a story."""
_of_labels = (
    Word("ru", "language"),
    Prefix("E", "language"),
    Word("swan", "path"),
    Prefix("SEEDS", "path"),
    Wildcard("*two*", "path"),
    Regex("seeds/.*", "path"),
    Word("12", "words"),
    Word("2026", "modified"),
)
_existing = ("", "dancer", "place", "language", "body", "mood")

leaves: st.SearchStrategy[Leaf] = _weighted(
    (4, words),
    (3, _phrases()),
    (2, _fuzzies),
    (1, st.builds(Prefix, _prefixes, zones)),
    (1, st.builds(Wildcard, _wildcards, zones)),
    (1, st.builds(Regex, _patterns, zones)),
    (1, st.builds(Sound, _sounds, zones)),
    (3, _nears()),
    (3, _withins()),
    (1, _ranges()),
    (1, st.builds(Everything, st.sampled_from(_existing))),
    (1, st.sampled_from(_of_labels)),
)


kinds_of_nodes = st.sampled_from(
    ("leaf", "leaf", "leaf", "leaf", "and", "or", "or", "not", "weighted")
)


@st.composite
def _trees(
    draw: st.DrawFn, below: st.SearchStrategy[Node], some: st.SearchStrategy[list[Node]]
) -> Node:
    """A tree one level higher; half of the nodes that could have children have none."""
    # Drawn by hand: `st.recursive` made two thirds of all trees a Not, which scores nothing.
    kind = draw(kinds_of_nodes)
    if kind == "leaf":
        return draw(leaves)
    if kind == "not":
        return Not(draw(below))
    if kind == "weighted":
        return Weighted(draw(below), draw(st.sampled_from((0.001, 0.5, 2.0, 7.25, 1000.0))))
    children = tuple(draw(some))
    return And(children) if kind == "and" else Or(children)


trees: st.SearchStrategy[Node] = leaves
for _level in range(3):
    trees = _trees(trees, st.lists(trees, min_size=2, max_size=3))


def untyped(node: Node) -> Node:
    """A tree in which words are looked for exactly instead of as typed, if an engine cannot."""

    def all_of(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        return tuple(map(untyped, nodes))

    out = node
    match node:
        case And(several) | Or(several):
            out = replace(node, children=all_of(several))
        case Not(child) | Weighted(child):
            out = replace(node, child=untyped(child))
        case Near(left, right):
            out = replace(node, left=untyped(left), right=untyped(right))
        case Within(_, sides):
            out = replace(node, sides=all_of(sides))
        case Phrase(slots):
            out = replace(node, words=all_of(slots))
        case Word(_, _, View.TYPED):
            out = replace(node, view=View.EXACT)
    return out


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


_ranges_chosen = st.sampled_from(
    (
        *(("words", "3..12"), ("words", "..<12"), ("words", "12.."), ("rating", "9..<9.5")),
        *(("year", "9..10"), ("year", "..0"), ("modified", "2025..2026"), ("modified", "2026-03")),
        *(("premiere", "1909"), ("premiere", "1909-05..<1911"), ("mood", "a..b")),
    )
).map(lambda pair: Selection(pair[0], pair[1:]))


_sorts = st.lists(
    st.builds(Sort, st.sampled_from(SORTED), st.booleans()),
    min_size=1,
    max_size=2,
    unique_by=lambda by: by.field,
).map(tuple)
_bounds = {
    "words": ((3, 50), (12,), ("2.5", "11.5")),
    "rating": (("9", "9.5", "10"), (0,)),
    "modified": (("2026",), ("2026-01", "2026-03-06")),
}


@st.composite
def _facet(draw: st.DrawFn, name: str) -> str | FacetRequest:
    """One facet, mostly in some other way than as it is."""
    how = draw(st.sampled_from(("plain", "narrowed", "ranges", "bounds", "deep")))
    sort = draw(st.sampled_from(("", *FACET_SORTS)))
    limit = draw(st.sampled_from((None, None, 0, 1, 2)))
    if how == "narrowed":
        begun = draw(st.sampled_from(("S", "la", "la sw", "volk", "étu", "1", "euro", "—")))
        return FacetRequest(name, sort, limit, containing=begun)
    if how == "bounds" and name in _bounds:
        return FacetRequest(name, sort, limit, bounds=draw(st.sampled_from(_bounds[name])))
    if how == "ranges" and name in ("words", "modified"):
        return FacetRequest(name, sort, limit, ranges=draw(st.booleans()))
    if how == "deep" and name == "place":
        below = draw(st.sampled_from(("", "", "europe", "Europe/Russia", "Russia", "Asia", "x")))
        return FacetRequest(
            name, sort, limit, below=below, level=draw(st.sampled_from((None, 1, 2)))
        )
    return name if how == "plain" else FacetRequest(name, sort, limit)


_facets = st.lists(
    st.sampled_from((*COUNTED, "modified")), min_size=1, max_size=3, unique=True
).flatmap(lambda names: st.tuples(*map(_facet, names)))
_groups = st.sampled_from(("dancer", "work", "place", "language", "words", "mood", "rating"))


_beside: st.SearchStrategy[dict[Leaf, float]] = st.dictionaries(
    st.one_of(words, _phrases(), _fuzzies, _nears()), st.sampled_from((0.1, 0.25, 3.0)), max_size=3
)


def _stressed(request: SearchRequest, chosen: list[int] | None, factor: float) -> SearchRequest:
    """The request in which some leaves count so much; None is for what a search asks for."""
    if chosen is None:
        stress = emphasis(request.tree, LANGUAGES, neighbours=True)
        return replace(request, factors=stress.factors, bonuses=stress.bonuses)
    own = list(leaves_of(request.tree))
    return replace(request, factors={own[at % len(own)]: factor for at in chosen if own})


def requests() -> st.SearchStrategy[SearchRequest]:
    """A tree with selections, facets, sort fields, a page, and what else counts."""
    nothing: st.SearchStrategy[tuple[Any, ...]] = st.just(())
    selections = _weighted((2, _selections), (1, _ranges_chosen))
    where = st.lists(selections, min_size=1, max_size=2).map(tuple)
    asked = st.builds(
        SearchRequest,
        trees,
        _weighted((2, nothing), (1, where)),
        _weighted((1, nothing), (1, _facets)),
        _weighted((2, nothing), (1, _sorts)),
        st.integers(0, 4),
        st.one_of(st.none(), st.integers(0, 4)),
        without=_weighted((3, nothing), (1, st.lists(KEYS, max_size=3).map(tuple))),
        bonuses=_weighted((2, st.just({})), (1, _beside)),
        group=_weighted((3, st.just("")), (1, _groups)),
    )
    chosen: st.SearchStrategy[list[int] | None] = _weighted(
        (3, st.just([])), (1, st.lists(st.integers(0, 9), max_size=2)), (2, st.none())
    )
    return st.builds(_stressed, asked, chosen, st.sampled_from((0.2, 2.0)))
