"""What do the tests of faults say again and again?"""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from balletsearch import Library, Story
from balletsearch.columns import (
    building,
    container,
    frequencies,
    merging,
    placing,
    postings,
    ranking,
    segment,
    values,
)
from balletsearch.engines.columns import ordering, scoring, tiers, writing

__all__ = [
    "State",
    "copied",
    "held",
    "held_by",
    "junk",
    "letter",
    "little_room",
    "merging_always",
    "no_hang",
    "wrote",
]

State = dict[str, str]
"""Key → body of every story."""


def letter(key: str, version: int) -> Story:
    """A story without a file. Its body tells its version, with words that a version shares."""
    body = f"The letter {key} says version{version}. A swan came to lake{version % 3}."
    return Story(key, body, header={"title": f"Letter {key}", "mood": f"mood{version % 2}"})


def wrote(state: State, *stories: Story) -> State:
    """A state with some more stories."""
    return {**state, **{one.key: one.body for one in stories}}


def held(home: Path) -> State:
    """All that an index holds; every way of asking has to say the same."""
    with Library.open(home, patience=0) as library:
        return held_by(library)


def held_by(library: Library) -> State:
    """The same of a library that is open and that nobody writes to."""
    found = {story.key: story.body for story in library.stories()}
    everything = library.search("*", limit=None, snippets=False)
    assert everything.total == len(everything.hits) == len(found) == len(library)
    assert {hit.key: hit.story.body for hit in everything} == found
    for word in ("swan", "lake1", "version3"):
        hits = library.search(word, limit=None, snippets=False)
        expected = {key for key, body in found.items() if word in body.lower().rstrip(".")}
        assert {hit.key for hit in hits} == {k for k in expected if _has(found[k], word)}
    return found


def _has(body: str, word: str) -> bool:
    return word in body.lower().replace(".", " ").split()


def junk(home: Path) -> set[str]:
    """Files in an index that nothing there names."""
    manifest = json.loads((home / "manifest.json").read_text("utf-8"))
    store = home / manifest["store"]
    named = {"manifest.json", "write.lock", "write.holder", store.name}
    newest = sorted(store.glob("generation-*.json"), key=lambda p: int(p.stem.split("-")[1]))[-2:]
    for path in newest:
        named.add(path.name)
        for record in json.loads(path.read_text("utf-8"))["segments"]:
            named.add(record["placed"]["name"])
            if record["deleted"]:
                named.add(record["deleted"]["name"])
    return {path.name for path in home.rglob("*")} - named


def copied(template: Path, to: Path) -> Path:
    """An index once more, in a folder that is made anew."""
    shutil.rmtree(to, ignore_errors=True)
    return Path(shutil.copytree(template, to, copy_function=shutil.copyfile))


@contextmanager
def merging_always() -> Iterator[None]:
    """Each commit merges what it can."""
    with patch.object(tiers, "FANOUT", 2):
        yield


@contextmanager
def little_room(fanout: int = 2) -> Iterator[None]:
    """Everything that is bounded has hardly any room: many small segments, many merges."""
    with (
        patch.object(writing, "BATCH", 1_000),
        patch.object(writing, "SEGMENT_WORDS", 20),
        patch.object(tiers, "FANOUT", fanout),
        patch.object(placing, "GROUP", 7),
        patch.object(frequencies, "BROAD", 2),
        patch.object(building, "NARROW", 3),
        patch.object(segment, "NARROW", 3),
        patch.object(merging, "PIECE", 5),
        patch.object(values, "_MANY", 0),
        patch.object(values, "_STEPS", 1),
        patch.object(container, "_PART", 0),
        patch.object(ranking, "_FEW", 1),
        patch.object(ordering, "_SOME", 0),
        patch.object(postings, "GALLOP", 0),
        patch.object(scoring, "GALLOP", 0),
    ):
        yield


class HangError(BaseException):
    """Something takes more time of the processor than it may."""


@contextmanager
def no_hang(seconds: float = 2.0) -> Iterator[None]:
    """Stop what takes longer; by the time of this process alone, not by the clock."""
    if os.name == "nt":
        yield
        return

    def stop(*_: Any) -> None:
        raise HangError(f"more than {seconds} seconds")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
