"""How does our engine compare with others, on the same machine, at the same time?

    python benchmarks/engines.py $BALLETSEARCH_DATA [--collection NAME] [--rounds N]
        [--queries N] [--without PEER] [--whoosh-mb MB] [--keep FOLDER] [--write]

For each collection (default: all three of the table below) the engine `columns`, tantivy, SQLite
FTS5 and stock Whoosh are built and asked the same queries; then, where the collection has them,
syncs of plain files, full pages, searches from the shell and the adding of single stories are
measured. Prints tables,
and with `--write` keeps them in `benchmarks/RESULTS.md`. Needs the extra `bench`. What is
measured, and how each peer is set up, stands in `benchmarks/peers/`.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from peers import PAGE_PEERS, PEERS, peer
from peers.asking import PATIENCE, Times, ask
from peers.building import Built, build
from peers.documents import CLASSES, Document, Query, draw, read, size
from peers.growing import grow
from peers.machine import machine
from peers.pages import library, opened
from peers.shell import RUNS, packages, shell
from peers.syncing import plain_files, sync, work
from peers.tables import building_table, found_table, plain_times_table, replaced, times_table

from balletsearch import Library

RESULTS = Path(__file__).parent / "RESULTS.md"


@dataclass(frozen=True, slots=True)
class Collection:
    """What is measured on a collection besides building and queries."""

    name: str
    file: str = "docs.jsonl.gz"
    page: tuple[str, ...] = ()
    """The fields that a full page counts; none, no pages."""
    commands: tuple[tuple[str, ...], ...] = ()
    """What follows `balletsearch search` in searches from the shell."""
    grows: bool = False
    """Whether single stories are added."""
    files: Callable[[Document], str] | None = None
    """What a plain file of it holds: all documents that follow one another and share this."""


COLLECTIONS = (
    Collection(
        "ballet_sections",
        page=("dancer", "work", "place"),
        commands=(("swan lake",), ("nijinsky~", "--facet", "work")),
        files=lambda document: document.id,
    ),
    Collection("fairytaleqa", file="stories.jsonl.gz", page=("person", "place", "term")),
    Collection("novels_passages", grows=True, files=work),
)
NOTE = (
    "Every round asks queries of its own; measured is the way from the text of a query to ten "
    "titles and the total. Every index holds stems with positions, and the texts. columns also "
    "writes exact words, surnames, sentences and checksums; Whoosh does not sync its files to the "
    "disk, the others do. Phrases, fuzzy words and prefixes mean exact words in columns, so it "
    "finds fewer; the others have stems only, and tantivy gives fuzzy words and prefixes no "
    "scores. "
    "columns also looks for words in the names of authors, and works out where the ten hits match. "
    f"After {PATIENCE:.0f} s a peer is asked no more of a class in a round; a number in brackets "
    "says how many queries that left."
)
PAGE_CLASSES = ("term, mid", "OR of 4 mixed", "phrase of 2")
"""Classes of queries that full pages are asked of."""


def main() -> None:
    """Read the arguments, measure, print and keep."""
    options = _options()
    names = [name for name in PEERS if name not in options.without]
    known = {c.name: c for c in COLLECTIONS}
    for name in options.collection or known:
        collection = known.get(name, Collection(name))
        with tempfile.TemporaryDirectory() as temporary:
            run = Run(collection, options, names, Path(temporary))
            heading = f"## Engines side by side: {name}"
            section = f"{heading}\n\n{run.section()}"
        print(f"{section}\n", flush=True)
        if options.write:
            replaced(RESULTS, heading, section)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("data", type=Path, help="the folder of collections")
    parser.add_argument("--collection", action="append", help="a folder in it (repeatable)")
    parser.add_argument("--rounds", type=int, default=3, help="turns of the peers (3)")
    parser.add_argument("--queries", type=int, default=30, help="queries a class and round (30)")
    parser.add_argument(
        "--without", action="append", default=[], choices=PEERS[1:], help="leave out (repeatable)"
    )
    parser.add_argument(
        "--whoosh-mb", type=float, default=30, help="text that Whoosh gets at most; 0: all (30)"
    )
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="keep and reuse the indexes of the others there"
    )
    parser.add_argument("--write", action="store_true", help="write into benchmarks/RESULTS.md")
    return parser.parse_args()


class Run:
    """One collection, measured."""

    def __init__(
        self, collection: Collection, options: argparse.Namespace, names: list[str], folder: Path
    ) -> None:
        self._collection = collection
        self._options = options
        self._names = names
        self._folder = folder
        self._path: Path = options.data / collection.name / collection.file
        self._homes: dict[str, Path] = {}

    def section(self) -> str:
        """All tables of the collection."""
        # Builds come first: this process is small as long as it holds no documents.
        built = {name: self._built(name) for name in self._names}
        documents = read(self._path)
        queries = draw(documents, self._options.rounds * self._options.queries + 1)
        times, segments = self._asked(queries)
        whole = [n for n in self._names if built[n].documents == len(documents)]
        parts = [
            self._preamble(documents, built, whole),
            NOTE,
            building_table(built, segments),
            "Queries, median / p95 in ms; then the median of columns ÷ that of a peer:",
            times_table(times, self._names, whole),
            "Documents that a query finds, the mean:",
            found_table(times, self._names),
        ]
        home = self._folder / "library" / "index"
        if self._collection.files is not None:
            parts.append(self._synced(documents, self._collection.files))
        if self._collection.page or self._collection.files is not None:
            parts += self._left(home, queries)
        if self._collection.page:
            parts += self._pages(home, queries, whole)
        if self._collection.grows:
            parts.append(self._grown(documents))
        return "\n\n".join(parts)

    def _built(self, name: str) -> Built:
        limit = (self._options.whoosh_mb or None) if name == "whoosh" else None
        home = self._folder / "built" / name
        if self._options.keep is not None and name != "columns":
            told = f"{self._collection.name}-{peer(name).version()}-{limit or 'all'}-texts"
            home = self._options.keep / told.replace(" ", "-")
        self._homes[name] = home / "index"
        print(f"{self._collection.name}: {peer(name).label} is built", file=sys.stderr)
        return build(name, home, self._path, limit)

    def _asked(
        self, queries: dict[str, list[Query]]
    ) -> tuple[dict[str, dict[str, Times]], dict[str, int | None]]:
        with ExitStack() as stack:
            askers = {}
            for name in self._names:
                askers[name] = peer(name).open(self._homes[name])
                stack.callback(askers[name].close)
            actions = {
                label: {
                    name: asker.facet if kind == "facet" else asker.search
                    for name, asker in askers.items()
                    if kind not in peer(name).without
                }
                for label, kind in CLASSES.items()
            }
            print(f"{self._collection.name}: queries are asked", file=sys.stderr)
            times = ask(actions, queries, self._options.rounds)
            return times, {name: asker.segments for name, asker in askers.items()}

    def _preamble(
        self, documents: list[Document], built: dict[str, Built], whole: list[str]
    ) -> str:
        options = self._options
        versions = [peer(name).version() for name in self._names]
        lines = [
            f"`python benchmarks/engines.py FOLDER --collection {self._collection.name} "
            f"--rounds {options.rounds} --queries {options.queries}`: "
            f"{len(documents):,} documents, {size(documents) / 1e6:.1f} MB of text. "
            f"{machine()}; {', '.join(versions)}, "
            f"numpy {version('numpy')}.",
        ]
        lines += [
            f"{peer(name).label} holds only the first {built[name].text / 1e6:.0f} MB, so its "
            "queries have less to do and no ratio is given."
            for name in self._names
            if name not in whole
        ]
        return "\n".join(lines)

    def _synced(self, documents: list[Document], one: Callable[[Document], str]) -> str:
        print(f"{self._collection.name}: plain files are synced", file=sys.stderr)
        told = plain_files(documents, self._folder / "files", one)
        done = sync(self._folder / "files", self._folder / "followed" / "index", *told)
        return (
            f"A sync of the texts as {done.files:,} plain files, everything on: {done.seconds:.1f} "
            f"s, {done.text / 1e6 / done.seconds:.1f} MB/s; {done.processor:.1f} s of processor "
            f"time over all processes; peak memory {done.peak:.0f} MB, and of a process that "
            f"describes at most {done.largest:.0f} MB."
        )

    def _left(self, home: Path, queries: dict[str, list[Query]]) -> list[str]:
        print(f"{self._collection.name}: all is synced, what that leaves is asked", file=sys.stderr)
        seconds = library(home, self._path)
        merged = self._folder / "merged" / "index"
        shutil.copytree(home, merged)
        with Library.open(merged) as whole:
            whole.merge()
        with ExitStack() as stack:
            askers = {}
            for name, at in (("as sync leaves it", home), ("merged", merged)):
                (store,) = at.glob("store-*")
                asker = peer("columns").open(store)
                stack.callback(asker.close)
                askers[f"{name}, segments: {asker.segments}"] = asker
                if asker.segments == 1:
                    break
            actions = {
                label: {
                    name: one.facet if kind == "facet" else one.search
                    for name, one in askers.items()
                }
                for label, kind in CLASSES.items()
            }
            times = ask(actions, queries, self._options.rounds)
        return [
            f"The same queries to what a sync of the records of one file leaves ({seconds:.1f} s, "
            "everything on), and to the same merged, if it can be; median / p95 in ms:",
            plain_times_table(times),
        ]

    def _pages(self, home: Path, queries: dict[str, list[Query]], whole: list[str]) -> list[str]:
        print(f"{self._collection.name}: pages are asked", file=sys.stderr)
        names = [name for name in PAGE_PEERS if name in whole]
        asked = {kind: queries[kind] for kind in PAGE_CLASSES}
        with opened(self._folder / "pages", home, self._collection.page, names) as actions:
            times = ask(dict.fromkeys(asked, actions), asked, self._options.rounds)
        parts = [
            f"A full page: ten titles with snippets, the total, facets of "
            f"{', '.join(self._collection.page)}; median / p95 in ms:",
            times_table(times, names, names),
        ]
        return [*parts, *(self._from_shell(home, words) for words in self._collection.commands)]

    def _from_shell(self, home: Path, words: tuple[str, ...]) -> str:
        return (
            f"`balletsearch search {' '.join(words)}` as a whole process: "
            f"{shell(home, words):.0f} ms, median of {RUNS}; "
            f"imports {', '.join(packages(home, words))}."
        )

    def _grown(self, documents: list[Document]) -> str:
        taken, segments = grow(self._homes["columns"], documents, self._folder / "grown")
        return (
            f"One more story, durable and searchable, {len(taken)} in a row: median "
            f"{statistics.median(taken):.1f} ms, worst {max(taken):.1f} ms; "
            f"{segments[-1]} segments at the end, at most {max(segments)}."
        )


if __name__ == "__main__":
    main()
