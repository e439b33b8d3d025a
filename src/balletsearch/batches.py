"""When is it time to commit what was written?

After so many stories, characters or seconds: what a kill can cost. Every commit makes a segment
that has to be merged again, so an engine that writes what waits for one to the disk is let go on
until the seconds are over.
"""

from __future__ import annotations

import time
from typing import Final

__all__ = ["Batch"]

STORIES: Final = 100_000
CHARACTERS: Final = 200_000_000
SECONDS: Final = 20.0

_KEPT: Final = {"whoosh": (5_000, 8_000_000)}
"""Stories and characters for an engine, by its name, that keeps a whole batch in memory."""


class Batch:
    """What was written since the last commit, to an engine with this name."""

    def __init__(self, engine: str) -> None:
        self._stories, self._characters = _KEPT.get(engine, (STORIES, CHARACTERS))
        self.begin()

    def begin(self) -> None:
        """Nothing waits for a commit."""
        self._waiting = self._weight = 0
        self._begun = time.monotonic()

    def full(self, characters: int) -> bool:
        """Whether one more story, of so many characters, makes it time to commit."""
        self._waiting += 1
        self._weight += characters
        return (
            self._waiting >= self._stories
            or self._weight >= self._characters
            or time.monotonic() - self._begun > SECONDS
        )
