"""What is a file called in keys, and when is a commit due?"""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balletsearch import Library, batches, cli, gazetteer
from balletsearch.batches import Batch
from balletsearch.changes import Placing, place
from balletsearch.cli import running

NAMES = st.sampled_from(["a", "b c", "é", "e\u0301", "..", ".", "home", "homes", "x.txt"])
PATHS = st.builds(
    lambda root, names: Path(root, *names),
    st.sampled_from(["", "/", "/home", "/home/a", "/homes"]),
    st.lists(NAMES, max_size=4),
)


@given(PATHS, PATHS)
def test_many_paths_are_called_what_each_is_by_itself(path: Path, base: Path) -> None:
    assert Placing(base)(str(path)) == place(path, base)


def test_a_commit_is_due_after_so_many_stories_characters_or_seconds(monkeypatch) -> None:
    now = [0.0]
    monkeypatch.setattr(batches.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(batches, "STORIES", 3)
    monkeypatch.setattr(batches, "CHARACTERS", 100)
    batch = Batch("columns")
    assert [batch.full(10) for _ in range(3)] == [False, False, True]
    batch.begin()
    assert [batch.full(60) for _ in range(2)] == [False, True]
    batch.begin()
    now[0] += batches.SECONDS + 1
    assert batch.full(1)
    batch.begin()
    assert not batch.full(1)


def test_an_engine_that_keeps_its_batch_in_memory_commits_more_often() -> None:
    kept, written = Batch("whoosh"), Batch("columns")
    assert [kept.full(5_000_000), kept.full(5_000_000)] == [False, True]
    assert [written.full(5_000_000), written.full(5_000_000)] == [False, False]


@pytest.mark.parametrize("own", [[], ["[work]\n'Velt' = {}\n"]])
def test_names_have_one_fingerprint_read_or_not(tmp_path, own: list[str]) -> None:
    files = []
    for number, text in enumerate(own):
        files.append(tmp_path / f"{number}.toml")
        files[-1].write_text(text, "utf-8")
    extra = tuple(files)
    assert gazetteer.fingerprint(extra) == gazetteer.load(extra).fingerprint()


def test_a_program_is_left_alone_by_a_sync_where_rings_are_looked_for(collection, tmp_path) -> None:
    folder = collection(**{"a.txt": "A swan."})
    before = gc.isenabled(), gc.get_threshold(), gc.get_freeze_count()
    seen: list[object] = []

    def told(*_: int) -> None:
        seen.append((gc.isenabled(), gc.get_threshold(), gc.get_freeze_count()))

    with Library.open(tmp_path / "index") as library:
        library.sync(folder, progress=told)
    assert set(seen) == {before}


def test_a_command_looks_for_rings_seldom(monkeypatch) -> None:
    before = gc.get_threshold()
    seen: list[int] = []

    def noted(_: list[str]) -> int:
        seen.append(gc.get_threshold()[0])
        return 0

    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    monkeypatch.setattr(running, "run", noted)
    try:
        with pytest.raises(SystemExit):
            cli.main()
    finally:
        gc.set_threshold(*before)
        frozen = gc.get_freeze_count()
        gc.unfreeze()
    assert seen == [cli.SWEPT]
    assert frozen > 0
    assert before[0] < cli.SWEPT
