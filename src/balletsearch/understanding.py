"""What does a text mean as a query of this collection?

Beside what stands in it, that hangs on the fields that headers brought, on the queries that the
user saved, and on the names that works go by. Each is only looked at where a text asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from balletsearch.query import Query, names_saved, parse, unknown_fields
from balletsearch.query.naming import with_names
from balletsearch.query.nodes import Phrase, Word
from balletsearch.query.trees import check_depth, leaves
from balletsearch.saving import FILE_NAME, queries
from balletsearch.settings import Settings

__all__ = ["Understanding"]

_NAMED_FIELDS = frozenset({"work", "role", "company"})
"""Fields whose values go by several names; `gazetteer/names.py` says where they are."""


@dataclass(frozen=True)
class Understanding:
    """How the queries of one collection are read; `base` is the folder that holds its index."""

    settings: Settings
    base: Path

    @property
    def saved(self) -> Path:
        """The file of saved queries: beside the settings, or else beside the index."""
        file = self.settings.file
        return (file.parent if file is not None else self.base) / FILE_NAME

    def query(
        self,
        text: str,
        *,
        custom_fields: Callable[[], Iterable[str]],
        any_word: bool = False,
        plain: bool = False,
        strict: bool = False,
    ) -> Query:
        """The query that a text means; see `balletsearch.query.parse`.

        `custom_fields` are the fields that headers brought, if they are needed.
        """
        query = parse(
            text,
            custom_fields=custom_fields() if unknown_fields(text) else (),
            any_word=any_word,
            plain=plain,
            strict=strict,
            saved=queries(self.saved) if not plain and names_saved(text) else {},
        )
        if not any(_may_be_named(leaf) for leaf in leaves(query.tree)):
            return query
        tree = with_names(query.tree, self._names)
        check_depth(tree)
        return replace(query, tree=tree)

    def _names(self, field: str, name: str) -> tuple[str, ...]:
        if field not in _NAMED_FIELDS:
            return ()
        from balletsearch.gazetteer.names import key_of

        return self._synonyms(field).get(key_of(name), ())

    def _synonyms(self, kind: str) -> Mapping[str, tuple[str, ...]]:
        if kind not in self._known:
            from balletsearch.gazetteer.names import synonyms

            self._known[kind] = synonyms(kind, self.settings.gazetteer)
        return self._known[kind]

    @cached_property
    def _known(self) -> dict[str, Mapping[str, tuple[str, ...]]]:
        return {}


def _may_be_named(leaf: object) -> bool:
    return isinstance(leaf, Word | Phrase) and leaf.field in _NAMED_FIELDS
