"""Does the engine of arrays keep the contract?"""

from __future__ import annotations

import tempfile
from pathlib import Path

from balletsearch.engines.columns import ColumnsEngine
from balletsearch.engines.protocol import Engine
from contract import EngineContract


class TestColumnsEngine(EngineContract):
    """The whole contract; no gaps."""

    def make_engine(self, languages: tuple[str, ...] = ("en",)) -> Engine:
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        return ColumnsEngine(folder, languages, create=True, durable=False)
