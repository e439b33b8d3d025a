"""What do the tests of faults share? A fast folder, a loud seed, and a count of what was tried."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import effort
import pytest

SEEDS: set[int] = set()
"""Those of all processes that tried something."""


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


def pytest_sessionfinish(session):
    # With several processes each tells the one that began them what it tried.
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["faults"] = effort.SEED, dict(effort.RAN)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    seed, tried = getattr(node, "workeroutput", {}).get("faults", (effort.SEED, {}))
    SEEDS.add(seed)
    effort.RAN.update(tried)


def pytest_terminal_summary(terminalreporter):
    if effort.RAN:
        seeds = ", ".join(map(str, sorted(SEEDS or {effort.SEED})))
        terminalreporter.section(f"faults tried, share {effort.SHARE:g}, seed {seeds}")
        for what, times in sorted(effort.RAN.items()):
            terminalreporter.write_line(f"{times:8}  {what}")
