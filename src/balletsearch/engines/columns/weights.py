"""What does one word in a zone count, as a whole number?"""

from __future__ import annotations

from math import gcd, lcm
from typing import Final
from zlib import crc32

from balletsearch.fields import FIELDS, Field, custom
from balletsearch.model import VALUE_GAP

__all__ = ["UNIT", "schema", "units_of"]


def _unit() -> float:
    """The largest number of which all weights are multiples."""
    weights = [f.weight for f in (*FIELDS.values(), custom("any")) if f.zone]
    below = lcm(*(w.as_integer_ratio()[1] for w in weights))
    return gcd(*(int(w * below) for w in weights)) / below


UNIT: Final = _unit()
"""The unit of weight: frequencies and lengths are kept as whole numbers of it."""


def units_of(field: Field) -> int:
    """What a word in a zone counts, in units."""
    return round(field.weight / UNIT)


def schema() -> str:
    """A checksum of what the arrays of an index take from the table of fields."""
    table = [(f.name, f.kind, f.zone, f.weight) for f in (*FIELDS.values(), custom("any"))]
    return f"{crc32(repr((table, VALUE_GAP)).encode()):08x}"
