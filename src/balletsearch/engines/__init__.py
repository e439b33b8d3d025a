"""Who answers? One small protocol (`protocol.py`), several engines, one contract."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Final

from balletsearch.errors import SettingsError

if TYPE_CHECKING:
    from balletsearch.engines.protocol import Engine

__all__ = ["ENGINES", "engine_of", "holds_stories", "no_engine", "open_engine"]

ENGINES: Final = ("columns", "whoosh")
"""Names of the engines there are, the default first."""

_STORIES: Final = {"columns": "segment-*.npz", "whoosh": "*.seg"}
"""Engine → the files that hold its stories."""


def no_engine(name: str) -> SettingsError:
    """The error for a name that no engine has."""
    return SettingsError(f"There is no engine '{name}'; there are {', '.join(ENGINES)}.")


def holds_stories(folder: Path) -> bool:
    """Whether the files in a store's folder, of whichever engine, hold any story."""
    return any(any(folder.glob(pattern)) for pattern in _STORIES.values())


def engine_of(folder: Path) -> str:
    """The engine that made a folder which holds stories."""
    return next(name for name, pattern in _STORIES.items() if any(folder.glob(pattern)))


def open_engine(
    name: str,
    folder: Path,
    languages: tuple[str, ...],
    *,
    create: bool = False,
    durable: bool = True,
) -> Engine:
    """The engine called `name` over a folder that is its alone.

    With `create` its files are made where there are none, which only a writer may ask for. What
    is committed is on the disk, if `durable`.
    """
    if name == "columns":
        from balletsearch.engines.columns import ColumnsEngine

        return ColumnsEngine(folder, languages, create=create, durable=durable)
    if name != "whoosh":
        raise no_engine(name)
    with warnings.catch_warnings():
        # Whoosh 2.7.4 has invalid escapes that newer Pythons warn of when they compile it.
        warnings.simplefilter("ignore")
        from balletsearch.engines.whoosh import WhooshEngine

    return WhooshEngine(folder, languages, create=create, durable=durable)
