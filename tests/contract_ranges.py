"""Are the values of a facet those asked for, and can each be selected as it is shown?

The part of the contract about `docs/semantics.md`, "What of a facet is shown".
"""

from __future__ import annotations

import pytest

from balletsearch.engines.protocol import Engine, Selection
from balletsearch.errors import QueryError
from balletsearch.facets import FacetRequest
from balletsearch.model import Value
from balletsearch.query.nodes import Everything, Word
from contract_support import ContractBase, find, keys, store, story

__all__ = ["FacetRequestContract"]


def asked(
    engine: Engine, request: FacetRequest, *where: Selection
) -> tuple[list[tuple[Value, int]], int]:
    """The values shown with their counts, and how many there are beyond."""
    found = find(engine, Everything(), facets=(request,), where=where).facets[request.field]
    return [(v.value, v.count) for v in found.values], found.more


class FacetRequestContract(ContractBase):
    """Levels, beginnings, ranges, orders and limits."""

    def places(self, engine: Engine) -> None:
        store(
            engine,
            story("a", place=("Europe/Russia/Moscow", "Europe/Russia/Perm")),
            story("b", place="Europe/France"),
            story("c", place="Asia/Russia/Omsk"),
            story("d", place="Moscow"),
        )

    @pytest.mark.parametrize(
        ("request_", "expected"),
        [
            pytest.param(
                FacetRequest("place", level=1),
                [("Europe", 2), ("Asia", 1), ("Moscow", 1)],
                id="the top",
            ),
            pytest.param(
                FacetRequest("place", level=3, sort="value"),
                [("Asia/Russia/Omsk", 1), ("Europe/Russia/Moscow", 1), ("Europe/Russia/Perm", 1)],
                id="one level",
            ),
            pytest.param(
                FacetRequest("place", below="EUROPE", level=1),
                [("Europe/France", 1), ("Europe/Russia", 1)],
                id="the next level below a value",
            ),
            pytest.param(
                FacetRequest("place", below="Europe/Russia"),
                [("Europe/Russia/Moscow", 1), ("Europe/Russia/Perm", 1)],
                id="all below a value",
            ),
            pytest.param(
                FacetRequest("place", below="russia", sort="-value"),
                [("Europe/Russia/Perm", 1), ("Europe/Russia/Moscow", 1), ("Asia/Russia/Omsk", 1)],
                id="below a value given by its last step",
            ),
            pytest.param(FacetRequest("place", below="Moscow"), [], id="below a leaf"),
            pytest.param(
                FacetRequest("place", containing="mos"),
                [("Europe/Russia/Moscow", 1), ("Moscow", 1)],
                id="words of the last step only",
            ),
        ],
    )
    def test_hierarchical_values_are_asked_for_by_level(
        self, engine: Engine, request_: FacetRequest, expected: list[tuple[str, int]]
    ) -> None:
        self.places(engine)
        assert asked(engine, request_) == (expected, 0)

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            pytest.param("PLI", ["plié", "Demi-plié"], id="any word, folded"),
            pytest.param("grand jet", ["Grand jeté"], id="a beginning for each word"),
            pytest.param("jete grand", ["Grand jeté"], id="in any order"),
            pytest.param("lié", [], id="no middle of a word"),
            pytest.param("—", [], id="a text without a word"),
        ],
    )
    def test_values_are_found_by_how_their_words_begin(
        self, engine: Engine, text: str, found: list[str]
    ) -> None:
        store(
            engine,
            story("a", term=("plié", "Demi-plié", "Grand jeté")),
            story("b", term=("plié", "grand")),
        )
        values, _ = asked(engine, FacetRequest("term", containing=text))
        assert [value for value, _ in values] == found

    def test_a_limit_shows_some_and_counts_all(self, engine: Engine) -> None:
        store(engine, story("a", mood=("sad", "gay", "calm")), story("b", mood="sad"))
        assert asked(engine, FacetRequest("mood", limit=2)) == ([("sad", 2), ("calm", 1)], 1)
        assert asked(engine, FacetRequest("mood", limit=0)) == ([], 3)
        assert asked(engine, FacetRequest("mood", limit=3))[1] == 0
        assert asked(engine, FacetRequest("mood", "value", 2)) == ([("calm", 1), ("gay", 1)], 1)
        assert asked(engine, FacetRequest("mood", "-value", 2)) == ([("sad", 2), ("gay", 1)], 1)

    def test_many_numbers_are_counted_in_ranges_that_can_be_selected(self, engine: Engine) -> None:
        store(engine, *(story(f"s{n:02}", words=300 + 7 * n) for n in range(25)), story("none"))
        values, _ = asked(engine, FacetRequest("words"))
        # 300, 307, …, 468.
        assert values == [
            *(("300..319", 3), ("320..339", 3), ("340..359", 3), ("360..379", 3)),
            *(("380..399", 3), ("400..419", 3), ("420..439", 2), ("440..459", 3)),
            ("460..479", 2),
        ]
        for value, count in values:
            chosen = Selection("words", (str(value),))
            assert find(engine, Everything(), where=(chosen,)).total == count
            # One of them chosen changes nothing in what else can be.
            assert asked(engine, FacetRequest("words"), chosen)[0] == values

    def test_few_numbers_are_counted_one_by_one_unless_ranges_are_asked_for(
        self, engine: Engine
    ) -> None:
        store(engine, *(story(f"s{n}", words=n) for n in (3, 18)))
        assert asked(engine, FacetRequest("words"))[0] == [(3, 1), (18, 1)]
        in_ranges = FacetRequest("words", ranges=True)
        assert asked(engine, in_ranges)[0] == [("2..3", 1), ("18..19", 1)]

    def test_each_of_many_numbers_can_be_asked_for(self, engine: Engine) -> None:
        store(engine, *(story(f"s{n:02}", words=n) for n in range(25)))
        single = FacetRequest("words", "value", 2, ranges=False)
        assert asked(engine, single) == ([(0, 1), (1, 1)], 23)

    def test_a_story_counts_once_in_a_range_however_many_values_it_has_there(
        self, engine: Engine
    ) -> None:
        store(engine, story("a", year=("1901", "1905", "1911")), story("b", year="1905"))
        bounds = FacetRequest("year", bounds=(1900, 1910))
        assert asked(engine, bounds)[0] == [("..1899", 0), ("1900..1909", 2), ("1910..", 1)]

    def test_bounds_that_are_asked_for_cover_everything(self, engine: Engine) -> None:
        store(engine, *(story(f"s{n}", rating=str(n / 2)) for n in range(10)))
        bounds = FacetRequest("rating", bounds=(1, "2.5"), sort="value")
        assert asked(engine, bounds)[0] == [("..<1", 2), ("1..<2.5", 3), ("2.5..", 5)]
        assert keys(engine, Everything(), where=(Selection("rating", ("1..<2.5",)),)) == [
            *("s2", "s3", "s4")
        ]

    @pytest.mark.parametrize(
        ("days", "expected"),
        [
            pytest.param(
                ("1909-05-19", "1909-05-20T23:30-02:00"),
                [("1909-05-19", 1), ("1909-05-21", 1)],
                id="days, in UTC",
            ),
            pytest.param(
                ("1909-05-19", "1909-07-01"), [("1909-05", 1), ("1909-07", 1)], id="months"
            ),
            pytest.param(("1909-05", "1909-05-19"), [("1909-05", 2)], id="no finer than a value"),
            pytest.param(("1909-05-19", "1911"), [("1909", 1), ("1911", 1)], id="years"),
            pytest.param(
                ("1889-01-01", "1911-05-19"),
                [("1880..1889", 1), ("1910..1919", 1)],
                id="decades",
            ),
            pytest.param(
                ("1581-10-15", "1911-05-19"),
                [("1500..1599", 1), ("1900..1999", 1)],
                id="centuries",
            ),
        ],
    )
    def test_dates_are_counted_in_periods_that_can_be_selected(
        self, engine: Engine, days: tuple[str, ...], expected: list[tuple[str, int]]
    ) -> None:
        store(engine, *(story(f"s{n}", premiere=day) for n, day in enumerate(days)))
        assert asked(engine, FacetRequest("premiere"))[0] == expected
        for period, count in expected:
            chosen = (Selection("premiere", (period,)),)
            assert find(engine, Everything(), where=chosen).total == count

    @pytest.mark.parametrize(
        ("field", "text", "found"),
        [
            pytest.param("words", "3..12", "bc", id="with both bounds"),
            pytest.param("words", "3 .. <12", "b", id="without the upper bound"),
            pytest.param("words", "..3", "ab", id="open below"),
            pytest.param("words", "12..", "cd", id="open above"),
            pytest.param("words", "2.5..11.5", "b", id="decimals"),
            pytest.param("words", "12", "c", id="a number"),
            pytest.param("words", "..", "", id="no bound at all is a value"),
            pytest.param("day", "1909..1910", "ab", id="years"),
            pytest.param("day", "1909-05", "a", id="a period"),
            pytest.param("day", "1909-06-01..<1911", "b", id="until before a year"),
            pytest.param("mood", "a..b", "d", id="text has no ranges"),
        ],
    )
    def test_ranges_are_selected(self, engine: Engine, field: str, text: str, found: str) -> None:
        store(
            engine,
            story("a", words=1, day="1909-05-19"),
            story("b", words=3, day="1910-12-31T23:59"),
            story("c", words=12, day="1911"),
            story("d", words=100, day="2001-01-01", mood="a..b"),
            story("e", mood="apple"),
        )
        where = (Selection(field, (text,)),)
        assert keys(engine, Everything(), where=where, sort=()) == list(found)

    @pytest.mark.parametrize(
        "request_",
        [
            pytest.param(FacetRequest("mood", level=1), id="no levels"),
            pytest.param(FacetRequest("mood", below="sad"), id="nothing lies below"),
            pytest.param(FacetRequest("place", level=0), id="no such level"),
            pytest.param(FacetRequest("mood", limit=-1), id="no such limit"),
            pytest.param(FacetRequest("mood", sort="size"), id="no such order"),
            pytest.param(FacetRequest("mood", ranges=True), id="text in ranges"),
            pytest.param(FacetRequest("mood", bounds=("a", "b")), id="text in bounds"),
            pytest.param(FacetRequest("words", bounds=(5, 3)), id="bounds that do not ascend"),
            pytest.param(FacetRequest("words", bounds=(5, 5)), id="bounds that are equal"),
            pytest.param(FacetRequest("words", bounds=("many",)), id="a bound that is no number"),
            pytest.param(FacetRequest("modified", bounds=("soon",)), id="a bound that is no date"),
            pytest.param(FacetRequest("words", ranges=True, containing="1"), id="two ways at once"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, engine: Engine, request_: FacetRequest) -> None:
        store(engine, story("a", mood="sad", words=3))
        for tree in (Everything(), Word("nobody")):
            with pytest.raises(QueryError):
                find(engine, tree, facets=(request_,))

    def test_a_field_is_asked_for_once(self, engine: Engine) -> None:
        store(engine, story("a", mood="sad"))
        with pytest.raises(QueryError):
            find(engine, Everything(), facets=("mood", FacetRequest("mood", limit=1)))
        assert find(engine, Everything(), facets=("mood", FacetRequest("mood"))).facets

    def test_a_selected_range_whose_bound_cannot_be_read_is_refused(self, engine: Engine) -> None:
        store(engine, story("a", words=3))
        with pytest.raises(QueryError):
            find(engine, Word("nobody"), where=(Selection("words", ("few..many",)),))
