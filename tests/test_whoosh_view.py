"""Does Whoosh's own machinery run on our view, and find what is meant?"""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from whoosh import query, scoring, sorting
from whoosh.query import spans
from whoosh.query.qcolumns import ColumnQuery

from whoosh_view_support import CASES, STORIES, four_stories, keys, opened_view, parse, story


@pytest.fixture
def index(tmp_path):
    return four_stories(tmp_path / "view")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(text, found, id=f"{case['why']}: {text}")
        for case in CASES["case"]
        for text, found in case["found"].items()
    ],
)
def test_a_parsed_query_finds(index, text, found):
    with index.searcher() as searcher:
        assert sorted(keys(searcher, parse(index, text))) == sorted(found)


def test_a_word_stands_for_its_stem_in_each_language(tmp_path):
    index = opened_view(
        tmp_path / "view",
        [story("en", "He was dancing."), story("fr", "Ils chantaient.", language="fr")],
        languages=("en", "fr"),
    )
    with index.searcher() as searcher:
        assert keys(searcher, parse(index, "chanter")) == ["fr"]
        assert keys(searcher, parse(index, '"ils chanter"')) == ["fr"]
        assert keys(searcher, parse(index, "dances")) == ["en"]
        (hit,) = searcher.search(parse(index, "chanter"))
        assert ">chantaient<" in hit.highlights("text")


def test_several_terms_of_one_word_count_once(index):
    with index.searcher() as searcher:
        # By stem and by surname key the same word of b.
        asked = parse(index, "dancer:volkonsky")
        assert {hit["key"] for hit in searcher.search(asked)} == {"a", "b"}
        by_frequency = searcher.search(query.WeightingQuery(asked, scoring.Frequency()))
        assert [hit.score for hit in by_frequency] == [1.0, 1.0]
        assert searcher.search(asked).q.existing_terms(searcher.reader()) == {
            ("dancer", b"volkonski"),
            ("dancer_surname", b"volkonsk"),
        }


def test_spans_may_stand_in_other_queries(index):
    swan, lake, dance = (query.Term("text", text) for text in ("swan", "lake", "danc"))
    near = spans.SpanNear(swan, lake, slop=4)
    with index.searcher() as searcher:
        for made, found in (
            (near, "ab"),
            (query.And([near, dance]), "a"),
            (query.Or([near, query.Term("text", "green")]), "abd"),
            (query.And([spans.SpanOr([dance, lake]), query.Not(dance)]), "bd"),
            (query.And([spans.SpanNear2([swan, lake], slop=4), swan]), "ab"),
            (query.And([spans.SpanFirst(swan, limit=1), swan]), "ac"),
            (query.AndNot(swan, spans.SpanNot(swan, dance)), ""),
            (query.And([query.Sequence([swan, dance]), lake]), "a"),
            (query.Or([query.Ordered([swan, lake]), query.NullQuery]), "ab"),
            (query.And([query.FuzzyTerm("text", "lkae", prefixlength=0), query.Not(swan)]), "d"),
            (query.Variations("text_exact", "swan"), "abc"),
            (query.Regex("text", "gr.+n|danc"), "ad"),
            (query.ConstantScoreQuery(near, 3.0), "ab"),
            (query.WeightingQuery(swan, scoring.Frequency()), "abc"),
            (ColumnQuery("words", lambda words: words < 10), "acd"),
            (ColumnQuery("year", lambda year: year > 1900), "ab"),
            (ColumnQuery("key", "b"), "b"),
            (query.WrappingQuery(query.Not(swan)), "d"),
        ):
            assert sorted(keys(searcher, made)) == sorted(found), made


def test_sorting_puts_stories_without_a_value_last_either_way(index):
    with index.searcher() as searcher:
        every = query.Every()

        def ordered(by, **options):
            return "".join(keys(searcher, every, sortedby=by, **options))

        assert ordered("title") == "abcd"
        assert ordered(sorting.FieldFacet("title", reverse=True)) == "cbad"
        assert ordered("year") == "cabd"
        assert ordered(sorting.FieldFacet("year", reverse=True)) == "bacd"
        assert ordered("modified")[0] == "a"
        assert ordered(sorting.FieldFacet("modified", reverse=True))[0] == "a"
        assert ordered("work") == "bacd"
        assert ordered("key", reverse=True) == "dcba"
        by_place = [sorting.FieldFacet("place", reverse=True), sorting.FieldFacet("words")]
        assert ordered(by_place) == "cabd"
        assert ordered(sorting.TranslateFacet(str.lower, sorting.FieldFacet("key"))) == "abcd"


def test_groups_are_called_by_their_values(index):
    with index.searcher() as searcher:

        def groups(by, text="swan"):
            results = searcher.search(parse(index, text), groupedby=by, maptype=sorting.Count)
            return results.groups()

        assert groups("title") == {"Anna's swan": 1, "émigrée": 1, "Zoë": 1}
        assert groups("title", "lake") == {"Anna's swan": 1, "émigrée": 1, None: 1}
        assert groups("year", "*") == {1909.0: 1, 1911.0: 1, 12.5: 1, None: 1}
        assert groups("modified", "*") == {datetime(2026, 3, 5, 10): 1, None: 3}
        overlapping = sorting.FieldFacet("work", allow_overlap=True)
        assert groups(overlapping, "*") == {"Swan Lake": 1, "Giselle": 1, "giselle": 1, None: 2}
        places = sorting.FieldFacet("place", allow_overlap=True)
        assert groups(places)["Europe/Russia"] == 2
        years = sorting.FieldFacet("year", allow_overlap=True)
        assert groups(years, "*") == {1909.0: 1, 1911.0: 1, 12.5: 1, None: 1}
        backwards = sorting.FieldFacet("year", reverse=True)
        assert groups(backwards, "*") == {1909.0: 1, 1911.0: 1, 12.5: 1, None: 1}
        by_query = sorting.QueryFacet(
            {"dry": query.AndNot(query.Every(), query.Term("text", "lake"))}, other="wet"
        )
        assert groups(by_query, "*") == {"dry": 1, "wet": 3}
        swan, lake = query.Term("text", "swan"), query.Term("text", "lake")
        near = query.And([spans.SpanNear(swan, lake, slop=3), lake])
        by_query = sorting.QueryFacet({"near": near}, other="not")
        assert groups(by_query, "*") == {"near": 1, "not": 3}
        by_range = sorting.RangeFacet("words", 0, 13, 4)
        assert groups(by_range, "*") == {(0, 4): 2, (8, 12): 1, (12, 16): 1}


def test_filters_masks_collapsing_and_pages(index):
    with index.searcher() as searcher:
        lake, swan = query.Term("text", "lake"), query.Term("text", "swan")
        assert sorted(keys(searcher, swan, filter=lake)) == ["a", "b"]
        assert keys(searcher, swan, mask=query.Not(query.Term("key", "c"))) == ["c"]
        collapsed = keys(searcher, query.Every(), collapse="place", sortedby="key")
        assert collapsed == ["a", "b", "d"]
        page = searcher.search_page(query.Every(), 2, pagelen=3)
        assert (page.total, page.pagecount, [h["key"] for h in page]) == (4, 2, ["d"])
        found = searcher.search(query.Or([swan, lake]), limit=1)
        assert (len(found), found.scored_length()) == (4, 1)


def test_hits_have_stored_fields_highlights_terms_and_relatives(index):
    with index.searcher() as searcher:
        results = searcher.search(parse(index, '"swan danced" OR title:swan'), terms=True)
        (hit,) = results
        assert hit["key"] == "a"
        assert hit["text"] == CASES["story"][0]["body"]
        assert hit["dancer"] == ["Anna Volkonskaya", "Vera"]
        assert (hit["title"], hit["words"], hit["year"]) == ("Anna's swan", 8, ["1909"])
        assert "body" not in hit.fields()
        assert json.loads(json.dumps(hit.fields())) == hit.fields()
        assert hit.highlights("text").count("<b class") == 4
        assert 'match term0">swan</b>' in hit.highlights("title")
        assert sorted(hit.matched_terms()) == [
            ("text", b"danc"),
            ("text", b"swan"),
            ("title", b"swan"),
        ]
        assert results.matched_terms() == set(hit.matched_terms())
        json.dumps([hit.docnum, hit.rank, hit.score])
        assert {h["key"] for h in hit.more_like_this("text")} == {"b", "c", "d"}
        assert [k for k, _ in searcher.key_terms([hit.docnum], "text", numterms=1)] == ["danc"]
        assert searcher.suggest("text_exact", "swna") == ["swan", "swans"]
        assert searcher.suggest("text_exact", "swna", maxdist=1) == ["swan"]
        corrected = searcher.correct_query(parse(index, "text_exact:lkae"), "text_exact:lkae")
        assert corrected.string == "text_exact:lake"
        assert searcher.document(key="b")["title"] == "émigrée"
        assert searcher.document(key="gone") is None


def test_matched_terms_are_those_of_each_story(tmp_path):
    index = opened_view(tmp_path / "view", STORIES)
    with index.searcher() as searcher:
        asked = parse(index, '(swan OR green OR title:zoe OR "lake swan") NOT odile')
        results = searcher.search(asked, terms=True)
        found = {hit["key"]: {text for _, text in hit.matched_terms()} for hit in results}
    assert found == {
        "a": {b"swan", b"lake"},
        "b": {b"swan", b"lake"},
        "c": {b"swan", b"zoe"},
        "d": {b"green", b"lake"},
    }
