"""Does a reader that goes on see what one that opens anew sees?

Histories by chance of additions, replacements, removals, merges and rebuilds, with questions to a
library that stays open after some of them: its answers are those of one that opens the index then.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

from effort import chance, figure, ran
from support import State, letter, little_room, wrote

from balletsearch import Library
from balletsearch.engines.columns import ColumnsEngine
from balletsearch.locking import write_lock

HISTORIES = 2_000
STEPS = 6


def answers(library: Library) -> list[Any]:
    """What is derived from all segments, and from each of them."""
    out: list[Any] = [len(library), [(s.key, s.body) for s in library.stories()]]
    counted = [name for name in ("mood", "place") if name in library.fields()]
    for query in ("swan", "lake1 OR version2", '"came to"', "title:letter"):
        found = library.search(query, facets=counted, limit=None)
        out.append([(h.key, h.score, h.spans, str(h.snippet)) for h in found])
        out.append(found.facets)
    out.append(library.fields())
    return out


def merge(home: Path) -> None:
    """Make one segment of all."""
    with Library.open(home) as library, write_lock(home):
        store = next(p for p in home.glob("store-*") if p.is_dir())
        with ColumnsEngine(store, library.settings.languages).writer() as writer:
            writer.merge()  # type: ignore[attr-defined]


def change(home: Path, other: Library, state: State, number: int, pick: random.Random) -> State:
    """One commit by another library; the state after it."""
    what = pick.choice(["add", "add", "replace", "remove", "merge", "rebuild"])
    some = pick.sample(sorted(state), min(2, len(state)))
    if what == "remove" and some:
        other.remove(*some)
        return {k: v for k, v in state.items() if k not in some}
    if what == "merge" and state:
        merge(home)
        return state
    if what == "rebuild" and state:
        other.rebuild()
        return state
    keys = some if what == "replace" and some else [f"s{pick.randrange(9)}", f"t{number}"]
    new = [letter(key, number) for key in keys]
    other.add(*new)
    return wrote(state, *new)


def test_a_library_that_stays_open_sees_what_a_new_one_sees(quick):
    for number in range(figure(HISTORIES)):
        pick = chance(f"refresh {number}")
        home = quick / "index"
        shutil.rmtree(home, ignore_errors=True)
        state: State = {}
        with (
            little_room(fanout=pick.choice([2, 3, 10])),
            Library.open(home) as other,
            Library.open(home) as standing,
        ):
            for step in range(STEPS):
                state = change(home, other, state, step, pick)
                if step and pick.random() < 0.4:
                    continue
                with Library.open(home) as fresh:
                    expected = answers(fresh)
                assert dict(expected[1]) == state, (number, step)
                assert answers(standing) == expected, (number, step)
        ran("refreshing: histories")
