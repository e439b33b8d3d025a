"""What does a query text mean, and what does it say when it cannot be meant?"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from balletsearch import QueryError, parse
from balletsearch.fields import FIELDS
from balletsearch.query import trees
from balletsearch.query.nodes import (
    And,
    Everything,
    Fuzzy,
    Gap,
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
from balletsearch.query.parsing import MAX_LENGTH
from balletsearch.query.trees import MAX_DEPTH, check_depth
from examples import examples

CUSTOM = ("year",)
CASES = tomllib.loads((Path(__file__).parent / "cases" / "queries.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["why"])
def test_a_query_means_what_a_reader_would_expect(case):
    query = parse(case["text"], custom_fields=CUSTOM)
    assert str(query.tree) == case["tree"]
    assert [[p.start, p.end] for p in query.problems] == case.get("problems", [])


@pytest.mark.parametrize("case", [c for c in CASES if "problems" in c], ids=lambda c: c["why"])
def test_strict_raises_where_there_is_a_problem(case):
    with pytest.raises(QueryError) as error:
        parse(case["text"], custom_fields=CUSTOM, strict=True)
    assert [[p.start, p.end] for p in error.value.problems] == case["problems"]


@pytest.mark.parametrize("text", ["", "   ", "AND", "NOT", "-", "()", "(", '""', "&&", "((", "a:"])
def test_a_query_without_a_word_is_an_error_or_a_word(text):
    if text == "a:":
        assert parse(text).tree == Word("a")
        return
    with pytest.raises(QueryError):
        parse(text)


def test_an_unknown_field_comes_with_a_suggestion():
    (problem,) = parse("dancr:swan").problems
    assert problem.suggestion == "dancer"


@pytest.mark.parametrize(
    ("low", "high", "turned"),
    [
        pytest.param("500", "300", True, id="whole numbers"),
        pytest.param("9.5", "9", True, id="a decimal and a whole number"),
        pytest.param("9.5", "10", False, id="as numbers, not as text"),
        pytest.param("-0.1", "-0.2", True, id="below nought"),
        pytest.param("9.50", "9.5", False, id="equal ones"),
        pytest.param("inf", "3", False, id="a word that Python takes for a number"),
        pytest.param("1e3", "5", False, id="an exponent"),
        pytest.param("1.2.3", "1", False, id="a version"),
        pytest.param("2026-03-05", "2025-01-01", False, id="dates"),
    ],
)
def test_a_range_of_numbers_the_wrong_way_round_is_turned(low, high, turned):
    query = parse(f"year:[{low} TO {high}]", custom_fields=CUSTOM)
    assert query.tree == (Range("year", high, low) if turned else Range("year", low, high))
    assert len(query.problems) == turned


def test_any_word_joins_neighbours_with_or_and_keeps_not_apart():
    query = parse("a b -c d AND e", any_word=True)
    assert str(query) == "(a OR b OR (d AND e)) AND NOT c"


@pytest.mark.parametrize("text", ['"a (b', "AND", "a:b~9 [", "", "\x00 *", "a" * 30_000])
def test_plain_takes_every_sign_as_a_separator_and_cannot_fail(text):
    tree = parse(text, plain=True).tree
    assert all(isinstance(leaf, Word) for leaf in trees.leaves(tree))


def test_plain_finds_words_that_are_operators_elsewhere():
    assert parse("this AND that", plain=True).tree == And((Word("this"), Word("and"), Word("that")))


def test_too_long_and_too_deep_are_refused_with_the_limit():
    with pytest.raises(QueryError, match=str(MAX_LENGTH)):
        parse("a " * MAX_LENGTH)
    fields = "title:" * 1_600 + "a", "swan:" * 1_900 + "a"
    chains = "a" + " NEAR/1 a" * 1_000, "(" * 60 + "a" + " NEAR/1 a NEAR/2 b)" * 60
    for deep in ("(" * 3_000 + "a", "NOT " * 2_000 + "a", "-(" * 1_000 + "a", *fields, *chains):
        with pytest.raises(QueryError, match=str(MAX_DEPTH)):
            parse(deep)


NESTINGS = {
    "not": Not,
    "and": lambda inner: And((Word("a"), inner)),
    "or": lambda inner: Or((inner, Word("a"))),
    "near": lambda inner: Near(inner, Word("a"), 3),
    "twice the same": lambda inner: And((inner, inner)),
}


@pytest.mark.parametrize("nested", NESTINGS.values(), ids=NESTINGS)
def test_a_tree_is_as_deep_as_a_query_may_be(nested):
    tree = Word("swan")
    for _ in range(MAX_DEPTH - 1):
        tree = nested(tree)
    check_depth(tree)
    with pytest.raises(QueryError, match=str(MAX_DEPTH)):
        check_depth(nested(tree))
    for _ in range(3_000):
        tree = nested(tree)
    with pytest.raises(QueryError, match=str(MAX_DEPTH)):
        check_depth(tree)


def test_a_query_of_too_many_words_is_refused():
    with pytest.raises(QueryError, match="more than 1000 words"):
        parse("a " * 1_001)
    with pytest.raises(QueryError, match="more than 1000 words"):
        parse("a NEAR/1 b " * 501)


def test_a_distance_of_many_digits_is_too_large_like_any_other():
    assert str(parse("swan~" + "9" * 5_000)) == "swan~2"
    assert str(parse("swan~001")) == "swan~1"


@pytest.mark.parametrize("piece", ["a ", '"a b" ', "(a) ", "a OR ", "dancer:a ", "x~1 ", "-a "])
def test_a_query_of_many_pieces_is_read_whole(piece):
    query = parse(piece * 900)
    assert len(list(trees.leaves(query.tree))) == 900


@given(st.text(max_size=60) | st.text(alphabet='ab "()*~:-[]{}ANDORNOTO^/?!NEAR/1\\', max_size=40))
@example("dancer:(words:[1 TO 2] OR x)")
def test_any_text_gives_a_query_or_a_query_error(text):
    try:
        query = parse(text, custom_fields=CUSTOM)
    except QueryError:
        return
    for problem in query.problems:
        assert 0 <= problem.start <= problem.end <= len(query.text)


word_texts = st.sampled_from(["swan", "plié", "o'er", "Moscow's", "1877", "天", "Дягилев"])
zones = st.sampled_from(["", *(f.name for f in FIELDS.values() if f.zone), "year"])
words = st.builds(Word, word_texts, zones, st.sampled_from(View))


wildcards = st.sampled_from(["sw?n", "*date", "pl*é", "d??c*", "19*9"])
patterns = st.sampled_from(["sw.n", "(a|b)+", "a/b", r"\d{4}", r"[^/]\.", "Plié"])
slots = st.one_of(
    st.builds(Prefix, word_texts.filter(str.isalnum)),
    st.builds(Fuzzy, word_texts, st.sampled_from([None, 0, 1, 2])),
    st.builds(Wildcard, wildcards),
)


def phrases(view: View) -> st.SearchStrategy[Phrase]:
    word = st.builds(Word, word_texts, view=st.just(view))
    inner = st.lists(st.one_of(word, word, slots, st.builds(Gap)), max_size=2)
    slop = st.sampled_from([0, 0, 1, 12]) if view is View.EXACT else st.just(0)

    def around(first: Word, between: list[Slot], last: Slot) -> tuple[Slot, ...]:
        return (first, *between, last)

    parts = st.builds(around, word, inner, st.one_of(word, slots))
    return st.builds(Phrase, parts, zones, slop)


numbers = st.sampled_from(["300", "500", "100.5"])
ranges = st.builds(
    Range,
    st.sampled_from(["words", "modified", "year"]),
    st.sampled_from(["", "100"]),
    numbers,
    st.booleans(),
    st.booleans(),
)
tree_leaves = st.one_of(
    words,
    phrases(View.EXACT),
    phrases(View.STEM),
    st.lists(word_texts, min_size=2, max_size=3).flatmap(
        lambda texts: st.builds(
            lambda field, slop: Phrase(
                tuple(Word(text, view=View.TYPED) for text in texts), field, slop
            ),
            zones,
            st.sampled_from([0, 2]),
        )
    ),
    st.builds(Sound, word_texts.filter(str.isalnum), zones),
    st.builds(Prefix, word_texts.filter(str.isalnum), zones),
    st.builds(Fuzzy, word_texts, st.sampled_from([None, 0, 1, 2]), zones),
    st.builds(Wildcard, wildcards, zones),
    st.builds(Regex, patterns, zones),
    ranges,
    st.builds(Everything, zones),
)


def joined(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(children, min_size=2, max_size=3).map(tuple)
    weighable = children.filter(lambda node: not isinstance(node, Not | Range | Everything))
    factors = st.integers(1, 1_000_000).filter(lambda n: n != 1000).map(lambda n: n / 1000)
    return st.one_of(
        st.builds(And, several),
        st.builds(Or, several),
        st.builds(Not, children),
        st.builds(Weighted, weighable, factors),
    )


placed = tree_leaves.filter(trees.positional)
_sides = st.recursive(
    placed,
    lambda side: st.one_of(
        st.builds(Or, st.lists(side, min_size=2, max_size=3).map(tuple)),
        st.builds(Near, side, side, st.integers(0, 12)),
        st.builds(Within, st.sampled_from(Unit), st.lists(side, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=4,
)


@st.composite
def sides(draw: st.DrawFn) -> Node:
    """What may be near to something. Hypothesis writes out in full what is no function."""
    return draw(_sides)


some_leaves = st.one_of(
    tree_leaves,
    st.builds(Near, sides(), sides(), st.integers(0, 12)),
    st.builds(Within, st.sampled_from(Unit), st.lists(sides(), min_size=2, max_size=3).map(tuple)),
)


@given(st.recursive(some_leaves, joined, max_leaves=8))
@settings(max_examples=examples(3_000))
def test_a_tree_prints_as_a_text_that_parses_to_the_same_tree(tree):
    query = parse(str(tree), custom_fields=CUSTOM)
    assert query.tree == tree
    assert not query.problems


@given(st.recursive(some_leaves, joined, max_leaves=6))
def test_every_leaf_knows_its_place_in_the_text(tree):
    query = parse(str(tree), custom_fields=CUSTOM)
    for leaf in trees.leaves(query.tree):
        typed = query.text[leaf.start : leaf.end]
        if isinstance(leaf, Word | Prefix | Fuzzy | Wildcard):
            assert leaf.text in typed
        if isinstance(leaf, Regex | Near | Within):
            assert typed == str(leaf).removeprefix(f"{getattr(leaf, 'field', '')}:")
