"""How may a query go on that is being typed? With a word, a value of a field, or a field.

Fast enough to be asked at each keystroke: words come from the engine by what they begin with,
values from a table of each field that is made once for a state of the collection.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final
from weakref import WeakKeyDictionary

from balletsearch.analysis import fold, form
from balletsearch.completing.unfinished import Unfinished, unfinished
from balletsearch.completing.values import ValueTable
from balletsearch.engines.protocol import Reader, SearchRequest
from balletsearch.engines.values import folded
from balletsearch.engines.zones import field_of
from balletsearch.fields import FIELDS
from balletsearch.hints import Completion, CompletionKind
from balletsearch.query.nodes import Everything, View, Word

__all__ = ["completions"]

LOOKED_AT: Final = 3
"""Of running text in one field so many times the words wanted are looked at: those that are most
frequent anywhere."""

_TABLES: Final[WeakKeyDictionary[Reader, dict[str, ValueTable]]] = WeakKeyDictionary()
"""The values of fields, as long as somebody holds the state of the collection."""

_BARE: Final = re.compile(r"\w+")


def completions(text: str, reader: Reader, limit: int) -> tuple[Completion, ...]:
    """At most `limit` ways in which a query may go on, most stories first, names of fields last.

    Nothing where no word is begun: behind a space, a closed quotation, a pattern or a range.
    """
    typed = unfinished(text, reader.fields().keys())
    if typed is None or not limit:
        return ()
    fields = list(_fields(typed, reader))[:limit]
    values = list(_values(typed, reader, limit))
    whole = {folded(value.piece.strip('"')) for value in values}
    # What is a value as a whole need not be offered as a word.
    words = [word for word in _words(typed, reader, limit) if folded(word.piece) not in whole]
    # A word before a value of as many stories, since it finds those and is shorter.
    found = sorted((*words, *values), key=lambda one: -one.count)
    return (*found[: limit - len(fields)], *fields)


def _fields(typed: Unfinished, reader: Reader) -> Iterator[Completion]:
    """The names of fields that begin so, of which some story has a value."""
    begun = typed.word.casefold()
    if typed.field or typed.quoted or not begun:
        return
    for name in sorted({*FIELDS, *reader.fields()}):
        if name.startswith(begun):
            request = SearchRequest(Everything(name), limit=0, spans=False)
            if count := reader.search(request).total:
                piece = f"{name}:"
                yield Completion(typed.before_word + piece, piece, CompletionKind.FIELD, count)


def _values(typed: Unfinished, reader: Reader, limit: int) -> Iterator[Completion]:
    """The values of the field one of whose words begins so."""
    if not typed.field or not _counted(typed.field, reader):
        return
    for value in _table(typed.field, reader).beginning(typed.value, limit):
        piece = _written(str(value.value))
        yield Completion(typed.before_value + piece, piece, CompletionKind.VALUE, value.count)


def _written(value: str) -> str:
    """A value as it is written in a query."""
    if _BARE.fullmatch(value) and value not in ("AND", "OR", "NOT"):
        return value
    return '"{}"'.format(" ".join(value.replace('"', " ").split()))


def _words(typed: Unfinished, reader: Reader, limit: int) -> Iterator[Completion]:
    """The words that begin so, in the field that is asked for."""
    begun = fold(form(typed.word))
    if not begun or (typed.field and not field_of(typed.field).zone):
        return
    if typed.field in ("", "body"):
        # Hardly a word stands outside of the bodies alone, and to count it in them takes longer.
        found = [(word.text, word.stories) for word in reader.beginning(begun, limit + 1)]
    elif _counted(typed.field, reader):
        found = _in_field(reader, _table(typed.field, reader).words(begun, limit + 1), typed.field)
    else:
        words = reader.beginning(begun, LOOKED_AT * limit)
        found = _in_field(reader, [word.text for word in words], typed.field)
    for word, count in found[: limit + 1]:
        if word == begun:
            continue  # nothing is added
        # What is typed stays as it is, accents and all.
        piece = typed.word + word[len(begun) :]
        yield Completion(typed.before_word + piece, piece, CompletionKind.WORD, count)


def _in_field(reader: Reader, words: Sequence[str], field: str) -> list[tuple[str, int]]:
    """Those of some words that stand in a field, by the number of stories."""
    counts = reader.matching([Word(word, field, View.EXACT) for word in words])
    found = [(word, count) for word, count in zip(words, counts, strict=True) if count]
    return sorted(found, key=lambda one: (-one[1], one[0]))


def _counted(name: str, reader: Reader) -> bool:
    """Whether the values of a field are counted: there are facets of it."""
    field = reader.fields().get(name)
    return field is not None and field.facet


def _table(name: str, reader: Reader) -> ValueTable:
    tables = _TABLES.setdefault(reader, {})
    if name not in tables:
        request = SearchRequest(Everything(), facets=(name,), limit=0, spans=False)
        tables[name] = ValueTable(reader.search(request).facets[name].values)
    return tables[name]
