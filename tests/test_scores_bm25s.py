"""Are our scores those that another library computes by the same formula?

bm25s has Lucene's BM25 as its method *lucene*: the idf of `engines/bm25.py`, no factor (k1 + 1),
lengths as they are. Its scores are of 32 bits unless it is told otherwise; here it computes with
64 like ours, so that they agree to the last digits. It knows words only, so stories have one zone,
of weight 1, and the words of a query are found as they stand.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import bm25s
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from balletsearch.engines import open_engine
from balletsearch.engines.bm25 import K1, B
from balletsearch.engines.columns import ColumnsEngine
from balletsearch.engines.protocol import Engine
from balletsearch.model import Story
from balletsearch.query.nodes import And, Or, View, Word
from contract_support import find
from examples import examples

WORDS = ("the", "the", "the", "and", "and", "swan", "swan", "lake", "moon", "firebird", "plot")
"""Some are frequent; each is its own stem, and no other's."""

bodies = st.lists(st.sampled_from(WORDS), max_size=40)
batches = st.lists(
    st.dictionaries(st.sampled_from("abcdefghijkl"), st.none() | bodies, min_size=1),
    min_size=1,
    max_size=3,
)
"""Stories by key, one commit after the other; None takes a story out again."""
asked = st.lists(
    st.lists(
        st.sampled_from([*sorted(set(WORDS)), "juggler"]), min_size=1, max_size=4, unique=True
    ),
    min_size=3,
    max_size=3,
)

Batches = Sequence[dict[str, list[str] | None]]

ENGINES: dict[str, Callable[[Path], Engine]] = {
    "columns": lambda folder: ColumnsEngine(folder, ("en",), create=True, durable=False),
    "whoosh": lambda folder: open_engine("whoosh", folder, ("en",), create=True),
}


def written(engine: Engine, history: Batches) -> dict[str, list[str]]:
    """What the engine holds in the end: the words of each story."""
    live: dict[str, list[str]] = {}
    with engine.writer() as writer:
        for batch in history:
            for key, words in batch.items():
                if words is None:
                    writer.remove(key)
                    live.pop(key, None)
                else:
                    writer.add(Story(key, " ".join(words)))
                    live[key] = words
            writer.commit()
    return live


def scored(live: dict[str, list[str]]) -> Callable[[Iterable[str]], dict[str, float]]:
    """By bm25s: the score of each story, by the words that are asked for."""
    if not any(live.values()):
        return lambda words: dict.fromkeys(live, 0.0)
    other = bm25s.BM25(k1=K1, b=B, method="lucene", dtype="float64")
    other.index(list(live.values()), show_progress=False)

    def scores(words: Iterable[str]) -> dict[str, float]:
        known = [word for word in words if word in other.vocab_dict]
        if not known:
            return dict.fromkeys(live, 0.0)
        return dict(zip(live, other.get_scores(known).tolist(), strict=True))

    return scores


@pytest.mark.parametrize("make", ENGINES.values(), ids=ENGINES)
def test_scores_are_those_of_bm25s(make: Callable[[Path], Engine]) -> None:
    @settings(max_examples=examples(300), suppress_health_check=list(HealthCheck))
    @given(batches, asked, st.sampled_from([View.STEM, View.EXACT]))
    # One word in every story, and one in a single long story.
    @example(
        [{"a": ["the"], "b": ["the", "swan"] * 20}], [["the"], ["swan"], ["the", "swan"]], View.STEM
    )
    # What was replaced or taken out counts in nothing.
    @example(
        [{"a": ["swan"], "b": ["swan"] * 9}, {"a": None, "b": ["lake"]}], [["lake"]], View.EXACT
    )
    def check(history: Batches, questions: list[list[str]], view: View) -> None:
        with tempfile.TemporaryDirectory() as folder:
            engine = make(Path(folder))
            live = written(engine, history)
            expected = scored(live)
            for words in questions:
                leaves = tuple(Word(word, view=view) for word in words)
                scores = expected(words)
                some = {key for key in live if not set(words).isdisjoint(live[key])}
                every = {key for key in live if set(words) <= set(live[key])}
                for tree, keys in ((Or(leaves), some), (And(leaves), every)):
                    found = {m.story.key: m.score for m in find(engine, tree).matches}
                    assert found == pytest.approx({k: scores[k] for k in keys}, rel=1e-12)
                for leaf in leaves:
                    alone = expected([leaf.text])
                    found = {m.story.key: m.score for m in find(engine, leaf).matches}
                    keys = {key for key in live if leaf.text in live[key]}
                    assert found == pytest.approx({k: alone[k] for k in keys}, rel=1e-12)
            engine.close()

    check()
