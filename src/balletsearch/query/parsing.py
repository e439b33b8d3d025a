"""Which query does a text mean?

What cannot be meant as typed is answered as well as it can be and reported with its place; only a
text in which nothing is left to look for is an error, and one that is too long or too deep.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Final

from balletsearch.analysis import cut
from balletsearch.errors import QueryError
from balletsearch.fields import resolve
from balletsearch.model import Problem
from balletsearch.query.grammar import Grammar
from balletsearch.query.lexing import Sort, lexemes
from balletsearch.query.nodes import And, Or, Query, Word
from balletsearch.query.saved import SAVED
from balletsearch.query.signs import unoperated
from balletsearch.query.trees import check_depth, leaves, size

__all__ = ["MAX_LENGTH", "names_saved", "parse", "unknown_fields"]

MAX_LENGTH: Final = 10_000
"""Characters; a query is a question, not a text."""

MAX_LEAVES: Final = 1_000
"""Words, phrases and so on in one query."""


def parse(
    text: str,
    *,
    custom_fields: Iterable[str] = (),
    any_word: bool = False,
    plain: bool = False,
    strict: bool = False,
    saved: Mapping[str, str] | None = None,
) -> Query:
    """The query that a text means.

    `custom_fields` are the fields that headers brought, `any_word` looks for at least one of
    the words instead of all, `plain` takes every sign as a mere separator and cannot fail,
    `strict` raises QueryError where there would be a problem. `saved` are texts by the names that
    they are saved under.
    """
    text = unicodedata.normalize("NFC", text)
    if plain:
        return _plain(text, any_word)
    if len(text) > MAX_LENGTH:
        raise QueryError(f"The query has {len(text)} characters; at most {MAX_LENGTH} are read.")
    grammar = Grammar(text, frozenset(custom_fields), any_word, saved or {})
    tree = grammar.whole()
    problems = tuple(sorted(grammar.problems, key=lambda p: p.start))
    if tree is not None and sum(map(size, islice(leaves(tree), MAX_LEAVES + 1))) > MAX_LEAVES:
        raise QueryError(f"The query has more than {MAX_LEAVES} words.")
    if tree is not None:
        check_depth(tree)
    if tree is None or (strict and problems):
        listed = "; ".join(p.message for p in problems)
        raise QueryError(listed.capitalize() or "There is no word in the query.", problems)
    return Query(text, tree, problems)


def unknown_fields(text: str) -> frozenset[str]:
    """The fields named in a query that the table of fields does not know.

    Only for these is it worth to ask a collection which fields its headers brought.
    """
    pieces = lexemes(unicodedata.normalize("NFC", text[:MAX_LENGTH]))
    named = {p.text for p in pieces if p.sort is Sort.FIELD}
    return frozenset(name for name in named if resolve(name) is None and name != SAVED)


def names_saved(text: str) -> bool:
    """Whether a query asks for a saved one: only then is it worth to read what is saved."""
    pieces = lexemes(unicodedata.normalize("NFC", text[:MAX_LENGTH]))
    return any(p.sort is Sort.FIELD and p.text == SAVED for p in pieces)


def _plain(text: str, any_word: bool) -> Query:
    words = tuple(
        Word(unoperated(text[t.start : t.end]), start=t.start, end=t.end)
        for t in cut(text[:MAX_LENGTH])
    )
    problems = []
    if not words:
        problems.append(Problem("there is no word in it, so nothing is found", 0, len(text)))
    if len(text) > MAX_LENGTH:
        message = f"only the first {MAX_LENGTH} characters were read"
        problems.append(Problem(message, MAX_LENGTH, len(text)))
    tree = words[0] if len(words) == 1 else (Or if any_word or not words else And)(words)
    return Query(text, tree, tuple(problems))
