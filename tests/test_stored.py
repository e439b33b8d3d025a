"""Is what waits to be compressed bounded, whatever comes, and read back as it came?"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

import pytest

from balletsearch.columns.container import Container
from balletsearch.columns.packing import ContainerWriter
from balletsearch.columns.stored import AHEAD, AT_ONCE, BLOCK, LARGEST, Stored, StoreWriter


class Later(Future[Any]):
    """Work that is done when somebody waits for it, and not before."""

    def __init__(self, executor: Lazy, work: Callable[[], Any], size: int) -> None:
        super().__init__()
        self._executor, self._work, self._size = executor, work, size

    def result(self, timeout: float | None = None) -> Any:
        if not self.done():
            self.set_result(self._work())
            self._executor.waiting -= self._size
        return super().result(timeout)


class Lazy(Executor):
    """The slowest of all executors; counts the bytes that wait for it."""

    def __init__(self) -> None:
        self.waiting = self.most = 0

    def submit(self, work: Any, /, *args: Any, **named: Any) -> Future[Any]:
        size = sum(map(len, args[0]))
        self.waiting += size
        self.most = max(self.most, self.waiting)
        return Later(self, lambda: work(*args, **named), size)


@pytest.mark.parametrize(
    "documents",
    [
        pytest.param([bytes([i % 251]) * (BLOCK // 3) for i in range(9_000)], id="many"),
        pytest.param([b"a", b"swan" * (10 << 20), b"", b"z"], id="a huge one"),
        pytest.param([b"x" * (LARGEST + 1)] * 700, id="some in several blocks"),
    ],
)
def test_little_waits_to_be_compressed(tmp_path, documents):
    executor = Lazy()
    assert sum(map(len, documents)) > 2 * AHEAD
    store = StoreWriter(executor)
    store.add(documents)
    assert 0 < executor.most <= AHEAD + AT_ONCE * LARGEST
    to = ContainerWriter(tmp_path / "a.npz")
    store.write(to, "text")
    assert executor.waiting == 0
    found = Stored(Container(tmp_path / "a.npz", to.finish({}, durable=False)), "text")
    for number in (0, 1, len(documents) // 2, len(documents) - 1):
        assert found.read(number) == documents[number]
    assert list(found.each(range(len(documents)))) == documents
