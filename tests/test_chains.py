"""Is each link of a chain of NEAR worked out once, however long the chain is?

That it is, is what keeps a chain of many frequent words from costing the square of its length.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from balletsearch.engines.columns import ColumnsEngine, leaves, stretches
from balletsearch.engines.protocol import SearchRequest
from balletsearch.model import Story
from balletsearch.query.nodes import Near, Node, Or, Word


@pytest.fixture
def engine(tmp_path):
    engine = ColumnsEngine(tmp_path / "index", ("en",), create=True, durable=False)
    with engine.writer() as writer:
        writer.add(Story("a", "the swan the lake the sea " * 40))
        writer.add(Story("b", "the swan of the lake"))
        writer.commit()
    yield engine
    engine.close()


def to_the_left(links: int) -> Node:
    tree: Node = Word("the")
    for _ in range(links):
        tree = Near(tree, Word("the"), 3)
    return tree


def to_the_right(links: int) -> Node:
    tree: Node = Word("the")
    for _ in range(links):
        tree = Near(Word("the"), tree, 3)
    return tree


def within_or(links: int) -> Node:
    tree: Node = Word("the")
    for _ in range(links):
        tree = Near(Or((tree, Word("zebra"))), Word("the"), 3)
    return tree


@pytest.mark.parametrize("chain", [to_the_left, to_the_right, within_or])
def test_work_grows_with_the_links_and_not_with_their_square(engine, monkeypatch, chain):
    calls: Counter[str] = Counter()

    def counted(module: Any, name: str) -> None:
        plain = getattr(module, name)

        def call(*args: Any, **named: Any) -> Any:
            calls[name] += 1
            return plain(*args, **named)

        monkeypatch.setattr(module, name, call)

    counted(stretches, "near")
    counted(stretches, "_count")
    counted(leaves, "starts_posting")
    # Far more words than the chain has: every link finds something.
    found, before = [], Counter(calls)
    for links in (8, 16, 32):
        request = SearchRequest(chain(links))
        found.append(engine.reader().search(request).total)
        found.append({name: calls[name] - before[name] for name in calls})
        before = Counter(calls)
    assert found[0::2] == [1, 1, 1]
    few, more, many = found[1::2]
    for name in calls:
        assert many[name] - more[name] == 2 * (more[name] - few[name]), name
