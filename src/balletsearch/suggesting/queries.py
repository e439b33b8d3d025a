"""Which other query may be meant by one that was typed?

The words that are to be doubted are replaced, everything else stays as typed: signs, fields,
operators, spaces. Combinations are tried from the likeliest on, and only one that finds something,
and no less than the query did, is proposed: two corrections which never stand together are passed
over.

Words in quotes are doubted only where they stand nowhere, since quotes mean exactly these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from heapq import heappop, heappush
from itertools import islice
from math import log
from typing import Final, NamedTuple

from balletsearch.analysis import fold, form
from balletsearch.engines.protocol import Reader, SearchRequest
from balletsearch.hints import Suggestion
from balletsearch.query.nodes import Node, Query, View, Word
from balletsearch.suggesting.doubt import believable, doubted, may_be_doubted
from balletsearch.suggesting.trees import Place, all_required, correctable, spliced
from balletsearch.suggesting.words import meanings

__all__ = ["suggestions"]

TRIED: Final = 16
"""Combinations that are run at most."""

DOUBTED: Final = 8
"""Words of one query that are looked at more closely at most."""


class Choice(NamedTuple):
    """What a word may become, and how likely that is; the word itself where it stays."""

    text: str
    score: float


def suggestions(
    query: Query,
    request: SearchRequest,
    reader: Reader,
    read: Callable[[str], Query],
    *,
    found: int,
    limit: int = 1,
) -> tuple[Suggestion, ...]:
    """The likeliest queries that may be meant, with how many stories they find.

    `request` is what was asked for the query, `read` how its text was read, and `found` how many
    stories it found.
    """
    words = correctable(query)
    if not words or not _worth_looking(query.tree, reader.count(), found):
        return ()
    doubts = _doubts(words, reader, found)
    # The same question, asked only for how many stories there are.
    counting = replace(request, facets=(), sort=(), offset=0, limit=0, spans=False, group="")
    proposed: dict[str, Suggestion] = {}
    for change in islice(_combinations(doubts), TRIED):
        text = spliced(query.text, change)
        if text == query.text or text in proposed:
            continue
        total = reader.search(replace(counting, tree=read(text).tree)).total
        if total >= max(found, 1):
            proposed[text] = Suggestion(text, total)
            if len(proposed) == limit:
                break
    return tuple(proposed.values())


def _worth_looking(tree: Node, stories: int, found: int) -> bool:
    """Whether a word may be rare enough: where all have to match, each has as many as all."""
    return not all_required(tree) or may_be_doubted(found, stories, found)


def _doubts(words: Sequence[Word], reader: Reader, found: int) -> dict[Place, list[Choice]]:
    """The words to be doubted, each with what it may become, the likeliest first.

    Where one is and the query finds nothing, the others that are rare may be wrong with it.
    """
    of = reader.count()
    out: dict[Place, list[Choice]] = {}
    any_doubted = False
    loose = [word for word in words if not _stands(reader, word)]
    for word, stories in zip(loose, reader.matching(loose), strict=True):
        quoted = word.view is View.EXACT
        if len(out) == DOUBTED or (quoted and stories) or not may_be_doubted(stories, of, found):
            continue
        near = [
            m for m in meanings(reader, word.text, field=word.field) if believable(word.text, m)
        ]
        doubtful = bool(near) and doubted(word.text, stories, near[0], found)
        if near and (doubtful or not found):
            choices = [Choice(_cased(each.text, word.text), each.score) for each in near]
            if stories:
                choices.append(Choice(word.text, log(stories)))
            out[word.start, word.end] = sorted(choices, key=lambda c: -c.score)
        any_doubted |= doubtful
    return out if any_doubted else {}


def _stands(reader: Reader, word: Word) -> bool:
    """Whether a word is quoted and stands somewhere, and so is not to be doubted."""
    if word.view is not View.EXACT:
        return False
    # Sooner told than in how many stories; in a field the count says it.
    return not word.field and bool(reader.near(fold(form(word.text)), 0))


def _cased(text: str, like: str) -> str:
    """A folded word with a capital where the word typed has one."""
    # Never more than one: in capitals a word may be an operator.
    return text[:1].upper() + text[1:] if like[:1].isupper() else text


def _combinations(doubts: Mapping[Place, Sequence[Choice]]) -> Iterator[Mapping[Place, str]]:
    """Choices for all doubted words, the likeliest first."""
    places = list(doubts)
    if not places:
        return
    start = (0,) * len(places)
    heap = [(0.0, start)]
    seen = {start}
    while heap:
        less, which = heappop(heap)
        yield {place: doubts[place][i].text for place, i in zip(places, which, strict=True)}
        for at, place in enumerate(places):
            i = which[at] + 1
            after = (*which[:at], i, *which[at + 1 :])
            if i < len(doubts[place]) and after not in seen:
                seen.add(after)
                step = doubts[place][i - 1].score - doubts[place][i].score
                heappush(heap, (less + step, after))
