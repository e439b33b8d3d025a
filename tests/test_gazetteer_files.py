"""Do gazetteer files say what they mean, and do mistakes in them name their place?"""

from __future__ import annotations

from pathlib import Path

import pytest

from balletsearch import gazetteer
from balletsearch.errors import SettingsError
from balletsearch.gazetteer import KINDS


def written(folder: Path, text: str, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def names_in(text: str, *files: Path) -> list[tuple[str, str]]:
    return [(o.kind, o.canonical) for o in gazetteer.load(files).find(text)]


@pytest.mark.parametrize(
    ("kind", "least"),
    [("work", 150), ("company", 100), ("person", 200), ("term", 300), ("place", 100), ("role", 50)],
)
def test_the_shipped_names_are_many(kind: str, least: int) -> None:
    assert sum(entry.kind == kind for entry in gazetteer.load().entries) >= least


def test_the_home_of_every_company_is_a_place() -> None:
    entries = gazetteer.load().entries
    places = {e.name for e in entries if e.kind == "place"}
    assert {e.place for e in entries if e.place} <= places


def test_a_file_of_ones_own_adds_names_of_every_kind(tmp_path: Path) -> None:
    mine = written(
        tmp_path,
        """
        given_names = ["Quillow"]
        [work]
        "The Glass Heron" = {also = ["Der Reiher aus Glas"], roles = ["The Heron"]}
        [role]
        "The Heron" = {also = ["Heron King"]}
        [person]
        "Ada Quill" = {dancer = true}
        [company]
        "Marsh House" = {place = "Europe/Ruritania"}
        [place]
        "Europe/Ruritania" = {}
        [term]
        "heronade" = {also = ["heronades"]}
        """,
    )
    text = "Ada Quill of Marsh House: the Heron King in Der Reiher aus Glas, Ruritania, HERONADES"
    assert names_in(text, mine) == [
        ("person", "Ada Quill"),
        ("company", "Marsh House"),
        ("role", "The Heron"),
        ("work", "The Glass Heron"),
        ("place", "Europe/Ruritania"),
        ("term", "heronade"),
    ]
    loaded = gazetteer.load((mine,))
    assert {entry.kind for entry in loaded.entries if entry.file == str(mine)} == set(KINDS)
    assert "quillow" in loaded.given_names
    assert loaded.place("Ruritania") == "Europe/Ruritania"


def test_an_entry_adds_to_the_shipped_one(tmp_path: Path) -> None:
    mine = written(tmp_path, '[work]\n"Swan Lake" = {also = ["The Pond"]}')
    assert names_in("The Pond, Swan Lake", mine) == [("work", "Swan Lake")] * 2


def test_an_entry_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    text = '[work]\n"Swan Lake" = {also = ["The Pond"], roles = [], replace = true}'
    (entry,) = (
        e
        for e in gazetteer.load((written(tmp_path, text),)).entries
        if e.kind == "work" and e.name == "Swan Lake"
    )
    assert entry.also == ("The Pond",)
    assert entry.roles == ()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[work]\n"A" = {also = "B"}', '"A"'),
        ('[work]\n"A" = {also = [1]}', '"A"'),
        ('[work]\n"A" = {common = "yes"}', '"A"'),
        ('[company]\n"A" = {place = ["B"]}', '"A"'),
        ('[term]\n"A" = {roles = ["B"]}', "roles"),
        ('[work]\n"A" = "B"', '"A"'),
        ('[work]\n"—" = {}', '"—"'),
        ('[role]\n"A" = {}', '"A"'),
        ('[opera]\n"A" = {}', "opera"),
        ("work = 3", "work"),
        ("given_names = 3", "given_names"),
        ("[work", "TOML"),
    ],
)
def test_a_fault_names_the_file_and_the_entry(text: str, named: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as error:
        gazetteer.load((written(tmp_path, text),))
    assert "mine.toml" in str(error.value)
    assert named in str(error.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"missing\.toml"):
        gazetteer.load((tmp_path / "missing.toml",))


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match=r"mine\.toml"):
        gazetteer.load((path,))


def test_the_fingerprint_is_that_of_what_the_files_say(tmp_path: Path) -> None:
    one = written(tmp_path, '[term]\n"heronade" = {}', "one.toml")
    same = written(tmp_path, '[term]\n"heronade" = {}', "same.toml")
    other = written(tmp_path, '[term]\n"heron" = {}', "other.toml")
    prints = [
        gazetteer.load(f).fingerprint() for f in ((), (one,), (same,), (other,), (one, other))
    ]
    assert prints[1] == prints[2]
    assert len(set(prints)) == 4


def test_shipped_names_are_made_once_and_files_are_read_each_time(tmp_path: Path) -> None:
    mine = written(tmp_path, '[term]\n"heronade" = {}')
    shipped, first = gazetteer.load(), gazetteer.load((mine,))
    assert gazetteer.load() is shipped
    written(tmp_path, '[term]\n"heron" = {}')
    names = [{e.name for e in g.entries} for g in (shipped, first, gazetteer.load((mine,)))]
    assert [("heronade" in n, "heron" in n) for n in names] == [
        (False, False),
        (True, False),
        (False, True),
    ]


def test_a_name_is_known_by_the_only_one_who_goes_by_it(tmp_path: Path) -> None:
    text = """
    [person]
    "Ada Quill" = {also = ["A. Quill", "Quill", "Bo Quill"]}
    "Alma Quill" = {also = ["A. Quill"]}
    "Bo Quill" = {}
    [work]
    "Quill's Heron" = {}
    """
    names = gazetteer.load((written(tmp_path, text),))
    cases = (
        ("person", "ADA QUILL", "Ada Quill", "its case does not matter"),
        ("person", "A Quill", None, "two are called so"),
        ("person", "bo quill", "Bo Quill", "a first name goes before another's other name"),
        ("work", "Ada Quill", None, "no work is called so"),
        ("work", "QUILL’S HERON", "Quill's Heron", "any apostrophe"),
        ("work", "Quill Heron", None, "a possessive is part of a name"),
        ("work", "", None, "no name"),
    )
    for kind, said, name, why in cases:
        assert names.named(kind, said) == name, why
    assert names.named("person", "quill") == "Ada Quill"
    assert names.named("person", "quill", least=2) is None
