"""What does it look like when Whoosh's files are damaged?

They have no checksums, so damage shows as whatever a pickle, a struct or a decompressor makes
of it, if it shows at all. What does is turned into one sentence that names the folder.
"""

from __future__ import annotations

import pickle
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from whoosh.index import EmptyIndexError
from whoosh.index import IndexError as WhooshIndexError

from balletsearch.durability import as_faults, refused
from balletsearch.errors import BalletsearchError, IndexFaultError

__all__ = ["damaged", "naming_damage"]

_SIGNS: Final[tuple[type[Exception], ...]] = (
    EOFError,
    pickle.UnpicklingError,
    struct.error,
    zlib.error,
    WhooshIndexError,
    ImportError,
    MemoryError,
    OverflowError,
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)
"""What flipped bits and cut files make a pickle, a struct or Whoosh itself raise."""


def damaged(folder: Path, how: str) -> IndexFaultError:
    """The error that says so."""
    return IndexFaultError(
        f"The index in {folder.parent} is damaged: {how}. Delete manifest.json and the store-… "
        "folder there and index your stories again; stories without a file are lost with it."
    )


@contextmanager
def naming_damage(folder: Path) -> Iterator[None]:
    """Turn the signs of damaged files in `folder` into IndexFaultError, with the cause kept."""
    try:
        yield
    except (BalletsearchError, FileNotFoundError):
        raise
    except OSError as error:
        if refused(error):
            with as_faults(folder):
                raise
        raise damaged(folder, f"{type(error).__name__}: {error}") from error
    except EmptyIndexError as error:
        raise damaged(folder, "its files are missing") from error
    except _SIGNS as error:
        raise damaged(folder, f"{type(error).__name__}: {error}") from error
