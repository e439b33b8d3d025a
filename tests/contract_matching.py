"""Does every leaf match what the table says, and where?

The part of the contract about `docs/semantics.md`, "What a leaf matches": small collections
with expectations derived by hand. Each case says why.
"""

from __future__ import annotations

import pytest

from balletsearch.engines.protocol import Engine
from balletsearch.errors import QueryError
from balletsearch.model import Story
from balletsearch.query.nodes import (
    And,
    Everything,
    Fuzzy,
    Node,
    Not,
    Or,
    Prefix,
    Range,
    View,
    Word,
)
from contract_cases import BODIES, NAMES, Case
from contract_support import ContractBase, find, keys, phrase, store, story

__all__ = ["LeafContract", "SpanContract", "TreeContract"]


class LeafContract(ContractBase):
    """Words, phrases, prefixes and fuzzy words."""

    @pytest.mark.parametrize("case", BODIES, ids=[case.why for case in BODIES])
    def test_a_leaf_matches_as_the_table_says(self, engine: Engine, case: Case) -> None:
        store(engine, *(story(key, body) for key, body in case.bodies.items()))
        assert sorted(keys(engine, case.tree)) == list(case.found)

    @pytest.mark.parametrize(("tree", "found"), NAMES.values(), ids=NAMES)
    def test_surnames_are_found_by_their_key(self, engine: Engine, tree: Node, found: str) -> None:
        store(
            engine,
            story("a", dancer=("Anna", "Vera Volkonskaya")),
            story("b", author="N. Volkonsky"),
            story("c", dancer="Volkonskaya Vera"),  # not the last word of its value
            story("d", "Volkonskaya danced", work="Volkonskaya"),  # no zone of names
        )
        assert sorted(keys(engine, tree)) == list(found)

    def test_short_first_names_are_no_surnames(self, engine: Engine) -> None:
        store(engine, story("a", dancer="Nina"), story("b", dancer="Nin"))
        assert keys(engine, Word("nin")) == ["b"]

    def test_a_bare_word_looks_into_every_zone(self, engine: Engine) -> None:
        zones = ("title", "dancer", "person", "work", "role", "company", "place", "term", "author")
        told = [story(name, **{name: "The Swan"}) for name in (*zones, "mood")]
        store(engine, *told, story("body", "the swan"), story("none", "the lake"))
        assert sorted(keys(engine, Word("swan"))) == sorted((*zones, "mood", "body"))
        assert sorted(keys(engine, phrase("the swan"))) == sorted((*zones, "mood", "body"))

    def test_a_field_is_the_only_zone_looked_into(self, engine: Engine) -> None:
        store(
            engine,
            story("a", "the swan", title="Lake"),
            story("b", "the lake", title="The Swan"),
            story("c", "a lake", mood="swan"),
        )
        assert keys(engine, Word("swan", "title")) == ["b"]
        assert keys(engine, Word("swan", "body")) == ["a"]
        assert keys(engine, Prefix("sw", "mood")) == ["c"]
        assert keys(engine, Fuzzy("swam", field="title")) == ["b"]
        assert keys(engine, phrase("the swan", "title")) == ["b"]

    def test_words_that_fold_alike_lend_stems_from_any_zone(self, engine: Engine) -> None:
        store(engine, story("a", "one plié"), story("b", title="Pliés"))
        assert keys(engine, Word("plies", "body")) == ["a"]

    def test_phrases_stay_within_a_value_and_a_zone(self, engine: Engine) -> None:
        store(
            engine,
            story("a", "lake", title="Swan"),
            story("b", work=("Swan", "Lake")),
            story("c", work=("Lake", "Swan Lake")),
            story("d", work=("Swan", "—", "Lake")),
        )
        assert keys(engine, phrase("swan lake")) == ["c"]

    def test_the_steps_of_a_place_are_words(self, engine: Engine) -> None:
        store(engine, story("a", place="Europe/Russia/Moscow"), story("b", place="Europe"))
        assert keys(engine, Word("russia")) == ["a"]
        assert keys(engine, phrase("russia moscow", "place")) == ["a"]

    def test_numbers_and_dates_of_headers_are_found_by_their_words(self, engine: Engine) -> None:
        store(engine, story("a", year="1909", premiere="1911-06-13"), story("b", year=1911))
        assert keys(engine, Word("1909")) == ["a"]
        assert sorted(keys(engine, Word("1911"))) == ["a", "b"]
        assert keys(engine, Word("1911", "year")) == ["b"]
        assert keys(engine, phrase("06 13", "premiere")) == ["a"]

    def test_what_identifies_is_never_found_by_a_bare_word(self, engine: Engine) -> None:
        told = story("a", "text", path="seeds/swan.txt", language="en", words=7, modified="2026")
        store(engine, told)
        for text in ("seeds", "swan", "en", "7", "2026"):
            assert keys(engine, Or((Word(text), Prefix(text), Fuzzy(text)))) == []

    def test_every_language_of_the_collection_stems_the_query(self) -> None:
        told = (story("a", "балерины", language="ru"), story("b", "dancers", language="en"))
        with self.opened(*told, languages=("en", "ru")) as engine:
            assert keys(engine, Word("балерина")) == ["a"]
            assert keys(engine, Word("dancer")) == ["b"]
        with self.opened(*told, languages=("en",)) as engine:
            assert keys(engine, Word("балерина")) == []

    def test_a_story_in_no_known_language_is_stemmed_in_the_first(self) -> None:
        told = (story("a", "балерины"), story("b", "балерины", language=("de", "en")))
        with self.opened(*told, languages=("ru", "en")) as engine:
            assert keys(engine, Word("балерина")) == ["a", "b"]
        with self.opened(*told, languages=("en", "ru")) as engine:
            assert keys(engine, Word("балерина")) == []
            assert keys(engine, Word("балерины")) == ["a", "b"]

    def test_a_word_nobody_has_is_not_found(self, engine: Engine) -> None:
        store(engine, story("a", "swan"))
        for tree in (
            Word("lake"),
            Word("swan", "title"),
            Word("swan", "mood"),
            phrase("swan lake"),
        ):
            assert keys(engine, tree) == []


class TreeContract(ContractBase):
    """And, Or, Not, Everything, and fields that are no zones."""

    @pytest.mark.parametrize(
        ("tree", "found"),
        [
            pytest.param(And((Word("swan"), Word("lake"))), "a", id="and"),
            pytest.param(Or((Word("swan"), Word("lake"))), "abc", id="or"),
            pytest.param(Not(Word("swan")), "cd", id="not alone"),
            pytest.param(Not(Not(Word("swan"))), "ab", id="not not"),
            pytest.param(And((Word("swan"), Not(Word("lake")))), "b", id="and not"),
            pytest.param(And((Not(Word("swan")), Not(Word("lake")))), "d", id="two nots"),
            pytest.param(Or((Word("lake"), Not(Word("swan")))), "acd", id="or not"),
            pytest.param(Not(Or((Word("swan"), Word("lake")))), "d", id="not or"),
            pytest.param(Not(And((Word("swan"), Word("lake")))), "bcd", id="not and"),
            pytest.param(Everything(), "abcd", id="everything"),
            pytest.param(Not(Everything()), "", id="nothing"),
            pytest.param(Everything("dancer"), "bd", id="any value in a field"),
            pytest.param(Not(Everything("dancer")), "ac", id="no value in a field"),
            pytest.param(Everything("mood"), "", id="a field that nobody has"),
            pytest.param(Everything("body"), "abcd", id="a body"),
            pytest.param(And((Everything(), Word("lake"))), "ac", id="everything and"),
            pytest.param(And((Word("swan"), Word("anna"))), "b", id="and across zones"),
            pytest.param(
                Or(
                    (
                        And((Word("swan"), Or((Word("lake"), Word("anna"))))),
                        Not(Everything("dancer")),
                    )
                ),
                "abc",
                id="nested",
            ),
        ],
    )
    def test_trees_combine_stories(self, engine: Engine, tree: Node, found: str) -> None:
        store(
            engine,
            story("a", "swan lake"),
            story("b", "swan", dancer="Anna"),
            story("c", "lake"),
            story("d", "sea", dancer="Vera"),
        )
        assert sorted(keys(engine, tree)) == list(found)

    @pytest.mark.parametrize(
        ("tree", "found"),
        [
            pytest.param(Word("SWAN", "path"), "ac", id="path holds a word"),
            pytest.param(Word("wan", "path"), "ac", id="path holds a part of a word"),
            pytest.param(Word("ecole", "path"), "b", id="path ignores accents"),
            pytest.param(phrase("two words", "path"), "c", id="path holds a phrase"),
            pytest.param(Prefix("seeds", "path"), "ab", id="path begins so"),
            pytest.param(Prefix("a", "path"), "", id="path does not begin within"),
            pytest.param(Word("FR", "language"), "bc", id="language is equal"),
            pytest.param(Word("f", "language"), "", id="language is not contained"),
            pytest.param(Prefix("f", "language"), "bc", id="language begins so"),
            pytest.param(Word("12", "words"), "a", id="number of words"),
            pytest.param(Word("2026", "modified"), "bc", id="a year of changes"),
            pytest.param(Word("2025", "modified"), "a", id="the year before"),
            pytest.param(Everything("language"), "abc", id="any language"),
        ],
    )
    def test_fields_that_are_no_zones(self, engine: Engine, tree: Node, found: str) -> None:
        one = story("a", path="seeds/swan.txt", language="en", words=12)
        two = story("b", path="seeds/école.txt", language=("en", "fr"), words=120)
        three = story("c", path="x/Swan two words.txt", language="fr", words=1)
        changed = ("2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z", "2026-12-31T23:59:59Z")
        told = [
            Story(s.key, s.body, fields={**s.fields, "modified": (at,)})
            for s, at in zip((one, two, three), changed, strict=True)
        ]
        store(engine, *told)
        result = find(engine, tree)
        assert sorted(m.story.key for m in result.matches) == list(found)
        assert all((m.score, m.spans) == (0, ()) for m in result.matches)

    @pytest.mark.parametrize("field", ["path", "language", "words", "modified"])
    def test_such_a_field_cannot_be_searched_fuzzily(self, engine: Engine, field: str) -> None:
        store(engine, story("a", "swan"))
        with pytest.raises(QueryError):
            find(engine, Fuzzy("swan", field=field))

    @pytest.mark.parametrize("field", ["words", "modified"])
    def test_a_number_or_a_date_has_no_beginning(self, engine: Engine, field: str) -> None:
        store(engine, story("a", "swan"))
        with pytest.raises(QueryError):
            find(engine, Prefix("20", field=field))

    def test_trees_may_be_deep_and_wide(self, engine: Engine) -> None:
        store(engine, story("a", "swan"), story("b", "lake"))
        deep: Node = Word("swan")
        for _ in range(40):
            deep = Not(And((Everything(), deep)))
        assert keys(engine, deep) == ["a"]
        wide = Or((*(Word(f"w{n}") for n in range(200)), Word("lake")))
        assert keys(engine, wide) == ["b"]


class SpanContract(ContractBase):
    """Where in a story a query matched."""

    def spans(self, engine: Engine, tree: Node, key: str = "a") -> list[tuple[str, int, int]]:
        [found] = [m for m in find(engine, tree).matches if m.story.key == key]
        assert list(found.spans) == sorted(found.spans)
        return [(span.zone, span.start, span.end) for span in found.spans]

    def test_every_occurrence_is_told_by_zone_and_position(self, engine: Engine) -> None:
        store(engine, story("a", "Swans! The swan, the lake", title="Swan Lake"))
        assert self.spans(engine, Word("swan")) == [("body", 0, 1), ("body", 2, 3), ("title", 0, 1)]
        assert self.spans(engine, Word("lake", "title")) == [("title", 1, 2)]

    def test_a_second_value_stands_a_gap_further_on(self, engine: Engine) -> None:
        store(engine, story("a", person=("Anna Pavlova", "—", "Vaslav Nijinsky", "Anna")))
        # Two words take 0 and 1, the next value starts 100 after 2; the dash takes no position.
        assert self.spans(engine, Word("vaslav")) == [("person", 102, 103)]
        assert self.spans(engine, Word("anna")) == [("person", 0, 1), ("person", 204, 205)]

    def test_a_phrase_is_one_span_and_may_overlap_itself(self, engine: Engine) -> None:
        store(engine, story("a", "la la la land"))
        assert self.spans(engine, phrase("la la")) == [("body", 0, 2), ("body", 1, 3)]
        assert self.spans(engine, phrase("la la land")) == [("body", 1, 4)]

    def test_prefix_and_fuzzy_tell_each_word_once(self, engine: Engine) -> None:
        store(engine, story("a", "swan swam sea"))
        assert self.spans(engine, Prefix("sw")) == [("body", 0, 1), ("body", 1, 2)]
        assert self.spans(engine, Fuzzy("swan")) == [("body", 0, 1), ("body", 1, 2)]

    def test_a_surname_key_marks_the_surname(self, engine: Engine) -> None:
        store(engine, story("a", dancer=("Vera Volkonskaya", "Anna")))
        assert self.spans(engine, Word("volkonsky")) == [("dancer", 1, 2)]

    def test_the_spans_of_all_leaves_are_put_together_without_doubles(self, engine: Engine) -> None:
        store(engine, story("a", "swan lake"))
        both = And((Word("swan"), phrase("swan lake"), Prefix("sw"), Word("lake")))
        assert self.spans(engine, both) == [("body", 0, 1), ("body", 0, 2), ("body", 1, 2)]

    def test_leaves_under_not_give_no_spans(self, engine: Engine) -> None:
        store(engine, story("a", "swan lake"), story("b", "sea"))
        assert self.spans(engine, And((Word("lake"), Not(Word("sea"))))) == [("body", 1, 2)]
        assert self.spans(engine, Not(Not(Word("swan")))) == []
        assert self.spans(engine, Not(Word("swan")), "b") == []

    def test_a_leaf_counts_even_where_the_and_around_it_fails(self, engine: Engine) -> None:
        store(engine, story("a", "swan lake"))
        tree = Or((And((Word("swan"), Word("sea"))), Word("lake")))
        assert self.spans(engine, tree) == [("body", 0, 1), ("body", 1, 2)]

    def test_ranges_and_everything_give_no_spans(self, engine: Engine) -> None:
        store(engine, story("a", "swan", year="1909"))
        assert self.spans(engine, Or((Range("year", "1900"), Everything("year")))) == []

    def test_apostrophes_and_hyphens_count_as_the_words_do(self, engine: Engine) -> None:
        store(engine, story("a", "The dancer's pas-de-deux -- o'er"))
        assert self.spans(engine, Word("dancer")) == [("body", 1, 2)]
        assert self.spans(engine, phrase("pas de deux", view=View.STEM)) == [("body", 2, 5)]
        assert self.spans(engine, Word("o'er")) == [("body", 5, 6)]
