"""How long does a search from the shell take, as a whole process, and what does it import?"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

__all__ = ["RUNS", "packages", "shell"]

RUNS = 15


def shell(index: Path, words: Sequence[str]) -> float:
    """The median of milliseconds that one search takes from start to end of its process."""
    taken = []
    for _ in range(RUNS):
        start = time.perf_counter()
        _run(index, words)
        taken.append(1_000 * (time.perf_counter() - start))
    return statistics.median(taken)


def packages(index: Path, words: Sequence[str]) -> list[str]:
    """The packages outside the standard library that such a search imports, by name."""
    told = _run(index, words, "-X", "importtime")
    imported = re.findall(r"^import time: +\d+ \| +\d+ \| +(\w+)", told, re.MULTILINE)
    names = {name for name in imported if not name.startswith("_")} - sys.stdlib_module_names
    # What was looked for in vain is told too.
    return sorted(name for name in names if find_spec(name))


def _run(index: Path, words: Sequence[str], *options: str) -> str:
    """Run one search; what it wrote beside its answer."""
    command = [sys.executable, *options, "-m", "balletsearch", "--index", str(index), "search"]
    # An installed package has its modules compiled, whatever is set where this is run.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run(
        [*command, *words], check=True, capture_output=True, text=True, env=environment
    ).stderr
