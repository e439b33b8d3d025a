"""Are values counted and chosen as the table says?

The part of the contract about `docs/semantics.md`, "Facets and selections".
"""

from __future__ import annotations

import pytest

from balletsearch.engines.protocol import Engine, Selection, Sort
from balletsearch.errors import QueryError
from balletsearch.model import Value
from balletsearch.query.nodes import Everything, Node, Not, Word
from contract_support import ContractBase, find, keys, store, story

__all__ = ["FacetContract", "SelectionContract"]


def facet(
    engine: Engine, name: str, tree: Node | None = None, *where: Selection
) -> tuple[list[tuple[Value, int]], int]:
    """The values of one facet with their counts, in order, and the number of stories without."""
    found = find(engine, tree or Everything(), facets=(name,), where=where).facets[name]
    assert found.field == name
    return [(v.value, v.count) for v in found.values], found.missing


class FacetContract(ContractBase):
    """What is counted, how often, and in which order."""

    def test_a_facet_counts_the_stories_found(self, engine: Engine) -> None:
        store(
            engine,
            story("a", "swan", dancer="Anna"),
            story("b", "swan", dancer="Vera"),
            story("c", "swan", dancer="Anna"),
            story("d", "lake", dancer="Vera"),
            story("e", "swan"),
        )
        assert facet(engine, "dancer", Word("swan")) == ([("Anna", 2), ("Vera", 1)], 1)
        assert facet(engine, "dancer", Not(Word("swan"))) == ([("Vera", 1)], 0)
        assert facet(engine, "dancer", Word("nobody")) == ([], 0)

    def test_a_story_counts_once_for_each_of_its_values(self, engine: Engine) -> None:
        store(engine, story("a", term=("plié", "jeté", "plié")), story("b", term="plié"))
        assert facet(engine, "term") == ([("plié", 2), ("jeté", 1)], 0)

    def test_equal_counts_are_ordered_by_folded_value(self, engine: Engine) -> None:
        store(
            engine, story("a", work=("giselle", "Étude", "don", "Giselle")), story("b", work="don")
        )
        expected = [("don", 2), ("Étude", 1), ("Giselle", 1), ("giselle", 1)]
        assert facet(engine, "work") == (expected, 0)

    def test_values_that_fold_alike_are_counted_as_written(self, engine: Engine) -> None:
        store(engine, story("a", mood="Plie"), story("b", mood="plié"), story("c", mood="plié"))
        assert facet(engine, "mood") == ([("plié", 2), ("Plie", 1)], 0)

    def test_values_of_places_count_for_those_above_them_too(self, engine: Engine) -> None:
        store(
            engine,
            story("a", place=("Europe/Russia/Moscow", "Europe/Russia/Perm")),
            story("b", place="Europe/France"),
            story("c", place="Europe/Russia"),
            story("d"),
        )
        expected = [
            ("Europe", 3),
            ("Europe/Russia", 2),
            ("Europe/France", 1),
            ("Europe/Russia/Moscow", 1),
            ("Europe/Russia/Perm", 1),
        ]
        assert facet(engine, "place") == (expected, 1)

    def test_equal_counts_of_numbers_are_ordered_as_numbers(self, engine: Engine) -> None:
        store(engine, story("a", year="100"), story("b", year="9"), story("c", year=("10", "9")))
        assert facet(engine, "year") == ([("9", 2), ("10", 1), ("100", 1)], 0)

    def test_whole_numbers_stay_whole_numbers(self, engine: Engine) -> None:
        store(engine, story("a", year=1909), story("b", year=1909), story("c", year=-5))
        assert facet(engine, "year") == ([(1909, 2), (-5, 1)], 0)
        assert all(isinstance(value, int) for value, _ in facet(engine, "year")[0])

    def test_labels_and_fields_of_headers_are_counted(self, engine: Engine) -> None:
        store(engine, story("a", language="en", mood="sad"), story("b", language=("en", "fr")))
        assert facet(engine, "language") == ([("en", 2), ("fr", 1)], 0)
        assert facet(engine, "mood") == ([("sad", 1)], 1)

    def test_a_field_of_the_table_may_have_no_values_at_all(self, engine: Engine) -> None:
        store(engine, story("a"), story("b"))
        assert facet(engine, "dancer") == ([], 2)

    def test_more_than_a_thousand_values_are_all_counted(self, engine: Engine) -> None:
        values = [f"v{n:04}" for n in range(1_008)]
        store(engine, *(story(f"s{n}", term=("all", *values[n::8])) for n in range(8)))
        counted, missing = facet(engine, "term")
        assert counted == [("all", 8), *((value, 1) for value in values)]
        assert missing == 0

    def test_the_page_has_no_say_in_the_counts(self, engine: Engine) -> None:
        store(engine, *(story(f"s{n}", "swan", mood="sad" if n % 3 else "gay") for n in range(15)))
        for options in ({"limit": 0}, {"limit": 4, "offset": 2}, {"sort": (Sort("mood"),)}):
            found = find(engine, Word("swan"), facets=("mood",), **options).facets["mood"]
            assert [(v.value, v.count) for v in found.values] == [("sad", 10), ("gay", 5)]

    def test_only_the_facets_asked_for_are_given(self, engine: Engine) -> None:
        store(engine, story("a", dancer="Anna", work="Giselle"))
        assert dict(find(engine, Everything()).facets) == {}
        assert set(find(engine, Everything(), facets=("work", "dancer")).facets) == {
            "work",
            "dancer",
        }

    def test_replaced_and_removed_stories_are_not_counted(self, engine: Engine) -> None:
        store(engine, *(story(key, dancer="Anna") for key in "abc"))
        store(engine, story("a", dancer="Vera"))
        with engine.writer() as writer:
            writer.remove("b")
            writer.commit()
        assert facet(engine, "dancer") == ([("Anna", 1), ("Vera", 1)], 0)


class SelectionContract(ContractBase):
    """What is chosen, and what that does to the counts."""

    @pytest.mark.parametrize(
        ("where", "found"),
        [
            pytest.param((Selection("dancer", ("anna  PAVLOVA",)),), "a", id="folded"),
            pytest.param((Selection("dancer", (" Zoe ",)),), "b", id="without accents"),
            pytest.param((Selection("dancer", ("Anna",)),), "", id="whole values only"),
            pytest.param((Selection("dancer", ("Zoë", "Anna Pavlova")),), "ab", id="either value"),
            pytest.param((Selection("dancer", ("nobody",)),), "", id="no one has it"),
            pytest.param((Selection("place", ("Europe/Russia/Moscow",)),), "a", id="a path"),
            pytest.param((Selection("place", ("europe/russia",)),), "ac", id="a path above"),
            pytest.param((Selection("place", ("Europe",)),), "abc", id="the path above all"),
            pytest.param((Selection("place", ("moscow",)),), "a", id="the last step"),
            pytest.param((Selection("place", ("Russia",)),), "ac", id="a last step above"),
            pytest.param((Selection("place", ("Russia/Moscow",)),), "", id="no part from within"),
            pytest.param((Selection("place", ("Mos",)),), "", id="no part of a step"),
            pytest.param((Selection("year", ("1909",)),), "ac", id="a number"),
            pytest.param((Selection("language", ("FR",)),), "b", id="a label"),
            pytest.param(
                (Selection("place", ("Europe",)), Selection("year", ("1909",))),
                "ac",
                id="both hold",
            ),
            pytest.param(
                (Selection("year", ("1909",)), Selection("year", ("1910",))), "abc", id="one field"
            ),
        ],
    )
    def test_selections_keep_stories(
        self, engine: Engine, where: tuple[Selection, ...], found: str
    ) -> None:
        store(
            engine,
            story("a", dancer=("Vera", "Anna Pavlova"), place="Europe/Russia/Moscow", year=1909),
            story("b", dancer="Zoë", place="Europe/France", year=1910, language="fr"),
            story("c", place=("Asia", "Europe/Russia"), year=(1909, 1910)),
            story("d"),
        )
        assert keys(engine, Everything(), where=where) == list(found)

    def test_a_selection_changes_neither_score_nor_spans(self, engine: Engine) -> None:
        store(engine, story("a", "swan swan", mood="sad"), story("b", "swan"), story("c", "sea"))
        plain = {m.story.key: m for m in find(engine, Word("swan")).matches}
        [chosen] = find(engine, Word("swan"), where=(Selection("mood", ("sad",)),)).matches
        assert chosen == plain["a"]

    def test_several_values_can_be_chosen_while_their_counts_stay(self, engine: Engine) -> None:
        store(
            engine,
            story("a", "swan", mood="sad", work="Giselle"),
            story("b", "swan", mood="gay", work="Giselle"),
            story("c", "swan", mood="gay", work="Etude"),
            story("d", "swan", work="Etude"),
            story("e", "lake", mood="sad"),
        )
        sad = Selection("mood", ("sad",))
        giselle = Selection("work", ("giselle",))
        assert facet(engine, "mood", Word("swan"), sad) == ([("gay", 2), ("sad", 1)], 1)
        assert facet(engine, "work", Word("swan"), sad) == ([("Giselle", 1)], 0)
        assert facet(engine, "mood", Word("swan"), sad, giselle) == ([("gay", 1), ("sad", 1)], 0)
        assert keys(engine, Word("swan"), where=(sad, giselle)) == ["a"]
        both = Selection("mood", ("gay",))
        assert facet(engine, "mood", Word("swan"), sad, both) == ([("gay", 2), ("sad", 1)], 1)
        assert keys(engine, Word("swan"), where=(sad, both)) == ["a", "b", "c"]

    @pytest.mark.parametrize("name", ["title", "body", "nonsense"])
    def test_what_cannot_be_counted_cannot_be_chosen_either(
        self, engine: Engine, name: str
    ) -> None:
        store(engine, story("a", "swan", title="Swan", mood="sad"))
        for tree in (Everything(), Word("nobody")):
            with pytest.raises(QueryError):
                find(engine, tree, facets=(name,))
            with pytest.raises(QueryError):
                find(engine, tree, where=(Selection(name, ("swan",)),))

    def test_a_field_that_went_with_its_last_story_is_unknown(self, engine: Engine) -> None:
        store(engine, story("a", mood="sad"), story("b"))
        held = facet(engine, "mood")
        assert held == ([("sad", 1)], 1)
        with engine.writer() as writer:
            writer.remove("a")
            writer.commit()
        with pytest.raises(QueryError):
            find(engine, Everything(), facets=("mood",))
