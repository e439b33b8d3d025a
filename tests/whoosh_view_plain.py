"""What does a query of Whoosh mean? Sets of keys, found by looking at every word of each story.

This is the slow twin of the view: nothing is indexed, nothing is shared with it but how a text
is cut into words.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import reduce
from typing import Any, Final

from whoosh import query
from whoosh.query import spans
from whoosh.query.qcore import NullQuery

from balletsearch.analysis import cut, fold, stem
from balletsearch.model import Story

__all__ = ["VALUES", "WORDS", "found", "terms_of"]

WORDS: Final = ("text", "text_exact", "text_typed", "title", "dancer")
VALUES: Final = ("work_value", "language")


def terms_of(one: Story) -> dict[str, list[Any]]:
    """Whoosh field → the words of a story in it, by position, or its values."""
    tokens = cut(one.body)
    typed = [one.body[t.start : t.end] for t in tokens]
    out: dict[str, list[Any]] = {
        "key": [one.key],
        "text": [stem(t.form, "en") for t in tokens],
        "text_exact": [fold(t.form) for t in tokens],
        "text_typed": typed,
    }
    for name in ("title", "dancer"):
        words: list[str] = []
        for value in one.fields.get(name, ()):
            # So far apart as no phrase of these tests reaches.
            words += [""] * 100 if words else []
            words += [stem(t.form, "en") for t in cut(str(value))]
        out[name] = words
    out["work_value"] = list(one.fields.get("work", ()))
    out["language"] = list(one.fields.get("language", ()))
    out["year"] = [int(v) for v in one.fields.get("year", ())]
    out["modified"] = [
        datetime.fromisoformat(str(v)).replace(tzinfo=None) for v in one.fields.get("modified", ())
    ]
    return out


Live = Mapping[str, Story]


def found(asked: Any, live: Live) -> set[str]:
    """The keys of the stories that a query matches."""
    if asked is NullQuery:
        return set()
    for kind, meaning in _SETS:
        if isinstance(asked, kind):
            return meaning(asked, live)
    return {key for key, one in live.items() if _leaf(asked, terms_of(one))}


def _all(queries: Iterable[Any], live: Live) -> list[set[str]]:
    return [found(one, live) for one in queries]


def _somewhere(asked: Any, live: Live) -> set[str]:
    return {key for key, one in live.items() if _spans(asked, terms_of(one))}


_SETS: Final[tuple[tuple[Any, Callable[[Any, Live], set[str]]], ...]] = (
    ((query.Sequence, spans.SpanQuery), _somewhere),
    (query.And, lambda q, live: set.intersection(*_all(q.subqueries, live))),
    ((query.Or, query.DisjunctionMax), lambda q, live: set().union(*_all(q.subqueries, live))),
    (query.Not, lambda q, live: live.keys() - found(q.query, live)),
    (query.AndNot, lambda q, live: found(q.a, live) - found(q.b, live)),
    (query.Require, lambda q, live: found(q.a, live) & found(q.b, live)),
    (query.AndMaybe, lambda q, live: found(q.a, live)),
    (query.Otherwise, lambda q, live: found(q.a, live) or found(q.b, live)),
    (query.WrappingQuery, lambda q, live: found(q.child, live)),
)


def _leaf(asked: Any, have: dict[str, list[Any]]) -> bool:
    if asked.fieldname is None:
        return True
    # The gaps between values hold no words.
    words = [word for word in have[asked.fieldname] if word != ""]
    tests: dict[type, Callable[[], bool]] = {
        query.Every: lambda: bool(words),
        query.Term: lambda: asked.text in words,
        query.Prefix: lambda: any(word.startswith(asked.text) for word in words),
        query.Wildcard: lambda: any(fnmatch.fnmatchcase(word, asked.text) for word in words),
        query.Regex: lambda: any(re.match(asked.text, word) for word in words),
        query.FuzzyTerm: lambda: any(_near(word, asked) for word in words),
        query.Phrase: lambda: _phrase(have[asked.fieldname], asked),
    }
    test = tests.get(type(asked), lambda: any(_between(word, asked) for word in words))
    return bool(test())


def _near(word: str, asked: Any) -> bool:
    start = asked.text[: asked.prefixlength]
    return word.startswith(start) and edits(word, asked.text) <= asked.maxdist


def edits(a: str, b: str) -> int:
    """How many letters are more, less, others, or two that changed places, none touched twice."""
    rows = [[max(i, j) for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            rows[i][j] = min(
                rows[i - 1][j] + 1,
                rows[i][j - 1] + 1,
                rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]),
            )
            if i > 1 and j > 1 and a[i - 2 : i] == b[j - 2 : j][::-1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


def _between(value: Any, asked: Any) -> bool:
    low, high = asked.start, asked.end
    if isinstance(asked, query.DateRange):
        low, high = asked.startdate, asked.enddate
    above = low is None or value > low or (value == low and not asked.startexcl)
    return above and (high is None or value < high or (value == high and not asked.endexcl))


def _phrase(words: list[str], asked: Any) -> bool:
    """Each word behind what was found of those before it, at most `slop` away."""
    ends = {i for i, word in enumerate(words) if word == asked.words[0]}
    for word in asked.words[1:]:
        ends = {
            i
            for i, found in enumerate(words)
            if found == word and any(1 <= i - end <= asked.slop for end in ends)
        }
    return bool(ends)


Stretch = tuple[int, int]
"""The first and the last position."""


def _spans(asked: Any, have: dict[str, list[Any]]) -> set[Stretch]:
    """Where a story matches, as the documentation of Whoosh's queries has it."""
    if isinstance(asked, query.Term):
        return {(i, i) for i, word in enumerate(have[asked.fieldname]) if word == asked.text}
    parts = [_spans(one, have) for one in _parts(asked)]
    return _STRETCHES[type(asked)](asked, *parts)


def _parts(asked: Any) -> Sequence[Any]:
    for name in ("subqueries", "qs", "subqs"):
        if hasattr(asked, name):
            return list(getattr(asked, name))
    return [asked.a, asked.b] if hasattr(asked, "a") else [asked.q]


def _next_to(first: set[Stretch], second: set[Stretch], asked: Any) -> set[Stretch]:
    """Both, from 1 to `slop` positions apart, the first before the second where that is asked."""
    return {
        (min(a[0], b[0]), max(a[1], b[1]))
        for a in first
        for b in second
        if 1 <= max(b[0] - a[1], a[0] - b[1]) <= asked.slop and (a[0] <= b[0] or not asked.ordered)
    }


def _before(first: set[Stretch], second: set[Stretch]) -> set[Stretch]:
    """The first where it ends before anything of the second."""
    return {a for a in first if second and a[1] < min(start for start, _ in second)}


def _joined(some: Iterable[Stretch]) -> set[Stretch]:
    """Stretches that overlap or touch are one."""
    out: list[Stretch] = []
    for start, end in sorted(some):
        if out and start <= out[-1][1] + 1:
            out[-1] = out[-1][0], max(out[-1][1], end)
        else:
            out.append((start, end))
    return set(out)


def _halved(join: Callable[[set[Stretch], set[Stretch]], set[Stretch]], *parts: Any) -> Any:
    """Several as pairs of pairs: Whoosh joins each half of them before it joins both."""
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    return join(_halved(join, *parts[:half]), _halved(join, *parts[half:]))


def _side_by_side(asked: Any, *parts: set[Stretch]) -> set[Stretch]:
    return reduce(lambda a, b: _next_to(a, b, asked), parts)


def _containing(_: Any, outer: set[Stretch], inner: set[Stretch]) -> set[Stretch]:
    return {a for a in outer if any(a[0] <= b[0] and b[1] <= a[1] for b in inner)}


def _clear_of(_: Any, first: set[Stretch], second: set[Stretch]) -> set[Stretch]:
    return {a for a in first if not any(a[0] <= b[1] and b[0] <= a[1] for b in second)}


_STRETCHES: Final[dict[type, Callable[..., set[Stretch]]]] = {
    query.Sequence: lambda q, *parts: _halved(lambda a, b: _next_to(a, b, q), *parts),
    spans.SpanNear: _side_by_side,
    spans.SpanNear2: _side_by_side,
    query.Ordered: lambda _, *parts: _halved(_before, *parts),
    spans.SpanBefore: lambda _, first, second: _before(first, second),
    spans.SpanFirst: lambda q, first: {a for a in first if a[1] <= q.limit},
    spans.SpanOr: lambda _, *parts: _joined(set().union(*parts)),
    spans.SpanNot: _clear_of,
    spans.SpanContains: _containing,
    spans.SpanCondition: lambda _, first, second: first if second else set(),
}
