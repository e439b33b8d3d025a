"""Which segments are merged with which, and when?

Segments are sorted into tiers by size, each FANOUT times the one below. When a tier holds FANOUT
of them they become one, so that every word is copied once for each tier, and adding one story to
a large index rewrites small segments only. A segment half of whose documents are deleted is
written anew for itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from balletsearch.columns.building import MAX_STREAM
from balletsearch.columns.generations import Record

__all__ = ["FANOUT", "SMALLEST", "plan"]

FANOUT: Final = 4
SMALLEST: Final = 50_000
"""Words of the largest segments of the lowest tier."""


def _size(record: Record) -> int:
    """Words and gaps that are left, about."""
    share = 1 - record.gone / max(record.documents, 1)
    return int((record.words + record.documents) * share)


def _tier(record: Record) -> int:
    tier, limit = 0, SMALLEST
    while _size(record) > limit:
        tier, limit = tier + 1, limit * FANOUT
    return tier


def plan(records: Sequence[Record], *, limit: int = MAX_STREAM) -> list[list[Record]]:
    """The groups of segments to be merged now; `limit` bounds the words and gaps of a result."""
    groups = []
    tiers: dict[int, list[Record]] = {}
    for record in records:
        tiers.setdefault(_tier(record), []).append(record)
    for _, found in sorted(tiers.items()):
        group: list[Record] = []
        for record in found:
            if sum(map(_size, group)) + _size(record) <= limit:
                group.append(record)
        if len(group) >= FANOUT:
            groups.append(group)
    taken = {id(record) for group in groups for record in group}
    groups += [[r] for r in records if 2 * r.gone > r.documents and id(r) not in taken]
    return groups
