"""Where in a text do words stand in the order of a known name?

The words of a text and of the names are compared folded and without a closing ’s, joined by
spaces, so that one Aho-Corasick automaton finds whole words only. It reports every match, also
inside a longer one: which of them counts is decided when capitals have been looked at, since
a long name that fails there must not hide a short one that does not.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any, Final

from balletsearch.analysis import Token, cut, fold, possessor
from balletsearch.gazetteer.entries import Entry

__all__ = ["Automaton", "Pattern", "compiled", "key"]

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


@dataclass(frozen=True, slots=True)
class Pattern:
    """One spelling of one entry: its words as compared, and how it has to be written.

    `capitals` says of each word whether it needs one, `possessives` whether it has its ’s,
    `gaps` what stands between the words.
    """

    entry: Entry
    words: tuple[str, ...]
    capitals: tuple[bool, ...]
    possessives: tuple[bool, ...]
    gaps: tuple[str, ...]

    def fits(self, text: str, tokens: Sequence[Token], first: int) -> bool:
        """Whether the words of a text from `first` on are written as this name is."""
        return self._joined(text, tokens, first) and (
            self.entry.kind == "term" or self._capitals(text, tokens, first)
        )

    def _joined(self, text: str, tokens: Sequence[Token], first: int) -> bool:
        for at, gap in enumerate(self.gaps):
            token, following = tokens[first + at], tokens[first + at + 1]
            if bool(possessor(token.form)) is not self.possessives[at]:
                return False
            between = text[token.end : following.start]
            if between != gap and not _harmless(between, gap):
                return False
        return True

    def _capitals(self, text: str, tokens: Sequence[Token], first: int) -> bool:
        wanted = [at for at, capital in enumerate(self.capitals) if capital]
        if len(wanted) > 1 and wanted[0] == 0 and self.words[0] in _ARTICLES:
            del wanted[0]
        return all(text[tokens[first + at].start].isupper() for at in wanted)


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
            yield Pattern(
                entry,
                tuple(key(t.form) for t in tokens),
                tuple(spelling[t.start].isupper() for t in tokens),
                tuple(bool(possessor(t.form)) for t in tokens),
                tuple(spelling[a.end : b.start] for a, b in pairwise(tokens)),
            )


class Automaton:
    """All patterns at once; never changed once made."""

    __slots__ = ("_groups", "_machine")

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        """Build the automaton; that takes a few milliseconds for some thousand names."""
        from ahocorasick_rs import AhoCorasick

        groups: dict[str, list[Pattern]] = {}
        for pattern in patterns:
            groups.setdefault(" " + " ".join(pattern.words), []).append(pattern)
        self._groups = list(groups.values())
        self._machine: Any = AhoCorasick(list(groups))

    def matches(self, keys: Sequence[str]) -> Iterator[tuple[int, list[Pattern]]]:
        """Index of the first word, and the patterns that match from there on."""
        # Each word is led by a space, and one more closes the text.
        starts = [0, *accumulate(len(k) + 1 for k in keys)]
        joined = " " + " ".join(keys) + " "
        for group, start, end in self._machine.find_matches_as_indexes(joined, overlapping=True):
            if joined[end] == " ":
                yield bisect_left(starts, start), self._groups[group]
