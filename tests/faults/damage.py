"""What is an index worth whose files are not as they were written?

A collection in three segments with deletions, everything that it can be asked, and the judge: an
answer may be right, or of the generation before with a warning, or an error that names the file.
"""

from __future__ import annotations

import itertools
import json
import random
import re
import secrets
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from support import State, copied, no_hang

from balletsearch import IndexFaultError, Library, Story
from balletsearch.model import as_json

__all__ = ["Sample", "everything", "harmless", "judge", "mend", "sample", "sections"]

QUERIES: Final = (
    "swan",
    '"the lake"',
    "sw*",
    "lkae~",
    "title:letter AND moscow",
    "mood:sad OR dancer:anna",
    "the NOT swan",
    "words:>100",
)
WORDS: Final = (
    *("the", "the", "a", "swan", "swans", "lake", "Moscow", "danced", "dances", "theatre"),
    *("Anna", "Volkonskaya", "Pavlova", "плие", "plié", "stage", "was", "and", "over", "under"),
)
STORES: Final = ("keys.", "text.", "meta.", "said.", "contents.json", "checksums")
"""Arrays without which stories cannot be read."""


def _story(key: str, chance: random.Random) -> Story:
    body = ". ".join(
        " ".join(chance.choice(WORDS) for _ in range(chance.randrange(3, 12)))
        + str(chance.randrange(900))
        for _ in range(chance.randrange(10, 40))
    )
    mood = chance.choice(["sad", "glad", "calm"])
    return Story(key, body, header={"title": f"Letter {key}", "mood": mood, "year": "1909"})


@dataclass(frozen=True)
class Sample:
    """A sound index, what it answers, and what the generation before answered."""

    home: Path
    state: State
    answers: object
    before: object
    ever: State
    """Every story that its files hold in any version, deleted ones too, by key and version."""

    def files(self) -> list[Path]:
        """Its files, relative, that hold something."""
        found = [p.relative_to(self.home) for p in self.home.rglob("*") if p.is_file()]
        return sorted(p for p in found if p.suffix in (".json", ".npz"))


def sample(folder: Path, seed: int = 1) -> Sample:
    """An index of three segments: stories were replaced and removed."""
    chance = random.Random(seed)
    home = folder / "sample"
    ever: State = {}
    # Names of files by the same chance: what is chosen among them can be chosen again.
    named = patch.object(secrets, "token_hex", lambda size: chance.randbytes(size).hex())
    with named, Library.open(home) as library:
        for part in range(3):
            stories = [_story(f"s{part}-{i}", chance) for i in range(8)]
            stories += [_story(f"s{part - 1}-{i}", chance) for i in range(2) if part]
            library.add(*stories)
            ever.update({f"{one.key} {part}": one.body for one in stories})
        library.remove("s0-7", "s1-6")
        state = {s.key: s.body for s in library.stories()}
    answers, degraded = everything(home)
    assert not degraded
    older = copied(home, folder / "older")
    max(older.glob("store-*/generation-*.json"), key=_number).unlink()
    before = everything(older)[0]
    assert before != answers
    return Sample(home, state, answers, before, ever)


def _number(path: Path) -> int:
    return int(path.stem.partition("-")[2])


def everything(home: Path) -> tuple[object, str]:
    """All that an index can be asked, as far as it matters here; and whether it was degraded."""
    with Library.open(home, patience=0) as library:
        found: list[Any] = []
        for query in QUERIES:
            hits = library.search(query, limit=None)
            found.append([(h.key, h.score, h.spans, str(h.snippet)) for h in hits])
        found.append(as_json(library.search("*", facets=["mood", "dancer", "path"]).facets))
        found.append([h.key for h in library.search("*", sort="-title", limit=5)])
        found.append([as_json(story) for story in library.stories()])
        found.append([library.get(key) is not None for key in ("s0-1", "s0-7", "nobody")])
        return found, library.degraded


MEMORY: Final = 64 << 20
"""Bytes that nobody asks for who is told a wrong size."""

_JUDGED: Final = itertools.count()


@contextmanager
def _little_memory(what: str) -> Iterator[None]:
    """No more than MEMORY is asked for; looked at every tenth time, since looking is slow."""
    if next(_JUDGED) % 10:
        yield
        return
    tracemalloc.start()
    try:
        yield
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < MEMORY, f"{what}: {peak} bytes of memory"


def judge(home: Path, sound: Sample, names: tuple[str, ...], what: str) -> str:
    """See what a damaged index answers; *right*, *older* or *refused*."""
    try:
        with no_hang(), _little_memory(what):
            found, degraded = everything(home)
    except IndexFaultError as error:
        message = str(error)
        if not any(name in message for name in names):
            raise AssertionError(f"{what}: the message names another file") from error
        where = re.search(r"\(.+: .+\)| is missing| has lost | not written by ", message)
        assert where, f"{what}: the message does not say where: {message}"
        return "refused"
    if degraded:
        assert any(name in degraded for name in names), (what, degraded)
        assert found in (sound.answers, sound.before), what
        return "older"
    assert found == sound.answers, f"{what}: a wrong answer"
    return "right"


def mend(home: Path, sound: Sample, what: str, *, lists: bool, lossless: bool) -> None:
    """Rebuild; all that could be read is there, and what is not is named.

    `lists` says that the lists of what is deleted were damaged, so that what was deleted may be
    back; `lossless` that no story was touched.
    """
    with Library.open(home, patience=0) as library:
        lost = library.rebuild().lost
        assert library.check(deep=True) == (), what
        assert not library.degraded, what
        found = {story.key: story.body for story in library.stories()}
    for key, body in sound.state.items():
        if key in found:
            assert found[key] == body, f"{what}: {key} is not the newest"
        else:
            assert lost, f"{what}: {key} is gone without a word"
            assert not lossless, f"{what}: {key} could be read"
    for key in found.keys() - sound.state.keys():
        assert lists, f"{what}: {key} is back"
        assert found[key] in sound.ever.values(), what


def sections(path: Path) -> dict[str, range]:
    """The places of the data of each part of a file."""
    if path.suffix != ".npz":
        return {"whole": range(path.stat().st_size)}
    whole = path.read_bytes()
    out = {}
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            at = info.header_offset
            start = at + 30 + sum(whole[at + i] | whole[at + i + 1] << 8 for i in (26, 28))
            out[info.filename] = range(start, start + info.file_size)
    return out


def harmless(path: Path, places: range) -> bool:
    """Whether damage at these places touches nothing that a story is read from."""
    if path.name.startswith("segment-"):
        return not any(
            name.startswith(STORES)
            and places.start < where.stop + 200
            and where.start - 200 < places.stop
            for name, where in sections(path).items()
        )
    if path.suffix == ".json" and path.name.startswith("generation-"):
        return True
    return path.name == "manifest.json" or json.dumps(path.name).startswith('"deleted-')
