"""Into which ranges are numbers or dates put to be counted?

Ranges with round bounds that cover all values and do not overlap, each named as a selection
takes it: `300..399` with both bounds, `9..<10` without the upper one, `..<300` and `500..` open;
of dates also a period by itself (`1909-05`). Meaning: `docs/semantics.md`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Sequence
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from balletsearch.engines.kinds import INTEGERS, parse_number, period
from balletsearch.errors import QueryError
from balletsearch.fields import Field, Kind

if TYPE_CHECKING:
    from decimal import Decimal

    from balletsearch.model import Value

__all__ = ["MANY", "Buckets", "of_bounds", "of_dates", "of_numbers"]

MANY: Final = 20
"""Distinct numbers up to which each is counted by itself."""

_RANGES: Final = 10
"""Ranges of one width that numbers are put into, at most."""

_GROWING: Final = 16
"""Ranges of growing width of which more are made wider still."""

_DAY: Final = 24 * 60 * 60 * 1_000_000_000
_EPOCH: Final = date(1970, 1, 1).toordinal()


class Buckets(NamedTuple):
    """Ranges, ascending: their names, and where each but the first begins."""

    labels: tuple[str, ...]
    begins: tuple[Any, ...]
    read: Callable[[str], Any]

    def place(self, value: Value) -> int:
        """The number of the range that holds a value."""
        return bisect_right(self.begins, self.read(str(value)))


def of_numbers(values: Collection[Value]) -> Buckets:
    """Ranges for at least one number: of one width, or growing where most would lie in one.

    A width is 1, 2 or 5 times a power of ten, and bounds are multiples of it; where widths grow,
    bounds are 0 and 1, 2 and 5 times powers of ten. All arithmetic is on whole numbers: of
    numbers with decimals, on so many times as much that they have none.
    """
    # As digits throughout: a plain text of a small decimal has an exponent.
    texts = [_digits(parse_number(str(value))) for value in values]
    places = max(len(text.partition(".")[2]) for text in texts)
    scaled = sorted({_scaled(text, places) for text in texts})
    bounds = _even(scaled)
    if 2 * max(_sizes(scaled, bounds)) > len(scaled):
        growing = _growing(scaled, 10**places)
        if max(_sizes(scaled, growing)) < max(_sizes(scaled, bounds)):
            bounds = growing
    if places:
        return _open_above([_unscaled(bound, places) for bound in bounds], parse_number)
    begins = [max(bound, INTEGERS[0]) for bound in bounds[:-1]]
    ends = [min(bound - 1, INTEGERS[-1]) for bound in bounds[1:]]
    labels = tuple(f"{low}..{high}" for low, high in zip(begins, ends, strict=True))
    return Buckets(labels, tuple(begins[1:]), parse_number)


def _digits(number: int | Decimal) -> str:
    return str(number) if isinstance(number, int) else f"{number:f}"


def _scaled(text: str, places: int) -> int:
    whole, _, decimals = text.partition(".")
    return int(whole + decimals.ljust(places, "0"))


def _unscaled(number: int, places: int) -> str:
    digits = str(abs(number)).rjust(places + 1, "0")
    decimals = digits[-places:].rstrip("0")
    sign = "-" if number < 0 else ""
    return sign + digits[:-places] + (f".{decimals}" if decimals else "")


def _even(numbers: Sequence[int]) -> list[int]:
    """Bounds of ranges of one width, from not above the lowest number to above the highest."""
    low, high = numbers[0], numbers[-1]
    power = 1
    while True:
        for width in (power, 2 * power, 5 * power):
            first, last = low // width, high // width
            if last - first < _RANGES:
                return [width * n for n in range(first, last + 2)]
        power *= 10


def _growing(numbers: Sequence[int], unit: int) -> list[int]:
    """Bounds of ranges that grow with the distance from 0, and are at least `unit` wide."""
    low, high = numbers[0], numbers[-1]
    for digits in ((1, 2, 5), (1,)):
        series, power = [0], unit
        while series[-1] <= max(abs(low), abs(high)):
            series += [digit * power for digit in digits]
            power *= 10
        every = sorted({sign * number for number in series for sign in (1, -1)})
        bounds = every[bisect_right(every, low) - 1 : bisect_right(every, high) + 1]
        if len(bounds) <= _GROWING:
            break
    return bounds


def _sizes(numbers: Sequence[int], bounds: Sequence[int]) -> list[int]:
    """How many of some numbers, ascending, there are from each bound to the next."""
    return [b - a for a, b in pairwise(bisect_left(numbers, bound) for bound in bounds)]


def of_dates(values: Collection[Value]) -> Buckets:
    """Periods for at least one date: as fine as fits their span, and as all of them allow.

    Days for up to 31 of them, months for up to 24, years for up to 20, decades for up to 20, else
    centuries, and no finer than what the least precise value says.
    """
    periods = [period(str(value)) for value in values]
    first, last = (date.fromordinal(_days(at(periods)[0])) for at in (min, max))
    longest = max(end - start for start, end in periods) // _DAY
    if longest <= 1 and (last - first).days < 31:
        days = range(first.toordinal(), last.toordinal() + 1)
        return _periods([date.fromordinal(day).isoformat() for day in days])
    months = range(12 * first.year + first.month - 1, 12 * last.year + last.month)
    if longest <= 31 and len(months) <= 24:
        return _periods([f"{month // 12:04}-{month % 12 + 1:02}" for month in months])
    if last.year - first.year < 20:
        return _periods([f"{year:04}" for year in range(first.year, last.year + 1)])
    width = 10 if last.year // 10 - first.year // 10 < 20 else 100
    years = range(first.year // width, last.year // width + 1)
    return _periods([f"{max(width * n, 1):04}..{width * n + width - 1:04}" for n in years])


def _days(nanoseconds: int) -> int:
    # An offset may lead out of the years that there are.
    return min(max(nanoseconds // _DAY + _EPOCH, 1), date.max.toordinal())


def _periods(labels: Sequence[str]) -> Buckets:
    begins = (_instant(label.partition("..")[0]) for label in labels[1:])
    return Buckets(tuple(labels), tuple(begins), _instant)


def _instant(text: str) -> int:
    return period(text)[0]


def of_bounds(field: Field, bounds: Sequence[int | str], *, whole: bool) -> Buckets:
    """Ranges from what lies below the first bound to what lies above the last.

    `whole` says that all values of the field are whole numbers. QueryError for bounds that do
    not ascend, or that are not of the field's kind.
    """
    texts = [str(bound).strip() for bound in bounds]
    read = parse_number if field.kind is Kind.NUMBER else _instant
    try:
        begins = [read(text) for text in texts]
    except ValueError as error:
        reason = str(error).rstrip(".")
        raise QueryError(f"Bounds for the ranges of '{field.name}': {reason}.") from error
    if any(low >= high for low, high in pairwise(begins)):
        raise QueryError(
            f"Bounds for the ranges of '{field.name}' have to ascend; these are {', '.join(texts)}."
        )
    if read is parse_number and whole and all(isinstance(begin, int) for begin in begins):
        between = (f"{low}..{high - 1}" for low, high in pairwise(begins))
        labels = (f"..{begins[0] - 1}", *between, f"{begins[-1]}..")
        return Buckets(labels, tuple(begins), read)
    return _open_above(["", *texts, ""], read)


def _open_above(bounds: Sequence[str], read: Callable[[str], Any]) -> Buckets:
    """Ranges that do not hold their upper bounds, given where they begin and the last ends."""
    kept = [bound if not bound or _fits(bound, read) else "" for bound in bounds]
    labels = tuple(f"{low}..<{high}" if high else f"{low}.." for low, high in pairwise(kept))
    return Buckets(labels, tuple(map(read, bounds[1:-1])), read)


def _fits(bound: str, read: Callable[[str], Any]) -> bool:
    """Whether a bound can be read again: one of 64 bits and more cannot."""
    try:
        read(bound)
    except ValueError:
        return False
    return True
