"""What if it cannot be read what was deleted? Nothing comes back without a word."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from support import letter

from balletsearch import IndexFaultError, Library, Mended
from balletsearch.cli.running import run

KEYS = tuple(f"k{i}" for i in range(10))


@pytest.fixture
def home(quick) -> Path:
    """Ten stories in one segment, of which one was removed."""
    with Library.open(quick / "index") as library:
        library.add(*(letter(key, 1) for key in KEYS))
        library.remove("k3")
    return quick / "index"


def the_list(home: Path) -> Path:
    return max(home.glob("store-*/deleted-*.npz"), key=os.path.getmtime)


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def numbers_at(path: Path) -> int:
    """Where the numbers of the deleted are in their file."""
    return path.read_bytes().index(b"\x93NUMPY") + 128


def rebuilt(home: Path) -> Mended:
    with Library.open(home) as library:
        return library.rebuild()


def held(home: Path) -> set[str]:
    with Library.open(home) as library:
        assert library.check(deep=True) == ()
        return {story.key for story in library.stories()}


@pytest.mark.parametrize("harm", ["flipped", "missing", "empty"])
def test_all_that_may_have_been_deleted_is_named(home, harm):
    path = the_list(home)
    match harm:
        case "flipped":
            flip(path, numbers_at(path))
        case "missing":
            path.unlink()
        case _:
            path.write_bytes(b"")
    mended = rebuilt(home)
    assert (mended.lost, set(mended.doubtful)) == ((), set(KEYS))
    assert held(home) == set(KEYS)


def test_the_command_names_them_and_its_exit_code_says_so(home, capsys):
    flip(the_list(home), numbers_at(the_list(home)))
    assert run(["check", "--repair", "--index", str(home)]) == 3
    said = capsys.readouterr().err.splitlines()
    assert [line.rpartition(" ")[2] for line in said if "may have been removed" in line] == [*KEYS]


def test_a_list_of_which_only_the_contents_are_damaged_still_counts(home):
    flip(the_list(home), the_list(home).read_bytes().index(b'{"file"'))
    assert rebuilt(home) == Mended(9)
    assert held(home) == set(KEYS) - {"k3"}


def test_what_was_replaced_is_known_to_be_deleted(quick):
    home = quick / "index"
    with Library.open(home) as library:
        library.add(*(letter(key, 1) for key in KEYS))
        library.add(letter("k3", 2))
    flip(the_list(home), numbers_at(the_list(home)))
    assert rebuilt(home) == Mended(10)
    with Library.open(home) as library:
        assert library.get("k3").body == letter("k3", 2).body


def test_what_was_replaced_is_not_in_doubt_with_the_rest(quick):
    home = quick / "index"
    with Library.open(home) as library:
        library.add(*(letter(key, 1) for key in KEYS))
        library.add(letter("k3", 2))
        library.remove("k4", "k5")
    for path in home.glob("store-*/deleted-*.npz"):
        flip(path, numbers_at(path))
    mended = rebuilt(home)
    assert set(mended.doubtful) == set(KEYS) - {"k3"}
    with Library.open(home) as library:
        assert library.get("k3").body == letter("k3", 2).body


@pytest.mark.parametrize("number", [errno.EACCES, errno.EMFILE])
def test_a_list_that_is_refused_for_now_is_waited_for(home, monkeypatch, number):
    """It is there and whole: nothing may be given up for it."""
    path, opened = the_list(home), Path.open

    def refused(self: Path, *rest: object, **named: object) -> object:
        if self == path:
            raise OSError(number, os.strerror(number), str(path))
        return opened(self, *rest, **named)

    before = {p: p.read_bytes() for p in home.rglob("*") if p.suffix in (".json", ".npz")}
    monkeypatch.setattr(Path, "open", refused)
    with Library.open(home) as library, pytest.raises(IndexFaultError, match=path.name) as said:
        library.rebuild()
    assert os.strerror(number) in str(said.value)
    assert "try again" in str(said.value)
    monkeypatch.undo()
    assert {p: p.read_bytes() for p in before} == before
    assert held(home) == set(KEYS) - {"k3"}


def test_a_manifest_that_is_damaged_takes_its_deletions_with_it(home):
    newest = max(home.glob("store-*/generation-*.json"), key=os.path.getmtime)
    newest.write_text("{}")
    mended = rebuilt(home)
    assert mended.doubtful == ("whatever the newest commit removed",)
    assert held(home) == set(KEYS)


def test_a_damaged_manifest_of_a_commit_that_removed_nothing_raises_no_doubt(quick):
    home = quick / "index"
    with Library.open(home) as library:
        library.add(letter("a", 1))
        library.add(letter("b", 1))
    newest = max(home.glob("store-*/generation-*.json"), key=os.path.getmtime)
    newest.write_text("{}")
    assert rebuilt(home) == Mended(2)
    assert held(home) == {"a", "b"}
