"""What many tests need: the seed stories, folders of small stories, and hypothesis profiles."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from examples import examples

# Before anything imports them, so that a failing assert tells both sides.
pytest.register_assert_rewrite(
    "contract_support",
    "contract_writing",
    "contract_matching",
    "contract_ranking",
    "contract_windows",
    "contract_wording",
    "contract_faceting",
    "contract_expansions",
    "contract_properties",
)

pytest_plugins = ("cli_support",)

# Before numpy is imported: processes that live for a moment need no threads for linear algebra.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

PROJECT = Path(__file__).parent.parent
SEEDS = PROJECT / "seeds"

settings.register_profile(
    "default",
    max_examples=examples(1_000),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("default")


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of the five stories."""
    return SEEDS


@pytest.fixture
def collection(tmp_path: Path) -> Callable[..., Path]:
    """Make a folder of stories: `collection(**{"a.txt": "text"})` → its path."""

    def make(name: str = "stories", **files: str) -> Path:
        folder = tmp_path / name
        for file, text in files.items():
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return folder

    return make


@pytest.fixture(autouse=True, scope="session")
def _no_waiting_for_the_disk() -> Iterator[None]:
    """What is synced, and when, is for `tests/faults`, which watch the calls themselves."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: None)
        yield


@pytest.fixture(autouse=True)
def _no_index_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test looks at the index or the colours of whoever runs it."""
    for name in ("BALLETSEARCH_INDEX", "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)
