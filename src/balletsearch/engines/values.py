"""When is a value of a field the value that somebody means?

Whole values, folded, for selections; and for hierarchical fields also the values above.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from balletsearch.analysis import fold, form
from balletsearch.fields import Field, Kind
from balletsearch.model import Value

__all__ = ["faceted", "folded", "selected"]


def folded(value: Value) -> str:
    """A value as it is compared: case, accents and white space aside."""
    text = " ".join(str(value).split())
    return text.lower() if text.isascii() else fold(form(text))


def faceted(field: Field, values: Iterable[Value]) -> tuple[Value, ...]:
    """What a story with these values is counted under, each once."""
    if field.kind is not Kind.PATH:
        return tuple(dict.fromkeys(values))
    return tuple(dict.fromkeys(step for value in values for step in _steps(str(value))))


@lru_cache(maxsize=1 << 14)
def _steps(path: str) -> tuple[str, ...]:
    """*Europe/Russia/Moscow* → itself and what lies above it, from the top."""
    parts = [p.strip() for p in path.split("/")]
    return tuple("/".join(parts[: i + 1]) for i in range(len(parts)))


def selected(field: Field, values: Iterable[Value], wanted: frozenset[str]) -> bool:
    """Whether a story with these values has one of those wanted, which are folded."""
    for value in faceted(field, values):
        if folded(value) in wanted:
            return True
        if field.kind is Kind.PATH and folded(str(value).rpartition("/")[2]) in wanted:
            return True
    return False
