"""Where in a text do words stand in the order of a known name?

The words of a text and of the names are compared folded and without a closing ’s. A name is
looked for where its *anchor* stands, the rarest of its words, so that nearly every word of a
text is known at once to be of no name. Every match counts, also inside
a longer one: which of them is taken is decided when capitals have been looked at, since a long
name that fails there must not hide a short one that does not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from typing import Final, NamedTuple, Protocol

from balletsearch.analysis import cut, fold, possessor
from balletsearch.gazetteer.entries import Entry

__all__ = ["Anchored", "Pattern", "Words", "anchored", "around", "compiled", "key"]

_ARTICLES: Final = frozenset(
    (
        *("the", "a", "an", "le", "la", "les", "l", "un", "une", "der", "die", "das"),
        *("il", "lo", "gli", "el", "los", "las"),
    )
)
"""First words of names that texts write small: *the Sleeping Beauty*, *la Sylphide*."""

_BREAKING: Final = frozenset(
    '!?;()[]{}"\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}'
)
_NOT_ALONE: Final = frozenset(".,:/|")
"""Between two words of a name only where the name itself has them (*St. Petersburg*)."""


@lru_cache(maxsize=1 << 17)
def key(form: str) -> str:
    """What of a form is compared: folded, without ’s."""
    return fold(possessor(form) or form)


class Words(Protocol):
    """A text and its words: offsets, and `keys`, what is compared of each."""

    @property
    def text(self) -> str:
        """The text."""

    @property
    def keys(self) -> Sequence[str]:
        """What is compared of each word: its form by `key`."""

    @property
    def starts(self) -> Sequence[int]:
        """The offset at which each word begins."""

    @property
    def ends(self) -> Sequence[int]:
        """The offset at which each word ends."""

    def possessive(self, at: int) -> bool:
        """Whether a word ends in ’s."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One spelling of one entry: its words as compared, and how it has to be written.

    `capitals` are the words that need one, `possessives` says of each word whether it has its
    ’s, `gaps` what stands between the words.
    """

    entry: Entry
    words: tuple[str, ...]
    capitals: tuple[int, ...]
    possessives: tuple[bool, ...]
    gaps: tuple[str, ...]

    def fits(self, of: Words, first: int) -> bool:
        """Whether the words of a text from `first` on are these, written as this name is."""
        words = self.words
        if of.keys[first] != words[0]:
            return False
        alone = len(words) == 1
        if not alone and tuple(of.keys[first : first + len(words)]) != words:
            return False
        for at in self.capitals:
            if not of.text[of.starts[first + at]].isupper():
                return False
        return alone or self._joined(of, first)

    def _joined(self, of: Words, first: int) -> bool:
        for at, gap in enumerate(self.gaps, first):
            if of.possessive(at) is not self.possessives[at - first]:
                return False
            between = of.text[of.ends[at] : of.starts[at + 1]]
            if between != gap and not _harmless(between, gap):
                return False
        return True


def _harmless(between: str, gap: str) -> bool:
    """Whether what stands between two words of a text may stand within the name."""
    if between.count("\n") > 1 or not _BREAKING.isdisjoint(between):
        return False
    return all(c in gap for c in between if c in _NOT_ALONE)


def compiled(entry: Entry) -> Iterator[Pattern]:
    """The patterns of an entry, one for each of its spellings that has a word."""
    for spelling in entry.spellings:
        tokens = cut(spelling)
        if tokens:
            words = tuple(key(t.form) for t in tokens)
            yield Pattern(
                entry,
                words,
                _capitals(entry.kind, words, [spelling[t.start].isupper() for t in tokens]),
                tuple(bool(possessor(t.form)) for t in tokens),
                tuple(spelling[a.end : b.start] for a, b in pairwise(tokens)),
            )


def _capitals(kind: str, words: Sequence[str], capital: Sequence[bool]) -> tuple[int, ...]:
    """The words that need a capital in a text, of those that the name has it for."""
    wanted = [at for at, has_one in enumerate(capital) if has_one and kind != "term"]
    if len(wanted) > 1 and wanted[0] == 0 and words[0] in _ARTICLES:
        del wanted[0]
    return tuple(wanted)


class Anchored(NamedTuple):
    """The patterns that are looked for by one word, each with the number of words before it.

    `alone` are those of that word only; the others are by the word `after` it in the pattern,
    or, where it is the last, by the one `before`.
    """

    alone: list[tuple[int, Pattern]]
    after: dict[str, list[tuple[int, Pattern]]]
    before: dict[str, list[tuple[int, Pattern]]]

    def every(self) -> Iterator[tuple[int, Pattern]]:
        """All of them."""
        return chain(self.alone, *self.after.values(), *self.before.values())


def anchored(patterns: Collection[Pattern]) -> Mapping[str, Anchored]:
    """The patterns by the key of their anchor.

    That is, of the words that need a capital, the one which the fewest names have: *Bolshoi*,
    not *Ballet*. Of a name without capitals it is the longest.
    """
    names = Counter(word for pattern in patterns for word in set(pattern.words))
    out: dict[str, Anchored] = {}
    for pattern in patterns:
        words, capitals = pattern.words, pattern.capitals
        order = [(names[word] if capitals else 0, -len(word)) for word in words]
        at = min(capitals or range(len(words)), key=order.__getitem__)
        by = out.setdefault(words[at], Anchored([], {}, {}))
        if len(words) == 1:
            by.alone.append((at, pattern))
        elif at + 1 < len(words):
            by.after.setdefault(words[at + 1], []).append((at, pattern))
        else:
            by.before.setdefault(words[at - 1], []).append((at, pattern))
    return out


def around(by: Anchored, keys: Sequence[str], at: int) -> Pairs:
    """What may stand around the word of a text that these names are looked for by.

    The place of that word in each name, and its pattern.
    """
    alone, after, before = by
    found: Pairs = alone
    if after and at + 1 < len(keys) and (more := after.get(keys[at + 1])):
        found = [*found, *more] if found else more
    if before and at and (more := before.get(keys[at - 1])):
        found = [*found, *more] if found else more
    return found


Pairs = Sequence[tuple[int, Pattern]]
