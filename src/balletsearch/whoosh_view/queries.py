"""What does a query of Whoosh mean here?

Words that stand for several terms (`words.Form`) are asked for as all of these. And the whole
query is wrapped, so that wherever Whoosh asks it for its matches our evaluation answers.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from whoosh import query
from whoosh.matching import NullMatcher
from whoosh.query.qcore import Query

from balletsearch.whoosh_view.words import Form

__all__ = ["AnyTerm", "FormPhrase", "meant"]


class AnyTerm(query.MultiTerm):  # type: ignore[misc]  # Whoosh ships no types
    """One word that stands for several terms, each a Whoosh field and a text.

    It counts as one term, whichever of them stands there.
    """

    def __init__(
        self, fieldname: str, text: str, terms: Sequence[tuple[str, str]], boost: float = 1.0
    ) -> None:
        self.fieldname = fieldname
        self.text = text
        self.alternatives = tuple(terms)
        self.boost = boost

    def __eq__(self, other: object) -> bool:
        return type(other) is AnyTerm and self._state() == other._state()

    def __hash__(self) -> int:
        return hash(self._state())

    def _state(self) -> tuple[Any, ...]:
        return self.fieldname, self.text, self.alternatives, self.boost

    def __repr__(self) -> str:
        return f"AnyTerm({self.fieldname!r}, {self.text!r}, {self.alternatives!r})"

    def __str__(self) -> str:
        return f"{self.fieldname}:{self.text}"

    __unicode__ = __str__

    def has_terms(self) -> bool:
        """It is a search for terms."""
        return True

    def terms(self, phrases: bool = False) -> Iterator[tuple[str, str]]:  # noqa: ARG002
        """All terms that it may stand for."""
        return iter(self.alternatives)

    def expanded_terms(
        self,
        ixreader: Any,
        phrases: bool = False,  # noqa: ARG002 - Whoosh passes it
    ) -> Iterator[tuple[str, str]]:
        """Those that exist."""
        return (term for term in self.alternatives if term in ixreader)

    def _btexts(self, ixreader: Any) -> Iterator[str]:
        return (text for name, text in self.expanded_terms(ixreader) if name == self.fieldname)

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        """The stories with any of the terms, scored as by the one that most have."""
        reader = searcher.reader()
        found = reader.united(self.alternatives)
        if not found.docs.size:
            return NullMatcher()
        whole = searcher.get_parent().reader()
        known = [t for t in self.alternatives if t in whole]
        name, text = max(known, key=lambda t: whole.doc_frequency(*t))
        weighting = context.weighting if context is not None else searcher.weighting
        scorer = weighting.scorer(searcher, name, _bytes(reader, name, text)) if weighting else None
        usual = (self.fieldname, _bytes(reader, self.fieldname, self.text))
        matcher = reader.matcher(found, usual, scorer)
        return matcher if self.boost == 1.0 else _boosted(matcher, self.boost)


def _bytes(reader: Any, name: str, text: str) -> bytes:
    return bytes(reader.schema[name].to_bytes(text))


def _boosted(matcher: Any, boost: float) -> Any:
    from whoosh.matching import WrappingMatcher

    return WrappingMatcher(matcher, boost=boost)


class FormPhrase(query.Phrase):  # type: ignore[misc]
    """A phrase whose words may stand for several terms each."""

    def _words(self) -> list[Query]:
        return [
            AnyTerm(self.fieldname, word, _in_field(word, self.fieldname))
            if isinstance(word, Form)
            else query.Term(self.fieldname, word)
            for word in self.words
        ]

    def terms(self, phrases: bool = False) -> Iterator[tuple[str, str]]:
        """All terms that its words may stand for."""
        if phrases:
            for word in self._words():
                yield from word.terms()

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        """The stories in which the words stand as near as asked for."""
        matchers = [word.matcher(searcher, context) for word in self._words()]
        if not all(matcher.is_active() for matcher in matchers):
            return NullMatcher()
        matcher = query.SpanNear2.SpanNear2Matcher(
            matchers, slop=self.slop, ordered=True, mindist=1
        )
        return matcher if self.boost == 1.0 else _boosted(matcher, self.boost)


def _in_field(word: Form, name: str) -> list[tuple[str, str]]:
    # The surname key plays no part in phrases.
    return [term for term in word.terms if term[0] == name] or [(name, str(word))]


def meant(asked: Any) -> Any:
    """The query with every word asked for as all that it may stand for; itself if none is."""
    if type(asked) is query.Term:
        return _word(asked)
    if type(asked) is query.Phrase:
        forms = any(isinstance(word, Form) and len(word.terms) > 1 for word in asked.words)
        return _changed(asked, {}, FormPhrase) if forms else asked
    changed = {}
    # Whoosh's own way to rebuild a query forgets slop, scale and boost of some.
    for name in ("subqueries", "qs", "subqs", "a", "b", "q", "query", "child"):
        old = getattr(asked, name, None)
        if isinstance(old, list | tuple) and all(isinstance(one, Query) for one in old):
            new: Any = type(old)(map(meant, old))
            if any(o is not n for o, n in zip(old, new, strict=True)):
                changed[name] = new
        elif isinstance(old, Query) and (other := meant(old)) is not old:
            changed[name] = other
    return _changed(asked, changed, type(asked)) if changed else asked


def _word(asked: Any) -> Any:
    text = asked.text
    if not isinstance(text, Form) or len(text.terms) < 2:
        return asked
    made = AnyTerm(asked.fieldname, str.__str__(text), text.terms, asked.boost)
    made.startchar, made.endchar = asked.startchar, asked.endchar
    return made


def _changed(asked: Any, values: dict[str, Any], kind: type) -> Any:
    made = copy.copy(asked)
    made.__class__ = kind
    made.__dict__.update(values)
    return made
