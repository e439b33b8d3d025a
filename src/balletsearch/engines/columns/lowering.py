"""Which entries of a segment does a word of the query mean?

The lexicon of the index answers for words that stand in it; the stemmer is asked only for
those that do not. Expansions are ours in every engine and are never cut.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from balletsearch.analysis import cut, fold, form, surname_key
from balletsearch.columns.postings import ragged
from balletsearch.columns.segment import Segment
from balletsearch.errors import QueryError
from balletsearch.query.nodes import Fuzzy, Prefix, Regex, Sound, View, Wildcard, Word

if TYPE_CHECKING:
    from balletsearch.query.patterns import Pattern

__all__ = ["Meant", "fuzzy", "pattern", "prefix", "word"]

Entries = NDArray[np.int64]
_NONE: Entries = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Meant:
    """What a word of the query means in one segment.

    `stems` where it means all words of some stems, and nothing else; `exact` the folded form
    where it means that, and `range` where its entries follow one another. `factors` is what
    each entry counts, 1 if None. `surname` is the surname key that names may match by, or -1.
    `typed` are the words as typed that it means and no others of its entries, all if None.
    """

    entries: Entries
    stems: tuple[int, ...] | None = None
    exact: int = -1
    factors: NDArray[np.float64] | None = None
    surname: int = -1
    typed: NDArray[np.uint32] | None = None


def word(asked: Word, segments: Sequence[Segment], languages: Sequence[str]) -> list[Meant]:
    """What a word means in each segment."""
    typed = one_word(asked.text)
    exact = fold(typed)
    if asked.view is View.TYPED:
        return [_typed(s, exact, asked.text) for s in segments]
    if asked.view is View.EXACT:
        return [_exact(s, exact, possessive="'" not in typed) for s in segments]
    stems = _stems(typed, exact, segments, languages)
    key = surname_key(exact)
    return [_stemmed(segment, i, stems, key) for i, segment in enumerate(segments)]


def _exact(segment: Segment, exact: str, *, possessive: bool) -> Meant:
    number = segment.exacts.find(exact)
    parts = [] if number < 0 else [segment.entries_of_exact(number)]
    if possessive and (other := segment.exacts.find(f"{exact}'s")) >= 0:
        parts.append(segment.entries_of_exact(other))
    entries = np.concatenate([np.arange(p.start, p.stop) for p in parts]) if parts else _NONE
    return Meant(entries, exact=number)


def _typed(segment: Segment, exact: str, text: str) -> Meant:
    number = segment.exacts.find(exact)
    if number < 0:
        return Meant(_NONE)
    entries = np.array(segment.entries_of_exact(number), np.int64)
    surfaces = segment.surfaces_of(entries)
    same = [segment.surfaces[surface] == text for surface in surfaces.tolist()]
    surfaces = surfaces[same]
    # In several languages one text is several words.
    held = segment.container["surfaces.entry"].take(surfaces).astype(np.int64)
    return Meant(np.unique(held), typed=surfaces)


def _stems(
    typed: str, exact: str, segments: Sequence[Segment], languages: Sequence[str]
) -> dict[str, dict[int, int]]:
    """The stems that a word has, and those of all words of the collection that fold alike.

    With the number of each in those segments of which it is known already.
    """
    stems: dict[str, dict[int, int]] = {}
    known: set[str] = set()
    for i, segment in enumerate(segments):
        number = segment.exacts.find(exact)
        for entry in segment.entries_of_exact(number) if number >= 0 else ():
            if segment.form_of(entry) == typed:
                known.add(segment.language_of(entry))
            elif not segment.stands(entry):
                continue  # a word of deleted stories is none of the collection
            stem = segment.stem_of(entry)
            stems.setdefault(segment.stems[stem], {})[i] = stem
    for language in languages:
        if language not in known:
            # Most searches are for words of the collection.
            from balletsearch.analysis.bulk_stemming import stem_alone

            stems.setdefault(stem_alone(typed, language), {})
    return stems


def _stemmed(segment: Segment, i: int, stems: Mapping[str, Mapping[int, int]], key: str) -> Meant:
    numbers = (known[i] if i in known else segment.stems.find(s) for s, known in stems.items())
    found = tuple(sorted(n for n in numbers if n >= 0))
    parts = [segment.entries_of_stem(n) for n in found]
    entries = np.concatenate(parts).astype(np.int64) if parts else _NONE
    return Meant(entries, stems=found, surname=segment.surnames.find(key))


def prefix(asked: Prefix, segments: Sequence[Segment]) -> list[Meant]:
    """What a beginning means in each segment."""
    one_word(asked.text)  # an apostrophe at its end is part of the prefix all the same
    begins = fold(form(asked.text))
    return [
        Meant(np.arange(found.start, found.stop))
        for s in segments
        if (found := s.entries_of_exacts(s.exacts.starting(begins))) is not None
    ]


def pattern(asked: Wildcard | Regex | Sound, segments: Sequence[Segment]) -> list[Meant]:
    """What a pattern means in each segment."""
    from balletsearch.query.patterns import Pattern

    pattern = Pattern(asked)
    return [_fitting(segment, pattern) for segment in segments]


def _fitting(segment: Segment, pattern: Pattern) -> Meant:
    lines, at = segment.exact_lines
    some = segment.exacts.starting(pattern.begins)
    if not len(some):
        return Meant(_NONE)
    first = int(at[some.start])
    end = int(at[some.stop]) - 1 if some.stop < at.size else len(lines)
    begins = np.fromiter(pattern.among(lines[first:end]), np.int64) + first
    return Meant(segment.entries_of_some_exacts(np.searchsorted(at, begins)))


def fuzzy(asked: Fuzzy, segments: Sequence[Segment]) -> list[Meant]:
    """What a word and its neighbours mean in each segment, each the less the further it is."""
    exact = fold(one_word(asked.text))
    most = allowed_distance(exact, asked.distance)
    return [_near(segment, exact, most) for segment in segments]


def _near(segment: Segment, exact: str, most: int) -> Meant:
    numbers, distances = segment.spellings.near(exact, most)
    at = segment.container["exacts.entries"]
    starts = at.take(numbers).astype(np.int64)
    lengths = at.take(numbers + 1) - starts
    # Nothing of a two-letter word is left at distance two: it matches, and counts 0.
    factors = np.maximum(0.0, 1 - distances / len(exact))
    return Meant(ragged(starts, lengths), factors=np.repeat(factors, lengths))


def allowed_distance(exact: str, asked: int | None) -> int:
    """How many edits a fuzzy word may be away: as asked, at most 2, else by its letters."""
    if asked is not None:
        return min(asked, 2)
    return 0 if len(exact) <= 2 else 1 if len(exact) <= 5 else 2


def one_word(text: str) -> str:
    """The form of a text that is one word; QueryError for another."""
    tokens = cut(text)
    if len(tokens) != 1:
        raise QueryError(f"{text!r} is not one word; a phrase holds several.")
    return tokens[0].form
