"""Which documents answer which questions? Collections that people have judged.

Everything here serves `benchmarks/relevance.py`.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from balletsearch import Story
from balletsearch.query import parse

__all__ = ["COLLECTIONS", "MANY", "Collection", "Judged"]

MANY = 1_000
"""Of more questions than these only some are asked with every setting."""


@dataclass(frozen=True, slots=True)
class Collection:
    """Where the documents and the judgements are, and which fields the documents have."""

    folder: str
    documents: str = "docs.jsonl.gz"
    judgements: str = "qrels.tsv"
    fields: tuple[str, ...] = ("title",)
    votes: bool = True
    """Whether it has a vote in a choice; not where another collection has the same questions."""


COLLECTIONS = {
    "cranfield": Collection("cranfield", judgements="qrels_binary1837.tsv"),
    "npl": Collection("npl"),
    "cacm": Collection("cacm", fields=("title", "author", "bib", "keywords")),
    "fairytaleqa": Collection("fairytaleqa"),
    "whole tales": Collection("fairytaleqa", "stories.jsonl.gz", "qrels_stories.tsv", votes=False),
}


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON Lines file, compressed or not."""
    path = path if path.exists() else path.with_name(f"{path.name}.gz")
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


class Judged:
    """A collection in memory."""

    def __init__(self, data: Path, collection: Collection) -> None:
        folder = data / collection.folder
        self.stories = [
            Story(d["id"], d["text"], fields={f: (d[f],) for f in collection.fields if d[f]})
            for d in _lines(folder / collection.documents)
        ]
        self.judgements: dict[str, dict[str, int]] = defaultdict(dict)
        """Question → relevant document → how relevant."""
        for line in (folder / collection.judgements).read_text("utf-8").splitlines()[1:]:
            question, document, score = line.split("\t")
            if int(score) > 0:
                self.judgements[question][document] = int(score)
        self.trees = {
            q["id"]: parse(q["text"], plain=True, any_word=True).tree
            for q in _lines(folder / "queries.jsonl")
            if q["id"] in self.judgements
        }
        """The questions that a document is relevant to: plain words, any of them."""

    def some(self, every: int) -> list[str]:
        """All questions, or every so many where there are many."""
        asked = list(self.trees)
        return asked[::every] if len(asked) > MANY else asked
