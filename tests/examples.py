"""How many examples does a property get?

`BALLETSEARCH_EXAMPLES` is the share of the full figures that is tried: a tenth where nothing is
said, 1 for all. However small the share, no property gets fewer than 25.
"""

from __future__ import annotations

import os
from typing import Final

__all__ = ["LEAST", "examples"]

SHARE: Final = float(os.environ.get("BALLETSEARCH_EXAMPLES") or 0.1)
LEAST: Final = 25


def examples(full: int) -> int:
    """So many, of `full` in a full run."""
    return max(LEAST, round(full * SHARE))
