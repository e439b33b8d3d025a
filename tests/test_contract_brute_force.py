"""Does the oracle keep the contract itself, and does the contract hold engines to their word?"""

from __future__ import annotations

import pytest

from balletsearch.engines.protocol import Engine
from balletsearch.errors import UnsupportedError
from balletsearch.query.nodes import Word
from brute_force import BruteForceEngine
from brute_force_words import distance
from contract import EngineContract
from contract_support import ContractBase, find
from examples import LEAST


class TestBruteForce(EngineContract):
    """The hand-derived cases judge the oracle as they judge every engine."""

    # Compared with itself the oracle cannot fail; the other laws hold or not at any number.
    examples = LEAST

    def make_engine(self, languages: tuple[str, ...] = ("en",)) -> Engine:
        return BruteForceEngine(languages)


class TestDeclaredGaps(ContractBase):
    """A gap is a test that has to end in UnsupportedError, whole or for one of its cases."""

    not_supported = {  # noqa: RUF012 - as every subclass writes it
        "test_a_gap": "declared whole",
        "test_one_case_is_a_gap[two]": "declared for one case",
    }

    def make_engine(self, languages: tuple[str, ...] = ("en",)) -> Engine:
        return BruteForceEngine(languages)

    def test_a_gap(self, engine: Engine) -> None:
        raise UnsupportedError(f"{engine.name} cannot.")

    @pytest.mark.parametrize("case", ["one", "two"])
    def test_one_case_is_a_gap(self, engine: Engine, case: str) -> None:
        if case == "two":
            raise UnsupportedError(f"{engine.name} cannot.")
        assert find(engine, Word(case)).total == 0


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [
        pytest.param("", "", 0, id="nothing"),
        pytest.param("", "abc", 3, id="insertions"),
        pytest.param("abc", "", 3, id="deletions"),
        pytest.param("swan", "swin", 1, id="a change"),
        pytest.param("swan", "sawn", 1, id="a swap"),
        pytest.param("swan", "wsna", 2, id="two swaps"),
        pytest.param("ca", "abc", 3, id="no edit between swapped letters"),
        pytest.param("kitten", "sitting", 3, id="two changes and an insertion"),
    ],
)
def test_distances_are_those_counted_by_hand(one: str, other: str, edits: int) -> None:
    assert distance(one, other) == distance(other, one) == edits
