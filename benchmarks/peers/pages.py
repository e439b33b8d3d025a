"""How long does a full page take: ten titles with snippets, the total and three facets?

The stories come out of a library, with the fields that extraction found, and go into each peer
as they are.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from balletsearch import Library
from peers import page_peer
from peers.documents import Query

__all__ = ["library", "opened"]


def library(folder: Path, collection: Path) -> float:
    """Index a collection as a user would, in a new folder; seconds that took."""
    start = time.perf_counter()
    with Library.open(folder) as one:
        one.sync(collection)
    return time.perf_counter() - start


@contextmanager
def opened(
    folder: Path, home: Path, facets: Sequence[str], names: Sequence[str]
) -> Iterator[Mapping[str, Callable[[Query], int]]]:
    """Peer → how it makes a page and says how many match; `home` is the library's index."""
    with ExitStack() as stack:
        actions = {}
        for name in names:
            one = page_peer(name)
            store = home if name == "columns" else folder / name
            if name != "columns":
                store.mkdir(parents=True)
                with Library.open(home) as stories:
                    one.build_pages(store, stories.stories(), facets)
            asker = one.open_pages(store, facets)
            stack.callback(asker.close)
            actions[name] = asker.page
        yield actions
