"""Is what is like a story what somebody would call so?"""

from __future__ import annotations

from pathlib import Path

import pytest

from balletsearch import Library, QueryError, Story
from balletsearch.engines import ENGINES
from balletsearch.engines.protocol import SearchRequest
from balletsearch.query.nodes import Word


@pytest.fixture(scope="module", params=ENGINES)
def library(request, tmp_path_factory, seeds):
    with Library.open(tmp_path_factory.mktemp("like") / "index", engine=request.param) as library:
        library.sync(seeds)
        yield library


@pytest.fixture
def told(tmp_path: Path):
    """Stories of which the words are few enough to count."""
    with Library.open(tmp_path / "index") as library:
        library.add(
            Story("a", "the swan danced and the swan sang"),
            Story("b", "the swans dance"),
            Story("c", "the train went on and on"),
            Story("d", "the storm"),
        )
        yield library


def test_stories_about_the_same_ballet_come_first(library):
    about = [s.key for s in library.stories() if "Swan Lake" in s.fields.get("work", ())]
    assert len(about) == 2
    for key, other in (about, reversed(about)):
        assert library.like(key).hits[0].story.key == other


def test_a_story_is_not_like_itself(library):
    for key in [story.key for story in library.stories()]:
        found = library.like(key, limit=None, facets="place")
        assert key not in [hit.story.key for hit in found]
        assert found.total == len(found.hits) <= len(library) - 1
        counted = sum(v.count for v in found.facets["place"].values) + found.facets["place"].missing
        assert counted >= found.total


def test_a_text_has_its_like_too(library):
    found = library.like(text="Odette and Odile, the white swan and the black, at the lake.")
    assert {"Swan Lake"} <= set(found.hits[0].story.fields["work"])
    assert {"odette", "odile"} <= set(found.query.text.split())


def test_the_words_asked_for_are_those_that_tell_most(told):
    found = told.like("a")
    assert [hit.story.key for hit in found] == ["b", "c", "d"]
    # Nobody else sang; swan is twice in it; the, twice too, is everywhere.
    assert found.query.text == "swan OR and OR danced OR the"


def test_a_selection_and_a_page_hold_as_in_a_search(told):
    assert [hit.story.key for hit in told.like("a", offset=1, limit=1)] == ["c"]
    assert told.like("a", limit=0).total == 3
    assert told.like("a", where={"work": "nothing"}).total == 0


def test_words_are_counted_as_a_search_counts_them(library):
    """Also names by their surname, several stems, words of stories that were deleted, and none."""
    key = next(iter(library.stories())).key
    library.add(Story("gone", "A swan of Petipa danced zzyzx."))
    library.remove("gone")
    words = ["swan", "swans", "the", "Petipa", "Pavlova", "zzyzx", "danced", "плие"]
    words += library.get(key).body.split()[:50]
    asked = [Word(one.strip(".,;:!?\"'").split("-")[0] or "a") for one in words]
    reader = library._index.reader()
    totals = [reader.search(SearchRequest(one, limit=0)).total for one in asked]
    assert reader.matching(asked) == totals
    assert max(totals) > 1 > min(totals)


def test_what_shares_no_word_has_no_like(told):
    found = told.like(text="zzyzx")
    assert (found.total, found.hits, found.query.text) == (0, (), "")
    assert told.like(text="").total == 0


def test_one_thing_is_asked_for_and_it_is_there(told):
    for given in ({}, {"key": "a", "text": "b"}, {"key": "nobody"}):
        with pytest.raises(QueryError):
            told.like(**given)
