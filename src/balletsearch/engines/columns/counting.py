"""Which documents hold what was selected, and how often does each value come?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.segment import Docs
from balletsearch.engines import metadata
from balletsearch.engines.columns.snapshot import Snapshot
from balletsearch.engines.protocol import Selection
from balletsearch.engines.values import folded
from balletsearch.fields import Field, Kind
from balletsearch.model import Facet, FacetValue, Value

__all__ = ["Counting", "Selections"]


class Selections:
    """The documents that hold what was selected, field by field."""

    def __init__(self, snapshot: Snapshot, where: Sequence[Selection]) -> None:
        self._snapshot = snapshot
        self._wanted: dict[str, set[str]] = {}
        for selection in where:
            self._wanted.setdefault(selection.field, set()).update(map(folded, selection.values))

    def kept(self, i: int, docs: Docs, but: str = "") -> Docs:
        """Those of the documents of segment `i` that hold everything but one field's values."""
        for name, wanted in self._wanted.items():
            if name != but:
                docs = docs[self._mask(i, name, wanted)[docs]]
        return docs

    def _mask(self, i: int, name: str, wanted: set[str]) -> NDArray[np.bool_]:
        mask = np.zeros(self._snapshot.segments[i].documents, np.bool_)
        column = self._snapshot.column(i, name)
        if column is None:
            return mask
        good = np.zeros(len(column), np.bool_)
        for value in wanted:
            found = column.alike(value)
            good[found.start : found.stop] = True
        if self._snapshot.field(name).kind is Kind.PATH:
            # A value may be given by its last step alone.
            for number, path in enumerate(column.values()):
                good[number] |= folded(str(path).rpartition("/")[2]) in wanted
        documents, numbers = column.counted()
        mask[documents[good[numbers]]] = True
        return mask


class Counting:
    """The values of facet fields over all documents that are given."""

    def __init__(self, snapshot: Snapshot, fields: Mapping[str, Field]) -> None:
        self._snapshot = snapshot
        self._fields = fields
        self._counts: dict[str, Counter[Value]] = {name: Counter() for name in fields}
        self._missing = dict.fromkeys(fields, 0)

    def add(self, i: int, name: str, docs: Docs) -> None:
        """Documents of segment `i`."""
        column = self._snapshot.column(i, name)
        if column is None:
            self._missing[name] += docs.size
            return
        self._missing[name] += docs.size - int(
            np.count_nonzero(self._snapshot.having(i, name)[docs])
        )
        mask = np.zeros(self._snapshot.segments[i].documents, np.bool_)
        mask[docs] = True
        documents, numbers = column.counted()
        counts = np.bincount(numbers[mask[documents]], minlength=len(column))
        used = np.flatnonzero(counts)
        counter = self._counts[name]
        for number, count in zip(used.tolist(), counts[used].tolist(), strict=True):
            counter[column.value(number)] += count

    def facets(self) -> dict[str, Facet]:
        """Field → its facet."""
        out = {}
        for name, field in self._fields.items():
            found = sorted(
                self._counts[name].items(),
                key=lambda item: (-item[1], *metadata.value_key(field, item[0])),
            )
            values = tuple(FacetValue(v, n) for v, n in found)
            out[name] = Facet(name, values, self._missing[name])
        return out
