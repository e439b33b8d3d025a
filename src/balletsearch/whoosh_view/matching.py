"""How does Whoosh step through what was found? With matchers over lists.

Two of them: the occurrences of a term, with positions and a scorer, for Whoosh's own phrases and
spans; and the finished answer to a whole query, which has its scores already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Final, Self

import numpy as np
from whoosh.matching import LeafMatcher, Matcher, NullMatcher, ReadTooFar

from balletsearch.whoosh_view.terms import Occurrences

__all__ = ["FoundMatcher", "TermMatcher"]

EXHAUSTED: Final = 1 << 62
"""The document behind the last: Whoosh asks exhausted matchers for theirs."""


class _Stepping:
    """Steps through documents in a list."""

    _ids: list[int]
    _at: int

    def is_active(self) -> bool:
        """Whether it stands at a document."""
        return self._at < len(self._ids)

    def id(self) -> int:
        """The document at which it stands."""
        return self._ids[self._at] if self._at < len(self._ids) else EXHAUSTED

    def all_ids(self) -> Iterator[int]:
        """All documents."""
        return iter(self._ids)

    def reset(self) -> None:
        """Go back to the first document."""
        self._at = 0

    def next(self) -> bool:
        """Go on. All documents are one block of Whoosh's, so no new one is ever entered."""
        if not self.is_active():
            raise ReadTooFar
        self._at += 1
        return False

    def skip_to(self, document: int) -> bool:
        """Go on to a document or the first behind it."""
        if not self.is_active():
            raise ReadTooFar
        if document > self.id():
            self._at = int(np.searchsorted(self._array, document))
        return False

    @cached_property
    def _array(self) -> Any:
        return np.array(self._ids, np.int64)

    def replace(self, minquality: float = 0) -> Any:  # noqa: ARG002 - Whoosh passes it
        """The same, or nothing where nothing is left."""
        return self if self.is_active() else NullMatcher()

    def supports_block_quality(self) -> bool:
        """Nothing may be skipped: everything that matches is counted."""
        return False


class TermMatcher(_Stepping, LeafMatcher):  # type: ignore[misc]  # Whoosh ships no types
    """The documents of one term, or of several that count as one.

    `term` is its Whoosh field and text, `format` what that field says of its postings; `lengths`
    are the words of all documents in it.
    """

    def __init__(
        self, found: Occurrences, term: tuple[str, bytes], format_: Any, scorer: Any, lengths: Any
    ) -> None:
        self._found = found
        self._term = term
        self.format = format_
        self.scorer = scorer
        self._lengths = lengths
        self._ids = found.docs.tolist()
        self._counts = found.counts.tolist()
        self._at = 0

    def copy(self) -> Self:
        """Another one that stands at the same document."""
        made = self.__class__(self._found, self._term, self.format, self.scorer, self._lengths)
        made._at = self._at
        return made

    @cached_property
    def _bounds(self) -> list[int]:
        return [0, *np.cumsum(self._found.counts).tolist()]

    def weight(self) -> float:
        """How often the term stands in the document."""
        return float(self._counts[self._at])

    def value(self) -> bytes:
        """The posting as Whoosh's format writes it."""
        if not self.format.supports("positions"):
            return b""
        return bytes(self.format.encode(self.value_as("positions")))

    def value_as(self, astype: str) -> Any:
        """The posting as `frequency`, `weight` or, in a field of words, `positions`."""
        if astype == "positions" and self._found.positions is not None:
            start, end = self._bounds[self._at : self._at + 2]
            return self._found.positions[start:end].tolist()
        if astype == "position_boosts" and self._found.positions is not None:
            return [(position, 1) for position in self.value_as("positions")]
        if astype == "frequency":
            return self._counts[self._at]
        if astype == "weight":
            return self.weight()
        raise ValueError(f"The postings of '{self._term[0]}' hold no {astype}.")

    def supports(self, astype: str) -> bool:
        """Whether :meth:`value_as` gives that."""
        words = self._found.positions is not None or self.format.supports("positions")
        return astype in ("frequency", "weight") or (
            words and astype in ("positions", "position_boosts")
        )

    def all_items(self) -> Iterator[tuple[int, bytes]]:
        """Documents and postings."""
        while self.is_active():
            yield self.id(), self.value()
            self.next()

    def items_as(self, astype: str) -> Iterator[tuple[int, Any]]:
        """Documents and what their postings are as `astype`."""
        while self.is_active():
            yield self.id(), self.value_as(astype)
            self.next()

    def score(self) -> float:
        """What the scorer makes of the document; without one, the weight."""
        return float(self.scorer.score(self)) if self.scorer else self.weight()

    def _of_lengths(self, pick: Any) -> int:
        return int(pick(self._lengths[self._found.docs])) if self._lengths is not None else 1

    def block_min_length(self) -> int:
        """The fewest words of a document with the term."""
        return self._of_lengths(np.min)

    def block_max_length(self) -> int:
        """The most words of a document with the term."""
        return self._of_lengths(np.max)

    def block_max_weight(self) -> float:
        """The largest weight in any document."""
        return float(max(self._counts))


class FoundMatcher(_Stepping, Matcher):  # type: ignore[misc]
    """The answer to a query in one segment: documents and their scores.

    `terms` are the terms of the query there: they are taken along, for whoever asks which of
    them stand in the document.
    """

    def __init__(
        self, ids: list[int], scores: list[float], terms: Sequence[TermMatcher] = ()
    ) -> None:
        self._ids = ids
        self._scores = scores
        self._terms = terms
        self._at = 0
        self._take_along()

    def copy(self) -> Self:
        """Another one that stands at the same document."""
        made = self.__class__(self._ids, self._scores, [m.copy() for m in self._terms])
        made._at = self._at
        return made

    def reset(self) -> None:
        """Go back to the first document."""
        super().reset()
        for matcher in self._terms:
            matcher.reset()
        self._take_along()

    def next(self) -> bool:
        """Go on, with the terms."""
        super().next()
        self._take_along()
        return False

    def skip_to(self, document: int) -> bool:
        """Go on to a document or the first behind it, with the terms."""
        super().skip_to(document)
        self._take_along()
        return False

    def _take_along(self) -> None:
        if self.is_active():
            for matcher in self._terms:
                if matcher.is_active():
                    matcher.skip_to(self.id())

    def term_matchers(self) -> Iterator[TermMatcher]:
        """The terms of the query, each at this document or behind it."""
        return iter(self._terms)

    def matching_terms(self, id: int | None = None) -> Iterator[tuple[str, bytes]]:  # noqa: A002
        """The terms that stand in the document."""
        here = self.id() if id is None else id
        return (m.term() for m in self._terms if m.is_active() and m.id() == here)

    def score(self) -> float:
        """The score of the document."""
        return self._scores[self._at]

    def weight(self) -> float:
        """The same."""
        return self.score()

    def supports(self, astype: str) -> bool:  # noqa: ARG002 - Whoosh passes it
        """A whole query has no postings."""
        return False

    def value(self) -> bytes:
        """Nothing: a whole query has no postings."""
        return b""

    def value_as(self, astype: str) -> Any:
        """Not possible."""
        raise ValueError(f"A whole query has no {astype}.")
