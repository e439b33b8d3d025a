"""How does Whoosh read a collection? One reader for each segment, and one over all of them.

All numbers are of stories that are not deleted: deleted ones keep their document number, and
nothing else of them is to be seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from typing import Any, Final, NoReturn

import numpy as np
from whoosh.reading import EmptyReader, IndexReader, MultiReader, TermInfo, TermNotFound

from balletsearch.errors import UnsupportedError
from balletsearch.whoosh_view.collection import Collection
from balletsearch.whoosh_view.matching import TermMatcher
from balletsearch.whoosh_view.ordering import Order, OrderReader, Values
from balletsearch.whoosh_view.terms import Occurrences, united

__all__ = ["SegmentReader", "open_reader"]

_KNOWN: Final = 256
"""Terms whose occurrences a reader keeps at hand."""


class SegmentReader(IndexReader):  # type: ignore[misc]  # Whoosh ships no types
    """Segment `i` of a generation."""

    def __init__(self, collection: Collection, i: int) -> None:
        self.collection = collection
        self.schema = collection.schema
        self.is_closed = False
        self._i = i
        self._segment = collection.snapshot.segments[i]
        self._known = lru_cache(maxsize=_KNOWN)(self._looked_up)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._i})"

    def __contains__(self, term: tuple[str, Any]) -> bool:
        return term[0] in self.schema and self._occurrences(*term) is not None

    def generation(self) -> int:
        """The number of the generation."""
        return self.collection.generation

    def close(self) -> None:
        """Let go: files are unmapped when nobody looks at them any more."""
        self.is_closed = True

    # Terms.

    def indexed_field_names(self) -> list[str]:
        """The fields that have terms here."""
        return [name for name in self.schema.names() if self._terms(name).having().size]

    def all_terms(self) -> Iterator[tuple[str, bytes]]:
        """All terms, by field and text."""
        for name in sorted(self.schema.names()):
            yield from self._from(name, b"")

    def terms_from(self, fieldname: str, prefix: Any) -> Iterator[tuple[str, bytes]]:
        """The terms from one on, and those of the fields behind it."""
        first = self._bytes(fieldname, prefix)

        def terms() -> Iterator[tuple[str, bytes]]:
            yield from self._from(fieldname, first)
            for name in sorted(self.schema.names()):
                if name > fieldname:
                    yield from self._from(name, b"")

        return terms()

    def lexicon(self, fieldname: str) -> Iterator[bytes]:
        """The texts of all terms of a field, ascending."""
        self._bytes(fieldname, b"")
        return (text for _, text in self._from(fieldname, b""))

    def terms_within(
        self, fieldname: str, text: str, maxdist: int, prefix: int = 0
    ) -> Iterator[str]:
        """The terms that begin like `text` and are at most so many edits away from it.

        An edit is a letter more, less or another one, or two that changed places (optimal string
        alignment), here and over several segments.
        """
        return iter(near(self.expand_prefix(fieldname, text[:prefix]), text, maxdist))

    def term_info(self, fieldname: str, text: Any) -> TermInfo:
        """Frequencies and lengths; TermNotFound where no story has the term."""
        found = self._occurrences(fieldname, text)
        if found is None:
            raise TermNotFound((fieldname, text))
        lengths = self._terms(fieldname).lengths
        length = lengths[found.docs] if lengths is not None else np.ones(1, np.int64)
        return TermInfo(
            float(found.counts.sum()),
            found.docs.size,
            int(length.min()),
            int(length.max()),
            float(found.counts.max()),
            int(found.docs[0]),
            int(found.docs[-1]),
        )

    def frequency(self, fieldname: str, text: Any) -> float:
        """How often a term stands in all stories."""
        found = self._occurrences(fieldname, text)
        return 0 if found is None else float(found.counts.sum())

    def doc_frequency(self, fieldname: str, text: Any) -> int:
        """How many stories have a term."""
        found = self._occurrences(fieldname, text)
        return 0 if found is None else int(found.docs.size)

    def postings(self, fieldname: str, text: Any, scorer: Any = None, **_: Any) -> TermMatcher:
        """The stories with a term; TermNotFound where none has it."""
        found = self._occurrences(fieldname, text)
        if found is None:
            raise TermNotFound((fieldname, text))
        return self.matcher(found, (fieldname, self._bytes(fieldname, text)), scorer)

    def matcher(
        self, found: Occurrences, term: tuple[str, bytes], scorer: Any = None
    ) -> TermMatcher:
        """A matcher for what was found, as if it were one term."""
        name = term[0]
        return TermMatcher(found, term, self.schema[name].format, scorer, self._terms(name).lengths)

    def united(self, terms: Iterable[tuple[str, Any]]) -> Occurrences:
        """The stories with any of several terms, which may be of several fields."""
        found = (self._occurrences(*term) for term in terms if term[0] in self.schema)
        return united([each for each in found if each is not None])

    def having(self, fieldname: str) -> Any:
        """The documents that have any term of a field, ascending."""
        return self._terms(fieldname).having()

    def _terms(self, fieldname: str) -> Any:
        return self.collection.terms(self._i, fieldname)

    def _bytes(self, fieldname: str, text: Any) -> bytes:
        if fieldname not in self.schema:
            raise TermNotFound(f"There is no field {fieldname!r}.")
        return bytes(self.schema[fieldname].to_bytes(text))

    def _occurrences(self, fieldname: str, text: Any) -> Occurrences | None:
        # Scorers ask for one term several times over.
        return self._known(fieldname, self._bytes(fieldname, text))

    def _looked_up(self, fieldname: str, text: bytes) -> Occurrences | None:
        terms = self.collection.terms(self._i, fieldname)
        number = terms.find(text)
        return None if number < 0 else terms.occurrences(number)

    def _from(self, fieldname: str, text: bytes) -> Iterator[tuple[str, bytes]]:
        return ((fieldname, found) for found, _ in self._terms(fieldname).starting_at(text))

    # Documents.

    def doc_count_all(self) -> int:
        """The documents of the segment, deleted or not."""
        return self._segment.documents

    def doc_count(self) -> int:
        """The stories that are not deleted."""
        return int(self._segment.count)

    def has_deletions(self) -> bool:
        """Whether some are."""
        return self._segment.live is not None

    def is_deleted(self, docnum: int) -> bool:
        """Whether one is; Whoosh also asks for the one behind the last."""
        live = self._segment.live
        return live is not None and docnum < live.size and not live[docnum]

    @cached_property
    def live(self) -> Any:
        """The documents that are not deleted, ascending."""
        mask = self._segment.live
        return np.arange(self._segment.documents) if mask is None else np.flatnonzero(mask)

    def all_doc_ids(self) -> Iterator[int]:
        """The same."""
        return iter(self.live.tolist())

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Key, text and metadata of a story."""
        if self.is_deleted(docnum):
            raise KeyError(f"There is no document {docnum} any more.")
        return self.collection.stored(self._i, docnum)

    def field_length(self, fieldname: str) -> int:
        """The words of a field in all stories."""
        return int(self._live_lengths(fieldname).sum())

    def min_field_length(self, fieldname: str) -> int:
        """The words of a field in the story with the fewest."""
        return int(self._live_lengths(fieldname).min(initial=0))

    def max_field_length(self, fieldname: str) -> int:
        """The words of a field in the story with the most."""
        return int(self._live_lengths(fieldname).max(initial=0))

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """The words of a field in one story."""
        lengths = self._terms(fieldname).lengths if fieldname in self.schema else None
        return default if lengths is None else int(lengths[docnum])

    def _live_lengths(self, fieldname: str) -> Any:
        lengths = self._terms(fieldname).lengths if fieldname in self.schema else None
        return np.zeros(0, np.int64) if lengths is None else lengths[self.live]

    def has_vector(self, docnum: int, fieldname: str) -> bool:  # noqa: ARG002 - Whoosh passes it
        """No field has vectors."""
        return False

    def vector(self, docnum: int, fieldname: str, format_: Any = None) -> NoReturn:  # noqa: ARG002
        """Not possible."""
        raise UnsupportedError(f"There are no vectors, of '{fieldname}' or any other field.")

    # Columns.

    def has_column(self, fieldname: str) -> bool:
        """Whether stories can be sorted and grouped by a field."""
        return fieldname in self.schema and self.schema[fieldname].column_type is not None

    def column_reader(
        self,
        fieldname: str,
        column: Any = None,  # noqa: ARG002 - there is one column to a field
        reverse: bool = False,
        translate: bool = True,  # noqa: ARG002 - values are values already
    ) -> OrderReader:
        """What stories have in a field; UnsupportedError where it has no column."""
        if not self.has_column(fieldname):
            raise UnsupportedError(f"Nothing can be sorted or grouped by '{fieldname}'.")
        return OrderReader(self.collection.order(fieldname), self._i, reverse=reverse)


def near(terms: Iterable[bytes], text: str, distance: int) -> list[str]:
    """Those of some terms that are at most so many edits away from a text."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    texts = [term.decode() for term in terms]
    found = extract(text, texts, scorer=OSA.distance, score_cutoff=distance, limit=None)
    return [near_one for near_one, _, _ in found]


class _WholeReader(MultiReader):  # type: ignore[misc]
    """All segments of a generation."""

    def terms_within(
        self, fieldname: str, text: str, maxdist: int, prefix: int = 0
    ) -> Iterator[str]:
        """As each segment means it, which is not what Whoosh means by it over several."""
        return iter(near(self.expand_prefix(fieldname, text[:prefix]), text, maxdist))


class _NoReader(EmptyReader):  # type: ignore[misc]
    """A generation without any story."""

    def __init__(self, collection: Collection) -> None:
        super().__init__(collection.schema)
        self.collection = collection
        self.is_closed = False

    def generation(self) -> int:
        """The number of the generation."""
        return self.collection.generation

    def close(self) -> None:
        """Let go of nothing."""
        self.is_closed = True

    def terms_from(self, *_: Any) -> Iterator[tuple[str, bytes]]:
        """No terms."""
        return iter(())

    def terms_within(self, *_: Any, **__: Any) -> Iterator[str]:
        """No terms."""
        return iter(())

    def has_column(self, fieldname: str) -> bool:
        """Whether stories could be sorted and grouped by a field."""
        return fieldname in self.schema and self.schema[fieldname].column_type is not None

    def column_reader(self, *_: Any, **__: Any) -> OrderReader:
        """A column of no documents."""
        none = (np.zeros(0, np.int64), np.zeros(0, np.int64))
        order = Order([Values([], none, none, 0)], text=True, many=True)
        return OrderReader(order, 0, reverse=False)


def open_reader(collection: Collection) -> Any:
    """Whoosh's reader of a generation."""
    readers = [SegmentReader(collection, i) for i in range(len(collection.snapshot.segments))]
    if not readers:
        return _NoReader(collection)
    if len(readers) == 1:
        return readers[0]
    return _WholeReader(readers, generation=collection.generation)
