"""What do the tests of faults share? A fast folder, a loud seed, and a count of what was tried."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import effort
import pytest


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: what is tested here is not the disk."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made there
    if not (memory.is_dir() and os.access(memory, os.W_OK)):
        yield tmp_path
        return
    folder = Path(tempfile.mkdtemp(prefix="balletsearch-", dir=memory))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed:
        again = f"BALLETSEARCH_FAULTS={effort.SHARE:g} BALLETSEARCH_FAULTS_SEED={effort.SEED}"
        report.sections.append(("To repeat it", again))
    return report


def pytest_terminal_summary(terminalreporter):
    if os.environ.get("BALLETSEARCH_FAULTS") and effort.RAN:
        terminalreporter.section(f"faults tried, share {effort.SHARE:g}, seed {effort.SEED}")
        for what, times in sorted(effort.RAN.items()):
            terminalreporter.write_line(f"{times:8}  {what}")
