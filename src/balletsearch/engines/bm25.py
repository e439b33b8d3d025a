"""How much does a match count?

BM25 as Lucene computes it since version 8, without the factor (k1 + 1), which changes no
order: Robertson and Zaragoza, *The Probabilistic Relevance Framework* (2009), with Lucene's
idf, which is never negative. Zones are summed before one saturation (simple BM25F).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

__all__ = ["K1", "B", "idf", "scores"]

# Both were chosen by measuring (benchmarks/relevance.py; the tables are in benchmarks/RESULTS.md,
# "Relevance"). On tales, the texts nearest to ours, no setting tried does better by the mean of
# finding the passage, which likes both small, and finding the whole tale, which likes both large.
# 0.9 and 0.5 do as well there, but worse on all abstracts: nDCG@10 by .004 to .020.

K1: Final = 1.2
"""How slowly repetition stops counting; 0 counts a word once, however often it comes."""

B: Final = 0.6
"""How much the length of a story counts against it, from 0, not at all, to 1, in proportion."""


def idf(stories: int, matching: int) -> float:
    """The weight of a leaf that `matching` of `stories` match."""
    return math.log(1 + (stories - matching + 0.5) / (matching + 0.5))


def scores(
    tf: Mapping[int, float], weight: float, lengths: Mapping[int, float], average: float
) -> dict[int, float]:
    """Document → `weight` · saturated tf; lengths and average in weighted words."""
    even, by_length = K1 * (1 - B), K1 * B / average if average else 0.0
    return {d: weight * f / (f + even + by_length * lengths[d]) for d, f in tf.items()}
