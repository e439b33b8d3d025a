"""What does the author say of a story?

Header keys become fields by their name or alias in the table of fields, others under a name of
their own. What is said there stands in place of every guess; only what is computed (`path`,
`words`, `modified`) cannot be said, and the attempt is remarked on. A name that the gazetteer
knows is written as there, so that a facet counts it once; others stay as they are.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from balletsearch import fields
from balletsearch.analysis import language_code
from balletsearch.gazetteer import Gazetteer
from balletsearch.model import Header

__all__ = ["said"]

_KINDS: Final = {"dancer": "person"} | {
    kind: kind for kind in ("work", "role", "person", "company", "term")
}
"""Fields with known names, and the kind of those names. Places are paths: another question."""

_CODE: Final = re.compile("[a-z]{2,3}")
_WHOLE: Final = re.compile("[0-9]{1,18}").fullmatch


def said(header: Header, gazetteer: Gazetteer) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """The fields that a header sets, without repetitions, and remarks on what it cannot set."""
    out: dict[str, list[str]] = {}
    remarks = []
    for key, values in header.items():
        name = fields.named(key)
        if name is None:
            remarks.append(
                f"'{_shown(key)}' is no name for a field: it has no letter, or more than "
                f"{fields.MAX_NAME}; it was left out"
            )
        elif name == "body" or (name in fields.FIELDS and fields.FIELDS[name].computed):
            remarks.append(f"'{key}' cannot be set in a header, it comes from the file itself")
        else:
            clean = (unicodedata.normalize("NFC", value).strip() for value in values)
            written = [value for value in clean if value]
            if name == "ordinal":
                remarks += (f"'{_shown(v)}' is no whole number" for v in written if not _WHOLE(v))
                written = list(filter(_WHOLE, written))
            out.setdefault(name, []).extend(_value(name, v, gazetteer) for v in written)
            if name == "language":
                remarks += _unknown_languages(written)
    return {name: tuple(dict.fromkeys(values)) for name, values in out.items() if values}, remarks


def _value(name: str, value: str, gazetteer: Gazetteer) -> str:
    if name == "language":
        return language_code(value)
    if name == "place" and "/" not in value:
        return gazetteer.place(value) or value
    if name in _KINDS:
        kind = _KINDS[name]
        # A story may have a Margot or a Pavlova of its own.
        return gazetteer.named(kind, value, least=2 if kind == "person" else 1) or value
    return value


def _unknown_languages(values: list[str]) -> list[str]:
    return [
        f"unknown language '{_shown(value)}'; write its code of two or three letters, as 'fr'"
        for value in values
        if not _CODE.fullmatch(language_code(value))
    ]


def _shown(key: str) -> str:
    return key if len(key) <= 2 * fields.MAX_NAME else key[: fields.MAX_NAME] + "…"
