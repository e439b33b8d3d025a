"""What are the known names?

Data files of works, roles, people, companies, places and terms (`data/`), a user's own files
in the same grammar, and one search that finds them all in a text. What is found is a name
written as such; whether it counts in a story is for `extraction` to say.
"""

from __future__ import annotations

from balletsearch.gazetteer.entries import KINDS, Entry
from balletsearch.gazetteer.lookup import (
    CutText,
    Gazetteer,
    Occurrence,
    fingerprint,
    leftmost_longest,
    load,
)
from balletsearch.gazetteer.patterns import key

__all__ = [
    "KINDS",
    "CutText",
    "Entry",
    "Gazetteer",
    "Occurrence",
    "fingerprint",
    "key",
    "leftmost_longest",
    "load",
]
