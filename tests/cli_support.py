"""How do tests run the command line? In this process where that is enough, else in its own.

`conftest.py` makes its fixtures known to every test.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from balletsearch.cli.running import run
from balletsearch.library import Library

__all__ = ["AUDREY", "COMMAND", "WIKTORIA", "Answer", "Ask", "called", "in_shell"]

AUDREY = "seeds/002_3644c97cb6daeaa2.txt"
WIKTORIA = "seeds/000_a83f02dff7c4fe46.txt"
"""Keys of two of the five stories."""

COMMAND = (sys.executable, "-c", "from balletsearch.cli import main; main()")
"""What the console script does."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str


Ask = Callable[..., Answer]
"""Runs a command with the arguments given."""


def called(capsys: pytest.CaptureFixture[str], *args: str) -> Answer:
    """Run a command in this process."""
    capsys.readouterr()
    code = run(args)
    written = capsys.readouterr()
    return Answer(code, written.out, written.err)


def in_shell(
    *args: str | bytes, cwd: Path, env: Mapping[str, str] | None = None, encoding: str = "utf-8"
) -> Answer:
    """Run a command in a process of its own, its outputs being pipes."""
    done = subprocess.run(
        (*COMMAND, *args),
        cwd=cwd,
        env={**os.environ, "PYTHONIOENCODING": encoding, **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=False,
    )
    return Answer(
        done.returncode, *(text.decode(encoding or "ascii") for text in (done.stdout, done.stderr))
    )


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Path:
    """A folder with the five stories and their index; not to be changed."""
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(seeds, home / "seeds")
    with Library.open(home / "index") as library:
        library.sync(home / "seeds")
        library.save("swans", '"swan lake" OR odette')
    return home


@pytest.fixture
def ask(built: Path, monkeypatch, capsys) -> Ask:
    """Run a command in the folder of the built index."""
    monkeypatch.chdir(built)
    return lambda *args: called(capsys, *args)


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch, capsys) -> Ask:
    """Run a command in an empty folder, which is the current one."""
    home = tmp_path / "empty"
    home.mkdir()
    monkeypatch.chdir(home)
    return lambda *args: called(capsys, *args)


@pytest.fixture
def copied(built: Path, tmp_path: Path, monkeypatch, capsys) -> Ask:
    """Run a command in a copy of the built folder, which may be changed."""
    home = tmp_path / "copy"
    shutil.copytree(built, home)
    monkeypatch.chdir(home)
    return lambda *args: called(capsys, *args)
