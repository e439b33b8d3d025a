"""Which words of the collection does a word of the query stand for, and how often do they stand?"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from balletsearch.analysis import fold
from balletsearch.engines import expansions
from balletsearch.engines.whoosh.lexicon import SEPARATOR
from balletsearch.engines.whoosh.postings import Lowered, positions_of
from balletsearch.engines.zones import zones

if TYPE_CHECKING:
    from balletsearch.engines.whoosh.reading import WhooshReader

__all__ = ["expansion", "many"]


def expansion(reader: WhooshReader, word: Lowered) -> dict[str, int]:
    """Folded form → how often it stands where a word is looked for, by form."""
    counts: Counter[str] = Counter()
    for zone, alternatives in word.zones.items():
        for document, positions in positions_of(reader.whoosh, alternatives, None).items():
            at = _exacts(reader, document, zone)
            counts.update(at[position] for position in positions)
    return dict(sorted(counts.items()))


def _exacts(reader: WhooshReader, document: int, zone: str) -> dict[int, str]:
    """Position → the folded form of the word there."""
    return {
        place.position: fold(place.token.form)
        for found in zones(reader.story(document))
        if found.field.name == zone
        for place in found.places
    }


def many(word: Lowered) -> bool:
    """Whether a word stands for very many folded forms."""
    terms = {term.term.partition(SEPARATOR)[0] for term in word.alternatives}
    return len(terms) > expansions.MANY
