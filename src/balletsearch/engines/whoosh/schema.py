"""Which Whoosh fields hold a story?

One field per zone and view, because a phrase must not run from one zone into the next and
because quotes ask for another view than bare words do:

    body.exact      forms, under their folded form, with positions; see `lexicon.py`
    body.stem       folded stems, with positions (the same positions)
    dancer.surname  surname keys, with positions (NAME fields only)

beside them `key` (unique), `meta` (metadata and source, a column), `length` (a column) and
`story` (stored: the text and its header).

Whoosh's own analyzers are not used: stories are cut once, by `analysis`, for all engines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from whoosh import fields as whoosh_fields
from whoosh.analysis import Token as WhooshToken
from whoosh.columns import NumericColumn, VarBytesColumn

from balletsearch.fields import FIELDS

__all__ = [
    "EXACT",
    "KEY",
    "LENGTH",
    "META",
    "STEM",
    "STORY",
    "SURNAME",
    "Placed",
    "Words",
    "base_schema",
    "custom_zones",
    "view_field",
    "view_of",
]

KEY: Final = "key"
META: Final = "meta"
LENGTH: Final = "length"
STORY: Final = "story"

EXACT: Final = "exact"
STEM: Final = "stem"
SURNAME: Final = "surname"


class Words(str):
    """What Whoosh is given as the text of a view: words that are cut already, with positions.

    A string only because Whoosh takes strings and would cut a list by its own rule.
    """

    __slots__ = ("placed",)

    placed: Sequence[tuple[str, int]]

    @classmethod
    def of(cls, placed: Sequence[tuple[str, int]]) -> Words:
        """The words with their positions, ascending."""
        words = cls()
        words.placed = placed
        return words


class Placed:
    """The Whoosh analyzer for `Words`: hands them on as they are."""

    def __call__(self, value: Words, **_: Any) -> Iterator[WhooshToken]:
        token = WhooshToken(positions=True, chars=False, removestops=False, mode="index")
        for token.text, token.pos in value.placed:
            yield token


def view_of() -> whoosh_fields.FieldType:
    """The Whoosh field type of one view of one zone."""
    return whoosh_fields.TEXT(analyzer=Placed(), phrase=True, stored=False)


def view_field(zone: str, view: str) -> str:
    """The Whoosh field of one view of one zone; no header key has a dot, so none can clash."""
    return f"{zone}.{view}"


def base_schema() -> whoosh_fields.Schema:
    """The fields that every index has; views are added when a zone is first used."""
    return whoosh_fields.Schema(
        **{
            KEY: whoosh_fields.ID(unique=True, stored=False, sortable=True),
            META: whoosh_fields.COLUMN(VarBytesColumn()),
            LENGTH: whoosh_fields.COLUMN(NumericColumn("d")),
            STORY: whoosh_fields.STORED(),
        }
    )


def custom_zones(schema: whoosh_fields.Schema) -> list[str]:
    """The zones in a schema that the table of fields does not know, sorted."""
    suffix = f".{EXACT}"
    names = (n.removesuffix(suffix) for n in schema.names() if n.endswith(suffix))
    return sorted(n for n in names if n not in FIELDS)
