"""How does a query ask for one that is saved under a name, and what may that be?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

__all__ = ["MAX_ASKED", "MAX_SAVED", "MAX_WITHIN", "SAVED", "closest"]

SAVED: Final = "query"
"""What stands before the name: `query:swans`."""

MAX_SAVED: Final = 10_000
"""Characters of a saved query."""

MAX_WITHIN: Final = 8
"""Saved queries that ask for one another."""

MAX_ASKED: Final = 100
"""Saved queries that one query asks for, with all that those ask for."""


def closest(name: str, known: Iterable[str]) -> str:
    """The one of some names that looks most like `name`, or an empty string."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, list(known), n=1)), "")
