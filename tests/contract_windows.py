"""Does every engine find what stands in order or near, and what looks like a pattern?

The part of the contract about `docs/semantics.md`, Phrase, Near, Wildcard and Regex: cases as
data in `cases/windows.toml`, and what takes several zones or values.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from balletsearch import parse
from balletsearch.engines.protocol import Engine
from balletsearch.errors import QueryError
from balletsearch.query.nodes import (
    And,
    Everything,
    Gap,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    Regex,
    View,
    Wildcard,
    Word,
)
from contract_ranking import idf, saturated
from contract_support import ContractBase, find, keys, needs_exact_scores, phrase, store, story

__all__ = ["WindowContract"]

FOLDER = Path(__file__).parent / "cases"
CASES = [
    case
    for name in ("windows", "units")
    for case in tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))["case"]
]


class WindowContract(ContractBase):
    """Phrases with words between, NEAR, wildcards and patterns."""

    @pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
    def test_stretches_are_those_found_by_hand(self, engine: Engine, case: dict[str, Any]) -> None:
        store(engine, *(story(key, body) for key, body in case["stories"].items()))
        query = parse(case["query"])
        assert not query.problems
        result = find(engine, query.tree)
        assert result.total == len(case["found"])
        assert {m.story.key: [[s.start, s.end] for s in m.spans] for m in result.matches} == (
            case["found"]
        )

    @pytest.mark.parametrize(
        "tree",
        [
            pytest.param(phrase("swan lake"), id="a phrase"),
            pytest.param(Phrase(phrase("swan lake").words, slop=500), id="words between"),
            pytest.param(Near(Word("swan"), Word("lake"), 500), id="near"),
            pytest.param(Phrase((Word("swan", view=View.EXACT), Gap()), "work"), id="a gap"),
        ],
    )
    def test_nothing_runs_from_one_value_or_zone_into_the_next(
        self, engine: Engine, tree: Node
    ) -> None:
        store(
            engine,
            story("a", "lake", title="Swan"),
            story("b", work=("Swan", "Lake")),
            story("c", work=("Sea", "The Swan Lake")),
            story("d", "swan", work=("Lake", "Swan")),
            story("e", work="Swan"),
        )
        [found] = find(engine, tree).matches
        assert found.story.key == "c"
        # One word and the gap before the second value: 101, and "the".
        assert [(s.zone, s.start, s.end) for s in found.spans] == [("work", 102, 104)]

    def test_the_sides_of_near_may_be_of_fields(self, engine: Engine) -> None:
        store(engine, story("a", "swan lake", title="Swan of the Lake"), story("b", "swan lake"))
        assert keys(engine, Near(Word("swan", "title"), Word("lake"), 2)) == ["a"]
        assert keys(engine, Near(Word("swan", "title"), Word("lake", "title"), 1)) == []
        assert keys(engine, Near(Word("swan", "title"), Word("lake", "body"), 9)) == []
        assert keys(engine, Near(Word("swan", "mood"), Word("lake", "mood"), 9)) == []

    def test_near_knows_surnames_where_a_phrase_does_not(self, engine: Engine) -> None:
        store(engine, story("a", dancer="Vera Volkonskaya"), story("b", dancer="Vera Volkonsky"))
        sides = Word("vera"), Word("volkonsky")
        assert sorted(keys(engine, Near(*sides, 0))) == ["a", "b"]
        assert keys(engine, Phrase(sides, slop=1)) == ["b"]

    def test_a_stretch_counts_as_one_whatever_lies_between(self, engine: Engine) -> None:
        needs_exact_scores(engine)
        told = (story("a", "swan x lake"), story("b", "swan lake swan"), story("c", "lake"))
        store(engine, *told)
        # Lengths 3, 3 and 1, on average 7/3; swan is in two of three, lake in all.
        rarity = idf(2, 3) + idf(3, 3)
        one, two = saturated(1, 3, 7 / 3), saturated(2, 3, 7 / 3)
        for tree, times in (
            (Near(Word("swan"), Word("lake"), 1), {"a": one, "b": two}),
            (Phrase(phrase("swan lake").words, slop=1), {"a": one, "b": one}),
            (Near(Or((Word("swan"), Word("sea"))), Word("lake"), 1), {"a": one, "b": two}),
        ):
            scores = {m.story.key: m.score for m in find(engine, tree).matches}
            expected = {key: rarity * tf for key, tf in times.items()}
            assert scores == pytest.approx(expected, rel=1e-6)

    def test_a_phrase_has_the_rarity_of_what_its_slots_find(self, engine: Engine) -> None:
        needs_exact_scores(engine)
        store(engine, story("a", "swan of lakes"), story("b", "swans lake"), story("c", "sea of x"))
        tree = Phrase((Prefix("swa"), Gap(), Wildcard("l?ke*")))
        # Lengths 3, 2 and 3; swan and swans are in two stories, lake and lakes too.
        [found] = find(engine, tree).matches
        assert found.score == pytest.approx(2 * idf(2, 3) * saturated(1, 3, 8 / 3), rel=1e-6)

    def test_all_words_that_fit_a_pattern_are_one_word(self, engine: Engine) -> None:
        needs_exact_scores(engine)
        store(engine, story("a", "swan swam"), story("b", "swim sea"), story("c", "sea lake"))
        expected = {"a": idf(2, 3) * saturated(2, 2, 2), "b": idf(2, 3) * saturated(1, 2, 2)}
        for tree in (Wildcard("sw?*"), Regex("sw[ai].")):
            scores = {m.story.key: m.score for m in find(engine, tree).matches}
            assert scores == pytest.approx(expected, rel=1e-6)

    @pytest.mark.parametrize(
        ("tree", "found"),
        [
            pytest.param(Wildcard("*swan*", "path"), "ac", id="path holds a word"),
            pytest.param(Wildcard("swan*", "path"), "", id="the whole path"),
            pytest.param(Regex(r"seeds/.*\.txt", "path"), "ab", id="a path between slashes"),
            pytest.param(Wildcard("?R", "language"), "bc", id="language"),
        ],
    )
    def test_patterns_of_whole_values(self, engine: Engine, tree: Node, found: str) -> None:
        store(
            engine,
            story("a", path="seeds/swan.txt", language="en"),
            story("b", path="seeds/école.txt", language=("en", "fr")),
            story("c", path="x/Swan two words.txt", language="fr"),
        )
        result = find(engine, tree)
        assert sorted(m.story.key for m in result.matches) == list(found)
        assert all((m.score, m.spans) == (0, ()) for m in result.matches)

    @pytest.mark.parametrize(
        "tree",
        [
            pytest.param(Phrase((Gap(), Gap())), id="a phrase of gaps"),
            pytest.param(Regex("(?=a)b"), id="a pattern that looks ahead"),
            pytest.param(Regex(r"(a)\1"), id="a pattern that refers back"),
            pytest.param(Regex("a)|(b"), id="brackets the wrong way round"),
            pytest.param(Regex("a", "words"), id="a pattern of numbers"),
            pytest.param(Wildcard("2*6", "modified"), id="wildcards in dates"),
            pytest.param(Phrase((Word("a"), Prefix("b")), "path"), id="signs in a whole value"),
            pytest.param(Near(Word("a"), Everything(), 1), id="near to everything"),
            pytest.param(Near(Word("a"), Range("words", "1"), 1), id="near to a range"),
            pytest.param(Near(Word("a"), Not(Word("b")), 1), id="near to what is not there"),
            pytest.param(Near(And((Word("a"), Word("b"))), Word("c"), 1), id="near to both"),
            pytest.param(Near(Or((Word("a"), Not(Word("b")))), Word("c"), 1), id="within or"),
            pytest.param(Near(Word("a", "path"), Word("b"), 1), id="near to a whole value"),
            pytest.param(Near(Or(()), Word("b"), 1), id="near to none of none"),
        ],
    )
    def test_what_cannot_be_meant_is_a_query_error(self, engine: Engine, tree: Node) -> None:
        store(engine, story("a", "swan a b", path="x", words=3))
        with pytest.raises(QueryError):
            find(engine, tree)

    def test_stories_left_out_are_in_no_hit_total_or_facet(self, engine: Engine) -> None:
        store(engine, *(story(key, "swan", mood="sad") for key in "abc"), story("d", "lake"))
        whole = find(engine, Word("swan"), facets=("mood",))
        some = find(engine, Word("swan"), facets=("mood",), without=("b", "nobody"))
        assert [m.story.key for m in some.matches] == ["a", "c"]
        assert some.total == 2
        assert [(v.value, v.count) for v in some.facets["mood"].values] == [("sad", 2)]
        # What is left out is of the collection all the same.
        assert some.matches[0].score == whole.matches[0].score
        assert find(engine, Not(Word("lake")), without=("a", "b", "c")).total == 0
