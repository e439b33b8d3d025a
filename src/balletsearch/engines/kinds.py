"""Are these values numbers, dates or text?

Headers bring text only, so the kind of a field that the table does not know follows from all
the values that the collection has for it: numbers, whole or with decimals, else ISO 8601 dates
and times, else plain text. A bound of a range is read by the same rules as the values it is
compared with.

A date stands for a stretch of time, as long as it is imprecise: `2026` is a year, `2026-03-05`
a day, `2026-03-05T10:00` a minute. What names no offset is UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from balletsearch.fields import Kind
from balletsearch.model import Value

if TYPE_CHECKING:
    from decimal import Decimal

__all__ = ["INTEGERS", "infer", "is_of", "parse_number", "period"]

_REMEMBERED: Final = 1 << 16
"""Texts whose meaning is remembered: a facet or a sort by numbers or dates asks for each again."""

INTEGERS: Final = range(-(1 << 63), 1 << 63)
"""The whole numbers that every engine can keep: signed, 64 bits."""

_NUMBER: Final = re.compile(r"(?P<whole>[+-]?[0-9]{1,19})(?:\.(?P<decimals>[0-9]{1,18}))?")
_SHORT_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{1,18})?")
"""Longer runs of digits in a header are codes of some sort rather than quantities."""

_DATE: Final = re.compile(
    r"(?P<year>[0-9]{4})"
    r"(?:-(?P<month>[0-9]{2})"
    r"(?:-(?P<day>[0-9]{2})"
    r"(?:[Tt ](?P<hour>[0-9]{2})"
    r"(?::(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?)?"
    r"(?P<offset>[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?"
    r")?)?)?"
)

_SECOND: Final = 1_000_000_000
_MINUTE: Final = 60 * _SECOND
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
_EPOCH: Final = date(1970, 1, 1).toordinal()


def infer(values: Iterable[Value]) -> Kind:
    """NUMBER or DATE if every one of the values is, else (or if there are none) KEYWORD.

    A plain year is a number, unless it stands among dates that are more precise.
    """
    values = list(values)
    for kind in (Kind.NUMBER, Kind.DATE):
        if values and all(is_of(kind, v) for v in values):
            return kind
    return Kind.KEYWORD


def is_of(kind: Kind, value: Value) -> bool:
    """Whether a value counts as a number or a date; every value counts as one of another kind."""
    if kind is Kind.NUMBER:
        return isinstance(value, int) or _SHORT_NUMBER.fullmatch(value.strip()) is not None
    return kind is not Kind.DATE or _is_date(value)


@lru_cache(maxsize=_REMEMBERED)
def parse_number(text: str) -> int | Decimal:
    """The number that a text is, exactly; an int if it is whole, also where it says `9.0`.

    Understood are an optional sign, digits, and optionally a point with up to 18 decimals.
    ValueError for anything else, exponents and separators included, and beyond 64 bits.
    """
    found = _NUMBER.fullmatch(text.strip())
    if found is None or int(found["whole"]) not in INTEGERS:
        raise ValueError(f"'{text}' is not a number of at most 64 bits, such as 12, -3 or 9.5.")
    if not (found["decimals"] or "").strip("0"):
        return int(found["whole"])
    from decimal import Decimal

    # Not a float: 0.1 would equal values that are written otherwise, and large ones would blur.
    return Decimal(found[0])


@lru_cache(maxsize=_REMEMBERED)
def period(text: str) -> tuple[int, int]:
    """The stretch that a date or time stands for: first nanosecond since 1970, and end, exclusive.

    Understood are `2026`, `2026-03`, `2026-03-05` and, after "T" or a space, hours, minutes,
    seconds and up to nine decimals, with "Z" or an offset. ValueError for anything else. The
    end is a plain number, so that the year 9999 has one too.
    """
    found = _DATE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"'{text}' is not a date such as 2026, 2026-03-05 or 2026-03-05T10:00Z.")
    try:
        days, until = _days(found)
        if found["hour"] is None:
            return days * _DAY, until * _DAY
        time, length = _time(found)
        start = days * _DAY + time - _offset(found["offset"])
    except ValueError as error:
        raise ValueError(f"'{text}' is not a date: {error}.") from error
    return start, start + length


def _is_date(value: Value) -> bool:
    try:
        period(str(value))
    except ValueError:
        return False
    return True


def _days(found: re.Match[str]) -> tuple[int, int]:
    """The first day and the day after the last, counted from 1970."""
    year, month, day = int(found["year"]), int(found["month"] or 1), int(found["day"] or 1)
    first = date(year, month, day).toordinal() - _EPOCH
    if found["day"]:
        return first, first + 1
    from calendar import isleap, monthrange  # imported for those who ask for months and years

    if found["month"]:
        return first, first + monthrange(year, month)[1]
    return first, first + 365 + isleap(year)


def _time(found: re.Match[str]) -> tuple[int, int]:
    """Nanoseconds since midnight, and how long the smallest unit given is."""
    hour, minute, second = (int(found[unit] or 0) for unit in ("hour", "minute", "second"))
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError("there is no such time of day")
    time = hour * _HOUR + minute * _MINUTE + second * _SECOND
    if found["minute"] is None:
        return time, _HOUR
    if found["second"] is None:
        return time, _MINUTE
    fraction = found["fraction"] or ""
    return time + int(fraction.ljust(9, "0")), int(10 ** (9 - len(fraction)))


def _offset(text: str | None) -> int:
    """What a local time is ahead of UTC."""
    if text is None or text in "Zz":
        return 0
    hours, minutes = int(text[1:3]), int(text[-2:]) if len(text) > 3 else 0
    if hours > 23 or minutes > 59:
        raise ValueError("there is no such offset")
    return (hours * _HOUR + minutes * _MINUTE) * (-1 if text[0] == "-" else 1)
