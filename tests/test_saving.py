"""Are queries kept under their names, whatever else stands in the file?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balletsearch import Library, QueryError, SettingsError, Story, parse
from balletsearch.query.saved import MAX_ASKED, MAX_WITHIN
from balletsearch.saving import forget, queries, save

texts = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40)
names = st.from_regex(r"[\w-]{1,12}", fullmatch=True)


@given(st.lists(st.tuples(names, texts), max_size=6))
def test_what_was_saved_last_under_a_name_is_what_it_asks_for(tmp_path_factory, steps):
    path = tmp_path_factory.mktemp("saved") / "queries.toml"
    expected = {}
    for name, text in steps:
        assert save(path, name, text) == (name.casefold() in expected)
        expected[name.casefold()] = text
        assert queries(path) == expected
    for name in list(expected):
        assert forget(path, name)
        del expected[name]
        assert queries(path) == expected
        assert not forget(path, name)


def test_what_somebody_wrote_into_the_file_stays(tmp_path):
    path = tmp_path / "queries.toml"
    path.write_text("# mine\nSwans = 'swan*'  # all of them\n\nlakes = \"lake\"\n", "utf-8")
    assert not save(path, "moon", 'the "moon"')
    assert path.read_text("utf-8").splitlines()[:4] == [
        "# mine",
        "Swans = 'swan*'  # all of them",
        "",
        'lakes = "lake"',
    ]
    assert queries(path) == {"swans": "swan*", "lakes": "lake", "moon": 'the "moon"'}
    save(path, "SWANS", "swan")
    assert queries(path) == {"swans": "swan", "lakes": "lake", "moon": 'the "moon"'}
    assert "# mine" in path.read_text("utf-8")


@pytest.mark.parametrize("content", ["swans = 3", "swans", "[swans]\na = 'b'", "\udcff"])
def test_a_file_of_something_else_is_named_and_kept(tmp_path, content):
    path = tmp_path / "queries.toml"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    for attempt in (lambda: queries(path), lambda: save(path, "a", "b"), lambda: forget(path, "a")):
        with pytest.raises(SettingsError, match=r"queries\.toml"):
            attempt()
    assert path.read_bytes() == content.encode("utf-8", "surrogateescape")


@pytest.mark.parametrize("name", ["", "a b", "a:b", "a.b", '"'])
def test_a_name_that_cannot_be_asked_for_is_refused(tmp_path, name):
    with pytest.raises(QueryError, match="letters"):
        save(tmp_path / "queries.toml", name, "swan")


SAVED = {
    "swans": "swan OR odette",
    "named": "query:swans moscow",
    "self": "swan query:self",
    "ping": "query:pong",
    "pong": "query:ping swan",
    "odd": "swan (lake",
    "none": "&&",
}


@pytest.mark.parametrize(
    ("text", "tree", "problems"),
    [
        ("query:swans", "swan OR odette", 0),
        ("-query:SWANS lake", "NOT (swan OR odette) AND lake", 0),
        ("query:named^2", "((swan OR odette) AND moscow)^2", 0),
        ('query:"swans"', "swan OR odette", 0),
        ("title:query:swans", "title:swan OR title:odette", 0),
        ("query:self", "swan", 1),
        ("query:ping", "swan", 1),
        ("query:odd", "swan AND lake", 1),
        ("lake query:none", "lake", 2),
        ("lake query:swan", "lake", 1),
    ],
)
def test_a_saved_query_stands_for_its_text(text, tree, problems):
    query = parse(text, saved=SAVED)
    assert str(query) == tree
    assert len(query.problems) == problems
    assert all((p.start, p.end) != (0, 0) and p.end <= len(text) for p in query.problems)
    assert str(parse(str(query))) == tree


def test_an_unknown_name_comes_with_the_nearest():
    (problem,) = parse("lake query:swan", saved=SAVED).problems
    assert problem.suggestion == "swans"


def test_saved_queries_that_ask_for_one_another_end_soon():
    chain = {f"q{i}": f"query:q{i + 1}" for i in range(MAX_WITHIN + 1)}
    with pytest.raises(QueryError, match=str(MAX_WITHIN)):
        parse("query:q0", saved=chain)
    bush = {f"q{i}": " ".join([f"query:q{i + 1}"] * 20) for i in range(5)} | {"q5": "a"}
    with pytest.raises(QueryError, match=str(MAX_ASKED)):
        parse("query:q0", saved=bush)


def test_a_field_named_query_is_asked_for_where_nothing_is_saved_under_the_name():
    assert str(parse("query:x", custom_fields=["query"], saved=SAVED)) == "query:x"
    assert str(parse("query:swans", custom_fields=["query"], saved=SAVED)) == "swan OR odette"


def test_a_library_keeps_them_beside_its_index_and_a_rebuild_does_not_touch_them(tmp_path):
    with Library.open(tmp_path / "index") as library:
        library.add(Story("a", "The swan."), Story("b", "The lake."))
        assert library.queries() == {}
        assert not library.save("swans", "swan*")
        library.rebuild()
        assert library.queries() == {"swans": "swan*"}
        assert (tmp_path / "queries.toml").exists()
        assert [hit.key for hit in library.search("query:swans")] == ["a"]
        with library.snapshot() as held:
            assert [hit.key for hit in held.search("query:swans")] == ["a"]
        with pytest.raises(QueryError):
            library.save("nothing", "&&")
        assert library.unsave("swans")
        assert not library.unsave("swans")


def test_they_are_beside_the_settings_where_there_are_settings(tmp_path):
    (tmp_path / "balletsearch.toml").write_text('index = "built/index"\n', "utf-8")
    with Library.open(tmp_path / "built" / "index") as library:
        library.save("swans", "swan")
    assert (tmp_path / "queries.toml").exists()
