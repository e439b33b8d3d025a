"""In which documents does each stem stand, and how much does it count there?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.lexicon import LocalLexicon
from balletsearch.columns.packing import ContainerWriter
from balletsearch.columns.placing import ZoneWords, groups, inside, joined
from balletsearch.columns.postings import BROAD, Packing, runs

__all__ = ["write_postings"]

U32 = NDArray[np.uint32]


class _Summed(NamedTuple):
    """The postings of some stems: documents of each, and stem by stem which and how much."""

    df: NDArray[np.int64]
    docs: NDArray[Any]
    units: U32


def write_postings(
    to: ContainerWriter, placed: Sequence[ZoneWords], local: LocalLexicon, documents: int
) -> None:
    """Write by stem and document what the words of the stem count there."""
    counts = np.bincount(local.stem, local.entry_counts, local.stems).astype(np.int64)
    dfs = [np.zeros(0, np.int64)]
    far: list[NDArray[np.int64]] = []
    which: list[U32] = []
    done = 0
    with (
        to.growing("docs", np.dtype(np.uint16 if documents <= 1 << 16 else np.uint32)) as docs,
        to.growing("tf", np.dtype(np.uint8)) as tf,
    ):
        for first, last in pairwise(groups(counts)):
            some = _summed(placed, local, first, last, documents)
            docs(some.docs)
            beyond = np.flatnonzero(some.units >= BROAD)
            tf(np.minimum(some.units, BROAD).astype(np.uint8))
            far.append(beyond + done)
            which.append(some.units[beyond])
            dfs.append(some.df)
            done += some.units.size
    to.add("tf.far", np.concatenate([np.zeros(0, np.int64), *far]).astype(np.uint64))
    to.add("tf.far.units", np.concatenate([np.zeros(0, np.uint32), *which]))
    at = np.zeros(local.stems + 1, np.int64)
    np.cumsum(np.concatenate(dfs), out=at[1:])
    to.add("docs.at", at.astype(np.uint32))


def _summed(
    placed: Sequence[ZoneWords], local: LocalLexicon, first: int, last: int, documents: int
) -> _Summed:
    """The postings of a range of stems."""
    packing = Packing(last - first, documents)
    by_units: dict[int, list[NDArray[Any]]] = {}
    for zone in placed:
        for piece in zone.pieces():
            stems = local.stem[local.entry[piece.words]]
            within = inside(stems, first, last, local.stems)
            packed = packing.pack(stems[within] - np.uint32(first), piece.documents[within])
            by_units.setdefault(zone.zone.units, []).append(packed)
    keys, units = np.zeros(0, np.uint64), np.zeros(0, np.uint32)
    for weight, parts in by_units.items():
        some = joined(parts)
        some.sort()
        start, times = runs(some)
        keys, units = _added(keys, units, some[start], (times * weight).astype(np.uint32))
    df = np.bincount(packing.high(keys), minlength=last - first)
    return _Summed(df, packing.low(keys), units)


def _added(
    keys: NDArray[Any], units: U32, more: NDArray[Any], their: U32
) -> tuple[NDArray[Any], U32]:
    """Two ascending lists of keys with what each counts, as one."""
    if not keys.size or not more.size:
        return (more, their) if not keys.size else (keys, units)
    if keys.size < more.size:
        keys, units, more, their = more, their, keys, units
    at = np.searchsorted(keys, more)
    known = keys[np.minimum(at, keys.size - 1)] == more
    units = units.copy()
    units[at[known]] += their[known]
    fresh = ~known
    return np.insert(keys, at[fresh], more[fresh]), np.insert(units, at[fresh], their[fresh])
