"""How long does one more story take, searchable and safe on the disk, a hundred in a row?"""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from balletsearch.engines.columns import ColumnsEngine
from peers.columns import story
from peers.documents import Document

__all__ = ["grow"]

STORIES = 100


def grow(index: Path, documents: Sequence[Document], folder: Path) -> tuple[list[float], list[int]]:
    """Milliseconds of each commit of one story to a copy of an index, and segments after each."""
    shutil.copytree(index, folder)
    engine = ColumnsEngine(folder, ("en",))
    engine.reader()
    taken, segments = [], []
    for number, document in enumerate(documents[:STORIES]):
        new = replace(story(document), key=f"new {number}")
        start = time.perf_counter()
        with engine.writer() as writer:
            writer.add(new)
            writer.commit()
        reader = engine.reader()
        taken.append(1_000 * (time.perf_counter() - start))
        segments.append(len(reader.snapshot.segments))
    engine.close()
    return taken, segments
