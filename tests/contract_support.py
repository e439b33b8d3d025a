"""How does a test of the contract get its engine and ask its questions?

The base of every part of the contract: where engines come from, how gaps are declared, and a
few words for "store these stories" and "which keys are found".
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import pytest

from balletsearch.engines.protocol import EXACT_SCORES, Engine, SearchRequest, SearchResult
from balletsearch.errors import UnsupportedError
from balletsearch.model import Story, Value
from balletsearch.query.nodes import Node, Phrase, View, Word
from examples import examples

__all__ = ["ContractBase", "find", "keys", "needs_exact_scores", "phrase", "store", "story"]


class ContractBase:
    """What a subclass sets: `make_engine`, and where needed `reopen`, gaps and effort."""

    examples: ClassVar[int] = examples(300)
    """How many random collections each property is tried on."""

    not_supported: ClassVar[dict[str, str]] = {}
    """Test (with the "[…]" of a case, or without for all of them) → why the engine cannot do it.

    A test named here has to end in UnsupportedError; if it passes, or fails otherwise, that is
    a failure.
    """

    folder: Path
    """A new folder for each test, in which its engines may make folders of their own."""

    def make_engine(self, languages: tuple[str, ...] = ("en",)) -> Engine:
        """A new engine that holds nothing. It is closed by who asked for it."""
        raise NotImplementedError

    def reopen(self, engine: Engine) -> Engine:
        """A second engine over what the first one wrote; itself if it keeps nothing outside."""
        return engine

    @contextmanager
    def opened(self, *stories: Story, languages: tuple[str, ...] = ("en",)) -> Iterator[Engine]:
        """A new engine that holds these stories."""
        engine = self.make_engine(languages)
        try:
            if stories:
                store(engine, *stories)
            yield engine
        finally:
            engine.close()

    @pytest.fixture
    def engine(self) -> Iterator[Engine]:
        with self.opened() as engine:
            yield engine

    @pytest.fixture(autouse=True)
    def _own_folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path

    @pytest.fixture(autouse=True)
    def _declared_gaps(self, request: pytest.FixtureRequest) -> None:
        node = request.node
        for name in (node.name, node.originalname):
            if name in self.not_supported:
                reason = self.not_supported[name]
                mark = pytest.mark.xfail(raises=UnsupportedError, strict=True, reason=reason)
                request.applymarker(mark)


def story(key: str, body: str = "", **fields: Value | tuple[Value, ...]) -> Story:
    """A story; a field with one value may be given without the tuple."""
    return Story(
        key, body, fields={n: v if isinstance(v, tuple) else (v,) for n, v in fields.items()}
    )


def store(engine: Engine, *stories: Story) -> None:
    """Add the stories in one batch."""
    with engine.writer() as writer:
        for one in stories:
            writer.add(one)
        writer.commit()


def find(engine: Engine, tree: Node, **options: Any) -> SearchResult:
    """All that the newest generation has for a tree, unless the options say otherwise."""
    return engine.reader().search(SearchRequest(tree, **{"limit": None, **options}))


def keys(engine: Engine, tree: Node, **options: Any) -> list[str]:
    """The keys found, in order; as many of them as `total` says."""
    result = find(engine, tree, **options)
    found = [match.story.key for match in result.matches]
    if not {"limit", "offset"} & options.keys():
        assert result.total == len(found)
    return found


def phrase(text: str, field: str = "", view: View = View.EXACT) -> Phrase:
    """A phrase of the words between the spaces."""
    return Phrase(tuple(Word(w, view=view) for w in text.split()), field)


def needs_exact_scores(engine: Engine) -> None:
    """Pass over a test of scores where the engine promises none."""
    if EXACT_SCORES not in engine.capabilities:
        pytest.skip(f"{engine.name} does not declare {EXACT_SCORES}.")
