"""Which faults were there once? Each that the tests of this folder found, by itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from disk import watched
from support import held, letter, wrote
from whoosh import query

from balletsearch import IndexFaultError, Library, Mended, Story, StoryError, open_whoosh
from balletsearch.columns import generations
from balletsearch.engines.columns import ColumnsEngine, writing
from balletsearch.engines.protocol import SearchRequest
from balletsearch.manifest import checksum_of
from balletsearch.query.nodes import Everything, Word


def keys(engine: ColumnsEngine, tree: object = None) -> list[str]:
    found = engine.reader().search(SearchRequest(tree or Everything(), limit=None))
    return sorted(match.story.key for match in found.matches)


def store_of(home: Path) -> Path:
    return next(home.glob("store-*"))


@pytest.fixture
def home(quick) -> Path:
    """Three commits: two letters, one more, and one that takes the first away."""
    with Library.open(quick / "index") as library:
        library.add(letter("a", 1), letter("b", 1))
        library.add(letter("c", 1))
        library.remove("a")
    return quick / "index"


def newest(home: Path) -> Path:
    return max(store_of(home).glob("generation-*.json"), key=lambda p: int(p.stem.split("-")[1]))


def test_a_word_of_deleted_stories_means_nothing(quick):
    """*pliés* folds to *plies*, whose stem it would lend to that word as long as it stands."""
    with ColumnsEngine(quick / "store", ("en",), create=True).writer() as writer:
        writer.add(Story("a", "swan pliés"))
        writer.add(Story("b", "sea"))
        writer.commit()
        writer.add(Story("a", "swan plie"))
        writer.commit()
    assert keys(ColumnsEngine(quick / "store", ("en",)), Word("plies")) == []


def test_a_query_of_whoosh_is_answered_by_us_inside_any_other(home):
    """Whoosh's own matchers were asked for what was wrapped; a field that no story has failed."""
    missing = query.NumericRange("year", 1, 2)
    letters = query.Term("text", "letter")
    with open_whoosh(home).searcher() as searcher:
        assert not searcher.search(query.WrappingQuery(missing))
        none = query.AndNot(letters, query.Term("text", "version1"))
        assert not searcher.search(query.WrappingQuery(none))


def test_half_a_character_is_in_no_key(home):
    with Library.open(home) as library:
        assert library.get("\ud800") is None
        assert library.remove("\ud800") == 0
        with pytest.raises(StoryError, match="half a character"):
            library.add(Story("\ud800", "A swan."))


def test_a_commit_that_fails_at_its_very_last_call_may_have_happened(quick, monkeypatch):
    """The name is there, its sync fails: nothing that a manifest names may be deleted then."""
    engine = ColumnsEngine(quick / "store", ("en",), create=True)
    calls = []

    def refused(folder: Path) -> None:
        calls.append(folder)
        if len(calls) == 2:
            raise OSError("no sync")

    with engine.writer() as writer:
        writer.add(Story("a", "A swan."))
        monkeypatch.setattr(generations, "sync_folder", refused)
        with pytest.raises(IndexFaultError, match="no sync"):
            writer.commit()
    monkeypatch.undo()
    engine = ColumnsEngine(quick / "store", ("en",))
    assert keys(engine) == ["a"]
    with engine.writer() as writer:
        writer.add(Story("b", "A swan."))
        writer.commit()
    assert keys(engine) == ["a", "b"]


def test_a_writer_whose_commit_failed_does_no_more(quick, monkeypatch):
    engine = ColumnsEngine(quick / "store", ("en",), create=True)

    def refused(*_: object, **__: object) -> None:
        raise OSError("no room")

    with engine.writer() as writer:
        writer.add(Story("a", "A swan."))
        monkeypatch.setattr(generations, "commit", refused)
        with pytest.raises(IndexFaultError, match="no room"):
            writer.commit()
        monkeypatch.undo()
        for again in (writer.commit, lambda: writer.add(Story("b", "A swan."))):
            with pytest.raises(IndexFaultError, match="failed"):
                again()
    assert keys(engine) == []
    with engine.writer():
        assert not list((quick / "store").glob("segment-*")), "what it left goes with the next"


def test_a_refused_story_does_not_end_its_writer(quick):
    engine = ColumnsEngine(quick / "store", ("en",), create=True)
    with engine.writer() as writer:
        with pytest.raises(StoryError):
            writer.add(Story("", "A swan."))
        writer.add(Story("a", "A swan."))
        writer.commit()
    assert keys(engine) == ["a"]


def test_nothing_is_built_on_an_older_generation(home):
    """Its number would be that of the damaged newest, which holds more."""
    newest(home).write_bytes(b"")
    engine = ColumnsEngine(store_of(home), ("en",))
    with engine.writer() as writer:
        writer.add(Story("d", "A swan."))
        with pytest.raises(IndexFaultError, match="damaged"):
            writer.commit()
    assert newest(home).read_bytes() == b""


def test_a_merge_keeps_what_is_not_committed_yet(quick, monkeypatch):
    """A draft that is written before its commit was swept away by a merge between the two."""
    monkeypatch.setattr(writing, "SEGMENT_WORDS", 1)
    monkeypatch.setattr(writing, "BATCH", 1)
    engine = ColumnsEngine(quick / "store", ("en",), create=True)
    with engine.writer() as writer:
        for number in range(3):
            writer.add(Story(f"a{number}", "A swan."))
            writer.commit()
        writer.add(Story("b", "A swan."))
        writer.merge()  # type: ignore[attr-defined]
        writer.commit()
    assert keys(engine, Word("swan")) == ["a0", "a1", "a2", "b"]


def test_a_manifest_under_the_name_of_another_generation_is_damage(home):
    """An older one as the newest would answer as if nothing had been removed since."""
    path = newest(home)
    number = int(path.stem.split("-")[1])
    path.with_name(f"generation-{number + 1}.json").write_bytes(path.read_bytes())
    with Library.open(home) as library:
        assert len(library) == 2
        assert f"generation-{number + 1}.json" in library.degraded


def test_a_newest_manifest_that_is_gone_is_noticed(home):
    """Its commit was reported; without it the one before answered as if nothing was amiss."""
    path = newest(home)
    path.unlink()
    with Library.open(home) as library:
        assert len(library) == 3
        assert path.name in library.degraded
        assert path.name in library.check()[0]
        library.rebuild()
        assert not library.check(deep=True)
        assert len(library) == 3


def test_a_story_that_is_replaced_before_its_commit_is_there_once(quick, monkeypatch):
    """Its first version lies in the same segment, deleted, under the same key."""
    monkeypatch.setattr(writing, "BATCH", 1)
    engine = ColumnsEngine(quick / "store", ("en",), create=True)
    with engine.writer() as writer:
        for number in range(3):
            writer.add(Story("a", f"Swan {number}."))
            writer.add(Story(f"b{number}", "A lake."))
        writer.commit()
        found = engine.reader().get("a")
        assert found is not None
        assert found.body == "Swan 2."
        assert list(engine.faults(deep=True)) == []
        writer.add(Story("a", "Swan 9."))
        writer.commit()
        assert keys(engine, Word("swan")) == ["a"]
        assert writer.remove("a")
        writer.commit()
    assert keys(engine) == ["b0", "b1", "b2"]


@pytest.mark.parametrize(("said", "instead"), [("balletsearch", "balletseerch"), (": 2", ": 3")])
def test_a_manifest_with_a_flipped_bit_is_damaged_not_foreign_or_outdated(home, said, instead):
    """As those it would not be mended, and one would be told to delete it."""
    path = home / "manifest.json"
    text = path.read_text("utf-8")
    path.write_text(text.replace(said, instead, 1), "utf-8")
    with Library.open(home) as library:
        with pytest.raises(IndexFaultError, match=r"manifest\.json is damaged"):
            library.search("swan")
        assert library.rebuild() == Mended(2)


def test_a_sound_manifest_of_another_program_is_foreign_still(home):
    path = home / "manifest.json"
    data = json.loads(path.read_text("utf-8"))
    del data["checksum"]
    data["made_by"] = "another"
    path.write_text(json.dumps({**data, "checksum": checksum_of(data)}), "utf-8")
    with Library.open(home) as library, pytest.raises(IndexFaultError, match="was not written by"):
        library.search("swan")


def test_a_lost_manifest_is_not_told_as_no_index(home):
    (home / "manifest.json").unlink()
    with Library.open(home) as library:
        with pytest.raises(IndexFaultError, match=r"manifest\.json is missing.*--repair"):
            library.search("swan")
        assert "manifest.json is missing" in library.check()[0]
        assert library.rebuild() == Mended(2)


def test_what_was_deleted_stays_deleted_where_an_older_list_tells(home):
    with Library.open(home) as library:
        library.remove("c")
        library.add(letter("b", 2), letter("e", 1))
        before = held(home)
    damaged = json.loads(newest(home).read_text("utf-8"))["segments"][0]["deleted"]
    if damaged:
        (store_of(home) / damaged["name"]).write_bytes(b"")
    with Library.open(home) as library:
        library.rebuild()
    assert held(home) == before


def test_a_store_that_is_gone_is_told_and_built_anew(quick, collection):
    folder = collection(**{"a.txt": "A swan in Moscow."})
    home = quick / "index"
    with Library.open(home) as library:
        library.sync(folder)
        library.add(letter("b", 1))
        store = store_of(home)
        store.rename(quick / "gone")
        assert store.name in library.check()[0]
        mended = library.rebuild()
        assert mended.stories == 1
        assert store.name in mended.lost[0]
        assert library.search("moscow").total == 1


def test_the_folders_above_a_new_index_are_synced(quick):
    """Else the first commits, reported as they are, go with the name of their folder."""
    synced: list[str] = []

    def after(what: str, where: object, _size: int) -> None:
        if what == "fsync" and isinstance(where, int):
            synced.append(Path(f"/proc/self/fd/{where}").resolve().name)

    if not Path("/proc/self/fd").exists():
        pytest.skip("Handles cannot be told by name here.")
    with watched(quick, after=after), Library.open(quick / "one" / "two") as library:
        library.add(letter("a", 1))
    assert synced[:2] == [quick.name, "one"]


def test_who_holds_the_lock_need_not_be_written(home, monkeypatch):
    """A message to others is no reason for a commit to fail."""

    def refused(*_: object, **__: object) -> None:
        raise OSError("no room")

    before = held(home)
    monkeypatch.setattr("balletsearch.locking._say_who", refused)
    with Library.open(home) as library:
        library.add(letter("d", 1))
    assert held(home) == wrote(before, letter("d", 1))
