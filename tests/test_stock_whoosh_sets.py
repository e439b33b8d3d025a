"""Does what stock Whoosh can ask too find the same stories there?

Over one segment without deletions Whoosh 2.7.4 is right about sets: words, AND, OR, NOT, single
phrases, beginnings, wildcards and ranges of numbers. So it is given what is left in the end, while
our stories come in several commits and some of them go again. Its slop counts steps: 1 is the
next word.
"""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import query
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import ID, NUMERIC, TEXT, Schema
from whoosh.filedb.filestore import RamStorage

from balletsearch.engines.columns import ColumnsEngine, tiers
from balletsearch.query.nodes import And, Not, Or, Phrase, Prefix, Range, View, Wildcard, Word
from contract_support import keys, story
from examples import examples

words = st.sampled_from(["swan", "swam", "lake", "like", "a", "sea"])
bodies = st.lists(st.lists(words, min_size=1, max_size=9).map(" ".join), min_size=1, max_size=8)
phrases = st.tuples(st.lists(words, min_size=2, max_size=3), st.integers(0, 3))
begins = st.sampled_from(["s", "sw", "l", "swan", "x"])
globs = st.sampled_from(["sw?m", "*a*", "l?k*", "?", "*", "s*n", "??a", "*x*"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sets")


BOUND = st.integers(0, 9)
LEAF = st.one_of(
    words.map(lambda w: (Word(w, "body", View.EXACT), query.Term("text", w))),
    begins.map(lambda b: (Prefix(b, "body"), query.Prefix("text", b))),
    st.tuples(BOUND, BOUND, st.booleans(), st.booleans()).map(
        lambda r: (
            Range("words", str(r[0]), str(r[1]), r[2], r[3]),
            query.NumericRange("number", r[0], r[1], not r[2], not r[3]),
        )
    ),
)


def _joined(children):
    """A node of both languages over children of both."""

    def of(ours, theirs):
        return st.lists(children, min_size=2, max_size=3).map(
            lambda pairs: (
                ours(tuple(mine for mine, _ in pairs)),
                theirs([other for _, other in pairs]),
            )
        )

    negated = children.map(lambda pair: (Not(pair[0]), query.Not(pair[1])))
    return st.one_of(of(And, query.And), of(Or, query.Or), negated)


TREES = st.recursive(LEAF, _joined, max_leaves=6)
STORIES = st.lists(
    st.tuples(st.lists(words, min_size=1, max_size=9).map(" ".join), BOUND, st.booleans()),
    min_size=1,
    max_size=12,
)


def stock(stories):
    """A Whoosh index of one segment of (key, body, number)."""
    number = NUMERIC(stored=True)
    schema = Schema(
        key=ID(stored=True), text=TEXT(analyzer=SpaceSeparatedTokenizer()), number=number
    )
    index = RamStorage().create_index(schema)
    writer = index.writer()
    for key, body, value in stories:
        writer.add_document(key=key, text=body, number=value)
    writer.commit()
    return index


@settings(deadline=None, max_examples=examples(600), suppress_health_check=[HealthCheck.too_slow])
@given(STORIES, st.lists(TREES, min_size=1, max_size=4), st.integers(1, 6))
def test_trees_find_what_stock_whoosh_finds_among_what_is_left(
    folder: Path, given_stories, trees, commits: int
) -> None:
    told = [(str(i), body, number) for i, (body, number, _) in enumerate(given_stories)]
    left = [one for one, (_, _, stays) in zip(told, given_stories, strict=True) if stays]
    engine = ColumnsEngine(folder / "trees", ("en",), create=True, durable=False)
    with patch.object(tiers, "FANOUT", 9), engine.writer() as ours:
        for key in engine.reader().sources():
            ours.remove(key)
        ours.commit()
        size = -(-len(told) // commits)
        for at in range(0, len(told), size):
            for key, body, number in told[at : at + size]:
                ours.add(story(key, body, words=number))
            ours.commit()
        for key, _, _ in told:
            if key not in {kept for kept, _, _ in left}:
                ours.remove(key)
        ours.commit()
    with stock(left).searcher() as searcher:
        for mine, theirs in trees:
            found = {hit["key"] for hit in searcher.search(theirs, limit=None)}
            assert set(keys(engine, mine)) == found, mine
    engine.close()


@settings(deadline=None, max_examples=examples(600), suppress_health_check=[HealthCheck.too_slow])
@given(bodies=bodies, phrase=phrases, begin=begins, glob=globs)
def test_sets_are_those_of_stock_whoosh(
    folder: Path, bodies: list[str], phrase: tuple[list[str], int], begin: str, glob: str
) -> None:
    schema = Schema(key=ID(stored=True), text=TEXT(analyzer=SpaceSeparatedTokenizer()))
    index = RamStorage().create_index(schema)
    writer = index.writer()
    for key, body in enumerate(bodies):
        writer.add_document(key=str(key), text=body)
    writer.commit()
    told, slop = phrase
    asked = {
        Phrase(tuple(Word(w, view=View.EXACT) for w in told), "body", slop): query.Phrase(
            "text", told, slop=slop + 1
        ),
        Prefix(begin, "body"): query.Prefix("text", begin),
        Wildcard(glob, "body"): query.Wildcard("text", glob),
    }
    engine = ColumnsEngine(folder / "index", ("en",), create=True, durable=False)
    with index.searcher() as searcher, engine.writer() as ours:
        for key in engine.reader().sources():
            ours.remove(key)
        ours.commit()
        for key, body in enumerate(bodies):
            ours.add(story(str(key), body))
        ours.commit()
        for mine, theirs in asked.items():
            found = {hit["key"] for hit in searcher.search(theirs, limit=None)}
            assert set(keys(engine, mine)) == found
    engine.close()
