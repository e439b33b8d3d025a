"""Which companies, schools and theatres does a text name that no list holds?

Runs of capitalised words with a head noun: *Gerasimov Academy of Cinematic Arts*, *Russian
National Ballet Company*, *Teatro alla Scala*. Runs that end in another head (*The Moscow
Times*, *London Philharmonic Orchestra*) are names too, though of nothing that is looked for:
they hide the known names in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from balletsearch.extraction.lexicon import lexicon
from balletsearch.extraction.page import Page

__all__ = ["House", "houses"]


_OF: Final = frozenset(("of", "for", "du", "de", "des", "di", "del", "della", "der"))


@dataclass(frozen=True, slots=True)
class House:
    """Words `first` to `last` are one name; `house` says whether of a company, school, theatre."""

    first: int
    last: int
    house: bool


def houses(of: Page, chains: Sequence[tuple[int, int]]) -> Iterator[House]:
    """The institutions in the runs of capitalised words of a text, in order."""
    known = lexicon()
    telling = known.heads | known.weak_heads | known.other_heads
    for first, last in chains:
        keys = [of.key(at) for at in range(first, last + 1)]
        if telling.isdisjoint(keys):
            continue
        for start, end in _parts(of, keys, first):
            start = _start(of, keys, start, end, first)
            if start <= end:
                yield from _named(of, keys, start, end, first)


def _parts(of: Page, keys: list[str], first: int) -> Iterator[tuple[int, int]]:
    """The chain cut at “and”, “at”, “in” between names, as inclusive ranges of `keys`."""
    start = 0
    for at, key in enumerate(keys):
        if of.capital(first + at) or at == 0:
            continue
        before, after = keys[start:at], keys[at + 1 :]
        apart = key in ("at", "in", "on") or (key in ("and", "et") and not _one_name(before, after))
        if apart and before:
            yield start, at - 1
            start = at + 1
    if start < len(keys):
        yield start, len(keys) - 1


def _one_name(before: list[str], after: list[str]) -> bool:
    """*Academy of Music and Dance* is one name, *Academy of Music and the Opera* two."""
    subjects = lexicon().subjects
    if not after or after[0] not in subjects:
        return False
    return "of" in before or "for" in before or (before[-1] in subjects and "and" not in before)


def _start(of: Page, keys: list[str], start: int, end: int, first: int) -> int:
    """The first word that is part of the name: no article, no opening word of a sentence."""
    known = lexicon()
    small = known.links | known.particles
    while start <= end and (
        keys[start] == "the"
        or (keys[start] in small and not of.capital(first + start))
        or (of.opens(first + start) and _opener(keys[start]))
        or keys[start] in known.honorifics & {"sir", "dame", "director", "president"}
    ):
        start += 1
    return start


def _opener(key: str) -> bool:
    return key in lexicon().openers or (key.endswith("ing") and len(key) > 4)


def _named(of: Page, keys: list[str], start: int, end: int, first: int) -> Iterator[House]:
    known = lexicon()
    heads = [at for at in range(start, end + 1) if _is_head(keys, at, start, end)]
    if keys[end] in known.other_heads and not (heads and heads[-1] == end):
        yield House(first + start, first + end, house=False)
        return
    if not heads:
        return
    # “Director of the Royal Ballet”: what stands before “of” without a head is another thing.
    small = [at for at in range(start, heads[0]) if keys[at] in _OF and not of.capital(first + at)]
    start = _start(of, keys, small[-1] + 1, end, first) if small else start
    end = _tail(of, keys, heads, start, end, first)
    name = keys[start : end + 1]
    house = _specific(name) and " ".join(name) not in known.not_houses
    house = house and known.not_houses.isdisjoint(name)
    if len(name) > 1:
        yield House(first + start, first + end, house=house)


def _is_head(keys: list[str], at: int, start: int, end: int) -> bool:
    known = lexicon()
    if keys[at] in ("ballet", "opera") and at < end and keys[at + 1] in ("for", "in"):
        # A piece of music: “Opera for Gamelan”.
        return False
    if keys[at] in known.heads:
        return True
    if keys[at] in ("hall", "center", "centre") and keys[at - 1] in ("music", "concert"):
        return True
    return keys[at] in known.weak_heads and any(
        keys[other] in known.stage for other in range(start, end + 1) if other != at
    )


def _tail(of: Page, keys: list[str], heads: list[int], start: int, end: int, first: int) -> int:
    """The last word of the name: what follows a head only with “of”, or a head that leads."""
    known = lexicon()
    if heads[0] == start and keys[start] in known.leading:
        return end
    last = heads[-1]
    for head in heads:
        if head < end and not of.capital(first + head + 1):
            # “Academy of Music Orchestra” has been dealt with: all that follows belongs to it.
            return end
    return last


def _specific(name: list[str]) -> bool:
    """Whether a name tells one institution from another: *Dance Academy* does not."""
    known = lexicon()
    small = known.links | known.particles
    return any(word not in known.generic and word not in small for word in name)
