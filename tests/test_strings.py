"""Are texts found in a table of hashes, also where somebody has chosen them to collide?"""

from __future__ import annotations

import itertools
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balletsearch.columns.container import Container
from balletsearch.columns.packing import ContainerWriter
from balletsearch.columns.strings import SALT, Strings, write_strings

COUNT = 300
ROOM = 512
"""The numbers that a table of so many texts has room for."""


def written(path: Path, texts: list[bytes]) -> Container:
    path.unlink(missing_ok=True)
    to = ContainerWriter(path)
    write_strings(to, "table", texts, slots=True)
    return Container(path, to.finish({}, durable=False))


def longest_run(container: Container) -> int:
    """The most slots that follow one another and are taken."""
    taken = container["table.slots"].all()[SALT:] != 0
    return max(sum(1 for _ in run) for full, run in itertools.groupby(taken.tolist()) if full)


@pytest.fixture(scope="module")
def chosen() -> list[bytes]:
    """Texts of one length whose CRC-32 all lead to one slot, whatever it is begun with."""
    tried = (b"%08d" % number for number in itertools.count())
    return list(itertools.islice((t for t in tried if zlib.crc32(t) % ROOM == 7), COUNT))


def test_chosen_texts_do_not_share_their_slots(tmp_path, chosen):
    container = written(tmp_path / "a.npz", chosen)
    assert len(container["table.slots"]) == SALT + ROOM
    assert longest_run(container) < COUNT // 2


def test_no_two_tables_are_salted_alike(tmp_path, chosen):
    one, other = (written(tmp_path / name, chosen)["table.slots"].all() for name in "ab")
    assert one[:SALT].tolist() != other[:SALT].tolist()
    assert one[SALT:].tolist() != other[SALT:].tolist()


@given(st.lists(st.text(max_size=4), max_size=40), st.lists(st.text(max_size=4), max_size=5))
def test_every_text_is_found_under_its_numbers(tmp_path_factory, texts, others):
    path = tmp_path_factory.mktemp("table") / "a.npz"
    table = Strings(written(path, [text.encode() for text in texts]), "table")
    for text in {*texts, *others}:
        numbers = [number for number, one in enumerate(texts) if one == text]
        assert sorted(table.find_all(text)) == numbers
        assert table.find(text) in (numbers or [-1])
    assert np.array_equal(table.find("\ud800"), -1)


def test_long_texts_are_told_apart_by_their_ends(tmp_path):
    texts = ["k" * 255, "k" * 256, "k" * 257, "k" * 300, "k" * 299 + "q", "é" * 130, "é" * 128]
    table = Strings(written(tmp_path / "a.npz", [text.encode() for text in texts]), "table")
    assert [table.find(text) for text in texts] == list(range(len(texts)))
    assert table.find("k" * 299 + "r") == table.find("k" * 301) == -1
