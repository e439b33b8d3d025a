"""How much does a part of a query count? The number behind `^`."""

from __future__ import annotations

import re
from typing import Final

from balletsearch.model import Problem
from balletsearch.query.nodes import Everything, Node, Not, Range, Weighted

__all__ = ["HEAVIEST", "LIGHTEST", "unweighted", "weighted"]

HEAVIEST: Final = 1000.0
"""More than that and nothing else would matter."""

LIGHTEST: Final = 0.001

_NUMBER: Final = re.compile(r"\^(?P<factor>\d{1,4}(?:\.\d{1,3})?)")


def weighted(node: Node, sign: str, start: int, end: int, problems: list[Problem]) -> Node:
    """A node with the weight that stands behind it (`^2`), at some place; none if none does.

    What the weight cannot mean becomes a problem, and it is left out.
    """
    if not sign:
        return node
    found = _NUMBER.fullmatch(sign)
    factor = float(found["factor"]) if found else 0.0
    if found is None or not LIGHTEST <= factor <= HEAVIEST:
        message = (
            f"a weight is a number from {LIGHTEST:g} to {HEAVIEST:g}, as in swan^2; "
            f"'{sign}' was left out"
        )
        problems.append(Problem(message, start, end))
        return node
    if isinstance(node, Not | Range | Everything):
        message = f"'{sign}' has no meaning here, where nothing is scored; it was left out"
        problems.append(Problem(message, start, end))
        return node
    return node if factor == 1 else Weighted(node, factor)


def unweighted(node: Node, sign: str, start: int, end: int, problems: list[Problem]) -> Node:
    """A side of an operator that weighs the whole, without the weight of its own."""
    if not isinstance(node, Weighted):
        return node
    message = f"a weight has no meaning beside {sign}; put it behind brackets around the whole"
    problems.append(Problem(message, start, end))
    return unweighted(node.child, sign, start, end, [])
