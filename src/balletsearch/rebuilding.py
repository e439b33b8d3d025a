"""How is an index built anew from whatever can be read of it?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from balletsearch.engines.protocol import Salvaged, Writer
from balletsearch.errors import IndexFaultError
from balletsearch.opening import IndexFolder
from balletsearch.settings import Settings
from balletsearch.stories import StoryMaker
from balletsearch.syncing import BATCH_STORIES

__all__ = ["rebuilt"]


def rebuilt(
    index: IndexFolder,
    maker: StoryMaker,
    base: Path,
    settings: Settings,
    progress: Callable[[int, int], None] | None,
) -> list[str]:
    """Put a new index in the place of the old one; returns the keys that could not be read.

    `base` is what paths in keys are relative to, `progress` as in :meth:`Library.rebuild`.
    """
    kept: set[str] = set()
    lost: list[str] = []
    total = _about(index)

    def copy(stories: Iterator[Salvaged], writer: Writer) -> int:
        for one in stories:
            if one.story is None:
                lost.append(one.lost)
                continue
            folder = settings.folder(base / one.story.path)
            writer.add(maker.make(one.story, language=folder.language)[0])
            kept.add(one.story.key)
            if len(kept) % BATCH_STORIES == 0:
                writer.commit()
            if progress is not None:
                progress(len(kept), max(total, len(kept)))
        writer.commit()
        return len(kept)

    index.replace(copy)
    return [key for key in lost if key not in kept]


def _about(index: IndexFolder) -> int:
    """How many stories there are, if the index can say so."""
    try:
        return index.reader().count()
    except IndexFaultError:
        return 0
