"""What if a file of an index is flipped, cut, zeroed, swapped, missing or doubled?

Whatever is damaged, an answer is right, or it is an older one that says so, or an error names
the file. A check finds what a search met, and rebuilding saves what can be read.
"""

from __future__ import annotations

import os
import random
import re
import shutil
from pathlib import Path

import pytest
from damage import Sample, harmless, judge, mend, sample, sections
from effort import chance, figure, ran
from support import copied

from balletsearch import Library


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> Sample:
    """One sample for all of them: nobody writes to it."""
    return sample(tmp_path_factory.mktemp("sample"))


KINDS = ("manifest.json", "generation-", "segment-", "deleted-")


def of_kind(sound: Sample, kind: str) -> list[Path]:
    return [file for file in sound.files() if file.name.startswith(kind)]


class Patient:
    """A copy of the sample, of which one file is damaged and made sound again."""

    def __init__(self, sound: Sample, folder: Path, pick: random.Random) -> None:
        self.sound = sound
        self.folder = folder
        self.pick = pick
        self.home = copied(sound.home, folder / "index")

    def tried(self, file: Path, data: bytes, what: str, places: range) -> None:
        """Judge the index with other bytes in one file, of which those at `places` differ."""
        path = self.home / file
        before = path.read_bytes()
        path.write_bytes(data)
        names = (file.name,)
        if file.name.startswith("generation-"):
            # A sound manifest of another index: what it names is missing.
            names += tuple(re.findall(r"[a-z]+-[0-9a-f]{16}\.npz", data.decode("utf-8", "replace")))
        outcome = judge(self.home, self.sound, names, what)
        if outcome != "right" or self.pick.random() < 0.02:
            with Library.open(self.home, patience=0) as library:
                said = " ".join(library.check())
            found = any(name in said for name in names)
            assert outcome == "right" or found, f"{what}: no check finds it"
        if outcome != "right" and self.pick.random() < 0.2:
            lossless = harmless(self.sound.home / file, places)
            lists = file.name.startswith(("deleted-", "generation-"))
            mend(self.home, self.sound, what, lists=lists, lossless=lossless)
            self.home = copied(self.sound.home, self.folder / "index")
            ran("damaged files: rebuilt")
            return
        path.write_bytes(before)


@pytest.mark.parametrize("kind", KINDS)
def test_a_flipped_bit(quick, sound, kind):
    pick = chance(f"flips {kind}")
    patient = Patient(sound, quick, pick)
    share = 7_000 if kind == "segment-" else 1_000
    for _ in range(figure(share)):
        file = pick.choice(of_kind(sound, kind))
        data = bytearray((sound.home / file).read_bytes())
        at = pick.randrange(len(data))
        data[at] ^= 1 << pick.randrange(8)
        patient.tried(file, bytes(data), f"bit flipped in byte {at} of {file}", range(at, at + 1))
        ran("damaged files: flipped bits")


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_is_cut(quick, sound, kind):
    pick = chance(f"cuts {kind}")
    patient = Patient(sound, quick, pick)
    cuts = []
    for file in of_kind(sound, kind):
        size = (sound.home / file).stat().st_size
        edges = {e for r in sections(sound.home / file).values() for e in (r.start, r.stop)}
        cuts += [(file, e + d) for e in edges for d in (-1, 0, 1) if 0 <= e + d < size]
    cuts = pick.sample(cuts, figure(len(cuts)))
    for _ in range(figure(400 if kind == "segment-" else 100)):
        file = pick.choice(of_kind(sound, kind))
        cuts.append((file, pick.randrange((sound.home / file).stat().st_size)))
    for file, at in cuts:
        data = (sound.home / file).read_bytes()
        patient.tried(file, data[:at], f"{file} cut at {at}", range(at, len(data)))
        ran("damaged files: cuts")


@pytest.mark.parametrize("size", [512, 4096])
def test_zeros_in_the_place_of_a_block(quick, sound, size):
    pick = chance(f"zeros {size}")
    patient = Patient(sound, quick, pick)
    for _ in range(figure(250)):
        file = pick.choice(sound.files())
        data = bytearray((sound.home / file).read_bytes())
        at = pick.randrange(-(-len(data) // size)) * size
        end = min(at + size, len(data))
        data[at:end] = bytes(end - at)
        patient.tried(file, bytes(data), f"{end - at} zeros at {at} in {file}", range(at, end))
        ran("damaged files: zeroed blocks")


def test_a_file_in_the_place_of_another(quick, sound):
    """Of the same index, of an older generation of it, or of another index."""
    pick = chance("swaps")
    patient = Patient(sound, quick, pick)
    stranger = sample(quick / "stranger", seed=2)
    for _ in range(figure(300)):
        file = pick.choice(sound.files())
        whose = pick.choice([sound, stranger])
        others = [f for f in whose.files() if whose is stranger or f != file]
        alike = [f for f in others if f.name.partition("-")[0] == file.name.partition("-")[0]]
        other = pick.choice(alike if alike and pick.random() < 0.8 else others)
        data = (whose.home / other).read_bytes()
        what = f"{other} of {whose.home} in the place of {file}"
        if file.name == other.name == "manifest.json":
            # A sound manifest that names the folder of another index.
            path = patient.home / file
            path.write_bytes(data)
            assert judge(patient.home, sound, (other.parent.name, "store-"), what) == "refused"
            path.write_bytes((sound.home / file).read_bytes())
        else:
            patient.tried(file, data, what, range(len(data) + 10_000_000))
        ran("damaged files: swapped files")


def test_a_file_that_is_missing(quick, sound):
    pick = chance("missing")
    for _ in range(figure(100)):
        home = copied(sound.home, quick / "index")
        file = pick.choice([*sound.files(), Path(next(sound.home.glob("store-*")).name)])
        path = home / file
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        # Also where the older of two manifests is gone, an answer is told as that of an older one.
        outcome = judge(home, sound, (file.name,), f"{file} is missing")
        if outcome != "right":
            lists = file.name.startswith(("deleted-", "generation-"))
            kept = file.name.startswith(("deleted-", "generation-", "manifest"))
            mend(home, sound, f"{file} is missing", lists=lists, lossless=kept)
        ran("damaged files: missing files")


def test_files_too_many(quick, sound):
    """Extra files of any name, and manifests twice: an answer is right or an older one is named."""
    pick = chance("extra")
    store = next(sound.home.glob("store-*")).name
    newest = max(int(f.stem.partition("-")[2]) for f in of_kind(sound, "generation-"))
    for _ in range(figure(100)):
        home = copied(sound.home, quick / "index")
        file = pick.choice(sound.files())
        data = (sound.home / file).read_bytes()
        name = pick.choice(
            [
                f"{store}/generation-{newest + pick.randrange(1, 3)}.json",
                f"{store}/generation-{newest - 2}.json",
                f"{store}/generation-{newest}.json.0123abcd",
                f"{store}/segment-{pick.randbytes(8).hex()}.npz",
                f"{store}/{pick.randbytes(3).hex()}",
                "manifest.json.0123abcd",
                "manifest copy.json",
            ]
        )
        (home / name).write_bytes(pick.choice([data, b"", os.urandom(100)]))
        what = f"a copy of {file} as {name}"
        outcome = judge(home, sound, (Path(name).name,), what)
        assert outcome in ("right", "older"), what
        mend(home, sound, what, lists=outcome == "older", lossless=True)
        ran("damaged files: files too many")
