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
_RANKS: Final = frozenset(("sir", "dame", "director", "president"))


@dataclass(frozen=True, slots=True)
class House:
    """Words `first` to `last` are one name; `house` says whether of a company, school, theatre."""

    first: int
    last: int
    house: bool


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of capitalised words: `keys` are its words, the first of them word `first`."""

    of: Page
    first: int
    keys: Sequence[str]

    def small(self, at: int) -> bool:
        """Whether a word of the run is a small one: without a capital, or all in capitals."""
        if not self.of.capital(self.first + at):
            return True
        token = self.of.tokens[self.first + at]
        shouted = token.end - token.start > 1 and self.of.text[token.start : token.end].isupper()
        return shouted and self.keys[at] in lexicon().links | {"and"}

    def opens(self, at: int) -> bool:
        """Whether a word of the run has its capital from the sentence that it opens."""
        key = self.keys[at]
        opener = key in lexicon().openers or (key.endswith("ing") and len(key) > 4)
        return opener and self.of.opens(self.first + at)


def houses(of: Page, chains: Sequence[tuple[int, int]]) -> Iterator[House]:
    """The institutions in the runs of capitalised words of a text, in order."""
    known = lexicon()
    telling = known.heads | known.weak_heads | known.other_heads
    for first, last in chains:
        run = _Run(of, first, of.keys[first : last + 1])
        if telling.isdisjoint(run.keys):
            continue
        for part, end in _parts(run):
            start = _start(run, part, end)
            if start <= end:
                yield from _named(run, start, end)


def _parts(run: _Run) -> Iterator[tuple[int, int]]:
    """The run cut at “and”, “at”, “in” between names, as inclusive ranges of its words."""
    start = 0
    for at, key in enumerate(run.keys):
        if at == start or not run.small(at):
            continue
        between = key == "the" and not run.small(at - 1)
        apart = (
            between
            or key in ("at", "in", "on")
            or (
                key in ("and", "et")
                and not _one_name(run.keys[start:at], run.keys[at + 1 : at + 2])
            )
        )
        if apart:
            yield start, at - 1
            start = at + 1
    if start < len(run.keys):
        yield start, len(run.keys) - 1


def _one_name(before: Sequence[str], after: Sequence[str]) -> bool:
    """*Academy of Music and Dance* is one name, *Academy of Music and the Opera* two."""
    subjects = lexicon().subjects
    if not after or after[0] not in subjects:
        return False
    return "of" in before or "for" in before or (before[-1] in subjects and "and" not in before)


def _start(run: _Run, start: int, end: int) -> int:
    """The first word that is part of the name: no article, no opening word of a sentence."""
    links, particles = lexicon().links, lexicon().particles
    while start <= end and (
        # A name may begin with La or De, but with no For or In, however it is written.
        run.keys[start] in links
        or run.keys[start] in _RANKS
        or (run.keys[start] in particles and run.small(start))
        or run.opens(start)
    ):
        start += 1
    return start


def _named(run: _Run, start: int, end: int) -> Iterator[House]:
    """The name between two words of the run, if there is one."""
    heads = [at for at in range(start, end + 1) if _is_head(run.keys, at, start, end)]
    if _is_other(run, heads, end):
        yield House(run.first + start, run.first + end, house=False)
        return
    if not heads:
        return
    # “Director of the Royal Ballet”: what stands before “of” without a head is another thing.
    before = [at for at in range(start, heads[0]) if run.keys[at] in _OF and run.small(at)]
    start = _start(run, before[-1] + 1, end) if before else start
    end = _tail(run, heads, start, end)
    if end > start:
        house = _is_house(run.keys[start : end + 1])
        yield House(run.first + start, run.first + end, house=house)


def _is_other(run: _Run, heads: Sequence[int], end: int) -> bool:
    """Whether a name ends in another head, or in one with its “of”: *Symphony Orchestra of India*.

    Of two heads the last decides: the *Academy of Music Orchestra* plays, the *Opera Society
    School* teaches.
    """
    last = heads[-1] if heads else -1
    others = [at for at in range(last + 1, end + 1) if run.keys[at] in lexicon().other_heads]
    if not others:
        return False
    after = others[-1] + 1
    return after > end or (not heads and run.keys[after] in _OF and run.small(after))


def _is_head(keys: Sequence[str], at: int, start: int, end: int) -> bool:
    known = lexicon()
    if keys[at] in ("ballet", "opera") and at < end and keys[at + 1] in ("for", "in"):
        # A piece of music: “Opera for Gamelan”.
        return False
    if keys[at] in known.heads:
        return True
    if keys[at] in ("hall", "center", "centre") and at and keys[at - 1] in ("music", "concert"):
        return True
    others = (keys[other] for other in range(start, end + 1) if other != at)
    return keys[at] in known.weak_heads and any(word in known.stage for word in others)


def _tail(run: _Run, heads: Sequence[int], start: int, end: int) -> int:
    """The last word of the name: after a head only what a small word ties to it.

    A head that leads takes all that follows: *Ballet Rambert*. “For” goes on with a subject
    (*School for the Arts*), not with a person.
    """
    known = lexicon()
    if heads[0] == start and run.keys[start] in known.leading:
        return end
    for head in heads:
        if head < end and run.small(head + 1):
            tied = run.keys[head + 1] != "for" or not known.subjects.isdisjoint(run.keys[head:])
            return end if tied or run.keys[head + 2] == "the" else head
    return heads[-1]


def _is_house(name: Sequence[str]) -> bool:
    """Whether a name tells one house from another (*Dance Academy* does not), and is of one."""
    known = lexicon()
    vague = known.generic | known.links | known.particles
    if all(word in vague for word in name):
        return False
    if " ".join(name) in known.not_houses or not known.not_houses.isdisjoint(name):
        return False
    academy = any(word.startswith(("academ", "accadem", "akadem")) for word in name)
    return not academy or known.learned.isdisjoint(name)
