"""Does every query that Whoosh has find through our view what it means, whatever is asked?

Trees by chance of all kinds of Whoosh's own queries, those that our language lacks too, over one
to six segments with deletions and empty fields, against plain sets of stories.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from effort import SEED, figure, ran
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from whoosh_view_plain import found
from whoosh_view_strategies import some_samples, whoosh_trees
from whoosh_view_support import opened_view

TREES = 20_000
LIMITS = (1, 10, 100)
EACH = 20
"""Trees for each collection: to build it takes the time."""


def test_answers_are_those_of_plain_sets(quick):
    @seed(SEED)
    @settings(
        max_examples=max(figure(TREES) // EACH, 25),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
        report_multiple_bugs=False,
    )
    @given(some_samples(6), st.lists(whoosh_trees, min_size=EACH, max_size=EACH))
    def check(sample, asked):
        with tempfile.TemporaryDirectory(dir=quick) as folder:
            index = opened_view(Path(folder) / "index", *sample.batches)
            with index.searcher() as searcher:
                for tree in asked:
                    compared(searcher, tree, found(tree, sample.live))
            index.close()

    check()


def compared(searcher, tree, wanted) -> None:
    """The whole ranking is of what is wanted, in order, and a limit only cuts."""
    whole = searcher.search(tree, limit=None)
    ranking = [(hit["key"], hit.score) for hit in whole]
    assert sorted(key for key, _ in ranking) == sorted(wanted), tree
    order = [(hit.score, -hit.docnum) for hit in whole]
    assert order == sorted(order, reverse=True), tree
    for limit in LIMITS:
        page = searcher.search(tree, limit=limit)
        assert len(page) == len(wanted), tree
        assert [hit["key"] for hit in page] == [key for key, _ in ranking[:limit]], tree
        scores = [score for _, score in ranking[:limit]]
        assert [hit.score for hit in page] == pytest.approx(scores, rel=1e-6), tree
    ran("random questions: trees of Whoosh, each under four limits")
