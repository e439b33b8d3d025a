"""Is half a character in a query no reason for an error, whatever kind of word it is in?

No text that is kept has one, so no beginning and no pattern that has one can fit; between words
it is a sign like any other.
"""

from __future__ import annotations

import pytest

from balletsearch import Library, Query, Story
from balletsearch.query.nodes import Fuzzy, Near, Node, Phrase, Prefix, View, Wildcard, Word

HALF = "a\ud800"


@pytest.mark.parametrize("engine", ["columns", "whoosh"])
@pytest.mark.parametrize(
    "tree",
    [
        pytest.param(Prefix(HALF), id="a beginning"),
        pytest.param(Wildcard(HALF + "*"), id="a wildcard"),
        pytest.param(Wildcard("*" + HALF), id="a wildcard at the front"),
        pytest.param(Phrase((Word("a", view=View.EXACT), Prefix(HALF))), id="in a phrase"),
        pytest.param(Near(Word("a"), Prefix(HALF), 3), id="near"),
        pytest.param(Prefix(HALF, "path"), id="the beginning of a path"),
        pytest.param(Wildcard(HALF + "*", "path"), id="a wildcard for a path"),
    ],
)
def test_half_a_character_is_nowhere(tmp_path, engine: str, tree: Node):
    with Library.open(tmp_path / "index", engine=engine) as library:
        library.add(Story("x", "a swan in a boat", fields={"path": ("a/b",)}))
        assert library.search(Query("x", tree)).total == 0


@pytest.mark.parametrize("engine", ["columns", "whoosh"])
@pytest.mark.parametrize(
    "tree", [Word(HALF), Word(HALF, view=View.EXACT), Fuzzy(HALF)], ids=["stem", "exact", "fuzzy"]
)
def test_behind_a_word_half_a_character_is_no_part_of_it(tmp_path, engine: str, tree: Node):
    with Library.open(tmp_path / "index", engine=engine) as library:
        library.add(Story("x", "a swan in a boat"))
        assert library.search(Query("x", tree)).total == 1
