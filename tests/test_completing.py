"""Does a query go on as somebody would who types it?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balletsearch import Library, Story
from balletsearch.completing.unfinished import Unfinished, unfinished
from balletsearch.completing.values import ValueTable
from balletsearch.engines import ENGINES
from balletsearch.engines.values import folded
from balletsearch.model import FacetValue

# What is being typed.

UNFINISHED = [
    ("danc", ("", "danc", "", "danc", "", False)),
    ("swan danc", ("swan ", "danc", "swan ", "danc", "", False)),
    ("-danc", ("-", "danc", "-", "danc", "", False)),
    ("+danc", ("+", "danc", "+", "danc", "", False)),
    ("(swan OR danc", ("(swan OR ", "danc", "(swan OR ", "danc", "", False)),
    ("pas-de-d", ("pas-de-", "d", "", "pas-de-d", "", False)),
    ("work:sw", ("work:", "sw", "work:", "sw", "work", False)),
    ("ballets:sw", ("ballets:", "sw", "ballets:", "sw", "work", False)),
    ("work:", ("work:", "", "work:", "", "work", False)),
    ("x work:(swan OR gi", ("x work:(swan OR ", "gi", "x work:(swan OR ", "gi", "work", False)),
    ("work:(swan) gi", ("work:(swan) ", "gi", "work:(swan) ", "gi", "", False)),
    ('work:"swan la', ('work:"swan ', "la", "work:", "swan la", "work", True)),
    ('work:"', ('work:"', "", "work:", "", "work", True)),
    ('"swan la', ('"swan ', "la", "", "swan la", "", True)),
    ("nonsense:sw", ("nonsense:", "sw", "nonsense:", "sw", "", False)),
    ("note:sw", ("note:", "sw", "note:", "sw", "note", False)),
]


@pytest.mark.parametrize(("text", "expected"), UNFINISHED, ids=[text for text, _ in UNFINISHED])
def test_the_last_word_is_what_is_being_typed(text, expected):
    assert unfinished(text, {"note"}) == Unfinished(*expected)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "danc ", '"swan"', "danc*", "danc~", "b?l", "/danc", "words:[3", "words:>3"),
        *("AND", "swan (", "swan)", "...", '"', "x" * 10_001, "danc!", "12:30"),
    ],
)
def test_nothing_is_being_typed_where_no_word_is_begun(text):
    assert unfinished(text, ()) is None


@given(st.text(st.sampled_from('abй é"“():-+=!*?~/.\t1'), max_size=12))
def test_what_is_before_and_what_is_typed_is_the_whole_text(text):
    typed = unfinished(text, ())
    if typed is not None:
        assert typed.before_word + typed.word == text
        assert text.startswith(typed.before_value)
        assert text.endswith(typed.value)


# Values.


def slow_beginning(values, text, limit):
    """Each value looked at by itself."""
    text = folded(text)

    def fits(value):
        line = folded(value)
        starts = [i for i in range(len(line) + 1) if line.startswith(text, i)]
        return any(i == 0 or not (line[i - 1].isalnum() or line[i - 1] == "_") for i in starts)

    return [v for v in values if fits(v.value)][:limit]


texts = st.text(st.sampled_from("abÉ _/-1"), max_size=6)


@given(st.lists(texts, unique=True), texts, st.integers(0, 5))
def test_values_are_found_by_the_beginning_of_a_word_of_them(some, text, limit):
    values = [FacetValue(value, 99 - i) for i, value in enumerate(some)]
    assert ValueTable(values).beginning(text, limit) == slow_beginning(values, text, limit)


# Whole queries.


@pytest.fixture(scope="module", params=ENGINES)
def library(request, tmp_path_factory):
    with Library.open(tmp_path_factory.mktemp("typed") / "index", engine=request.param) as library:
        library.replace(
            "all",
            [
                Story("1", "They dance and danced.", {"work": "Swan Lake", "dancer": "Anna Danc"}),
                Story("2", "Dance, dancer! Pliés", {"work": ("Swan Lake", "Giselle")}),
                Story("3", "The lake", {"work": 'The "Dying" Swan', "title": "Dance now"}),
                Story("4", "Lakes", {"work": "NOT", "place": "Europe/Russia/Moscow", "danse": "x"}),
            ],
        )
        yield library


def typed(library: Library, text: str, limit: int = 10) -> list[tuple[str, str, int]]:
    return [(one.text, one.kind.value, one.count) for one in library.complete(text, limit=limit)]


def test_words_come_by_their_stories_and_fields_last(library):
    assert typed(library, "swan danc") == [
        ("swan dance", "word", 3),
        ("swan danced", "word", 1),
        ("swan dancer", "word", 1),
        ("swan dancer:", "field", 1),
    ]
    assert typed(library, "swan danc", 2) == [
        ("swan dance", "word", 3),
        ("swan dancer:", "field", 1),
    ]
    assert typed(library, "danc", 0) == []


def test_what_is_typed_stays_as_it_is(library):
    assert typed(library, "Plié") == [("Pliés", "word", 1)]
    assert typed(library, "DANCE") == [
        ("DANCEd", "word", 1),
        ("DANCEr", "word", 1),
        ("dancer:", "field", 1),
    ]


def test_fields_of_headers_are_completed_too(library):
    assert ("danse:", "field", 1) in typed(library, "dan")
    assert typed(library, "danse:") == [("danse:x", "value", 1)]


def test_values_are_written_so_that_they_are_found(library):
    assert typed(library, "lake work:sw") == [
        ("lake work:swan", "word", 3),
        ('lake work:"Swan Lake"', "value", 2),
        ('lake work:"The Dying Swan"', "value", 1),
    ]
    assert typed(library, "work:n") == [('work:"NOT"', "value", 1)]
    for one in library.complete("work:"):
        assert library.search(one.text).total >= one.count > 0


def test_a_quotation_that_is_open_becomes_the_value(library):
    assert ('work:"Swan Lake"', "value", 2) in typed(library, 'work:"swan l')
    assert typed(library, "place:mos") == [
        ("place:moscow", "word", 1),
        ('place:"Europe/Russia/Moscow"', "value", 1),
    ]


def test_in_a_title_words_are_those_of_titles_and_in_the_body_those_of_all_zones(library):
    assert typed(library, "title:d") == [("title:danc", "word", 1), ("title:dance", "word", 1)]
    assert typed(library, "body:dan") == [
        ("body:dance", "word", 3),
        ("body:danc", "word", 1),
        ("body:danced", "word", 1),
        ("body:dancer", "word", 1),
    ]


def test_fields_that_are_taken_whole_have_values_and_no_words(library):
    assert typed(library, "words:1") == []
    assert typed(library, "parent:al") == [("parent:all", "value", 4)]


def test_what_is_offered_follows_the_collection(tmp_path):
    with Library.open(tmp_path / "index") as library:
        library.add(Story("1", "swan", {"work": "Giselle"}))
        assert typed(library, "work:") == [("work:Giselle", "value", 1)]
        with library.snapshot() as held:
            library.add(Story("2", "swan", {"work": "Giselle"}))
            assert typed(library, "work:") == [("work:Giselle", "value", 2)]
            assert [one.count for one in held.complete("work:")] == [1]


@given(st.text(st.sampled_from('dancelk swork:"(-é'), max_size=14))
def test_every_completion_goes_on_from_what_is_typed(library, text):
    for one in library.complete(text):
        assert one.text.endswith(one.piece)
        assert one.count > 0
        if one.kind.value != "value":
            assert one.text.casefold().startswith(text.casefold())
