"""Is each thing on the disk before the thing that names it?

The calls of every kind of commit are recorded: data, then the folder, then the manifest under
another name, then its rename, then the folder again, and only then the commit is told as done.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from disk import watched
from effort import ran
from support import letter, merging_always

from balletsearch.engines.columns import ColumnsEngine


def plain(key: str, version: int) -> Any:
    return replace(letter(key, version), header={})


def first(engine: ColumnsEngine) -> None:
    with engine.writer() as writer:
        writer.add(plain("a", 1))
        writer.commit()


def second(engine: ColumnsEngine) -> None:
    with engine.writer() as writer:
        writer.add(plain("b", 1))
        writer.add(plain("c", 1))
        writer.commit()


def replacing(engine: ColumnsEngine) -> None:
    with engine.writer() as writer:
        writer.add(plain("b", 2))
        writer.commit()


def removing(engine: ColumnsEngine) -> None:
    with engine.writer() as writer:
        writer.remove("c")
        writer.commit()


def adding_with_a_merge(engine: ColumnsEngine) -> None:
    with merging_always(), engine.writer() as writer:
        writer.add(plain("d", 1))
        writer.commit()


def merging_all(engine: ColumnsEngine) -> None:
    second(engine)
    with engine.writer() as writer:
        writer.merge()  # type: ignore[attr-defined]


COMMITS = (first, second, replacing, removing, adding_with_a_merge, merging_all)


class Record:
    """What was done, by names within the folder; a handle is told as what it stands for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.calls: list[tuple[str, str]] = []

    def after(self, what: str, where: Any, _size: int) -> None:
        if isinstance(where, int):
            number = os.fstat(where).st_ino
            places = [self.folder, *self.folder.iterdir()]
            where = next((p for p in places if os.stat(p).st_ino == number), "without a name")
        self.calls.append((what, Path(where).name))


def check_order(calls: list[tuple[str, str]], folder: str) -> None:
    """Every manifest that was renamed into place is preceded by all that it needs."""
    done = [(what, name) for what, name in calls if what in ("create", "fsync", "replace")]
    renames = [i for i, (what, _) in enumerate(done) if what == "replace"]
    assert renames
    for i in renames:
        aside = done[i][1]
        assert aside.startswith("generation-")
        created = [n for w, n in done[:i] if w == "create" and n.endswith(".npz")]
        made = done.index(("create", aside))
        for name in created:
            synced = done.index(("fsync", name))
            assert ("fsync", folder) in done[synced:made], f"{name} is named before its folder"
        assert done[made + 1] == ("fsync", aside)
        assert i == made + 2
        assert done[i + 1] == ("fsync", folder), "the commit is told before its name is sure"
    assert ("unlink", "") not in calls


@pytest.mark.parametrize("kind", range(len(COMMITS)), ids=[c.__name__ for c in COMMITS])
@pytest.mark.parametrize("durable", [True, False], ids=["durable", "not durable"])
def test_data_then_folder_then_manifest_then_its_name(quick, kind, durable):
    folder = quick / "store"
    engine = ColumnsEngine(folder, ("en",), create=True, durable=durable)
    for before in COMMITS[:kind]:
        before(engine)
    record = Record(folder)
    with watched(folder, after=record.after):
        COMMITS[kind](engine)
    assert any(what == "replace" for what, _ in record.calls)
    if durable:
        check_order(record.calls, folder.name)
    else:
        assert not [call for call in record.calls if call[0] == "fsync"]
    ran("order of syncs: kinds of commits")


def test_nothing_is_deleted_before_the_new_name_is_sure(quick):
    folder = quick / "store"
    engine = ColumnsEngine(folder, ("en",), create=True)
    first(engine)
    second(engine)
    record = Record(folder)
    with watched(folder, after=record.after):
        adding_with_a_merge(engine)
    calls = [what for what, _ in record.calls]
    assert "unlink" in calls
    renamed = calls.index("replace")
    assert "fsync" in calls[renamed : calls.index("unlink")]
