"""Which Whoosh field types have the fields of a collection, and which other types can be meant?

Made anew for each generation, from the table of fields and what stories have: nothing of it is
read from a file.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from whoosh import fields

from balletsearch.engines.columns.snapshot import Snapshot
from balletsearch.engines.kinds import parse_number, period
from balletsearch.errors import UnsupportedError
from balletsearch.model import Value
from balletsearch.whoosh_view.names import KEY, SURNAME, Shown, Shows
from balletsearch.whoosh_view.ordering import ValuesColumn, named
from balletsearch.whoosh_view.words import cutter

__all__ = ["as_date", "as_number", "check", "make_schema", "refuse"]


class _Named:
    """A field whose column gives values, or keys that know their values."""

    def to_column_value(self, value: Any) -> Any:
        """A value as the column has it: as it is."""
        return value

    def from_column_value(self, value: Any) -> Any:
        """The value that the column gave, or that its key stands for."""
        return named(value)


class WordsField(_Named, fields.TEXT):  # type: ignore[misc]  # Whoosh ships no types
    """Words of a zone. Several in one word of a query are a phrase, as everywhere here."""


class ValueField(_Named, fields.ID):  # type: ignore[misc]
    """Whole values."""


class NumberField(_Named, fields.NUMERIC):  # type: ignore[misc]
    """Numbers: whole ones where all in the collection are, else floating."""


class DateField(_Named, fields.DATETIME):  # type: ignore[misc]
    """Moments, in UTC and without saying so, as Whoosh has them; a day is its first moment."""


def make_schema(snapshot: Snapshot, shown: dict[str, Shown]) -> fields.Schema:
    """The schema of a generation."""
    schema = fields.Schema()
    for name, what in shown.items():
        schema.add(name, _field(snapshot, shown, name, what))
    return schema


def _field(snapshot: Snapshot, shown: dict[str, Shown], name: str, what: Shown) -> fields.FieldType:
    stored = what.stored
    if what.is_words:
        keys = f"{name}{SURNAME}"
        cut = cutter(snapshot, what.what, name, keys if keys in shown else "")
        field = WordsField(analyzer=cut, stored=stored, multitoken_query="phrase")
    elif what.what is Shows.NUMBERS:
        whole = all(isinstance(as_number(v), int) for v in snapshot.values(what.field))
        field = NumberField(int if whole else float, 64, stored=stored)
    elif what.what is Shows.DATES:
        field = DateField(stored=stored)
    else:
        field = ValueField(stored=stored, unique=name == KEY)
    # One term for each number: ranges are looked up in a sorted list, so tiers gain nothing.
    if isinstance(field, fields.NUMERIC):
        field.shift_step = 0
    many = what.is_words or (what.what is Shows.VALUES and what.field != "path")
    field.column_type = ValuesColumn(many=many) if what.has_values else None
    return field


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def as_number(value: Value) -> int | float | None:
    """A value as Whoosh has it in a field of numbers; None for what deleted stories had."""
    try:
        number = parse_number(str(value))
    except ValueError:
        return None
    return float(number) if isinstance(number, Decimal) else number


def as_date(value: Value) -> datetime | None:
    """A value as Whoosh has it in a field of dates: its first moment, in UTC, in microseconds."""
    try:
        moment = _EPOCH + timedelta(microseconds=period(str(value))[0] // 1000)
    except (ValueError, OverflowError):
        # Not a date, or of a day before the year 1 in UTC.
        return None
    return moment.replace(tzinfo=None)


_FITTING: Final[dict[Shows, tuple[type, ...]]] = {
    Shows.STEMS: (fields.TEXT,),
    Shows.EXACT: (fields.TEXT,),
    Shows.TYPED: (fields.TEXT,),
    Shows.SURNAMES: (fields.TEXT,),
    Shows.VALUES: (fields.ID, fields.KEYWORD),
    Shows.KEYS: (fields.ID,),
    Shows.NUMBERS: (fields.NUMERIC,),
    Shows.DATES: (fields.DATETIME,),
}


def _is_fitting(what: Shown, wanted: Any) -> bool:
    """Whether a Whoosh field type is one that a field can be taken for."""
    kind = wanted if isinstance(wanted, type) else type(wanted)
    # A date is a number to Whoosh, but nobody who wants a number wants a date.
    names = {t.__name__ for t in _FITTING[what.what]}
    return kind.__name__ in names or kind in (WordsField, ValueField, NumberField, DateField)


def check(shown: dict[str, Shown], wanted: Any) -> None:
    """UnsupportedError, which names them, for fields of a Whoosh schema that are not as here."""
    for name, field in wanted.items():
        refuse(shown, name, field)


def refuse(shown: dict[str, Shown], name: str, field: Any) -> None:
    """UnsupportedError for a Whoosh field that this collection does not have so."""
    kind = field if isinstance(field, type) else type(field)
    if name not in shown:
        raise UnsupportedError(
            f"There is no field '{name}' ({kind.__name__}) in this collection and none can be "
            "added: fields come from the headers of stories. Leave it out."
        )
    if not _is_fitting(shown[name], field):
        fitting = " or ".join(t.__name__ for t in _FITTING[shown[name].what])
        raise UnsupportedError(
            f"'{name}' holds {shown[name].what} and cannot be a {kind.__name__}; ask for {fitting}."
        )
    if getattr(field, "vector", None):
        raise UnsupportedError(
            f"'{name}' cannot have vectors; they are not kept. Leave 'vector' out."
        )
