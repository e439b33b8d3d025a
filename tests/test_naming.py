"""Is a work found by each of its names?"""

from __future__ import annotations

import pytest

from balletsearch import Library, SettingsError, Story, parse
from balletsearch.gazetteer.names import FILE_OF, key_of, synonyms
from balletsearch.query.naming import with_names
from balletsearch.query.nodes import Or
from balletsearch.query.trees import leaves

NAMES = {
    "swan lake": ("Swan Lake", "Le Lac des cygnes", "Lebedinoye ozero"),
    "le lac des cygnes": ("Swan Lake", "Le Lac des cygnes", "Lebedinoye ozero"),
    "giselle": ("Giselle", "Жизель"),
}


def names(field: str, name: str) -> tuple[str, ...]:
    return NAMES.get(key_of(name), ()) if field == "work" else ()


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("work:giselle", 'work:giselle OR work:"Жизель"'),
        (
            'work:"LAC, le" OR work:"le lac des cygnes"',
            'work:"LAC le" OR work:"le lac des cygnes" OR work:"Swan Lake" '
            'OR work:"Lebedinoye ozero"',
        ),
        ("work:(giselle OR Жизель OR odette)", 'work:giselle OR work:"Жизель" OR work:odette'),
        ("-work:giselle^2", 'NOT (work:giselle OR work:"Жизель")^2'),
        ("title:giselle giselle", "title:giselle AND giselle"),
        ('work:="Giselle"', 'work:="Giselle"'),
        ('work:"swan lake"~2', 'work:"swan lake"~2'),
        ('work:"swan * lake" work:swan', 'work:"swan * lake" AND work:swan'),
    ],
)
def test_a_name_stands_for_all_names_of_the_thing(text, tree):
    once = with_names(parse(text).tree, names)
    assert str(once).startswith(tree.split(" OR ")[0])
    assert str(once) == tree or "Жизель OR" in text
    assert with_names(once, names) == once
    assert with_names(parse(str(once)).tree, names) == once


@pytest.mark.parametrize("kind", FILE_OF)
def test_every_name_leads_to_the_name_that_stories_have(kind):
    known = synonyms(kind)
    assert known
    for name, every in known.items():
        assert name in map(key_of, every)


def test_the_ballets_that_everybody_knows_have_their_names():
    for name in ("Swan Lake", "Le Lac des cygnes", "Lebedinoye ozero", "Лебединое озеро"):
        assert synonyms("work")[key_of(name)][0] == "Swan Lake"


def test_a_story_is_found_by_another_name_of_its_work(tmp_path):
    told = Story("a", "She danced.", {"work": "Swan Lake"}), Story("b", "x", {"work": "Giselle"})
    with Library.open(tmp_path / "index") as library:
        library.add(*told)
        for name in ("swan lake", "le lac des cygnes", "Лебединое озеро"):
            query = library.parse(f'work:"{name}"')
            assert isinstance(query.tree, Or)
            assert {(leaf.start, leaf.end) for leaf in leaves(query.tree)} == {(5, len(query.text))}
            assert [hit.key for hit in library.search(query)] == ["a"]
        assert library.search('work:"le lac"').total == 0


def test_names_of_the_users_own_count_too(tmp_path):
    mine = tmp_path / "names.toml"
    mine.write_text('[work]\n"Swan Lake" = {also = ["The One with the Birds"]}\n', "utf-8")
    (tmp_path / "balletsearch.toml").write_text('gazetteer = ["names.toml"]\n', "utf-8")
    with Library.open(tmp_path / "index") as library:
        library.add(Story("a", "She danced.", {"work": "Swan Lake"}))
        assert library.search('work:"the one with the birds"').total == 1
    mine.write_text("nonsense", "utf-8")
    with (
        Library.open(tmp_path / "index") as library,
        pytest.raises(SettingsError, match=r"names\.toml"),
    ):
        library.search('work:"swan lake"')
