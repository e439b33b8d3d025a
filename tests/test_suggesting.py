"""Is what is suggested what was meant, and is nothing suggested where nothing is wrong?"""

from __future__ import annotations

import tomllib
from functools import cache
from itertools import takewhile
from math import exp
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from balletsearch import Library, Story, parse
from balletsearch.engines import ENGINES
from balletsearch.engines.protocol import Spelling
from balletsearch.query.nodes import And, Query, Word
from balletsearch.suggesting import edits, meanings
from balletsearch.suggesting.doubt import doubted, may_be_doubted
from balletsearch.suggesting.edits import cost
from balletsearch.suggesting.trees import correctable
from balletsearch.suggesting.words import Meaning

CASES = tomllib.loads((Path(__file__).parent / "cases" / "suggestions.toml").read_text("utf-8"))
PASSAGES = 132_102

# What a mistake costs.

letters = st.text(st.sampled_from("abetsй'"), max_size=7)


def slow_cost(typed: str, meant: str) -> float:
    """The same by trying every edit everywhere, from the end of what differs on."""
    start = alike(typed, meant)
    end = alike(typed[start:][::-1], meant[start:][::-1])

    @cache
    def least(i: int, j: int) -> float:
        if i == j == start:
            return 0.0
        ways = []
        if i > start:
            ways.append(least(i - 1, j) + single(typed, i - 1, edits.PLAIN, edits.PLAIN))
        if j > start:
            left_out = (edits.LEFT_OUT, edits.LEFT_OUT_VOWEL)
            ways.append(least(i, j - 1) + single(meant, j - 1, *left_out))
        if i > start and j > start:
            first = edits.FIRST if i == j == 1 else 0.0
            ways.append(least(i - 1, j - 1) + changed(typed[i - 1], meant[j - 1], first))
        if min(i, j) > start + 1 and typed[i - 2 : i] == meant[j - 2 : j][::-1]:
            swapped = edits.SWAPPED + (edits.FIRST if i == j == 2 else 0.0)
            ways.append(least(i - 2, j - 2) + swapped)
        return min(ways)

    return least(len(typed) - end, len(meant) - end)


def alike(one: str, other: str) -> int:
    """How many letters two words begin with alike."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def single(word: str, at: int, consonant: float, vowel: float) -> float:
    """The price of a letter too many or too few."""
    beside = {word[i] for i in (at - 1, at + 1) if 0 <= i < len(word)}
    price = vowel if word[at] in "ae" else consonant
    if word[at] in beside or word[at] == "'":
        price = edits.DOUBLED
    return price + (edits.FIRST if at == 0 else 0)


def changed(one: str, other: str, first: float) -> float:
    """The price of one of `letters` for another."""
    if one == other:
        return 0.0
    pair = {one, other}
    if pair in ({"a", "e"}, {"s", "t"}):
        return edits.SOUND + first
    beside = pair in ({"a", "s"}, {"e", "s"})  # on the keyboard
    return (edits.KEY if beside else edits.PLAIN) + first


@given(letters, letters)
def test_the_cost_is_the_least_of_all_ways(typed, meant):
    assert cost(typed, meant) == pytest.approx(slow_cost(typed, meant))


@given(letters, letters)
def test_every_edit_costs_at_least_the_cheapest_and_at_most_a_plain_first_one(typed, meant):
    distance = OSA.distance(typed, meant)
    least, most = edits.CHEAPEST, edits.PLAIN + edits.FIRST
    assert least * distance - 1e-9 <= cost(typed, meant) <= most * distance + 1e-9


@pytest.mark.parametrize("case", CASES["better"], ids=lambda case: case["why"])
def test_the_likelier_mistake_costs_less(case):
    assert cost(case["typed"], case["better"]) < cost(case["typed"], case["worse"])


# When a word is doubted.


@pytest.mark.parametrize("case", CASES["doubt"], ids=lambda case: case["why"])
def test_a_word_is_doubted_that_is_rarer_than_the_mistake(case):
    near = Meaning(case["near"], case["near_stories"], cost(case["typed"], case["near"]))
    found = case.get("found", case["stories"])
    said = doubted(case["typed"], case["stories"], near, found)
    assert said is case["speaks"]
    assert not said or may_be_doubted(case["stories"], PASSAGES, found)


@given(
    st.tuples(st.integers(0, 1000), st.integers(1, 1000), st.integers(0, 1000)),
    st.integers(0, 10),
    letters.filter(bool),
    letters.filter(bool),
)
def test_what_may_not_be_doubted_is_not(counts, found, typed, meant):
    stories, near, more = counts
    if typed != meant:
        meaning = Meaning(meant, near, cost(typed, meant))
        if doubted(typed, stories, meaning, found):
            assert may_be_doubted(stories, near + more, found)


# Which words are meant.


class Lexicon:
    """What the suggester asks of a reader: words, each in so many stories."""

    def __init__(self, **words: int) -> None:
        self.words = words
        self.asked: list[int] = []

    def near(self, text: str, most: int) -> list[Spelling]:
        self.asked.append(most)
        away = {word: OSA.distance(text, word) for word in self.words}
        return [Spelling(w, d, self.words[w]) for w, d in away.items() if d <= most]


def meant(words: Lexicon, typed: str) -> list[str]:
    return [meaning.text for meaning in meanings(words, typed)]  # type: ignore[arg-type]


def test_of_words_as_near_the_more_frequent_one_is_meant():
    assert meant(Lexicon(lane=3, lame=300, lace=30), "lae")[0] == "lame"


def test_a_small_mistake_outweighs_some_frequency_and_not_any():
    assert meant(Lexicon(ballet=10, pallet=40), "balet") == ["ballet", "pallet"]
    assert meant(Lexicon(plan=1, place=100_000), "plae")[0] == "place"


def test_the_word_itself_is_not_what_else_may_be_meant():
    assert meant(Lexicon(swan=9, swam=1), "Swan") == ["swam"]
    assert meant(Lexicon(plie=9), "plié") == []


def test_a_third_edit_is_looked_for_only_where_nothing_nearer_is_a_small_mistake():
    words = Lexicon(curtains=100)
    assert meant(words, "courtens") == ["curtains"]
    assert words.asked == [2, 3]
    words = Lexicon(separate=100)
    assert meant(words, "seperate") == ["separate"]
    assert words.asked == [2]
    words = Lexicon(curtains=100)
    assert meant(words, "ctens") == []
    assert words.asked == [2]


@pytest.mark.parametrize("typed", ["", "a", "..."])
def test_one_letter_means_itself(typed):
    assert meant(Lexicon(ab=3, b=2), typed) == []


# Whole queries.


@pytest.fixture(scope="module", params=ENGINES)
def library(request, tmp_path_factory):
    with Library.open(tmp_path_factory.mktemp("meant") / "index", engine=request.param) as library:
        library.replace(
            "all",
            [
                Story("1", "The swan danced by the lake.", {"dancer": "Wiktoria Kovalova"}),
                Story("2", "A swan in Moscow, with hands like wings", {"dancer": "Anna Lake"}),
                Story("3", "The firebird of Moscow", {"work": "Swan Lake"}),
                Story("4", "They like the lane and take cake, pas de deux"),
                Story("5", "Remember'd in 1909"),
            ],
        )
        yield library


QUERIES = [
    ("laek", "lake"),
    ("swan laek", "swan lake"),
    ("SWAN, Laek!", "SWAN, Lake!"),
    ("swna AND laek", "swan AND lake"),
    ("(swna OR firebrid) -lane", "(swan OR firebird) -lane"),
    ("dancer:kovalva", "dancer:kovalova"),
    ("dancer:(kovalva OR lkae)", "dancer:(kovalova OR lake)"),
    ('"swna lake"', '"swan lake"'),
    ("swan NEAR/4 laek", "swan NEAR/4 lake"),
    ("moscow work:laek", "moscow work:lake"),
    ("pas-de-deus", "pas-de-deux"),
    ("moscow swna~ firebrd", "moscow swna~ firebird"),
    ("laek swan*", "lake swan*"),
    ("swan laek words:>1", "swan lake words:>1"),
    ("swan^2 laek^3", "swan^2 lake^3"),
    ("(swna danced)^2", "(swan danced)^2"),
    ("swan SENT laek", "swan SENT lake"),
    ("swna PARA (laek OR wings)", "swan PARA (lake OR wings)"),
    ("+swna +moscow", "+swan +moscow"),
]


@pytest.mark.parametrize(("typed", "right"), QUERIES, ids=[typed for typed, _ in QUERIES])
def test_a_query_is_corrected_as_a_whole_and_its_signs_stay(library, typed, right):
    found = library.search(typed).suggestion
    assert (found.text if found else "") == right
    if found:
        assert library.search(right).total == found.total > 0


SILENT = {
    "swan lake": "every word is there",
    "laek~": "a fuzzy word looks for its neighbours itself",
    "lkae*": "a beginning",
    "l?ek": "a pattern",
    "/laek/": "a pattern",
    "dancer:@kovolva": "what sounds like it is looked for",
    "laek..lane": "one after the other, as lake and lane never stand",
    "path:laek": "taken whole",
    "language:em": "taken whole",
    "swan -laek": "what is left out is not looked for",
    "swan xqzvk": "nothing is near",
    "remember'd": "spelled so on purpose",
    "work:[a TO laek]": "a range",
    "*": "no word",
}


@pytest.mark.parametrize("typed", SILENT, ids=[f"{typed}: {why}" for typed, why in SILENT.items()])
def test_nothing_is_suggested_where_nothing_can_be_meant(library, typed):
    assert library.search(typed).suggestion is None
    assert library.suggest(typed) == ()


def test_two_corrections_that_never_stand_together_are_passed_over(library):
    # "lake" is likelier than "lane", which is as near and rarer, and never beside "cake".
    assert library.suggest("lae")[0].text == "lake"
    assert library.search("cake lae").suggestion.text == "cake lane"
    assert library.search("firebrid wnigs").suggestion is None


def test_quotes_mean_exactly_these_words_where_they_stand_somewhere(library):
    assert library.search('"danced lake"').suggestion is None
    assert library.search('"wings laek"').suggestion is None, "no story has wings before lake"
    assert library.search('"the laek"').suggestion.text == '"the lake"'


def test_a_suggestion_keeps_to_the_selections_of_the_search(library):
    assert library.search("moscw").suggestion.total == 2
    assert library.search("moscw", where={"work": "Swan Lake"}).suggestion.total == 1
    assert library.search("moscw", where={"work": "Giselle"}).suggestion is None
    assert library.suggest("moscw", where={"work": "Swan Lake"})[0].total == 1


def test_a_suggestion_is_asked_as_the_query_was(library):
    found = library.search("laek juggler", any_word=True)
    assert found.suggestion.text == "lake juggler"
    assert library.search("lake juggler", any_word=True).total == found.suggestion.total
    assert library.search("swna (laek", plain=True).suggestion.text == "swan (lake"


def test_nobody_is_told_who_does_not_ask(library):
    assert library.search("laek", suggest=False).suggestion is None


def test_several_queries_may_be_meant(library):
    found = library.suggest("lkae")
    assert found[0].text == "lake"
    assert len({one.text for one in found}) == len(found)
    assert library.suggest("lkae", limit=1) == found[:1]
    with library.snapshot() as held:
        assert held.suggest("lkae") == found


def test_a_query_that_is_no_text_is_left_alone(library):
    assert library.search(parse("laek")).suggestion is None


def test_words_of_saved_queries_are_no_words_of_the_text():
    tree = And((Word("swan", start=6, end=10), Word("laek", start=12, end=16)))
    assert [w.text for w in correctable(Query("query:swan, laek", tree))] == ["laek"]
    twice = And((Word("swan", end=4), Word("swan", "title", end=4), Word("lake", start=2, end=6)))
    assert correctable(Query("swan", twice)) == []


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    with Library.open(tmp_path_factory.mktemp("small") / "index") as library:
        library.add(Story("1", "the swan lake", {"dancer": "Kovalova"}))
        library.add(Story("2", "moscow swan danced a pas de deux in 1909", {"dancer": "Swan"}))
        library.add(Story("3", "the firebird", {"dancer": "Lake"}))
        yield library


def test_what_is_asked_for_as_it_is_typed_is_left_alone(small):
    assert small.search('="laek"').suggestion is None
    assert small.search('="laek" swna').suggestion is None
    assert small.search('="lake" swna').suggestion.text == '="lake" swan'


words = st.sampled_from(
    [*("swan", "swna", "lake", "laek", "Moscw", "firebrid", "danced", "kovalva", "dux", "1990")]
)
signs = st.sampled_from([" ", " ", " OR ", " AND ", " -", " dancer:", ' "', '" ', " (", ") ", "-"])


@given(st.lists(st.tuples(words, signs), min_size=1, max_size=5))
def test_a_suggestion_finds_what_it_says_and_means_what_it_is(small, steps):
    text = "".join(word + sign for word, sign in steps)
    for one in small.suggest(text):
        again = small.search(one.text, limit=0)
        assert again.total == one.total >= max(1, small.search(text).total)
        assert len(again.problems) == len(parse(text).problems)


def test_the_score_is_the_logarithm_of_the_stories_with_the_mistake():
    assert exp(Meaning("swan", 100, 0.0).score) == pytest.approx(100)
