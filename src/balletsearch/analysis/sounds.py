"""Which words sound like a name that is spelled in several ways?

*Tchaikovsky*, *Chaikovsky*, *Čajkovskij* and *Чайковский* are one name. `data/sounds.txt` has the
spellings of each sound. A name is read from left to right, the longest spelling first; what
sounds like it are the words that can be read as the same sounds, whichever spelling each of
them has. So no sound has to be chosen for a letter that stands for several, and the answer is
a regular expression, which any engine can run over its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pkgutil import get_data
from typing import Final, NamedTuple

__all__ = ["SILENT", "Spelling", "pattern", "read", "spellings"]

SILENT: Final = "'ьъ"
"""Signs that no sound is lost with: an apostrophe, the soft and the hard sign."""

_VOWELS: Final = frozenset("aeiouyаеиоуыэюяії")
_MUTE: Final = "e"
"""Behind a last consonant it may be written and is not heard: *Fokine*."""


class Spelling(NamedTuple):
    """Letters that stand for a sound; `final` if they do so at the end of a word only."""

    letters: str
    final: bool


@lru_cache(maxsize=1)
def spellings() -> Mapping[str, frozenset[Spelling]]:
    """Letters → every spelling of every sound that they may stand for."""
    table = get_data(__package__, "data/sounds.txt") or b""
    out: dict[str, set[Spelling]] = {}
    for line in table.decode().splitlines():
        if line and not line.startswith("#"):
            sound = [Spelling(s.removesuffix("$"), s.endswith("$")) for s in line.split()]
            for spelling in sound:
                key = spelling.letters + "$" * spelling.final
                out.setdefault(key, set()).update(sound)
    return {letters: frozenset(found) for letters, found in out.items()}


@lru_cache(maxsize=1)
def _longest() -> int:
    return max(map(len, spellings()))


def read(folded: str) -> list[frozenset[Spelling]]:
    """For each sound of a folded name the spellings it may have, as it is read.

    A letter that is in no spelling stands for itself.
    """
    return list(_read(_heard(folded)))


def _heard(folded: str) -> str:
    """A name without what is not heard of it."""
    name = "".join(c for c in folded if c not in SILENT)
    if len(name) > 2 and name.endswith(_MUTE) and name[-2] not in _VOWELS:
        return name.removesuffix(_MUTE)
    return name


def _read(name: str) -> Iterator[frozenset[Spelling]]:
    known = spellings()
    at = 0
    while at < len(name):
        for length in range(min(_longest(), len(name) - at), 0, -1):
            letters = name[at : at + length]
            found = known.get(letters, frozenset())
            if at + length == len(name):
                found |= known.get(f"{letters}$", frozenset())
            if found:
                break
        else:
            letters, found = name[at], frozenset({Spelling(name[at], False)})
        yield found
        at += len(letters)
        if len(letters) == 1 and name.startswith(letters, at):
            at += 1  # a letter written twice


@lru_cache(maxsize=64)
def pattern(folded: str) -> str:
    """A regular expression that matches from end to end, as folded, what sounds like a name.

    Nothing but letters, groups, alternatives, repetitions and `(?m:$)` is in it.
    """
    sounds = read(folded)
    # Behind a last consonant.
    mute = f"{_MUTE}?" if _heard(folded)[-1:] not in {"", *_VOWELS} else ""
    parts = [f"(?:{'|'.join(sorted(map(_expression, each)))})[{SILENT}]?" for each in sounds]
    return f"[{SILENT}]?{''.join(parts)}{mute}"


def _expression(spelling: Spelling) -> str:
    letters, final = spelling
    twice = "{1,2}" if len(letters) == 1 else ""
    return re.escape(letters) + twice + ("(?m:$)" if final else "")
