"""Which parameters of BM25, and which weights of zones, put what was looked for first?

    python benchmarks/relevance.py $BALLETSEARCH_DATA [--collection NAME] [--every N] [--write]

Collections of documents with questions and judgements are indexed by the engine `columns` under
several weights of the title; every question is asked in plain words, any of them, with several
k1 and b. Prints tables, and with `--write` keeps them in `benchmarks/RESULTS.md`. Needs the
extra `bench`. What the code stands at is called the default; nothing here sets it. All words count
alike here, and so do all of their forms: what the rules beside them do is `benchmarks/rules.py`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from itertools import product
from pathlib import Path
from typing import NamedTuple

import ir_measures
from ir_measures import AP, RR, P, R, nDCG
from judged import COLLECTIONS, MANY, Judged
from peers.tables import replaced, table

from balletsearch.engines import bm25
from balletsearch.engines.columns import (
    ColumnsEngine,
    drafting,
    scoring,
    searching,
    snapshot,
    weights,
)
from balletsearch.engines.protocol import SearchRequest
from balletsearch.fields import FIELDS, custom

RESULTS = Path(__file__).parent / "RESULTS.md"
HEADING = "## Relevance"
MEASURES = {"nDCG@10": nDCG @ 10, "MAP": AP, "MRR@10": RR @ 10, "P@10": P @ 10, "R@100": R @ 100}
RANKED = 100

K1S = (0.6, 0.9, 1.2, 1.5, 2.0)
BS = (0.3, 0.4, 0.5, 0.6, 0.75, 0.9)
TITLES = (1.0, 1.5, 2.0, 3.0, 4.0)
OTHERS = (0.5, 1.0, 2.0, 3.0)
"""Weights of authors and of keywords."""
UNIT = 0.5
"""A number of which all those weights are multiples."""
TABLE = dict(FIELDS)


class Setting(NamedTuple):
    """What is varied."""

    k1: float
    b: float
    title: float

    def __str__(self) -> str:
        return ", ".join(f"{value:g}" for value in self)


DEFAULT = Setting(bm25.K1, bm25.B, FIELDS["title"].weight)
USUAL = (Setting(0.9, 0.4, 1.0), Setting(1.2, 0.75, 1.0))
"""What Anserini and Lucene come with, and title and text as one."""
GRID = [
    Setting(*each)
    for each in product(*(sorted({*s, d}) for s, d in zip((K1S, BS, TITLES), DEFAULT, strict=True)))
]
Figures = Mapping[str, Mapping[Setting, float]]
"""Collection → setting → nDCG@10."""


def built(judged: Judged, weighed: Mapping[str, float], folder: Path) -> snapshot.Snapshot:
    """An index in which words of some fields count so much."""
    FIELDS.clear()
    FIELDS.update(TABLE)
    for name, weight in weighed.items():
        FIELDS[name] = replace(TABLE.get(name) or custom(name), weight=weight)
    engine = ColumnsEngine(folder, ("en",), create=True, durable=False)
    with engine.writer() as writer:
        for story in judged.stories:
            writer.add(story)
        writer.commit()
    searching.lower.cache_clear()
    return engine.reader().snapshot


def measured(
    judged: Judged, index: snapshot.Snapshot, k1: float, b: float, asked: Sequence[str]
) -> dict[str, float]:
    """The mean of each measure over the questions that are asked."""
    scoring.K1, scoring.B = k1, b
    index._norms.clear()  # were worked out with others
    run = {}
    for question in asked:
        request = SearchRequest(judged.trees[question], limit=RANKED, spans=False)
        page = searching.answer(index, request).page
        # By rank, since trec_eval orders documents of the same score in a way of its own.
        run[question] = {
            index.segments[one.segment].keys[one.document]: -float(rank)
            for rank, one in enumerate(page)
        }
    judgements = {question: judged.judgements[question] for question in asked}
    found = ir_measures.calc_aggregate(MEASURES.values(), judgements, run)
    return {name: found[measure] for name, measure in MEASURES.items()}


class Measured:
    """What came out for one collection."""

    def __init__(self, name: str, judged: Judged, every: int) -> None:
        self.size = f"{name}: {len(judged.stories):,} documents, {len(judged.trees):,} questions"
        self.grid: dict[Setting, float] = {}
        self.full: dict[Setting, dict[str, float]] = {}
        self.others: dict[tuple[float, float], float] = {}
        some, whole = judged.some(every), list(judged.trees)
        with tempfile.TemporaryDirectory() as temporary:
            for title in dict.fromkeys(s.title for s in GRID):
                print(f"{name}: titles count {title:g}", file=sys.stderr)
                index = built(judged, {"title": title}, Path(temporary) / f"{title}")
                for setting in (s for s in GRID if s.title == title):
                    found = measured(judged, index, *setting[:2], some)
                    self.grid[setting] = found["nDCG@10"]
                    if setting in (*USUAL, DEFAULT):
                        self.full[setting] = measured(judged, index, *setting[:2], whole)
            for pair in product(OTHERS, OTHERS) if "keywords" in COLLECTIONS[name].fields else ():
                weighed = {"title": DEFAULT.title, "author": pair[0], "keywords": pair[1]}
                index = built(judged, weighed, Path(temporary) / f"{pair}")
                self.others[pair] = measured(judged, index, *DEFAULT[:2], some)["nDCG@10"]


def section(found: Mapping[str, Measured], every: int) -> str:
    """All tables."""
    grid = {name: one.grid for name, one in found.items()}
    rows = [["", "k1, b, title", *MEASURES]]
    for name, one in found.items():
        for setting in dict.fromkeys((*USUAL, DEFAULT)):
            cells = [f"{value:.4f}" for value in one.full[setting].values()]
            rows.append([name, str(setting), *cells])
    parts = [
        f"`python benchmarks/relevance.py FOLDER`, ir-measures {version('ir-measures')}. "
        f"{'; '.join(one.size for one in found.values())}. Means over the questions that a "
        f"document is relevant to, of the first {RANKED} documents, by the words alone; "
        "the last row of each is the default.",
        table(rows),
        f"nDCG@10 by k1 and b, where a word of a title counts {DEFAULT.title:g}; from here on, of "
        f"more than {MANY:,} questions one in {every}:",
        varied(grid, "k1, b", [s for s in GRID if s.title == DEFAULT.title], slice(2)),
        "nDCG@10 by what a word of a title counts, with k1 and b of the default:",
        varied(grid, "title", [s for s in GRID if s[:2] == DEFAULT[:2]], slice(2, 3)),
        *left_out(grid),
    ]
    for name, one in found.items():
        if one.others:
            rows = [["author ↓ keywords →", *(f"{w:g}" for w in OTHERS)]]
            rows += [[f"{a:g}", *(f"{one.others[a, k]:.4f}" for k in OTHERS)] for a in OTHERS]
            parts += [f"nDCG@10 on {name} by what a word of those fields counts:", table(rows)]
    return "\n\n".join(parts)


def voters(grid: Figures) -> list[str]:
    """The collections that have a vote."""
    return [name for name in grid if COLLECTIONS[name].votes]


def mean(grid: Figures, names: Sequence[str], setting: Setting) -> float:
    """The mean over some collections."""
    return sum(grid[name][setting] for name in names) / len(names)


def varied(grid: Figures, what: str, settings: Sequence[Setting], shown: slice) -> str:
    """A row for each setting, a column for each collection, and the mean of those that vote."""
    names = voters(grid) or list(grid)
    rows = [[what, *grid, f"mean of {len(names)}"]]
    for setting in settings:
        cells = [*(figures[setting] for figures in grid.values()), mean(grid, names, setting)]
        rows.append([", ".join(f"{v:g}" for v in setting[shown]), *(f"{c:.4f}" for c in cells)])
    return table(rows)


def left_out(grid: Figures) -> list[str]:
    """What the choice of all other collections does to each."""
    names = voters(grid)
    if len(names) < 2:
        return []
    rows = [["left out", "chosen by the others", "gives", "default gives", "its own best", "gives"]]
    for name in names:
        others = [n for n in names if n != name]
        chosen = max(GRID, key=lambda s, o=others: mean(grid, o, s))  # type: ignore[misc]
        own = max(GRID, key=grid[name].__getitem__)
        gives = [f"{grid[name][setting]:.4f}" for setting in (chosen, DEFAULT, own)]
        rows.append([name, str(chosen), gives[0], gives[1], str(own), gives[2]])
    return ["nDCG@10 where the others chose k1, b and title by their mean:", table(rows)]


def main() -> None:
    """Read the arguments, measure, print and keep."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("data", type=Path, help="the folder of collections")
    parser.add_argument(
        "--collection", action="append", choices=COLLECTIONS, help="only this one (repeatable)"
    )
    parser.add_argument("--every", type=int, default=5, help="of many questions one in so many (5)")
    parser.add_argument("--write", action="store_true", help="write into benchmarks/RESULTS.md")
    options = parser.parse_args()
    # What a leaf matches depends on neither k1 nor b.
    searching.lower = cache(searching.lower)
    for module in (weights, drafting, scoring, snapshot):
        module.UNIT = UNIT
    found = {
        name: Measured(name, Judged(options.data, COLLECTIONS[name]), options.every)
        for name in options.collection or COLLECTIONS
    }
    text = f"{HEADING}\n\n{section(found, options.every)}"
    print(text)
    if options.write:
        replaced(RESULTS, HEADING, text)


if __name__ == "__main__":
    main()
