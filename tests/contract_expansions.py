"""Does every engine say which words a word of the query stands for?

The part of the contract about expansions: what they are, that none is cut, and what is said of
very many.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st

from balletsearch.engines import expansions
from balletsearch.engines.protocol import Engine
from balletsearch.query.nodes import (
    Fuzzy,
    Node,
    Phrase,
    Prefix,
    Regex,
    Sound,
    Wildcard,
    Word,
)
from brute_force import BruteForceEngine
from contract_properties import PropertyContract, askable
from contract_strategies import LANGUAGES, History, histories, one_word
from contract_strategies import leaves as any_leaf
from contract_support import find, store, story

__all__ = ["ExpansionContract"]


class ExpansionContract(PropertyContract):
    """What `Reader.expansion` gives, and notes on searches."""

    @pytest.mark.parametrize(
        ("leaf", "forms"),
        [
            pytest.param(Word("dance"), {"dance": 1, "danced": 2}, id="a stem"),
            pytest.param(Prefix("danc"), {"dance": 1, "danced": 2, "dancer": 2}, id="a beginning"),
            pytest.param(Wildcard("d?nce*", "body"), {"dance": 1, "danced": 2}, id="in a zone"),
            pytest.param(Regex("dancer", "title"), {"dancer": 2}, id="in another"),
            pytest.param(Fuzzy("swna", 1), {"swan": 1}, id="nearly"),
            pytest.param(Sound("suan"), {}, id="no sound"),
            pytest.param(Word("zebra"), {}, id="nothing"),
        ],
    )
    def test_words_are_counted_where_they_stand(
        self, engine: Engine, leaf: Any, forms: dict[str, int]
    ) -> None:
        store(
            engine,
            story("a", "Dance! danced, DANCED", title="dancer dancer"),
            story("b", "swan"),
            story("c", "danced dancing"),
        )
        with engine.writer() as writer:
            writer.remove("c")
            writer.commit()
        found = engine.reader().expansion(leaf)
        assert dict(found) == forms
        assert list(found) == sorted(found)

    def test_expansions_are_those_of_the_oracle(self) -> None:
        def check(history: History, leaves: list[Any]) -> None:
            oracle = BruteForceEngine(LANGUAGES)
            history.replay(oracle)
            with self.opened(languages=LANGUAGES) as engine:
                history.replay(engine)
                for leaf in leaves:
                    asked = askable(engine, leaf)
                    expected = oracle.reader().expansion(asked)
                    assert dict(engine.reader().expansion(asked)) == dict(expected)

        self.try_out(check, histories(), st.lists(one_word, min_size=4, max_size=8))

    def test_what_a_leaf_is_worth_is_what_the_oracle_says(self) -> None:
        def check(history: History, leaves: list[Any]) -> None:
            oracle = BruteForceEngine(LANGUAGES)
            history.replay(oracle)
            with self.opened(languages=LANGUAGES) as engine:
                history.replay(engine)
                keys = [story.key for story in oracle.reader().stories()]
                for leaf in leaves:
                    asked = askable(engine, leaf)
                    expected = oracle.reader().worth(asked, [*keys, "nobody"])
                    found = engine.reader().worth(asked, [*keys, "nobody"])
                    assert found.keys() == expected.keys()
                    for key, part in found.items():
                        assert part == pytest.approx(expected[key], rel=1e-6, abs=1e-12)

        self.try_out(check, histories(), st.lists(any_leaf, min_size=4, max_size=8))

    @pytest.mark.parametrize(
        ("tree", "told"),
        [
            pytest.param(Prefix("sw"), ["sw*"], id="three words"),
            pytest.param(Prefix("swa"), [], id="two words"),
            pytest.param(Phrase((Prefix("sw"), Word("lake"))), ["sw*"], id="in a phrase"),
            pytest.param(Wildcard("*", "body"), ["body:*"], id="all of them"),
        ],
    )
    def test_it_is_said_that_a_word_stands_for_very_many(
        self, engine: Engine, tree: Node, told: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(expansions, "MANY", 2)
        store(engine, story("a", "swan lake sea"))
        store(engine, story("b", "swarm lake"), story("c", "swim lake"))
        result = find(engine, tree)
        notes = [note for note in result.notes if "more than" in note]
        assert len(notes) == len(told)
        assert all(f"'{word}'" in note for word, note in zip(told, notes, strict=True))
