"""How do engines say what is to stand near what?

What words in a row are is each engine's own (`Words`); how rows are put together is the same for
all. `columns/windows.py` has the arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from balletsearch.query.nodes import Unit

__all__ = ["Either", "Pair", "Together"]

Words = TypeVar("Words")


@dataclass(frozen=True, slots=True)
class Pair(Generic[Words]):
    """Two shapes in either order, at most `distance` words between."""

    left: Words | Pair[Words] | Either[Words] | Together[Words]
    right: Words | Pair[Words] | Either[Words] | Together[Words]
    distance: int


@dataclass(frozen=True, slots=True)
class Either(Generic[Words]):
    """Whatever one of several shapes covers."""

    several: tuple[Words | Pair[Words] | Either[Words] | Together[Words], ...]


@dataclass(frozen=True, slots=True)
class Together(Generic[Words]):
    """All of several shapes in any order, in one sentence or paragraph."""

    several: tuple[Words | Pair[Words] | Either[Words] | Together[Words], ...]
    unit: Unit
