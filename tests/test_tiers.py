"""Which segments does a commit merge, and how much work is that at most?"""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balletsearch.columns import building
from balletsearch.columns.container import Placed
from balletsearch.columns.generations import Record
from balletsearch.engines.columns import tiers
from balletsearch.engines.columns.tiers import ALWAYS, FANOUT, MOST, SHARE, SMALLEST, packed, plan


def record(words: int, *, documents: int = 10, gone: int = 0) -> Record:
    return Record(Placed("segment", 0, 0, 0, 0), documents, words, words + 10, words, None, gone)


def left(segment: Record) -> int:
    return int(segment.positions * (1 - segment.gone / segment.documents))


SEGMENTS = st.lists(
    st.builds(
        lambda words, gone: record(words, gone=gone),
        st.sampled_from([10, 1_000, SMALLEST, 8 * SMALLEST, ALWAYS // 3, ALWAYS, 9 * ALWAYS]),
        st.integers(0, 9),
    ),
    max_size=20,
)


@given(SEGMENTS, st.sampled_from([0, 1, 100_000, ALWAYS]), st.sampled_from([ALWAYS, 1 << 31]))
def test_a_commit_copies_little_where_it_changes_little(segments, changed, limit):
    with patch.object(building, "MAX_STREAM", limit):
        groups = plan(segments, changed)
    assert sum(left(segment) for group in groups for segment in group) <= max(
        ALWAYS, SHARE * changed
    )
    assert all(
        sum(segment.positions for segment in group) < limit for group in groups if len(group) > 1
    )
    merged = [id(segment) for group in groups for segment in group]
    assert len(merged) == len(set(merged))
    assert all(len(group) > 1 or 2 * group[0].gone > 10 for group in groups)


def test_a_full_tier_becomes_one_segment():
    few, many = [record(10)] * (FANOUT - 1), [record(10) for _ in range(FANOUT)]
    assert plan(few, 10) == []
    assert plan(many, 10) == [many]


def test_large_segments_wait_for_a_large_commit():
    large = [record(16_000_000) for _ in range(FANOUT)]
    assert plan(large, 200) == []
    assert plan([*large, record(3_000_000)], 3_000_000) == [large]


def test_of_a_tier_that_is_too_large_as_many_as_there_is_room_for_become_one():
    some = [record(ALWAYS * 3 // 10 + i) for i in range(FANOUT)]
    assert plan(some[:3], 10) == [], "one more would have room"
    assert plan(some, 10) == [some[:3]]


class Commits:
    """What becomes of the segments of an index that grows by commits of so many words."""

    def __init__(self, words: int, total: int) -> None:
        self.most = self.most_copied = 0
        segments: list[Record] = []
        for _ in range(total // words):
            segments.append(record(words))
            for group in (groups := plan(segments, words)):
                merged = {id(one) for one in group}
                whole = record(sum(one.words for one in group))
                segments = [*(one for one in segments if id(one) not in merged), whole]
            self.most = max(self.most, len(segments))
            copied = sum(left(one) for group in groups for one in group)
            self.most_copied = max(self.most_copied, copied)


@pytest.mark.parametrize("words", [5_000, 20_000, 90_000])
def test_small_commits_leave_few_segments_and_copy_little(words):
    found = Commits(words, 40_000_000)
    assert found.most <= 40
    assert found.most_copied <= ALWAYS


@pytest.mark.parametrize("words", [20_000, 90_000, 1_000_000])
def test_there_are_never_more_segments_than_are_borne(monkeypatch, words):
    monkeypatch.setattr(tiers, "MOST", 24)
    monkeypatch.setattr(tiers, "SHARE", 1)
    total = 120_000_000
    found = Commits(words, total)
    assert found.most <= 24
    assert found.most_copied <= max(total // 8, ALWAYS)


def test_many_segments_that_come_at_once_are_borne_no_longer_than_one_commit(monkeypatch):
    monkeypatch.setattr(tiers, "SHARE", 0)
    many = [record(4 * ALWAYS + i) for i in range(MOST + 5)]
    assert plan(many, 10) == [many[2 * i : 2 * i + 2] for i in range(5)]
    assert plan(many[:MOST], 10) == []
    with patch.object(building, "MAX_STREAM", 6 * ALWAYS):
        assert plan(many, 10) == [], "no two of them fit into one"


def test_what_is_mostly_deleted_is_written_anew():
    assert plan([record(1_000, gone=6)], 10) == [[record(1_000, gone=6)]]
    assert plan([record(1_000, gone=5)], 10) == []
    mostly = record(9 * ALWAYS, gone=6)
    assert plan([mostly], 10) == []
    assert plan([mostly], ALWAYS) == [[mostly]]


@given(st.lists(st.tuples(st.integers(1, 100), st.integers(0, 9)), max_size=12))
def test_all_that_fits_into_one_segment_becomes_one(sizes):
    """`sizes` are the positions that are left of each, and how many of its stories are gone."""
    records = [record(size + gone, gone=gone) for size, gone in sizes]
    size_of = {id(one): size for one, (size, _) in zip(records, sizes, strict=True)}
    with patch.object(building, "MAX_STREAM", 150):
        groups = packed(records, [size for size, _ in sizes])
    merged = [id(one) for group in groups for one in group]
    assert len(merged) == len(set(merged))
    alone = [[one] for one in records if id(one) not in merged]
    assert not any(one.gone for [one] in alone)
    filled = sorted(sum(size_of[id(one)] for one in group) for group in (*groups, *alone))
    assert all(total < 150 for total in filled)
    assert len(filled) < 2 or sum(filled[:2]) >= 150
