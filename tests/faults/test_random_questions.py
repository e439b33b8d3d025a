"""Are answers those of the oracle, whatever is asked of however many segments?

Collections and trees by chance, as for the contract of engines, but over one to six segments
with deletions and empty fields, each tree under the limits that a search is likely to have.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from effort import SEED, figure, ran
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from support import little_room

from balletsearch.engines.columns import ColumnsEngine
from balletsearch.engines.protocol import SearchRequest
from balletsearch.model import Story
from brute_force import BruteForceEngine
from contract_properties import check_scores
from contract_strategies import ANCHOR, LANGUAGES, stories, trees

TREES = 50_000
LIMITS = (1, 10, 100)
EACH = 20
"""Trees for each collection: to build it takes the time."""

batches = st.lists(
    st.tuples(
        st.lists(stories(), min_size=1, max_size=6).map(tuple),
        st.lists(st.sampled_from("abcdefgh"), max_size=2).map(tuple),
    ),
    min_size=1,
    max_size=6,
)


@pytest.mark.parametrize("room", ["usual", "hardly any"])
def test_answers_are_those_of_the_oracle(quick, room):
    @seed(SEED)
    @settings(
        max_examples=max(figure(TREES) // EACH // 2, 25),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
        report_multiple_bugs=False,
    )
    @given(batches, st.lists(trees, min_size=EACH, max_size=EACH), st.sampled_from([2, 9]))
    def check(history, asked, fanout):
        oracle = BruteForceEngine(LANGUAGES)
        with tempfile.TemporaryDirectory(dir=quick) as folder:
            engine = ColumnsEngine(Path(folder), LANGUAGES, create=True, durable=False)
            if room == "hardly any":
                with little_room(fanout):
                    written(engine, oracle, history)
                    compared(engine, oracle, asked)
            else:
                written(engine, oracle, history)
                compared(engine, oracle, asked)
            engine.close()

    check()


def written(engine, oracle, history) -> None:
    """The same batches into both, a segment or more for each."""
    with engine.writer() as ours, oracle.writer() as theirs:
        for writer in (ours, theirs):
            writer.add(ANCHOR)
            writer.add(Story("empty", "", fields={"mood": ()}))
            for added, removed in history:
                for story in added:
                    writer.add(story)
                for key in removed:
                    writer.remove(key)
                writer.commit()


def compared(engine, oracle, asked) -> None:
    """Sets, scores, spans and order are those of the oracle; a limit only cuts."""
    reader, truth = engine.reader(), oracle.reader()
    for tree in asked:
        whole = reader.search(SearchRequest(tree, limit=None))
        expected = truth.search(SearchRequest(tree, limit=None))
        assert whole.total == expected.total
        check_scores(whole, expected, grouped=False)
        spans = {m.story.key: m.spans for m in whole.matches}
        assert spans == {m.story.key: m.spans for m in expected.matches}
        for limit in LIMITS:
            page = reader.search(SearchRequest(tree, limit=limit))
            assert page.total == whole.total
            assert [(m.story.key, m.score) for m in page.matches] == [
                (m.story.key, m.score) for m in whole.matches[:limit]
            ]
        ran("random questions: trees, each under four limits")
