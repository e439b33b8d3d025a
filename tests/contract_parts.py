"""Are the parts of a story kept together, and are stories as good in one piece as in many?

The part of the contract about stories with a `parent`, and about merging.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balletsearch.engines.protocol import Engine, Selection, Sort, Writer
from balletsearch.model import Story
from balletsearch.query.nodes import Everything, Word
from contract_support import ContractBase, find, keys, store, story

__all__ = ["PartsContract"]


def part(key: str, parent: str, ordinal: int = 0, body: str = "swan") -> Story:
    """A story that is part of another."""
    return story(key, body, parent=parent, ordinal=ordinal)


BOOK = (part("w#2", "w", 2), part("w#1", "w", 1, "swan lake"), part("w#10", "w", 10))
MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.sampled_from("abcd"), st.sampled_from(["", "a", "b", "A"])),
        st.tuples(st.just("remove"), st.sampled_from("abcA"), st.just("")),
        st.tuples(st.sampled_from(["commit", "merge"]), st.just(""), st.just("")),
    ),
    max_size=14,
)


def moved(writer: Writer, stands: dict[str, str], move: tuple[str, str, str]) -> None:
    """Make one change, to the index and to a plain dictionary of key → parent."""
    what, key, parent = move
    if what == "add":
        writer.add(part(key, parent) if parent else story(key, "swan"))
        stands[key] = parent
    elif what == "remove":
        gone = [k for k, p in stands.items() if key in (k, p)]
        assert writer.remove(key) is bool(gone)
        for k in gone:
            del stands[k]
    elif what == "merge":
        writer.merge()
    else:
        writer.commit()


class PartsContract(ContractBase):
    """Parts, and pieces."""

    def test_a_part_says_what_it_is_part_of(self, engine: Engine) -> None:
        store(engine, story("w", "whole"), *BOOK)
        found = engine.reader().get("w#2")
        assert found == BOOK[0]
        assert found is not None
        assert (found.parent, found.ordinal) == ("w", 2)
        whole = engine.reader().get("w")
        assert whole is not None
        assert (whole.parent, whole.ordinal) == ("", 0)

    def test_parts_are_selected_counted_and_put_in_order(self, engine: Engine) -> None:
        store(engine, *BOOK, part("v#1", "v", 1), story("alone", "swan"))
        inside = {"where": (Selection("parent", ("w",)),), "sort": (Sort("ordinal"),)}
        assert keys(engine, Word("swan"), **inside) == ["w#1", "w#2", "w#10"]
        assert keys(engine, Word("w", "parent")) == ["w#1", "w#10", "w#2"]
        facet = find(engine, Word("swan"), facets=("parent",)).facets["parent"]
        assert [(v.value, v.count) for v in facet.values] == [("w", 3), ("v", 1)]
        assert facet.missing == 1
        assert find(engine, Word("w")).total == 0, "a key is no word of the text"

    @pytest.mark.parametrize("whole", [True, False], ids=["with the whole", "parts alone"])
    @pytest.mark.parametrize("committed", [0, 1, 3])
    def test_a_story_is_removed_with_its_parts(
        self, engine: Engine, whole: bool, committed: int
    ) -> None:
        stories = (*([story("w", "swan")] if whole else []), *BOOK)
        with engine.writer() as writer:
            writer.add(part("v#1", "v", 1))
            writer.add(part("w#1#1", "w#1", 1))
            for one in stories[:committed]:
                writer.add(one)
            writer.commit()
            for one in stories[committed:]:
                writer.add(one)
            assert writer.remove("w") is True
            assert writer.remove("w") is False
            writer.commit()
        assert keys(engine, Everything()) == ["v#1", "w#1#1"]

    def test_only_the_very_same_key_is_its_story(self, engine: Engine) -> None:
        store(engine, part("a", "Giselle"), part("b", "giselle"))
        with engine.writer() as writer:
            assert writer.remove("GISELLE") is False
            assert writer.remove("giselle") is True
            writer.commit()
        assert keys(engine, Everything()) == ["a"]

    def test_a_part_that_has_moved_stays(self, engine: Engine) -> None:
        store(engine, part("a", "w"), part("b", "w"))
        with engine.writer() as writer:
            writer.add(part("a", "v"))
            writer.add(story("b", "on its own"))
            assert writer.remove("w") is False
            writer.commit()
        assert keys(engine, Everything()) == ["a", "b"]

    def test_a_story_gets_other_parts_in_one_generation(self, engine: Engine) -> None:
        store(engine, *BOOK)
        before = engine.reader()
        with engine.writer() as writer:
            writer.remove("w")
            writer.add(part("w#1", "w", 1, "cygnets"))
            assert engine.reader().count() == 3
            writer.commit()
        assert before.count() == 3
        assert keys(engine, Everything()) == ["w#1"]
        assert keys(engine, Word("cygnets")) == ["w#1"]

    def test_any_history_of_parts(self) -> None:
        @settings(max_examples=max(self.examples // 2, 5), deadline=None)
        @given(MOVES)
        def check(moves: list[tuple[str, str, str]]) -> None:
            stands: dict[str, str] = {}
            with self.opened() as engine:
                with engine.writer() as writer:
                    for move in moves:
                        moved(writer, stands, move)
                    writer.commit()
                found = {s.key: s.parent for s in engine.reader().stories()}
                assert found == stands

        check()

    def test_one_piece_says_what_many_said(self, engine: Engine) -> None:
        for one in BOOK:
            store(engine, one)
        store(engine, story("w", "a lake", title="Swan Lake"))
        with engine.writer() as writer:
            writer.remove("w#10#")
            writer.add(part("w#2", "w", 2, "another swan"))
            writer.commit()
        asked = (Word("swan"), Word("lake"), Everything())
        before = [find(engine, tree, facets=("parent",)) for tree in asked]
        with engine.writer() as writer:
            writer.merge()
        again = self.reopen(engine)
        for tree, told in zip(asked, before, strict=True):
            found = find(again, tree, facets=("parent",))
            assert [(m.story, m.spans) for m in found.matches] == [
                (m.story, m.spans) for m in told.matches
            ]
            assert found.facets == told.facets

    def test_merging_commits_what_waits(self, engine: Engine) -> None:
        with engine.writer() as writer:
            writer.merge()
            writer.add(story("a", "swan"))
            writer.merge()
            writer.merge()
            writer.add(story("b", "swan"))
        assert keys(engine, Word("swan")) == ["a"]
