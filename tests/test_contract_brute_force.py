"""Does the oracle keep the contract itself?"""

from __future__ import annotations

from balletsearch.engines.protocol import Engine
from brute_force import BruteForceEngine
from contract import EngineContract


class TestBruteForce(EngineContract):
    """The hand-derived cases judge the oracle as they judge every engine."""

    examples = 200

    def make_engine(self, languages: tuple[str, ...] = ("en",)) -> Engine:
        return BruteForceEngine(languages)
