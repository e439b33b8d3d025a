"""Which values does a field have in all segments together?

Every segment numbers its values in its own way; a dictionary of all gives each value one number,
ascending as values are ordered. What was counted is shown value by value: most callers look at
the first few of thousands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from balletsearch.engines.columns.facets import FieldColumn, value_order
from balletsearch.model import FacetValue, Value

__all__ = ["CountedValues", "Dictionary"]


class Dictionary:
    """The values of one field over all segments; `columns` has None where there are none."""

    def __init__(self, columns: Sequence[FieldColumn | None]) -> None:
        filled = [column for column in columns if column is not None]
        self._only = filled[0] if len(filled) == 1 else None
        self._values: list[Value] = []
        self._numbers: list[Any] = [slice(None)] * len(columns)
        if self._only is not None:
            return
        self._values = sorted({v for c in filled for v in c.values()}, key=value_order)
        rank = {value: number for number, value in enumerate(self._values)}
        for i, column in enumerate(columns):
            if column is not None:
                numbers = (rank[value] for value in column.values())
                self._numbers[i] = np.fromiter(numbers, np.int64, len(column))

    def __len__(self) -> int:
        return len(self._values) if self._only is None else len(self._only)

    def value(self, number: int) -> Value:
        """A value by its number."""
        return self._values[number] if self._only is None else self._only.value(number)

    def numbers(self, i: int) -> Any:
        """The numbers of the values of segment `i`, to index by."""
        return self._numbers[i]


class CountedValues(Sequence[FacetValue]):
    """Values with their counts, each made when it is asked for. Equal to a tuple of the same."""

    def __init__(
        self, dictionary: Dictionary, numbers: NDArray[np.int64], counts: NDArray[np.int64]
    ) -> None:
        self._dictionary = dictionary
        self._numbers = numbers
        self._counts = counts

    def __len__(self) -> int:
        return self._numbers.size

    @overload
    def __getitem__(self, at: int) -> FacetValue: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[FacetValue, ...]: ...
    def __getitem__(self, at: int | slice) -> FacetValue | tuple[FacetValue, ...]:
        if isinstance(at, slice):
            return tuple(map(self._made, range(len(self))[at]))
        return self._made(range(len(self))[at])

    def __iter__(self) -> Iterator[FacetValue]:
        return map(self._made, range(len(self)))

    def _made(self, at: int) -> FacetValue:
        value = self._dictionary.value(int(self._numbers[at]))
        return FacetValue(value, int(self._counts[at]))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))
