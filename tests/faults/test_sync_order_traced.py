"""Does the system see each thing on the disk before the thing that names it?

All that a library commits is done by a program under `strace`, which writes a line behind each:
so what was told as done can be held against what the disk had been asked for until then.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from effort import ran

pytestmark = pytest.mark.skipif(not shutil.which("strace"), reason="There is no strace here.")

KINDS: Final = ("a commit", "parts", "a sync", "a removal", "a merge", "a rebuild")

PROGRAM = textwrap.dedent("""
    import os, sys
    from pathlib import Path
    from balletsearch import Library, Story

    home, durable = Path(sys.argv[1]), sys.argv[2] == "durable"
    stories = home.parent / "stories"

    def tell(what):
        os.write(1, f"{what}\\n".encode())

    with Library.open(home, durable=durable) as library:
        for number in range(3):
            library.add(Story("a", f"{number} swans."), Story(f"b{number}", "A lake."))
            tell("a commit")
            library.replace("long", [Story("", "One."), Story("", f"Chapter {number}.")])
            tell("parts")
            (stories / f"{number}.txt").write_text("A file.", "utf-8")
            (stories / "0.txt").write_text("A file" + "!" * number, "utf-8")
            library.sync(stories)
            tell("a sync")
            library.remove(f"b{number}")
            tell("a removal")
            library.merge()
            tell("a merge")
            library.rebuild()
            tell("a rebuild")
""")

CALLS: Final = (
    "fsync,fdatasync,rename,renameat,renameat2,openat,write,writev,pwrite64,ftruncate,"
    "mkdir,mkdirat,unlink,unlinkat,rmdir"
)
WITHOUT_STORIES: Final = ("write.lock", "write.holder")
"""Files that nobody needs after a loss of power."""


class Call(NamedTuple):
    """A call that was answered: its name, and the paths in it, that of a handle first."""

    name: str
    paths: tuple[str, ...]
    text: str


def answered(trace: str) -> Iterator[Call]:
    """The calls that did something, when they were done: a call may be told in two halves."""
    begun: dict[str, str] = {}
    for line in trace.splitlines():
        process, _, text = line.partition(" ")
        text = text.strip()
        if text.endswith("<unfinished ...>"):
            begun[process] = text.removesuffix("<unfinished ...>")
            continue
        if resumed := re.match(r"<\.\.\. \w+ resumed>", text):
            text = begun.pop(process, "") + text[resumed.end() :]
        call = re.match(r"(\w+)\((.*)\)\s+= (-?\d+)", text)
        if not call or call[3].startswith("-"):
            continue
        name, given = call[1], call[2].strip()
        handle = re.match(r"\d+<(.*?)>(?:\(deleted\))?(?:,|$)", given)
        quoted = re.findall(r'"((?:[^"\\]|\\.)*)"', given)
        if handle and quoted and name.endswith("at"):
            yield Call(name, (f"{handle[1]}/{quoted[0]}", *quoted[1:]), text)
        else:
            yield Call(name, (handle[1],) if handle else tuple(quoted), text)


class Disk:
    """What a disk has been asked to keep of an index, call by call."""

    def __init__(self, home: Path) -> None:
        self._home = str(home)
        self.data: set[str] = set()
        """Files with something written that is not synced."""
        self.names: set[str] = set()
        """Files and folders whose folder is not synced since they got their name."""
        self.renamed: list[str] = []
        """What was renamed into place since something was told."""
        self.synced = 0

    def ours(self, path: str) -> bool:
        return path.startswith(f"{self._home}/") and not path.endswith(WITHOUT_STORIES)

    def below(self, folder: str) -> set[str]:
        return {p for p in self.data | self.names if p.startswith(f"{folder}/")}

    def see(self, call: Call) -> None:
        """Follow one call."""
        path = call.paths[0] if call.paths else ""
        folder = path.rpartition("/")[0]
        if call.name in ("fsync", "fdatasync"):
            self.synced += path.startswith(self._home)
            self.data.discard(path)
            self.names -= {p for p in self.names if p.rpartition("/")[0] == path}
        elif not self.ours(path):
            return
        elif call.name == "openat":
            if "O_CREAT" in call.text and "O_TMPFILE" not in call.text:
                self.names.add(path)
                self.data.add(path)
        elif call.name in ("mkdir", "mkdirat"):
            self.names.add(path)
        elif call.name in ("write", "writev", "pwrite64", "ftruncate"):
            if "(deleted)" not in call.text and "/#" not in path:
                self.data.add(path)
        elif call.name in ("unlink", "unlinkat", "rmdir"):
            self.data.discard(path)
            self.names.discard(path)
        else:
            self._rename(path, call.paths[1], folder)

    def _rename(self, aside: str, final: str, folder: str) -> None:
        self.data.discard(aside)
        self.names.discard(aside)
        self.names.add(final)
        self.renamed.append(f"{folder}: {final.rpartition('/')[2]}")


def check(calls: list[Call], home: Path, *, durable: bool) -> list[str]:
    """Hold the order against what it has to be; what was told as done, in order."""
    disk = Disk(home)
    told: list[str] = []
    for call in calls:
        if call.name == "write" and call.text.startswith("write(1<"):
            assert disk.renamed, f"{call.text}: nothing was renamed into place"
            if durable:
                assert not disk.data, f"{call.text} before its data are on the disk"
                assert not disk.names, f"{call.text} before its names are on the disk"
            told += [kind for kind in KINDS if f'"{kind}\\n"' in call.text]
            disk.renamed.clear()
            continue
        if durable:
            _check_before(call, disk)
        disk.see(call)
    assert bool(disk.synced) == durable
    return told


def _check_before(call: Call, disk: Disk) -> None:
    """What has to be true when this call is made."""
    path = call.paths[0] if call.paths else ""
    folder, _, name = path.rpartition("/")
    manifest = name.startswith(("generation-", "manifest.json"))
    if not disk.ours(path) or not manifest:
        return
    below = disk.below(folder)
    if call.name == "openat" and "O_CREAT" in call.text:
        assert not below, f"{call.text} before what it names is on the disk"
    elif call.name.startswith("rename"):
        assert path not in disk.data, f"{call.text} before it is on the disk"
        assert below == {path}, f"{call.text} before what it names is on the disk"
    elif call.name.startswith("unlink"):
        newer = {p for p in disk.names if p.startswith(f"{folder}/")}
        assert not newer, f"{call.text} before a newer one is on the disk"


@pytest.mark.parametrize("durable", [True, False], ids=["durable", "not durable"])
def test_what_every_commit_names_is_on_the_disk_before_it_is_named(quick, durable):
    home, trace = quick / "index", quick / "trace"
    (quick / "stories").mkdir()
    asked = ["strace", "-f", "-y", "-s", "200", "-e", f"trace={CALLS}", "-o", str(trace)]
    how = "durable" if durable else "not"
    done = subprocess.run(
        [*asked, sys.executable, "-c", PROGRAM, str(home), how],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode and not done.stdout:
        pytest.skip(f"strace may not trace here: {done.stderr[-200:]}")
    assert not done.returncode, done.stderr
    calls = list(answered(trace.read_text("utf-8")))
    told = check(calls, home, durable=durable)
    assert told == [*KINDS] * 3
    ran("order of syncs: commits seen by strace", len(told))


@pytest.mark.parametrize("left_out", ["segment-", "generation-", "store-", "manifest.json"])
def test_a_sync_that_is_left_out_is_noticed(left_out):
    """The check itself, on a trace that is written down."""
    whole = [
        'mkdir("/x/index/store-1", 0777) = 0',
        'openat(AT_FDCWD</>, "/x/index/store-1/segment-1.npz", O_CREAT) = 3</x/index/store-1>',
        'write(3</x/index/store-1/segment-1.npz>, "..", 2) = 2',
        "fsync(3</x/index/store-1/segment-1.npz>) = 0",
        "fsync(3</x/index/store-1>) = 0",
        'openat(AT_FDCWD</>, "/x/index/store-1/generation-1.json.a", O_CREAT) = 3</x>',
        'write(3</x/index/store-1/generation-1.json.a>, "..", 2) = 2',
        "fsync(3</x/index/store-1/generation-1.json.a> <unfinished ...>",
        "<... fsync resumed>) = 0",
        'rename("/x/index/store-1/generation-1.json.a", "/x/index/store-1/generation-1.json") = 0',
        "fsync(3</x/index/store-1>) = 0",
        "fsync(3</x/index>) = 0",
        'openat(AT_FDCWD</>, "/x/index/manifest.json.a", O_CREAT) = 3</x>',
        'write(3</x/index/manifest.json.a>, "..", 2) = 2',
        "fsync(3</x/index/manifest.json.a>) = 0",
        'rename("/x/index/manifest.json.a", "/x/index/manifest.json") = 0',
        "fsync(3</x/index>) = 0",
        'write(1<pipe:[1]>, "a commit\\n", 9) = 9',
    ]
    lines = [f"7 {line}" for line in whole]
    home = Path("/x/index")
    assert check(list(answered("\n".join(lines))), home, durable=True) == ["a commit"]
    ends = {"segment-": ".npz>", "generation-": ".json.a>", "store-": "store-1>"}
    marks = (left_out, ends.get(left_out, ".json.a>"))
    for i, line in enumerate(lines):
        if "fsync(" in line and all(mark in line for mark in marks):
            fewer = [*lines[:i], *lines[i + (2 if "unfinished" in line else 1) :]]
            with pytest.raises(AssertionError):
                check(list(answered("\n".join(fewer))), home, durable=True)
