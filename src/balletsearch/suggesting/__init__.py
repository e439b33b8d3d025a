"""Did you mean …? What somebody may have meant who typed something else.

A word's likely meanings (`words`) are its neighbours in the collection, ordered by what mistake
leads to each (`edits`) and by how frequent each is. Which words of a query are to be doubted says
`doubt`; a whole query is corrected by `queries`, which proposes nothing that it has not tried.
"""

from __future__ import annotations

from balletsearch.suggesting.queries import suggestions
from balletsearch.suggesting.words import Meaning, meanings

__all__ = ["Meaning", "meanings", "suggestions"]
