"""Which documents hold what was selected, and how often does each value come?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.postings import taken
from balletsearch.columns.values import Docs
from balletsearch.engines import metadata
from balletsearch.engines.columns.dictionaries import CountedValues
from balletsearch.engines.columns.snapshot import Snapshot
from balletsearch.engines.protocol import Selection
from balletsearch.engines.values import folded
from balletsearch.fields import Field, Kind
from balletsearch.model import Facet, FacetValue

__all__ = ["Counting", "Selections"]


class Selections:
    """The documents that hold what was selected, field by field, and are not left out."""

    def __init__(
        self, snapshot: Snapshot, where: Sequence[Selection], without: Sequence[str] = ()
    ) -> None:
        self._snapshot = snapshot
        self._without = without
        self._wanted: dict[str, set[str]] = {}
        for selection in where:
            self._wanted.setdefault(selection.field, set()).update(map(folded, selection.values))

    def kept(self, i: int, docs: Docs, but: str = "") -> Docs:
        """Those of the documents of segment `i` that hold everything but one field's values."""
        if self._without:
            segment = self._snapshot.segments[i]
            docs = docs[~np.isin(docs, [segment.find(key) for key in self._without])]
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
        self._counts = {n: np.zeros(len(snapshot.dictionary(n)), np.int64) for n in fields}
        self._missing = dict.fromkeys(fields, 0)

    def add(self, i: int, name: str, docs: Docs) -> None:
        """Documents of segment `i`."""
        column = self._snapshot.column(i, name)
        if column is None:
            self._missing[name] += docs.size
            return
        numbers = column.of_each(self._snapshot.segments[i].documents)
        if numbers is not None:
            counted = taken(numbers, docs)
        else:
            having = np.count_nonzero(taken(self._snapshot.having(i, name), docs))
            self._missing[name] += docs.size - int(having)
            mask = np.zeros(self._snapshot.segments[i].documents, np.bool_)
            mask[docs] = True
            documents, numbers = column.counted()
            counted = numbers[taken(mask, documents)]
        counts = np.bincount(counted, minlength=len(column))
        self._counts[name][self._snapshot.dictionary(name).numbers(i)] += counts

    def facets(self) -> dict[str, Facet]:
        """Field → its facet."""
        return {
            name: Facet(name, self._ordered(field), self._missing[name])
            for name, field in self._fields.items()
        }

    def _ordered(self, field: Field) -> Sequence[FacetValue]:
        """The values that were counted, most frequent first."""
        counts, dictionary = self._counts[field.name], self._snapshot.dictionary(field.name)
        used = np.flatnonzero(counts)
        if field.kind in (Kind.NUMBER, Kind.DATE):
            keys = [metadata.value_key(field, dictionary.value(n)) for n in used.tolist()]
            used = used[sorted(range(used.size), key=keys.__getitem__)]
        # The numbers of a dictionary ascend as its values do.
        order = used[np.argsort(-counts[used], kind="stable")]
        return CountedValues(dictionary, order, counts[order])
