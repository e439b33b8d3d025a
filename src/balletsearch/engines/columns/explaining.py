"""What does a leaf of the query add to the scores of some stories?"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from balletsearch.columns.postings import places
from balletsearch.columns.ranking import saturated
from balletsearch.engines.columns.leaves import lower
from balletsearch.engines.columns.snapshot import Snapshot
from balletsearch.engines.columns.weights import UNIT
from balletsearch.engines.protocol import Part
from balletsearch.query.nodes import Leaf

__all__ = ["parts"]


def parts(snapshot: Snapshot, leaf: Leaf, keys: Iterable[str]) -> dict[str, Part]:
    """Key → what the leaf is worth in that story, for those of some stories that match it."""
    lowered = lower(snapshot, leaf)
    wanted = list(keys)
    out: dict[str, Part] = {}
    for i, (segment, posting) in enumerate(zip(snapshot.segments, lowered.postings, strict=True)):
        named = {segment.find(key): key for key in wanted}
        docs = np.array(sorted(document for document in named if document >= 0), np.intp)
        at, there = places(posting.docs, docs)
        docs, at = docs[there], at[there]
        if posting.units is None:
            out.update({named[document]: Part(0.0, 0.0) for document in docs.tolist()})
            continue
        frequency = posting.units[at].astype(np.float64) * UNIT
        scores = saturated(frequency, snapshot.norms(i).precise[docs], lowered.weight)
        for document, *part in zip(docs.tolist(), scores.tolist(), frequency.tolist(), strict=True):
            out[named[document]] = Part(*part)
    return out
