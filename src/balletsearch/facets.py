"""How is it asked which values a field has, and what is the answer?

The name of a field alone asks for all its values; a :class:`FacetRequest` says which of them,
in which order, and how many.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from balletsearch.model import Value

__all__ = ["FACET_SORTS", "Facet", "FacetRequest", "FacetValue"]

FACET_SORTS: Final = ("count", "value", "-value")
"""How the values of a facet can be ordered."""


@dataclass(frozen=True, slots=True)
class FacetRequest:
    """Which values of a field are wanted.

    Numbers that are many, and dates, are counted in ranges with round bounds, each named as a
    selection takes it (`300..399`); `ranges` False counts every value by itself, True makes
    ranges however few numbers there are.
    """

    field: str
    sort: str = ""
    """By `count`, the most frequent first, by `value`, or from the largest (`-value`).

    Unless it is said: values by count, ranges by value.
    """
    limit: int | None = None
    """Show so many values; how many there are is known all the same."""
    containing: str = ""
    """Only values in which a word begins with each word of this text, folded."""
    below: str = ""
    """Only values below this one, in a hierarchical field."""
    level: int | None = None
    """Only values so many steps deep, from 1, counted from `below` or from the top."""
    bounds: tuple[int | str, ...] = ()
    """Where ranges begin and end, ascending: numbers or dates."""
    ranges: bool | None = None


@dataclass(frozen=True, slots=True)
class FacetValue:
    """How many of the stories found have this value, or one in this range."""

    value: Value
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of one field over *all* stories found, in the order asked for.

    A story counts once for each value it has; `missing` counts those that have none. `more` is
    how many values there are beyond those shown.
    """

    field: str
    values: Sequence[FacetValue]
    missing: int = 0
    more: int = 0

    @property
    def distinct(self) -> int:
        """How many values there are, shown or not."""
        return len(self.values) + self.more

    def __str__(self) -> str:
        return ", ".join(f"{v.value} {v.count}" for v in self.values)
