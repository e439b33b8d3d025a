"""Does an explanation say what the search did?"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balletsearch import Library, Story
from balletsearch.explaining import SHOWN, explained
from balletsearch.query import Query
from brute_force import BruteForceEngine
from contract_strategies import LANGUAGES, histories, requests, untyped
from examples import examples

STORIES = (
    Story("a", "The swan and the Swan of the lake. Swans danced.", {"title": "Swan Lake"}),
    Story("b", "A lake. She danced, dances, dancing.", {"work": "Giselle"}),
    Story("c", "Sea " * 30 + "swan"),
)


@pytest.fixture(params=["columns", "whoosh"])
def library(request, tmp_path):
    with Library.open(tmp_path / "index", engine=request.param) as library:
        library.add(*STORIES[:2])
        library.add(STORIES[2])
        yield library


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("swan lake", {"any_word": True}),
        ("+swan the lake", {}),
        ("swan^3 OR (danc* NOT sea)^0.5", {}),
        ('"swan lake" OR swna~ OR lake SENT swan', {}),
        ("swan OR work:* OR -lake", {}),
        ("the swan of the lake", {"neighbours": True, "any_word": True}),
        ("the swan", {"emphasis": False, "any_word": True}),
        ("swan", {"expand": True}),
    ],
)
def test_the_shares_of_a_story_add_up_to_its_score(library, text, options):
    any_word = options.get("any_word", False)
    how = {k: v for k, v in options.items() if k != "any_word"}
    results = library.search(text, any_word=any_word, **how)
    explanation = library.explain(text, any_word=any_word, **how)
    assert results.total
    assert explanation.tree == str(results.query)
    assert explanation.stories.keys() == {hit.key for hit in results}
    for hit in results:
        shares = explanation.stories[hit.key]
        assert sum(share.score for share in shares) == pytest.approx(hit.score, rel=1e-9)


def test_a_word_is_shown_with_all_that_it_stands_for(library):
    words = {word.asked: word for word in library.explain("body:danc* body:dance zebra~").words}
    assert words["body:danc*"].forms == (("danced", 2), ("dances", 1), ("dancing", 1))
    assert words["body:dance"].forms == words["body:danc*"].forms
    assert (words["zebra~"].forms, words["zebra~"].total) == ((), 0)


def test_words_within_phrases_and_sentences_are_shown_in_their_field(library):
    explanation = library.explain('title:"swa* lake" OR swan SENT (lake OR "sea * swan")')
    asked = [word.asked for word in explanation.words]
    assert asked[:2] == ["title:swa*", 'title:"lake"']
    assert set(asked[2:]) == {"swan", "lake", '"sea"', '"swan"'}
    assert explanation.words[0].forms == (("swan", 1),)


def test_only_the_most_frequent_of_many_are_named(tmp_path):
    many = " ".join(f"swan{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(2 * SHOWN))
    with Library.open(tmp_path / "index") as library:
        library.add(Story("a", f"{many} swanzz swanzz"))
        (word,) = library.explain("swan*").words
    assert (len(word.forms), word.total) == (SHOWN, 2 * SHOWN + 1)
    assert word.forms[0] == ("swanzz", 2)


def test_sorted_by_a_field_no_story_has_shares(library):
    assert library.explain("swan", sort="title").stories == {}


@given(histories(), st.lists(requests(), min_size=1, max_size=4))
@settings(max_examples=examples(40))
def test_shares_add_up_whatever_is_asked(history, asked):
    from dataclasses import replace

    from balletsearch.answering import Snippets, results_of

    engine = BruteForceEngine(LANGUAGES)
    history.replay(engine)
    for one in asked:
        request = replace(one, tree=untyped(one.tree), sort=())
        query = Query(str(request.tree), request.tree)
        results = results_of(query, request, engine.reader(), Snippets(0))
        explanation = explained(results, request, engine.reader())
        for hit in results:
            shares = explanation.stories[hit.key]
            assert sum(s.score for s in shares) == pytest.approx(hit.score, rel=1e-9, abs=1e-12)
