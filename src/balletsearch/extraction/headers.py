"""What does the author say of a story?

Header keys become fields by their name or alias in the table of fields, others under a name of
their own. What is said there stands in place of every guess; only what is computed (`path`,
`words`, `modified`) cannot be said, and the attempt is remarked on.
"""

from __future__ import annotations

import unicodedata

from balletsearch import fields
from balletsearch.analysis import language_code
from balletsearch.gazetteer import Gazetteer
from balletsearch.model import Header

__all__ = ["said"]


def said(header: Header, gazetteer: Gazetteer) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """The fields that a header sets, without repetitions, and remarks on what it cannot set."""
    out: dict[str, list[str]] = {}
    remarks = []
    for key, values in header.items():
        name = fields.resolve(key.strip()) or fields.custom_name(key)
        if name is None:
            remarks.append(
                f"'{_shown(key)}' is no name for a field: it has no letter, or more than "
                f"{fields.MAX_NAME}; it was left out"
            )
        elif name == "body" or (name in fields.FIELDS and fields.FIELDS[name].computed):
            remarks.append(f"'{key}' cannot be set in a header, it comes from the file itself")
        else:
            clean = (unicodedata.normalize("NFC", value).strip() for value in values)
            out.setdefault(name, []).extend(_value(name, v, gazetteer) for v in clean if v)
    return {name: tuple(dict.fromkeys(values)) for name, values in out.items() if values}, remarks


def _value(name: str, value: str, gazetteer: Gazetteer) -> str:
    if name == "language":
        return language_code(value)
    if name == "place" and "/" not in value:
        return gazetteer.place(value) or value
    return value


def _shown(key: str) -> str:
    return key if len(key) <= 2 * fields.MAX_NAME else key[: fields.MAX_NAME] + "…"
