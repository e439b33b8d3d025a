"""Does the engine agree with the oracle, and with itself?

Random collections with their history, random requests; and a few laws that need no oracle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from balletsearch.engines.protocol import (
    AS_TYPED,
    EXACT_SCORES,
    Engine,
    Match,
    Position,
    Reader,
    SearchRequest,
    SearchResult,
)
from balletsearch.fields import FIELDS
from balletsearch.model import Story
from balletsearch.query.nodes import And, Node, Not, Or, Word
from brute_force import BruteForceEngine
from contract_strategies import (
    ANCHOR,
    LANGUAGES,
    History,
    histories,
    requests,
    trees,
    untyped,
    words,
)
from contract_support import ContractBase, store

__all__ = ["PropertyContract"]

UNRELATED = Story("unrelated", "Zzyzx Qwghlm", fields={"title": ("Xyzzy",)})
"""No word of it is near any in `contract_strategies`."""

Found = Callable[[Node], set[str]]


class PropertyContract(ContractBase):
    """Nothing here knows an answer; it is computed another way."""

    phases: ClassVar[tuple[Phase, ...]] = (Phase.reuse, Phase.generate, Phase.shrink)
    """What Hypothesis does; without Phase.shrink a failure is told at once, but at length."""

    def try_out(self, check: Callable[..., None], *strategies: st.SearchStrategy[Any]) -> None:
        """Run a check on random input."""
        # Made anew in each subclass, since the number of examples belongs to the subclass.
        chosen = settings(
            max_examples=self.examples,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
            # Explaining, and shrinking each of several faults, took five minutes on a slow engine.
            phases=self.phases,
            report_multiple_bugs=False,
        )
        chosen(given(*strategies)(check))()

    def test_answers_are_those_of_the_oracle(self) -> None:
        def check(history: History, asked: list[SearchRequest]) -> None:
            oracle = BruteForceEngine(LANGUAGES)
            history.replay(oracle)
            with self.opened(languages=LANGUAGES) as engine:
                history.replay(engine)
                compare_what_is_kept(engine.reader(), oracle.reader())
                for request in asked:
                    tree = askable(engine, request.tree)
                    bonuses = {askable(engine, b): n for b, n in request.bonuses.items()}
                    compare(engine, oracle, replace(request, tree=tree, bonuses=bonuses))

        # Several requests for each collection, because building it takes the time.
        self.try_out(check, histories(), st.lists(requests(), min_size=4, max_size=8))

    def test_laws_that_need_no_oracle(self) -> None:
        def check(history: History, one: Node, other: Node, word: Word) -> None:
            with self.opened(languages=LANGUAGES) as engine:
                history.replay(engine)
                reader = engine.reader()
                one, other = askable(engine, one), askable(engine, other)
                word = replace(word, view=askable(engine, word).view)

                def found(tree: Node) -> set[str]:
                    return set(every_match(reader, SearchRequest(tree)))

                and_is_the_intersection_and_or_the_union(found, one, other)
                not_is_the_rest_and_twice_not_changes_nothing(found, one)
                a_bare_word_is_the_union_of_its_zones(found, word, zones(history))
                before = {tree: found(tree) for tree in (one, other, word)}
                store(engine, UNRELATED)
                reader = engine.reader()
                an_unrelated_story_changes_no_set_of_matches(found, before)

        # All for the same collection, because building it takes the time.
        self.try_out(check, histories(), trees, trees, words)


def askable(engine: Engine, tree: Any) -> Any:
    """A tree that the engine does not declare to refuse."""
    return tree if AS_TYPED in engine.capabilities else untyped(tree)


def and_is_the_intersection_and_or_the_union(found: Found, one: Node, other: Node) -> None:
    assert found(And((one, other))) == found(one) & found(other)
    assert found(Or((one, other))) == found(one) | found(other)


def not_is_the_rest_and_twice_not_changes_nothing(found: Found, tree: Node) -> None:
    assert found(Not(Not(tree))) == found(tree)
    assert found(tree) & found(Not(tree)) == set()
    assert ANCHOR.key in found(tree) | found(Not(tree))


def a_bare_word_is_the_union_of_its_zones(found: Found, word: Word, among: set[str]) -> None:
    apart = (found(replace(word, field=zone)) for zone in among)
    assert found(replace(word, field="")) == set().union(*apart)


def an_unrelated_story_changes_no_set_of_matches(
    found: Found, before: Mapping[Node, set[str]]
) -> None:
    for tree, keys in before.items():
        assert found(tree) - {UNRELATED.key} == keys


def compare_what_is_kept(ours: Reader, theirs: Reader) -> None:
    """Both hold the same stories, in the same order."""
    assert list(ours.stories()) == list(theirs.stories())
    assert dict(ours.sources()) == dict(theirs.sources())
    assert ours.count() == theirs.count()
    assert kinds(ours) == kinds(theirs)


def every_match(reader: Reader, request: SearchRequest) -> list[str]:
    """The keys of all pages in one."""
    whole = replace(request, offset=0, limit=None)
    return [match.story.key for match in reader.search(whole).matches]


def kinds(reader: Reader) -> dict[str, str]:
    """The kinds of the fields that stories have, the body aside."""
    return {name: field.kind for name, field in reader.fields().items() if name != "body"}


def zones(history: History) -> set[str]:
    """Every field of any story that was ever there, of those that bare words look into."""
    told = [s for batch in history.batches for s in batch if isinstance(s, Story)]
    names = {name for s in (ANCHOR, *told) for name in ("body", *s.fields)}
    return {name for name in names if name not in FIELDS or FIELDS[name].zone}


def compare(engine: Engine, oracle: Engine, request: SearchRequest) -> None:
    """Both give the same answer to a request, page and whole."""
    reader = engine.reader()
    whole = replace(request, offset=0, limit=None)
    got, expected = reader.search(whole), oracle.reader().search(whole)
    assert got.total == expected.total
    assert len(got.matches) == (got.groups if request.group else got.total)
    if request.sort or not request.group:
        assert spans(got) == spans(expected)
        assert marks(got) == marks(expected)
    assert got.groups == expected.groups
    assert not got.more
    assert dict(got.facets) == dict(expected.facets)
    keys = [match.story.key for match in got.matches]
    assert [m.story for m in got.matches] == [reader.get(key) for key in keys]
    hits = [(match.story.key, match.group) for match in got.matches]
    if request.sort:
        assert hits == [(match.story.key, match.group) for match in expected.matches]
    elif EXACT_SCORES in engine.capabilities:
        check_scores(got, expected, grouped=bool(request.group))
    page = reader.search(request)
    stop = None if request.limit is None else request.offset + request.limit
    assert [(match.story.key, match.group) for match in page.matches] == hits[request.offset : stop]
    assert (page.total, page.groups, dict(page.facets)) == (
        *(got.total, got.groups),
        dict(got.facets),
    )
    assert page.more == (stop is not None and stop < len(hits))
    going_on_after_each_page_gives_the_whole(reader, request, got)


def going_on_after_each_page_gives_the_whole(
    reader: Reader, request: SearchRequest, whole: SearchResult
) -> None:
    """Page by page, each after the last hit of the one before."""
    request = replace(request, offset=0, limit=max(request.limit or 0, 2), facets=())
    hits: list[Match] = []
    after = None
    more = True
    while more:
        page = reader.search(replace(request, after=after))
        assert (page.total, page.groups) == (whole.total, whole.groups)
        assert page.matches or not hits
        hits += page.matches
        more = page.more
        after = place_of(hits[-1], request) if hits else None
    assert [(m.story.key, m.group, m.score) for m in hits] == [
        (m.story.key, m.group, m.score) for m in whole.matches
    ]


def place_of(match: Match, request: SearchRequest) -> Position:
    """The place of a hit in its order."""
    firsts = (next(iter(match.story.fields.get(by.field, ())), None) for by in request.sort)
    by = tuple(firsts) if request.sort else (match.score,)
    return Position(by, match.story.key, match.group.value if match.group else None)


def marks(result: SearchResult) -> dict[str, tuple[object, ...]]:
    """What to set off in each story found."""
    return {match.story.key: match.marks for match in result.matches}


def spans(result: SearchResult) -> dict[str, tuple[object, ...]]:
    """The spans of each story found."""
    return {match.story.key: match.spans for match in result.matches}


def check_scores(got: SearchResult, expected: SearchResult, *, grouped: bool) -> None:
    """Scores are equal within 1e-6 of themselves, and the order is by them, then by key.

    Two sums in another order may differ in the last digit, so each engine is held to the order
    of its own scores. Of equal scores another story may then stand for a group.
    """
    groups = [[m.group for m in result.matches if m.group] for result in (got, expected)]
    assert Counter(groups[0]) == Counter(groups[1])
    scores = {match.story.key: match.score for match in expected.matches}
    found = {match.story.key: match.score for match in got.matches}
    if grouped:
        assert sorted(m.score for m in got.matches) == pytest.approx(
            sorted(m.score for m in expected.matches), rel=1e-6, abs=1e-12
        )
    else:
        assert found == pytest.approx(scores, rel=1e-6, abs=1e-12)
    assert list(found) == sorted(found, key=lambda key: (-found[key], key))
