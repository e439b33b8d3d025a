"""What does one word in a zone count, as a whole number?"""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm
from typing import Final

from balletsearch.fields import FIELDS, Field, custom

__all__ = ["UNIT", "units_of"]


def _unit() -> float:
    """The largest number of which all weights are multiples."""
    weights = [Fraction(f.weight) for f in (*FIELDS.values(), custom("any")) if f.zone]
    below = lcm(*(w.denominator for w in weights))
    return gcd(*(int(w * below) for w in weights)) / below


UNIT: Final = _unit()
"""The unit of weight: frequencies and lengths are kept as whole numbers of it."""


def units_of(field: Field) -> int:
    """What a word in a zone counts, in units."""
    return round(field.weight / UNIT)
