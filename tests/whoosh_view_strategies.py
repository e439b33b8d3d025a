"""Which collections and which queries of Whoosh are tried by chance?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hypothesis import strategies as st
from whoosh import query, scoring
from whoosh.query import spans
from whoosh.query.qcore import NullQuery

from whoosh_view_support import Sample, story

__all__ = ["all_trees", "samples", "some_samples", "terms", "trees", "whoosh_trees"]

BODIES = ("swan", "Swan", "swans", "lake", "dancing", "danced", "dances", "plié", "the", "Anna's")
NAMES = ("Anna Volkonskaya", "Vera Volkonsky", "Anna", "Swan Lake")
WORKS = ("Swan Lake", "La Sylphide", "swan", "Don Quixote, Act 1")
YEARS = ("1909", "1910", "-3", "12")
DAYS = ("2026-03-05T10:00:00+00:00", "1909-01-01T00:00:00+00:00")

bodies = st.lists(st.sampled_from(BODIES), max_size=9).map(" ".join)


@st.composite
def stories(draw: st.DrawFn) -> Any:
    """A story with some of the fields."""
    values: dict[str, Any] = {}
    for name, choices, most in (
        ("title", NAMES, 1),
        ("dancer", NAMES, 2),
        ("work", WORKS, 3),
        ("year", YEARS, 2),
        ("modified", DAYS, 1),
        ("language", ("en", "ru"), 1),
    ):
        some = draw(st.lists(st.sampled_from(choices), max_size=most, unique=True))
        if some:
            values[name] = tuple(some)
    # The stems of all stories are English here: that is for stock Whoosh, which knows one way.
    if "ru" in values.get("language", ()):
        values["language"] = ("ru",)
    return story(draw(st.sampled_from("abcdefghij")), draw(bodies), **values)


def some_samples(segments: int) -> Any:
    """Collections in so many batches at most, with deletions."""
    changes = st.one_of(stories(), stories(), st.sampled_from("abcdefghij"))
    batch = st.lists(changes, max_size=6).map(tuple)
    batches = st.lists(batch, min_size=1, max_size=segments)
    return batches.map(lambda some: Sample(tuple(some)))


samples = some_samples(4)

TERMS = {
    "text": ("swan", "lake", "danc", "plie", "anna"),
    "text_exact": ("swan", "swans", "dancing", "anna's", "plie", "the"),
    "text_typed": ("swan", "Swan", "plié", "Anna's"),
    "title": ("anna", "lake", "vera", "volkonski"),
    "dancer": ("anna", "vera", "volkonskaya"),
    "work_value": WORKS,
    "language": ("en", "ru", "fr"),
}
terms = st.sampled_from(sorted(TERMS)).flatmap(
    lambda name: st.builds(query.Term, st.just(name), st.sampled_from(TERMS[name]))
)
worded = st.sampled_from(["text", "text_exact", "dancer", "title"])
phrases = worded.flatmap(
    lambda name: st.builds(
        query.Phrase,
        st.just(name),
        st.lists(st.sampled_from(TERMS[name]), min_size=2, max_size=3),
        slop=st.integers(1, 4),
    )
)
patterns = st.one_of(
    st.builds(query.Prefix, worded, st.sampled_from(["s", "swa", "d", "an", "x"])),
    st.builds(query.Wildcard, worded, st.sampled_from(["s*n", "*a*", "?nna", "da*e?"])),
)
years = st.one_of(st.none(), st.integers(-4, 13), st.integers(1908, 1911))
days = st.sampled_from([None, datetime(1909, 1, 1), datetime(2026, 3, 5), datetime(2026, 3, 6)])
some_text = st.sampled_from(["a", "danc", "lake", "swan", "t"])
ranges = st.one_of(
    st.builds(query.NumericRange, st.just("year"), years, years, st.booleans(), st.booleans()),
    st.builds(query.DateRange, st.just("modified"), days, days, st.booleans(), st.booleans()),
    st.builds(query.TermRange, worded, some_text, some_text, st.booleans(), st.booleans()),
)
every = st.builds(query.Every, st.sampled_from([None, "text", "title", "work_value", "year"]))
leaves = st.one_of(terms, terms, phrases, patterns, ranges, every)


def _trees(of: Any) -> Any:
    some = st.lists(of, min_size=2, max_size=3)
    return st.one_of(some.map(query.And), some.map(query.Or), of.map(query.Not))


def _wrong_trees(of: Any) -> Any:
    """Those of which stock Whoosh makes something else."""
    two = (of, of)
    return st.one_of(
        _trees(of),
        st.builds(query.AndNot, *two),
        st.builds(query.Require, *two),
        st.builds(query.AndMaybe, *two),
    )


trees = st.recursive(leaves, _trees, max_leaves=5)
all_trees = st.recursive(leaves, _wrong_trees, max_leaves=5)

# What else there is among the queries of Whoosh. Stretches are of words of one field.


def _stretches(name: str) -> Any:
    word = st.builds(query.Term, st.just(name), st.sampled_from(TERMS[name]))
    words = st.lists(word, min_size=2, max_size=3)
    slops, either = st.integers(1, 4), st.booleans()
    near = st.builds(spans.SpanNear, word, word, slop=slops, ordered=either)
    some = st.one_of(word, near)
    return st.one_of(
        near,
        st.builds(spans.SpanNear, near, word, slop=slops, ordered=either),
        st.builds(spans.SpanNear2, words, slop=slops, ordered=st.just(True)),
        st.builds(query.Sequence, words, slop=slops, ordered=either),
        words.map(query.Ordered),
        st.builds(spans.SpanFirst, some, limit=st.integers(0, 4)),
        st.lists(some, min_size=2, max_size=3).map(spans.SpanOr),
        *(
            st.builds(kind, some, some)
            for kind in (
                spans.SpanNot,
                spans.SpanContains,
                spans.SpanBefore,
                spans.SpanCondition,
            )
        ),
    )


stretches = worded.flatmap(_stretches)
misspelt = st.builds(
    query.FuzzyTerm,
    st.sampled_from(["text", "text_exact"]),
    st.sampled_from(["swan", "swna", "lkae", "ane", "dacning", "x"]),
    maxdist=st.integers(1, 2),
    prefixlength=st.integers(0, 2),
)
regular = st.builds(query.Regex, worded, st.sampled_from(["s.an", "an+a|la", "d.*n", "x"]))


def _whoosh_trees(of: Any) -> Any:
    some = st.lists(of, min_size=2, max_size=3)
    return st.one_of(
        _wrong_trees(of),
        st.builds(query.DisjunctionMax, some, tiebreak=st.sampled_from([0.0, 0.5])),
        st.builds(query.Or, some, scale=st.sampled_from([None, 0.5])),
        st.builds(query.Otherwise, of, of),
        st.builds(query.ConstantScoreQuery, of, st.sampled_from([1.0, 2.5])),
        st.builds(query.WeightingQuery, of, st.builds(scoring.TF_IDF)),
        of.map(query.WrappingQuery),
    )


whoosh_leaves = st.one_of(leaves, stretches, stretches, misspelt, regular, st.just(NullQuery))
whoosh_trees = st.recursive(whoosh_leaves, _whoosh_trees, max_leaves=5)
