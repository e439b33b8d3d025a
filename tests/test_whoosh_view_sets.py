"""Does a query of Whoosh find through our view what it finds in stock files, and what it means?

Stock Whoosh is asked where it is right: it gives deleted stories under Not, and its AndNot,
Require and top ten are wrong. There the stories themselves are asked, one by one.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import query
from whoosh.query.qcore import NullQuery

from examples import examples
from whoosh_view_plain import found
from whoosh_view_strategies import all_trees, samples, terms, trees
from whoosh_view_support import keys, opened_view


@settings(max_examples=examples(300))
@given(samples, st.lists(trees, min_size=4, max_size=8))
def test_sets_are_those_of_stock_whoosh(sample, asked):
    with TemporaryDirectory() as folder:
        index = opened_view(Path(folder) / "ours", *sample.batches)
        with index.searcher() as ours, sample.stock(Path(folder) / "stock") as stock:
            for tree in asked:
                hits = {hit["key"] for hit in stock.search(tree, limit=None)}
                # Under Not stock Whoosh gives deleted stories too.
                current = {
                    stock.stored_fields(d)["key"]
                    for d in stock.docs_for_query(tree)
                    if not stock.reader().is_deleted(d)
                }
                assert current <= hits
                assert set(keys(ours, tree)) == current & sample.live.keys(), tree


@settings(max_examples=examples(400))
@given(samples, st.lists(all_trees, min_size=4, max_size=8), st.integers(1, 4))
def test_sets_totals_and_pages_are_what_the_query_means(sample, asked, limit):
    with TemporaryDirectory() as folder:
        index = opened_view(Path(folder) / "ours", *sample.batches)
        with index.searcher() as searcher:
            for tree in asked:
                wanted = found(tree, sample.live)
                every_hit = searcher.search(tree, limit=None)
                order = [(hit.score, -hit.docnum) for hit in every_hit]
                assert sorted(hit["key"] for hit in every_hit) == sorted(wanted), tree
                assert order == sorted(order, reverse=True)
                page = searcher.search(tree, limit=limit)
                assert len(page) == len(wanted)
                assert [hit["key"] for hit in page] == [h["key"] for h in every_hit][:limit]
                assert [hit.score for hit in page] == pytest.approx(
                    [hit.score for hit in every_hit][:limit]
                )


@given(samples, terms, terms)
@settings(max_examples=examples(300))
def test_scores_are_added_where_they_should_be(sample, a, b):
    with TemporaryDirectory() as folder:
        index = opened_view(Path(folder) / "ours", *sample.batches)
        with index.searcher() as searcher:
            first = {h["key"]: h.score for h in searcher.search(a, limit=None)}
            second = {h["key"]: h.score for h in searcher.search(b, limit=None)}
            both = first.keys() & second.keys()
            for tree, wanted in (
                (query.And([a, b]), {k: first[k] + second[k] for k in both}),
                (
                    query.Or([a, b]),
                    {k: first.get(k, 0) + second.get(k, 0) for k in {*first, *second}},
                ),
                (query.AndMaybe(a, b), {k: first[k] + second.get(k, 0) for k in first}),
                (query.AndNot(a, b), {k: first[k] for k in first if k not in second}),
                (query.Require(a, b), {k: first[k] for k in both}),
                (
                    query.DisjunctionMax([a, b]),
                    {k: max(first.get(k, 0), second.get(k, 0)) for k in {*first, *second}},
                ),
                (
                    query.DisjunctionMax([a, b], tiebreak=1.0),
                    {k: first.get(k, 0) + second.get(k, 0) for k in {*first, *second}},
                ),
                (
                    # The formula of Whoosh for two words of which one or both are there.
                    query.Or([a, b], scale=0.5),
                    {
                        k: (first.get(k, 0) + second.get(k, 0) + (k in both) / 1.5**2) / 2
                        for k in {*first, *second}
                    },
                ),
                (query.Otherwise(a, b), first or second),
                (query.Otherwise(NullQuery, b), second),
                (query.ConstantScoreQuery(a, 2.5), dict.fromkeys(first, 2.5)),
                (query.Or([a], boost=2.0), {k: 2 * first[k] for k in first}),
            ):
                scores = {h["key"]: h.score for h in searcher.search(tree, limit=None)}
                assert scores == pytest.approx(wanted), tree
