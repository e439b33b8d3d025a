"""What was asked, and which stories did somebody judge to answer it?

Questions: JSON Lines with `id` and `text`, or TREC topics as `id<TAB>text`. Judgements: a table
with the header `query-id<TAB>corpus-id<TAB>score`, or TREC qrels (`question 0 document score`).
Which it is, and whether it is compressed, is told by what stands in the file.
"""

from __future__ import annotations

import gzip
import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from balletsearch.errors import JudgementError

__all__ = ["Judgements", "Known", "known_keys", "read_judgements", "read_questions"]

Judgements = Mapping[str, Mapping[str, int]]
"""Question → document → how relevant; 0 or less is not relevant."""

HEADER: Final = ("query-id", "corpus-id", "score")
_GZIP: Final = b"\x1f\x8b"


def _lines(path: str | os.PathLike[str]) -> list[tuple[str, str]]:
    """The lines of a file that hold something, each with its place."""
    raw = Path(path).read_bytes()
    try:
        text = (gzip.decompress(raw) if raw.startswith(_GZIP) else raw).decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise JudgementError(f"{path} cannot be read as UTF-8 text: {error}.") from error
    numbered = enumerate(text.split("\n"), 1)
    return [(f"{path}, line {n}", line.strip("\r")) for n, line in numbered if line.strip()]


def read_questions(path: str | os.PathLike[str]) -> dict[str, str]:
    """Question → its text, in the order of the file. JudgementError names a line that is none."""
    lines = _lines(path)
    if not lines:
        raise JudgementError(f"{path} holds no question.")
    read = _of_json if lines[0][1].lstrip().startswith("{") else _of_topic
    out: dict[str, str] = {}
    for place, line in lines:
        question, text = read(place, line)
        if question in out:
            raise JudgementError(f"{place}: there is a question '{question}' already.")
        out[question] = text
    return out


def _of_json(place: str, line: str) -> tuple[str, str]:
    try:
        found: Any = json.loads(line)
    except ValueError as error:
        raise JudgementError(f"{place} is no JSON: {error}.") from error
    if not isinstance(found, dict) or not all(
        isinstance(found.get(n), str) for n in ("id", "text")
    ):
        raise JudgementError(f"{place}: a question is an object whose id and text are texts.")
    return found["id"], found["text"]


def _of_topic(place: str, line: str) -> tuple[str, str]:
    question, tab, text = line.partition("\t")
    if not (tab and question.strip() and text.strip()):
        raise JudgementError(
            f"{place} is no question: neither a JSON object with id and text, nor id, tab, text."
        )
    return question.strip(), text.strip()


def read_judgements(path: str | os.PathLike[str]) -> dict[str, dict[str, int]]:
    """Question → document → how relevant. JudgementError names a line that is no judgement."""
    lines = _lines(path)
    table = bool(lines) and tuple(lines[0][1].lower().split("\t")) == HEADER
    out: dict[str, dict[str, int]] = defaultdict(dict)
    for place, line in lines[table:]:
        parts = line.split("\t") if table else line.split()
        if len(parts) != (3 if table else 4):
            raise JudgementError(f"{place} is no judgement: {_expected(table=table)}.")
        question, document, score = parts[0], parts[-2], parts[-1]
        try:
            out[question][document] = int(score)
        except ValueError as error:
            raise JudgementError(f"{place}: the score '{score}' is no whole number.") from error
    if not out:
        raise JudgementError(f"{path} holds no judgement.")
    return dict(out)


def _expected(*, table: bool) -> str:
    if table:
        return "under this header it is question, document and score with tabs between"
    header = "<TAB>".join(HEADER)
    return f"without the header {header} it is question, 0, document, score, as TREC has them"


class Known(NamedTuple):
    """Judgements by the keys of a collection, and the documents that it does not have."""

    judgements: dict[str, dict[str, int]]
    missing: tuple[str, ...]


def known_keys(judgements: Judgements, keys: Iterable[str]) -> Known:
    """Judgements of documents by id as those of stories by key.

    An id is a whole key, or else the record of one (`path#record`); JudgementError where several
    stories have that record, or where no document is in the collection. A document that is not
    keeps its id, since it was to be found all the same.
    """
    whole = set(keys)
    records: dict[str, list[str]] = defaultdict(list)
    for key in whole:
        _, sign, record = key.rpartition("#")
        if sign:
            records[record].append(key)
    asked = {document for judged in judgements.values() for document in judged}
    found = {document: _key(document, whole, records.get) for document in sorted(asked)}
    missing = tuple(document for document, key in found.items() if key is None)
    if len(missing) == len(found):
        raise JudgementError(
            f"None of the {len(found)} judged documents is in the index, such as '{missing[0]}'. "
            "An id is the key of a story, or the record behind its '#'."
        )
    out: dict[str, dict[str, int]] = {question: {} for question in judgements}
    for question, judged in judgements.items():
        for document, score in judged.items():
            key = found[document] or document
            out[question][key] = max(score, out[question].get(key, score))
    return Known(out, missing)


def _key(document: str, whole: set[str], records: Callable[[str], list[str] | None]) -> str | None:
    if document in whole:
        return document
    several = sorted(records(document) or ())
    if len(several) > 1:
        raise JudgementError(
            f"'{document}' may be {' or '.join(several[:3])}: give whole keys in the judgements."
        )
    return several[0] if several else None
