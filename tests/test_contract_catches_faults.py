"""Would the contract notice a broken engine?

The oracle with one fault put into it, and a test of the contract that has to fail for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import Phase

from balletsearch.engines.protocol import Engine, SearchRequest, SearchResult, Spelling
from balletsearch.model import Facet, FacetValue
from brute_force import BruteForceEngine, BruteForceReader, BruteForceWriter
from contract import EngineContract

Answer = Callable[[BruteForceReader, SearchRequest], SearchResult]


def drop_every_fifth_match(reader: BruteForceReader, request: SearchRequest) -> SearchResult:
    """The matches are cut short, while the total is still right."""
    whole = BruteForceReader.search(reader, request)
    kept = tuple(match for n, match in enumerate(whole.matches, 1) if n % 5)
    return replace(whole, matches=kept)


def lose_every_fifth_match(reader: BruteForceReader, request: SearchRequest) -> SearchResult:
    """As before, but consistently: the total does not tell."""
    whole = drop_every_fifth_match(reader, request)
    return replace(whole, total=whole.total - whole.total // 5)


def count_one_more(reader: BruteForceReader, request: SearchRequest) -> SearchResult:
    """The first value of each facet counts one story too many."""
    whole = BruteForceReader.search(reader, request)
    facets = {name: _one_more(facet) for name, facet in whole.facets.items()}
    return replace(whole, facets=facets)


def _one_more(facet: Facet) -> Facet:
    first = tuple(FacetValue(v.value, v.count + 1) for v in facet.values[:1])
    return replace(facet, values=first + facet.values[1:])


def order_ties_backwards(reader: BruteForceReader, request: SearchRequest) -> SearchResult:
    """Equal scores come by key descending, as they might from the end of an array."""
    whole = BruteForceReader.search(reader, replace(request, offset=0, limit=None))
    matches = sorted(whole.matches, key=lambda m: m.story.key, reverse=True)
    matches = sorted(matches, key=lambda m: -m.score)
    stop = None if request.limit is None else request.offset + request.limit
    return replace(whole, matches=tuple(matches[request.offset : stop]))


def go_on_at_the_last_hit(reader: BruteForceReader, request: SearchRequest) -> SearchResult:
    """The hit at a place is shown again behind it."""
    whole = BruteForceReader.search(reader, request)
    if request.after is None or not whole.matches:
        return whole
    story = reader.get(request.after.key)
    again = () if story is None else (replace(whole.matches[0], story=story),)
    return replace(whole, matches=(*again, *whole.matches)[: request.limit])


def hide_those_without_a_group(reader: BruteForceReader, request: SearchRequest) -> SearchResult:
    """What has no value in the field stands for nobody."""
    whole = BruteForceReader.search(reader, request)
    if not request.group:
        return whole
    return replace(whole, matches=tuple(m for m in whole.matches if m.group is not None))


def mark_what_is_between(reader: BruteForceReader, request: SearchRequest) -> SearchResult:
    """Whole spans are set off."""
    whole = BruteForceReader.search(reader, request)
    return replace(whole, matches=tuple(replace(m, marks=m.spans) for m in whole.matches))


class FaultyReader(BruteForceReader):
    """A reader whose answers are spoilt."""

    answer: Answer = BruteForceReader.search

    def search(self, request: SearchRequest) -> SearchResult:
        return type(self).answer(self, request)


class FaultyEngine(BruteForceEngine):
    """An engine whose readers are those of the class attribute."""

    def __init__(self, answer: Answer, languages: tuple[str, ...]) -> None:
        super().__init__(languages)
        self.readers = type("SpoiltReader", (FaultyReader,), {"answer": staticmethod(answer)})

    def reader(self) -> BruteForceReader:
        spoilt: BruteForceReader = self.readers(self.entries, self.languages)
        return spoilt


class ForgetfulWriter(BruteForceWriter):
    """Says that it removed a story, and keeps it."""

    def remove(self, key: str) -> bool:
        return key in self.pending


class LeakingEngine(BruteForceEngine):
    """An engine in which removed stories live on."""

    def writer(self) -> BruteForceWriter:
        return ForgetfulWriter(self)


class EagerEngine(BruteForceEngine):
    """An engine whose readers see what is not committed, and lose their generation."""

    def writer(self) -> BruteForceWriter:
        writer = BruteForceWriter(self)
        writer.pending = self.entries
        return writer


class ShortSightedReader(BruteForceReader):
    """Has no words that are three edits away, and counts a word by its places."""

    def near(self, text: str, most: int) -> list[Spelling]:
        return super().near(text, min(most, 2))

    def having(self, word: str) -> int:
        places = [p for e in self.entries.values() for zone in e.zones.values() for p in zone]
        return sum(place.exact == word for place in places)


class ShortSightedEngine(BruteForceEngine):
    """An engine with such readers."""

    def reader(self) -> BruteForceReader:
        return ShortSightedReader(self.entries, self.languages)


MakeEngine = Callable[[tuple[str, ...]], Engine]


def spoilt(answer: Answer) -> MakeEngine:
    """Engines with that fault in their answers."""
    return lambda languages: FaultyEngine(answer, languages)


FAULTS: dict[str, tuple[MakeEngine, str]] = {
    "drops every fifth match": (
        spoilt(drop_every_fifth_match),
        "test_pages_put_together_are_the_whole",
    ),
    "loses every fifth match": (
        spoilt(lose_every_fifth_match),
        "test_the_total_is_never_that_of_the_page",
    ),
    "counts one too many": (spoilt(count_one_more), "test_a_facet_counts_the_stories_found"),
    "does not see far": (ShortSightedEngine, "test_three_edits_may_be_asked_for"),
    "counts places": (ShortSightedEngine, "test_words_that_begin_so_come_by_their_stories"),
    "orders ties backwards": (
        spoilt(order_ties_backwards),
        "test_equal_scores_are_ordered_by_key",
    ),
    "repeats a hit": (
        spoilt(go_on_at_the_last_hit),
        "test_a_page_goes_on_after_a_place_in_the_order_of_scores",
    ),
    "hides what has no group": (
        spoilt(hide_those_without_a_group),
        "test_the_best_story_stands_for_each_value_and_those_without_for_themselves",
    ),
    "marks what is between": (
        spoilt(mark_what_is_between),
        "test_a_phrase_is_one_mark_and_near_marks_what_is_near",
    ),
    "keeps a removed story": (LeakingEngine, "test_a_removed_story_is_gone_from_everywhere"),
    "shows what is not committed": (EagerEngine, "test_nothing_is_visible_before_the_commit"),
}
SHOWN_BY_CHANCE = {
    name: make
    for name, (make, _) in FAULTS.items()
    if name not in ("shows what is not committed", "does not see far", "counts places")
}


class Contract(EngineContract):
    """The contract with an engine of choice; its name keeps pytest from collecting it."""

    examples = 100
    # Found is found: here nobody reads the smallest example, or wants the last one again.
    phases = (Phase.generate,)

    def __init__(self, make: MakeEngine) -> None:
        self.make = make

    def make_engine(self, languages: tuple[str, ...] = ("en",)) -> Engine:
        return self.make(languages)


@pytest.mark.parametrize(("make", "test"), FAULTS.values(), ids=FAULTS)
def test_a_fault_fails_the_test_that_is_about_it(make: MakeEngine, test: str) -> None:
    contract = Contract(make)
    with pytest.raises(AssertionError):
        getattr(contract, test)(make(("en",)))


@pytest.mark.parametrize("test", sorted({test for _, test in FAULTS.values()}))
def test_those_tests_pass_without_a_fault(test: str) -> None:
    getattr(Contract(BruteForceEngine), test)(BruteForceEngine())


@pytest.mark.parametrize("make", SHOWN_BY_CHANCE.values(), ids=SHOWN_BY_CHANCE)
def test_a_fault_also_comes_to_light_by_chance(make: MakeEngine) -> None:
    with pytest.raises(AssertionError):
        Contract(make).test_answers_are_those_of_the_oracle()


def test_faults_in_words_come_to_light_by_chance_too() -> None:
    with pytest.raises(AssertionError):
        Contract(ShortSightedEngine).test_any_history_has_the_words_of_the_oracle()
