"""Are scores, order, pages and ranges what the table says?

The part of the contract about `docs/semantics.md`, "Score", and about values between bounds.
Expected scores are written out as sums, never copied from an engine.
"""

from __future__ import annotations

from math import log

import pytest

from balletsearch.engines.protocol import Engine, Sort
from balletsearch.errors import QueryError
from balletsearch.model import Story
from balletsearch.query.nodes import (
    And,
    Everything,
    Fuzzy,
    Node,
    Not,
    Or,
    Prefix,
    Range,
    View,
    Word,
)
from contract_support import ContractBase, find, keys, needs_exact_scores, phrase, store, story

__all__ = ["OrderContract", "RangeContract", "ScoreContract", "idf", "saturated"]


def idf(df: int, of: int) -> float:
    """ln(1 + (N - df + 0.5) / (df + 0.5))."""
    return log(1 + (of - df + 0.5) / (df + 0.5))


def saturated(tf: float, length: float, average: float) -> float:
    """tf / (tf + k1 (1 - b + b length / average)) with k1 = 1.2 and b = 0.6."""
    return tf / (tf + 1.2 * (0.4 + 0.6 * length / average))


class ScoreContract(ContractBase):
    """Scores computed by hand."""

    def check(
        self, engine: Engine, tree: Node, expected: dict[str, float], **options: object
    ) -> None:
        """The scores are these, and the order is by them."""
        needs_exact_scores(engine)
        scores = {m.story.key: m.score for m in find(engine, tree, **options).matches}
        assert scores == pytest.approx(expected, rel=1e-6, abs=1e-12)
        assert list(scores) == sorted(expected, key=lambda key: (-expected[key], key))

    def three(self, engine: Engine) -> None:
        """Stories of 3, 2 and 1 words, 2 on average."""
        store(engine, story("a", "swan swan lake"), story("b", "swan maid"), story("c", "lake"))

    def test_a_word_scores_by_its_rarity_its_number_and_the_length(self, engine: Engine) -> None:
        self.three(engine)
        # N = 3, df = 2: ln(1 + 1.5 / 2.5) = ln 1.6
        # a: 2 / (2 + 1.2 · (0.4 + 0.6 · 3/2)) = 2 / 3.56
        # b: 1 / (1 + 1.2 · (0.4 + 0.6 · 2/2)) = 1 / 2.2
        self.check(engine, Word("swan"), {"a": log(1.6) * 2 / 3.56, "b": log(1.6) / 2.2})

    def test_a_word_in_the_title_counts_twice_and_is_twice_as_long(self, engine: Engine) -> None:
        store(engine, story("a", "maid", title="swan"), story("b", "swan maid sea"))
        # Lengths are 2 · 1 + 1 = 3 and 3; df = 2 of 2: ln(1 + 0.5 / 2.5) = ln 1.2
        # a: tf 2, 2 / (2 + 1.2); b: tf 1, 1 / (1 + 1.2)
        self.check(engine, Word("swan"), {"a": log(1.2) * 2 / 3.2, "b": log(1.2) / 2.2})

    def test_a_phrase_has_the_rarity_of_all_its_words(self, engine: Engine) -> None:
        self.three(engine)
        # Each of the words stands in two of three stories, the phrase itself in one only.
        self.check(engine, phrase("swan lake"), {"a": 2 * log(1.6) * 1 / 2.56})

    def test_each_word_of_a_phrase_counts_also_if_it_comes_again(self, engine: Engine) -> None:
        self.three(engine)
        self.check(engine, phrase("swan swan"), {"a": 2 * log(1.6) * 1 / 2.56})

    def test_the_rarity_of_a_phrase_leaves_surname_keys_aside(self, engine: Engine) -> None:
        store(engine, story("a", "Vera Volkonsky"), story("b", dancer="Volkonskaya"))
        # As a leaf the word is in both stories, in a phrase in one of the two.
        expected = {"a": 2 * idf(1, 2) * saturated(1, 2, 1.5)}
        self.check(engine, phrase("vera volkonsky", view=View.STEM), expected)

    def test_the_rarity_of_a_phrase_is_that_of_its_zone(self, engine: Engine) -> None:
        store(engine, story("a", title="Swan Lake"), story("b", "swan"), story("c", "lake"))
        # Lengths 4, 1 and 1; in titles each word is in one story of three.
        expected = {"a": 2 * idf(1, 3) * saturated(2, 4, 2)}
        self.check(engine, phrase("swan lake", "title"), expected)

    def test_a_prefix_is_one_word_of_many_forms(self, engine: Engine) -> None:
        store(engine, story("a", "swan swam"), story("b", "swim sea"), story("c", "sea lake"))
        expected = {"a": idf(2, 3) * saturated(2, 2, 2), "b": idf(2, 3) * saturated(1, 2, 2)}
        self.check(engine, Prefix("sw"), expected)

    def test_a_fuzzy_word_counts_less_the_further_it_is(self, engine: Engine) -> None:
        store(engine, story("a", "swan"), story("b", "swam"), story("c", "swim"))
        # Four letters: no edit counts 1, one edit 3/4, two 2/4.
        factors = {"a": 1.0, "b": 0.75, "c": 0.5}
        expected = {key: idf(3, 3) * saturated(tf, 1, 1) for key, tf in factors.items()}
        self.check(engine, Fuzzy("swan", 2), expected)

    def test_scores_of_and_and_or_add_up(self, engine: Engine) -> None:
        self.three(engine)
        swan, lake = 2 / 3.56, 1 / 2.56
        self.check(engine, And((Word("swan"), Word("lake"))), {"a": log(1.6) * (swan + lake)})
        either = {
            "a": log(1.6) * (swan + lake),
            "b": log(1.6) / 2.2,
            "c": log(1.6) / (1 + 1.2 * (0.4 + 0.6 * 1 / 2)),
        }
        self.check(engine, Or((Word("swan"), Word("lake"))), either)

    def test_a_failed_and_adds_nothing_to_the_score(self, engine: Engine) -> None:
        self.three(engine)
        tree = Or((And((Word("swan"), Word("sea"))), Word("maid")))
        self.check(engine, tree, {"b": idf(1, 3) / 2.2})

    def test_not_range_and_everything_add_nothing(self, engine: Engine) -> None:
        store(engine, story("a", "swan", words=1), story("b", "swan", words=1), story("c", "sea"))
        plain = And((Word("swan"), Not(Word("sea")), Range("words", "1"), Everything()))
        score = idf(2, 3) / 2.2
        self.check(engine, plain, {"a": score, "b": score})
        self.check(engine, Not(Word("swan")), {"c": 0.0})

    def test_a_leaf_counts_as_much_as_the_request_says(self, engine: Engine) -> None:
        self.three(engine)
        swan, lake = Word("swan"), Word("lake")
        expected = {"a": log(1.6) * (0.2 * 2 / 3.56 + 1 / 2.56)}
        self.check(engine, And((swan, lake)), expected, factors={swan: 0.2})

    def test_a_bonus_adds_to_what_matches_and_matches_nothing(self, engine: Engine) -> None:
        self.three(engine)
        # Word order decides: "swan lake" is in a, and adds half of its own score there. That c
        # has a bonus too is of no use to it, since it does not match.
        phrased, lake = phrase("swan lake"), Word("lake")
        bonuses = {phrased: 0.5, lake: 3.0}
        expected = {
            "a": log(1.6) * 2 / 3.56 + 0.5 * 2 * log(1.6) / 2.56 + 3 * log(1.6) / 2.56,
            "b": log(1.6) / 2.2,
        }
        self.check(engine, Word("swan"), expected, bonuses=bonuses)
        either = find(engine, Or((Word("maid"), Word("sea"))), bonuses=bonuses)
        assert [m.story.key for m in either.matches] == ["b"]

    def test_a_bonus_orders_what_has_no_score_of_its_own(self, engine: Engine) -> None:
        needs_exact_scores(engine)
        self.three(engine)
        found = keys(engine, Everything(), limit=2, bonuses={Word("lake"): 1.0})
        assert found == ["c", "a"]

    def test_removed_and_replaced_stories_leave_no_trace_in_scores(self, engine: Engine) -> None:
        needs_exact_scores(engine)
        told = [
            story("a", "swan swan lake"),
            story("b", "swan sea", title="Sea"),
            story("c", "lake"),
        ]
        store(engine, *told, story("x", "swan " * 50), story("y", "lake lake"))
        store(engine, story("a", "lake"), story("x", "swan"))
        store(engine, told[0])
        with engine.writer() as writer:
            writer.remove("x")
            writer.remove("y")
            writer.commit()
        with self.opened(*told) as fresh:
            for tree in (Word("swan"), phrase("swan lake"), Prefix("s"), Fuzzy("lake")):
                new = {m.story.key: m.score for m in find(fresh, tree).matches}
                assert {m.story.key: m.score for m in find(engine, tree).matches} == (
                    pytest.approx(new, rel=1e-6)
                )

    def test_a_word_of_removed_stories_only_is_none_of_the_collection(self, engine: Engine) -> None:
        """*plies* finds *plié* only by way of a *pliés* that somebody wrote."""
        store(engine, story("a", "pliés"), story("b", "plié"), story("c", "swan"))
        assert keys(engine, Word("plies")) == ["a", "b"]
        with engine.writer() as writer:
            writer.remove("a")
            writer.commit()
        assert keys(engine, Word("plies")) == []


class OrderContract(ContractBase):
    """Ties, sort fields and pages."""

    def test_equal_scores_are_ordered_by_key(self, engine: Engine) -> None:
        store(engine, *(story(key, "swan lake") for key in ("d", "B", "é", "a", "c10", "c9")))
        store(engine, story("aa", "swan lake"))
        expected = ["B", "a", "aa", "c10", "c9", "d", "é"]
        for tree in (Word("swan"), Everything(), Not(Word("sea")), phrase("swan lake")):
            assert keys(engine, tree) == expected

    def test_pages_put_together_are_the_whole(self, engine: Engine) -> None:
        told = [story(f"s{n}", "swan " * (n % 4 + 1) + "lake", year=n % 3) for n in range(23)]
        store(engine, *told[:10])
        store(engine, *told[10:])
        for sort in ((), (Sort("year", descending=True),)):
            whole = keys(engine, Word("swan"), sort=sort)
            assert sorted(whole) == sorted(s.key for s in told)
            pages = [
                keys(engine, Word("swan"), sort=sort, offset=at, limit=5) for at in range(0, 30, 5)
            ]
            assert [key for page in pages for key in page] == whole
            assert [len(page) for page in pages] == [5, 5, 5, 5, 3, 0]

    def test_the_next_best_come_up_when_the_best_are_removed(self, engine: Engine) -> None:
        told = [story(f"s{n:02}", "swan " * (n % 7 + 1) + "lake " * (n % 3)) for n in range(40)]
        store(engine, *told[:25])
        store(engine, *told[25:])
        left = keys(engine, Word("swan"), limit=None)
        while left:
            with engine.writer() as writer:
                for key in left[:10]:
                    assert writer.remove(key)
                writer.commit()
            gone, left = left[:10], keys(engine, Word("swan"), limit=None)
            assert not set(gone) & set(left)
            assert keys(engine, Word("swan"), limit=10) == left[:10]
            again = [s for s in told if s.key in left]
            assert sorted(left) == [s.key for s in again]

    def test_what_counts_nothing_is_found_all_the_same(self, engine: Engine) -> None:
        # One letter off from one letter: a~1 fits "e" and counts 0, in one of the commits only.
        store(engine, *(story(f"e{n:02}", "e") for n in range(20)))
        store(engine, *(story(f"s{n}", "swan lake") for n in range(5)))
        either = Or((Word("swan"), Fuzzy("a", 1)))
        everything = [f"s{n}" for n in range(5)] + [f"e{n:02}" for n in range(20)]
        assert keys(engine, either, limit=None) == everything
        for limit in (1, 6, 10, 24):
            assert keys(engine, either, limit=limit) == everything[:limit]
            assert keys(engine, either, limit=limit, offset=5) == everything[5 : 5 + limit]

    def test_the_total_is_never_that_of_the_page(self, engine: Engine) -> None:
        store(engine, *(story(f"s{n:02}", "swan") for n in range(12)))
        for options in ({"limit": 3}, {"limit": 0}, {"offset": 11}, {"offset": 99}):
            assert find(engine, Word("swan"), **options).total == 12
        assert find(engine, Word("swan"), limit=0).matches == ()

    @pytest.mark.parametrize(
        ("sort", "expected"),
        [
            pytest.param((Sort("year"),), "bcade", id="numbers as numbers"),
            pytest.param((Sort("year", descending=True),), "acbde", id="numbers from the largest"),
            pytest.param((Sort("dancer"),), "cdabe", id="text by its folded form"),
            pytest.param((Sort("dancer", descending=True),), "badce", id="text from the last"),
            pytest.param((Sort("premiere"),), "bdace", id="dates as dates"),
            pytest.param((Sort("words"),), "adbce", id="equal ones by key"),
            pytest.param((Sort("words", descending=True),), "bcead", id="by key the other way too"),
            pytest.param((Sort("words"), Sort("year")), "adbce", id="a second field"),
            pytest.param((Sort("words"), Sort("premiere")), "dabce", id="dates as second field"),
            pytest.param((Sort("words", descending=True), Sort("year")), "bcead", id="two ways"),
            pytest.param(
                (Sort("title"), Sort("year", descending=True)), "acbde", id="no one has it"
            ),
        ],
    )
    def test_sort_fields_decide_the_order(
        self, engine: Engine, sort: tuple[Sort, ...], expected: str
    ) -> None:
        store(
            engine,
            story("a", year=("100", "1"), dancer="anna", words=1, premiere="1909-05-19"),
            story("b", year="9", dancer="Zoë", words=2, premiere="1909-05-18T23:00Z"),
            story("c", year="10", dancer="Ana", words=2, premiere="1909-06"),
            # 19 May in Moscow begins two hours before 19 May in UTC.
            story("d", dancer="Anna", words=1, premiere="1909-05-19T01:30+02:00"),
            story("e", words=2),
        )
        assert keys(engine, Everything(), sort=sort) == list(expected)

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            pytest.param({"a": "9.5", "b": "10", "c": "9"}, "cab", id="decimals as numbers"),
            pytest.param({"a": "9.5", "b": "+9.50", "c": "9.500"}, "abc", id="one number"),
            pytest.param({"a": "1911-01-01", "b": "1911", "c": "1911-01"}, "abc", id="one instant"),
        ],
    )
    def test_values_that_are_equal_are_ordered_by_key_however_they_are_written(
        self, engine: Engine, values: dict[str, str], expected: str
    ) -> None:
        store(engine, *(story(key, quantity=value) for key, value in values.items()))
        assert keys(engine, Everything(), sort=(Sort("quantity"),)) == list(expected)

    def test_stories_cannot_be_sorted_by_body(self, engine: Engine) -> None:
        store(engine, story("a", "swan"))
        with pytest.raises(QueryError):
            find(engine, Everything(), sort=(Sort("body"),))


class RangeContract(ContractBase):
    """Values between bounds, with and without the bounds."""

    @pytest.mark.parametrize(
        ("tree", "found"),
        [
            pytest.param(Range("year", "9", "100"), "abcd", id="both bounds included"),
            pytest.param(Range("year", "9", "100", include_low=False), "bcd", id="without the low"),
            pytest.param(
                Range("year", "9", "100", include_high=False), "abd", id="without the high"
            ),
            pytest.param(Range("year", "9", "100", False, False), "bd", id="without both"),
            pytest.param(Range("year", "10"), "bcd", id="open above"),
            pytest.param(Range("year", "", "10"), "abde", id="open below"),
            pytest.param(Range("year"), "abcde", id="open on both sides"),
            pytest.param(Range("year", "10", "9"), "", id="upside down"),
            pytest.param(Range("year", "11", "99"), "", id="one value has to fit both bounds"),
            pytest.param(Range("year", "-5", "-1"), "e", id="below nothing"),
            pytest.param(Range("words", "3", "3"), "c", id="a field of the table"),
            pytest.param(Not(Range("year", "10")), "aef", id="not in it, or without a value"),
            pytest.param(Range("mood", "1"), "", id="a field that nobody has"),
        ],
    )
    def test_numbers_compare_as_numbers(self, engine: Engine, tree: Node, found: str) -> None:
        store(
            engine,
            story("a", year="9", words=1),
            story("b", year=10, words=2),
            story("c", year="100", words=3),
            story("d", year=("2000", "+10")),
            story("e", year="-3"),
            story("f", words=30),
        )
        assert sorted(keys(engine, tree)) == list(found)

    @pytest.mark.parametrize(
        ("tree", "found"),
        [
            pytest.param(Range("rating", "9", include_low=False), "abd", id="above a whole number"),
            pytest.param(Range("rating", "9.5"), "abd", id="a decimal included"),
            pytest.param(Range("rating", "9.50", include_low=False), "d", id="without a decimal"),
            pytest.param(Range("rating", "9.0", "9.00"), "c", id="noughts behind the point"),
            pytest.param(Range("rating", "-0.5", "-0.1"), "e", id="below nought"),
            pytest.param(Range("words", "2.5", "3.5"), "c", id="decimals around a whole number"),
            pytest.param(Range("words", "", "2.999"), "ab", id="below a decimal"),
        ],
    )
    def test_decimals_compare_as_numbers(self, engine: Engine, tree: Node, found: str) -> None:
        store(
            engine,
            story("a", rating="9.5", words=1),
            story("b", rating="9.50", words=2),
            story("c", rating=9, words=3),
            story("d", rating=("8", "10")),
            story("e", rating="-0.25"),
        )
        assert sorted(keys(engine, tree)) == list(found)

    @pytest.mark.parametrize(
        ("tree", "found"),
        [
            pytest.param(Range("day", "2026", "2026"), "abcde", id="a whole year"),
            pytest.param(Range("day", "2026-03", "2026-03"), "bcd", id="a whole month"),
            pytest.param(Range("day", "2026-03-05", "2026-03-05"), "cd", id="a whole day"),
            pytest.param(
                Range("day", "2026-03-05T10:00", "2026-03-05T10:00"), "c", id="a whole minute"
            ),
            pytest.param(Range("day", "2026-03", include_low=False), "ef", id="after a month"),
            pytest.param(Range("day", "", "2026-03", include_high=False), "a", id="before a month"),
            pytest.param(Range("day", "", "2026-03"), "abcd", id="until the end of a month"),
            pytest.param(Range("day", "2026-03-05T10:00:30"), "cdef", id="from a second on"),
            pytest.param(
                Range("day", "2026-03-05T10:00:30", include_low=False), "def", id="after a second"
            ),
            pytest.param(
                Range("day", "2026-03-06T00:00+02:00", "2026-03-05T23:59"), "d", id="an offset"
            ),
        ],
    )
    def test_bounds_of_dates_stand_for_their_period(
        self, engine: Engine, tree: Node, found: str
    ) -> None:
        days = {
            "a": "2026-02-28",
            "b": "2026-03-01",
            "c": "2026-03-05T10:00:30Z",
            "d": "2026-03-06T00:30:00+02:00",  # 22:30 of the day before, in UTC
            "e": "2026-12-31T23:59:59",
            "f": "2027-01-01",
        }
        store(engine, *(story(key, day=day) for key, day in days.items()))
        assert sorted(keys(engine, tree)) == list(found)

    def test_other_fields_compare_by_folded_text(self, engine: Engine) -> None:
        names = {"a": "Ávila", "b": "bolshoi", "c": "Covent  Garden", "d": "Čapek", "e": "9"}
        store(engine, *(story(key, company=name) for key, name in names.items()))
        assert sorted(keys(engine, Range("company", "a", "b"))) == ["a"]
        assert sorted(keys(engine, Range("company", "AVILA", "Bolshoi"))) == ["a", "b"]
        assert sorted(keys(engine, Range("company", "c", "covent garden"))) == ["c", "d"]
        assert sorted(keys(engine, Range("company", "", "a"))) == ["e"]

    def test_one_text_among_numbers_makes_all_of_them_text(self, engine: Engine) -> None:
        store(engine, story("a", year="9"), story("b", year="10"), story("c", year="about 10"))
        assert sorted(keys(engine, Range("year", "1", "5"))) == ["b"]

    @pytest.mark.parametrize(
        "tree",
        [
            pytest.param(Range("words", "many"), id="no number"),
            pytest.param(Range("year", "", "1,909"), id="a separator of thousands"),
            pytest.param(Range("words", "1e3"), id="an exponent"),
            pytest.param(Range("year", "", "inf"), id="no end"),
            pytest.param(Range("modified", "yesterday"), id="no date"),
            pytest.param(Range("day", "", "2026-02-30"), id="no such day"),
            pytest.param(Word("soon", "modified"), id="a word that is no date"),
            pytest.param(Word("many", "words"), id="a word that is no number"),
            pytest.param(And((Word("nobody"), Range("words", "many"))), id="beside a word unknown"),
            pytest.param(Not(Range("words", "many")), id="under not"),
        ],
    )
    def test_a_bound_that_cannot_be_read_is_a_query_error(self, engine: Engine, tree: Node) -> None:
        store(engine, Story("a", "swan", fields={"year": ("1909",), "day": ("2026-03-05",)}))
        with pytest.raises(QueryError):
            find(engine, tree)
