"""What was asked? Query text → a frozen tree of words as typed, with the problems found."""

from __future__ import annotations

from balletsearch.query.nodes import Query
from balletsearch.query.parsing import names_saved, parse, unknown_fields

__all__ = ["Query", "names_saved", "parse", "unknown_fields"]
