"""Which documents hold what was selected, and how often does each value come?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.postings import taken
from balletsearch.columns.values import Docs
from balletsearch.engines import metadata
from balletsearch.engines.columns.dictionaries import CountedValues
from balletsearch.engines.columns.facets import FieldColumn, Pairs
from balletsearch.engines.columns.snapshot import Snapshot
from balletsearch.engines.faceting import named, narrowed, shown, sorted_by
from balletsearch.engines.protocol import Selection
from balletsearch.engines.selecting import chosen
from balletsearch.engines.values import folded
from balletsearch.facets import Facet, FacetRequest, FacetValue
from balletsearch.fields import Field, Kind

__all__ = ["Counting", "Selections", "among"]


class Selections:
    """The documents that hold what was selected, field by field, and are not left out."""

    def __init__(
        self, snapshot: Snapshot, where: Sequence[Selection], without: Sequence[str] = ()
    ) -> None:
        self._snapshot = snapshot
        self._without = without
        wanted: dict[str, list[str]] = {}
        for selection in where:
            wanted.setdefault(selection.field, []).extend(selection.values)
        self._chosen = {name: chosen(snapshot.field(name), v) for name, v in wanted.items()}
        self._ranges = {
            name: [metadata.in_range(snapshot.field(name), asked) for asked in meant.ranges]
            for name, meant in self._chosen.items()
        }

    def kept(self, i: int, docs: Docs, but: str = "") -> Docs:
        """Those of the documents of segment `i` that hold everything but one field's values."""
        if self._without:
            segment = self._snapshot.segments[i]
            docs = docs[~np.isin(docs, [segment.find(key) for key in self._without])]
        for name in self._chosen:
            if name != but:
                docs = docs[self._mask(i, name)[docs]]
        return docs

    def _mask(self, i: int, name: str) -> NDArray[np.bool_]:
        mask = np.zeros(self._snapshot.segments[i].documents, np.bool_)
        column = self._snapshot.column(i, name)
        if column is None:
            return mask
        wanted = self._chosen[name].whole
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
        for fits in self._ranges[name]:
            mask[self._snapshot.documents_where(i, name, fits)] = True
        return mask


class Counting:
    """The values of facet fields over all documents that are given."""

    def __init__(self, snapshot: Snapshot, asked: Mapping[str, FacetRequest]) -> None:
        self._snapshot = snapshot
        self._asked = asked
        self._counts = {n: np.zeros(len(snapshot.dictionary(n)), np.int64) for n in asked}
        self._missing = dict.fromkeys(asked, 0)
        self._docs: dict[str, list[tuple[int, FieldColumn, Docs]]] = {n: [] for n in asked}

    def add(self, i: int, name: str, docs: Docs) -> None:
        """Documents of segment `i`, each once."""
        column = self._snapshot.column(i, name)
        if column is None:
            self._missing[name] += docs.size
            return
        self._docs[name].append((i, column, docs))
        numbers = column.of_each(self._snapshot.segments[i].documents)
        if numbers is not None:
            counted = taken(numbers, docs)
        else:
            having = np.count_nonzero(taken(self._snapshot.having(i, name), docs))
            self._missing[name] += docs.size - int(having)
            counted = among(column.counted(), docs)[1]
        counts = np.bincount(counted, minlength=len(column))
        self._counts[name][self._snapshot.dictionary(name).numbers(i)] += counts

    def facets(self) -> dict[str, Facet]:
        """Field → its facet."""
        return {
            name: self._facet(self._snapshot.field(name), one) for name, one in self._asked.items()
        }

    def _facet(self, field: Field, asked: FacetRequest) -> Facet:
        counts, dictionary = self._counts[field.name], self._snapshot.dictionary(field.name)
        used = np.flatnonzero(counts)
        looked_at = used.tolist() if narrowed(field, asked) else []
        values = [dictionary.value(n) for n in looked_at]
        made = named(field, asked, values) if narrowed(field, asked) else None
        missing = self._missing[field.name]
        if made is not None:
            places = np.array([made.places.get(value, -1) for value in values], np.int64)
            by_label = self._by_label(field.name, used, places, len(made.labels), made.ranges)
            counted = [
                FacetValue(label, count)
                for label, count in zip(made.labels, by_label.tolist(), strict=True)
                if count or made.empty
            ]
            return shown(field, asked, counted, missing, made)
        if field.kind in (Kind.NUMBER, Kind.DATE):
            keys = [metadata.value_key(field, dictionary.value(n)) for n in used.tolist()]
            used = used[sorted(range(used.size), key=keys.__getitem__)]
        # The numbers of a dictionary ascend as its values do.
        if (by := sorted_by(asked, None)) != "value":
            used = used[np.argsort(-counts[used], kind="stable")] if by == "count" else used[::-1]
        kept = used[: asked.limit]
        values_shown = CountedValues(dictionary, kept, counts[kept])
        return Facet(field.name, values_shown, missing, used.size - kept.size)

    def _by_label(
        self, name: str, used: NDArray[Any], places: NDArray[np.int64], size: int, shared: bool
    ) -> NDArray[np.int64]:
        """How many documents each label counts, given the label of each value that is used."""
        if not shared or all(self._single(i, column) for i, column, _ in self._docs[name]):
            named_ones = places >= 0
            weights = self._counts[name][used][named_ones]
            return np.bincount(places[named_ones], weights, size).astype(np.int64)
        label = np.full(self._counts[name].size, -1, np.int64)
        label[used] = places
        dictionary, total = self._snapshot.dictionary(name), np.zeros(size, np.int64)
        for i, column, docs in self._docs[name]:
            documents, numbers = among(column.counted(), docs)
            mine = label[dictionary.numbers(i)][numbers]
            # Several values of a document may have one label: it counts once.
            once = np.unique(documents.astype(np.int64) * size + mine)
            total += np.bincount(once % size, minlength=size)
        return total

    def _single(self, i: int, column: FieldColumn) -> bool:
        return column.of_each(self._snapshot.segments[i].documents) is not None


def among(pairs: Pairs, docs: Docs) -> Pairs:
    """Those pairs whose documents are among some, which are ascending."""
    documents, numbers = pairs
    mask = np.zeros(max(documents[-1:].max(initial=-1), docs[-1:].max(initial=-1)) + 1, np.bool_)
    mask[docs] = True
    good = taken(mask, documents)
    return documents[good], numbers[good]
