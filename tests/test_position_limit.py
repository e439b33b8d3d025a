"""Does any segment get more positions than there is room for, on building or on merging?"""

from __future__ import annotations

import pytest

from balletsearch import IndexFaultError, Library, Story
from balletsearch.columns import building
from balletsearch.engines.columns import ColumnsEngine, tiers

STORIES = [Story(f"s{i}", " ".join(f"swan word{i}x{n}" for n in range(30))) for i in range(8)]
"""Of 61 positions each: 60 words, and one gap."""


def sizes(engine: ColumnsEngine) -> list[int]:
    return sorted(len(s.container["stream"]) for s in engine._patiently().segments)


@pytest.fixture
def engine(tmp_path):
    engine = ColumnsEngine(tmp_path / "index", ("en",), create=True, durable=False)
    yield engine
    engine.close()


@pytest.mark.parametrize(
    ("limit", "expected"),
    [(1 + 8 * 61, [489]), (8 * 61, [62, 428]), (1 + 3 * 61, [123, 184, 184]), (62, [62] * 8)],
)
def test_a_merge_makes_few_segments_below_the_limit(engine, monkeypatch, limit, expected):
    with engine.writer() as writer:
        monkeypatch.setattr(tiers, "FANOUT", 100)
        for story in STORIES:
            writer.add(story)
            writer.commit()
        assert sizes(engine) == [62] * 8
        monkeypatch.setattr(building, "MAX_STREAM", limit)
        writer.merge()
        assert sizes(engine) == expected
        before = engine._patiently().generation
        writer.merge()
        assert engine._patiently().generation == before, "there is nothing left to merge"
    assert list(engine.faults(deep=True)) == []


def test_what_is_deleted_takes_no_room_in_a_merge(engine, monkeypatch):
    monkeypatch.setattr(tiers, "FANOUT", 100)
    with engine.writer() as writer:
        for both in zip(STORIES[::2], STORIES[1::2], strict=True):
            for story in both:
                writer.add(story)
            writer.commit()
        for story in STORIES[::2]:
            writer.remove(story.key)
        writer.commit()
        assert sizes(engine) == [123] * 4
        monkeypatch.setattr(building, "MAX_STREAM", 1 + 4 * 61)
        writer.merge()
    assert sizes(engine) == [4 * 61 + 1]


def test_commits_stay_below_the_limit(engine, monkeypatch):
    monkeypatch.setattr(tiers, "FANOUT", 2)
    monkeypatch.setattr(building, "MAX_STREAM", 1 + 2 * 61)
    with engine.writer() as writer:
        for story in STORIES:
            writer.add(story)
            writer.commit()
    assert sizes(engine) == [123] * 4


def test_stories_that_no_segment_could_hold_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(building, "MAX_STREAM", 60)
    with Library.open(tmp_path / "index") as library:
        with pytest.raises(IndexFaultError, match="61 words and gaps in one segment"):
            library.add(STORIES[0])
        library.add(Story("short", "A swan."))
        assert library.search("swan").total == 1
