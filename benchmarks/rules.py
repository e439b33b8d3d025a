"""What is each rule of the order of answers worth, and what does it cost?

    python benchmarks/rules.py $BALLETSEARCH_DATA [--collection NAME] [--every N] [--write]

The collections of `judged.py` are indexed once by the engine `columns` with what the code stands
at; every question is asked in plain words, any of them, under one rule more at a time. With
`--write` the tables are kept in `benchmarks/RESULTS.md`. Needs the extra `bench`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import product
from pathlib import Path
from statistics import fmean

from judged import COLLECTIONS, MANY, Judged
from peers.tables import replaced, table

from balletsearch import emphasis
from balletsearch.engines.columns import ColumnsEngine
from balletsearch.engines.protocol import Reader, SearchRequest
from balletsearch.evaluating import RANKED, measured, significance
from balletsearch.feedback import expanded

RESULTS = Path(__file__).parent / "RESULTS.md"
HEADING = "## Rules of the order"
ENGLISH = ("en",)
REFERENCE = {"cranfield": 0.5114, "npl": 0.4385, "cacm": 0.5029, "fairytaleqa": 0.6722}
"""nDCG@10 of the better of two settings (k1, b) of BM25 with Porter's stems and 33 stop words,
the better one chosen for each collection."""

DEFAULT = "words as typed"
RULES = ("words alone", "function words", DEFAULT, "neighbours")
"""Each with all before it; the last is an option."""
OPTIONS = (DEFAULT, "neighbours", "first answers", "both")
"""The default, with either option, and with both."""

LITTLE = (0.1, 0.2, 0.5, 1.0)
TYPED = (0.0, 0.25, 0.5)
FEWER = 4
"""So many times fewer questions are asked for options and constants, where there are many."""


def request(judged: Judged, question: str, rule: str, reader: Reader) -> SearchRequest:
    """A question under a rule."""
    tree = judged.trees[question]
    asked = SearchRequest(tree, limit=RANKED, spans=False)
    if rule == "words alone":
        return asked
    stress = emphasis.emphasis(tree, ENGLISH, neighbours=rule in ("neighbours", "both"))
    bonuses = {} if rule == "function words" else stress.bonuses
    asked = replace(asked, factors=stress.factors, bonuses=bonuses)
    return expanded(asked, reader, ENGLISH) if rule in ("first answers", "both") else asked


class Asked:
    """The figures of one collection under some rules."""

    def __init__(self, judged: Judged, reader: Reader, questions: Sequence[str]) -> None:
        self.judged = judged
        self.reader = reader
        self.judgements = {question: judged.judgements[question] for question in questions}

    def of(self, rule: str) -> tuple[dict[str, float], float]:
        """Question → nDCG@10, and milliseconds of one core for a question."""
        begun = time.process_time()
        found = {
            question: [
                match.story.key
                for match in self.reader.search(
                    request(self.judged, question, rule, self.reader)
                ).matches
            ]
            for question in self.judgements
        }
        spent = (time.process_time() - begun) * 1e3 / len(found)
        values = measured(self.judgements, found)
        return {question: one["nDCG@10"] for question, one in values.items()}, spent


@contextmanager
def opened(judged: Judged) -> Iterator[Reader]:
    """A reader of an index of a collection, which is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        engine = ColumnsEngine(Path(folder) / "index", ENGLISH, create=True, durable=False)
        with engine.writer() as writer:
            for story in judged.stories:
                writer.add(story)
            writer.commit()
        yield engine.reader()
        engine.close()


def constants(asked: Asked) -> dict[tuple[float, float], float]:
    """nDCG@10 by what a function word and a word as typed count."""
    stood = emphasis.FUNCTION_WORD, emphasis.AS_TYPED
    out = {}
    for little, typed in product(LITTLE, TYPED):
        emphasis.FUNCTION_WORD, emphasis.AS_TYPED = little, typed
        out[little, typed] = fmean(asked.of(DEFAULT)[0].values())
    emphasis.FUNCTION_WORD, emphasis.AS_TYPED = stood
    return out


def section(
    rules: Mapping[str, Mapping[str, tuple[dict[str, float], float]]],
    options: Mapping[str, Mapping[str, tuple[dict[str, float], float]]],
    grids: Mapping[str, Mapping[tuple[float, float], float]],
    every: int,
) -> str:
    """All tables."""
    names = list(rules)
    rows = _means(rules, RULES)
    if set(names) == set(REFERENCE):
        best = [REFERENCE[name] for name in names]
        rows.insert(1, ["best of two BM25", *(f"{v:.4f}" for v in (*best, fmean(best)))])
    against = [["p, against", *names]]
    for before, rule in (
        (RULES[0], DEFAULT),
        (RULES[1], DEFAULT),
        *((DEFAULT, r) for r in RULES[3:]),
    ):
        chances = [
            significance([rules[n][rule][0][q] - rules[n][before][0][q] for q in rules[n][rule][0]])
            for n in names
        ]
        against.append([f"{rule} / {before}", *(f"{t:.4f}, {r:.4f}" for t, r in chances)])
    spent = [["ms", *names]]
    spent += [[rule, *(f"{rules[n][rule][1]:.2f}" for n in names)] for rule in RULES]
    return "\n\n".join(
        [
            f"`python benchmarks/rules.py FOLDER`; the first {RANKED:,} answers to each question, "
            f"of more than {MANY:,} questions one in {every}.",
            table(rows),
            "How likely so large a difference is by chance: paired t-test, randomisation test.",
            table(against),
            f"Milliseconds of one core for a question and its first {RANKED:,} keys.",
            table(spent),
            f"nDCG@10 with the options, from here on of many questions one in {every * FEWER}:",
            table(_means(options, OPTIONS)),
            "nDCG@10 by what a function word and a word as typed count:",
            *_grid(grids),
        ]
    )


def _means(
    found: Mapping[str, Mapping[str, tuple[dict[str, float], float]]], rules: Sequence[str]
) -> list[list[str]]:
    rows = [["nDCG@10", *found, f"mean of {len(found)}"]]
    for rule in rules:
        means = [fmean(one[rule][0].values()) for one in found.values()]
        rows.append([rule, *(f"{v:.4f}" for v in (*means, fmean(means)))])
    return rows


def _grid(grids: Mapping[str, Mapping[tuple[float, float], float]]) -> Iterator[str]:
    names = list(grids)
    pairs = list(product(LITTLE, TYPED))
    rows = [["function word, as typed", *names, f"mean of {len(names)}"]]
    for pair in pairs:
        values = [grids[name][pair] for name in names]
        label = ", ".join(f"{v:g}" for v in pair)
        rows.append([label, *(f"{v:.4f}" for v in (*values, fmean(values)))])
    yield table(rows)
    if len(names) < 2:
        return
    left = [["left out", "chosen by the others", "gives", "words alone", "the default"]]
    gained = []
    for name in names:
        others = [n for n in names if n != name]
        chosen = max(pairs, key=lambda p, o=others: fmean(grids[n][p] for n in o))  # type: ignore[misc]
        gained.append(grids[name][chosen])
        standing = grids[name][emphasis.FUNCTION_WORD, emphasis.AS_TYPED]
        figures = (gained[-1], grids[name][1.0, 0.0], standing)
        left.append([name, ", ".join(f"{v:g}" for v in chosen), *(f"{v:.4f}" for v in figures)])
    means = [fmean(float(row[i]) for row in left[1:]) for i in (2, 3, 4)]
    left.append(["mean", "", *(f"{v:.4f}" for v in means)])
    yield "Where the others chose these two by their mean:"
    yield table(left)


def main() -> None:
    """Read the arguments, measure, print and keep."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("data", type=Path, help="the folder of collections")
    voting = [name for name, one in COLLECTIONS.items() if one.votes]
    parser.add_argument("--collection", action="append", choices=voting, help="only this one")
    parser.add_argument("--every", type=int, default=5, help="of many questions one in so many")
    parser.add_argument("--write", action="store_true", help="write into benchmarks/RESULTS.md")
    options = parser.parse_args()
    rules, choices, grids = {}, {}, {}
    for name in options.collection or voting:
        judged = Judged(options.data, COLLECTIONS[name])
        with opened(judged) as reader:
            whole = Asked(judged, reader, judged.some(options.every))
            rules[name] = {rule: whole.of(rule) for rule in RULES}
            some = Asked(judged, reader, judged.some(options.every * FEWER))
            choices[name] = {rule: some.of(rule) for rule in OPTIONS}
            grids[name] = constants(some)
        print(f"{name} is measured", file=sys.stderr)
    text = f"{HEADING}\n\n{section(rules, choices, grids, options.every)}"
    print(text)
    if options.write:
        replaced(RESULTS, HEADING, text)


if __name__ == "__main__":
    main()
