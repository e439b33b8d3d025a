"""Do pages that go on after a cursor show everything once? Is one of another search refused?"""

from __future__ import annotations

import re

import pytest

from balletsearch import FacetRequest, Library, QueryError, Story


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "index") as opened:
        opened.add(
            *(
                Story(
                    f"s{n:02}",
                    "swan " * (n % 4 + 1) + "sea " * (n % 3),
                    {"mood": ("sad", "Gay, and “so” on")[n % 2], "dancer": f"D{n % 5}"},
                )
                for n in range(23)
            ),
            Story("none", "swan"),
        )
        yield opened


def paged(searched, **options):
    """The hits of all pages, each of which goes on after the one before."""
    hits, cursor = [], ""
    while True:
        page = searched.search("swan", after=cursor, limit=4, **options)
        hits += page.hits
        cursor = page.cursor
        if not cursor:
            return hits


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="by score"),
        pytest.param({"neighbours": True}, id="by score, with neighbours"),
        pytest.param({"expand": True}, id="by score, with words of the first answers"),
        pytest.param({"emphasis": False}, id="by score alone"),
        pytest.param({"expand": True, "group": "mood"}, id="groups with words of the first"),
        pytest.param({"sort": "mood"}, id="by text"),
        pytest.param({"sort": ("-words", "mood")}, id="by two fields"),
        pytest.param({"group": "dancer"}, id="groups by score"),
        pytest.param({"group": "mood", "sort": "-dancer"}, id="groups by a field"),
        pytest.param({"where": {"mood": "sad"}, "facets": "dancer"}, id="with a selection"),
    ],
)
def test_all_pages_are_the_whole(library, options):
    whole = library.search("swan", limit=None, **options)
    assert whole.cursor == ""
    with library.snapshot() as held:
        library.add(Story("later", "swan swan swan", {"mood": "sad"}), Story("s99", "sea"))
        assert paged(held, **options) == list(whole.hits)


def test_what_stayed_is_neither_repeated_nor_passed_over_by_fields(library):
    first = library.search("swan", sort="-words", limit=10)
    gone = [hit.key for hit in first][-3:]
    library.remove(*gone)
    library.add(*(Story(f"new{n}", "swan " * n) for n in range(1, 9)))
    seen = {hit.key for hit in first}
    rest = library.search("swan", sort="-words", limit=None, after=first.cursor)
    shown = [hit.key for hit in rest]
    stayed = {f"s{n:02}" for n in range(23)} | {"none"}
    assert not seen & set(shown)
    assert stayed - seen <= set(shown)


def test_a_cursor_can_be_read_and_holds_whatever_a_value_holds(library):
    found = library.search("swan", sort="mood", limit=3)
    place = '{"by":["Gay, and “so” on"],"key":"s05"}'
    assert re.fullmatch(rf"1:[0-9a-f]{{8}}:{re.escape(place)}", found.cursor)
    assert library.search("swan", sort="mood", limit=0).cursor == ""


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"query": "sea"}, id="another query"),
        pytest.param({"sort": "-words"}, id="another direction"),
        pytest.param({"sort": ("words", "mood")}, id="another sort field"),
        pytest.param({"sort": ()}, id="by score"),
        pytest.param({"where": {"mood": "sad"}}, id="a selection"),
        pytest.param({"group": "dancer"}, id="groups"),
    ],
)
def test_a_cursor_of_another_search_is_refused(library, options):
    cursor = library.search("swan", sort="words", limit=3).cursor
    assert library.search("swan", sort="words", limit=5, facets="mood", after=cursor)
    with pytest.raises(QueryError, match="another search"):
        library.search(**{"query": "swan", "sort": "words", "after": cursor, **options})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(lambda c: c[:-1], "no place to go on after", id="cut"),
        pytest.param(lambda _: "here", "no place to go on after", id="no cursor"),
        pytest.param(lambda c: "2" + c[1:], "another version", id="another version"),
        pytest.param(lambda c: c.replace('"key"', '"kee"'), "damaged", id="another name"),
        pytest.param(lambda c: c.replace("[", "[["), "damaged", id="brackets"),
        pytest.param(lambda c: re.sub(r"\[.*\]", "[[1]]", c), "damaged", id="a list for a value"),
        pytest.param(lambda c: re.sub(r"\[.*\]", "[]", c), "another order", id="no value"),
        pytest.param(lambda c: re.sub(r"\[.*\]", '["x"]', c), "not a number", id="no number"),
    ],
)
def test_what_is_no_cursor_is_refused_with_a_sentence(library, change, said):
    cursor = library.search("swan", sort="words", limit=3).cursor
    with pytest.raises(QueryError, match=said):
        library.search("swan", sort="words", after=change(cursor))


def test_a_field_that_holds_numbers_now_does_not_go_on_after_a_text(library):
    library.add(Story("a", "year", {"year": "about 1900"}), Story("b", "year", {"year": "1900"}))
    cursor = library.search("year:*", sort="-year", limit=1).cursor
    library.remove("a")
    with pytest.raises(QueryError, match="cannot go on after this place"):
        library.search("year:*", sort="-year", after=cursor)


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"group": 3}, id="a number for a group"),
        pytest.param({"after": None}, id="nothing for a cursor"),
        pytest.param({"facets": [3]}, id="a number for a facet"),
        pytest.param({"facets": FacetRequest("words", bounds=(None,))}, id="nothing for a bound"),
        pytest.param({"passages": -1}, id="passages below nought"),
        pytest.param({"passages": 3, "snippet_length": 50}, id="no room"),
    ],
)
def test_options_that_make_no_sense_are_refused(library, options):
    with pytest.raises(QueryError):
        library.search("swan", **options)


def test_facets_are_asked_for_by_any_name_of_a_field(library):
    found = library.search("swan", facets=["ballerinas", FacetRequest("Mood", limit=1)])
    assert found.facets["dancer"].distinct == 5
    assert (len(found.facets["mood"].values), found.facets["mood"].more) == (1, 1)
    assert found.facets["mood"].missing == 1
