"""What is left of an index whose writer is killed? All that was committed; the next one goes on."""

from __future__ import annotations

import os
import shutil
import signal
import time

import pytest
from children import nursery, told
from effort import chance, figure, ran
from support import State, held, junk, letter, wrote

from balletsearch import Library

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="Children are made by fork here.")


@pytest.mark.parametrize("mode", ["add", "update", "delete", "merge"])
def test_a_killed_writer_loses_nothing_that_was_committed(quick, mode):
    pick = chance(f"kill {mode}")
    home = quick / "index"
    state: State = {}
    caught = 0
    with nursery() as children:
        for number in range(figure(250)):
            if len(state) > 60:
                shutil.rmtree(home)
                state = {}
            tell = quick / f"told-{number}"
            child = children.start(
                "commit_on", home=str(home), tell=str(tell), mode=mode, seed=number + 1, state=state
            )
            while not told(tell):
                time.sleep(0.001)
            time.sleep(pick.random() * 0.25)
            os.kill(child, signal.SIGKILL)
            assert children.wait(child) == -signal.SIGKILL
            said = [line for line in told(tell) if line != "ready"]
            done = [then for what, then in said if what == "did"]
            allowed = [done[-1] if done else state]
            if said and said[-1][0] == "will":
                allowed.append(said[-1][1])
                caught += 1
            if said:
                state = held(home) if (home / "manifest.json").exists() else {}
                assert state in allowed, (number, said[-2:])
            with Library.open(home, patience=0) as library:
                library.add(letter(f"after-{number}", number))
                state = wrote(state, letter(f"after-{number}", number))
                assert held(home) == state
                assert not junk(home)
            ran(f"killed writers: {mode}")
    assert caught or number < 5, "No kill met a commit."
