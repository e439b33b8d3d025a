"""Is a segment what it should be?

Checksums say whether a file is as it was written; a deep check also says whether what was
written makes sense: that what has to ascend does, that numbers lie within their bounds, and
that arrays which tell the same thing agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from balletsearch.columns.container import damage
from balletsearch.columns.deriving import derived
from balletsearch.columns.positions import pages
from balletsearch.columns.segment import Segment
from balletsearch.columns.strings import Strings
from balletsearch.errors import IndexFaultError

__all__ = ["faults"]

_DISAGREE: Final = "its numbers do not agree"

_WRONG: Final = (IndexError, ValueError, OverflowError)
"""What comes of numbers that lead nowhere; text that is none is a ValueError, too."""


def faults(
    segment: Segment, *, deep: bool, surname: Callable[[str], str]
) -> Iterator[IndexFaultError]:
    """What is wrong with a segment, section by section; nothing if it is sound.

    `surname` gives the surname key of a folded form.
    """
    found = False
    for fault in segment.container.faults():
        found = True
        yield fault
    if not found and deep:  # what is known to be damaged need not make sense
        for section, how in _senseless(segment, surname):
            yield damage(segment.container.path, section, how)


def _senseless(segment: Segment, surname: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Sections that make no sense, and how; up to the first part on which others rely."""
    for part, claims in _CLAIMS.items():
        section, found = part, False
        try:
            for section, sound in claims(segment):
                if not sound:
                    found = True
                    yield section, _DISAGREE
        except _WRONG as error:
            found = True
            yield f"{part}, behind {section}", str(error)
        if found:
            return
    for section, agrees in derived(segment, surname):
        try:
            sound = agrees()
        except _WRONG:
            sound = False
        if not sound:
            yield section, _DISAGREE


def _starts(segment: Segment) -> Iterator[tuple[str, bool]]:
    """Where groups begin ascends from 0 to the end of what is grouped: all else relies on it."""
    c = segment.container
    for name in c.names():
        if name.endswith(".text"):
            yield f"{name[:-5]}.at", _leads(c[f"{name[:-5]}.at"].all(), len(c[name]))
    entries = segment.entries
    yield "exacts.entries", _leads(c["exacts.entries"].all(), entries)
    yield "entries.surfaces.at", _leads(c["entries.surfaces.at"].all(), len(c["entries.surfaces"]))
    yield "stems.entries.at", _leads(c["stems.entries.at"].all(), len(c["stems.entries"]))
    surnames = "surnames.positions"
    yield f"{surnames}.at", _leads(c[f"{surnames}.at"].all(), len(c[surnames]))
    yield "sentences.at", _leads(c["sentences.at"].all(), len(c["sentences"]))
    yield "docs.at", _leads(c["docs.at"].all(), len(c["docs"]))
    words = len(c["positions"]) + len(c["positions.low"])
    yield "positions.at", _leads(c["positions.at"].all(), words)
    paged = c["positions.paged"].all()
    yield "positions.paged", _rising(paged) and _within(paged, entries)
    rows = paged.size * pages(len(c["stream"]))
    yield "positions.pages", len(c["positions.pages"]) == rows
    yield "values", _rising(c["values"].all()) and int(c["values"].all()[-1]) == len(c["stream"])
    yield "values.doc", len(c["values.doc"]) == len(c["values"]) - 1
    for name, which, end in (
        ("stream.far", "stream.far.surface", len(c["stream"])),
        ("tf.far", "tf.far.units", len(c["tf"])),
    ):
        far = c[name].all()
        yield name, _rising(far) and _within(far, end) and len(c[which]) == far.size
    for name in ("text", "meta", "said"):
        docs, raw = c[f"{name}.docs"].all(), c[f"{name}.raw"].all()
        yield f"{name}.raw", _leads(raw, int(raw[-1])) and len(c[f"{name}.frames"]) == raw.size
        yield f"{name}.docs", _leads(docs, int(raw[-1]))
        yield f"{name}.frames", _leads(c[f"{name}.frames"].all(), len(c[f"{name}.data"]))


def _leads(at: NDArray[Any], end: int) -> bool:
    ascends = bool(at.size and np.all(at[1:] >= at[:-1]))
    return ascends and (int(at[0]), int(at[-1])) == (0, end)


def _documents(segment: Segment) -> Iterator[tuple[str, bool]]:
    c, count = segment.container, segment.documents
    yield "lengths", len(c["lengths"]) == count == len(c["has_body"])
    yield "has_body", _within(c["has_body"].all(), 2)
    yield "lengths", int(c["lengths"].all().sum(dtype=np.int64)) == segment.attributes["length"]
    order = c["keys.order"].all()
    yield "keys.order", bool(np.array_equal(np.sort(order), np.arange(count)))
    keys = segment.keys.all()
    # What was replaced before its commit has the key of what replaced it, and is deleted.
    yield "keys", len(keys) == count and _strictly([keys[i] for i in segment.by_key().tolist()])
    deleted = segment.deleted
    yield "deleted", _rising(deleted) and _within(deleted, count)
    for name in ("text", "meta", "said"):
        for part in ("docs", "raw", "frames"):
            at = c[f"{name}.{part}"].all()
            yield f"{name}.{part}", bool(np.all(at[1:] >= at[:-1]))
        yield f"{name}.docs", len(c[f"{name}.docs"]) == count + 1
        yield f"{name}.raw", int(c[f"{name}.raw"].all()[-1]) == int(c[f"{name}.docs"].all()[-1])
        yield f"{name}.frames", int(c[f"{name}.frames"].all()[-1]) == len(c[f"{name}.data"])
    at = c["sentences.at"].all()
    yield "sentences.at", len(at) == count + 1 and int(at[-1]) == len(c["sentences"])
    yield "sentences.byte", _grouped(c["sentences.byte"].all(), at)
    yield "paragraphs", _rising(c["paragraphs"].all())


def _words(segment: Segment) -> Iterator[tuple[str, bool]]:
    c = segment.container
    values, size = c["values"].all(), len(c["stream"])
    yield "values", _rising(values) and int(values[-1]) == size
    for zone in segment.zones.values():
        documents = c["values.doc"].all()[zone.first : zone.last]
        good = bool(np.all(documents[1:] >= documents[:-1])) and _within(
            documents, segment.documents
        )
        yield f"values.doc of {zone.name}", good
    for name in ("exacts", "stems", "surnames"):
        yield name, _strictly(Strings(c, name).all())
    at, entries = c["positions.at"].all(), segment.entries
    together = len(c["positions"]) + len(c["positions.low"])
    yield "positions.at", len(at) == entries + 1 and int(at[-1]) == together
    yield "positions", int(at[-1]) == segment.attributes["words"]
    positions = segment.positions.of_range(0, entries)
    yield "positions", _grouped(positions, at) and _within(positions, size)
    # Every word of the stream is where the positions say, and there are no others.
    expected = np.repeat(np.arange(entries), at[1:].astype(np.int64) - at[:-1])
    yield "stream", bool(np.array_equal(segment.entries_at(positions), expected))
    stream = c["stream"].all()
    yield "stream", int(np.count_nonzero(stream)) == len(positions)


def _postings(segment: Segment) -> Iterator[tuple[str, bool]]:
    c = segment.container
    at, docs = c["docs.at"].all(), c["docs"].all()
    yield "docs.at", len(at) == len(segment.stems) + 1 and int(at[-1]) == len(docs)
    yield "docs", _grouped(docs, at) and _within(docs, segment.documents)
    total = sum(
        int(segment.postings(stem)[1].sum(dtype=np.int64)) for stem in range(len(segment.stems))
    )
    yield "tf", total == segment.attributes["length"]


def _fields(segment: Segment) -> Iterator[tuple[str, bool]]:
    c = segment.container
    for i, name in enumerate(segment.attributes["fields"]):
        whole = c[f"field.{i}.values.whole"].all()
        yield f"field {name}", _within(whole, 2)
        values = whole.size
        for suffix in ("", ".counted"):
            if f"field.{i}.doc{suffix}" in c:
                documents = c[f"field.{i}.doc{suffix}"].all()
                numbers = c[f"field.{i}.value{suffix}"].all()
                good = bool(np.all(documents[1:] >= documents[:-1]))
                good = good and _within(documents, segment.documents) and _within(numbers, values)
                yield f"field {name}", good and documents.size == numbers.size


def _rising(numbers: NDArray[Any]) -> bool:
    return bool(np.all(numbers[1:] > numbers[:-1]))


def _within(numbers: NDArray[Any], limit: int) -> bool:
    return not numbers.size or (int(numbers.min()) >= 0 and int(numbers.max()) < limit)


def _strictly(texts: list[bytes]) -> bool:
    return all(a < b for a, b in pairwise(texts))


def _grouped(numbers: NDArray[Any], at: NDArray[Any]) -> bool:
    """Whether numbers ascend within each group; groups begin at `at`."""
    begins = np.zeros(numbers.size + 1, np.bool_)
    begins[at] = True
    return bool(np.all((numbers[1:] > numbers[:-1]) | begins[1 : numbers.size]))


_CLAIMS: Final = {
    "starts": _starts,
    "documents": _documents,
    "words": _words,
    "postings": _postings,
    "fields": _fields,
}
"""What must hold, section by section, and whether it does."""
