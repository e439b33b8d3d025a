"""Which words has a collection near one, or beginning so, and in how many stories?

The part of the contract that suggestions and completions stand on.
"""

from __future__ import annotations

from hypothesis import strategies as st

from balletsearch.engines.protocol import Beginning, Engine, Reader, Spelling
from balletsearch.query.nodes import View, Word
from brute_force import BruteForceEngine
from contract_properties import PropertyContract
from contract_strategies import LANGUAGES, History, histories
from contract_support import find, store, story

__all__ = ["WordingContract"]

ASKED = st.text(st.sampled_from("adegilnopsvwxé'"), max_size=6) | st.sampled_from(
    ["swan", "swans", "danc", "lake", "plie", "pavlova", "d'", "моск", "mosc", "moscow'"]
)


def near(reader: Reader, text: str, most: int) -> dict[str, tuple[int, int]]:
    """Word → how far away it is, and in how many stories."""
    found = reader.near(text, most)
    as_dict = {word: (distance, stories) for word, distance, stories in found}
    assert len(as_dict) == len(found), "each word once"
    return as_dict


class WordingContract(PropertyContract):
    """Words near one, and words that begin so."""

    def test_words_near_one_come_with_their_distance_and_their_stories(
        self, engine: Engine
    ) -> None:
        store(
            engine,
            story("a", "swan swan sawn", title="Swans"),
            story("b", "The swan swims, swimming."),
            story("c", "swine"),
        )
        reader = engine.reader()
        assert near(reader, "swan", 1) == {"swan": (0, 2), "sawn": (1, 1), "swans": (1, 1)}
        assert near(reader, "swan", 2) == {**near(reader, "swan", 1), "swine": (2, 1)}
        assert near(reader, "swan", 0) == {"swan": (0, 2)}
        assert near(reader, "zzz", 2) == {}

    def test_three_edits_may_be_asked_for(self, engine: Engine) -> None:
        store(engine, story("a", "curtains"))
        assert list(engine.reader().near("courtens", 3)) == [Spelling("curtains", 3, 1)]
        assert not engine.reader().near("courtens", 2)

    def test_words_that_begin_so_come_by_their_stories(self, engine: Engine) -> None:
        store(
            engine,
            story("a", "dance dance dances", title="Dancing"),
            story("b", "dance and Danced"),
            story("c", "a dancer danced"),
        )
        reader = engine.reader()
        assert list(reader.beginning("danc", 3)) == [
            Beginning("dance", 2),
            Beginning("danced", 2),
            Beginning("dancer", 1),
        ]
        assert len(reader.beginning("", 100)) == 7
        assert list(reader.beginning("dancx", 3)) == []
        assert list(reader.beginning("danc", 0)) == []

    def test_case_and_accents_play_no_part_and_a_possessive_counts(self, engine: Engine) -> None:
        store(engine, story("a", "Pliés"), story("b", "plies"), story("c", "Moscow"))
        store(engine, story("d", "Moscow's snow"), story("e", "moscow's"))
        reader = engine.reader()
        assert near(reader, "plies", 0) == {"plies": (0, 2)}
        assert list(reader.beginning("mos", 9)) == [
            Beginning("moscow", 3),
            Beginning("moscow's", 2),
        ]

    def test_words_of_removed_stories_are_none(self, engine: Engine) -> None:
        store(engine, story("a", "swan lake"), story("b", "swan"), story("c", "lake's lakes"))
        with engine.writer() as writer:
            writer.remove("a")
            writer.commit()
        reader = engine.reader()
        assert near(reader, "lake", 1) == {"lakes": (1, 1)}
        assert list(reader.beginning("", 9)) == [
            Beginning("lake's", 1),
            Beginning("lakes", 1),
            Beginning("swan", 1),
        ]

    def test_half_a_character_is_near_to_nothing(self, engine: Engine) -> None:
        store(engine, story("a", "swan"))
        assert not engine.reader().near("\ud800\ud800\ud800\ud800", 1)
        assert not engine.reader().beginning("\ud800", 9)

    def test_any_history_has_the_words_of_the_oracle(self) -> None:
        asked = st.lists(
            st.tuples(ASKED, st.sampled_from([0, 1, 2, 3]), st.sampled_from([1, 2, 5, 1000])),
            min_size=4,
            max_size=8,
        )

        def check(history: History, asked: list[tuple[str, int, int]]) -> None:
            oracle = BruteForceEngine(LANGUAGES)
            with self.opened(languages=LANGUAGES) as engine:
                history.replay(oracle)
                history.replay(engine)
                ours, right = engine.reader(), oracle.reader()
                for text, most, limit in asked:
                    found = near(ours, text, most)
                    assert found == near(right, text, most)
                    assert list(ours.beginning(text, limit)) == list(right.beginning(text, limit))
                for word, (_, stories) in list(found.items())[:5]:
                    assert find(engine, Word(word, view=View.EXACT)).total == stories > 0

        self.try_out(check, histories(), asked)
