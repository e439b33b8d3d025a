"""Which of the names in a text are the same person?

A shorter form belongs to the longer one that it is part of: *Makarova* to *Natalia Makarova*,
*Wiktoria* to *Wiktoria Kovalova*. A person of the gazetteer goes by the name it has there,
unless the text gives the surname to somebody else: beside *Elizabeth Ashton*, *Ashton* alone
is not Frederick.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from balletsearch.analysis import cut
from balletsearch.extraction.lexicon import lexicon
from balletsearch.extraction.page import Page
from balletsearch.extraction.people import Name
from balletsearch.gazetteer import Occurrence, key

__all__ = ["Persons", "mentions", "persons"]

Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Persons:
    """The persons of a text by first appearance.

    `at` is the first word that names each; `of_word` gives for a folded word the person whom
    it names by itself, `of_name` for the words of each form of a name the spelling chosen.
    """

    at: Mapping[str, int]
    of_word: Mapping[str, str]
    of_name: Mapping[Keys, str]

    def others(self, *names: str) -> tuple[str, ...]:
        """All but one person, who may have been named in more ways than one."""
        own = [words for name in names if (words := _name_words(name))]
        return tuple(
            person
            for person in self.at
            if not any(_may_share(person, words) and _within(person, words) for words in own)
        )


def _may_share(name: str, words: frozenset[str]) -> bool:
    """Whether one of the words may be in a name: a quick look that says yes too often."""
    lower = name.lower()
    return not name.isascii() or any(word in lower for word in words)


def _within(name: str, words: frozenset[str]) -> bool:
    """Whether a name has all of the words, or no others."""
    own = _name_words(name)
    return own <= words or words <= own


@lru_cache(maxsize=1 << 12)
def _name_words(name: str) -> frozenset[str]:
    return frozenset(key(token.form) for token in cut(name))


def persons(of: Page, names: Sequence[Name], known: Sequence[Occurrence]) -> Persons:
    """One spelling for each person named by rule (`names`) or in the gazetteer (`known`)."""
    if not (names or known):
        return Persons({}, {}, {})
    listed = {(o.first, o.last): o.canonical for o in known}
    said: dict[Keys, str] = {}
    at: dict[Keys, int] = {}
    for o in known:
        keys = tuple(of.keys[o.first : o.last + 1])
        said.setdefault(keys, listed[o.first, o.last])
        at[keys] = min(at.get(keys, o.first), o.first)
    for name in names:
        said.setdefault(name.keys, listed.get((name.first, name.last), name.said))
        at[name.keys] = min(at.get(name.keys, name.first), name.first)
    whole = _whole(said, sorted(said, key=lambda keys: (-len(keys), at[keys])))
    of_name = {keys: said[whole[keys]] for keys in said}
    places: dict[str, int] = {}
    in_order = sorted(at, key=at.__getitem__)
    for keys in in_order:
        places.setdefault(of_name[keys], at[keys])
    of_word = _words(dict.fromkeys(whole[keys] for keys in in_order), said)
    return Persons(places, of_word, of_name)


def _whole(said: Mapping[Keys, str], order: Iterable[Keys]) -> dict[Keys, Keys]:
    """Each form of a name → the longest form in the text that it is part of."""
    out: dict[Keys, Keys] = {}
    longest: list[Keys] = []
    for keys in order:
        whole = next((w for w in longest if said[w] == said[keys] or _part(keys, w)), None)
        out[keys] = whole or keys
        if whole is None:
            longest.append(keys)
    return out


def _part(short: Keys, whole: Keys) -> bool:
    """Whether a shorter name may stand for a longer one."""
    if len(short) == 1:
        return short[0] in (whole[0], whole[-1])
    # First and last name agree; what lies between may be left out, the first be an initial.
    return short[-1] == whole[-1] and (
        short[0] == whole[0] or (len(short[0]) == 1 and whole[0].startswith(short[0]))
    )


def _words(people: Iterable[Keys], said: Mapping[Keys, str]) -> dict[str, str]:
    particles = lexicon().particles
    out: dict[str, str] = {}
    for keys in people:
        for word in (keys[-1], keys[0]):
            if word not in particles and len(word) > 1:
                out.setdefault(word, said[keys])
    return out


def mentions(of: Page, of_word: Mapping[str, str]) -> Counter[str]:
    """How often a text names each person, in full or by one word; `of_word` as in `Persons`."""
    counts: Counter[str] = Counter()
    particles, keys = lexicon().particles, of.keys
    before, last = "", -1
    for at in of.capitals:
        name = of_word.get(keys[at])
        if name is not None:
            # First name and surname in a row are one mention.
            goes_on = name == before and of.joined(at) and particles.issuperset(keys[last + 1 : at])
            counts[name] += not goes_on
            before, last = name, at
    return counts
