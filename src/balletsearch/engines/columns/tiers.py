"""Which segments are merged with which, and when?

Segments are sorted into tiers by size, each FANOUT times the one below. When a tier holds FANOUT
of them they become one, so that every word is copied once for each tier, and adding one story to
a large index rewrites small segments only. A segment half of whose documents are deleted is
written anew for itself.

A commit does no more of this than in proportion to what it changes, with ALWAYS for nothing: so
that one story more is never a minute's work. Of a tier of which ALWAYS has no room for FANOUT, as
many as it has room for become one. What is left waits for a larger commit, or for somebody who
asks for it, but not without end, since every search asks every segment: of more than MOST the two
smallest that are too large for the tiers become one, whatever the commit changes.

Where stories come one by one, a collection of 40 million words has some 25 segments, and no
commit copies more than ALWAYS. MOST is reached at some 140 million words. From then on, once for
every million words and more that come, a commit copies up to a fortieth of the collection: less
than a second up to 200 million words, some seconds at a billion. Fewer segments would cost pauses
in smaller collections; no bound would cost every search of the largest ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from balletsearch.columns import building
from balletsearch.columns.generations import Record

__all__ = ["FANOUT", "MOST", "SMALLEST", "packed", "plan"]

ALWAYS: Final = 3_000_000
"""Words and gaps that any commit may copy: about half a second's work."""

SHARE: Final = 32
"""How many times what it changes a commit may copy."""

MOST: Final = 64
"""Segments of which some are merged whatever that takes."""

FANOUT: Final = 4
SMALLEST: Final = 50_000
"""Words of the largest segments of the lowest tier."""


def _size(record: Record) -> int:
    """Words and gaps that are left, about."""
    share = 1 - record.gone / max(record.documents, 1)
    return int(record.positions * share)


def _tier(record: Record) -> int:
    tier, limit = 0, SMALLEST
    while _size(record) > limit:
        tier, limit = tier + 1, limit * FANOUT
    return tier


def plan(records: Sequence[Record], changed: int) -> list[list[Record]]:
    """The groups of segments to be merged now by a commit that changes so many words."""
    left = max(ALWAYS, SHARE * changed)
    groups: list[list[Record]] = []
    tiers: dict[int, list[Record]] = {}
    for record in records:
        tiers.setdefault(_tier(record), []).append(record)
    for _, found in sorted(tiers.items()):
        group: list[Record] = []
        for record in sorted(found, key=_size):
            together = [*group, record]
            if sum(map(_size, together)) <= left and _fit(r.positions for r in together):
                group = together
        if len(group) >= FANOUT or 1 < len(group) < len(found):
            groups.append(group)
            left -= sum(map(_size, group))
    taken = {id(record) for group in groups for record in group}
    for record in records:
        sparse = 2 * record.gone > record.documents and id(record) not in taken
        if sparse and _size(record) <= left:
            groups.append([record])
            left -= _size(record)
            taken.add(id(record))
    count = len(records) - sum(len(group) - 1 for group in groups)
    if count > MOST:
        found = [r for r in records if id(r) not in taken and FANOUT * _size(r) > ALWAYS]
        found.sort(key=_size)
        pairs = [list(pair) for pair in zip(found[::2], found[1::2], strict=False)]
        some = pairs[: count - MOST]
        groups += [pair for pair in some if _fit(record.positions for record in pair)]
    return groups


def packed(records: Sequence[Record], positions: Sequence[int]) -> list[list[Record]]:
    """The groups of segments to be merged so that few are left, of as many as a segment can hold.

    `positions` are those of each that are left. The largest come first, each into the first group
    that has room (first fit decreasing): no two of the results would fit into one.
    """
    groups: list[tuple[list[Record], list[int]]] = []
    for record, size in sorted(zip(records, positions, strict=True), key=lambda one: -one[1]):
        for group, sizes in groups:
            if _fit((*sizes, size)):
                group.append(record)
                sizes.append(size)
                break
        else:
            groups.append(([record], [size]))
    return [group for group, _ in groups if len(group) > 1 or group[0].gone]


def _fit(positions: Iterable[int]) -> bool:
    """Whether so many positions are few enough for one segment."""
    return sum(positions) < building.MAX_STREAM
