"""How do several segments become one, without their deleted documents?

The words of the segments are numbered anew in one lexicon and then built into arrays like those
of new documents; everything else is copied document by document, compressed texts block by block
where nothing of their segment was deleted. Of the words, one piece is in memory at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.building import Values, Zone, write_words
from balletsearch.columns.lexicon import Lexicon
from balletsearch.columns.packing import ContainerWriter
from balletsearch.columns.postings import ragged
from balletsearch.columns.segment import Segment
from balletsearch.columns.stored import Stored, StoreWriter
from balletsearch.columns.strings import write_strings

__all__ = ["Kept", "merge", "write_documents"]

PIECE: Final = 1 << 20
"""Words that are read at once."""

U32 = NDArray[np.uint32]


class Kept:
    """The documents of one segment that are not deleted, and their numbers in the new one."""

    def __init__(self, segment: Segment, first: int) -> None:
        self.segment = segment
        self.whole = segment.live is None
        self.documents = np.sort(segment.by_key())
        self.numbers = np.full(segment.documents, -1, np.int32)
        """Old number → new number, or -1."""
        self.numbers[self.documents] = np.arange(first, first + self.documents.size)

    def values(self, zone: str) -> NDArray[np.int64]:
        """The values of a zone that stay."""
        found = self.segment.zones.get(zone)
        if found is None:
            return np.zeros(0, np.int64)
        documents = self.segment.container["values.doc"].slice(found.first, found.last)
        return found.first + np.flatnonzero(self.numbers[documents] >= 0)

    def words(self, zone: str) -> Iterator[U32]:
        """The words as typed of those values, by their numbers in the segment, in pieces."""
        starts, lengths = self.segment.extents(self.values(zone))
        ends = np.cumsum(lengths)
        first = 0
        while first < lengths.size:
            done = int(ends[first - 1]) if first else 0
            # Whole values, at least one: a novel comes as one piece.
            last = max(first + 1, int(np.searchsorted(ends, done + PIECE, "right")))
            at = ragged(starts[first:last], lengths[first:last])
            yield self.segment.surfaces_at(at)
            first = last


class _Unified:
    """The words of several segments in one lexicon, zone by zone."""

    def __init__(self, kept: Sequence[Kept], order: Callable[[set[str]], list[str]]) -> None:
        self.lexicon = Lexicon()
        self.languages: list[str] = []
        self._kept = kept
        self._entries: dict[tuple[bytes, int], int] = {}
        self._surfaces: dict[tuple[bytes, int], int] = {}
        self._names = order({name for k in kept for name in k.segment.zones})
        self._maps = [self._take(k) for k in kept]
        self.zones = [self._zone(name) for name in self._names]

    def _take(self, kept: Kept) -> U32:
        """Learn the words of a segment that stay; old number → number in the lexicon."""
        segment = kept.segment
        counts = np.zeros(len(segment.surfaces), np.int64)
        for name in segment.zones:
            for words in kept.words(name):
                counts += np.bincount(words, minlength=counts.size)
        languages = [self._language(code) for code in segment.attributes["languages"]]
        entry_of = segment.container["surfaces.entry"].all().tolist()
        language_of = segment.container["entries.language"].all().tolist()
        surfaces, forms = segment.surfaces.all(), segment.forms()
        stem_of = segment.container["entries.stem"].all().tolist()
        stems, exacts = segment.stems.all(), segment.exacts.all()
        exact_of = segment.exact_of_entry.tolist()
        lexicon = self.lexicon
        out = np.zeros(counts.size, np.uint32)
        for old in np.flatnonzero(counts).tolist():
            entry = entry_of[old]
            language = languages[language_of[entry]]
            number = self._surfaces.get((surfaces[old], language))
            if number is None:
                known = self._entries.get((forms[entry], language))
                if known is None:
                    known = self._entries[forms[entry], language] = len(lexicon.form)
                    lexicon.form.append(forms[entry].decode())
                    lexicon.exact.append(exacts[exact_of[entry]].decode())
                    lexicon.language.append(language)
                    lexicon.stem.append(stems[stem_of[entry]].decode())
                number = self._surfaces[surfaces[old], language] = len(lexicon.surfaces)
                lexicon.surfaces.append(surfaces[old].decode())
                lexicon.entry_of.append(known)
            out[old] = number
        return out

    def _language(self, code: str) -> int:
        if code not in self.languages:
            self.languages.append(code)
        return self.languages.index(code)

    def _zone(self, name: str) -> tuple[Zone, Values]:
        lengths, documents = [], []
        zone = None
        for kept in self._kept:
            found = kept.segment.zones.get(name)
            if found is None:
                continue
            zone = Zone(name, found.units, found.names)
            values = kept.values(name)
            lengths.append(kept.segment.extents(values)[1].astype(np.uint32))
            documents.append(kept.numbers[kept.segment.container["values.doc"].take(values)])
        assert zone is not None  # noqa: S101 - the name comes from one of the segments
        return zone, Values(np.concatenate(lengths), np.concatenate(documents))

    def words(self, zone: int) -> Iterator[U32]:
        """The words of a zone, as numbers in the lexicon."""
        for kept, numbers in zip(self._kept, self._maps, strict=True):
            for words in kept.words(self._names[zone]):
                yield numbers[words]


def merge(
    to: ContainerWriter,
    segments: Sequence[Segment],
    *,
    surname: Callable[[str], str],
    order: Callable[[set[str]], list[str]],
    write_fields: Callable[[ContainerWriter, Sequence[Kept]], list[str]],
) -> dict[str, Any]:
    """Write the documents of several segments that are not deleted; returns the attributes.

    `surname` gives the surname key of a folded form, `order` the zones in the order of the
    stream; `write_fields` writes the fields of the documents and returns their names.
    """
    kept, first = [], 0
    for segment in segments:
        kept.append(Kept(segment, first))
        first += segment.count
    unified = _Unified(kept, order)
    written = write_words(to, unified, unified.lexicon, surname)
    lengths = _column(kept, "lengths")
    to.add("lengths", lengths)
    _write_sentences(to, kept, written.starts.get("body"), unified)
    write_documents(to, [k.segment.keys.raw(d) for k in kept for d in k.documents.tolist()])
    to.add("has_body", _column(kept, "has_body"))
    fields = write_fields(to, kept)
    with ThreadPoolExecutor(1) as executor:
        for name in ("text", "meta", "said"):
            store = StoreWriter(executor)
            for k in kept:
                _copy(store, k, Stored(k.segment.container, name))
            store.write(to, name)
    return {
        **written.attributes,
        "documents": first,
        "length": int(lengths.sum(dtype=np.int64)),
        "unit": segments[0].attributes["unit"],
        "fields": fields,
        "languages": unified.languages,
    }


def write_documents(to: ContainerWriter, keys: list[bytes]) -> None:
    """Write the keys of all documents, and the order in which they ascend."""
    write_strings(to, "keys", keys, slots=True)
    to.add("keys.order", np.array(sorted(range(len(keys)), key=keys.__getitem__), np.int32))


def _column(kept: Sequence[Kept], name: str) -> NDArray[Any]:
    return np.concatenate([k.segment.container[name].all()[k.documents] for k in kept])


def _write_sentences(
    to: ContainerWriter, kept: Sequence[Kept], body: U32 | None, unified: _Unified
) -> None:
    """Sentences follow their body: as far behind its beginning as they were."""
    begins = np.zeros(sum(k.documents.size for k in kept), np.int64)
    for zone, values in unified.zones:
        if zone.name == "body" and body is not None:
            begins[values.documents] = body
    words, offsets, counts, opens = [], [], [], []
    for k in kept:
        c = k.segment.container
        at = c["sentences.at"].all().astype(np.int64)
        number = at[k.documents + 1] - at[k.documents]
        which = ragged(at[k.documents], number)
        old = k.segment.body_starts()[k.documents]
        moved = begins[k.numbers[k.documents]] - old
        words.append(c["sentences"].take(which).astype(np.int64) + np.repeat(moved, number))
        offsets.append(c["sentences.byte"].take(which))
        counts.append(number)
        opener = np.zeros(len(c["sentences"]), np.bool_)
        opener[c["paragraphs"].all()] = True
        opens.append(opener[which])
    to.add("sentences", np.concatenate(words).astype(np.uint32))
    to.add("sentences.byte", np.concatenate(offsets))
    to.add("sentences.at", np.append(0, np.cumsum(np.concatenate(counts))).astype(np.uint32))
    to.add("paragraphs", np.flatnonzero(np.concatenate(opens)).astype(np.uint32))


def _copy(store: StoreWriter, kept: Kept, stored: Stored) -> None:
    if kept.whole:
        store.add_blocks(*stored.blocks())
        return
    for data in stored.each(kept.documents.tolist()):
        store.add(data)
