"""How does a new name in a folder survive a loss of power, and what if the disk refuses?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from balletsearch.errors import IndexFaultError

__all__ = ["as_faults", "make_folder", "sync_folder"]


def sync_folder(folder: str | Path) -> None:
    """Have the names in `folder` on the disk before going on."""
    if os.name == "nt":  # Windows has no handle for a folder, and journals renames itself
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, each with its name on the disk; one may be there."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


@contextmanager
def as_faults(folder: Path) -> Iterator[None]:
    """Tell what the system refuses below `folder` as an IndexFaultError, which names the file."""
    try:
        yield
    except OSError as error:
        raise IndexFaultError(
            f"{error.filename or folder} cannot be read or written ({error.strerror or error}). "
            "All that was committed before is kept: try again when that is mended."
        ) from error
