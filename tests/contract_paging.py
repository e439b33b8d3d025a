"""Does every hit come on one page, and does the best story stand for each group?

The part of the contract about `docs/semantics.md`, "Pages and groups".
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from balletsearch.engines.protocol import Engine, Position, SearchRequest, Selection, Sort
from balletsearch.errors import QueryError
from balletsearch.model import Value
from balletsearch.query.nodes import Everything, Near, Node, Phrase, Word
from contract_support import ContractBase, find, keys, store, story

__all__ = ["GroupContract", "MarkContract", "PagingContract"]


class PagingContract(ContractBase):
    """Places to go on after."""

    def five(self, engine: Engine) -> None:
        store(
            engine,
            story("a", "swan", year="9", mood="sad"),
            story("b", "swan", year="10"),
            story("c", "swan", year="9.0", mood="Sad"),
            story("d", "swan", mood="calm"),
            story("e", "swan", year="-3"),
        )

    @pytest.mark.parametrize(
        ("sort", "after", "found"),
        [
            pytest.param((Sort("year"),), Position((9,), "a"), "cbd", id="behind a story"),
            pytest.param((Sort("year"),), Position(("9.00",), "b"), "cbd", id="one that is gone"),
            pytest.param((Sort("year"),), Position((9.5,), "a"), "bd", id="between two numbers"),
            pytest.param((Sort("year"),), Position((10,), "b"), "d", id="those without a value"),
            pytest.param((Sort("year"),), Position((None,), "d"), "", id="behind the last"),
            pytest.param(
                (Sort("year"),), Position((None,), "c"), "d", id="without a value, by key"
            ),
            pytest.param((Sort("year", True),), Position((9,), "b"), "ced", id="descending"),
            pytest.param(
                (Sort("year", True),), Position((5,), "b"), "ed", id="descending, between"
            ),
            pytest.param((Sort("mood"),), Position(("calm",), "d"), "cabe", id="text"),
            pytest.param((Sort("mood"),), Position(("happy",), "z"), "cabe", id="text, between"),
            pytest.param(
                (Sort("year"), Sort("mood")), Position((9, "Sad"), "c"), "abd", id="two fields"
            ),
            pytest.param(
                (Sort("year"), Sort("mood", True)), Position((9, None), "a"), "bd", id="one missing"
            ),
        ],
    )
    def test_a_page_goes_on_after_a_place_in_the_order_of_fields(
        self, engine: Engine, sort: tuple[Sort, ...], after: Position, found: str
    ) -> None:
        self.five(engine)
        assert keys(engine, Word("swan"), sort=sort, after=after, offset=0) == list(found)
        result = find(engine, Word("swan"), sort=sort, after=after, limit=1)
        assert (result.total, result.more) == (5, len(found) > 1)
        assert [m.story.key for m in result.matches] == list(found[:1])

    def test_a_page_goes_on_after_a_place_in_the_order_of_scores(self, engine: Engine) -> None:
        store(engine, *(story(f"s{n}", "swan " * (1 + n // 2) + "sea " * 9) for n in range(8)))
        whole = find(engine, Word("swan")).matches
        for at, match in enumerate(whole):
            after = Position((match.score,), match.story.key)
            found = find(engine, Word("swan"), after=after, limit=3)
            assert found.matches == whole[at + 1 : at + 4]
            assert (found.total, found.more) == (8, at + 4 < len(whole))
        between = Position(((whole[1].score + whole[2].score) / 2,), "a")
        assert find(engine, Word("swan"), after=between).matches == whole[2:]

    def test_nothing_that_stayed_is_repeated_or_passed_over(self, engine: Engine) -> None:
        store(engine, *(story(f"s{n:02}", "swan", words=n // 3) for n in range(30)))
        seen: list[str] = []
        request = SearchRequest(Word("swan"), sort=(Sort("words", True),), limit=4)
        while matches := engine.reader().search(request).matches:
            seen += [match.story.key for match in matches]
            last = matches[-1].story
            request = replace(request, after=Position(last.fields["words"], last.key))
            with engine.writer() as writer:
                # The last that was shown goes, and others come before it and behind it.
                writer.remove(last.key)
                writer.add(story(f"new{len(seen)}", "swan", words=99))
                writer.add(story(f"old{len(seen)}", "sea", words=0))
                writer.commit()
        assert seen == sorted(seen, key=lambda key: (-(int(key[1:]) // 3), key))
        assert seen == [*dict.fromkeys(seen)]
        assert len(seen) == 30

    @pytest.mark.parametrize(
        ("sort", "after"),
        [
            pytest.param((Sort("year"),), Position((), "a"), id="no value for a sort field"),
            pytest.param((Sort("year"),), Position((1, 2), "a"), id="too many values"),
            pytest.param((Sort("year"),), Position(("old",), "a"), id="no number"),
            pytest.param((), Position(("old",), "a"), id="no score"),
            pytest.param((), Position((1.0,), "a", "sad"), id="a group where there are none"),
        ],
    )
    def test_a_place_in_another_order_is_refused(
        self, engine: Engine, sort: tuple[Sort, ...], after: Position
    ) -> None:
        self.five(engine)
        for tree in (Word("swan"), Word("nobody")):
            with pytest.raises(QueryError):
                find(engine, tree, sort=sort, after=after)


class GroupContract(ContractBase):
    """One hit for each value."""

    def six(self, engine: Engine) -> None:
        store(
            engine,
            story("a", "swan sea sea", dancer="Anna", words=5),
            story("b", "swan swan sea", dancer=("Vera", "Anna"), words=4),
            story("c", "swan sea sea", dancer="Vera", words=9),
            story("d", "swan swan swan", words=1),
            story("e", "swan sea sea sea", words=2),
            story("f", "lake", dancer="Zoë", words=3),
        )

    def hits(self, engine: Engine, tree: Node, **options: object) -> list[tuple[str, Value, int]]:
        found = find(engine, tree, group="dancer", **options)
        groups = [(m.group.value, m.group.count) if m.group else ("", 0) for m in found.matches]
        return [(m.story.key, *group) for m, group in zip(found.matches, groups, strict=True)]

    def test_the_best_story_stands_for_each_value_and_those_without_for_themselves(
        self, engine: Engine
    ) -> None:
        self.six(engine)
        assert self.hits(engine, Word("swan")) == [
            ("d", "", 0),
            ("b", "Anna", 2),
            ("b", "Vera", 2),
            ("e", "", 0),
        ]
        found = find(engine, Word("swan"), group="dancer", facets=("dancer",), limit=1)
        assert (found.total, found.groups, found.more) == (5, 4, True)
        assert found.facets["dancer"].distinct + found.facets["dancer"].missing == 4
        assert find(engine, Word("swan")).groups is None

    def test_groups_go_with_sort_fields_selections_and_pages(self, engine: Engine) -> None:
        self.six(engine)
        by_words = {"sort": (Sort("words", True),)}
        everything = [
            ("c", "Vera", 2),
            ("a", "Anna", 2),
            ("f", "Zoë", 1),
            ("e", "", 0),
            ("d", "", 0),
        ]
        assert self.hits(engine, Everything(), **by_words) == everything
        assert self.hits(engine, Everything(), **by_words, offset=1, limit=2) == everything[1:3]
        vera = (Selection("dancer", ("vera",)),)
        assert self.hits(engine, Everything(), **by_words, where=vera) == [
            ("c", "Vera", 2),
            ("b", "Anna", 1),
        ]

    def test_a_page_goes_on_after_a_group(self, engine: Engine) -> None:
        self.six(engine)
        whole = find(engine, Word("swan"), group="dancer").matches
        for at, match in enumerate(whole):
            value = match.group.value if match.group else None
            after = Position((match.score,), match.story.key, value)
            found = find(engine, Word("swan"), group="dancer", after=after, limit=2)
            assert found.matches == whole[at + 1 : at + 3]
            assert (found.groups, found.more) == (4, at + 3 < 4)

    def test_values_stand_for_themselves_as_they_are_written(self, engine: Engine) -> None:
        store(
            engine,
            story("a", place="Europe/Russia", mood="Sad"),
            story("b", place=("Europe/Russia/Moscow", "Europe/Russia"), mood="sad"),
        )
        places = find(engine, Everything(), group="place").matches
        assert [(m.story.key, m.group.value) for m in places] == [
            ("a", "Europe/Russia"),
            ("b", "Europe/Russia/Moscow"),
        ]
        assert find(engine, Everything(), group="mood").groups == 2

    @pytest.mark.parametrize("name", ["title", "body", "nonsense"])
    def test_what_cannot_be_counted_makes_no_groups(self, engine: Engine, name: str) -> None:
        store(engine, story("a", "swan", title="Swan"))
        with pytest.raises(QueryError):
            find(engine, Everything(), group=name)


class MarkContract(ContractBase):
    """What is to be set off in a story that was found."""

    def marks(self, engine: Engine, tree: Node) -> list[tuple[int, int]]:
        [match] = find(engine, tree).matches
        return [(span.start, span.end) for span in match.marks]

    def test_a_phrase_is_one_mark_and_near_marks_what_is_near(self, engine: Engine) -> None:
        store(engine, story("a", "the swan and the white lake where a swan was a lake of a swan"))
        swan, lake = Word("swan"), Word("lake")
        assert self.marks(engine, Phrase((swan, Word("and")))) == [(1, 3)]
        assert self.marks(engine, Phrase((swan, lake), slop=3)) == [(1, 6), (8, 12)]
        # The swan at 8 is 2 words behind the lake at 5 and 2 before that at 11; and so that at 14.
        assert self.marks(engine, Near(swan, lake, 2)) == [
            *((5, 6), (8, 9), (11, 12), (14, 15)),
        ]
        white = Phrase((Word("white"), lake))
        assert self.marks(engine, Near(white, Near(swan, Word("the"), 0), 3)) == [
            *((0, 1), (1, 2), (4, 6)),
        ]
