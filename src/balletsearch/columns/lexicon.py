"""Which words does a segment hold, and how are they numbered and written?

Words are numbered three times over: as typed (surfaces), by how often they come, so that
frequent ones have small numbers; as entries, a form in a language, by their folded form; and as
stems, by code points.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.nearness import signatures
from balletsearch.columns.packing import ContainerWriter
from balletsearch.columns.strings import write_texts
from balletsearch.columns.texts import GrowingTexts, Texts, ranked, texts_of

__all__ = [
    "Lexicon",
    "LocalLexicon",
    "apostrophes",
    "members_of",
    "possessors",
    "starts_of",
]

U32 = NDArray[np.uint32]

_APOSTROPHE = ord("'")


class Lexicon:
    """What is known of every word as typed, numbered from 1; entries are numbered from 0.

    An entry is a form in a language: `exacts` has its folded form, `stems` its folded stem.
    """

    def __init__(self) -> None:
        self.surfaces = GrowingTexts(texts_of([b""]))
        self.forms = GrowingTexts()
        self.exacts = GrowingTexts()
        self.stems = GrowingTexts()
        self._entry_of = [np.zeros(1, np.int64)]
        self._languages = [np.zeros(0, np.uint8)]

    def add_entries(
        self, forms: Texts, exacts: Texts, stems: Texts, languages: NDArray[np.uint8]
    ) -> NDArray[np.int64]:
        """Add entries; returns their numbers."""
        first = len(self.forms)
        self.forms.add(forms)
        self.exacts.add(exacts)
        self.stems.add(stems)
        self._languages.append(languages)
        return np.arange(first, first + len(forms))

    def add_surfaces(self, surfaces: Texts, entries: NDArray[np.int64]) -> U32:
        """Add words as typed, each with its entry; returns their numbers."""
        first = len(self.surfaces)
        self.surfaces.add(surfaces)
        self._entry_of.append(entries)
        return np.arange(first, first + len(surfaces), dtype=np.uint32)

    @property
    def entry_of(self) -> NDArray[np.int64]:
        """The entry of each surface."""
        self._entry_of = [np.concatenate(self._entry_of)]
        return self._entry_of[0]

    @property
    def languages(self) -> NDArray[np.uint8]:
        """The language of each entry."""
        self._languages = [np.concatenate(self._languages)]
        return self._languages[0]


class LocalLexicon:
    """The words of a lexicon that a segment holds, numbered anew.

    `counts` says how often each surface comes. `surface` and `entry` lead from the numbers of
    surfaces in the lexicon to the segment's, `stem` and `exact` from the segment's entries on.
    """

    def __init__(self, lexicon: Lexicon, counts: NDArray[np.int64]) -> None:
        self._lexicon = lexicon
        used = np.flatnonzero(counts)
        self._order = used[np.argsort(-counts[used], kind="stable")]
        self.surface = np.zeros(counts.size, np.uint32)
        self.surface[self._order] = np.arange(1, used.size + 1)
        entry_of = lexicon.entry_of
        known = np.zeros(max(len(lexicon.forms), 1), np.bool_)
        known[entry_of[used]] = True
        entries = np.flatnonzero(known)
        exacts = lexicon.exacts.whole().take(entries) if entries.size else texts_of([])
        by_exact, exact = ranked(exacts)
        order = self._by_form(entries, by_exact, exact)
        self._entries = entries[order]
        self.exact = exact[order]
        begins = np.flatnonzero(np.diff(self.exact, prepend=-1))
        self.exacts = exacts.take(order[begins])
        rank = np.zeros(known.size, np.uint32)
        rank[self._entries] = np.arange(order.size)
        self.entry = rank[entry_of]
        self.entry_counts = np.bincount(self.entry[used], counts[used], order.size).astype(np.int64)
        stems = lexicon.stems.whole().take(self._entries) if entries.size else texts_of([])
        by_stem, self.stem = ranked(stems)
        begins = np.flatnonzero(np.diff(self.stem[by_stem], prepend=-1))
        self._stems = stems.take(by_stem[begins])
        self.apostrophes = apostrophes(self.exacts)
        self.possessor = possessors(self.exacts, self.apostrophes)

    def _by_form(
        self, entries: NDArray[np.int64], order: NDArray[np.int64], exact: U32
    ) -> NDArray[np.int64]:
        """Entries that ascend by folded form: those with the same by form and language, too."""
        several = np.bincount(exact)[exact[order]] > 1 if order.size else np.zeros(0, np.bool_)
        these = order[several]
        if these.size:
            _, form = ranked(self._lexicon.forms.whole().take(entries[these]))
            language = self._lexicon.languages[entries[these]]
            order[several] = these[np.lexsort((language, form, exact[these]))]
        return order

    def __len__(self) -> int:
        return self._entries.size

    @property
    def stems(self) -> int:
        """The number of stems."""
        return len(self._stems)

    def write(self, to: ContainerWriter) -> None:
        """Write surfaces, entries, folded forms and stems."""
        lexicon = self._lexicon
        surfaces = lexicon.surfaces.whole().take(np.append(0, self._order))
        write_texts(to, "surfaces", surfaces)
        entry = np.append(np.zeros(1, np.uint32), self.entry[self._order]).astype(np.uint32)
        to.add("surfaces.entry", entry)
        _write_groups(to, "entries.surfaces", entry[1:], len(self), first=1)
        odd, forms = self._odd_forms()
        write_texts(to, "forms", forms)
        to.add("forms.entry", odd.astype(np.uint32))
        to.add("entries.language", lexicon.languages[self._entries])
        to.add("entries.stem", self.stem)
        write_texts(to, "stems", self._stems, slots=True)
        _write_groups(to, "stems.entries", self.stem, self.stems)
        write_texts(to, "exacts", self.exacts, slots=True)
        to.add("exacts.entries", starts_of(self.exact, len(self.exacts)))
        possessive = np.flatnonzero(self.possessor != np.arange(len(self.exacts)))
        to.add("exacts.possessive", possessive.astype(np.uint32))
        to.add("exacts.possessor", self.possessor[possessive])
        letters, sizes = signatures(self.exacts)
        to.add("exacts.letters", letters)
        to.add("exacts.size", sizes)

    def _odd_forms(self) -> tuple[NDArray[np.int64], Texts]:
        """The entries whose form is not their folded form, ascending, and those forms."""
        if not len(self):
            return np.zeros(0, np.int64), texts_of([])
        forms, exacts = self._lexicon.forms.whole(), self._lexicon.exacts.whole()
        # Folding changes no letter of ASCII.
        odd = np.flatnonzero(~forms.take(self._entries).are_ascii())
        odd_forms = forms.take(self._entries[odd])
        both = zip(odd_forms.each(), exacts.take(self._entries[odd]).each(), strict=True)
        differs = np.flatnonzero([form != exact for form, exact in both])
        return odd[differs], odd_forms.take(differs)


def apostrophes(texts: Texts) -> NDArray[np.int64]:
    """How many apostrophes each text has."""
    at = np.flatnonzero(texts.data == _APOSTROPHE)
    owner = np.searchsorted(texts.at, at, "right") - 1
    return np.bincount(owner, minlength=len(texts))


def possessors(texts: Texts, having: NDArray[np.int64]) -> U32:
    """For each folded form the number of what it is the possessive of, or its own.

    Texts ascend; `having` is how many apostrophes each has.
    """
    out = np.arange(len(texts), dtype=np.uint32)
    for i in np.flatnonzero(having == 1).tolist():
        text = texts.one(i)
        if not text.endswith(b"'s"):
            continue
        # Between a form and its possessive stands only what has that apostrophe, too.
        before = i - 1
        while before >= 0 and texts.one(before).startswith(text[:-1]):
            before -= 1
        if before >= 0 and texts.one(before) == text[:-2]:
            out[i] = before
    return out


def starts_of(numbers: NDArray[Any], count: int) -> U32:
    """Where each of `count` groups begins among ascending group numbers; one more, the end."""
    at = np.zeros(count + 1, np.uint32)
    np.cumsum(np.bincount(numbers, minlength=count), out=at[1:])
    return at


def members_of(group_of: NDArray[Any], groups: int, *, first: int = 0) -> tuple[U32, U32]:
    """The members, numbered from `first`, of each group, and where each group begins."""
    order = np.argsort(group_of, kind="stable")
    return (order + first).astype(np.uint32), starts_of(group_of, groups)


def _write_groups(
    to: ContainerWriter, name: str, group_of: NDArray[Any], groups: int, *, first: int = 0
) -> None:
    """Write groups: `<name>` and `<name>.at`."""
    members, at = members_of(group_of, groups, first=first)
    to.add(name, members)
    to.add(f"{name}.at", at)
