"""Do the leaves that stock Whoosh has too find the same stories there?

Over one segment without deletions Whoosh 2.7.4 is right about single phrases, beginnings and
wildcards. Its slop counts steps: 1 is the next word.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import query
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import ID, TEXT, Schema
from whoosh.filedb.filestore import RamStorage

from balletsearch.engines.columns import ColumnsEngine
from balletsearch.query.nodes import Phrase, Prefix, View, Wildcard, Word
from contract_support import keys, story

words = st.sampled_from(["swan", "swam", "lake", "like", "a", "sea"])
bodies = st.lists(st.lists(words, min_size=1, max_size=9).map(" ".join), min_size=1, max_size=8)
phrases = st.tuples(st.lists(words, min_size=2, max_size=3), st.integers(0, 3))
begins = st.sampled_from(["s", "sw", "l", "swan", "x"])
globs = st.sampled_from(["sw?m", "*a*", "l?k*", "?", "*", "s*n", "??a", "*x*"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sets")


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
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
