"""How does a new name in a folder survive a loss of power?"""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["sync_folder"]


def sync_folder(folder: str | Path) -> None:
    """Have the names in `folder` on the disk before going on."""
    if os.name == "nt":  # Windows has no handle for a folder, and journals renames itself
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
