"""Does each array that follows from others say what follows from them?

What is compared is made anew here, from the stream of words and the lexicon, in the plainest way
and never by the code that wrote it. Where two arrays differ it cannot be told which of them is
wrong: the one that follows is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.lexicon import apostrophes, members_of, possessors, starts_of
from balletsearch.columns.nearness import signatures
from balletsearch.columns.postings import pack
from balletsearch.columns.segment import Segment
from balletsearch.columns.strings import SALT, Strings

__all__ = ["derived"]

Claim = tuple[str, Callable[[], bool]]
"""An array, and whether it holds what follows from others."""

_SLOTS = ("exacts", "stems", "surnames", "keys")
"""The tables that texts are looked up in."""


def derived(segment: Segment, surname: Callable[[str], str]) -> Iterator[Claim]:
    """Array by array what must follow; `surname` gives the surname key of a folded form."""
    yield from _of_lexicon(segment)
    words = _Words(segment)
    yield "values", words.gaps_agree
    yield "lengths", words.lengths_agree
    yield "exacts.df", words.df_agrees
    yield "docs", words.postings_agree
    yield "surfaces", words.surfaces_agree
    yield "surnames.positions", lambda: _surnames_agree(segment, surname)
    yield "sentences", lambda: _sentences_agree(segment)
    for name in _SLOTS:
        yield f"{name}.slots", lambda name=name: _slots_agree(segment, name)  # type: ignore[misc]


def _same(found: NDArray[Any], expected: NDArray[Any]) -> bool:
    return bool(np.array_equal(found, expected))


def _of_lexicon(segment: Segment) -> Iterator[Claim]:
    c, entries = segment.container, segment.entries

    def surfaces() -> bool:
        entry = c["surfaces.entry"].all()
        members, at = members_of(entry[1:], entries, first=1)
        good = entry.size == len(segment.surfaces) and int(entry[0]) == 0
        good = good and _same(c["entries.surfaces"].all(), members)
        return good and _same(c["entries.surfaces.at"].all(), at)

    def stems() -> bool:
        members, at = members_of(c["entries.stem"].all(), len(segment.stems))
        good = _same(c["stems.entries"].all(), members)
        return good and _same(c["stems.entries.at"].all(), at) and bool(np.all(np.diff(at) > 0))

    def exacts() -> bool:
        at = c["exacts.entries"].all().astype(np.int64)
        good = at.size == len(segment.exacts) + 1 and (int(at[0]), int(at[-1])) == (0, entries)
        if not (good and np.all(np.diff(at) > 0)):
            return False
        # Within a folded form entries ascend by form and language, and none comes twice.
        exact, language = segment.exact_of_entry.tolist(), c["entries.language"].all().tolist()
        keys = list(zip(exact, segment.forms(), language, strict=True))
        return all(a < b for a, b in pairwise(keys))

    def forms() -> bool:
        odd = c["forms.entry"].all()
        good = odd.size == len(Strings(c, "forms")) and bool(np.all(odd[1:] > odd[:-1]))
        exact = segment.exacts.texts().take(segment.exact_of_entry[odd]).each()
        return good and all(a != b for a, b in zip(Strings(c, "forms").all(), exact, strict=True))

    def spelling() -> bool:
        letters, size = signatures(segment.exacts.texts())
        return _same(c["exacts.letters"].all(), letters) and _same(c["exacts.size"].all(), size)

    def possessive() -> bool:
        texts = segment.exacts.texts()
        of = possessors(texts, apostrophes(texts))
        which = np.flatnonzero(of != np.arange(of.size))
        good = _same(c["exacts.possessive"].all(), which)
        return good and _same(c["exacts.possessor"].all(), of[which])

    yield "entries.surfaces", surfaces
    yield "stems.entries", stems
    yield "exacts.entries", exacts
    yield "forms", forms
    yield "exacts.letters", spelling
    yield "exacts.possessor", possessive
    languages = len(segment.attributes["languages"])
    yield "entries.language", lambda: bool(np.all(c["entries.language"].all() < languages))


class _Words:
    """All words of a segment: entry, document and weight of each, by entry and position."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        self._container = segment.container

    @cached_property
    def _entries(self) -> NDArray[np.int64]:
        at = self._container["positions.at"].all().astype(np.int64)
        return np.repeat(np.arange(self._segment.entries), np.diff(at))

    @cached_property
    def _positions(self) -> NDArray[np.uint32]:
        return self._segment.positions.of_range(0, self._segment.entries)

    @cached_property
    def _values(self) -> NDArray[np.int64]:
        return np.searchsorted(self._container["values"].all(), self._positions, "right") - 1

    @cached_property
    def _documents(self) -> NDArray[np.int64]:
        return self._container["values.doc"].all()[self._values].astype(np.int64)

    @cached_property
    def _units(self) -> NDArray[np.int64]:
        zones = self._segment.zones.values()
        each = np.repeat([zone.units for zone in zones], [zone.last - zone.first for zone in zones])
        return each[self._values].astype(np.int64)

    def gaps_agree(self) -> bool:
        """A gap stands before each value and at the end, and nowhere else."""
        gaps = np.flatnonzero(self._container["stream"].all() == 0)
        return _same(gaps, self._container["values"].all().astype(np.int64) - 1)

    def lengths_agree(self) -> bool:
        found = np.bincount(self._documents, self._units, self._segment.documents)
        return _same(self._container["lengths"].all(), found.astype(np.int64))

    def df_agrees(self) -> bool:
        """A document counts once for a form, also where it has only its possessive."""
        c, exact = self._container, self._segment.exact_of_entry[self._entries]
        possessor = np.arange(len(self._segment.exacts))
        possessor[c["exacts.possessive"].all()] = c["exacts.possessor"].all()
        both = pack(exact, self._documents), pack(possessor[exact], self._documents)
        owner = (np.unique(np.concatenate(both)) >> np.uint64(32)).astype(np.int64)
        return _same(c["exacts.df"].all(), np.bincount(owner, minlength=possessor.size))

    def postings_agree(self) -> bool:
        """Documents of each stem, and what its words count there."""
        c = self._container
        stems = c["entries.stem"].all()[self._entries]
        pairs, which = np.unique(pack(stems, self._documents), return_inverse=True)
        units = np.bincount(which, self._units, pairs.size).astype(np.int64)
        tf = c["tf"].all().astype(np.int64)
        tf[c["tf.far"].all().astype(np.int64)] = c["tf.far.units"].all()
        stem = (pairs >> np.uint64(32)).astype(np.int64)
        good = _same(c["docs.at"].all(), starts_of(stem, len(self._segment.stems)))
        good = good and _same(c["docs"].all(), pairs & np.uint64(0xFFFFFFFF))
        return good and _same(tf, units)

    def surfaces_agree(self) -> bool:
        """Words as typed are numbered by how often they come, and none of them never does."""
        found = self._segment.surfaces_at(np.arange(len(self._container["stream"])))
        counts = np.bincount(found, minlength=len(self._segment.surfaces))[1:]
        return bool(np.all(counts > 0) and np.all(counts[1:] <= counts[:-1]))


def _surnames_agree(segment: Segment, surname: Callable[[str], str]) -> bool:
    c = segment.container
    values = c["values"].all().astype(np.int64)
    zones = [zone for zone in segment.zones.values() if zone.names]
    # Behind the last word of a value is a gap, and then the next value.
    ends = [values[zone.first + 1 : zone.last + 1] - 2 for zone in zones]
    at = np.concatenate([np.zeros(0, np.int64), *ends])
    exact = segment.exact_of_entry[segment.entries_at(at)]
    keys = {e: surname(segment.exacts[e]).encode() for e in np.unique(exact).tolist()}
    texts = sorted(set(keys.values()))
    number = {text: i for i, text in enumerate(texts)}
    owner = np.fromiter((number[keys[e]] for e in exact.tolist()), np.int64, exact.size)
    order = np.lexsort((at, owner))
    good = segment.surnames.all() == texts
    good = good and _same(c["surnames.positions"].all(), at[order])
    return good and _same(c["surnames.positions.at"].all(), starts_of(owner, len(texts)))


def _sentences_agree(segment: Segment) -> bool:
    """They ascend within their body and within its text."""
    c, count = segment.container, segment.documents
    at = c["sentences.at"].all().astype(np.int64)
    owner = np.repeat(np.arange(count), np.diff(at))
    starts, ends = segment.values.body_starts(), segment.values.body_starts()
    if (zone := segment.zones.get("body")) is not None:
        values = np.arange(zone.first, zone.last)
        ends[c["values.doc"].all()[values]] += segment.values.extents(values)[1]
    first = c["sentences"].all().astype(np.int64)
    good = bool(np.all((first >= starts[owner]) & (first <= ends[owner])))
    good = good and bool(np.all((first[1:] >= first[:-1]) | (owner[1:] != owner[:-1])))
    sizes = np.diff(c["text.docs"].all().astype(np.int64))
    good = good and bool(np.all(c["sentences.byte"].all() < sizes[owner]))
    paragraphs = c["paragraphs"].all()
    return good and bool(np.all(paragraphs < owner.size))


def _slots_agree(segment: Segment, name: str) -> bool:
    """Each text is found under its number, and there is an end to each search."""
    c, table = segment.container, Strings(segment.container, name)
    slots = c[f"{name}.slots"].all()[SALT:]
    held = slots[slots > 0]
    if held.size >= slots.size or not _same(np.sort(held), np.arange(1, len(table) + 1)):
        return False
    return all(i in table.find_all(text.decode()) for i, text in enumerate(table.all()))
