"""Are passages, facets, problems and stories shown so that people can read them?"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balletsearch.model import (
    Facet,
    FacetValue,
    Hit,
    Passage,
    Problem,
    Snippet,
    Story,
)
from balletsearch.rendering.characters import width
from balletsearch.rendering.documents import exported
from balletsearch.rendering.passages import snippet_lines
from balletsearch.rendering.problems import problem_lines
from balletsearch.rendering.reports import change_rows, skip_lines, summary
from balletsearch.rendering.results import facet_line, facet_rows, hit_lines
from balletsearch.rendering.stories import story_lines
from balletsearch.rendering.style import PLAIN, Style
from balletsearch.reports import Skip, SyncReport

LAKE = Snippet((Passage("She once danced Swan Lake again.", ((16, 25),), leading=True),))
COLOURS = re.compile("\x1b\\[[0-9;]*m")


def test_matches_stand_in_brackets_where_there_is_no_colour():
    assert snippet_lines(LAKE, PLAIN) == ["She once danced [Swan Lake] again. …"]


def test_a_phrase_over_two_lines_is_coloured_on_both():
    lines = snippet_lines(LAKE, Style(colour=True, columns=20))
    assert lines == [
        "She once danced \x1b[1;31mSwan\x1b[0m",
        "\x1b[1;31mLake\x1b[0m again. …",
    ]


def test_left_out_text_is_an_ellipsis_between_and_around_passages():
    snippet = Snippet((Passage("One."), Passage("Two.", trailing=True)))
    assert snippet_lines(snippet, PLAIN) == ["… One. … Two."]


@st.composite
def snippets(draw: st.DrawFn) -> Snippet:
    """Passages of words with some of them marked."""
    passages = []
    for _ in range(draw(st.integers(0, 3))):
        words = draw(st.lists(st.text("abcdé白\x1b", min_size=1, max_size=12), min_size=1))
        text, marks = "", []
        for word in words:
            if draw(st.booleans()):
                marks.append((len(text), len(text) + len(word)))
            text += word + draw(st.sampled_from([" ", "  ", "\N{NO-BREAK SPACE}"]))
        passages.append(Passage(text, tuple(marks), draw(st.booleans()), draw(st.booleans())))
    return Snippet(tuple(passages))


@given(snippets(), st.integers(22, 60), st.booleans())
def test_wrapping_changes_nothing_but_where_lines_end(snippet, columns, colour):
    whole = snippet_lines(snippet, Style(colour=colour))
    lines = snippet_lines(snippet, Style(colour=colour, columns=columns), indent="  ")
    shown = [COLOURS.sub("", line) for line in lines]
    assert " ".join(shown).split() == COLOURS.sub("", " ".join(whole)).split()
    assert all(width(line) <= columns or len(line.split()) == 1 for line in shown)


def test_a_hit_shows_no_control_character_of_its_story():
    story = Story("a\x1b.txt", "x", fields={"title": ("T\x1b[2J\n",), "dancer": ("D\x07",)})
    snippet = Snippet((Passage("evil\x1b]0;x\x07 text", (), leading=True, trailing=True),))
    text = "\n".join(hit_lines(Hit(story, 1.0, (), snippet), 1, PLAIN, None))
    assert r"T\x1b[2J" in text
    assert r"D\x07" in text
    assert r"a\x1b.txt" in text
    assert r"evil\x1b]0;x\x07 text" in text
    assert not set(text) & {"\x1b", "\x07"}


def test_a_facet_shows_ten_values_how_many_more_and_how_many_have_none():
    values = tuple(FacetValue(f"v{n}", 20 - n) for n in range(12))
    (line,) = facet_line(Facet("work", values, 3), PLAIN)
    assert line.startswith("work: v0 20, v1 19, ")
    assert line.endswith("v9 11, … 2 more, (none) 3")


def test_values_that_are_not_shown_are_counted_too():
    values = (FacetValue("a", 2), FacetValue("b", 1))
    assert list(facet_line(Facet("work", values, more=7), PLAIN)) == ["work: a 2, b 1, … 7 more"]
    assert list(facet_line(Facet("work", values, more=7), PLAIN, 1)) == ["work: a 2, … 8 more"]


def test_a_facet_without_values_says_so():
    assert list(facet_line(Facet("role", ()), PLAIN)) == ["role: no values"]


def test_rows_of_facets_name_the_field_only_where_there_are_several():
    work = Facet("work", (FacetValue("Swan\tLake", 2), FacetValue("Giselle", 1)))
    assert list(facet_rows({"work": work})) == ["Swan Lake\t2", "Giselle\t1"]
    role = Facet("role", (FacetValue("Odette", 1),))
    assert list(facet_rows({"work": work, "role": role})) == [
        "work\tSwan Lake\t2",
        "work\tGiselle\t1",
        "role\tOdette\t1",
    ]


PLACES = [
    ("swan (lake", 5, 6, "     ^", "under the character"),
    ("白鳥 foo:x", 3, 6, "     ^~~", "wide characters take two columns"),
    ("\x1b a(", 3, 4, "      ^", "an escape is longer than what it stands for"),
    ("a", 1, 1, " ^", "a place of no length has a caret"),
]


@pytest.mark.parametrize(
    ("query", "start", "end", "caret", "why"), PLACES, ids=[p[4] for p in PLACES]
)
def test_the_caret_stands_under_the_place(query, start, end, caret, why):
    message, shown, below = problem_lines(query, [Problem("a fault", start, end)], "note: ")
    assert message == "note: A fault."
    assert below == "  " + caret
    assert "\x1b" not in shown


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_of_a_long_query_the_surroundings_of_the_place_are_shown(start, length):
    query = "".join(chr(ord("a") + n % 26) for n in range(3000))
    end = min(start + length, 3000)
    _, shown, below = problem_lines(query, [Problem("fault", start, end)], "")
    assert len(shown) < 400
    at = below.index("^")
    assert shown[at : at + 1] == query[start : start + 1]


def test_changes_are_listed_one_a_line():
    report = SyncReport(
        added=("a",), updated=("b",), renamed=(("c", "d\n"),), removed=("e",), dry_run=True
    )
    assert list(change_rows(report)) == ["add\ta", "update\tb", "remove\te", "rename\tc\td\\n"]
    assert summary(report, "stories") == (
        "stories: 1 added, 1 updated, 1 renamed, 1 removed (a dry run: nothing was changed)."
    )


def test_what_was_lost_and_what_was_merely_remarked_are_told_apart():
    skips = (Skip("a.txt", "It is binary."), Skip("b.txt", "A doubt.", lost=False))
    assert list(skip_lines(skips)) == [
        "1 skipped:",
        "  a.txt: It is binary.",
        "1 indexed with a remark:",
        "  b.txt: A doubt.",
    ]


def test_the_text_of_a_story_keeps_its_lines():
    story = Story("k", "One.\n\n  Two.\x1b", fields={"title": ("T",), "work": ("A", "B")})
    assert list(story_lines(story, PLAIN)) == [
        "T",
        "key: k",
        "work: A, B",
        "",
        "One.",
        "",
        "  Two.\\x1b",
    ]


HEADERS = [
    ({"dancer": ("A", "B")}, {"dancer": ["A", "B"]}, "lists stay lists"),
    ({"year": ("1890",)}, {"year": "1890"}, "a list of one is its value"),
    ({"id": ("7",), "text": "x"}, {"Id": "7", "Text": "x"}, "names that the record needs"),
    ({"id": "7", "Id": "8"}, {"ID": "7", "Id": "8"}, "and that are taken already"),
]


@pytest.mark.parametrize(("header", "extra", "why"), HEADERS, ids=[h[2] for h in HEADERS])
def test_a_record_has_name_text_and_header(header, extra, why):
    record = exported(Story("key", "body", header))
    assert record == {"id": "key", "text": "body", **extra}
