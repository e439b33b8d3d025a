"""Is whatever may be among the first k of a full sort among the candidates for them?"""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balletsearch.columns import ranking

TERMS = st.lists(
    st.lists(
        st.one_of(
            st.floats(0, 30, allow_subnormal=False),
            # Scores are mostly equal, or nearly so.
            st.sampled_from([0.0, 0.1, 0.2, 0.30000001, 0.3, 1 / 3, 7.0]),
        ),
        min_size=3,
        max_size=3,
    ),
    max_size=60,
)


@given(TERMS, st.integers(0, 70), st.sampled_from([0, 1, 4, 256]))
def test_the_first_k_of_a_full_sort_are_candidates(terms, k, few):
    """Each score is a sum of three; `exact` as it is in 64 bits, `rough` rounded to 32."""
    exact = np.array([sum(some) for some in terms])
    rough = np.zeros(len(terms), np.float32)
    for i in range(3):
        rough += np.array([some[i] for some in terms], np.float32)
    with patch.object(ranking, "_FEW", few):
        found = ranking.candidates(rough, k, added=3).tolist()
    assert found == sorted(set(found))
    assert all(0 <= i < len(terms) for i in found)
    if not k:
        assert found == []
        return
    last = np.sort(exact)[::-1][: min(k, len(terms))][-1:]
    assert {i for i, score in enumerate(exact) if score >= last} <= set(found)


@given(st.integers(1, 50), st.integers(0, 1 << 32))
@pytest.mark.parametrize("size", [300, 5_000])
def test_few_of_many_are_candidates(size, k, seed):
    """Otherwise nothing would be gained. Of scores in any order about k in each group remain."""
    scores = np.random.default_rng(seed).permutation(size).astype(np.float32) + 1
    found = ranking.candidates(scores, k, added=1)
    assert set(np.argsort(-scores)[:k].tolist()) <= set(found.tolist())
    assert found.size < size


@given(st.lists(st.floats(0.125, 30, width=32), min_size=4, max_size=8), st.integers(1, 20))
def test_what_only_rounding_tells_apart_are_candidates_together(terms, k):
    """The same terms in other orders: the same score in truth, often another one in 32 bits."""
    orders = [terms[i:] + terms[:i] for i in range(len(terms))]
    orders += [order[::-1] for order in orders]
    rough = np.zeros(len(orders), np.float32)
    for column in zip(*orders, strict=True):
        rough += np.array(column, np.float32)
    with patch.object(ranking, "_FEW", 1):
        found = ranking.candidates(rough, k, added=len(terms))
    assert found.tolist() == list(range(len(orders)))
