"""Are the stories of a folder found, and nothing else?"""

from __future__ import annotations

import os
import sys
import unicodedata
from pathlib import Path

import pytest

from balletsearch.errors import SourceError
from balletsearch.reading import places, walk
from balletsearch.reports import Skip


def fill(root: Path, *names: str) -> Path:
    for name in names:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("A swan.", "utf-8")
    return root


def found(root: Path, **options: list[Path]) -> list[str]:
    return [
        item.path if isinstance(item, Skip) else item.relative_to(root).as_posix()
        for item in walk(root, **options)
    ]


def test_stories_are_known_by_their_suffix_in_any_case(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt", "b.MD", "c.jsonl", "d.JsonL.gz", "e.pdf", "f.gz", "g.txt.gz", "txt")
    assert found(tmp_path) == ["a.txt", "b.MD", "c.jsonl", "d.JsonL.gz"]


PASSED_OVER = (
    ".hidden.txt",
    ".git/a.txt",
    "README.md",
    "readme.en.txt",
    "LICENSE.txt",
    "Licence-MIT.md",
    "CHANGELOG.md",
    "env/lib/a.txt",
    "node_modules/a/b.md",
    "__pycache__/a.txt",
)
KEPT = ("License to Dance.md", "Readmeister.txt", "environment.txt", "deep/er/a.txt")


def test_what_belongs_to_the_folder_and_not_to_the_reader_is_passed_over(tmp_path: Path) -> None:
    fill(tmp_path, "env/pyvenv.cfg", *PASSED_OVER, *KEPT)
    assert sorted(found(tmp_path)) == sorted(KEPT)


def test_the_order_is_that_of_the_names_in_nfc(tmp_path: Path) -> None:
    names = ["b.txt", "a/z.txt", "a/b.txt", "e\u0301a.txt", "ez.txt", "\u00e9b.txt"]
    fill(tmp_path, *names)
    expected = sorted(names, key=lambda n: unicodedata.normalize("NFC", n).split("/"))
    assert found(tmp_path) == expected


def test_the_folders_given_are_passed_over(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt", "index/b.txt", "x/index/c.txt")
    assert found(tmp_path, skip_folders=[tmp_path / "x" / ".." / "index"]) == [
        "a.txt",
        "x/index/c.txt",
    ]


def test_an_ignore_file_names_what_is_passed_over(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt", "draft-1.txt", "old/a.txt", "x/old/b.txt", "x/draft-2.md", "x/c.txt")
    (tmp_path / ".balletsearchignore").write_text("# mine\ndraft-*\n/old/\n", "utf-8")
    assert found(tmp_path) == ["a.txt", "x/c.txt", "x/old/b.txt"]


def test_a_nested_ignore_file_speaks_for_its_folder_and_has_the_last_word(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt", "b.txt", "x/a.txt", "x/b.txt", "x/y/b.txt")
    (tmp_path / ".balletsearchignore").write_text("a.txt\n", "utf-8")
    (tmp_path / "x" / ".balletsearchignore").write_text("!a.txt\n/b.txt\n", "utf-8")
    assert found(tmp_path) == ["b.txt", "x/a.txt", "x/y/b.txt"]


def test_an_ignore_file_matches_names_however_their_accents_are_stored(tmp_path: Path) -> None:
    fill(tmp_path, "e\u0301tude.txt")
    (tmp_path / ".balletsearchignore").write_text("\u00e9tude.txt", "utf-8")
    assert found(tmp_path) == []


def test_a_folder_whose_ignore_file_cannot_be_read_is_reported_and_not_read(
    tmp_path: Path,
) -> None:
    fill(tmp_path, "a.txt", "x/private.txt")
    (tmp_path / "x" / ".balletsearchignore").write_bytes(b"priv\xe9\n")
    first, skip = walk(tmp_path)
    assert first == tmp_path / "a.txt"
    assert isinstance(skip, Skip)
    assert skip.path == str(tmp_path / "x")


def link(place: Path, target: Path) -> None:
    try:
        place.symlink_to(target, target_is_directory=target.is_dir())
    except OSError:
        pytest.skip("this system does not let an ordinary user make links")


def test_links_lead_neither_out_nor_round_in_circles(tmp_path: Path) -> None:
    fill(tmp_path, "outside/secret.txt", "root/a.txt", "root/x/b.txt")
    root = tmp_path / "root"
    link(root / "out", tmp_path / "outside")
    link(root / "out.txt", tmp_path / "outside" / "secret.txt")
    link(root / "x" / "loop", root)
    link(root / "gone.txt", root / "nowhere.txt")
    assert found(root) == ["a.txt", "x/b.txt"]


def test_the_root_itself_may_be_a_link_or_hidden(tmp_path: Path) -> None:
    fill(tmp_path, ".stories/a.txt")
    link(tmp_path / "here", tmp_path / ".stories")
    assert found(tmp_path / "here") == ["a.txt"]
    assert found(tmp_path / ".stories") == ["a.txt"]


def test_an_unreadable_folder_is_reported_and_loses_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, "a/a.txt", "b/b.txt", "c/c.txt")
    scan = os.scandir

    def refuse(place: Path) -> object:
        if place.name == "b":
            raise PermissionError(13, "Permission denied")
        return scan(place)

    # A mode of 000 does not stop the superuser, as whom tests often run.
    monkeypatch.setattr(os, "scandir", refuse)
    first, skip, last = walk(tmp_path)
    assert (first, last) == (tmp_path / "a" / "a.txt", tmp_path / "c" / "c.txt")
    assert isinstance(skip, Skip)
    assert skip.path == str(tmp_path / "b")
    assert "Permission denied" in skip.reason


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux stores any bytes as a name")
def test_names_that_could_not_be_told_apart_or_written_are_reported(tmp_path: Path) -> None:
    fill(tmp_path, "e\u0301.txt", "\u00e9.txt")
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("A swan.", "utf-8")
    items = list(walk(tmp_path))
    skips = [item for item in items if isinstance(item, Skip)]
    assert len(items) == 3
    assert [s.path.encode().decode() for s in skips] == [s.path for s in skips]
    assert {"Unicode" in s.reason for s in skips} == {True, False}


def test_a_single_file_is_a_root_of_its_own(tmp_path: Path) -> None:
    fill(tmp_path, "README.md")
    assert list(walk(tmp_path / "README.md")) == [tmp_path / "README.md"]


@pytest.mark.parametrize("name", ["nowhere", "a.pdf"])
def test_a_root_that_cannot_hold_stories_is_refused(tmp_path: Path, name: str) -> None:
    fill(tmp_path, "a.pdf")
    with pytest.raises(SourceError, match=name):
        list(walk(tmp_path / name))


@pytest.mark.parametrize("root", [".", "a", "./a", "a/b/..", "a/b/c.txt"])
def test_places_are_written_as_paths_are(tmp_path, monkeypatch, root: str) -> None:
    for name in ("d.txt", "a/e.md", "a/b/c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", "utf-8")
    monkeypatch.chdir(tmp_path)
    found = list(places(Path(root)))
    assert found
    assert found == [str(path) for path in walk(Path(root))]
    assert all(Path(str(place)).is_file() for place in found)
