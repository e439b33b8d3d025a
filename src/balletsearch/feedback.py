"""Which other words do the first answers have in common?

Feedback without anybody's judgement: the first answers are taken to be good ones, and the words
that tell most of them (as in `likeness.py`, each by its mean over those stories) then count in
the order of all answers, as Rocchio's method and its successors have it (Manning, Raghavan and
Schütze, *Introduction to Information Retrieval*, 2008, chapter 9). It finds no further stories.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from balletsearch.analysis import form
from balletsearch.analysis.function_words import function_words
from balletsearch.engines.bm25 import K1, idf
from balletsearch.engines.protocol import Reader, SearchRequest
from balletsearch.engines.zones import language_of
from balletsearch.likeness import counted
from balletsearch.query.nodes import Leaf, Word
from balletsearch.query.trees import leaves

__all__ = ["expanded"]

STORIES: Final = 10
"""First answers that are looked at."""

WORDS: Final = 25
"""Words that are taken from them."""

COUNTS: Final = 0.25
"""What the most telling of them counts; the others less, in proportion."""

CANDIDATES: Final = 200
"""Words of those stories of which it is asked how rare they are."""


def expanded(request: SearchRequest, reader: Reader, languages: tuple[str, ...]) -> SearchRequest:
    """The request in which the words of its first answers count, too."""
    first = replace(request, facets=(), offset=0, limit=STORIES, spans=False, sort=(), group="")
    found = [match.story for match in reader.search(first).matches]
    if not found:
        return request
    share: dict[str, float] = defaultdict(float)
    shown: dict[str, str] = {}
    for story in found:
        counts, forms = counted(story, language_of(story.fields, languages))
        for stem, tf in counts.items():
            share[stem] += tf / (tf + K1) / len(found)
            shown.setdefault(stem, max(sorted(forms[stem]), key=forms[stem].__getitem__))
    some = sorted(share, key=lambda stem: (-share[stem], stem))[:CANDIDATES]
    own = {form(leaf.text) for leaf in leaves(request.tree) if isinstance(leaf, Word)}
    passed = function_words(languages) | own
    words = [stem for stem in some if shown[stem] not in passed]
    stories = reader.count()
    dfs = reader.matching([Word(shown[stem]) for stem in words])
    telling = {
        shown[stem]: share[stem] * idf(stories, df) for stem, df in zip(words, dfs, strict=True)
    }
    return replace(request, bonuses={**request.bonuses, **_best(telling)})


def _best(telling: Mapping[str, float]) -> dict[Leaf, float]:
    best = sorted(telling, key=lambda word: (-telling[word], word))[:WORDS]
    return {Word(word): COUNTS * telling[word] / telling[best[0]] for word in best}
