"""Which texts of a table are spelled nearly like this one?

A set of letters as 32 bits and the number of letters rule out most of the lexicon in one pass:
an edit changes at most two bits of the one, and the other by at most one. What is left is
measured by optimal string alignment.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.container import Column
from balletsearch.columns.strings import Strings

__all__ = ["near", "signatures"]


def signatures(texts: list[bytes]) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    """Of each text, in UTF-8, the set of its letters as bits, and its letters (at most 255)."""
    decoded = [text.decode() for text in texts]
    sizes = np.fromiter((min(len(t), 255) for t in decoded), np.uint8, len(decoded))
    lengths = np.fromiter(map(len, decoded), np.int64, len(decoded))
    points = np.frombuffer("".join(decoded).encode("utf-32-le"), "<u4")
    bits = np.left_shift(np.uint32(1), points & np.uint32(31))
    starts = np.cumsum(lengths) - lengths
    if not points.size:
        return np.zeros(len(decoded), np.uint32), sizes
    return np.bitwise_or.reduceat(bits, starts).astype(np.uint32), sizes


def near(
    table: Strings, letters: Column, sizes: Column, text: str, most: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The texts within `most` edits of one, by number, ascending; and their distances.

    `letters` and `sizes` are what :func:`signatures` gives for the table.
    """
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cdist

    (own,), (size,) = signatures([text.encode()])
    length = sizes.all()
    maybe = np.flatnonzero((length >= min(int(size), 255) - most) & (length <= int(size) + most))
    other = np.bitwise_count(letters.all()[maybe] ^ own)
    maybe = maybe[other <= 2 * most]
    texts = table.take(maybe.tolist())
    if not texts:
        return maybe, maybe
    found = cdist([text], texts, scorer=OSA.distance, score_cutoff=most)[0]
    close = found <= most
    return maybe[close], found[close].astype(np.int64)
