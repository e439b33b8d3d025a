"""Which Whoosh terms does a leaf of the query mean?

The lexicon of the index answers for words that stand in it; the stemmer is asked only for
those that do not. Expansions are ours in every engine and are never cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from balletsearch.analysis import cut, fold, stem, surname_key
from balletsearch.engines.whoosh import schema
from balletsearch.engines.whoosh.postings import Alternative, Entry, Lowered, lexicon
from balletsearch.engines.zones import field_of
from balletsearch.errors import QueryError
from balletsearch.fields import FIELDS, Field, Kind
from balletsearch.query.nodes import Fuzzy, Prefix, View, Word

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
    def zones_of(self) -> dict[str, set[str]]:
        """The exact view of every word in the collection, ascending → the zones that it is in."""
        return _zones_of(lexicon(self._reader, ""))

    def word(self, word: Word, zone: str, *, surnames: bool = True) -> Lowered:
        """A word, looked for in one zone or, where `zone` is empty, in every one."""
        form = _one_word(word.text)
        exact = fold(form)
        zones = self._looked_into(zone)
        if word.view is View.EXACT:
            forms = [exact] if "'" in form else [exact, f"{exact}'s"]
            return _alternatives(zones, schema.EXACT, forms)
        stems = self._stems(form, exact)
        lowered = _alternatives(zones, schema.STEM, sorted(stems))
        if not surnames:
            return lowered
        names = [zone for zone in zones if zone.kind is Kind.NAME]
        keyed = _alternatives(names, schema.SURNAME, [surname_key(exact)])
        return Lowered(lowered.alternatives + keyed.alternatives)

    def prefix(self, prefix: Prefix) -> Lowered:
        """Every word that begins so."""
        start = fold(_one_word(prefix.text))
        found = _zones_of(lexicon(self._reader, start))
        return self._expanded(prefix.field, {exact: (zones, 1.0) for exact, zones in found.items()})

    def fuzzy(self, fuzzy: Fuzzy) -> Lowered:
        """Every word within the distance, each counting the less the further it is away."""
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        exact = fold(_one_word(fuzzy.text))
        most = allowed_distance(exact, fuzzy.distance)
        near = extract(
            exact, list(self.zones_of), scorer=OSA.distance, score_cutoff=most, limit=None
        )
        # Nothing of a two-letter word is left at distance two: it matches, and counts nothing.
        factors = {form: max(0.0, 1 - distance / len(exact)) for form, distance, _ in near}
        return self._expanded(
            fuzzy.field, {form: (self.zones_of[form], f) for form, f in factors.items()}
        )

    def _expanded(self, name: str, found: Mapping[str, tuple[set[str], float]]) -> Lowered:
        """Exact views with the zones that they stand in, and what each counts."""
        return Lowered(
            tuple(
                Alternative(zone, schema.view_field(zone.name, schema.EXACT), exact, factor)
                for zone in self._looked_into(name)
                for exact, (zones, factor) in found.items()
                if zone.name in zones
            )
        )

    def _looked_into(self, name: str) -> tuple[Field, ...]:
        return (field_of(name),) if name else self.zones

    def _stems(self, form: str, exact: str) -> set[str]:
        stems: set[str] = set()
        known: set[str] = set()
        for entry in lexicon(self._reader, exact + schema.SEPARATOR):
            stems.add(entry.stem)
            if entry.form == form:
                known.add(entry.language)
        return stems | {stem(form, lang) for lang in self._languages if lang not in known}


def _zones_of(entries: Iterable[Entry]) -> dict[str, set[str]]:
    out: dict[str, set[str]] = {}
    for entry in entries:
        out.setdefault(entry.exact, set()).add(entry.zone)
    return out


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
