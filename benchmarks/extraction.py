"""How well, and how fast, are stories described?

    python benchmarks/extraction.py $BALLETSEARCH_DATA

On the biographies of `ballet_sections`: in how many of those whose title is a bare name the
protagonist, taken from the text alone, has the first and last name of the title; how many
megabytes a second are extracted; how many values each field got. With `--read N` the works,
companies and places of N sections, chosen by `--seed`, are printed for reading by eye,
with `--missed` the protagonists that were missed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import time
from collections import Counter
from pathlib import Path

from balletsearch import gazetteer
from balletsearch.analysis import cut, fold
from balletsearch.extraction import Extractor, Request
from balletsearch.model import Value

Fields = dict[str, tuple[Value, ...]]

PORTION = 700
"""Texts described at once: about a megabyte."""


def documents(data: Path) -> list[dict[str, str]]:
    """The documents of the collection, in order."""
    with gzip.open(data / "ballet_sections" / "docs.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def described(texts: list[str], names: gazetteer.Gazetteer) -> list[Fields]:
    """The fields of texts without header, path or date."""
    extractor = Extractor(names, "en")
    out: list[Fields] = []
    for at in range(0, len(texts), PORTION):
        asked = [Request({}, text) for text in texts[at : at + PORTION]]
        out += (fields for fields, _ in extractor.extract(asked))
    return out


def words(name: str) -> list[str]:
    """The folded words of a name."""
    return [fold(token.form) for token in cut(name)]


def hits(title: str, fields: Fields) -> bool:
    """Whether the protagonist has the first and the last name of a title that is a bare name."""
    wanted = words(re.sub(r"\s*\(.*", "", title))
    found = {word for name in fields.get("dancer", ()) for word in words(str(name))}
    return bool(wanted) and {wanted[0], wanted[-1]} <= found


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, help="the folder of collections")
    parser.add_argument("--read", type=int, default=0, metavar="N", help="print N sections")
    parser.add_argument("--seed", type=int, default=7, help="which N sections")
    parser.add_argument("--missed", action="store_true", help="print missed protagonists")
    options = parser.parse_args()
    start = time.perf_counter()
    names = gazetteer.load()
    loaded = time.perf_counter() - start
    docs = documents(options.data)
    start = time.perf_counter()
    found = described([doc["text"] for doc in docs], names)
    taken = time.perf_counter() - start
    size = sum(len(doc["text"].encode()) for doc in docs) / 1e6
    bare = [(d, f) for d, f in zip(docs, found, strict=True) if " — " not in d["title"]]
    right = sum(hits(doc["title"], fields) for doc, fields in bare)
    print(f"gazetteer loaded in {1000 * loaded:.0f} ms, {len(names.entries)} entries")
    print(f"{size:.1f} MB in {taken:.1f} s, {size / taken:.2f} MB/s")
    print(f"protagonist {right} of {len(bare)}, {right / len(bare):.1%}")
    counts = Counter(name for fields in found for name, values in fields.items() for _ in values)
    print("values:", ", ".join(f"{name} {n}" for name, n in counts.most_common()))
    if options.missed:
        for doc, fields in bare:
            if not hits(doc["title"], fields):
                print(doc["title"], "|", *fields.get("dancer", ()), "|", doc["text"][:120])
    chosen = random.Random(options.seed)  # noqa: S311 - a sample for reading, nothing to guess
    for at in chosen.sample(range(len(docs)), options.read):
        show(docs[at], found[at])


def show(doc: dict[str, str], fields: Fields) -> None:
    """Print what is to be judged of one section."""
    print(f"\n{doc['id']} {doc['title']}")
    for name in ("dancer", "work", "role", "company", "place"):
        if name in fields:
            print(f"  {name}: {'; '.join(map(str, fields[name]))}")


if __name__ == "__main__":
    main()
