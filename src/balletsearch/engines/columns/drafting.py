"""How do stories become a segment?

A draft takes stories in batches, cuts and numbers all words of a batch at once, and keeps arrays;
when it is written, they become the file that `columns/format.py` describes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from balletsearch.analysis import surname_key
from balletsearch.analysis.bulk import Ints, Joined, joined, word_offsets
from balletsearch.analysis.bulk_sentences import sentence_offsets
from balletsearch.columns.building import Values, Zone, write_words
from balletsearch.columns.merging import write_documents
from balletsearch.columns.packing import ContainerWriter
from balletsearch.columns.stored import StoreWriter
from balletsearch.engines.columns.facets import FieldValues
from balletsearch.engines.columns.vocabulary import Vocabulary
from balletsearch.engines.columns.weights import UNIT, units_of
from balletsearch.engines.encoding import encode_meta, encode_said
from balletsearch.engines.zones import field_of, language_of
from balletsearch.fields import Kind
from balletsearch.model import Story

__all__ = ["SegmentDraft", "in_order"]


class SegmentDraft:
    """Stories on their way into one segment."""

    def __init__(self, vocabulary: Vocabulary, executor: Executor) -> None:
        self._vocabulary = vocabulary
        self._zones: dict[str, list[_Words]] = defaultdict(list)
        self._keys: list[bytes] = []
        self._has_body: list[bool] = []
        self._fields: dict[str, FieldValues] = {}
        self._text = StoreWriter(executor)
        self._meta = StoreWriter(executor)
        self._said = StoreWriter(executor)
        self._sentences = _SentenceLists()
        self.words = 0
        """Words so far, in all zones."""

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, stories: Sequence[Story]) -> None:
        """Take a batch of stories, all of them valid; their numbers go on from those before."""
        first = len(self._keys)
        for number, story in enumerate(stories, first):
            self._keys.append(story.key.encode())
            self._has_body.append(bool(story.body.strip()))
            self._text.add(story.body.encode())
            self._meta.add(encode_meta(story).encode())
            self._said.add(encode_said(story).encode())
            for name, values in story.fields.items():
                if values:
                    self._field(name).add(number, values)
        codes = {code: i for i, code in enumerate(self._vocabulary.languages)}
        languages = np.array(
            [codes[language_of(s.fields, self._vocabulary.languages)] for s in stories], np.uint8
        )
        for name, (documents, texts) in _by_zone(stories).items():
            self._cut(name, np.array(documents, np.int32), texts, languages, first)

    def _field(self, name: str) -> FieldValues:
        if name not in self._fields:
            self._fields[name] = FieldValues(field_of(name))
        return self._fields[name]

    def _cut(
        self,
        name: str,
        documents: NDArray[np.int32],
        texts: list[str],
        languages: NDArray[np.uint8],
        first: int,
    ) -> None:
        of = joined(texts)
        starts, ends = word_offsets(of)
        bounds = np.searchsorted(starts, np.append(of.starts, of.points.size))
        lengths = np.diff(bounds)
        owners = languages[np.repeat(documents, lengths)]
        surfaces = self._vocabulary.numbers(of, starts, ends, owners)
        wordy = lengths > 0
        self._zones[name].append(
            _Words(
                surfaces,
                Values(lengths[wordy].astype(np.uint32), documents[wordy] + np.int32(first)),
            )
        )
        self.words += surfaces.size
        if name == "body":
            self._sentences.add(of, starts)

    def write(self, to: ContainerWriter) -> dict[str, Any]:
        """Write all arrays; returns the attributes of the segment."""
        source = _DraftWords(self._zones)
        written = write_words(to, source, self._vocabulary.lexicon, surname_key)
        count = len(self._keys)
        lengths = np.zeros(count, np.int64)
        at_body = np.zeros(count, np.uint32)
        for zone, values in source.zones:
            words = np.bincount(values.documents, values.lengths, minlength=count)
            lengths += zone.units * words.astype(np.int64)
            if zone.name == "body":
                at_body[values.documents] = written.starts["body"]
        to.add("lengths", lengths.astype(np.uint32))
        self._sentences.write(to, at_body)
        write_documents(to, self._keys)
        to.add("has_body", np.array(self._has_body, np.bool_).astype(np.uint8))
        fields = sorted(self._fields)
        for i, name in enumerate(fields):
            self._fields[name].write(to, f"field.{i}")
        self._text.write(to, "text")
        self._meta.write(to, "meta")
        self._said.write(to, "said")
        return {
            **written.attributes,
            "documents": count,
            "length": int(lengths.sum()),
            "unit": UNIT,
            "fields": fields,
            "languages": list(self._vocabulary.languages),
        }


def _by_zone(stories: Iterable[Story]) -> dict[str, tuple[list[int], list[str]]]:
    """Zone → documents, counted from 0, and their values, document by document."""
    out: dict[str, tuple[list[int], list[str]]] = {"body": ([], [])}
    for number, story in enumerate(stories):
        # Every body is there, also a blank one: sentences are counted document by document.
        out["body"][0].append(number)
        out["body"][1].append(story.body)
        for name, values in story.fields.items():
            if not field_of(name).zone:
                continue
            documents, texts = out.setdefault(name, ([], []))
            for value in values:
                documents.append(number)
                texts.append(str(value))
    return out


def in_order(zones: Iterable[str]) -> list[str]:
    """Title, body, then the others by name."""
    return sorted(zones, key=lambda name: (name != "title", name != "body", name))


class _Words(NamedTuple):
    """The words of a batch in one zone: numbers in the lexicon, and its values."""

    numbers: NDArray[np.uint32]
    values: Values


class _DraftWords:
    """The words of a draft, zone by zone."""

    def __init__(self, zones: Mapping[str, list[_Words]]) -> None:
        self._batches = [zones[name] for name in in_order(zones)]
        self.zones = []
        for name, batches in zip(in_order(zones), self._batches, strict=True):
            field = field_of(name)
            values = Values(
                np.concatenate([b.values.lengths for b in batches]),
                np.concatenate([b.values.documents for b in batches]),
            )
            self.zones.append((Zone(name, units_of(field), field.kind is Kind.NAME), values))

    def words(self, zone: int) -> Iterator[NDArray[np.uint32]]:
        """The words of a zone, batch by batch."""
        return (batch.numbers for batch in self._batches[zone])


class _SentenceLists:
    """The sentences of bodies: where each begins, in words and in bytes of UTF-8."""

    def __init__(self) -> None:
        self._words: list[Ints] = []
        self._bytes: list[Ints] = []
        self._opens: list[NDArray[np.bool_]] = []
        self._counts: list[Ints] = []

    def add(self, of: Joined, word_starts: Ints) -> None:
        """The sentences of a batch of bodies, whose words begin at these offsets."""
        found = sentence_offsets(of)
        bounds = np.searchsorted(found.starts, np.append(of.starts, of.points.size))
        counts = np.diff(bounds)
        first_word = np.searchsorted(word_starts, of.starts)
        self._words.append(
            np.searchsorted(word_starts, found.starts) - np.repeat(first_word, counts)
        )
        before = _bytes_before(of)
        at, base = before(found.starts), before(of.starts)
        self._bytes.append(at - np.repeat(base, counts))
        self._opens.append(found.opens_paragraph)
        self._counts.append(counts)

    def write(self, to: ContainerWriter, at_body: NDArray[np.uint32]) -> None:
        """Write them; `at_body` is where the body of each document begins in the stream."""
        none = np.zeros(0, np.int64)
        counts = np.concatenate([none, *self._counts])
        words = np.concatenate([none, *self._words])
        to.add("sentences", (words + np.repeat(at_body, counts)).astype(np.uint32))
        to.add("sentences.byte", np.concatenate([none, *self._bytes]).astype(np.uint32))
        to.add("sentences.at", np.append(0, np.cumsum(counts)).astype(np.uint32))
        opens = np.concatenate([np.zeros(0, np.bool_), *self._opens])
        to.add("paragraphs", np.flatnonzero(opens).astype(np.uint32))


def _bytes_before(of: Joined) -> Any:
    """A function from offsets in the joined text to the bytes of UTF-8 before them."""
    wide = np.flatnonzero(of.points >= 0x80)
    if not wide.size:
        return lambda at: at
    points = of.points[wide]
    more = np.cumsum(1 + (points >= 0x800).astype(np.int64) + (points >= 0x10000))
    more = np.append(0, more)
    return lambda at: at + more[np.searchsorted(wide, at)]
