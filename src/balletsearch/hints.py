"""What can somebody be told who is looking for words? Another query, or how one goes on.

Frozen values like those of `model.py`; what makes them is in `suggesting/` and `completing/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Completion", "CompletionKind", "Suggestion"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another query that may have been meant, as text, and how many stories it finds."""

    text: str
    total: int

    def __str__(self) -> str:
        return self.text


class CompletionKind(StrEnum):
    """What a completion adds to a query."""

    WORD = "word"
    """A word of the collection."""
    FIELD = "field"
    """The name of a field, with its colon."""
    VALUE = "value"
    """A whole value of a field."""


@dataclass(frozen=True, slots=True)
class Completion:
    """How a query may go on: `text` is the whole query, `piece` what stands at its end now.

    `count` is how many stories have the word, the value, or any value in the field.
    """

    text: str
    piece: str
    kind: CompletionKind
    count: int

    def __str__(self) -> str:
        return self.text
