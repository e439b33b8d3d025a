"""By what name is somebody known?

Biographies begin with the name in the register and go on: *known professionally as …*, *better
known by her stage name …*. The name after such words is the one that people look for. *Also
known as* is weaker: it counts if the text then uses that name more than the other.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["known_as"]

REACH: Final = 420
"""Letters from the start of a text within which a biography says by what name it will go."""

_UPPER: Final = r"[^\W\d_a-zß-öø-ÿ]"
_WORD: Final = (
    rf"(?:(?:{_UPPER}\.)+|(?:Jr|Sr|Dr|St)\."
    rf"|(?:{_UPPER}|\d+|d')[\w'\N{{RIGHT SINGLE QUOTATION MARK}}$!-]*)"
)
_KNOWN: Final = re.compile(
    r"\b(?P<strength>also|sometimes|formerly|previously|originally|once|then)?\s*"
    r"(?:(?:better|best|more|most|commonly|professionally|mononymously|popularly|widely|usually"
    r"|simply|mainly|mostly|generally|internationally|publicly|now|and|or|is|was|often)\s+)*"
    r"(?:known|credited|billed|recording|records|performing|performs|performed|recorded|acting"
    r"|writing)\s+"
    r"(?:(?:professionally|simply|mononymously|commonly|popularly|mainly|mostly|widely|better"
    r"|internationally|abroad|solely|both|just|artistically|locally)\s+)*"
    r"(?:as|by|under)\s+"
    r"|\b(?P<aka>a\.?k\.?a\.?)\s+"
)
_VERB: Final = re.compile(r"[()]|\b(?:is|was|are|were)\b(?! (?:also |better |best )?known)")
_BY: Final = re.compile(
    r"(?:(?:by|under|as|simply|the|his|her|their|its|nickname|mononym|stage|pen|professional|artist"
    r"|artistic|married|screen|name|names|pseudonym|alias|moniker|of|or|either|just)[\s,:]+)*"
)
_NAME: Final = re.compile(
    rf"[\"'*_\N{{LEFT DOUBLE QUOTATION MARK}}\N{{LEFT SINGLE QUOTATION MARK}}]*"
    rf"(?P<name>(?:The\s+)?{_WORD}(?:\s+(?:(?:de|la|del|van|von|der|di|da|du|of|the|and|y|bin)\s+)*"
    rf"{_WORD})*)"
)


def known_as(text: str, born: str) -> str:
    """The name that a biography opening with the name `born` goes by; `born` where it says none."""
    end = _before_verb(text)
    for found in _KNOWN.finditer(text, 0, end):
        lead = _BY.match(text, found.end(), end)
        named = _NAME.match(text, lead.end() if lead else found.end())
        if named is None:
            continue
        name = _clean(named["name"])
        if not name or _folded_in(name, born):
            continue
        weak = found["strength"] or found["aka"]
        if not weak or _uses(text, name) > 2 * _uses(text, born):
            return name
    return born


def _before_verb(text: str) -> int:
    """Where the opening clause ends: at the first *is* or *was* outside brackets.

    What somebody is “best known as” after that is a part, an office or a prize.
    """
    depth = 0
    for found in _VERB.finditer(text, 0, REACH):
        depth += (found[0] == "(") - (found[0] == ")")
        if depth <= 0 and found[0] not in "()":
            return found.start()
    return min(REACH, len(text))


def _clean(name: str) -> str:
    words = name.rstrip("'\N{RIGHT SINGLE QUOTATION MARK}").split()
    while len(words) > 1 and words[0].lower().rstrip(".") in ("sir", "dame", "dr"):
        del words[0]
    name = " ".join(words)
    return name if name.endswith(("Jr.", "Sr.")) else name.rstrip(".,")


def _folded_in(name: str, born: str) -> bool:
    """Whether a name says no more than the other one: *Cassie* beside *Cassie Ventura*."""
    return set(name.casefold().split()) <= set(born.casefold().split())


def _uses(text: str, name: str) -> int:
    """How often the text, after its opening words, says the last word of a name."""
    last = name.rsplit(maxsplit=1)[-1].rstrip(".")
    return len(re.findall(rf"\b{re.escape(last)}\b", text[len(name) :]))
