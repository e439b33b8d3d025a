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

from balletsearch.columns.building import write_words
from balletsearch.columns.hashing import HashTable, hashes, salts
from balletsearch.columns.lexicon import Lexicon
from balletsearch.columns.packing import ContainerWriter
from balletsearch.columns.placing import Values, Zone
from balletsearch.columns.postings import ragged
from balletsearch.columns.segment import Segment
from balletsearch.columns.stored import Stored, StoreWriter
from balletsearch.columns.strings import write_strings
from balletsearch.columns.texts import Texts

__all__ = ["Kept", "merge", "write_documents"]

PIECE: Final = 1 << 20
"""Words that are read at once."""

_LANGUAGES: Final = 256
"""As many as the number of a language has room for."""

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
        starts, lengths = self.segment.values.extents(self.values(zone))
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
        self._entries, self._surfaces = HashTable(), HashTable()
        self._salts = salts(_LANGUAGES)
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
        codes = [self._language(code) for code in segment.attributes["languages"]]
        language_of = np.array(codes, np.uint8)[segment.container["entries.language"].all()]
        entry_of = segment.container["surfaces.entry"].all()
        used = np.flatnonzero(counts)
        surfaces = segment.surfaces.texts().take(used)
        keys = self._keys(surfaces, language_of[entry_of[used]])
        numbers = self._surfaces.find(keys)
        new = np.flatnonzero(numbers == 0)
        entries, which = np.unique(entry_of[used[new]], return_inverse=True)
        known = self._take_entries(segment, entries, language_of[entries])
        numbers[new] = self.lexicon.add_surfaces(surfaces.take(new), known[which])
        self._surfaces.insert(keys[new], numbers[new])
        out = np.zeros(counts.size, np.uint32)
        out[used] = numbers
        return out

    def _take_entries(
        self, segment: Segment, entries: NDArray[Any], languages: NDArray[np.uint8]
    ) -> NDArray[np.int64]:
        """Learn some entries of a segment; their numbers in the lexicon."""
        forms = segment.form_texts(entries)
        keys = self._keys(forms, languages)
        numbers = self._entries.find(keys)
        new = np.flatnonzero(numbers == 0)
        stem_of = segment.container["entries.stem"].all()[entries[new]]
        known = self.lexicon.add_entries(
            forms.take(new),
            segment.exacts.texts().take(segment.exact_of_entry[entries[new]]),
            segment.stems.texts().take(stem_of),
            languages[new],
        )
        numbers[new] = known + 1  # 0 is what is not there
        self._entries.insert(keys[new], numbers[new])
        return numbers.astype(np.int64) - 1

    def _keys(self, texts: Texts, languages: NDArray[np.uint8]) -> NDArray[np.uint64]:
        return hashes(texts.data, texts.at[:-1], texts.at[1:], self._salts[languages])

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
            lengths.append(kept.segment.values.extents(values)[1].astype(np.uint32))
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
    with ThreadPoolExecutor(1) as executor:
        written = write_words(to, unified, unified.lexicon, surname, executor)
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
        old = k.segment.values.body_starts()[k.documents]
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
    store.add(stored.each(kept.documents.tolist()))
