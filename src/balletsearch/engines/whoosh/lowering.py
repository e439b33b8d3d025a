"""Which Whoosh terms does a leaf of the query mean?

The lexicon of the index answers for words that stand in it; the stemmer is asked only for
those that do not. Expansions are ours in every engine and are never cut.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from balletsearch.analysis import cut, fold, form, stem, surname_key
from balletsearch.engines.whoosh import schema
from balletsearch.engines.whoosh.lexicon import SEPARATOR, Entry, entries
from balletsearch.engines.whoosh.postings import Alternative, Lowered
from balletsearch.engines.zones import field_of
from balletsearch.errors import QueryError
from balletsearch.fields import FIELDS, Field, Kind
from balletsearch.query.nodes import Fuzzy, Prefix, Regex, Sound, View, Wildcard, Word

__all__ = ["Lowering", "allowed_distance"]


def allowed_distance(exact: str, asked: int | None) -> int:
    """How many edits a fuzzy word may be away: as asked, at most 2, else by its letters."""
    if asked is not None:
        return min(asked, 2)
    return 0 if len(exact) <= 2 else 1 if len(exact) <= 5 else 2


class Lowering:
    """Lowers leaves for one generation of the index."""

    def __init__(self, reader: Any, languages: tuple[str, ...]) -> None:
        self._reader = reader
        self._languages = languages

    @cached_property
    def zones(self) -> tuple[Field, ...]:
        """Every zone of the collection."""
        known = [f for f in FIELDS.values() if f.zone]
        return (*known, *map(field_of, schema.custom_zones(self._reader.schema)))

    @cached_property
    def words(self) -> dict[str, list[Entry]]:
        """The exact view of every word in the collection → its entries."""
        out: dict[str, list[Entry]] = {}
        for entry in entries(self._reader, self.zones, ""):
            out.setdefault(entry.exact, []).append(entry)
        return out

    def word(self, word: Word, zone: str, *, surnames: bool = True) -> Lowered:
        """A word, looked for in one zone or, where `zone` is empty, in every one."""
        typed = _one_word(word.text)
        exact = fold(typed)
        zones = self._looked_into(zone)
        if word.view is View.EXACT:
            wanted = [exact] if "'" in typed else [exact, f"{exact}'s"]
            found = (entries(self._reader, zones, w + SEPARATOR) for w in wanted)
            return Lowered(tuple(entry.alternative() for some in found for entry in some))
        stems = self._stems(typed, exact)
        lowered = _alternatives(zones, schema.STEM, sorted(stems))
        if not surnames:
            return lowered
        names = [zone for zone in zones if zone.kind is Kind.NAME]
        keyed = _alternatives(names, schema.SURNAME, [surname_key(exact)])
        return Lowered(lowered.alternatives + keyed.alternatives)

    def prefix(self, prefix: Prefix, zone: str) -> Lowered:
        """Every word that begins so."""
        zones = self._looked_into(zone)
        _one_word(prefix.text)  # an apostrophe at its end is part of the prefix all the same
        found = entries(self._reader, zones, fold(form(prefix.text)))
        return Lowered(tuple(entry.alternative() for entry in found))

    def pattern(self, asked: Wildcard | Regex | Sound, zone: str) -> Lowered:
        """Every word that looks so."""
        from balletsearch.query.patterns import Pattern

        pattern = Pattern(asked)
        zones = self._looked_into(zone)
        at, begins = 0, {}
        for exact in self.words:
            begins[at] = exact
            at += len(exact.encode()) + 1
        return Lowered(
            tuple(
                entry.alternative()
                for start in pattern.among("\n".join(self.words).encode())
                for entry in self.words[begins[start]]
                if entry.zone in zones
            )
        )

    def fuzzy(self, fuzzy: Fuzzy, zone: str) -> Lowered:
        """Every word within the distance, each counting the less the further it is away."""
        exact = fold(_one_word(fuzzy.text))
        near = self.near(exact, allowed_distance(exact, fuzzy.distance))
        zones = self._looked_into(zone)
        return Lowered(
            tuple(
                # Nothing of a two-letter word is left at distance two: it matches, and counts 0.
                entry.alternative(max(0.0, 1 - distance / len(exact)))
                for found, distance in near
                for entry in self.words[found]
                if entry.zone in zones
            )
        )

    def near(self, exact: str, most: int) -> list[tuple[str, int]]:
        """The words of the collection within `most` edits of one, and their distances."""
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        found = extract(exact, list(self.words), scorer=OSA.distance, score_cutoff=most, limit=None)
        return [(word, int(distance)) for word, distance, _ in found]

    def _looked_into(self, name: str) -> tuple[Field, ...]:
        return (field_of(name),) if name else self.zones

    def _stems(self, typed: str, exact: str) -> set[str]:
        stems: set[str] = set()
        known: set[str] = set()
        for entry in entries(self._reader, self.zones, exact + SEPARATOR):
            stems.add(entry.stem)
            if entry.form == typed:
                known.add(entry.language)
        return stems | {stem(typed, lang) for lang in self._languages if lang not in known}


def _one_word(text: str) -> str:
    tokens = cut(text)
    if len(tokens) != 1:
        raise QueryError(f"{text!r} is not one word; a phrase holds several.")
    return tokens[0].form


def _alternatives(zones: Iterable[Field], view: str, terms: Iterable[str]) -> Lowered:
    terms = list(terms)
    return Lowered(
        tuple(
            Alternative(zone, schema.view_field(zone.name, view), term)
            for zone in zones
            for term in terms
        )
    )
