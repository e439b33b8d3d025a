"""How do stories become a segment?

All words of a batch are cut at once, which another thread may do ahead; a draft numbers them and
keeps arrays. When it is written, they become the file that `columns/format.py` describes.
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
from balletsearch.columns.building import write_words
from balletsearch.columns.merging import write_documents
from balletsearch.columns.packing import ContainerWriter
from balletsearch.columns.placing import Values, Zone
from balletsearch.columns.stored import StoreWriter
from balletsearch.engines.columns.facets import FieldValues, write_values
from balletsearch.engines.columns.vocabulary import Vocabulary
from balletsearch.engines.columns.weights import UNIT, units_of
from balletsearch.engines.encoding import encode_meta, encode_said
from balletsearch.engines.zones import field_of, language_of
from balletsearch.fields import Kind
from balletsearch.model import Story

__all__ = ["Cut", "SegmentDraft", "cut", "in_order"]


class Cut(NamedTuple):
    """What is found in a batch of stories without knowing any other: words, and sentences."""

    zones: dict[str, _CutZone]
    sentences: _CutSentences


class _CutZone(NamedTuple):
    """The words of a zone: the text, their offsets, languages and hashes; and the values.

    `lengths` counts the words of each value, `documents` says whose it is, in the batch.
    """

    of: Joined
    starts: Ints
    ends: Ints
    languages: NDArray[np.uint8]
    keys: NDArray[np.uint64]
    lengths: Ints
    documents: NDArray[np.int32]


class _CutSentences(NamedTuple):
    """The sentences of bodies, body behind body: where each begins within its body, in words and
    in bytes of UTF-8; which open a paragraph; how many each body has."""

    words: Ints
    bytes: Ints
    opens: NDArray[np.bool_]
    counts: Ints


def cut(stories: Sequence[Story], vocabulary: Vocabulary) -> Cut:
    """Cut a batch. It changes nothing, so another thread may do it ahead."""
    codes = {code: i for i, code in enumerate(vocabulary.languages)}
    languages = np.array(
        [codes[language_of(s.fields, vocabulary.languages)] for s in stories], np.uint8
    )
    zones = {}
    for name, (documents, texts) in _by_zone(stories).items():
        of = joined(texts)
        starts, ends = word_offsets(of)
        lengths = np.diff(np.searchsorted(starts, np.append(of.starts, of.points.size)))
        numbers = np.array(documents, np.int32)
        owners = languages[np.repeat(numbers, lengths)]
        keys = vocabulary.keys(of, starts, ends, owners)
        zones[name] = _CutZone(of, starts, ends, owners, keys, lengths, numbers)
    return Cut(zones, _cut_sentences(zones["body"].of, zones["body"].starts))


def _cut_sentences(of: Joined, word_starts: Ints) -> _CutSentences:
    found = sentence_offsets(of)
    counts = np.diff(np.searchsorted(found.starts, np.append(of.starts, of.points.size)))
    first_word = np.searchsorted(word_starts, of.starts)
    words = np.searchsorted(word_starts, found.starts) - np.repeat(first_word, counts)
    before = _bytes_before(of)
    at, base = before(found.starts), before(of.starts)
    return _CutSentences(words, at - np.repeat(base, counts), found.opens_paragraph, counts)


class SegmentDraft:
    """Stories on their way into one segment."""

    def __init__(self, vocabulary: Vocabulary, executor: Executor) -> None:
        self._vocabulary = vocabulary
        self._executor = executor
        self._zones: dict[str, list[_Words]] = defaultdict(list)
        self._keys: list[bytes] = []
        self._has_body: list[bool] = []
        self._fields: dict[str, FieldValues] = {}
        self._text = StoreWriter(executor)
        self._meta = StoreWriter(executor)
        self._said = StoreWriter(executor)
        self._sentences: list[_CutSentences] = []
        self.words = 0
        """Words so far, in all zones."""

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, stories: Sequence[Story], found: Cut) -> None:
        """Take a batch of stories, all of them valid; their numbers go on from those before."""
        first = len(self._keys)
        for number, story in enumerate(stories, first):
            self._keys.append(story.key.encode())
            self._has_body.append(bool(story.body) and not story.body.isspace())
            for name, values in story.fields.items():
                if values:
                    self._field(name).add(number, values)
        self._text.add(story.body.encode() for story in stories)
        self._meta.add(encode_meta(story).encode() for story in stories)
        self._said.add(encode_said(story).encode() for story in stories)
        for name, zone in found.zones.items():
            words = self._vocabulary.numbers(
                zone.of, zone.starts, zone.ends, zone.languages, zone.keys
            )
            wordy = zone.lengths > 0
            documents = zone.documents[wordy] + np.int32(first)
            lengths = zone.lengths[wordy].astype(np.uint32)
            self._zones[name].append(_Words(words, Values(lengths, documents)))
            self.words += words.size
        self._sentences.append(found.sentences)

    def _field(self, name: str) -> FieldValues:
        if name not in self._fields:
            self._fields[name] = FieldValues(field_of(name))
        return self._fields[name]

    def write(self, to: ContainerWriter) -> dict[str, Any]:
        """Write all arrays; returns the attributes of the segment."""
        fields = sorted(self._fields)
        # While words are sorted.
        ordered = [self._executor.submit(self._fields[name].in_order) for name in fields]
        source = _DraftWords(self._zones)
        written = write_words(to, source, self._vocabulary.lexicon, surname_key, self._executor)
        count = len(self._keys)
        lengths = np.zeros(count, np.int64)
        at_body = np.zeros(count, np.uint32)
        for zone, values in source.zones:
            words = np.bincount(values.documents, values.lengths, minlength=count)
            lengths += zone.units * words.astype(np.int64)
            if zone.name == "body":
                at_body[values.documents] = written.starts["body"]
        to.add("lengths", lengths.astype(np.uint32))
        _write_sentences(to, self._sentences, at_body)
        write_documents(to, self._keys)
        to.add("has_body", np.array(self._has_body, np.bool_).astype(np.uint8))
        for i, field in enumerate(ordered):
            write_values(to, f"field.{i}", *field.result())
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


def _write_sentences(
    to: ContainerWriter, batches: Sequence[_CutSentences], at_body: NDArray[np.uint32]
) -> None:
    """Write sentences; `at_body` is where the body of each document begins in the stream."""
    words, in_bytes, opens, counts = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    to.add("sentences", (words + np.repeat(at_body, counts)).astype(np.uint32))
    to.add("sentences.byte", in_bytes.astype(np.uint32))
    to.add("sentences.at", np.append(0, np.cumsum(counts)).astype(np.uint32))
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
