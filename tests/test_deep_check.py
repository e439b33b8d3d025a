"""Does a deep check see an array that is wrong, though its checksums are right?

Each array of a small segment is rewritten with values that it might well have: one more, one less,
another one of its own, two in each other's place.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from balletsearch import Library, Story
from balletsearch.columns import generations
from balletsearch.columns.container import Container, Placed
from balletsearch.columns.generations import Generation, Record
from balletsearch.columns.packing import ContainerWriter
from balletsearch.columns.strings import SALT
from balletsearch.engines.columns.mending import faults
from balletsearch.engines.columns.weights import schema

UNTOLD: Final = {
    "surfaces.at": "a spelling may be any; the words of a text are not cut again",
    "surfaces.text": "as above",
    "exacts.text": "what a form folds to is known to the analysis; mostly its slot tells",
    "exacts.at": "as above",
    "forms.text": "as above",
    "forms.at": "as above",
    "forms.entry": "as above",
    "stems.text": "a stem may be any, entries are not stemmed again; mostly its slot tells",
    "stems.at": "as above",
    "keys.text": "a key may be any; mostly its slot tells",
    "keys.at": "as above",
    "entries.language": "the language of a word is that of its story, which no array says",
    "stream": "another spelling of the same form; other words are seen",
    "sentences": "sentences are not cut again; what ascends within its body may be true",
    "sentences.byte": "as above",
    "paragraphs": "as above",
    "text.docs": "a letter more or less of two texts that lie side by side",
}
"""Arrays of which some wrong values cannot be told from right ones, and why."""

BODIES: Final = (
    "The swan danced. The swan's feathers fell, and Anna's swans danced on. A plié.",
    "In Moscow the Swan was dancing! Nobody saw her.\n\nThe theatre was dark, the the the lake.",
    "",
    "Плие и плиé у станка. Volkonskaya's pupil dances; the lake lay still.",
)


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    """The folder of a segment with all kinds of fields, and words that come in several forms."""
    home = tmp_path_factory.mktemp("deep") / "index"
    with Library.open(home) as library:
        library.add(
            *(
                Story(
                    f"letter{i}",
                    body,
                    header={
                        "title": f"The Letter of Swan {i}",
                        "dancer": ("Anna Pavlova", "Olga Volkonskaya")[: i % 2 + 1],
                        "place": "Europe/Russia/Moscow" if i % 2 else "Paris",
                        "mood": f"mood{i % 3}",
                        "year": str(1900 + i),
                    },
                )
                for i, body in enumerate(BODIES)
            )
        )
    return next(home.glob("store-*"))


def opened(store: Path) -> Container:
    manifest = json.loads((store / "generation-1.json").read_text("utf-8"))
    placed = Placed(**manifest["segments"][0]["placed"])
    return Container(store / placed.name, placed)


def rewritten(store: Path, folder: Path, name: str, instead: np.ndarray) -> list[str]:
    """What a deep check says of the segment with another array in the place of one."""
    was = opened(store)
    folder.mkdir()
    to = ContainerWriter(folder / was.path.name)
    for each in was.names():
        array = was[each].all()
        to.add(each, instead.astype(array.dtype) if each == name else array)
    said = was.attributes
    placed = to.finish(said, durable=False)
    record = Record(placed, said["documents"], said["words"], said["stream"] - 1, said["length"])
    generations.commit(folder, Generation(0, schema(), (record,)), durable=False)
    return list(faults(folder, deep=True))


def variants(array: np.ndarray) -> Iterator[np.ndarray]:
    """The array with wrong values that it might have."""
    numbers = array.astype(np.int64)
    limit = np.iinfo(array.dtype).max
    for at in sorted({0, 1, numbers.size // 2, numbers.size - 2, numbers.size - 1}):
        if not 0 <= at < numbers.size:
            continue
        for value in {int(numbers[at]) + 1, int(numbers[at]) - 1, *numbers[:3].tolist()}:
            if 0 <= value <= limit and value != numbers[at]:
                out = numbers.copy()
                out[at] = value
                yield out
        if at and numbers[at] != numbers[at - 1]:
            out = numbers.copy()
            out[[at, at - 1]] = out[[at - 1, at]]
            yield out
    if numbers.size:
        yield numbers[:-1]
    yield np.append(numbers, numbers[-1:] if numbers.size else [0])


def names(store: Path) -> list[str]:
    return opened(store).names()


def test_the_segment_itself_is_sound(store, tmp_path):
    lengths = opened(store)["lengths"].all()
    assert rewritten(store, tmp_path / "copy", "lengths", lengths) == []


def test_each_array_that_is_wrong_is_seen(store, tmp_path):
    unseen: dict[str, list[Any]] = {}
    count = 0
    for name in names(store):
        array = opened(store)[name].all()
        for wrong in variants(array):
            count += 1
            said = rewritten(store, tmp_path / f"{count}", name, wrong)
            if not said:
                differs = np.flatnonzero(wrong[: array.size] != array[: wrong.size])
                unseen.setdefault(name, []).append((differs.tolist(), wrong[differs].tolist()))
            assert all(opened(store).path.name in one for one in said)
    # Of slots on the way to one another either may come first.
    left = {n: u for n, u in unseen.items() if n not in UNTOLD and not n.endswith(".slots")}
    assert left == {}
    assert UNTOLD.keys() <= set(names(store))


def test_a_text_that_is_not_found_under_its_number_is_seen(store, tmp_path):
    for name in ("keys", "exacts", "stems", "surnames"):
        salt, slots = np.split(opened(store)[f"{name}.slots"].all(), [SALT])
        last, first = slots.copy(), np.roll(slots, slots.size // 2)
        last[slots == slots.max()] = 0
        for i, wrong in enumerate((last, first, np.ones_like(slots))):
            instead = np.concatenate((salt, wrong))
            said = rewritten(store, tmp_path / f"{name}{i}", f"{name}.slots", instead)
            assert any(f"{name}.slots" in one for one in said)
