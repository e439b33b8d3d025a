"""Are values read as numbers and dates exactly where they are meant so?"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balletsearch.engines.kinds import infer, parse_number, period
from balletsearch.fields import Kind
from balletsearch.model import Value

DAY = 86_400 * 10**9
HOUR = DAY // 24
MARCH_5 = 20_517 * DAY  # 56 years of 365 days, 14 leap days since 1970, and 31 + 28 + 4 days

NUMBERS: dict[str, list[Value]] = {
    "numbers": [1909, -3],
    "texts of digits": ["1909", "-3", "+7", " 12 "],
    "both": [1909, "1910"],
    "years alone": ["2025", "2026"],
    "eighteen digits": ["9" * 18],
    "a number with decimals": ["9.5"],
    "whole numbers and decimals": [9, "9.5", "-0.25", "+10.00"],
    "eighteen digits on either side": ["9" * 18 + "." + "9" * 18],
    "a number of more digits that is no text": [(1 << 63) - 1],
}
DATES: dict[str, list[Value]] = {
    "days": ["2026-03-05", "1909-05-19"],
    "months": ["2026-03"],
    "times": ["2026-03-05T10:00", "2026-03-05 10:00:30Z", "2026-03-05T10:00:30.5+02:00"],
    "a year among days": ["2026", "2026-03-05"],
    "a year as a number among days": [2026, "2026-03-05"],
}
TEXTS: dict[str, list[Value]] = {
    "nothing": [],
    "one word among numbers": ["1909", "1910", "about 1911"],
    "one word among dates": ["2026-03-05", "spring"],
    "an empty text": [""],
    "nineteen digits in a text": ["9" * 19],
    "nineteen digits before the point": ["9" * 19 + ".5"],
    "nineteen decimals": ["1." + "5" * 19],
    "a point without decimals": ["1."],
    "decimals without a whole part": [".5"],
    "a version": ["1.2.3"],
    "a comma for the point": ["9,5"],
    "an exponent": ["1e3"],
    "not a number": ["nan"],
    "without end": ["inf"],
    "digits of another script": ["\N{ARABIC-INDIC DIGIT ONE}"],
    "digits with separators": ["1_000"],
    "a day that there is not": ["2026-02-30"],
    "a number and a day": ["12345", "2026-03-05"],
    "a span of years": ["1909-1911"],
}
NO_DATES = (
    *("", "soon", "26", "0000", "-2026", "20260305", "2026-W10", "2026-3-5", "2026-03-05x"),
    *("2026-00", "2026-13", "2025-02-29", "2026-03-05T", "2026-03Z", "2026-03-05T24:00"),
    *("2026-03-05T10:60", "2026-03-05T10:00:60", "2026-03-05T10:00+24:00"),
    "2026-03-05T10:00:00.1234567890",
)


@pytest.mark.parametrize("values", NUMBERS.values(), ids=NUMBERS)
def test_these_are_numbers(values: list[Value]) -> None:
    assert infer(values) is Kind.NUMBER


@pytest.mark.parametrize("values", DATES.values(), ids=DATES)
def test_these_are_dates(values: list[Value]) -> None:
    assert infer(values) is Kind.DATE


@pytest.mark.parametrize("values", TEXTS.values(), ids=TEXTS)
def test_these_are_text(values: list[Value]) -> None:
    assert infer(values) is Kind.KEYWORD


def test_values_may_come_from_an_iterator() -> None:
    assert infer(iter(["2026-03", "2026-04"])) is Kind.DATE


@pytest.mark.parametrize(
    ("text", "start", "length"),
    [
        pytest.param("2026-03-05", MARCH_5, DAY, id="a day"),
        pytest.param("2026-03", MARCH_5 - 4 * DAY, 31 * DAY, id="a month"),
        pytest.param("2026", MARCH_5 - 63 * DAY, 365 * DAY, id="a year"),
        pytest.param("1970", 0, 365 * DAY, id="the first year"),
        pytest.param("1969-12-31", -DAY, DAY, id="before 1970"),
        pytest.param("2026-03-05T10", MARCH_5 + 10 * HOUR, HOUR, id="an hour"),
        pytest.param("2026-03-05T10:30", MARCH_5 + 21 * HOUR // 2, HOUR // 60, id="a minute"),
        pytest.param("2026-03-05 00:00:01", MARCH_5 + 10**9, 10**9, id="a second"),
        pytest.param("2026-03-05T00:00:00.25Z", MARCH_5 + 25 * 10**7, 10**7, id="a hundredth"),
        pytest.param("2026-03-05T00:00:00.000000001", MARCH_5 + 1, 1, id="a nanosecond"),
        pytest.param("2026-03-05T02:00+02:00", MARCH_5, HOUR // 60, id="ahead of UTC"),
        pytest.param("2026-03-04T22:00-0200", MARCH_5, HOUR // 60, id="behind UTC"),
        pytest.param(" 2026-03-05 ", MARCH_5, DAY, id="with white space"),
    ],
)
def test_a_date_stands_for_a_stretch_of_time(text: str, start: int, length: int) -> None:
    assert period(text) == (start, start + length)


def test_the_last_year_has_an_end_too() -> None:
    start, end = period("9999")
    assert end - start == 365 * DAY
    assert period("9999-12-31T23:59:59")[1] == end


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_is_a_value_error_that_shows_it(text: str) -> None:
    with pytest.raises(ValueError, match="is not a date") as caught:
        period(text)
    assert f"'{text}'" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", ".", "1.", ".5", "1..5", "1.-5", "1.2.3", "1,5", "1e3", "1.5e3", "0x10", "ten"),
        *("nan", "-inf", "1 000", "1,000", "1_000", "\N{ARABIC-INDIC DIGIT ONE}.5"),
        *(str(1 << 63), f"{1 << 63}.5", "1." + "5" * 19),
    ],
)
def test_what_is_no_number_is_a_value_error_that_shows_it(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number") as caught:
        parse_number(text)
    assert f"'{text}'" in str(caught.value)


@given(st.integers(-(1 << 63), (1 << 63) - 1))
def test_every_number_of_64_bits_can_be_written_and_read(number: int) -> None:
    assert parse_number(str(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        pytest.param("9.5", Decimal("9.5"), id="a decimal"),
        pytest.param(" +9.50 ", Decimal("9.5"), id="with a sign and a nought behind"),
        pytest.param("-0.25", Decimal("-0.25"), id="between minus one and nought"),
        pytest.param("1909", 1909, id="a year"),
        pytest.param("9.0", 9, id="a whole number with decimals"),
        pytest.param("-0.0", 0, id="nought below nought"),
    ],
)
def test_numbers_are_whole_wherever_they_can_be(text: str, number: int | Decimal) -> None:
    assert parse_number(text) == number
    assert type(parse_number(text)) is type(number)


decimals = st.decimals(-(10**17), 10**17, places=18).map("{:f}".format)


@given(decimals, decimals | st.integers(-(10**17), 10**17).map(str))
def test_numbers_compare_exactly(one: str, other: str) -> None:
    assert (parse_number(one) < parse_number(other)) is (Fraction(one) < Fraction(other))
    assert (parse_number(one) == parse_number(other)) is (Fraction(one) == Fraction(other))


def test_the_smallest_difference_between_large_numbers_counts() -> None:
    whole, above = "123456789012345678", "123456789012345678.000000000000000001"
    assert parse_number(whole) < parse_number(above) < parse_number(f"{whole}.1")


@given(st.datetimes(timezones=st.just(UTC)))
def test_periods_begin_when_the_clock_of_python_says(time: datetime) -> None:
    since = time - datetime(1970, 1, 1, tzinfo=UTC)
    microseconds = (since.days * 86_400 + since.seconds) * 10**6 + since.microseconds
    assert period(time.isoformat())[0] == microseconds * 1000


@given(st.dates())
def test_days_lie_within_their_month_and_months_within_their_year(day: object) -> None:
    text = str(day)
    inner, month, year = period(text), period(text[:7]), period(text[:4])
    assert year[0] <= month[0] <= inner[0] < inner[1] <= month[1] <= year[1]
