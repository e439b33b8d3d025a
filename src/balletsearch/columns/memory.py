"""Why does nobody pay for fresh memory each time?

A query over large arrays makes and drops several of a megabyte, and so does whoever builds an
index. The allocator of glibc hands them back to the system at once and asks for them again the
next time, and the system clears every page anew: half of the time of such a query. How much it
keeps follows from the largest piece that was ever freed, so one large piece is taken and freed,
once, without being touched. Other allocators are not moved by that.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

__all__ = ["keep_freed"]

_LARGEST: Final = 30 << 20
"""Bytes, just below the largest piece that counts (32 MiB); up to twice as much is then kept."""


@lru_cache(maxsize=1)
def keep_freed() -> None:
    """Let the allocator of this process keep some of what is freed."""
    np.empty(_LARGEST, np.uint8)
