"""Does the engine of arrays keep the contract?"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from balletsearch.columns import (
    building,
    container,
    frequencies,
    hashing,
    merging,
    nearness,
    packing,
    placing,
    positions,
    postings,
    ranking,
    segment,
    values,
)
from balletsearch.engines.columns import (
    ColumnsEngine,
    among,
    broad,
    ordering,
    scoring,
    stretches,
    tiers,
    writing,
)
from balletsearch.engines.protocol import Engine
from contract import EngineContract


class TestColumnsEngine(EngineContract):
    """The whole contract; no gaps."""

    def make_engine(self, languages: tuple[str, ...] = ("en",)) -> Engine:
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        return ColumnsEngine(folder, languages, create=True, durable=False)


class TestEveryLimitReached(TestColumnsEngine):
    """The same where everything that is bounded has hardly any room.

    Drafts and batches are full after some words, each commit merges, words are sorted and read
    by the handful, and most surfaces and frequencies need their escape. Whatever is only worth
    its while where there are many is done for one: tables of cells, checksums block by block,
    scores in 32 bits first, searching a long list for a short one.
    """

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def _hardly_any_room(cls):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(writing, "BATCH", 1_000)
            patch.setattr(writing, "SEGMENT_WORDS", 20)
            patch.setattr(tiers, "FANOUT", 2)
            patch.setattr(stretches, "PEEK", 0)
            patch.setattr(broad, "PLACE", 1_000_000)
            patch.setattr(placing, "GROUP", 7)
            patch.setattr(frequencies, "BROAD", 2)
            patch.setattr(building, "NARROW", 3)
            patch.setattr(hashing, "AT_ONCE", 3)
            patch.setattr(nearness, "OFTEN", 0)
            patch.setattr(segment, "NARROW", 3)
            patch.setattr(merging, "PIECE", 5)
            patch.setattr(values, "_MANY", 0)
            patch.setattr(values, "_STEPS", 1)
            patch.setattr(container, "BLOCK", 64)
            patch.setattr(packing, "BLOCK", 64)
            patch.setattr(container, "_PART", 0)
            patch.setattr(ranking, "_FEW", 1)
            patch.setattr(ordering, "_SOME", 0)
            patch.setattr(ordering, "_FIRST", 1)
            patch.setattr(among, "READING", 0)
            patch.setattr(postings, "GALLOP", 0)
            patch.setattr(scoring, "GALLOP", 0)
            patch.setattr(positions, "PAGE", 2)
            patch.setattr(positions, "WORTH", 0.2)
            yield
