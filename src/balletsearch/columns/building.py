"""How do the words of documents become the arrays of a segment?

Words arrive numbered, zone by zone and batch by batch. When a segment is full its words are laid
into one stream, zone behind zone, and sorted twice: by entry and position for the positions, by
stem and document for the postings; each pair is packed into one 64-bit number, so that a sort
is a sort of plain numbers. The arrays are described in `format.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.container import ContainerWriter
from balletsearch.columns.nearness import signatures
from balletsearch.columns.postings import NARROW, pack, runs
from balletsearch.columns.strings import sorted_unique, write_strings

__all__ = ["Lexicon", "Values", "Words", "Zone", "write_words"]

U32 = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of a document that is searched by its words.

    `units` is what one word in it counts, as a multiple of the collection's unit of weight;
    `names` says whether the last word of each value has a surname key.
    """

    name: str
    units: int = 1
    names: bool = False


class Words(NamedTuple):
    """The words of some documents in one zone.

    `surfaces` are numbers in the lexicon, from 1, value behind value; `lengths` words per value
    (at least one); `documents` the document of each value, ascending.
    """

    surfaces: U32
    lengths: U32
    documents: NDArray[np.int32]


class Values(NamedTuple):
    """The distinct values of some documents in one field, each document's in their order."""

    documents: list[int]
    values: list[tuple[str, str, bool]]
    """As compared (folded), as written, and whether it is a number in Python."""


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


def write_words(
    to: ContainerWriter,
    zones: Sequence[tuple[Zone, Words]],
    lexicon: Lexicon,
    surname: Callable[[str], str],
) -> tuple[dict[str, Any], dict[str, U32]]:
    """Write the arrays of words, postings and lexicon.

    Returns the attributes that describe them, and per zone where its values begin.
    """
    placed = _Placed(zones)
    local = _Local(placed.stream, lexicon)
    local.write(to, lexicon)
    _write_stream(to, local.surface[placed.stream])
    to.add("values", placed.values)
    to.add("values.doc", placed.documents)
    positions = np.flatnonzero(placed.stream)
    entries = local.entry_of_surface[placed.stream[positions]]
    _write_positions(to, entries, positions, local.entries)
    document = np.repeat(placed.documents, placed.lengths)
    to.add("exacts.df", exact_dfs(local.exact_of_entry[entries], document, local.exact_texts))
    _write_postings(to, local.stem_of_entry[entries], placed, zones, local.stems)
    _write_surnames(to, zones, placed, local, surname)
    described = [
        {
            "name": zone.name,
            "units": zone.units,
            "names": zone.names,
            "values": [first, last],
        }
        for (zone, _), (first, last) in zip(zones, placed.ranges, strict=True)
    ]
    starts = {
        zone.name: placed.values[first:last]
        for (zone, _), (first, last) in zip(zones, placed.ranges, strict=True)
    }
    return {"zones": described, "words": len(positions)}, starts


class _Placed:
    """The words of all zones as one stream, with a gap before, between and after values."""

    def __init__(self, zones: Sequence[tuple[Zone, Words]]) -> None:
        lengths = np.concatenate([w.lengths for _, w in zones] or [np.zeros(0, np.uint32)])
        ends = np.cumsum(lengths.astype(np.int64) + 1)
        total = int(ends[-1]) + 1 if ends.size else 1
        starts = ends - lengths
        self.stream = np.zeros(total, np.uint32)
        # Every slot but those before a value, and the last, holds a word.
        word = np.ones(total, np.bool_)
        word[0] = word[-1] = False
        word[ends] = False
        surfaces = [w.surfaces for _, w in zones] or [np.zeros(0, np.uint32)]
        self.stream[word] = np.concatenate(surfaces)
        # One more than there are values: where the gap behind the last would have ended.
        self.values = np.append(starts, total).astype(np.uint32)
        self.documents = np.concatenate([w.documents for _, w in zones] or [np.zeros(0, np.int32)])
        self.lengths = lengths
        bounds = np.cumsum([0, *(w.lengths.size for _, w in zones)]).tolist()
        self.ranges = list(pairwise(bounds))


class _Local:
    """The words of the lexicon that this segment holds, numbered anew.

    Surfaces by how often they come, so that frequent ones have small numbers; entries by exact
    form, form and language; stems by code points.
    """

    def __init__(self, stream: U32, lexicon: Lexicon) -> None:
        counts = np.bincount(stream, minlength=len(lexicon.surfaces))
        counts[0] = 0
        used = np.flatnonzero(counts)
        self.order = used[np.argsort(-counts[used], kind="stable")]
        self.surface = np.zeros(counts.size, np.uint32)
        self.surface[self.order] = np.arange(1, used.size + 1)
        entry_of = np.array(lexicon.entry_of, np.int64)
        found = np.unique(entry_of[used]).tolist()
        exact, form, language = lexicon.exact, lexicon.form, lexicon.language
        self.sorted = sorted(found, key=lambda e: (exact[e], form[e], language[e]))
        self.entries = len(self.sorted)
        rank = np.zeros(len(exact), np.uint32)
        rank[self.sorted] = np.arange(self.entries)
        self.entry_of_surface = rank[entry_of] if len(exact) else np.zeros(1, np.uint32)
        stems, self.stem_of_entry = sorted_unique([lexicon.stem[e].encode() for e in self.sorted])
        self.stem_texts, self.stems = stems, len(stems)
        self.exact_texts, self.exact_of_entry = sorted_unique(
            [exact[e].encode() for e in self.sorted]
        )

    def write(self, to: ContainerWriter, lexicon: Lexicon) -> None:
        surfaces = self.order.tolist()
        write_strings(to, "surfaces", [b"", *(lexicon.surfaces[s].encode() for s in surfaces)])
        entry = np.append(np.zeros(1, np.uint32), self.entry_of_surface[self.order])
        to.add("surfaces.entry", entry.astype(np.uint32))
        write_groups(to, "entries.surfaces", entry[1:], self.entries, first=1)
        write_strings(to, "forms", [lexicon.form[e].encode() for e in self.sorted])
        language = [lexicon.language[e] for e in self.sorted]
        to.add("entries.language", np.array(language, np.uint8))
        write_strings(to, "exacts", self.exact_texts)
        to.add("exacts.entries", starts_of(self.exact_of_entry, len(self.exact_texts)))
        write_exacts(to, self.exact_texts)
        write_strings(to, "stems", self.stem_texts)
        to.add("entries.stem", self.stem_of_entry)
        write_groups(to, "stems.entries", self.stem_of_entry, self.stems)


def write_exacts(to: ContainerWriter, texts: list[bytes]) -> None:
    """Write what is derived from the folded forms."""
    letters, sizes = signatures(texts)
    to.add("exacts.letters", letters)
    to.add("exacts.size", sizes)
    to.add("exacts.possessor", possessors(texts))


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


def exact_dfs(exact: NDArray[Any], document: NDArray[Any], texts: list[bytes]) -> U32:
    """In how many documents each folded form or its possessive stands.

    `exact` and `document` tell of every word which form it has and where it stands.
    """
    possessor = possessors(texts)[exact] if texts else exact
    other = possessor != exact
    packed = np.concatenate((pack(exact, document), pack(possessor[other], document[other])))
    packed.sort()
    distinct = packed[runs(packed)[0]] >> np.uint64(32)
    return np.bincount(distinct.astype(np.int64), minlength=len(texts)).astype(np.uint32)


def starts_of(numbers: NDArray[Any], count: int) -> U32:
    """Where each of `count` groups begins among ascending group numbers; one more, the end."""
    at = np.zeros(count + 1, np.uint32)
    np.cumsum(np.bincount(numbers, minlength=count), out=at[1:])
    return at


def write_groups(
    to: ContainerWriter, name: str, group_of: NDArray[Any], groups: int, *, first: int = 0
) -> None:
    """Write the members, numbered from `first`, of each group: `<name>` and `<name>.at`."""
    order = np.argsort(group_of, kind="stable")
    to.add(name, (order + first).astype(np.uint32))
    to.add(f"{name}.at", starts_of(group_of, groups))


def _write_stream(to: ContainerWriter, stream: U32) -> None:
    far = np.flatnonzero(stream >= NARROW)
    narrow = stream.astype(np.uint16)
    narrow[far] = NARROW
    to.add("stream", narrow)
    to.add("stream.far", far.astype(np.uint32))
    to.add("stream.far.surface", stream[far])


def _write_positions(
    to: ContainerWriter, entries: NDArray[Any], positions: NDArray[Any], count: int
) -> None:
    packed = pack(entries, positions)
    packed.sort()
    to.add("positions", packed.astype(np.uint32))
    to.add("positions.at", starts_of(entries, count))


def _write_postings(
    to: ContainerWriter,
    stems: NDArray[Any],
    placed: _Placed,
    zones: Sequence[tuple[Zone, Words]],
    count: int,
) -> None:
    document = np.repeat(placed.documents, placed.lengths)
    packed = pack(stems, document)
    bounds = np.concatenate(([0], np.cumsum(placed.lengths, dtype=np.int64)))
    by_units: dict[int, list[NDArray[np.uint64]]] = {}
    for (zone, _), (first, last) in zip(zones, placed.ranges, strict=True):
        by_units.setdefault(zone.units, []).append(packed[bounds[first] : bounds[last]])
    keys, units = np.zeros(0, np.uint64), np.zeros(0, np.uint32)
    for weight, parts in by_units.items():
        some = np.concatenate(parts)
        some.sort()
        start, times = runs(some)
        keys, units = added(keys, units, some[start], (times * weight).astype(np.uint32))
    write_postings(to, keys, units, count)


def added(
    keys: NDArray[np.uint64], units: U32, more: NDArray[np.uint64], their: U32
) -> tuple[NDArray[np.uint64], U32]:
    """Two ascending lists of keys with what each counts, as one."""
    if not keys.size or not more.size:
        return (more, their) if not keys.size else (keys, units)
    if keys.size < more.size:
        keys, units, more, their = more, their, keys, units
    at = np.searchsorted(keys, more)
    known = keys[np.minimum(at, keys.size - 1)] == more
    units = units.copy()
    units[at[known]] += their[known]
    fresh = ~known
    return np.insert(keys, at[fresh], more[fresh]), np.insert(units, at[fresh], their[fresh])


def write_postings(to: ContainerWriter, keys: NDArray[np.uint64], units: U32, count: int) -> None:
    """Write the postings of `count` stems from (stem, document) packed, ascending."""
    to.add("docs", keys.astype(np.uint32).astype(np.int32))
    far = np.flatnonzero(units >= 255)
    narrow = units.astype(np.uint8)
    narrow[far] = 255
    to.add("tf", narrow)
    to.add("tf.far", far.astype(np.uint64))
    to.add("tf.far.units", units[far])
    to.add("docs.at", starts_of((keys >> np.uint64(32)).astype(np.uint32), count))


def _write_surnames(
    to: ContainerWriter,
    zones: Sequence[tuple[Zone, Words]],
    placed: _Placed,
    local: _Local,
    surname: Callable[[str], str],
) -> None:
    ends = [
        placed.values[first:last] + placed.lengths[first:last] - 1
        for (zone, _), (first, last) in zip(zones, placed.ranges, strict=True)
        if zone.names
    ]
    last = np.concatenate(ends) if ends else np.zeros(0, np.uint32)
    exact = local.exact_of_entry[local.entry_of_surface[placed.stream[last]]].tolist()
    keys = [surname(local.exact_texts[e].decode()).encode() for e in exact]
    texts, number = sorted_unique(keys)
    write_strings(to, "surnames", texts)
    packed = pack(number, last)
    packed.sort()
    to.add("surnames.positions", packed.astype(np.uint32))
    to.add("surnames.positions.at", starts_of(number, len(texts)))
