"""Can a long story be kept as parts, an index be one piece, and a disk be left alone?"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from balletsearch import Library, Story
from balletsearch.engines import ENGINES
from balletsearch.errors import IndexMissingError, StoryError
from balletsearch.rendering.documents import exported

CHAPTERS = ("A swan came.", "The lake froze.", "Two swans left.")


def told(library: Library, query: str = "*", **options: object) -> list[str]:
    return [hit.key for hit in library.search(query, limit=None, **options)]  # type: ignore[arg-type]


@pytest.fixture(params=ENGINES)
def library(request, tmp_path):
    with Library.open(tmp_path / "index", engine=request.param) as opened:
        opened.replace("lake", [Story("", body, {"title": f"Swan {body}"}) for body in CHAPTERS])
        opened.add(Story("other", "A swan elsewhere."))
        yield opened


def test_parts_are_found_by_themselves_and_belong_together(library):
    assert told(library, "froze") == ["lake#2"]
    assert told(library, "swan", where={"parent": "lake"}, sort="-ordinal") == [
        "lake#3",
        "lake#2",
        "lake#1",
    ]
    assert told(library, "parent:lake left") == ["lake#3"]
    [value] = library.search("swan", facets="parent").facets["parent"].values
    assert (value.value, value.count) == ("lake", 3)
    story = library.get("lake#2")
    assert (story.parent, story.ordinal, story.title) == ("lake", 2, "Swan The lake froze.")


def test_new_parts_take_the_place_of_all_before(library):
    library.replace("lake", [Story("lake, the end", "No swan is left.", {"Parent": "x"})])
    assert told(library) == ["lake, the end", "other"]
    assert library.get("lake, the end").parent == "lake"
    library.add(Story("lake", "The whole of it."))
    library.replace("lake", [Story("", body) for body in CHAPTERS])
    assert told(library) == ["lake#1", "lake#2", "lake#3", "other"]
    assert library.remove("lake") == 1
    assert told(library) == ["other"]


def test_parts_are_parts_after_a_rebuild_and_an_export(library, tmp_path):
    def parts(of: Library) -> list[tuple[str, str, int, str]]:
        return [(s.key, s.parent, s.ordinal, s.body) for s in of.stories()]

    before = parts(library)
    library.rebuild()
    assert parts(library) == before
    file = tmp_path / "stories" / "all.jsonl"
    file.parent.mkdir()
    file.write_text("".join(json.dumps(exported(s)) + "\n" for s in library.stories()), "utf-8")
    with Library.open(tmp_path / "again") as again:
        again.sync(file)
        assert [found[1:] for found in parts(again)] == [known[1:] for known in before]


def test_a_part_that_cannot_be_stored_changes_nothing(library):
    with pytest.raises(StoryError):
        library.replace("lake", [Story("", "good"), Story("", "bad \ud800")])
    with pytest.raises(StoryError, match="takes stories as parts"):
        library.replace("lake", ["text"])
    assert told(library, where={"parent": "lake"}) == ["lake#1", "lake#2", "lake#3"]


def test_what_comes_from_a_file_is_not_replaced(tmp_path):
    folder = tmp_path / "stories"
    folder.mkdir()
    (folder / "a.txt").write_text("---\nordinal: three\nparent: lake\n---\nA swan.", "utf-8")
    with Library.open(tmp_path / "index") as library:
        report = library.sync(folder)
        assert "no whole number" in report.skipped[0].reason
        assert not report.skipped[0].lost
        story = library.get("stories/a.txt")
        assert (story.parent, story.ordinal) == ("lake", 0)
        with pytest.raises(StoryError, match="comes from a file"):
            library.replace("stories/a.txt", [])
        with pytest.raises(StoryError, match="comes from a file"):
            library.replace("b", [Story("stories/a.txt", "text")])


def pieces(library: Library) -> int:
    patterns = ("store-*/segment-*.npz", "store-*/*.seg")
    return sum(len(list(library.path.glob(pattern))) for pattern in patterns)


def test_merging_leaves_one_piece_that_answers_alike(library):
    library.remove("other")
    library.add(Story("last", "A last swan."))
    before = told(library, "swan"), [s.key for s in library.stories()]
    library.merge()
    assert (told(library, "swan"), [s.key for s in library.stories()]) == before
    library.add(Story("more", "A swan more."))
    library.merge()
    assert told(library, "more") == ["more"]
    library.add(Story("more", "A swan more."))
    library.merge()
    # The files of the generation before are kept for one commit more.
    assert pieces(library) <= (3 if library.stats().engine == "columns" else 1)
    assert library.check(deep=True) == ()


def test_there_must_be_an_index_to_merge(tmp_path):
    with Library.open(tmp_path / "index") as library, pytest.raises(IndexMissingError):
        library.merge()
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("durable", [True, False])
def test_only_a_durable_library_waits_for_the_disk(tmp_path, monkeypatch, engine, durable):
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    folder = tmp_path / "stories"
    folder.mkdir()
    (folder / "a.txt").write_text("A swan.", "utf-8")
    place = tmp_path / "far" / "index"
    with Library.open(place, engine=engine, durable=durable) as library:
        library.sync(folder)
        library.add(Story("b", "Two swans."))
        library.remove("b")
        library.add(Story("c", "Three swans."))
        library.merge()
        library.rebuild()
    assert bool(synced) is durable
    with Library.open(place) as library:
        assert len(library) == 2
        assert library.check(deep=True) == ()
        assert not list(Path(place).glob("**/*.tmp"))


@pytest.mark.parametrize(
    ("parent", "keys", "says"),
    [
        ("book", ("a", "a"), "Part 2 of 'book' has the key 'a'"),
        ("b3", ("b3#2", ""), "Part 2 of 'b3' has the key 'b3#2'"),
        ("book", ("a", " a "), "Part 2 of 'book' has the key 'a'"),
        ("book", ("caf\u00e9", "cafe\u0301"), "Part 2"),
        ("book", ("", "book"), "Part 2 of 'book' has the key of the whole"),
        ("book ", (" book",), "has the key of the whole"),
        ("  ", ("a",), "needs a key"),
        ("", ("a",), "needs a key"),
    ],
)
def test_parts_that_could_not_all_be_stored_are_refused(library, parent, keys, says):
    library.add(Story("book", "A whole book."))
    before = told(library)
    with pytest.raises(StoryError, match=says):
        library.replace(parent, [Story(key, f"Text {n}.") for n, key in enumerate(keys)])
    assert told(library) == before


def test_blanks_at_the_ends_of_a_key_do_not_count(library):
    library.replace(" lead", [Story("", f"Chapter {n}.") for n in range(3)])
    assert library.search("*", where={"parent": "lead"}).total == 3
    library.replace(" lead", [Story("", "One chapter.")])
    assert told(library, where={"parent": "lead"}) == ["lead#1"]
    assert library.get(" lead#1 ").body == "One chapter."
    assert library.remove("lead ") == 1
    assert not library.search("*", where={"parent": "lead"})


def test_a_file_whose_name_begins_with_a_blank_is_found_by_its_key(library, tmp_path):
    (tmp_path / " a.txt").write_text("A swan.", "utf-8")
    library.sync(tmp_path / " a.txt")
    assert library.get(" a.txt").body == "A swan."
    assert library.remove(" a.txt") == 1


def test_a_part_that_comes_from_a_file_is_not_replaced(library, collection):
    folder = collection(**{"ch1.txt": "---\nparent: book\n---\nThe first chapter."})
    library.sync(folder)
    library.replace("Book", [Story("", "Of another book.")])
    with pytest.raises(StoryError, match=r"ch1\.txt is a part of 'book' and comes from a file"):
        library.replace("book", [Story("", "Another first chapter.")])
    assert library.get("stories/ch1.txt").parent == "book"
    assert library.get("Book#1").parent == "Book"
