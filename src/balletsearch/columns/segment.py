"""What does one segment say: of a word, of a position, of a document?

A view of the arrays that `format.py` describes, with the documents that were deleted since.
Everything here is for one segment; numbers of words and documents mean nothing outside of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.container import Container, Placed
from balletsearch.columns.nearness import Spellings
from balletsearch.columns.positions import PositionLists
from balletsearch.columns.postings import NARROW, pack, ragged
from balletsearch.columns.stored import Stored
from balletsearch.columns.strings import Strings
from balletsearch.columns.texts import Texts, joined_texts
from balletsearch.columns.values import Docs, Positions, ValueTable, ZoneRange

__all__ = ["Segment", "read_deleted"]


def read_deleted(folder: Path, placed: Placed | None) -> Docs:
    """The documents in a file of deletions, ascending; none where there is no file."""
    if placed is None:
        return np.zeros(0, np.intp)
    found: Docs = Container(folder / placed.name, placed)["deleted"].all().astype(np.intp)
    return found


class Segment:
    """One open segment. Safe for any number of threads: what it keeps never changes."""

    def __init__(self, folder: Path, placed: Placed, deleted: Docs) -> None:
        self.container = container = Container(folder / placed.name, placed)
        self.attributes: dict[str, Any] = container.attributes
        self.documents = int(self.attributes["documents"])
        self.deleted = deleted
        self.exacts = Strings(container, "exacts")
        self.stems = Strings(container, "stems")
        self._forms = Strings(container, "forms")
        self.surnames = Strings(container, "surnames")
        self.surfaces = Strings(container, "surfaces")
        self.keys = Strings(container, "keys")
        self.text = Stored(container, "text")
        self.meta = Stored(container, "meta")
        self.said = Stored(container, "said")
        self._stream = container["stream"]
        self.values = ValueTable(container)

    # Documents.

    @cached_property
    def live(self) -> NDArray[np.bool_] | None:
        """Which documents are not deleted; None if none is."""
        if not self.deleted.size:
            return None
        mask = np.ones(self.documents, np.bool_)
        mask[self.deleted] = False
        return mask

    @property
    def count(self) -> int:
        """Documents that are not deleted."""
        return self.documents - self.deleted.size

    @cached_property
    def lengths(self) -> NDArray[np.uint32]:
        """Words of each document, in units of weight."""
        return self.container["lengths"].all()

    @cached_property
    def length(self) -> int:
        """The sum of the lengths of documents that are not deleted."""
        return int(self.attributes["length"]) - int(self.lengths[self.deleted].sum())

    @cached_property
    def key_rank(self) -> NDArray[np.int32]:
        """Where each document stands in the order of keys."""
        rank = np.empty(self.documents, np.int32)
        rank[self.container["keys.order"].all()] = np.arange(self.documents, dtype=np.int32)
        return rank

    def by_key(self) -> Docs:
        """All documents that are not deleted, by key."""
        order: Docs = self.container["keys.order"].all().astype(np.intp)
        return order if self.live is None else order[self.live[order]]

    def find(self, key: str) -> int:
        """The document with this key that is not deleted, or -1."""
        # A key comes twice where a story was replaced before its segment was written.
        found = self.keys.find_all(key)
        return next((d for d in found if self.live is None or self.live[d]), -1)

    @property
    def live_positions(self) -> int:
        """Words in documents that are not deleted, and a gap for each of their values."""
        if self.live is None:
            return len(self._stream) - 1
        values = np.flatnonzero(self.live[self.values.documents()])
        return values.size + int(self.values.extents(values)[1].sum())

    # Words.

    def entries_of_exact(self, exact: int) -> range:
        """The entries with a folded form."""
        at = self.container["exacts.entries"]
        return range(at.item(exact), at.item(exact + 1))

    def entries_of_exacts(self, exacts: range) -> range:
        """The entries of a range of folded forms."""
        at = self.container["exacts.entries"]
        return range(at.item(exacts.start), at.item(exacts.stop))

    @cached_property
    def spellings(self) -> Spellings:
        """The folded forms: many of them are looked at for one fuzzy word."""
        c = self.container
        return Spellings(self.exacts.texts(), c["exacts.letters"], c["exacts.size"])

    @cached_property
    def exact_of_entry(self) -> NDArray[np.int64]:
        """The folded form of each entry."""
        at = self.container["exacts.entries"].all()
        return np.repeat(np.arange(len(self.exacts)), np.diff(at))

    def entries_of_some_exacts(self, exacts: NDArray[np.int64]) -> NDArray[np.int64]:
        """The entries of folded forms that need not follow one another, ascending."""
        at = self.container["exacts.entries"].all()
        return ragged(at[exacts], at[exacts + 1] - at[exacts])

    @cached_property
    def exact_lines(self) -> tuple[bytes, NDArray[np.int64]]:
        """The folded forms as the lines of one text, and where each begins, for patterns."""
        at = self.container["exacts.at"].all().astype(np.int64)
        return b"\n".join(self.exacts.all()), at[:-1] + np.arange(len(self.exacts))

    def entries_of_stem(self, stem: int) -> Positions:
        """The entries with a stem, ascending."""
        at = self.container["stems.entries.at"]
        return self.container["stems.entries"].slice(at.item(stem), at.item(stem + 1))

    def stem_of(self, entry: int) -> int:
        """The stem of an entry."""
        return self.container["entries.stem"].item(entry)

    def language_of(self, entry: int) -> str:
        """The language of an entry, as a code."""
        code: str = self.attributes["languages"][self.container["entries.language"].item(entry)]
        return code

    def postings(self, stem: int) -> tuple[Docs, Any]:
        """Documents with a stem, ascending, deleted ones too, and its frequency, in units.

        Frequencies are of 8 bits, or of 32 where one of them needs it.
        """
        c = self.container
        start, end = c["docs.at"].item(stem), c["docs.at"].item(stem + 1)
        docs, tf = c["docs"].slice(start, end).astype(np.intp), c["tf"].slice(start, end)
        far = c["tf.far"]
        if len(far):
            at = far.all()
            low, high = np.searchsorted(at, np.array([start, end], np.uint64)).tolist()
            if low < high:
                tf = tf.astype(np.uint32)
                tf[at[low:high].astype(np.int64) - start] = c["tf.far.units"].slice(low, high)
        return docs, tf

    def df(self, stem: int) -> int:
        """Documents with a stem that are not deleted."""
        at = self.container["docs.at"]
        if self.live is None:
            return at.item(stem + 1) - at.item(stem)
        return int(np.count_nonzero(self.live[self.postings(stem)[0]]))

    @cached_property
    def positions(self) -> PositionLists:
        """The positions of entries in the stream."""
        return PositionLists(self.container)

    def surname_positions(self, surname: int) -> Positions:
        """Where values end with a name of this surname key, ascending."""
        at = self.container["surnames.positions.at"]
        return self.container["surnames.positions"].slice(at.item(surname), at.item(surname + 1))

    def surfaces_of(self, entries: NDArray[Any]) -> NDArray[np.uint32]:
        """The words as typed of some entries."""
        at = self.container["entries.surfaces.at"]
        starts = at.take(entries)
        return self.container["entries.surfaces"].take(
            ragged(starts, at.take(entries + 1) - starts)
        )

    @property
    def entries(self) -> int:
        """The number of entries."""
        return len(self.container["entries.stem"])

    def stands(self, entry: int) -> bool:
        """Whether an entry stands in a document that is not deleted."""
        if self.live is None:
            return True
        return bool(
            self.live[self.values.documents_at(self.positions.of_range(entry, entry + 1))].any()
        )

    def form_of(self, entry: int) -> str:
        """The form of an entry."""
        # Kept only where it is not its folded form, as most are.
        odd = self.container["forms.entry"].all()
        at = int(np.searchsorted(odd, np.uint32(entry)))
        if at < odd.size and odd[at] == entry:
            return self._forms[at]
        return self.exacts[int(self.exact_of_entry[entry])]

    def forms(self) -> list[bytes]:
        """The forms of all entries, in UTF-8."""
        return self.form_texts(np.arange(self.entries)).each()

    def form_texts(self, entries: NDArray[Any]) -> Texts:
        """The forms of some entries."""
        exacts = self.exacts.texts()
        which = self.exact_of_entry.copy()
        odd = self.container["forms.entry"].all()
        which[odd] = len(exacts) + np.arange(odd.size)
        return joined_texts([exacts, self._forms.texts()]).take(which[entries])

    def live_forms(self) -> list[bytes]:
        """The forms of all words that stand in documents that are not deleted."""
        forms = self.forms()
        if self.live is None:
            return forms
        values = np.flatnonzero(self.live[self.values.documents()])
        entries = np.unique(self.entries_at(ragged(*self.values.extents(values))))
        return [forms[entry] for entry in entries.tolist()]

    @cached_property
    def deleted_df(self) -> NDArray[np.int64]:
        """In how many deleted documents each folded form or its possessive stands."""
        values = np.flatnonzero(np.isin(self.values.documents(), self.deleted))
        starts, lengths = self.values.extents(values)
        at = ragged(starts, lengths)
        document = np.repeat(self.values.documents()[values], lengths)
        entry = self.entries_at(at)
        exact = self.exact_of_entry[entry]
        possessor = np.arange(len(self.exacts))
        possessor[self.container["exacts.possessive"].all()] = self.container[
            "exacts.possessor"
        ].all()
        possessor = possessor[exact]
        packed = np.unique(
            np.concatenate((pack(exact, document), pack(possessor, document)))
        ) >> np.uint64(32)
        return np.bincount(packed.astype(np.int64), minlength=len(self.exacts))

    # Positions.

    @property
    def zones(self) -> Mapping[str, ZoneRange]:
        """The zones, in the order of the stream."""
        return self.values.zones

    @property
    def stream_size(self) -> int:
        """The positions of the stream, gaps too."""
        return len(self._stream)

    def surfaces_at(self, positions: NDArray[Any]) -> NDArray[np.uint32]:
        """The word as typed at each position, 0 for gaps and beyond the ends."""
        inside = np.minimum(positions, len(self._stream) - 1)
        found = self._stream.take(inside).astype(np.uint32)
        far = np.flatnonzero(found == NARROW)
        if far.size:
            at = np.searchsorted(self.container["stream.far"].all(), inside[far])
            found[far] = self.container["stream.far.surface"].all()[at]
        return found

    def entries_at(self, positions: NDArray[Any]) -> NDArray[np.int64]:
        """The entry of the word at each position, -1 for gaps and beyond the ends."""
        surfaces = self.surfaces_at(positions)
        found = self.container["surfaces.entry"].take(surfaces).astype(np.int64)
        found[surfaces == 0] = -1
        return found

    def standing(self, surfaces: NDArray[np.bool_], zone: ZoneRange) -> NDArray[np.bool_]:
        """At which positions of a zone one of some words as typed stands, given as a table."""
        count = min(surfaces.size, NARROW)
        narrow = np.zeros(count + 1, np.bool_)
        narrow[:count] = surfaces[:count]
        found = narrow[self._stream.slice(zone.start, zone.end)]
        far = self.container["stream.far"].all()
        low, high = np.searchsorted(far, [zone.start, zone.end]).tolist()
        which = self.container["stream.far.surface"].slice(low, high)
        found[far[low:high].astype(np.int64) - zone.start] = surfaces[which]
        return found

    # Sentences.

    def sentences(self, document: int) -> tuple[Positions, NDArray[np.uint32]]:
        """Of each sentence of a body its first position, and its first byte in the text."""
        at = self.container["sentences.at"]
        start, end = at.item(document), at.item(document + 1)
        c = self.container
        return c["sentences"].slice(start, end), c["sentences.byte"].slice(start, end)
