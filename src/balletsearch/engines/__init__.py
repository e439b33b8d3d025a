"""Who answers? One small protocol (`protocol.py`), several engines, one contract."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Final

from balletsearch.engines.protocol import Engine
from balletsearch.errors import SettingsError

__all__ = ["ENGINES", "open_engine"]

ENGINES: Final = ("whoosh",)
"""Names of the engines there are, the default first."""


def open_engine(name: str, folder: Path, languages: tuple[str, ...]) -> Engine:
    """The engine called `name` over a folder that is its alone."""
    if name != "whoosh":
        raise SettingsError(f"There is no engine '{name}'; there are {', '.join(ENGINES)}.")
    with warnings.catch_warnings():
        # Whoosh 2.7.4 has invalid escapes that newer Pythons warn of when they compile it.
        warnings.simplefilter("ignore")
        from balletsearch.engines.whoosh import WhooshEngine

    return WhooshEngine(folder, languages)
