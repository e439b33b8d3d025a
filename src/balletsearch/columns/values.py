"""In which value, and so in which document and zone, does a position of the stream lie?

Values lie zone behind zone, in each zone document behind document, with a gap before each.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.container import Container
from balletsearch.columns.postings import taken

__all__ = ["Docs", "Positions", "ValueTable", "ZoneRange"]

Docs = NDArray[np.intp]
"""Documents as NumPy indexes by them: any other type is converted at each use."""

Positions = NDArray[np.uint32]

_CELL: Final = 6
"""Bits of a position within a cell of the table that leads from positions to values."""

_MANY: Final = 1000
"""Positions for which that table is worth making."""

_STEPS: Final = 4
"""Values from the first of a cell to that of a position, before it is searched for."""


class ZoneRange(NamedTuple):
    """A zone: what a word in it counts, its values, and its stretch of the stream."""

    name: str
    units: int
    names: bool
    first: int
    last: int
    start: int
    end: int


class ValueTable:
    """The values of one segment. Safe for any number of threads: what it keeps never changes."""

    def __init__(self, container: Container) -> None:
        self._starts = container["values"]
        self._documents = container["values.doc"]
        self._attributes = container.attributes
        self._stream = len(container["stream"])

    def documents(self) -> NDArray[np.int32]:
        """The document of each value."""
        return self._documents.all()

    def of_zone(self, zone: ZoneRange) -> NDArray[np.int32]:
        """The document of each value of a zone, ascending."""
        return self._documents.slice(zone.first, zone.last)

    @cached_property
    def zones(self) -> dict[str, ZoneRange]:
        """The zones, in the order of the stream."""
        out = {}
        for zone in self._attributes["zones"]:
            first, last = zone["values"]
            start, end = self._starts.item(first), self._starts.item(last)
            name = zone["name"]
            out[name] = ZoneRange(name, zone["units"], zone["names"], first, last, start, end)
        return out

    @cached_property
    def _cells(self) -> NDArray[np.uint32]:
        """The value that holds the first position of each cell, or the last before it."""
        values = self._starts.all()
        first = np.arange(0, self._stream + (1 << _CELL), 1 << _CELL)
        return np.maximum(np.searchsorted(values, first, "right"), 1).astype(np.uint32) - 1

    def at(self, positions: Positions) -> NDArray[Any]:
        """The value in which each position lies; all of them are in the stream."""
        values = self._starts.all()
        if positions.size < _MANY and "_cells" not in self.__dict__:
            return np.searchsorted(values, positions, "right") - 1
        value = taken(self._cells, positions >> np.uint32(_CELL)).astype(np.intp)
        behind = np.flatnonzero(taken(values, value + 1) <= positions)
        for _ in range(_STEPS):
            if not behind.size:
                return value
            value[behind] += 1
            behind = behind[values[value[behind] + 1] <= positions[behind]]
        # Names stand close together.
        value[behind] = np.searchsorted(values, positions[behind], "right") - 1
        return value

    def documents_at(self, positions: Positions) -> Docs:
        """The document in which each position lies."""
        return taken(self.documents(), self.at(positions)).astype(np.intp)

    def of(self, zone: ZoneRange, documents: Docs) -> tuple[NDArray[Any], NDArray[Any]]:
        """The first value of each document in a zone, and the one behind its last."""
        docs = self.of_zone(zone)
        # Of another type, the long list would be copied.
        documents = documents.astype(docs.dtype)
        low = np.searchsorted(docs, documents)
        return zone.first + low, zone.first + np.searchsorted(docs, documents, "right")

    def bounds(
        self, first: NDArray[Any], last: NDArray[Any]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where values `first` to `last`, exclusive, begin and where what follows does."""
        return self._starts.take(first).astype(np.int64), self._starts.take(last).astype(np.int64)

    def extents(self, values: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where values begin, and how many words each has."""
        starts = self._starts.take(values).astype(np.int64)
        return starts, self._starts.take(values + 1).astype(np.int64) - starts - 1

    def body_starts(self) -> NDArray[np.int64]:
        """Where the body of each document begins in the stream; 0 where it has no word."""
        out = np.zeros(int(self._attributes["documents"]), np.int64)
        zone = self.zones.get("body")
        if zone is not None:
            documents = self.of_zone(zone)
            out[documents] = self._starts.slice(zone.first, zone.last)
        return out
