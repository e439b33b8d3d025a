"""Which values of a field are meant by those selected in it? Whole values, and ranges."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from balletsearch.engines.kinds import is_of
from balletsearch.engines.values import folded
from balletsearch.fields import Field, Kind
from balletsearch.query.nodes import Range

__all__ = ["Chosen", "as_range", "chosen"]

_RANGE: Final = re.compile(r"(?P<low>[^<>]*?)\s*\.\.\s*(?P<less><?)\s*(?P<high>[^<>]*)")


class Chosen(NamedTuple):
    """What was selected in one field: any of these."""

    whole: frozenset[str]
    """Folded."""
    ranges: tuple[Range, ...]


def chosen(field: Field, values: Iterable[str]) -> Chosen:
    """What is meant by values selected in a field.

    In fields of numbers and dates `300..499` is a range with both bounds, `9..<10` one without
    the upper, and either bound may be missing; a date is the period that it stands for.
    """
    texts = dict.fromkeys(values)
    if field.kind not in (Kind.NUMBER, Kind.DATE):
        return Chosen(frozenset(map(folded, texts)), ())
    ranges = {text: made for text in texts if (made := _range(field, text.strip()))}
    return Chosen(frozenset(folded(t) for t in texts if t not in ranges), tuple(ranges.values()))


def as_range(field: Field, text: str) -> Range | None:
    """The range that a text is written as, whatever the kind of the field."""
    found = _RANGE.fullmatch(text.strip())
    if found is None or not (found["low"] or found["high"]):
        return None
    return Range(field.name, found["low"], found["high"], True, not found["less"])


def _range(field: Field, text: str) -> Range | None:
    if asked := as_range(field, text):
        return asked
    if field.kind is Kind.DATE and is_of(Kind.DATE, text):
        return Range(field.name, text, text)
    return None
