"""Are ranges round, do they cover all values, and do they not overlap?"""

from __future__ import annotations

from bisect import bisect_right
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from balletsearch.engines.buckets import Buckets, of_bounds, of_dates, of_numbers
from balletsearch.engines.kinds import parse_number
from balletsearch.engines.metadata import in_range
from balletsearch.engines.selecting import chosen
from balletsearch.fields import Field, Kind
from examples import examples

NUMBER = Field("number", Kind.NUMBER, "")
DATE = Field("date", Kind.DATE, "")

near_zero = st.integers(-300, 300)
whole = st.integers(-(2**63), 2**63 - 1)
scaled = st.builds(
    lambda n, places: f"{Decimal(n).scaleb(-places):f}",
    st.integers(-(10**9), 10**9),
    st.sampled_from([1, 3, 18]),
)
numbers = st.one_of(
    st.lists(near_zero, min_size=1),
    st.lists(whole, min_size=1),
    st.lists(scaled, min_size=1),
    st.lists(st.one_of(near_zero, scaled), min_size=1),
    st.lists(st.integers(0, 18).map(lambda n: 10**n), min_size=1),
)
dates = st.one_of(
    st.dates().map(str),
    st.dates().map(lambda d: str(d)[:7]),
    st.datetimes().map(lambda t: f"{t.isoformat(timespec='seconds')}Z"),
)


def holding(field: Field, made: Buckets, value: int | str) -> list[int]:
    """The ranges that hold a value when they are selected by their names."""
    return [
        place
        for place, label in enumerate(made.labels)
        if any(
            in_range(field, asked)({field.name: (value,)})
            for asked in chosen(field, (label,)).ranges
        )
    ]


@given(numbers)
@settings(max_examples=examples(500))
def test_each_number_lies_in_the_one_range_that_is_selected_by_its_name(values):
    made = of_numbers(values)
    assert all(holding(NUMBER, made, value) == [made.place(value)] for value in values)
    assert len(made.labels) <= 41
    low, high = (at(values, key=lambda v: parse_number(str(v))) for at in (min, max))
    assert made.place(low) == 0
    assert made.place(high) == len(made.labels) - 1


@given(st.lists(st.integers(-(10**15), 10**15), min_size=1))
@settings(max_examples=examples(500))
def test_bounds_of_numbers_are_round(values):
    made = of_numbers(values)
    widths = {b - a for a, b in pairwise(made.begins)}
    if len(widths) == 1:
        [width] = widths
        assert str(width).rstrip("0") in ("1", "2", "5")
        assert all(bound % width == 0 for bound in made.begins)
    else:
        assert all(str(abs(bound)).rstrip("0") in ("", "1", "2", "5") for bound in made.begins)


@given(st.lists(dates, min_size=1, max_size=30))
@settings(max_examples=examples(500))
def test_each_date_lies_in_the_one_period_that_is_selected_by_its_name(values):
    made = of_dates(values)
    assert all(holding(DATE, made, value) == [made.place(value)] for value in values)
    assert len(made.labels) <= 100


@given(st.lists(near_zero, min_size=1, unique=True).map(sorted), numbers, st.booleans())
@settings(max_examples=examples(300))
def test_bounds_that_are_asked_for_cover_everything(bounds, values, as_whole):
    assume(not as_whole or all(isinstance(parse_number(str(v)), int) for v in values))
    made = of_bounds(NUMBER, bounds, whole=as_whole)
    for value in values:
        assert holding(NUMBER, made, value) == [bisect_right(bounds, parse_number(str(value)))]


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        pytest.param([7], ("7..7",), id="one number"),
        pytest.param(["9.5"], ("9.5..<9.6",), id="one number with decimals"),
        pytest.param(range(10), tuple(f"{n}..{n}" for n in range(10)), id="digits"),
        pytest.param([-5, 12], tuple(f"{n}..{n + 1}" for n in range(-6, 14, 2)), id="signs"),
        pytest.param(
            [*range(1, 30), 50_000],
            (
                *("1..1", "2..4", "5..9", "10..19", "20..49", "50..99", "100..199", "200..499"),
                *("500..999", "1000..1999", "2000..4999", "5000..9999", "10000..19999"),
                *("20000..49999", "50000..99999"),
            ),
            id="widths grow where most numbers are small",
        ),
        pytest.param(
            [*range(1, 30), 10**9],
            ("1..9", *(f"{10**n}..{10 ** (n + 1) - 1}" for n in range(1, 10))),
            id="and faster where the largest is very large",
        ),
        pytest.param(
            [2**63 - 1, 0],
            (
                *(f"{n}000000000000000000..{n}999999999999999999" for n in range(1, 9)),
                "9000000000000000000..9223372036854775807",
            ),
            id="no bound that could not be read again",
        ),
    ],
)
def test_ranges_of_numbers(values, labels):
    assert of_numbers(list(values)).labels[-len(labels) :] == labels


@pytest.mark.parametrize(
    ("values", "first", "last", "size"),
    [
        pytest.param(["2026-03-01", "2026-03-31"], "2026-03-01", "2026-03-31", 31, id="days"),
        pytest.param(["2026-03-01", "2026-04-01"], "2026-03", "2026-04", 2, id="months"),
        pytest.param(["2026-01", "2026-01-05"], "2026-01", "2026-01", 1, id="a whole month"),
        pytest.param(["2024-02-01", "2026-01-31"], "2024-02", "2026-01", 24, id="24 months"),
        pytest.param(["2024-02-01", "2026-02-01"], "2024", "2026", 3, id="years"),
        pytest.param(["2026", "2026-01-05"], "2026", "2026", 1, id="a whole year"),
        pytest.param(["1900-01-01", "1919-01-01"], "1900", "1919", 20, id="20 years"),
        pytest.param(["1900-01-01", "1920-01-01"], "1900..1909", "1920..1929", 3, id="decades"),
        pytest.param(["1800-01-01", "2000-01-01"], "1800..1899", "2000..2099", 3, id="centuries"),
        pytest.param(["0001-01-01", "9999-12-31"], "0001..0099", "9900..9999", 100, id="all"),
    ],
)
def test_periods_of_dates(values, first, last, size):
    labels = of_dates(values).labels
    assert (labels[0], labels[-1], len(labels)) == (first, last, size)


def test_a_time_whose_offset_leads_out_of_all_years_is_in_the_last_of_them():
    assert of_dates(["9999-12-31T23:59-05:00"]).labels == ("9999-12-31",)
