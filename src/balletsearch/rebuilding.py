"""How is an index built anew from whatever can be read of it?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from balletsearch.batches import Batch
from balletsearch.engines.protocol import Salvaged, Writer
from balletsearch.errors import IndexFaultError
from balletsearch.model import Story
from balletsearch.opening import IndexFolder
from balletsearch.settings import Settings
from balletsearch.stories import Making, StoryMaker

__all__ = ["Rebuilt", "rebuilt"]

BATCH_DESCRIBED: Final = 1_000
BATCH_SIZE: Final = 1_000_000
"""Stories and characters that are described at once."""


class Rebuilt(NamedTuple):
    """Keys, as far as they could be made out: of what could not be read, and of what is there
    though it may have been deleted."""

    lost: list[str]
    doubtful: list[str]


def rebuilt(
    index: IndexFolder,
    maker: StoryMaker,
    base: Path,
    settings: Settings,
    progress: Callable[[int, int], None] | None,
) -> Rebuilt:
    """Put a new index in the place of the old one; returns what is not as it should be.

    `base` is what paths in keys are relative to, `progress` as in :meth:`Library.rebuild`.
    """
    kept: set[str] = set()
    lost: list[str] = []
    doubtful: dict[str, None] = {}
    total = _about(index)
    waiting = Batch(index.next_engine)

    def copy(stories: Iterator[Salvaged], writer: Writer) -> int:
        for batch in _batches(stories, lost, doubtful):
            makings = [
                Making(story, language=settings.folder(base / story.path).language)
                for story in batch
            ]
            for story, described in zip(batch, maker.describe(makings), strict=True):
                writer.add(maker.finish(story, described)[0])
                kept.add(story.key)
                if waiting.full(len(story.body)):
                    writer.commit()
                    waiting.begin()
            if progress is not None:
                progress(len(kept), max(total, len(kept)))
        writer.commit()
        return len(kept)

    index.replace(copy)
    return Rebuilt([key for key in lost if key not in kept], list(doubtful))


def _about(index: IndexFolder) -> int:
    """How many stories there are, if the index can say so."""
    try:
        return index.reader().count()
    except IndexFaultError:
        return 0


def _batches(
    stories: Iterator[Salvaged], lost: list[str], doubtful: dict[str, None]
) -> Iterator[list[Story]]:
    """Stories in batches that are worth describing at once.

    What cannot be read goes to `lost`, what may have been deleted to `doubtful`.
    """
    batch: list[Story] = []
    size = 0
    for one in stories:
        if one.back:
            doubtful[one.back] = None
        if one.story is None:
            if one.lost:
                lost.append(one.lost)
            continue
        doubtful.pop(one.story.key, None)  # of the last one alone it matters
        if one.doubtful:
            doubtful[one.story.key] = None
        batch.append(one.story)
        size += len(one.story.body)
        if len(batch) == BATCH_DESCRIBED or size >= BATCH_SIZE:
            yield batch
            batch, size = [], 0
    yield batch
