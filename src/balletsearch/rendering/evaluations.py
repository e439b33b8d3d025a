"""How are measures shown? A line for each, with tabs; a line for each question; JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from balletsearch.evaluating import MEASURES, Evaluation
from balletsearch.rendering.characters import visible

__all__ = ["comparison_rows", "evaluation_document", "mean_rows", "question_rows", "remarks"]


def mean_rows(found: Evaluation) -> Iterator[str]:
    """Each measure, a tab, its mean."""
    yield from (f"{name}\t{found.means[name]:.4f}" for name in MEASURES)


def comparison_rows(found: Evaluation) -> Iterator[str]:
    """Each measure under both settings, and what the difference is worth, under a heading."""
    yield "\t".join(
        ("measure", "first", "second", "difference", "better", "worse", "p (t)", "p (random)")
    )
    for name in MEASURES:
        other = found.against[name]
        yield (
            f"{name}\t{found.means[name]:.4f}\t{other.second:.4f}\t{other.difference:+.4f}\t"
            f"{other.better}\t{other.worse}\t{other.t_test:.4f}\t{other.randomisation:.4f}"
        )


def question_rows(found: Evaluation) -> Iterator[str]:
    """Each question with its measures, under a heading."""
    yield "\t".join(("question", *MEASURES))
    for question, values in found.questions.items():
        yield "\t".join((visible(question), *(f"{values[name]:.4f}" for name in MEASURES)))


def remarks(found: Evaluation) -> Iterator[str]:
    """How many questions were asked, and what could not be used."""
    count = len(found.questions)
    yield f"{count:,} question{'' if count == 1 else 's'}"
    for names, what in (
        (found.missing, "judged documents are not in the index and count as not found"),
        (found.unasked, "judged questions have no text and were left out"),
    ):
        if names:
            yield f"note: {len(names):,} {what}, such as {visible(names[0])}"


def evaluation_document(found: Evaluation, *, per_query: bool) -> dict[str, Any]:
    """Everything about one evaluation; each question only if asked for."""
    document: dict[str, Any] = {
        "questions": len(found.questions),
        "measures": dict(found.means),
        "compared": {name: asdict(other) for name, other in found.against.items()},
        "missing": list(found.missing),
        "unasked": list(found.unasked),
    }
    if per_query:
        document["per_query"] = {q: dict(values) for q, values in found.questions.items()}
    return document
