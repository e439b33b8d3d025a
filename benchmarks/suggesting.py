"""How often is what is suggested what was meant, and how fast are suggestions and completions?

    python benchmarks/suggesting.py $BALLETSEARCH_DATA [--index FOLDER] [--sample N] [--write]

The collection novels_passages is indexed by the engine `columns` (once, into the folder given, else
into a temporary one). Of each list of misspellings those are asked whose right word is in the
collection, the suggester directly, each word by itself. Prints tables, and with `--write` keeps
them in `benchmarks/RESULTS.md`. Times are of the processor, the best of several tries, since others
use the machine; on one that nobody else uses that is the time that passes.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from math import ceil, log
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from peers.columns import Columns
from peers.documents import stream
from peers.tables import replaced, table
from rapidfuzz.distance import OSA

from balletsearch.analysis import cut, fold, form
from balletsearch.asking import Snapshot
from balletsearch.completing import completions
from balletsearch.engines.columns import ColumnsEngine
from balletsearch.engines.protocol import Reader
from balletsearch.settings import Settings
from balletsearch.suggesting import meanings
from balletsearch.understanding import Understanding

RESULTS = Path(__file__).parent / "RESULTS.md"
HEADING = "## Suggestions and completions"
SEED = 1877
TRIES = 3
PREFIXES = 100
"""Words that prefixes of each length are taken from, drawn by how many stories they stand in."""

QUERIES = (
    "the swan lake",
    "dance OR ballet",
    '"the old house"',
    "swan laek",
    "dacing gils",
    "swan OR balet",
    "author:dickins",
)

Pairs = Sequence[tuple[str, str]]


def pairs(path: Path, there: Callable[[str], bool]) -> Pairs:
    """Misspelling and right word, folded, of one word each, the right one in the collection."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(fold(form(a)), fold(form(b))) for a, b in list(csv.reader(file, "excel-tab"))[1:]]
    return [(a, b) for a, b in rows if a != b and len(cut(a)) == 1 and there(b)]


def plain(reader: Reader, typed: str) -> list[str]:
    """The yardstick: log frequency minus six times the distance, within three edits."""
    near = (each for each in reader.near(typed, 3) if each.text != typed)
    return [s.text for s in sorted(near, key=lambda s: 6 * s.distance - log(s.stories))[:5]]


def ours(reader: Reader, typed: str) -> list[str]:
    """What the suggester says."""
    return [meaning.text for meaning in meanings(reader, typed)]


def timed(ask: Callable[[], Any]) -> tuple[Any, float]:
    """An answer, and the milliseconds of the processor that it took at best."""
    best = float("inf")
    for _ in range(TRIES):
        start = process_time()
        found = ask()
        best = min(best, process_time() - start)
    return found, best * 1e3


def p95(times: Sequence[float]) -> float:
    """The time that 95 in 100 do not exceed."""
    return sorted(times)[ceil(0.95 * len(times)) - 1]


def ranked(reader: Reader, some: Pairs, ways: dict[str, Any], name: str) -> Iterator[list[str]]:
    """A row for each way of ranking."""
    for way, ask in ways.items():
        first = five = 0
        times = []
        for typed, right in some:
            found, took = timed(lambda a=ask, t=typed: a(reader, t))  # type: ignore[misc]
            first += found[:1] == [right]
            five += right in found
            times.append(took)
        shares = [f"{100 * n / len(some):.1f}" for n in (first, five)]
        yield [name, f"{len(some):,}", way, *shares, f"{median(times):.2f}", f"{p95(times):.2f}"]


def completed(reader: Reader, words: Sequence[str]) -> Iterator[list[str]]:
    """A row for the prefixes of each length, as words, and in two fields."""
    for letters in range(1, 6):
        row = [str(letters)]
        for before in ("", "author:", "title:"):
            begun = [f"{before}{word[:letters]}" for word in words if len(word) >= letters]
            times = [timed(lambda b=b: completions(b, reader, 10))[1] for b in begun]  # type: ignore[misc]
            row += [f"{median(times):.2f}", f"{p95(times):.2f}"]
        yield row


def searched(held: Snapshot) -> Iterator[list[str]]:
    """A row for each query: with and without a suggestion."""
    for text in QUERIES:
        found, took = timed(lambda t=text: held.search(t))  # type: ignore[misc]
        _, without = timed(lambda t=text: held.search(t, suggest=False))  # type: ignore[misc]
        said = f"{found.suggestion} ({found.suggestion.total:,})" if found.suggestion else "–"
        yield [f"`{text}`", f"{found.total:,}", said, f"{without:.2f}", f"{took:.2f}"]


def section(reader: Reader, data: Path, sample: int) -> str:
    """All tables."""
    draw = random.Random(SEED)  # noqa: S311 - no secret

    def there(word: str) -> bool:
        return any(each.text == word for each in reader.near(word, 0))

    lists = data / "misspellings"
    rows = [["list", "pairs", "ranked by", "first, %", "of five, %", "median ms", "p95 ms"]]
    ways = {"6 · distance − ln stories": plain, "suggester": ours}
    rows += ranked(reader, pairs(lists / "norvig_testset1.tsv", there), ways, "norvig_testset1")
    many = pairs(lists / "birkbeck.tsv", lambda _: True)
    some = [pair for pair in draw.sample(many, min(2 * sample, len(many))) if there(pair[1])]
    some = some[:sample]
    far = 100 * sum(OSA.distance(*pair) > 3 for pair in some) / len(some)
    rows += ranked(reader, some, ways, f"birkbeck, seed {SEED}")
    frequent = reader.beginning("", 2_000)
    words = draw.choices(
        [word.text for word in frequent], [word.stories for word in frequent], k=PREFIXES
    )
    prefixes = [["letters", "word", "p95", "author:", "p95", "title:", "p95"]]
    prefixes += completed(reader, words)
    queries = [["query", "stories", "suggestion", "ms without", "ms with"]]
    queries += searched(Snapshot(reader, ("en",), Understanding(Settings(), Path())))
    return "\n\n".join(
        [
            f"`python benchmarks/suggesting.py FOLDER`: {reader.count():,} passages of novels. Of "
            "misspellings whose right word is in the collection, the suggester asked directly; how "
            "often the right word comes first, and among the first five. Milliseconds are of "
            f"the processor, the best of {TRIES} tries for each word.",
            table(rows),
            f"birkbeck is of children and poor spellers: of {far:.0f} % of those pairs the words "
            "are more than three edits apart, which is further than anything is looked for.",
            f"Completion, milliseconds, of the first letters of {PREFIXES} words drawn by their "
            "frequency: of any word, of an author, of a word of a title; median and 95th of 100.",
            table(prefixes),
            "Searches with and without looking for a suggestion, page and snippets included:",
            table(queries),
        ]
    )


def built(folder: Path, data: Path) -> ColumnsEngine:
    """The index in a folder, made where there is none."""
    if not (folder.is_dir() and any(folder.iterdir())):
        print("building the index", file=sys.stderr)
        Columns().build(folder, stream(data / "novels_passages" / "docs.jsonl.gz"))
    return ColumnsEngine(folder, ("en",))


def main() -> None:
    """Read the arguments, measure, print and keep."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("data", type=Path, help="the folder of collections")
    parser.add_argument("--index", type=Path, help="where the index is, or is to be")
    parser.add_argument("--sample", type=int, default=2_000, help="pairs of birkbeck (2000)")
    parser.add_argument("--write", action="store_true", help="write into benchmarks/RESULTS.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        engine = built(options.index or Path(temporary) / "index", options.data)
        text = f"{HEADING}\n\n{section(engine.reader(), options.data, options.sample)}"
        engine.close()
    print(text)
    if options.write:
        replaced(RESULTS, HEADING, text)


if __name__ == "__main__":
    main()
