"""Who and what is it about?

A story's header and body → its fields by canonical name. A header always wins over a guess.
Guesses are made by known names (`gazetteer`) and by rules for names that no list holds; each
module here has one of the questions on the way.
"""

from __future__ import annotations

from typing import Final

from balletsearch.extraction.guesses import guess
from balletsearch.extraction.headers import said
from balletsearch.extraction.titles import title
from balletsearch.fields import FIELDS
from balletsearch.gazetteer import Gazetteer
from balletsearch.model import Header, Value

__all__ = ["extract", "fingerprint"]

VERSION: Final = 4
"""To be raised with every change that makes other fields of the same text."""


def fingerprint() -> str:
    """What the rules are, beside the gazetteer; other rules, another text."""
    return f"extraction-{VERSION}"


def extract(
    draft_header: Header,
    body: str,
    *,
    path: str,
    record: str = "",
    modified: str,
    languages: tuple[str, ...],
    language: str,
    gazetteer: Gazetteer,
) -> tuple[dict[str, tuple[Value, ...]], tuple[str, ...]]:
    """The fields of a story and remarks on its header.

    `record` names the story in a file of many, `modified` is ISO 8601 text or empty,
    `language` the code for a story that does not name its own (else the first of
    `languages`). Values stand in the order of their first appearance; a field without a
    value is left out.
    """
    given, remarks = said(draft_header, gazetteer)
    guessed = guess(body, gazetteer)
    out: dict[str, tuple[Value, ...]] = {name: v for name, v in guessed.fields.items() if v}
    out.update(given)
    if "dancer" in given and "person" not in given:
        out["person"] = tuple(n for n in out.get("person", ()) if n not in given["dancer"])
    if "title" not in out:
        dancer = str(out.get("dancer", ("",))[0])
        out["title"] = tuple(filter(None, (title(body, dancer, path, record),)))
    out.setdefault("language", tuple(filter(None, (language or (*languages, "")[0],))))
    out |= {"words": (guessed.words,), "path": (path,), "modified": (modified,)}
    order = [
        name for name in dict.fromkeys([*FIELDS, *out]) if out.get(name, ()) not in ((), ("",))
    ]
    return {name: out[name] for name in order}, tuple(remarks)
