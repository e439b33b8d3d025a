"""What does one generation hold, over all its segments?

Everything that is derived from a generation and kept as long as it is: counts, norms, fields
and their kinds, and what the documents have in each field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.generations import Generation
from balletsearch.columns.memory import keep_freed
from balletsearch.columns.segment import Segment
from balletsearch.columns.values import Docs
from balletsearch.engines.columns.dictionaries import Dictionary
from balletsearch.engines.columns.facets import FieldColumn
from balletsearch.engines.columns.scoring import Norms, norms
from balletsearch.engines.columns.weights import UNIT
from balletsearch.engines.kinds import infer
from balletsearch.engines.zones import field_of
from balletsearch.fields import FIELDS, Field, Kind
from balletsearch.model import Value

__all__ = ["Snapshot"]


class Snapshot:
    """One generation, open."""

    def __init__(
        self,
        generation: Generation,
        segments: tuple[Segment, ...],
        languages: tuple[str, ...],
        degraded: str,
    ) -> None:
        keep_freed()
        self.generation = generation
        self.degraded = degraded
        """Why a newer generation was passed over; empty where none was."""
        self.segments = segments
        self.languages = languages
        self.documents = generation.documents
        length = sum(r.length for r in generation.segments)
        self.average = length * UNIT / self.documents if self.documents else 0.0
        self._norms: dict[int, Norms] = {}
        self._columns: dict[tuple[int, str], FieldColumn | None] = {}
        self._fields: dict[str, Field] = {}
        self._dictionaries: dict[str, Dictionary] = {}
        self._having: dict[tuple[int, str], NDArray[np.bool_]] = {}

    def norms(self, i: int) -> Norms:
        """What BM25 adds below the line for each document of segment `i`."""
        found = self._norms.get(i)
        if found is None:
            found = norms(self.segments[i].lengths, self.average)
            self._norms[i] = found
        return found

    # Fields.

    def column(self, i: int, name: str) -> FieldColumn | None:
        """A field of segment `i`; None where none of its documents has it."""
        if (i, name) not in self._columns:
            segment = self.segments[i]
            names = segment.attributes["fields"]
            self._columns[i, name] = (
                FieldColumn(segment.container, f"field.{names.index(name)}")
                if name in names
                else None
            )
        return self._columns[i, name]

    def dictionary(self, name: str) -> Dictionary:
        """The values of a field over all segments."""
        found = self._dictionaries.get(name)
        if found is None:
            columns = [self.column(i, name) for i in range(len(self.segments))]
            found = self._dictionaries[name] = Dictionary(columns)
        return found

    def having(self, i: int, name: str) -> NDArray[np.bool_]:
        """Which documents of segment `i` have a value in a field."""
        found = self._having.get((i, name))
        if found is None:
            found = np.zeros(self.segments[i].documents, np.bool_)
            column = self.column(i, name)
            if column is not None:
                found[column.pairs()[0]] = True
            self._having[i, name] = found
        return found

    def knows(self, name: str) -> bool:
        """Whether a story has a value in a field."""
        return name in self.names

    @cached_property
    def names(self) -> frozenset[str]:
        """The fields in which some story has a value."""
        return frozenset(
            name
            for i, segment in enumerate(self.segments)
            for name in segment.attributes["fields"]
            if segment.live is None or bool((self.having(i, name) & segment.live).any())
        )

    def field(self, name: str) -> Field:
        """A field with its kind: that of a header's field is what all its values parse as."""
        known = FIELDS.get(name) or self._fields.get(name)
        if known is None:
            kind = infer(self.values(name)) if self.knows(name) else Kind.KEYWORD
            known = self._fields[name] = replace(field_of(name), kind=kind)
        return known

    def values(self, name: str) -> Iterator[Value]:
        """The distinct values of a field, segment by segment, those of deleted stories left out."""
        for i, segment in enumerate(self.segments):
            column = self.column(i, name)
            if column is None:
                continue
            if segment.live is None:
                yield from column.values()
                continue
            documents, numbers = column.pairs()
            for number in np.unique(numbers[segment.live[documents]]).tolist():
                yield column.value(number)

    def documents_where(self, i: int, name: str, fits: Any) -> Docs:
        """The documents of segment `i` with a value that fits, ascending, without the deleted.

        `fits` takes a mapping of fields to values, as the tests of `engines/metadata.py` do.
        """
        column = self.column(i, name)
        if column is None:
            return np.zeros(0, np.intp)
        documents, numbers = column.pairs()
        live = self.segments[i].live
        if live is not None:
            # What deleted stories had must not be asked: it need not even parse.
            alive = live[documents]
            documents, numbers = documents[alive], numbers[alive]
        good = np.zeros(len(column), np.bool_)
        used = np.unique(numbers) if live is not None else np.arange(len(column))
        good[used] = [fits({name: (column.value(n),)}) for n in used.tolist()]
        return np.unique(documents[good[numbers]]).astype(np.intp)

    def zones(self) -> Mapping[str, Field]:
        """The zones of the collection."""
        return {name: self.field(name) for s in self.segments for name in s.zones}
