"""How do Whoosh's parser and highlighter cut words? As the index does.

A word of a query may stand for several terms: its stem in each language of the collection, the
stems of words that are spelled alike but for accents, a surname's key, a possessive. Whoosh knows
one text per word, so that text is a `Form`: a string that is the usual term and knows the others,
which the searcher asks for too (`queries.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from whoosh.analysis import Analyzer, Token

from balletsearch.analysis import cut, fold, stem, surname_key
from balletsearch.analysis import form as form_of
from balletsearch.columns.segment import Segment
from balletsearch.engines.columns import lowering
from balletsearch.engines.columns.snapshot import Snapshot
from balletsearch.model import VALUE_GAP
from balletsearch.query.nodes import Word
from balletsearch.whoosh_view.names import Shows

__all__ = ["Cutter", "Form", "cutter"]

QUERY: Final = "query"

Terms = Sequence[tuple[str, str]]
"""Whoosh field and text of each, the usual one first."""


class Form(str):
    """A word of a query: the text of its usual term, which knows all that it may stand for."""

    terms: Terms = ()

    @classmethod
    def of(cls, terms: Terms) -> Form:
        """A word that stands for these terms."""
        made = cls(terms[0][1])
        made.terms = terms
        return made


class _Rules(NamedTuple):
    """How the terms of a field are made of a word as typed."""

    indexed: Callable[[str], Sequence[str]]
    asked: Callable[[str], Terms]
    whole: Callable[[str], str]
    """For text that is not to be cut, such as a beginning."""


class Cutter(Analyzer):  # type: ignore[misc]  # Whoosh ships no types
    """The Whoosh analyzer of one field of words."""

    def __init__(self, rules: _Rules) -> None:
        self._rules = rules

    def __call__(
        self,
        value: str | Iterable[str],
        *,
        positions: bool = False,
        chars: bool = False,
        start_pos: int = 0,
        start_char: int = 0,
        mode: str = "",
        tokenize: bool = True,
        **options: Any,
    ) -> Iterator[Token]:
        token = Token(positions=positions, chars=chars, mode=mode, **options)
        if not tokenize:
            token.text, token.pos = self._rules.whole(str(value)), start_pos
            token.startchar, token.endchar = start_char, start_char + len(str(value))
            yield token
            return
        at = start_pos
        for text in [value] if isinstance(value, str) else value:
            words = cut(text)
            for token.pos, word in enumerate(words, at):
                token.startchar, token.endchar = start_char + word.start, start_char + word.end
                typed = text[word.start : word.end]
                if mode == QUERY:
                    token.text = Form.of(self._rules.asked(typed))
                    yield token
                    continue
                # Of a text alone nobody knows the language: it has the stems of each.
                for token.text in self._rules.indexed(typed):
                    yield token
            at += len(words) + VALUE_GAP if words else 0


def cutter(snapshot: Snapshot, shows: Shows, name: str, surnames: str = "") -> Cutter:
    """The analyzer of the Whoosh field `name`; `surnames` is the field of its surname keys."""
    match shows:
        case Shows.STEMS:
            return Cutter(_stems(snapshot, name, surnames))
        case Shows.EXACT:
            return Cutter(_exact(name))
        case Shows.SURNAMES:
            return Cutter(_plain(name, lambda typed: surname_key(fold(form_of(typed)))))
        case _:
            return Cutter(_plain(name, str))


def _stems(snapshot: Snapshot, name: str, surnames: str) -> _Rules:
    languages, segments = snapshot.languages, snapshot.segments

    def indexed(typed: str) -> Sequence[str]:
        bare = form_of(typed)
        return list(dict.fromkeys(stem(bare, language) for language in languages))

    def asked(typed: str) -> Terms:
        texts = dict.fromkeys(indexed(typed))
        meant = lowering.word(Word(typed), segments, languages)
        for segment, each in zip(segments, meant, strict=True):
            texts.update(dict.fromkeys(_texts(segment, each.stems or ())))
        terms = [(name, text) for text in texts]
        return [*terms, (surnames, surname_key(fold(form_of(typed))))] if surnames else terms

    return _Rules(indexed, asked, _folded)


def _texts(segment: Segment, stems: Iterable[int]) -> list[str]:
    return segment.stems.take(stems)


def _exact(name: str) -> _Rules:
    def asked(typed: str) -> Terms:
        exact = _folded(typed)
        texts = [exact] if "'" in form_of(typed) else [exact, f"{exact}'s"]
        return [(name, text) for text in texts]

    return _Rules(lambda typed: (_folded(typed),), asked, _folded)


def _plain(name: str, made: Callable[[str], str]) -> _Rules:
    return _Rules(lambda typed: (made(typed),), lambda typed: [(name, made(typed))], made)


def _folded(typed: str) -> str:
    return fold(form_of(typed))
