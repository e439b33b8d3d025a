"""Which words does a collection have near one, or beginning so, and in how many stories?

Each segment answers for itself and knows in how many documents each folded form or its possessive
stands; over several segments those add up, since no document is in two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.segment import Segment
from balletsearch.engines.columns.snapshot import Snapshot
from balletsearch.engines.protocol import Beginning, Spelling

__all__ = ["beginning", "near"]

AHEAD: Final = 64
"""Words that each segment names first beyond those wanted."""


def near(snapshot: Snapshot, text: str, most: int) -> list[Spelling]:
    """The words within `most` edits of one."""
    away: dict[str, int] = {}
    counts: list[dict[str, int]] = []
    for segment in snapshot.segments:
        numbers, distances, texts = segment.spellings.texts_near(text, most)
        stories, stands = _stories(segment, numbers)
        counts.append(dict(zip(texts, stories.tolist(), strict=True)))
        each = zip(texts, distances.tolist(), stands.tolist(), strict=True)
        away.update((word, distance) for word, distance, stood in each if stood)
    summed = _summed(snapshot, counts, away)
    return [Spelling(word, distance, summed[word]) for word, distance in away.items()]


def beginning(snapshot: Snapshot, text: str, limit: int) -> list[Beginning]:
    """The words in most stories of those that begin so."""
    taken = limit + AHEAD
    while limit:
        counts: list[dict[str, int]] = []
        stand: set[str] = set()
        unseen = 0
        for segment in snapshot.segments:
            numbers = np.arange(*_range(segment.exacts.starting(text)))
            stories, _ = _stories(segment, numbers, standing=False)
            if stories.size > taken:
                order = np.argsort(-stories, kind="stable")
                unseen += int(stories[order[taken]])
                numbers = numbers[order[:taken]]
            stories, stands = _stories(segment, numbers)
            texts = segment.exacts.take(numbers.tolist())
            counts.append(dict(zip(texts, stories.tolist(), strict=True)))
            stand.update(texts[at] for at in np.flatnonzero(stands).tolist())
        stand.update(_possessors(snapshot, text, stand))
        summed = _summed(snapshot, counts, stand)
        words = (Beginning(word, summed[word]) for word in stand)
        found = sorted(words, key=_most_first)[:limit]
        # A word that no segment named has at most as much as all of them left out together.
        if not unseen or (len(found) == limit and found[-1].stories > unseen):
            return found
        taken *= 4
    return []


def _possessors(snapshot: Snapshot, text: str, words: Iterable[str]) -> list[str]:
    """The words whose possessives are among some, where they stand in a story themselves.

    A segment may have so few of a word that it does not name it, and many of its possessive.
    """
    bases = {word[:-2] for word in words if word.endswith("'s")}
    return [base for base in bases if base.startswith(text) and _stands(snapshot, base)]


def _stands(snapshot: Snapshot, word: str) -> bool:
    return any(
        number >= 0 and bool(_stories(segment, np.array([number]))[1][0])
        for segment in snapshot.segments
        for number in (segment.exacts.find(word),)
    )


def _most_first(word: Beginning) -> tuple[int, str]:
    return -word.stories, word.text


def _range(numbers: range) -> tuple[int, int]:
    return numbers.start, numbers.stop


def _stories(
    segment: Segment, numbers: NDArray[np.int64], *, standing: bool = True
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """In how many stories folded forms or their possessives stand, and whether they do themselves.

    Without `standing` the latter is not looked at.
    """
    stories = segment.container["exacts.df"].take(numbers).astype(np.int64)
    stands = np.ones(numbers.size, np.bool_)
    if segment.live is None:
        return stories, stands
    gone = segment.deleted_df[numbers]
    for at in np.flatnonzero(gone).tolist() if standing else ():
        entries = segment.entries_of_exact(int(numbers[at]))
        stands[at] = any(map(segment.stands, entries))
    return stories - gone, stands


def _summed(
    snapshot: Snapshot, counts: list[dict[str, int]], words: Iterable[str]
) -> Mapping[str, int]:
    """In how many stories some words stand; `counts` has what segments said by themselves."""
    if len(counts) == 1:
        return counts[0]
    out = {}
    for word in words:
        total = 0
        for segment, known in zip(snapshot.segments, counts, strict=True):
            count = known.get(word)
            total += _looked_up(segment, word) if count is None else count
        out[word] = total
    return out


def _looked_up(segment: Segment, word: str) -> int:
    """In how many stories of a segment a word stands that it did not name."""
    number = segment.exacts.find(word)
    if number < 0 and "'" not in word:
        # Its possessive may be there without it.
        number = segment.exacts.find(f"{word}'s")
    if number < 0:
        return 0
    return int(_stories(segment, np.array([number]), standing=False)[0][0])
