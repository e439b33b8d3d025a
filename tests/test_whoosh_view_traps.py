"""Do the known traps of Whoosh's interfaces hurt nobody who uses our view?"""

from __future__ import annotations

import threading

import pytest
from whoosh import query
from whoosh.matching import ReadTooFar
from whoosh.reading import TermNotFound

from balletsearch import Story, errors
from balletsearch.analysis import stem
from whoosh_view_support import STORIES, four_stories, keys, opened_view, parse, story


@pytest.fixture
def index(tmp_path):
    return four_stories(tmp_path / "view")


def test_exhausted_matchers_can_be_asked_for_their_document(index):
    with index.searcher() as searcher:
        matcher = searcher.reader().leaf_readers()
        reader = next(iter(matcher))[0]
        postings = reader.postings("text", "swan")
        while postings.is_active():
            postings.next()
        assert postings.id() > reader.doc_count_all()
        with pytest.raises(ReadTooFar):
            postings.next()
        with pytest.raises(ReadTooFar):
            postings.skip_to(3)
        assert not postings.replace().is_active()


def test_a_phrase_crosses_neither_stories_nor_values(tmp_path):
    index = opened_view(
        tmp_path / "view", [story("a", "one swan"), story("b", "lake two", work=("swan", "lake"))]
    )
    with index.searcher() as searcher:
        assert keys(searcher, query.Phrase("text", ["swan", "lake"], slop=50)) == []
        assert keys(searcher, query.Phrase("work", ["swan", "lake"], slop=50)) == []
        assert keys(searcher, query.Phrase("work", ["swan", "lake"], slop=101)) == ["b"]


def test_values_in_a_list_are_cut_as_the_index_cuts_them(tmp_path):
    index = opened_view(tmp_path / "view", [story("a", dancer=("Anna P", "", "Vera"))])
    tokens = index.schema["dancer"].analyzer(["Anna P", "", "Vera"], positions=True, mode="index")
    cut = [(token.text, token.pos) for token in tokens]
    with index.reader() as reader:
        stored = [
            (text.decode(), position)
            for text in reader.lexicon("dancer")
            for position in reader.postings("dancer", text).value_as("positions")
        ]
    assert sorted(cut) == sorted(stored) == [("anna", 0), ("p", 1), ("vera", 102)]


def test_terms_of_numbers_keep_their_zero_bytes(tmp_path):
    index = opened_view(tmp_path / "view", [story("a", year="0"), story("b", year="256")])
    with index.reader() as reader:
        field = index.schema["year"]
        assert [field.from_bytes(text) for text in reader.lexicon("year")] == [0, 256]
        assert reader.doc_frequency("year", 256) == reader.doc_frequency(
            "year", field.to_bytes(256)
        )
        assert ("year", field.to_bytes(0)) in reader


def test_numbers_that_are_written_differently_are_one_term(tmp_path):
    index = opened_view(tmp_path / "view", [story("a", year="9"), story("b", year=("9.0", "9.5"))])
    with index.searcher() as searcher:
        assert keys(searcher, parse(index, "year:9")) == ["a", "b"]
        ranged = searcher.search(query.NumericRange("year", 9, 10), limit=None)
        assert len(ranged) == 2
        assert len(list(searcher.docs_for_query(query.NumericRange("year", 9, 10)))) == 2


def test_deleted_stories_are_gone_also_from_counts_and_lexicon(index):
    with index.reader() as reader:
        assert not any(text == b"odile" for text in reader.lexicon("text"))
        assert ("text", "odile") not in reader
        assert reader.frequency("text", "odile") == reader.doc_frequency("text", "odile") == 0
        with pytest.raises(TermNotFound):
            reader.term_info("text", "odile")
        with pytest.raises(TermNotFound):
            reader.postings("text", "odile")
        assert b"Paquita" not in list(reader.lexicon("work_value"))
        assert reader.doc_count() == 4
        assert reader.doc_count_all() > 4
        assert reader.has_deletions()
        assert not reader.is_deleted(reader.doc_count_all())
        assert len(list(reader.all_doc_ids())) == 4
        assert sorted(stored["key"] for _, stored in reader.iter_docs()) == list("abcd")
        assert reader.field_length("text") == 8 + 12 + 2 + 3
        assert (reader.min_field_length("title"), reader.max_field_length("text")) == (0, 12)
        with index.searcher() as searcher:
            assert searcher.avg_field_length("text") == 6.25


def test_term_infos_are_of_live_stories_and_fresh_each_time(index):
    with index.reader() as reader:
        first, again = reader.term_info("text", b"lake"), reader.term_info("text", "lake")
        assert (first.weight(), first.doc_frequency(), first.max_weight()) == (4.0, 3, 2.0)
        assert (first.min_length(), first.max_length()) == (3, 12)
        assert (first.min_id(), first.max_id()) == (again.min_id(), again.max_id())
        found = [i for i, _ in reader.postings("text", "lake").items_as("positions")]
        assert (first.min_id(), first.max_id()) == (found[0], found[-1])
        assert [p for _, p in reader.postings("text", "lake").items_as("positions")] == [
            [5],
            [6, 9],
            [2],
        ]


def test_terms_and_fields_that_are_not_there(index):
    with index.reader() as reader:
        assert ("nosuch", "x") not in reader
        for ask in (reader.postings, reader.term_info, reader.terms_from, reader.frequency):
            with pytest.raises(TermNotFound):
                list(ask("nosuch", "x"))
        assert next(iter(reader.terms_from("text_exact", "pl"))) == ("text_exact", b"plies")
        every = list(reader.all_terms())
        assert every == sorted(set(every))
        assert ("title", stem("émigrée", "en").encode()) in every
        assert set(reader.indexed_field_names()) <= set(index.schema.names())
        with pytest.raises(errors.UnsupportedError, match="vector"):
            reader.vector(0, "text")
        with pytest.raises(errors.UnsupportedError, match="text_typed"):
            next(iter(reader.leaf_readers()))[0].column_reader("text_typed")


def test_near_terms_mean_the_same_in_one_segment_and_in_several(index, tmp_path):
    whole = opened_view(tmp_path / "whole", STORIES)
    for asked in ("lkae", "swna", "gren", "las"):
        with index.reader() as several, whole.reader() as one:
            found = set(several.terms_within("text_exact", asked, 1))
            assert found == set(one.terms_within("text_exact", asked, 1))
        assert found or asked == "las"


def test_a_searcher_keeps_its_generation_and_can_be_refreshed(tmp_path):
    index = opened_view(tmp_path / "view", [story("a", "swan"), story("b", "swan")])
    swan = query.Term("text", "swan")
    with index.searcher() as before:
        assert before.up_to_date()
        assert before.refresh() is before
        with index.writer() as writer:
            writer.delete_by_term("key", "a")
            writer.add_document(key="c", text="swan lake")
        assert not before.up_to_date()
        assert keys(before, swan) == ["a", "b"]
        with before.refresh() as after:
            assert sorted(keys(after, swan)) == ["b", "c"]
            assert after.up_to_date()
    assert index.doc_count() == 2


def test_an_index_without_stories_answers_everything(tmp_path):
    index = opened_view(tmp_path / "view")
    assert index.is_empty()
    with index.searcher() as searcher:
        assert searcher.up_to_date()
        for text in ("swan", '"swan lake"', "NOT swan", "*", "sw*", "title:*", "words:[1 TO 2]"):
            results = searcher.search(parse(index, text), sortedby="title", groupedby="work")
            assert len(results) == 0
        assert list(searcher.reader().terms_within("text", "swan", 2)) == []
        assert list(searcher.lexicon("text")) == []


def test_several_threads_may_search_one_generation(index):
    found, text = [], '"swan danced" OR green*'

    def ask():
        with index.searcher() as searcher:
            found.extend(
                sorted(keys(searcher, parse(index, text), sortedby="title")) for _ in "12345"
            )

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [["a", "d"]] * 20


def test_headers_may_bring_fields_that_are_called_like_ours(tmp_path):
    named = {"key": "C minor", "text_exact": "odd", "work_value": "far", "dancer_surname": "Low"}
    header = {name: (value,) for name, value in named.items()}
    index = opened_view(tmp_path / "view", [Story("a", "x", fields=header)])
    assert {f"{name}_" for name in named} <= set(index.schema.names())
    with index.searcher() as searcher:
        assert keys(searcher, query.Term("key_", "minor")) == ["a"]
        (hit,) = searcher.search(query.Term("key__value", "C minor"))
        assert (hit["key"], hit["key_"], hit["text_exact_"]) == ("a", ["C minor"], ["odd"])
