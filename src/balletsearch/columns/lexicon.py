"""Which words does a segment hold, and how are they numbered and written?

Words are numbered three times over: as typed (surfaces), by how often they come, so that
frequent ones have small numbers; as entries, a form in a language, by their folded form; and as
stems, by code points.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.nearness import signatures
from balletsearch.columns.packing import ContainerWriter
from balletsearch.columns.strings import sorted_unique, write_strings

__all__ = ["Lexicon", "LocalLexicon", "starts_of"]

U32 = NDArray[np.uint32]


@dataclass(slots=True)
class Lexicon:
    """What is known of every word as typed, numbered from 1; entries are numbered from 0.

    An entry is a form in a language: `exact` is its folded form, `stem` its folded stem.
    """

    surfaces: list[str] = field(default_factory=lambda: [""])
    entry_of: list[int] = field(default_factory=lambda: [0])
    exact: list[str] = field(default_factory=list)
    form: list[str] = field(default_factory=list)
    language: list[int] = field(default_factory=list)
    stem: list[str] = field(default_factory=list)


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
        entry_of = np.array(lexicon.entry_of, np.int64)
        exact, form, language = lexicon.exact, lexicon.form, lexicon.language
        # UTF-8 sorts as code points do, and whole tuples sort faster than by a key.
        found = sorted(
            (exact[e].encode(), form[e].encode(), language[e], e)
            for e in np.unique(entry_of[used]).tolist()
        )
        self._forms = [entry[1] for entry in found]
        self._entries = [entry[3] for entry in found]
        rank = np.zeros(max(len(exact), 1), np.uint32)
        rank[self._entries] = np.arange(len(found))
        self.entry = rank[entry_of]
        self.entry_counts = np.bincount(self.entry[used], counts[used], len(found)).astype(np.int64)
        self._stems, self.stem = sorted_unique([lexicon.stem[e].encode() for e in self._entries])
        self.exacts = list(dict.fromkeys(entry[0] for entry in found))
        number = dict(zip(self.exacts, range(len(self.exacts)), strict=True))
        self.exact = np.fromiter((number[entry[0]] for entry in found), np.uint32, len(found))
        self.possessor = possessors(self.exacts)

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def stems(self) -> int:
        """The number of stems."""
        return len(self._stems)

    def write(self, to: ContainerWriter) -> None:
        """Write surfaces, entries, folded forms and stems."""
        lexicon = self._lexicon
        surfaces = self._order.tolist()
        write_strings(to, "surfaces", [b"", *(lexicon.surfaces[s].encode() for s in surfaces)])
        entry = np.append(np.zeros(1, np.uint32), self.entry[self._order]).astype(np.uint32)
        to.add("surfaces.entry", entry)
        _write_groups(to, "entries.surfaces", entry[1:], len(self), first=1)
        exacts = (self.exacts[e] for e in self.exact.tolist())
        forms = [b"" if f == e else f for f, e in zip(self._forms, exacts, strict=True)]
        write_strings(to, "forms", forms)
        language = [lexicon.language[e] for e in self._entries]
        to.add("entries.language", np.array(language, np.uint8))
        to.add("entries.stem", self.stem)
        write_strings(to, "stems", self._stems, slots=True)
        _write_groups(to, "stems.entries", self.stem, self.stems)
        write_strings(to, "exacts", self.exacts, slots=True)
        to.add("exacts.entries", starts_of(self.exact, len(self.exacts)))
        possessive = np.flatnonzero(self.possessor != np.arange(len(self.exacts)))
        to.add("exacts.possessive", possessive.astype(np.uint32))
        to.add("exacts.possessor", self.possessor[possessive])
        letters, sizes = signatures(self.exacts)
        to.add("exacts.letters", letters)
        to.add("exacts.size", sizes)


def possessors(texts: list[bytes]) -> U32:
    """For each folded form the number of what it is the possessive of, or its own."""
    number = {text: i for i, text in enumerate(texts)}
    return np.fromiter(
        (
            number.get(text[:-2], i) if text.endswith(b"'s") and b"'" not in text[:-2] else i
            for i, text in enumerate(texts)
        ),
        np.uint32,
        len(texts),
    )


def starts_of(numbers: NDArray[Any], count: int) -> U32:
    """Where each of `count` groups begins among ascending group numbers; one more, the end."""
    at = np.zeros(count + 1, np.uint32)
    np.cumsum(np.bincount(numbers, minlength=count), out=at[1:])
    return at


def _write_groups(
    to: ContainerWriter, name: str, group_of: NDArray[Any], groups: int, *, first: int = 0
) -> None:
    """Write the members, numbered from `first`, of each group: `<name>` and `<name>.at`."""
    order = np.argsort(group_of, kind="stable")
    to.add(name, (order + first).astype(np.uint32))
    to.add(f"{name}.at", starts_of(group_of, groups))
