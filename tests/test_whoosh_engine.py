"""Does the engine over stock Whoosh files keep the contract?"""

from __future__ import annotations

import tempfile
from pathlib import Path

from balletsearch.engines import open_engine
from balletsearch.engines.protocol import Engine
from contract import EngineContract


class TestWhooshEngine(EngineContract):
    """The whole contract; no gaps."""

    def make_engine(self, languages: tuple[str, ...] = ("en",)) -> Engine:
        return open_engine(
            "whoosh", Path(tempfile.mkdtemp(dir=self.folder)), languages, create=True
        )
