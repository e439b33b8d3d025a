"""Does an index hold what a dictionary would, whatever happens to it in whatever order?

Histories of steps by chance: stories added, some as parts of others, replaced and removed, batches
committed or dropped, the index opened again, merged, rebuilt by a check of all, and writers that
die. After each commit the index and the dictionary hold the same.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from effort import SEED, figure, ran
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from support import State, little_room

from balletsearch import Story
from balletsearch.engines.columns import ColumnsEngine
from balletsearch.engines.columns.mending import faults, salvage
from balletsearch.engines.protocol import SearchRequest
from balletsearch.model import Value
from balletsearch.query.nodes import Everything, Word

HISTORIES = 5_000
STEPS = 30

KEYS = st.sampled_from([f"k{i}" for i in range(8)])
BODIES = st.lists(st.sampled_from(["swan", "lake", "dances", "plié", "the"]), max_size=8)


class History(RuleBasedStateMachine):
    """One index, one writer at a time, and the dictionary that it is compared with."""

    folder: Path

    @initialize(fanout=st.sampled_from([2, 3, 5]))
    def begin(self, fanout: int) -> None:
        self.place = Path(tempfile.mkdtemp(dir=self.folder))
        self.room = little_room(fanout)
        self.room.__enter__()
        self.engine = ColumnsEngine(self.place, ("en",), create=True, durable=False)
        self.committed: State = {}
        self.pending: State = {}
        self.parents: dict[str, list[str]] = {}
        self.held_parents: dict[str, list[str]] = {}
        self.writer = self.engine.writer()
        self.number = 0

    def teardown(self) -> None:
        if hasattr(self, "room"):
            self.writer.__exit__(None, None, None)
            self.engine.close()
            self.room.__exit__(None, None, None)
            shutil.rmtree(self.place)
            ran("any history: histories")

    @rule(
        key=KEYS,
        words=BODIES,
        mood=st.sampled_from(["", "sad", "glad"]),
        parents=st.one_of(st.just([]), st.lists(KEYS, max_size=2, unique=True)),
    )
    def add(self, key: str, words: list[str], mood: str, parents: list[str]) -> None:
        self.number += 1
        body = " ".join([*words, f"number{self.number}."])
        fields: dict[str, tuple[Value, ...]] = {"mood": (mood,)} if mood else {}
        if parents:
            fields["parent"] = tuple(parents)
        self.writer.add(Story(key, body, fields=fields))
        self.pending[key] = body
        self.parents[key] = parents

    @rule(key=KEYS)
    def remove(self, key: str) -> None:
        """A story goes with its parts; the parts of those stay."""
        gone = {one for one in self.pending if one == key or key in self.parents[one]}
        assert self.writer.remove(key) == bool(gone)
        self.pending = {one: body for one, body in self.pending.items() if one not in gone}

    @rule()
    def commit(self) -> None:
        self.writer.commit()
        self.keep()

    def keep(self) -> None:
        """What was pending is committed."""
        self.committed = dict(self.pending)
        self.held_parents = dict(self.parents)

    def drop(self) -> None:
        """What was pending is gone."""
        self.pending = dict(self.committed)
        self.parents = dict(self.held_parents)

    @rule()
    def cancel(self) -> None:
        self.writer.__exit__(None, None, None)
        self.writer = self.engine.writer()
        self.drop()

    @rule()
    def die(self) -> None:
        """The writer goes without a word: its files stay behind."""
        self.writer._executor.shutdown()  # type: ignore[attr-defined]
        self.writer._written = []  # type: ignore[attr-defined]
        self.reopen()

    @rule()
    def reopen(self) -> None:
        self.writer.__exit__(None, None, None)
        self.engine.close()
        self.engine = ColumnsEngine(self.place, ("en",), durable=False)
        self.writer = self.engine.writer()
        self.drop()

    @rule()
    def merge(self) -> None:
        self.writer.merge()  # type: ignore[attr-defined]
        self.keep()
        assert len(self.engine.reader().snapshot.segments) <= 1

    @precondition(lambda self: self.number % 5 == 0)
    @rule()
    def check(self) -> None:
        assert list(faults(self.place, deep=True)) == []
        saved = [one.story for one in salvage(self.place) if one.story is not None]
        assert {story.key: story.body for story in saved} == self.committed

    @invariant()
    def holds_what_was_committed(self) -> None:
        if not hasattr(self, "engine"):
            return
        reader = self.engine.reader()
        found = reader.search(SearchRequest(Everything(), limit=None))
        assert {m.story.key: m.story.body for m in found.matches} == self.committed
        assert reader.count() == found.total == len(self.committed)
        swans = reader.search(SearchRequest(Word("swan"), limit=None))
        expected = {key for key, body in self.committed.items() if "swan" in body.split()}
        assert {m.story.key for m in swans.matches} == expected
        parts = reader.search(SearchRequest(Word("k1", field="parent"), limit=None))
        expected = {key for key in self.committed if "k1" in self.held_parents[key]}
        assert {m.story.key for m in parts.matches} == expected


@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
def test_any_history_ends_in_what_a_dictionary_would_hold(quick):
    class Here(History):
        folder = quick

    run_state_machine_as_test(
        seed(SEED)(Here),
        settings=settings(
            max_examples=figure(HISTORIES),
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink),
        ),
    )
    assert not os.listdir(quick)
