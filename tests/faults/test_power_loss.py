"""Is a commit that was reported there after a loss of power, and is no other one half there?

A history of commits runs on a disk that forgets (`forgetful.py`). After each call that changes
something the power goes: what the disk may then hold is opened.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from disk import CHANGING, watched
from effort import SHARE, chance, ran
from forgetful import HARMS, Forgetful, Tree, laid
from support import State, held, held_by, junk, letter, merging_always, wrote

from balletsearch import IndexFaultError, IndexMissingError, Library
from balletsearch.columns import generations
from balletsearch.engines import ENGINES

COMMITS = 20
A = {"a": letter("a", 1).body}


class Losses:
    """The states after a loss of power, each with the states of the collection it may show."""

    def __init__(self, root: Path, share: float, name: str) -> None:
        self.root = root
        self.disk = Forgetful(root)
        self.chance = chance(name)
        self.share = share
        self.allowed: tuple[State | None, ...] = (None,)
        """None is no index at all."""
        self.found: dict[str, tuple[Tree, tuple[State | None, ...], str]] = {}

    def after(self, what: str, where: Any, size: int) -> None:
        self.disk.after(what, where, size)
        if what in CHANGING:
            # A commit writes some hundred pieces: what lies between them is tried less often.
            self.lose(f"{what} {where}", self.share / 10 if what == "write" else self.share)

    def lose(self, when: str, share: float | None = None) -> None:
        share = self.share if share is None else share
        for harm in HARMS:
            if self.chance.random() < share:
                tree = self.disk.after_loss(harm, self.chance)
                self.found[repr((tree, self.allowed))] = tree, self.allowed, f"{harm} after {when}"


def committed(losses: Losses, change: Any, state: State | None, then: State) -> State:
    """Make one change: while it is under way both states may be found, after it the new one."""
    losses.allowed = state, then
    change()
    losses.allowed = (then,)
    losses.lose("the commit")
    return then


def check(losses: Losses, folder: Path, *, swept: bool = True) -> None:
    """Open all that was found; `swept` where nothing may lie about after a write."""
    for tree, allowed, when in losses.found.values():
        shutil.rmtree(folder, ignore_errors=True)
        laid(tree, folder)
        home = folder / "home" / "index"
        try:
            # An index that was just made and holds nothing yet is as good as none.
            found = (held(home) or None) if home.exists() else None
        except IndexMissingError:
            found = None
        except IndexFaultError as error:
            raise AssertionError(when) from error
        assert found in allowed, when
        with Library.open(home, patience=0) as library:
            assert not library.degraded, when
            if losses.chance.random() < 0.1:
                library.add(letter("after", 0))
                assert held(home) == wrote(found or {}, letter("after", 0)), when
                assert not (swept and junk(home)), when
                assert library.check(deep=True) == (), when
        ran("power loss: states opened")


def test_a_reported_commit_outlives_a_loss_of_power(quick):
    root = quick / "disk"
    root.mkdir()
    home = root / "home" / "index"
    losses = Losses(root, SHARE, "power")
    pick = chance("power, history")
    state: State | None = None
    with merging_always(), watched(root, after=losses.after), Library.open(home) as library:
        for number in range(COMMITS):
            if state and len(state) > 3 and pick.random() < 0.3:
                gone = set(pick.sample(sorted(state), 2))
                then = {k: v for k, v in state.items() if k not in gone}
                state = committed(losses, lambda g=gone: library.remove(*g), state, then)
            else:
                new = [letter(f"s{pick.randrange(12)}", number) for _ in range(3)]
                then = wrote(state or {}, *new)
                state = committed(losses, lambda n=new: library.add(*n), state, then)
    check(losses, quick / "found")


def test_merges_parts_and_syncs_outlive_a_loss_of_power(quick):
    """Each is one commit: what is put in the place of parts, what a folder has come to hold."""
    root, stories = quick / "disk", quick / "stories"
    root.mkdir()
    stories.mkdir()
    losses = Losses(root, SHARE / 2, "power, all")
    pick = chance("power, all kinds")
    parts: dict[str, int] = {}
    state: State | None = None
    with watched(root, after=losses.after), Library.open(root / "home" / "index") as library:
        for number in range(COMMITS // 2):
            kind = ("replace", "sync", "replace", "merge")[number % 4]
            then = dict(state or {})
            if kind == "replace":
                key = pick.choice(("book", "tale"))
                new = [letter(f"{key}#{i + 1}", number) for i in range(pick.randrange(1, 4))]
                for i in range(parts.get(key, 0)):
                    del then[f"{key}#{i + 1}"]
                parts[key] = len(new)
                then = wrote(then, *new)
                change = partial(library.replace, key, [replace(one, key="") for one in new])
            elif kind == "sync":
                for name in ("a.txt", "b.txt"):
                    body = letter(name, number).body
                    (stories / name).write_text(body, "utf-8")
                    then[f"{stories.as_posix()}/{name}"] = body
                change = partial(library.sync, stories, checksum=True)
            else:
                change = library.merge
            state = committed(losses, change, state, then)
        assert held_by(library) == state
    check(losses, quick / "found")


def test_a_durable_commit_is_not_built_on_what_was_never_synced(quick):
    """What was added without waiting for the disk may go, but not what was reported after it."""
    root = quick / "disk"
    root.mkdir()
    home = root / "home" / "index"
    losses = Losses(root, 0, "mixed")
    state: State = {}
    with watched(root, after=losses.after):
        for number in range(4):
            fleeting, lasting = letter(f"f{number}", number), letter(f"l{number}", number)
            with Library.open(home, durable=False) as library:
                library.add(fleeting)
            state = wrote(state, fleeting)
            with Library.open(home) as library:
                library.add(lasting)
            state = wrote(state, lasting)
            losses.allowed = (state,)
            losses.lose("a durable commit", 1)
    check(losses, quick / "found")


def test_a_rebuild_may_be_cut_short_by_a_loss_of_power(quick):
    root = quick / "disk"
    root.mkdir()
    home = root / "home" / "index"
    losses = Losses(root, 0, "rebuild")
    with watched(root, after=losses.after), Library.open(home) as library:
        stories = [letter(f"s{i}", i) for i in range(5)]
        state = committed(losses, lambda: library.add(*stories), None, wrote({}, *stories))
        losses.share = SHARE
        committed(losses, library.rebuild, state, state)
    check(losses, quick / "found")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("before", ["added", "rebuilt", "stopped"])
def test_what_was_written_without_waiting_is_synced_before_what_is_built_on_it(
    quick, engine, before
):
    """From the first commit that waits on, all that it stands on outlives a loss of power too."""
    root = quick / "disk"
    root.mkdir()
    home = root / "home" / "index"
    losses = Losses(root, 0, f"mixed {before}")
    state: State = A
    with watched(root, after=losses.after):
        durable = before == "rebuilt"
        with Library.open(home, engine=engine, durable=durable) as library:
            library.add(letter("a", 1))
        with Library.open(home, durable=False) as library:
            if before == "rebuilt":
                library.rebuild()
            elif before == "stopped":
                library.add(letter("gone", 1))
                library.remove("gone")
        with Library.open(home) as library:
            library.add(letter("b", 1))
            state = wrote(state, letter("b", 1))
            losses.allowed = (state,)
            losses.lose("the first commit that waits", 1)
            losses.share = SHARE
            committed(
                losses, lambda: library.add(letter("c", 1)), state, wrote(state, letter("c", 1))
            )
    check(losses, quick / "found", swept=engine == ENGINES[0])


def test_the_model_finds_a_folder_that_is_not_synced(quick, monkeypatch):
    """This test can fail: without the syncs of folders commits that were reported are lost."""
    monkeypatch.setattr(generations, "sync_folder", lambda _: None)
    root = quick / "disk"
    root.mkdir()
    home = root / "home" / "index"
    losses = Losses(root, 0.2, "unsynced")
    with watched(root, after=losses.after), Library.open(home) as library:
        state = committed(losses, lambda: library.add(letter("a", 1)), None, A)
        committed(losses, lambda: library.add(letter("b", 1)), state, wrote(A, letter("b", 1)))
    with pytest.raises(AssertionError):
        check(losses, quick / "found")


@pytest.mark.parametrize("harm", HARMS)
def test_the_model_forgets_what_was_not_synced(tmp_path, harm):
    """The layer itself: without any fsync nothing is sure, and what is lost is lost."""
    disk = Forgetful(tmp_path)
    with watched(tmp_path, after=disk.after), (tmp_path / "file").open("wb") as file:
        file.write(b"some bytes")
    found = disk.after_loss(harm, chance("model"))
    expected = {"lost": [None], "zeroed": [bytes(10)], "kept": [b"some bytes"]}
    if harm in expected:
        assert [found.get("file")] == expected[harm]
    else:
        assert len(found.get("file") or b"") <= 10
