"""How long does it take to build an index of a collection, and to ask it?

    python benchmarks/run.py COLLECTION [--limit N]

COLLECTION is anything that `balletsearch index` takes: a folder, or a JSON Lines file. Prints
one table: sync and build in MB of text a second, and the median and 95th percentile of each
class of query in milliseconds, parsing and the ten stories of a page included: asked for the
first time, and asked again, when the engine remembers its leaves. The queries are drawn from
the words of the collection itself, with a fixed seed.
"""

from __future__ import annotations

import argparse
import platform
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from importlib.metadata import version
from itertools import islice
from pathlib import Path

from balletsearch import Library, Story
from balletsearch.analysis import cut, fold
from balletsearch.engines import ENGINES, open_engine

SEED = 1877
PER_CLASS = 20
Words = list[str]


def queries(texts: Words) -> dict[str, Words]:
    """Class → queries, from the document frequencies of the collection."""
    chance = random.Random(SEED)  # noqa: S311  # a benchmark wants the same draw each time
    df: Counter[str] = Counter()
    for text in texts:
        df.update({fold(t.form) for t in cut(text) if t.form.isalpha()})
    ranked = [word for word, n in df.most_common() if len(word) > 2 and n > 1]
    common, mid = ranked[:60], ranked[60:1_500] or ranked

    def some(*pools: Words) -> Iterator[Words]:
        for _ in range(PER_CLASS):
            yield [chance.choice(pool) for pool in pools]

    def phrase(length: int) -> str:
        while True:
            words = [t.form for t in cut(chance.choice(texts))]
            if len(words) > length:
                at = chance.randrange(len(words) - length)
                return '"{}"'.format(" ".join(words[at : at + length]))

    def joined(by: str, *pools: Words) -> Words:
        return [by.join(words) for words in some(*pools)]

    return {
        "term, common": joined(" ", common),
        "term, mid": joined(" ", mid),
        "OR of 2 common": joined(" OR ", common, common),
        "OR of 4 mixed": joined(" OR ", common, mid, mid, mid),
        "AND of 2 common": joined(" ", common, common),
        "AND of 3 mixed": joined(" ", common, mid, mid),
        "phrase of 2": [phrase(2) for _ in range(PER_CLASS)],
        "phrase of 3": [phrase(3) for _ in range(PER_CLASS)],
        "fuzzy, distance 1": [f"{w}~1" for (w,) in some(mid)],
        "fuzzy, distance 2": [f"{w}~2" for (w,) in some(mid)],
        "prefix of 4 letters": [f"{w[:4]}*" for (w,) in some([w for w in mid if len(w) > 3])],
    }


def timed(action: Callable[[], object]) -> float:
    """Seconds that an action takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def row(name: str, *cells: str) -> None:
    """Print one row of the table."""
    print(f"| {name:34} | " + " | ".join(f"{cell:>12}" for cell in cells) + " |", flush=True)


def build(library: Library, collection: Path, limit: int | None) -> Words:
    """Build the index and print how fast; the texts that went into it."""
    seconds = timed(lambda: library.sync(collection))
    stories = list(islice(library.stories(), limit))
    size = sum(len(s.body.encode()) for s in library.stories())
    row("sync, everything on, MB/s", f"{size / 1e6 / seconds:.2f}", f"{seconds:.1f} s")
    part = sum(len(s.body.encode()) for s in stories)
    seconds = timed(lambda: add_all(stories))
    row("build from ready stories, MB/s", f"{part / 1e6 / seconds:.2f}", f"{seconds:.1f} s", "")
    row("index, bytes per byte of text", f"{library.stats().size / size:.2f}", "", "")
    return [s.body for s in stories]


def add_all(stories: list[Story]) -> None:
    """Give ready stories to a new engine, as one commit."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(ENGINES[0], Path(folder), ("en",), create=True)
        with engine.writer() as writer:
            for story in stories:
                writer.add(story)
            writer.commit()
        engine.close()


def ask(library: Library, classes: dict[str, Words]) -> None:
    """Time each class of query and print it."""
    asked: dict[str, Callable[[str], object]] = dict.fromkeys(
        classes, lambda q: library.search(q, snippets=False)
    )
    classes = classes | {"facet over all matches": classes["term, common"]}
    asked["facet over all matches"] = lambda q: library.search(
        q, facets=["work"], limit=0, snippets=False
    )
    classes = classes | {"full page": classes["OR of 4 mixed"]}
    asked["full page"] = lambda q: library.search(q, facets=["dancer", "work", "place"])
    library.search("warm~", facets=["dancer"])
    for name, texts in classes.items():
        first, again = [], []
        for query in texts:
            first.append(1_000 * timed(lambda q=query, ask=asked[name]: ask(q)))  # type: ignore[misc]
            again.append(1_000 * timed(lambda q=query, ask=asked[name]: ask(q)))  # type: ignore[misc]
        p95 = statistics.quantiles(first, n=20)[-1]
        row(
            name, f"{statistics.median(first):.2f}", f"{p95:.2f}", f"{statistics.median(again):.2f}"
        )


def peak_memory() -> str:
    """The most memory that this process had, in MB, where the system tells."""
    try:
        import resource
    except ImportError:  # Windows
        return "unknown"
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}"


def main() -> None:
    """Read the arguments and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("collection", type=Path, help="a folder or a JSON Lines file")
    parser.add_argument("--limit", type=int, help="stories to build from, for the second row")
    options = parser.parse_args()
    print(
        f"balletsearch {version('balletsearch')}, engine {ENGINES[0]}, whoosh {version('whoosh')}, "
        f"Python {platform.python_version()}, {platform.machine()}\n{options.collection.name}\n"
    )
    row("", "median", "p95", "asked again")
    row("-" * 34, "-" * 12, "-" * 12, "-" * 12)
    with (
        tempfile.TemporaryDirectory() as folder,
        Library.open(Path(folder) / "index") as library,
    ):
        texts = build(library, options.collection, options.limit)
        ask(library, queries(texts))
    row("peak memory, MB", peak_memory(), "", "")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
