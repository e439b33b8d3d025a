"""Which words tell most of what a story is about?

Those that would count most in its own score: frequent in it and rare in the collection, each
weighed as BM25 weighs it in a story of average length. Asked for together they find its like.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from balletsearch.analysis.bulk_stemming import stems
from balletsearch.engines.bm25 import K1, idf
from balletsearch.engines.protocol import Reader
from balletsearch.engines.zones import language_of, zones
from balletsearch.model import Story
from balletsearch.query.nodes import Or, Word

__all__ = ["WORDS", "counted", "resembling"]

WORDS: Final = 25
"""Words that are asked for."""

CANDIDATES: Final = 500
"""Words, the most frequent of a story, of which it is asked how rare they are."""


def resembling(story: Story, reader: Reader, languages: tuple[str, ...], words: int = WORDS) -> Or:
    """A query for the most telling words of a story, which need not be in the collection.

    Words that no other story has are left out. An Or of nothing where no word is left.
    """
    counts, forms = counted(story, language_of(story.fields, languages))
    own = reader.get(story.key) is not None
    stories = reader.count()
    telling: dict[str, float] = {}
    # Sorted before, so that equal ones come in the order of their letters.
    some = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:CANDIDATES]
    asked = [max(sorted(forms[stem]), key=forms[stem].__getitem__) for stem, _ in some]
    found = reader.matching([Word(word) for word in asked])
    for word, (_, tf), df in zip(asked, some, found, strict=True):
        if df > own:
            telling[word] = tf / (tf + K1) * idf(stories, df)
    best = sorted(telling, key=lambda word: (-telling[word], word))[:words]
    return Or(tuple(map(Word, best)))


def counted(story: Story, language: str) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """How often each stem comes, by the weights of zones; and each of its forms."""
    forms: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    held = [(place.token.form, zone.field.weight) for zone in zones(story) for place in zone.places]
    stemmed_forms = stems([form for form, _ in held], language)
    for stemmed, (form, weight) in zip(stemmed_forms, held, strict=True):
        forms[stemmed][form] += weight
    return {stemmed: sum(each.values()) for stemmed, each in forms.items()}, forms
