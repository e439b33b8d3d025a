"""Does the engine over stock Whoosh files keep the contract?"""

from __future__ import annotations

import tempfile
from pathlib import Path

from balletsearch.engines import open_engine
from balletsearch.engines.protocol import Engine
from contract import EngineContract


class TestWhooshEngine(EngineContract):
    """The whole contract, but for words as typed."""

    not_supported = {  # noqa: RUF012 - as every subclass writes it
        f"test_stretches_are_those_found_by_hand[{why}]": "its terms are of forms"
        for why in (
            "as typed: capitals, accents and possessives count",
            "a phrase as typed, also with any word in a place",
        )
    }

    def make_engine(self, languages: tuple[str, ...] = ("en",)) -> Engine:
        return open_engine(
            "whoosh", Path(tempfile.mkdtemp(dir=self.folder)), languages, create=True
        )
