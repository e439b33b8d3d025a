"""Which segments does a commit merge, and how much work is that at most?"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from balletsearch.columns.container import Placed
from balletsearch.columns.generations import Record
from balletsearch.engines.columns.tiers import ALWAYS, FANOUT, SHARE, SMALLEST, plan


def record(words: int, *, documents: int = 10, gone: int = 0) -> Record:
    return Record(Placed("segment", 0, 0, 0, 0), documents, words, words, None, gone)


def left(segment: Record) -> int:
    share = 1 - segment.gone / segment.documents
    return int((segment.words + segment.documents) * share)


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
    groups = plan(segments, changed, limit=limit)
    sizes = [sum(map(left, group)) for group in groups]
    assert sum(sizes) <= max(ALWAYS, SHARE * changed)
    assert all(size <= limit for size, group in zip(sizes, groups, strict=True) if len(group) > 1)
    merged = [id(segment) for group in groups for segment in group]
    assert len(merged) == len(set(merged))
    assert all(len(group) >= FANOUT or 2 * group[0].gone > 10 for group in groups)


def test_a_full_tier_becomes_one_segment():
    few, many = [record(10)] * (FANOUT - 1), [record(10) for _ in range(FANOUT)]
    assert plan(few, 10) == []
    assert plan(many, 10) == [many]


def test_large_segments_wait_for_a_large_commit():
    large = [record(16_000_000) for _ in range(FANOUT)]
    assert plan(large, 200) == []
    assert plan([*large, record(3_000_000)], 3_000_000) == [large]


def test_what_is_mostly_deleted_is_written_anew():
    assert plan([record(1_000, gone=6)], 10) == [[record(1_000, gone=6)]]
    assert plan([record(1_000, gone=5)], 10) == []
    mostly = record(9 * ALWAYS, gone=6)
    assert plan([mostly], 10) == []
    assert plan([mostly], ALWAYS) == [[mostly]]
