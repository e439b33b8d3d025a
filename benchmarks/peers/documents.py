"""What is indexed and what is asked? The same documents and queries for every peer."""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from balletsearch.analysis import cut, fold

__all__ = ["CLASSES", "Document", "Query", "draw", "read", "size", "stream"]

SEED = 1877
SAMPLE = 10_000_000
"""Characters of a collection that the words of the queries are drawn from."""
COMMON = 60
"""Words that are called common: the first so many by document frequency."""
MID = 1_500
"""Words up to here are called mid."""


class Document(NamedTuple):
    """One document; a collection without authors has the first letter of the title instead."""

    id: str
    title: str
    text: str
    author: str


class Query(NamedTuple):
    """One query: what kind, of which words, and in the signs that most peers share."""

    kind: str
    words: tuple[str, ...]
    text: str


Words = list[str]

CLASSES = {
    "term, common": "term",
    "term, mid": "term",
    "OR of 2 common": "or",
    "OR of 4 mixed": "or",
    "AND of 2 common": "and",
    "AND of 3 mixed": "and",
    "phrase of 2": "phrase",
    "phrase of 3": "phrase",
    "fuzzy, distance 1": "fuzzy1",
    "fuzzy, distance 2": "fuzzy2",
    "prefix of 4 letters": "prefix",
    "facet over all matches": "facet",
}
"""Class of queries → their kind."""


def read(path: Path, limit: float | None = None) -> list[Document]:
    """The documents of a collection in order, with a limit the first so many MB of text."""
    return list(stream(path, limit))


def stream(path: Path, limit: float | None = None) -> Iterator[Document]:
    """The same, one by one."""
    room = float("inf") if limit is None else limit * 1e6
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            doc = json.loads(line)
            yield Document(
                doc["id"], doc["title"], doc["text"], doc.get("author") or doc["title"][:1]
            )
            room -= len(doc["text"].encode())
            if room <= 0:
                return


def size(documents: Sequence[Document]) -> int:
    """The bytes of their texts, without titles and authors."""
    return sum(len(d.text.encode()) for d in documents)


def draw(documents: Sequence[Document], number: int) -> dict[str, list[Query]]:
    """Class → so many queries, drawn with a fixed seed from the words of the documents."""
    chance = random.Random(SEED)  # noqa: S311  # a benchmark wants the same draw each time
    step = 1 + sum(len(d.text) for d in documents) // SAMPLE
    sample = documents[::step]
    words = [[fold(token.form) for token in cut(d.text)] for d in sample]
    common, mid = _ranked(words)

    def drawn(make: Callable[[], tuple[str, ...]], kind: str) -> list[Query]:
        return [worded(kind, make()) for _ in range(number)]

    def of(*pools: Words) -> Callable[[], tuple[str, ...]]:
        return lambda: tuple(chance.choice(pool) for pool in pools)

    def phrase(length: int) -> Callable[[], tuple[str, ...]]:
        def make() -> tuple[str, ...]:
            while True:
                text = chance.choice(words)
                at = chance.randrange(max(1, len(text) - length))
                found = tuple(text[at : at + length])
                if len(found) == length and all(map(_plain, found)):
                    return found

        return make

    long = [w for w in mid if len(w) > 4]
    makers = {
        "term, common": of(common),
        "term, mid": of(mid),
        "OR of 2 common": of(common, common),
        "OR of 4 mixed": of(common, mid, mid, mid),
        "AND of 2 common": of(common, common),
        "AND of 3 mixed": of(common, mid, mid),
        "phrase of 2": phrase(2),
        "phrase of 3": phrase(3),
        "fuzzy, distance 1": of(long),
        "fuzzy, distance 2": of(long),
        "prefix of 4 letters": lambda: (chance.choice(long)[:4],),
        "facet over all matches": of(common),
    }
    return {name: drawn(makers[name], kind) for name, kind in CLASSES.items()}


def _plain(word: str) -> bool:
    """Whether every peer cuts this word alike: letters only, no apostrophes, hyphens, digits."""
    return word.isascii() and word.isalpha()


def _ranked(texts: list[Words]) -> tuple[Words, Words]:
    """The common and the mid words, of three letters at least, by document frequency."""
    df: Counter[str] = Counter()
    for text in texts:
        df.update(set(text))
    ranked = [w for w, n in df.most_common() if len(w) > 2 and n > 1 and _plain(w)]
    return ranked[:COMMON], ranked[COMMON:MID] or ranked


def worded(kind: str, words: tuple[str, ...]) -> Query:
    """A query in the signs that columns, Whoosh and, but for fuzzy words, FTS5 share."""
    text = {
        "or": " OR ".join(words),
        "and": " AND ".join(words),
        "phrase": '"{}"'.format(" ".join(words)),
        "fuzzy1": f"{words[0]}~1",
        "fuzzy2": f"{words[0]}~2",
        "prefix": f"{words[0]}*",
    }.get(kind, words[0])
    return Query(kind, words, text)
