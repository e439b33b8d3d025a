"""What is said of a word of a query that stands for very many words?

Nothing that it stands for is ever left out, so that a total is always true; but who asks so
should know.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from balletsearch.query.nodes import Fuzzy, Leaf, Phrase, Prefix, Regex, Slot, Sound, Wildcard

__all__ = ["MANY", "note", "patterns"]

MANY: Final = 1_000
"""Words beyond which it is said."""

Expanded = Prefix | Fuzzy | Wildcard | Regex | Sound


def patterns(leaf: Leaf) -> Iterator[tuple[int, Expanded]]:
    """What in a leaf stands for words of some look, and which of its slots it is."""
    slots: tuple[Leaf | Slot, ...] = leaf.words if isinstance(leaf, Phrase) else (leaf,)
    for at, slot in enumerate(slots):
        if isinstance(slot, Expanded):
            yield at, slot


def note(asked: Expanded) -> str:
    """The sentence."""
    return f"'{asked}' stands for more than {MANY:,} words; all of them were looked for."
