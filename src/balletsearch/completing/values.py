"""Which values of a field have a word that begins so, the most frequent first?"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice

from balletsearch.analysis import cut, fold
from balletsearch.engines.values import folded
from balletsearch.model import FacetValue

__all__ = ["ValueTable"]


class ValueTable:
    """The values of one field, most frequent first, as the lines of one text."""

    def __init__(self, values: Sequence[FacetValue]) -> None:
        self._values = tuple(values)
        lines = [folded(value.value) for value in self._values]
        self._text = "\n".join(lines)
        self._starts = list(accumulate((len(line) + 1 for line in lines), initial=0))

    def beginning(self, text: str, limit: int) -> list[FacetValue]:
        """The first values that begin so, or in which a word does; all where there is no text."""
        return list(islice(self._found(folded(text)), limit))

    def words(self, begun: str, limit: int) -> list[str]:
        """The folded words that begin so, those in the most frequent values first."""
        counts: Counter[str] = Counter()
        for value in self._found(begun):
            found = {fold(token.form) for token in cut(str(value.value))}
            for word in found:
                if word.startswith(begun):
                    counts[word] += value.count
        return [word for word, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0]))][
            :limit
        ]

    def _found(self, begun: str) -> Iterator[FacetValue]:
        before = -1
        for found in re.finditer(rf"(?<!\w){re.escape(begun)}", self._text):
            line = bisect_right(self._starts, found.start()) - 1
            # An empty text is found at the end of the last line too.
            if line != before and line < len(self._values):
                before = line
                yield self._values[line]
