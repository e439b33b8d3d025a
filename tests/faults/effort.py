"""How much is tried, and from which seed?

`BALLETSEARCH_FAULTS` is the share of the full figures that is tried: 0.05 where nothing is said,
1 for all. `BALLETSEARCH_FAULTS_SEED` repeats what chance chose; every failure tells it.
"""

from __future__ import annotations

import os
import random
import secrets
from collections import Counter
from typing import Final

__all__ = ["RAN", "SEED", "SHARE", "chance", "figure", "ran"]

SHARE: Final = float(os.environ.get("BALLETSEARCH_FAULTS") or 0.05)

_CHOSEN = os.environ.get("BALLETSEARCH_FAULTS_SEED") or (
    "1" if os.environ.get("CI") else str(secrets.randbelow(1_000_000))
)
SEED: Final = int(_CHOSEN)

RAN: Final[Counter[str]] = Counter()
"""What was tried in this run, and how often."""


def figure(full: int, *, least: int = 1) -> int:
    """So many times, of `full` in a full run."""
    return max(least, round(full * SHARE))


def chance(name: str) -> random.Random:
    """A source of chance of its own for each test, from the one seed."""
    return random.Random(f"{SEED} {name}")


def ran(what: str, times: int = 1) -> None:
    """Note that something was tried."""
    RAN[what] += times
