"""How good is the order of answers, by what people judged?

Measures come from ir-measures, which computes them as trec_eval does, tests of significance from
SciPy, which comes with it: both are of the extra `evaluate`, and imported here alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from statistics import fmean
from typing import Final

from balletsearch.errors import JudgementError
from balletsearch.judgements import Judgements, known_keys

__all__ = ["MEASURES", "RANKED", "Comparison", "Evaluation", "Setting", "evaluated"]

MEASURES: Final = ("nDCG@10", "MAP", "MRR@10", "P@10", "R@100")
"""What is measured, in the order in which it is shown."""

RANKED: Final = 1_000
"""So many answers to each question are looked at."""

RESAMPLED: Final = 9_999
"""How many other signs of the differences the randomisation test tries."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How questions are asked: options of :meth:`Library.search`."""

    any_word: bool = True
    plain: bool = True
    emphasis: bool = True
    neighbours: bool = False
    expand: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """One measure under a second setting, and how likely so large a difference is by chance.

    `difference` is the mean of the second less that of the first; both tests are two-sided and
    paired by question: Student's t-test, and a randomisation test of the signs.
    """

    second: float
    difference: float
    better: int
    worse: int
    t_test: float
    randomisation: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came out, means over the questions that some story is relevant to.

    `questions` has all measures of each of them; `missing` the judged documents that the index
    does not have (they count as not found), `unasked` the judged questions without a text.
    """

    means: Mapping[str, float]
    questions: Mapping[str, Mapping[str, float]]
    against: Mapping[str, Comparison] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()


Ask = Callable[[str, Setting], Iterable[str]]
"""The keys of the stories that a text finds, best first."""


def evaluated(
    questions: Mapping[str, str],
    judgements: Judgements,
    keys: Iterable[str],
    ask: Ask,
    *,
    setting: Setting,
    against: Setting | None = None,
) -> Evaluation:
    """The measures of one setting, and of another one beside it.

    JudgementError where ir-measures is not installed, or nothing can be measured.
    """
    _needed()
    known = known_keys(judgements, keys)
    wanted = {q: judged for q, judged in known.judgements.items() if max(judged.values()) > 0}
    asked = [question for question in questions if question in wanted]
    if not asked:
        raise JudgementError(
            "No question has both a text and a relevant document. Are these the judgements of "
            "these questions?"
        )
    judged = {question: wanted[question] for question in asked}

    def of(chosen: Setting) -> dict[str, dict[str, float]]:
        return measured(judged, {q: list(ask(questions[q], chosen)) for q in asked})

    first = of(setting)
    second = {} if against is None else of(against)
    return Evaluation(
        {name: fmean(one[name] for one in first.values()) for name in MEASURES},
        first,
        {name: _compared(name, first, second) for name in MEASURES if second},
        known.missing,
        tuple(question for question in wanted if question not in questions),
    )


def _needed() -> None:
    try:
        import ir_measures  # noqa: F401
    except ImportError as error:
        raise JudgementError(
            "Measures need the library ir-measures: pip install 'balletsearch[evaluate]'."
        ) from error


def measured(judgements: Judgements, found: Mapping[str, list[str]]) -> dict[str, dict[str, float]]:
    """Question → measure → value; `found` are the documents for each, best first."""
    import ir_measures
    from ir_measures import AP, RR, P, R, nDCG

    of = dict(zip((nDCG @ 10, AP, RR @ 10, P @ 10, R @ 100), MEASURES, strict=True))
    # By rank, since trec_eval orders documents of the same score in a way of its own.
    run = {q: {key: -float(rank) for rank, key in enumerate(keys)} for q, keys in found.items()}
    # To what finds nothing trec_eval gives no value.
    out = {question: dict.fromkeys(MEASURES, 0.0) for question in judgements}
    judged = {question: dict(judgements[question]) for question in judgements}
    for metric in ir_measures.iter_calc(list(of), judged, run):
        out[metric.query_id][of[metric.measure]] = metric.value
    return out


def _compared(
    name: str, first: Mapping[str, Mapping[str, float]], second: Mapping[str, Mapping[str, float]]
) -> Comparison:
    differences = [second[question][name] - first[question][name] for question in first]
    t_test, randomisation = significance(differences)
    return Comparison(
        fmean(one[name] for one in second.values()),
        fmean(differences),
        sum(d > 0 for d in differences),
        sum(d < 0 for d in differences),
        t_test,
        randomisation,
    )


def significance(differences: list[float]) -> tuple[float, float]:
    """p of paired differences by Student's t-test and by a randomisation test, both two-sided.

    1 where nothing differs, or there is a single question.
    """
    from scipy.stats import permutation_test, ttest_1samp

    if len(differences) < 2 or not any(differences):
        return 1.0, 1.0
    # The same difference for every question has no spread to be held against.
    t_test = float(ttest_1samp(differences, 0).pvalue) if len(set(differences)) > 1 else 0.0
    # With one sample, SciPy's permutation of samples is that of signs.
    by_signs = permutation_test(
        (differences,),
        lambda sample, axis: sample.mean(axis=axis),
        permutation_type="samples",
        n_resamples=RESAMPLED,
        batch=100,
        vectorized=True,
        random_state=0,
    )
    return t_test, float(by_signs.pvalue)
