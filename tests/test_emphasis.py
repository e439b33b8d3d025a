"""Do the words of a query count as much as `docs/semantics.md` says, and do the others?"""

from __future__ import annotations

import pytest

from balletsearch import Library, Story
from balletsearch.emphasis import emphasis
from balletsearch.query import parse
from balletsearch.query.nodes import Gap, Phrase, View, Word


def together(*texts: str, field: str = "") -> Phrase:
    """Words as a phrase of any of their forms; an empty text is a gap."""
    return Phrase(tuple(Word(t) if t else Gap() for t in texts), field)


def very(*texts: str, field: str = "") -> list[Word]:
    """Words exactly as they are."""
    return [Word(t, field, View.EXACT) for t in texts]


@pytest.mark.parametrize(
    ("text", "little", "exact", "pairs"),
    [
        pytest.param("swan", [], [], [], id="one word has nothing beside it"),
        pytest.param(
            "swan lakes", [], very("swan", "lakes"), [together("swan", "lakes")], id="neighbours"
        ),
        pytest.param(
            "who danced the swan",
            [Word("who"), Word("the")],
            very("danced", "swan"),
            [together("danced", "", "swan")],
            id="a function word between is a gap",
        ),
        pytest.param("to be or not to be", [], [], [], id="function words alone count in full"),
        pytest.param(
            'the "swan lake"', [Word("the")], [], [], id="a phrase is a word that tells something"
        ),
        pytest.param("the NOT swan", [], [], [], id="what is excluded tells nothing"),
        pytest.param(
            "dancer:anna title:swan",
            [],
            [*very("anna", field="dancer"), *very("swan", field="title")],
            [],
            id="fields of their own",
        ),
        pytest.param(
            "title:(swan lake)",
            [],
            very("swan", "lake", field="title"),
            [together("swan", "lake", field="title")],
            id="one field",
        ),
        pytest.param("path:swan words:>3", [], [], [], id="fields that are no zones"),
        pytest.param("the^3 swan", [], very("swan"), [], id="a function word that is weighted"),
        pytest.param("sw?n lake~ da*", [], [], [], id="words with signs"),
        pytest.param("swan lake~ moon", [], very("swan", "moon"), [], id="a sign between"),
        pytest.param("swan swan", [], [], [], id="a word is no neighbour of itself"),
    ],
)
def test_what_counts_beside_the_words_of_a_query(text, little, exact, pairs):
    factors, bonuses = emphasis(parse(text).tree, ["en"], neighbours=True)
    assert factors == dict.fromkeys(little, 0.2)
    assert [leaf for leaf in bonuses if isinstance(leaf, Word)] == exact
    assert [leaf for leaf in bonuses if isinstance(leaf, Phrase)] == pairs
    assert all(bonuses[pair] == 0.1 for pair in pairs)


def test_a_word_that_comes_twice_counts_twice():
    bonuses = emphasis(
        parse("swan lake swan lake", plain=True, any_word=True).tree, ["en"], neighbours=True
    ).bonuses
    assert bonuses[Word("swan", view=View.EXACT)] == 0.5
    assert bonuses[together("swan", "lake")] == pytest.approx(0.2)


def test_the_very_form_of_a_word_counts_by_its_weight():
    assert emphasis(parse("swan^2 lake").tree, ["en"]).bonuses == {
        Word("swan", view=View.EXACT): 0.5,
        Word("lake", view=View.EXACT): 0.25,
    }


def test_neighbours_count_only_where_that_is_asked_for():
    assert set(emphasis(parse("swan lake").tree, ["en"]).bonuses) == set(very("swan", "lake"))


def test_a_language_without_a_list_has_no_function_words():
    assert emphasis(parse("the swan").tree, ["ru"]).factors == {}


@pytest.mark.parametrize("engine", ["columns", "whoosh"])
def test_a_search_puts_neighbours_and_words_as_typed_first(tmp_path, engine):
    with Library.open(tmp_path / "index", engine=engine) as library:
        library.add(
            Story("a", "The lake of the swan, by night."),
            Story("b", "Night by night, the swan lake."),
            Story("c", "A lakes night: the swans, the swans."),
        )
        found = library.search("swan lake", neighbours=True)
        assert [hit.key for hit in found] == ["b", "a", "c"]
        assert [hit.key for hit in library.search("swan lake")][-1] == "c"
        alike = library.search("swan lake", emphasis=False)
        assert alike.hits[0].key == "c"
        # Neither the totals nor what is shown of a story have anything to do with it.
        assert library.search("swan OR lake", limit=1).total == 3
        assert str(library.search("swan lake").hits[0].snippet).endswith("the [swan] [lake].")


def test_what_is_like_a_story_has_no_neighbours(tmp_path):
    """The words that tell most of a story stand in an order that nobody chose."""
    with Library.open(tmp_path / "index") as library:
        library.add(
            Story("a", "swan lake"),
            Story("b", "lake swan"),
            Story("c", "swan lake"),
            Story("d", "maid"),
        )
        assert len({hit.score for hit in library.like("a")}) == 1
