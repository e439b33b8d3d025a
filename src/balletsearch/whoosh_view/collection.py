"""What does one generation show to Whoosh, whoever reads it?

Schema, terms and orders of values: what all readers of a generation share. Nothing in it changes
but what has been worked out so far, so that several threads may read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from whoosh.fields import Schema

from balletsearch.engines.columns.snapshot import Snapshot
from balletsearch.engines.encoding import decode_meta
from balletsearch.model import Source, Value
from balletsearch.whoosh_view.names import KEY, SINGLE, TEXT, Shown, Shows, shown_fields
from balletsearch.whoosh_view.ordering import Order, Values
from balletsearch.whoosh_view.schema import as_date, as_number, make_schema
from balletsearch.whoosh_view.terms import (
    ExactTerms,
    KeyTerms,
    StemTerms,
    SurnameTerms,
    Terms,
    TypedTerms,
    ValueTerms,
)

__all__ = ["Collection"]

_WORDS: dict[Shows, Any] = {
    Shows.STEMS: StemTerms,
    Shows.EXACT: ExactTerms,
    Shows.TYPED: TypedTerms,
    Shows.SURNAMES: SurnameTerms,
}


class Collection:
    """One generation. `generation` is a number that no other generation has."""

    def __init__(self, snapshot: Snapshot, generation: int) -> None:
        self.snapshot = snapshot
        self.generation = generation
        self.shown: dict[str, Shown] = shown_fields(snapshot)
        self.schema: Schema = make_schema(snapshot, self.shown)
        self._terms: dict[tuple[int, str, Shows], Terms] = {}
        self._orders: dict[tuple[str, Shows], Order] = {}

    def terms(self, i: int, name: str) -> Terms:
        """The terms of a Whoosh field in segment `i`."""
        what = self.shown[name]
        found = self._terms.get((i, what.field, what.what))
        if found is None:
            found = self._terms[i, what.field, what.what] = self._made(i, name, what)
        return found

    def _made(self, i: int, name: str, what: Shown) -> Terms:
        segment = self.snapshot.segments[i]
        if what.is_words:
            words: Terms = _WORDS[what.what](segment, segment.zones.get(what.field))
            return words
        if what.what is Shows.KEYS:
            return KeyTerms(segment)
        convert, to_bytes = _converter(what), self.schema[name].to_bytes

        def term(value: Value) -> bytes | None:
            converted = convert(value)
            return None if converted is None else bytes(to_bytes(converted))

        return ValueTerms(segment, self.snapshot.column(i, what.field), term)

    def order(self, name: str) -> Order:
        """What stories have in a Whoosh field with a column, in order."""
        what = self.shown[name]
        found = self._orders.get((what.field, what.what))
        if found is None:
            values = [self._values(i, what) for i in range(len(self.snapshot.segments))]
            text = what.what not in (Shows.NUMBERS, Shows.DATES)
            many = bool(self.schema[name].column_type.stores_lists())
            # Whoosh compares what it reads: nothing is below, above or equal to this.
            missing = float("nan") if what.what is Shows.NUMBERS else None
            found = Order(values, text=text, many=many, missing=missing)
            self._orders[what.field, what.what] = found
        return found

    def _values(self, i: int, what: Shown) -> Values:
        segment = self.snapshot.segments[i]
        if what.what is Shows.KEYS:
            every = np.arange(segment.documents)
            keys = segment.keys.take(range(segment.documents))
            return Values(keys, (every, every), (every, every), segment.documents)
        column = self.snapshot.column(i, what.field)
        if column is None:
            none = np.zeros(0, np.int64)
            return Values([], (none, none), (none, none), segment.documents)
        convert = _converter(what)
        values = [convert(value) for value in column.values()]
        return Values(values, column.pairs(), column.counted(), segment.documents)

    def source_of(self, i: int, document: int) -> Source | None:
        """The file that a story was read from."""
        return decode_meta(self.snapshot.segments[i].meta.read(document).decode())[1]

    def stored(self, i: int, document: int) -> dict[str, Any]:
        """What Whoosh calls the stored fields of a document: key, text and metadata."""
        segment = self.snapshot.segments[i]
        fields = decode_meta(segment.meta.read(document).decode())[0]
        out: dict[str, Any] = {
            KEY: segment.keys[document],
            TEXT: segment.text.read(document).decode(),
        }
        for name, what in self.shown.items():
            if what.stored and (values := fields.get(what.field)):
                out[name] = values[0] if what.field in SINGLE else list(values)
        return out


def _converter(what: Shown) -> Callable[[Value], Any]:
    if what.what is Shows.NUMBERS:
        return as_number
    return as_date if what.what is Shows.DATES else str
