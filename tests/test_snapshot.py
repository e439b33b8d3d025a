"""Does a snapshot answer alike whatever is committed, until it is let go of?"""

from __future__ import annotations

import pytest

from balletsearch import Library, QueryError, Story
from balletsearch.engines import ENGINES


@pytest.mark.parametrize("engine", ENGINES)
def test_a_snapshot_is_asked_again_and_again_whatever_is_committed(tmp_path, engine):
    with Library.open(tmp_path / "index", engine=engine) as library:
        library.add(Story("a", "A swan."), Story("b", "A swan on the lake."))
        with library.snapshot() as held:

            def answers():
                found = held.search("swan", facets="words")
                stories = [story.key for story in held.stories()]
                like = [hit.key for hit in held.like("a")]
                there = [held.get(key) is not None for key in "abc"]
                return [(h.key, h.score, str(h.snippet)) for h in found], stories, like, there

            before = answers()
            library.add(Story("c", "A swan, a swan."))
            assert answers() == before
            library.remove("a")
            library.merge()
            assert answers() == before
            library.rebuild()
            assert answers() == before
            assert len(held) == 2
            assert {hit.key for hit in library.search("swan")} == {"b", "c"}
        with pytest.raises(QueryError, match=r"library\.snapshot\(\)"):
            held.search("swan")
        held = library.snapshot()
    with pytest.raises(QueryError, match=r"library\.snapshot\(\)"):
        held.search("swan")
