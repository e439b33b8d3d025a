"""Is everything kept that was committed, and nothing else?

The part of the contract about writing and reading back: batches, replacing and removing,
generations, stories that cannot be stored, and odd texts.
"""

from __future__ import annotations

import unicodedata
from typing import Any, cast

import pytest

from balletsearch.engines.protocol import Engine, SearchRequest
from balletsearch.errors import StoryError
from balletsearch.fields import Kind
from balletsearch.model import Source, Span, Story
from balletsearch.query.nodes import Everything, Not, Prefix, Word
from contract_support import ContractBase, find, keys, phrase, store, story

__all__ = ["LifecycleContract", "TextContract"]

SOURCE = Source("seeds", "seeds/a.txt", "", 12, 1_700_000_000_000_000_001, 5, "d1", "r1", False)
DESERET = "\N{DESERET CAPITAL LETTER DEE}\N{DESERET CAPITAL LETTER LONG I}"

BAD_STORIES = {
    "an empty key": Story("", "text"),
    "a line end in the key": Story("a\nb", "text"),
    "a key that is too long": Story("k" * 1001, "text"),
    "a lone surrogate in the key": Story("a\ud800", "text"),
    "a lone surrogate in the body": Story("bad", "half \udc00 a character"),
    "a lone surrogate in a value": story("bad", mood="\ud83d"),
    "a lone surrogate in the header": Story("bad", "text", header={"mood": "\ud83d"}),
    "an alias as the name of a field": story("bad", dancers="Anna"),
    "capitals in the name of a field": story("bad", Mood="sad"),
    "no letter in the name of a field": Story("bad", "text", fields={"--": ("x",)}),
    "truth as a value": story("bad", mood=True),
    "a fraction as a value": story("bad", year=cast(Any, 1.5)),
    "a number of more than 64 bits": story("bad", year=1 << 63),
}


class LifecycleContract(ContractBase):
    """Batches, generations, and what is read back."""

    def test_a_new_index_is_empty(self, engine: Engine) -> None:
        reader = engine.reader()
        assert (reader.count(), list(reader.stories()), reader.get("a")) == (0, [], None)
        assert dict(reader.sources()) == {}

    def test_every_query_on_an_empty_index_finds_nothing(self, engine: Engine) -> None:
        for tree in (Everything(), Word("swan"), phrase("swan lake"), Not(Word("swan"))):
            result = find(engine, tree, facets=("dancer",))
            assert (result.total, result.matches) == (0, ())
            assert (result.facets["dancer"].values, result.facets["dancer"].missing) == ((), 0)

    def test_a_batch_without_stories_can_be_committed(self, engine: Engine) -> None:
        with engine.writer() as writer:
            writer.commit()
        assert engine.reader().count() == 0

    def test_a_story_comes_back_as_it_was_given(self, engine: Engine) -> None:
        fields = {"title": ("Ada",), "year": (1909, -3), "place": ("Europe/Russia", "Rome")}
        given = Story("a", "One\n\n  two\ttwo. ", {"title": "Ada", "By": "Me"}, fields, SOURCE)
        store(engine, given)
        assert engine.reader().get("a") == given
        assert find(engine, Word("two")).matches[0].story == given

    def test_of_several_versions_in_one_batch_the_last_one_counts(self, engine: Engine) -> None:
        with engine.writer() as writer:
            for word in ("swan", "lake", "moon"):
                writer.add(story("a", f"{word} " * 30))
                writer.add(story("b", f"{word} " * 30))
            writer.commit()
        assert engine.reader().get("a").body.split()[0] == "moon"
        assert keys(engine, Word("lake")) == []
        with engine.writer() as writer:
            assert writer.remove("a")
            writer.commit()
        assert engine.reader().get("a") is None
        assert keys(engine, Word("moon")) == ["b"]

    def test_stories_come_by_key_in_the_order_of_code_points(self, engine: Engine) -> None:
        names = [
            "b",
            "é",
            "Z",
            "a/10",
            "a/9",
            "\N{BALLET SHOES}",
            "\N{FULLWIDTH LATIN SMALL LETTER A}",
        ]
        store(engine, *(story(name, "swan") for name in names))
        expected = sorted(names)
        assert [s.key for s in engine.reader().stories()] == expected
        assert keys(engine, Everything()) == expected

    def test_a_key_may_have_a_thousand_characters_and_spaces(self, engine: Engine) -> None:
        names = ["é" * 1000, " a  b ", "x:y AND (z)"]
        store(engine, *(story(name, "swan") for name in names))
        assert all(engine.reader().get(name) is not None for name in names)

    def test_sources_are_kept_and_none_for_a_story_without_a_file(self, engine: Engine) -> None:
        store(engine, Story("a", "x", source=SOURCE), Story("b", "y"))
        assert dict(engine.reader().sources()) == {"a": SOURCE, "b": None}

    def test_the_last_of_two_stories_with_one_key_wins_in_a_batch(self, engine: Engine) -> None:
        store(engine, story("a", "swan"), story("b", "swan"), story("a", "lake"))
        assert keys(engine, Word("swan")) == ["b"]
        assert keys(engine, Word("lake")) == ["a"]
        assert engine.reader().count() == 2

    def test_adding_a_key_again_replaces_the_story(self, engine: Engine) -> None:
        store(engine, story("a", "swan", mood="sad"))
        store(engine, story("a", "lake"))
        assert keys(engine, Word("swan")) == []
        assert (keys(engine, Word("lake")), engine.reader().count()) == (["a"], 1)
        assert "mood" not in engine.reader().fields()

    def test_a_removed_story_is_gone_from_everywhere(self, engine: Engine) -> None:
        store(engine, story("a", "swan", dancer="Anna"), story("b", "swan"))
        with engine.writer() as writer:
            assert writer.remove("a") is True
            writer.commit()
        reader = engine.reader()
        assert (reader.get("a"), reader.count(), list(reader.sources())) == (None, 1, ["b"])
        assert keys(engine, Word("swan")) == ["b"]
        assert keys(engine, Everything()) == ["b"]
        assert find(engine, Everything(), facets=("dancer",)).facets["dancer"].values == ()

    def test_removing_what_is_not_there_is_no_error(self, engine: Engine) -> None:
        store(engine, story("a", "swan"))
        with engine.writer() as writer:
            assert writer.remove("b") is False
            writer.commit()
        assert engine.reader().count() == 1

    def test_a_key_can_be_removed_only_once_in_a_batch(self, engine: Engine) -> None:
        store(engine, story("a", "swan"))
        with engine.writer() as writer:
            assert (writer.remove("a"), writer.remove("a")) == (True, False)
            writer.commit()
        assert engine.reader().count() == 0

    def test_a_story_added_and_removed_in_one_batch_never_was(self, engine: Engine) -> None:
        with engine.writer() as writer:
            writer.add(story("a", "swan"))
            assert writer.remove("a") is True
            writer.commit()
        assert keys(engine, Word("swan")) == []

    def test_a_story_removed_and_added_in_one_batch_is_the_new_one(self, engine: Engine) -> None:
        store(engine, story("a", "swan"))
        with engine.writer() as writer:
            writer.remove("a")
            writer.add(story("a", "lake"))
            writer.commit()
        assert keys(engine, Everything()) == ["a"]
        assert keys(engine, Word("swan")) == []

    def test_all_stories_can_be_removed_and_others_added(self, engine: Engine) -> None:
        store(engine, *(story(key, "swan") for key in "abc"))
        with engine.writer() as writer:
            assert all(writer.remove(key) for key in "abc")
            writer.commit()
        assert (engine.reader().count(), keys(engine, Everything())) == (0, [])
        store(engine, story("d", "swan"))
        assert keys(engine, Word("swan")) == ["d"]

    def test_nothing_is_visible_before_the_commit(self, engine: Engine) -> None:
        store(engine, story("a", "swan"))
        with engine.writer() as writer:
            writer.add(story("b", "swan"))
            writer.remove("a")
            assert keys(engine, Word("swan")) == ["a"]
            writer.commit()
            assert keys(engine, Word("swan")) == ["b"]

    def test_a_writer_goes_on_after_a_commit(self, engine: Engine) -> None:
        with engine.writer() as writer:
            writer.add(story("a", "swan"))
            writer.commit()
            writer.add(story("b", "swan"))
            writer.remove("a")
            writer.commit()
        assert keys(engine, Word("swan")) == ["b"]

    def test_a_reader_keeps_its_generation(self, engine: Engine) -> None:
        store(engine, story("a", "swan"), story("b", "swan"))
        held = engine.reader()
        store(engine, story("a", "lake"), story("c", "swan"))
        with engine.writer() as writer:
            writer.remove("b")
            writer.commit()
        found = held.search(SearchRequest(Word("swan")))
        assert [m.story.key for m in found.matches] == ["a", "b"]
        assert (held.count(), held.get("c"), len(list(held.stories()))) == (2, None, 2)
        assert keys(engine, Word("swan")) == ["c"]

    def test_leaving_a_writer_drops_what_was_not_committed(self, engine: Engine) -> None:
        with engine.writer() as writer:
            writer.add(story("a", "swan"))
            writer.commit()
            writer.add(story("b", "swan"))
            writer.remove("a")
        assert keys(engine, Word("swan")) == ["a"]
        store(engine, story("c", "swan"))
        assert keys(engine, Word("swan")) == ["a", "c"]

    def test_an_exception_drops_what_was_not_committed(self, engine: Engine) -> None:
        def fail_halfway() -> None:
            with engine.writer() as writer:
                writer.add(story("a", "swan"))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail_halfway()
        assert engine.reader().count() == 0

    def test_a_second_engine_finds_what_was_committed(self, engine: Engine) -> None:
        given = story("a", "swan lake", title="Odette", year=1895)
        store(engine, given, story("b", "lake"))
        with engine.writer() as writer:
            writer.remove("b")
            writer.commit()
        again = self.reopen(engine)
        assert list(again.reader().stories()) == [given]
        assert keys(again, Word("lake")) == ["a"]

    @pytest.mark.parametrize("bad", BAD_STORIES.values(), ids=BAD_STORIES)
    def test_a_bad_story_is_refused_and_no_other_is_lost(self, engine: Engine, bad: Story) -> None:
        store(engine, story("bad", "swan once"))
        with engine.writer() as writer:
            writer.add(story("before", "swan"))
            with pytest.raises(StoryError):
                writer.add(bad)
            writer.add(story("after", "swan"))
            writer.commit()
        assert sorted(keys(engine, Word("swan"))) == ["after", "bad", "before"]


class TextContract(ContractBase):
    """Odd texts, empty and long ones, and facts about the whole collection."""

    def test_composed_and_decomposed_letters_are_the_same(self, engine: Engine) -> None:
        apart = unicodedata.normalize("NFD", "plié")
        store(engine, story("a", "un plié"), story("b", "un " + apart))
        assert keys(engine, Word(apart)) == keys(engine, Word("plié")) == ["a", "b"]
        assert keys(engine, Prefix(apart)) == ["a", "b"]

    def test_letters_beyond_the_first_plane_are_words_and_emoji_none(self, engine: Engine) -> None:
        store(engine, story("a", f"\N{BALLET SHOES} {DESERET} swan"))
        assert find(engine, Word(DESERET.lower())).matches[0].spans == (Span("body", 0, 1),)
        assert find(engine, Word("swan")).matches[0].spans == (Span("body", 1, 2),)

    def test_cyrillic_and_han_are_found(self, engine: Engine) -> None:
        store(engine, story("a", "Танцует Анна"), story("b", "芭蕾舞"))
        assert keys(engine, Word("анна")) == ["a"]
        assert keys(engine, phrase("蕾 舞")) == ["b"]

    def test_a_body_of_a_megabyte_is_searched_to_its_end(self, engine: Engine) -> None:
        sentence, times = "The little dancer turned again and again. ", 25_000
        body = sentence * times + "Odette!"
        assert len(body) > 1_000_000
        store(engine, story("long", body), story("short", "Odile"))
        [match] = find(engine, Word("odette")).matches
        assert match.spans == (Span("body", 7 * times, 7 * times + 1),)
        assert engine.reader().get("long") == story("long", body)

    def test_an_empty_story_is_stored_and_found_by_what_it_lacks(self, engine: Engine) -> None:
        store(engine, story("a"), story("b", "swan"), story("c", " \n—!"))
        assert keys(engine, Everything()) == ["a", "b", "c"]
        assert keys(engine, Not(Word("swan"))) == ["a", "c"]
        assert engine.reader().get("a") == story("a")

    def test_a_field_without_values_is_as_good_as_none(self, engine: Engine) -> None:
        store(engine, story("a", "swan", dancer=(), mood=()), story("b", "swan", dancer="Anna"))
        assert keys(engine, Everything("dancer")) == ["b"]
        assert find(engine, Everything(), facets=("dancer",)).facets["dancer"].missing == 1
        assert "mood" not in engine.reader().fields()

    def test_every_value_of_a_field_is_searched(self, engine: Engine) -> None:
        store(engine, story("a", person=("Anna Pavlova", "Vaslav Nijinsky"), mood=("sad", "glad")))
        for tree in (Word("Anna"), Word("vaslav", "person"), Word("glad"), Word("sad", "mood")):
            assert keys(engine, tree) == ["a"]

    def test_fields_tells_the_kinds_of_what_stories_have(self, engine: Engine) -> None:
        store(
            engine,
            story("a", "x", title="A", year="1909", premiere="1909-05-19", mood="7"),
            story("b", "y", dancer="Anna", year=1910, premiere="1910", mood="sad"),
        )
        kinds = {name: field.kind for name, field in engine.reader().fields().items()}
        assert kinds["year"] is Kind.NUMBER
        assert kinds["premiere"] is Kind.DATE
        assert kinds["mood"] is Kind.KEYWORD
        assert (kinds["title"], kinds["dancer"]) == (Kind.TEXT, Kind.NAME)
        assert "person" not in kinds

    def test_the_kind_of_a_field_follows_its_values(self, engine: Engine) -> None:
        store(engine, story("a", year="1909"))
        store(engine, story("b", year="about 1909"))
        assert engine.reader().fields()["year"].kind is Kind.KEYWORD
        with engine.writer() as writer:
            writer.remove("b")
            writer.commit()
        assert engine.reader().fields()["year"].kind is Kind.NUMBER

    def test_counts_are_of_words_forms_and_stories_with_a_value(self, engine: Engine) -> None:
        store(
            engine,
            story("a", "To be or not to be", words=6),
            story("b", "Be!", words=1, language="en"),
        )
        counts = engine.reader().counts()
        assert (counts["words"], counts["forms"], counts["language"]) == (7, 4, 1)
