"""How does a new name in a folder survive a loss of power, and what if the disk refuses?

Whoever can repeat what is written may say that it need not (`durable=False`): then nothing waits
for the disk, and after a loss of power the index may be damaged, which is noticed. All else is
as ever: the order of writes, new files under new names, the rename at the end. What was written
so is noted in the manifest, and made sure of as a whole before a later write that does wait.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final

from balletsearch.errors import IndexFaultError

__all__ = [
    "as_faults",
    "make_folder",
    "refused",
    "sync_above",
    "sync_below",
    "sync_file",
    "sync_folder",
]

_HARM: Final = {None, errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EINVAL, errno.ELOOP}
"""What is no refusal: a file that is gone or another thing, or a place that no file has."""


def sync_folder(folder: str | Path) -> None:
    """Have the names in `folder` on the disk before going on."""
    if os.name == "nt":  # Windows has no handle for a folder, and journals renames itself
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(file: IO[Any], *, durable: bool = True) -> None:
    """Hand what was written to the system and, if `durable`, have it on the disk."""
    file.flush()
    if durable:
        os.fsync(file.fileno())


def make_folder(folder: Path, *, durable: bool = True) -> None:
    """Make a folder and those above it, each with its name on the disk; one may be there."""
    if folder.is_dir():
        return
    make_folder(folder.parent, durable=durable)
    folder.mkdir(exist_ok=True)
    if durable:
        sync_folder(folder.parent)


def refused(error: OSError) -> bool:
    """Whether the system refuses for now what may work later: that is no damage of a file.

    Too many open files, no permission, no memory, a disk that does not answer.
    """
    return error.errno not in _HARM


def sync_below(folder: Path) -> None:
    """Have all files below `folder` on the disk, and all names in it."""
    for path in folder.iterdir():
        if path.is_dir():
            sync_below(path)
        else:
            with path.open("r+b") as file:  # Windows syncs only what may be written to
                sync_file(file)
    sync_folder(folder)


def sync_above(folder: Path) -> None:
    """Have the name of `folder`, an absolute path, on the disk, and those of the folders above."""
    disk = folder.stat().st_dev
    for above in folder.parents:
        if above.stat().st_dev != disk:
            return  # where a disk is mounted, there was a folder before
        with suppress(PermissionError):  # where we may not look we have made nothing
            sync_folder(above)


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
