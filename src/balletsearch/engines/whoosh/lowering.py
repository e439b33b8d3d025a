"""Which Whoosh terms does a leaf of the query mean?

The lexicon of the index answers for words that stand in it; the stemmer is asked only for
those that do not. Expansions are ours in every engine and are never cut.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from balletsearch.analysis import cut, fold, stem, surname_key
from balletsearch.engines.whoosh import schema
from balletsearch.engines.whoosh.postings import Alternative, Lowered, lexicon
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
    def exact_views(self) -> tuple[str, ...]:
        """The exact view of every word in the collection, ascending, each once."""
        return tuple(dict.fromkeys(entry[0] for entry in lexicon(self._reader, "")))

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
        found = dict.fromkeys(entry[0] for entry in lexicon(self._reader, start))
        return _alternatives(self._looked_into(prefix.field), schema.EXACT, found)

    def fuzzy(self, fuzzy: Fuzzy) -> Lowered:
        """Every word within the distance, each counting the less the further it is away."""
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        exact = fold(_one_word(fuzzy.text))
        most = allowed_distance(exact, fuzzy.distance)
        near = extract(exact, self.exact_views, scorer=OSA.distance, score_cutoff=most, limit=None)
        return Lowered(
            tuple(
                Alternative(zone, schema.view_field(zone.name, schema.EXACT), form, factor)
                for form, distance, _ in near
                # Nothing of a two-letter word is left at distance two: it counts for nothing.
                if (factor := 1 - distance / len(exact)) > 0
                for zone in self._looked_into(fuzzy.field)
            )
        )

    def _looked_into(self, name: str) -> tuple[Field, ...]:
        return (field_of(name),) if name else self.zones

    def _stems(self, form: str, exact: str) -> set[str]:
        stems: set[str] = set()
        known: set[str] = set()
        for _, written, language, stemmed in lexicon(self._reader, exact + schema.SEPARATOR):
            stems.add(stemmed)
            if written == form:
                known.add(language)
        return stems | {stem(form, lang) for lang in self._languages if lang not in known}


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
