"""What is saved of an index with several damages at once?

Of one segment the contents are damaged, so that nothing is where it is said to be, and with them
headers, names, sizes and data. Whatever it is, no exception but ours comes of it, what is saved
is what was written, and what is not is named.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from effort import chance, figure, ran
from support import copied

from balletsearch import BalletsearchError, Library, Story
from balletsearch.engines.columns.mending import salvage

STORES = ("keys.at", "keys.text", "text.docs", "text.raw", "text.frames", "text.data")


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> Path:
    """An index of one segment with two blocks of text."""
    home = tmp_path_factory.mktemp("double") / "index"
    with Library.open(home) as library:
        library.add(*(_letter(i) for i in range(40)))
    return home


def _letter(number: int) -> Story:
    pick = random.Random(number)
    body = " ".join(f"word{pick.randrange(10_000)}" for _ in range(100))
    return Story(f"letter{number}", body, header={"mood": f"mood{number % 3}"})


def segment_of(home: Path) -> Path:
    return next(home.glob("store-*/segment-*.npz"))


def header_of(data: bytes, member: str) -> int:
    """Where the header of a member begins in the file."""
    return data.index(b"PK\x03\x04", data.index(member.encode() + b".npy") - 31)


def npy_of(data: bytes, member: str) -> int:
    """Where its header of NumPy begins."""
    return data.index(b"\x93NUMPY", header_of(data, member))


def damaged(data: bytes, *bits: int) -> bytes:
    out = bytearray(data)
    for bit in bits:
        out[bit // 8] ^= 1 << bit % 8
    return bytes(out)


def saved(home: Path, data: bytes, what: object) -> tuple[dict[str, str], list[str]]:
    """What is found in a segment with other bytes, and what is named as lost."""
    path = segment_of(home)
    path.write_bytes(data)
    found, lost = {}, []
    try:
        for one in salvage(path.parent):
            if one.story is None:
                lost.append(one.lost)
            else:
                found[one.story.key] = one.story.body
    except BalletsearchError:
        return {}, ["all"]
    for key, body in found.items():
        assert body == _letter(int(key.removeprefix("letter"))).body, (what, key)
    assert lost or len(found) == 40, f"{what}: stories are gone without a word"
    return found, lost


def test_one_bit_in_any_header_beside_the_contents_costs_nothing_or_is_named(sound, quick):
    """Each bit of the headers of a few members; the file says everything about them twice."""
    home = copied(sound, quick / "index")
    data = segment_of(sound).read_bytes()
    contents = data.index(b'{"file"') + 1
    pick = chance("headers twice")
    for member in STORES:
        start = header_of(data, member)
        for bit in sorted(pick.sample(range(8 * start, 8 * (npy_of(data, member) + 80)), 60)):
            what = f"bit {bit - 8 * start} of {member}"
            found, _ = saved(home, damaged(data, 8 * contents, bit), what)
            if bit < 8 * npy_of(data, member):
                assert len(found) == 40, what
            ran("double damage: bits of headers")


@pytest.mark.parametrize("member", STORES)
@pytest.mark.parametrize("at", [0, 5, 8, 12, 30, 60])
def test_a_header_of_numpy_that_is_none(sound, quick, member, at):
    home = copied(sound, quick / "index")
    data = segment_of(sound).read_bytes()
    contents = data.index(b'{"file"') + 1
    place = npy_of(data, member) + at
    for bit in range(8):
        _, lost = saved(home, damaged(data, 8 * contents, 8 * place + bit), at)
        if member == "text.data":
            assert not lost  # its blocks have checksums of their own
        ran("double damage: headers of arrays")


def test_any_two_damages_and_more(sound, quick):
    home = copied(sound, quick / "index")
    data = segment_of(sound).read_bytes()
    pick = chance("double damage")
    heads = [m.start() for m in re.finditer(rb"PK\x03\x04|PK\x01\x02|\x93NUMPY", data)]
    for _ in range(figure(10_000)):
        new = bytearray(damaged(data, 8 * data.index(b'{"file"') + pick.randrange(100)))
        harms = []
        for _ in range(pick.randrange(1, 5)):
            at = pick.choice(heads) + pick.randrange(128) if pick.random() < 0.7 else None
            at = pick.randrange(len(data)) if at is None else min(at, len(data) - 1)
            kind = pick.choice(["bit", "bit", "bit", "byte", "zeros"])
            harms.append((kind, at))
            if kind == "bit":
                new[at] ^= 1 << pick.randrange(8)
            elif kind == "byte":
                new[at] = pick.randrange(256)
            else:
                new[at : at + 64] = bytes(len(new[at : at + 64]))
        if pick.random() < 0.2:
            harms.append(("cut", pick.randrange(len(new))))
            del new[harms[-1][1] :]
        saved(home, bytes(new), harms)
        ran("double damage: several at once")
