"""Which documents have the largest scores?

Scores are first worked out in 32 bits for all documents that match, then again in 64 bits for
those that could be among the first. The bound between the two: split the scores into groups and
take the largest of each; the k-th largest of those is not above the k-th largest of all. So one
pass over the scores gives the candidates, and no structure has to be kept in the index for it.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["beside", "candidates", "reaching", "saturated"]

Mask = NDArray[np.bool_]

_ROUNDING: Final = 4e-7
"""More than what a sum of positive numbers of 32 bits can be off, for each number added."""

_FEW: Final = 256


def candidates(scores: NDArray[np.float32], k: int, added: int) -> NDArray[np.int64]:
    """The indices of all scores that may be among the `k` largest, ascending.

    `scores` are sums of `added` positive numbers, each rounded to 32 bits on the way; every
    score that equals the k-th largest but for rounding is among the candidates.
    """
    size = scores.size
    if not k or size <= max(k, _FEW):
        return np.arange(min(size, max(k, _FEW) if k else 0))
    groups = max(k, min(size // 2, max(_FEW, 8 * k)))
    rows = size // groups
    largest = scores[: rows * groups].reshape(rows, groups).max(axis=0)
    bound = np.partition(largest, groups - k)[groups - k]
    return reaching(scores, bound, added)


def reaching(scores: NDArray[np.float32], bound: float, added: int) -> NDArray[np.int64]:
    """The indices of all scores that are not below a bound but for rounding, ascending."""
    if bound <= 0:
        return np.arange(scores.size)
    return np.flatnonzero(scores >= np.float32(bound * (1 - _ROUNDING * (added + 4))))


def beside(bounds: NDArray[np.float32], at: float, added: int, more: float) -> tuple[Mask, Mask]:
    """Which scores are below a number for sure, and of which neither that nor more is known.

    `bounds` are as the scores of :func:`candidates`: without `more` they are the scores, with it
    these are anything up to their bound and so much more.
    """
    margin = _ROUNDING * (added + 4)
    below = np.zeros(bounds.size, np.bool_)
    if at > more:
        below = bounds < (at - more) * (1 - margin)
    return below, ~below if more else ~below & (bounds <= at * (1 + margin))


def saturated(tf: NDArray[Any], norm: NDArray[Any], weight: float) -> NDArray[Any]:
    """weight · tf / (tf + norm), in the type of `norm`."""
    out = tf.astype(norm.dtype)
    below = out + norm
    out /= below
    out *= norm.dtype.type(weight)
    return out
