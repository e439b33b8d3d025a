"""Which words does the index hold?

The exact view of a zone is the lexicon too: its terms are the folded form followed by the
form, its language and its stem, so that a word of the collection needs no stemmer, accents
are found again from a word without them, and an expansion knows the zone of each word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from balletsearch.engines.whoosh import schema
from balletsearch.engines.whoosh.postings import Alternative, holds
from balletsearch.fields import Field

__all__ = ["SEPARATOR", "Entry", "entries", "term"]

SEPARATOR: Final = "\N{UNIT SEPARATOR}"
"""Between the parts of a term; no word holds it, and it sorts before every letter."""


class Entry(NamedTuple):
    """One form of a word in one zone, in stories of one language."""

    zone: Field
    term: str
    exact: str
    form: str
    language: str
    stem: str

    def alternative(self, factor: float = 1.0) -> Alternative:
        """The postings of the entry, each of them counting `factor`."""
        field = schema.view_field(self.zone.name, schema.EXACT)
        return Alternative(self.zone, field, self.term, factor)


def term(exact: str, form: str, language: str, stem: str) -> str:
    """The term of a word in the exact view."""
    return SEPARATOR.join((exact, form, language, stem))


def entries(reader: Any, zones: Iterable[Field], prefix: str) -> Iterator[Entry]:
    """The words of some zones, in live stories, whose term begins with `prefix`."""
    try:
        prefix.encode()
    except UnicodeEncodeError:
        return  # half a character is in no word
    check = reader.has_deletions()
    for zone in zones:
        field = schema.view_field(zone.name, schema.EXACT)
        if field not in reader.schema:
            continue
        for found in reader.expand_prefix(field, prefix):
            text = found.decode()
            if not check or holds(reader, field, text):
                yield Entry(zone, text, *text.split(SEPARATOR))
