"""Which texts of a table are spelled nearly like this one?

The letters of a text as 64 bits and their number rule out most of the table in one pass: an edit
takes at most one letter away and brings at most one. What is left is measured by optimal string
alignment.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.container import Column
from balletsearch.columns.postings import runs
from balletsearch.columns.texts import Texts, texts_of

__all__ = ["near", "signatures"]


def signatures(texts: Texts) -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
    """Of each text its letters as bits, and how many it has (at most 255).

    A letter, by the last five bits of its code point, sets one of the lower 32 bits, and if it
    comes twice or more one of the upper 32.
    """
    # A character begins with every byte that does not go on with one.
    begins = np.append(0, np.cumsum((texts.data & 0xC0) != 0x80))
    lengths = np.diff(begins[texts.at])
    points = np.frombuffer(texts.data.tobytes().decode().encode("utf-32-le"), "<u4") & np.uint32(31)
    owner = np.repeat(np.arange(len(texts)), lengths)
    pairs = owner.astype(np.uint64) << np.uint64(5) | points
    pairs.sort()
    letters = np.zeros(len(texts), np.uint64)
    for those, shift in ((pairs, 0), (pairs[1:][pairs[1:] == pairs[:-1]], 32)):
        found = those[runs(those)[0]]
        bits = np.uint64(1) << ((found & np.uint64(31)) + np.uint64(shift))
        start, _ = runs(found >> np.uint64(5))
        if start.size:
            which = (found[start] >> np.uint64(5)).astype(np.int64)
            letters[which] |= np.bitwise_or.reduceat(bits, start)
    return letters, np.minimum(lengths, 255).astype(np.uint8)


def near(
    table: Sequence[str], letters: Column, sizes: Column, text: str, most: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The texts within `most` edits of one, by number, ascending; and their distances.

    `letters` and `sizes` are what :func:`signatures` gives for the table.
    """
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cdist

    (own,), (size,) = signatures(texts_of([text.encode()]))
    length = sizes.all()
    maybe = np.flatnonzero((length >= min(int(size), 255) - most) & (length <= int(size) + most))
    # An edit takes at most one letter away and brings at most one.
    found = letters.all()[maybe]
    missing, extra = np.bitwise_count(own & ~found), np.bitwise_count(found & ~own)
    maybe = maybe[(missing <= most) & (extra <= most)]
    texts = [table[i] for i in maybe.tolist()]
    if not texts:
        return maybe, maybe
    distance = cdist([text], texts, scorer=OSA.distance, score_cutoff=most)[0]
    close = distance <= most
    return maybe[close], distance[close].astype(np.int64)
