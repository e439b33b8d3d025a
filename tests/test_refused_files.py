"""Is what the system refuses for now told apart from damage, and a missing file still damage?"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from balletsearch import IndexFaultError, Library, Story
from balletsearch.engines.protocol import Engine, SearchRequest
from balletsearch.engines.whoosh import WhooshEngine
from balletsearch.query.nodes import Everything

REFUSALS = ["EMFILE", "ENFILE", "EACCES", "EPERM", "EIO", "ENOMEM"]

Refuse = Callable[[str, str], None]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Three stories, one of them deleted again."""
    with Library.open(tmp_path / "index") as library:
        library.add(*(Story(key, "A swan.") for key in "abc"))
        library.remove("b")
    return tmp_path / "index"


@pytest.fixture
def refuse(monkeypatch: pytest.MonkeyPatch) -> Refuse:
    """Have the system refuse to open files whose names begin so."""
    plain = Path.open

    def from_now_on(beginning: str, how: str) -> None:
        number = getattr(errno, how)

        def opened(self: Path, *args: Any, **named: Any) -> Any:
            if beginning and self.name.startswith(beginning):
                raise OSError(number, os.strerror(number), str(self))
            return plain(self, *args, **named)

        monkeypatch.setattr(Path, "open", opened)

    return from_now_on


@pytest.mark.parametrize("how", REFUSALS)
@pytest.mark.parametrize("name", ["segment-", "deleted-", "generation-", "manifest.json"])
def test_a_refusal_is_no_damage_and_no_reason_for_an_older_generation(home, refuse, name, how):
    refuse(name, how)
    with Library.open(home) as library:
        for ask in (
            lambda: library.search("swan"),
            lambda: library.remove("a"),
            library.rebuild,
        ):
            with pytest.raises(IndexFaultError, match=name) as caught:
                ask()
            said = str(caught.value)
            assert "damaged" not in said
            assert "--repair" not in said
        refuse("", how)
        assert library.search("swan").total == 2
        assert not library.degraded
        assert library.check(deep=True) == ()


@pytest.mark.parametrize("name", ["segment-", "deleted-"])
def test_a_check_names_what_was_refused(home, refuse, name):
    with Library.open(home) as library:
        refuse(name, "EACCES")
        [fault] = library.check()
        assert name in fault
        assert "damaged" not in fault


def test_a_merge_that_may_not_read_says_so(home, refuse):
    with Library.open(home) as library:
        assert library.search("swan").total == 2
        refuse("segment-", "EMFILE")
        with pytest.raises(IndexFaultError, match="Too many open files"):
            library.merge()
        refuse("", "EMFILE")
        library.merge()
        assert library.search("swan").total == 2


@pytest.mark.parametrize("kind", ["missing", "folder"])
@pytest.mark.parametrize("name", ["segment-", "deleted-"])
def test_a_file_that_is_gone_is_damage(home, name, kind):
    [path] = home.glob(f"store-*/{name}*")
    path.unlink()
    if kind == "folder":
        path.mkdir()
    with Library.open(home) as library:
        assert any(path.name in fault and "is damaged" in fault for fault in library.check())
        if name == "segment-":
            with pytest.raises(IndexFaultError, match="is damaged"):
                library.search("swan")
        else:
            assert library.search("swan").total == 3
            assert "is damaged" in library.degraded


@pytest.mark.parametrize("how", REFUSALS)
def test_files_of_whoosh_that_are_refused_are_not_called_damaged(tmp_path, monkeypatch, how):
    engine: Engine = WhooshEngine(tmp_path / "store", ("en",), create=True)
    with engine.writer() as writer:
        writer.add(Story("a", "A swan."))
        writer.commit()
    engine.close()
    number = getattr(errno, how)

    def refused(*_: Any, **__: Any) -> Any:
        raise OSError(number, os.strerror(number), "x.seg")

    from whoosh.filedb.filestore import FileStorage

    monkeypatch.setattr(FileStorage, "open_file", refused)
    with pytest.raises(IndexFaultError, match="cannot be read") as caught:
        WhooshEngine(tmp_path / "store", ("en",)).reader().search(SearchRequest(Everything()))
    assert "damaged" not in str(caught.value)
