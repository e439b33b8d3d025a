"""How do engines say what is to stand near what?

What words in a row are is each engine's own (`Words`); how rows are put together is the same for
all. `columns/windows.py` has the arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from balletsearch.columns.windows import Windows, within
from balletsearch.query.nodes import Unit

__all__ = ["Either", "Pair", "Together", "marked"]

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


def marked(
    shape: Any, cover: Callable[[Any], Windows], inside: Windows | None = None
) -> Iterator[Windows]:
    """What to set off of a shape: of things near one another those, without what is between.

    `cover` says what a shape covers; looked at is what lies in one of the windows of `inside`.
    """
    if isinstance(shape, Either):
        for one in shape.several:
            yield from marked(one, cover, inside)
        return
    found = cover(shape) if inside is None else within(cover(shape), inside)
    if isinstance(shape, Pair | Together):
        sides = (shape.left, shape.right) if isinstance(shape, Pair) else shape.several
        for side in sides:
            yield from marked(side, cover, found)
    else:
        yield found
