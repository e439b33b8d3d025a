"""What does `open_whoosh` open, what does it refuse, and does it follow the index?"""

from __future__ import annotations

import pytest
from whoosh import fields
from whoosh.index import Index

from balletsearch import Library, Story, errors, open_whoosh
from whoosh_view_support import keys, parse


@pytest.fixture
def home(tmp_path):
    with Library.open(tmp_path / "index", engine="columns") as library:
        library.add(Story("a", "A swan on a lake.", {"title": "One", "year": "1909"}))
    return tmp_path / "index"


def test_the_index_of_a_folder_follows_commits_and_rebuilds(home):
    index = open_whoosh(home)
    assert isinstance(index, Index)
    with index.searcher() as searcher, Library.open(home, engine="columns") as library:
        library.add(Story("b", "Another swan."))
        assert not searcher.up_to_date()
        assert index.doc_count() == 2
        library.rebuild()
        with searcher.refresh() as newer:
            generation = index.latest_generation()
            library.rebuild()
            assert index.latest_generation() != generation
            assert sorted(keys(newer, parse(index, "swan"))) == ["a", "b"]
    assert index.up_to_date()
    assert index.refresh() is index


def test_a_folder_without_an_index_or_with_one_of_another_engine_is_refused(tmp_path):
    with pytest.raises(errors.IndexMissingError, match="There is no index"):
        open_whoosh(tmp_path / "nowhere")
    with Library.open(tmp_path / "stock", engine="whoosh") as library:
        library.add(Story("a", "A swan."))
    with pytest.raises(errors.UnsupportedError, match="of the engine 'whoosh'"):
        open_whoosh(tmp_path / "stock")


@pytest.mark.parametrize(
    ("name", "field", "says"),
    [
        ("text", fields.NGRAM(), "'text' holds stems and cannot be a NGRAM"),
        ("title", fields.BOOLEAN, "cannot be a BOOLEAN; ask for TEXT"),
        ("words", fields.DATETIME(), "'words' holds numbers and cannot be a DATETIME"),
        ("work_value", fields.IDLIST(), "IDLIST; ask for ID or KEYWORD"),
        ("mood", fields.TEXT(), r"There is no field 'mood' \(TEXT\)"),
        ("text", fields.TEXT(vector=True), "'text' cannot have vectors"),
        ("path", fields.STORED(), "cannot be a STORED"),
    ],
)
def test_fields_of_another_kind_are_refused_by_name(home, name, field, says):
    schema = fields.Schema()
    schema.add(name, field() if isinstance(field, type) else field)
    with pytest.raises(errors.UnsupportedError, match=says):
        open_whoosh(home, schema=schema)
    with pytest.raises(errors.UnsupportedError, match=says):
        open_whoosh(home).add_field(name, field)


def test_fields_of_our_kinds_are_accepted(home):
    schema = fields.Schema(
        key=fields.ID(unique=True),
        title=fields.TEXT(stored=True),
        work_value=fields.KEYWORD(commas=True),
        words=fields.NUMERIC,
        modified=fields.DATETIME,
        year=fields.NUMERIC(float),
    )
    index = open_whoosh(home, schema=schema)
    index.add_field("title", fields.TEXT())
    assert index.doc_count() == 1
