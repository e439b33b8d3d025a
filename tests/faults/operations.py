"""What is done to an index while its disk fails or fills up, and what has to be true then?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support import State, held, junk, letter, merging_always, wrote

from balletsearch import BalletsearchError, Library, Story
from balletsearch.durability import as_faults
from balletsearch.engines.columns import ColumnsEngine
from balletsearch.locking import write_lock

__all__ = ["Operation", "adding", "after_a_fault", "merging", "removal", "same", "state_of", "told"]


@dataclass(frozen=True)
class Operation:
    """Something that is done to an index, and what it makes of a state."""

    name: str
    do: Callable[[Path], Any]
    then: Callable[[State], State]
    empty: bool = False
    """It begins without an index."""


def same(state: State) -> State:
    """Nothing is changed."""
    return state


def adding(name: str, *stories: Story, merges: bool = False, empty: bool = False) -> Operation:
    """A commit of these stories."""

    def add(home: Path) -> None:
        with Library.open(home, patience=0) as library:
            library.add(*stories)

    def add_merging(home: Path) -> None:
        with merging_always():
            add(home)

    do = add_merging if merges else add
    return Operation(name, do, lambda state: wrote(state, *stories), empty)


def removal(*keys: str) -> Operation:
    """A commit that removes stories."""

    def remove(home: Path) -> None:
        with Library.open(home, patience=0) as library:
            library.remove(*keys)

    return Operation(
        "a removal", remove, lambda state: {k: v for k, v in state.items() if k not in keys}
    )


def _merge(home: Path) -> None:
    with as_faults(home), Library.open(home, patience=0) as library:
        (store,) = home.glob("store-*")
        with write_lock(home, 0):
            engine = ColumnsEngine(store, library.settings.languages)
            with engine.writer() as writer:
                writer.merge()  # type: ignore[attr-defined]


merging = Operation("a merge", _merge, same)


def told(error: BalletsearchError, what: str, when: str) -> bool:
    """The error says what the system said."""
    assert what in str(error), when
    return True


def state_of(home: Path) -> State:
    """What an index holds; nothing where there is none."""
    return held(home) if (home / "manifest.json").exists() else {}


def after_a_fault(operation: Operation, home: Path, old: State, *, failed: bool, when: str) -> None:
    """The state is the old one or the new one, and the operation works now."""
    found, new = state_of(home), operation.then(old)
    assert found == new if not failed else found in (old, new), when
    operation.do(home)
    assert held(home) == new, when
    with Library.open(home, patience=0) as library:
        library.add(letter("last", 1))
        assert library.check(deep=True) == (), when
    assert held(home) == wrote(new, letter("last", 1)), when
    assert not junk(home), when
