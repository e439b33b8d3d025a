"""Who and what is it about?

A story's header and body → its fields by canonical name. A header always wins over a guess.
Guesses are made by known names (`gazetteer`) and by rules for names that no list holds; each
module here has one of the questions on the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from balletsearch.extraction.guesses import Guess, Guesser
from balletsearch.extraction.headers import said
from balletsearch.extraction.titles import title
from balletsearch.fields import FIELDS
from balletsearch.gazetteer import Gazetteer
from balletsearch.model import Header, Value

__all__ = ["Described", "Extractor", "Request", "fingerprint"]

VERSION: Final = 4
"""To be raised with every change that makes other fields of the same text."""


def fingerprint() -> str:
    """What the rules are, beside the gazetteer; other rules, another text."""
    return f"extraction-{VERSION}"


class Request(NamedTuple):
    """A story to be described: its header and body, and what else is known of it.

    `record` names the story in a file of many, `modified` is ISO 8601 text or empty,
    `language` the code for a story that does not name its own, else empty.
    """

    header: Header
    body: str
    path: str = ""
    record: str = ""
    modified: str = ""
    language: str = ""


Described = tuple[dict[str, tuple[Value, ...]], tuple[str, ...]]
"""The fields of a story, and remarks on its header."""


class Extractor:
    """Describes stories by the names of one gazetteer.

    Many at once are described many times faster than one by one; what is said of each is the
    same. `language` is the code for stories of which none else is known.
    """

    def __init__(self, gazetteer: Gazetteer, language: str = "") -> None:
        self._gazetteer = gazetteer
        self._language = language
        self._guesser = Guesser(gazetteer)

    def extract(self, stories: Sequence[Request]) -> list[Described]:
        """The fields of each story and remarks on its header.

        Values stand in the order of their first appearance; a field without a value is left
        out. No body may hold half a character (a lone surrogate).
        """
        guesses = self._guesser.guess([story.body for story in stories])
        return [self._described(*pair) for pair in zip(stories, guesses, strict=True)]

    def _described(self, story: Request, guessed: Guess) -> Described:
        given, remarks = said(story.header, self._gazetteer) if story.header else ({}, [])
        out: dict[str, tuple[Value, ...]] = {name: v for name, v in guessed.fields.items() if v}
        out.update(given)
        if "dancer" in given and "person" not in given:
            out["person"] = tuple(n for n in out.get("person", ()) if n not in given["dancer"])
        if "title" not in out:
            dancer = str(out.get("dancer", ("",))[0])
            found = title(story.body, dancer, story.path, story.record)
            out["title"] = (found,) if found else ()
        language = story.language or self._language
        out.setdefault("language", (language,) if language else ())
        out["words"] = (guessed.words,)
        out["path"] = (story.path,)
        out["modified"] = (story.modified,)
        order = _ORDER if _NAMES.issuperset(out) else dict.fromkeys([*FIELDS, *out])
        return (
            {name: out[name] for name in order if out.get(name, ()) not in ((), ("",))},
            tuple(remarks),
        )


_ORDER: Final = tuple(FIELDS)
_NAMES: Final = frozenset(FIELDS)
