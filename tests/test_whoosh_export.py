"""Can stock Whoosh alone open what is exported for it, and is everything in it?"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime

import pytest
from whoosh import fields, qparser, query, sorting
from whoosh.index import open_dir

from balletsearch import Library, Story, errors, export_whoosh

STORIES = (
    Story(
        "a",
        "The swans danced on the lake.",
        {
            "title": "Anna's swan",
            "dancer": ["Anna Pavlova", "Vera"],
            "work": "Don Quixote, Act 1",
            "place": "Europe/Russia/Moscow",
            "year": "1909",
            "weight": ["9", "9.5"],
            "born": ["1881-02-12", "1881-02-13"],
            "key": "C minor",
        },
    ),
    Story("b", "A green lake.", {"year": "1911"}),
    Story("c", "", {"title": "Nothing"}),
)


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "index", engine="columns") as library:
        library.add(*STORIES)
        yield library


def found(index, text: str, **options) -> str:
    with index.searcher() as searcher:
        asked = qparser.QueryParser("text", index.schema).parse(text)
        return "".join(hit["key"] for hit in searcher.search(asked, limit=None, **options))


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("swan", "a"),
        ("dancing lakes", "a"),
        ("lake", "ba"),
        ('"green lake"', "b"),
        ("title:swan", "a"),
        ('dancer:"anna pavlova"', "a"),
        ("dancer:Vera", "a"),
        ("place:moscow", "a"),
        ("place:europe", "a"),
        ("year:[1910 TO]", "b"),
        ("weight:9.5", "a"),
        ("weight:[9 TO 10]", "a"),
        ("born:18810213", "a"),
        ("born:[1881 TO 1882]", "a"),
        ("key:c", "c"),
        ("words:[1 TO 3]", "b"),
    ],
)
def test_stock_whoosh_finds_in_the_export(library, tmp_path, text, keys):
    assert export_whoosh(library, tmp_path / "out") == 3
    index = open_dir(str(tmp_path / "out"))
    assert found(index, text) == keys
    index.close()


def test_the_export_holds_all_fields_as_they_were(library, tmp_path):
    export_whoosh(library, tmp_path / "out")
    index = open_dir(str(tmp_path / "out"))
    assert {type(field) for _, field in index.schema.items()} == {
        fields.ID,
        fields.TEXT,
        fields.KEYWORD,
        fields.NUMERIC,
        fields.DATETIME,
    }
    with index.searcher() as searcher:
        one = searcher.document(key="a")
        assert one["text"] == STORIES[0].body
        assert one["title"] == "Anna's swan"
        assert one["dancer"] == ["Anna Pavlova", "Vera"]
        assert one["work"] == ["Don Quixote, Act 1"]
        assert one["key_"] == ["C minor"]
        assert (one["year"], one["weight"], one["words"]) == ([1909], [9.0, 9.5], 6)
        assert one["born"] == [datetime(1881, 2, 12), datetime(1881, 2, 13)]
        groups = searcher.search(
            query.Every(), groupedby=sorting.FieldFacet("place", allow_overlap=True)
        ).groups()
        assert set(groups) == {
            "europe",
            "europe/russia",
            "europe/russia/moscow",
            "moscow",
            None,
        }
    assert found(index, "key:*", sortedby="words") == "cba"
    index.close()


def test_no_story_is_posted_twice_for_values_that_lie_close(library, tmp_path):
    export_whoosh(library, tmp_path / "out")
    index = open_dir(str(tmp_path / "out"))
    with index.reader() as reader:
        for term in reader.all_terms():
            documents = list(reader.postings(*term).all_ids())
            assert documents == sorted(set(documents)), term
    index.close()


def test_the_export_needs_no_balletsearch(library, tmp_path):
    export_whoosh(library, tmp_path / "out")
    code = (
        "import sys, json; sys.modules['balletsearch'] = None\n"
        "from whoosh.index import open_dir; from whoosh.query import Every\n"
        "with open_dir(sys.argv[1]).searcher() as searcher:\n"
        "    print(json.dumps(sorted(h['key'] for h in searcher.search(Every()))))"
    )
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, tmp_path / "out"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(run.stdout) == ["a", "b", "c"]


def test_a_folder_that_holds_something_is_left_alone(library, tmp_path):
    target = tmp_path / "out"
    target.mkdir()
    (target / "mine.txt").write_text("mine")
    with pytest.raises(errors.SourceError, match=r"mine\.txt"):
        export_whoosh(library, target)
    assert [p.name for p in target.iterdir()] == ["mine.txt"]
    with pytest.raises(errors.SourceError, match="is a file"):
        export_whoosh(library, target / "mine.txt")
    (target / "mine.txt").unlink()
    assert export_whoosh(library, target) == 3


def test_an_export_that_fails_leaves_nothing_behind(library, tmp_path, monkeypatch):
    before = sorted(tmp_path.iterdir())

    def broken(self):
        yield STORIES[1]
        raise OSError("no space")

    monkeypatch.setattr(Library, "stories", broken)
    with pytest.raises(OSError, match="no space"):
        export_whoosh(library, tmp_path / "deep" / "out")
    assert [p for p in sorted(tmp_path.rglob("*")) if p.name.endswith("out")] == []
    assert before == [p for p in sorted(tmp_path.iterdir()) if p.name != "deep"]


def test_a_library_in_another_language_is_stemmed_in_it(tmp_path):
    from balletsearch import Settings

    settings = Settings(languages=("fr",))
    with Library.open(tmp_path / "index", settings=settings, engine="columns") as library:
        library.add(Story("a", "Ils chantaient."))
        export_whoosh(library, tmp_path / "out")
    index = open_dir(str(tmp_path / "out"))
    assert found(index, "chanter") == "a"
    index.close()


def test_the_command_exports_and_refuses(copied, built):
    answer = copied("export", "--whoosh", "out")
    assert (answer.code, answer.out) == (0, "")
    assert "5 stories in out" in answer.err
    index = open_dir("out")
    assert index.doc_count() == 5
    index.close()
    again = copied("export", "--whoosh", "out")
    assert again.code == 2
    assert "holds something else" in again.err
    for more in (("--full",), ("--output", "x.jsonl")):
        assert copied("export", "--whoosh", "other", *more).code == 2
