"""Does one name sound like another, tried letter by letter?

The table of spellings is the product's (`analysis/data/sounds.txt`); how a name is read is written
out once more.
"""

from __future__ import annotations

from importlib.resources import files

__all__ = ["sounds_like"]

SILENT = "'ьъ"
TABLE = [
    line.split()
    for line in (files("balletsearch.analysis") / "data" / "sounds.txt")
    .read_text("utf-8")
    .splitlines()
    if line and not line.startswith("#")
]
LETTERS = {spelling.rstrip("$") for sound in TABLE for spelling in sound}


def sounds_like(asked: str, word: str) -> bool:
    """Whether `word` can be read as the sounds of `asked`, both folded."""
    name = asked.translate({ord(c): None for c in SILENT})
    if len(name) > 2 and name[-1] == "e" and name[-2] not in "aeiouyаеиоуыэюяії":
        name = name[:-1]
    mute = name[-1:] not in {"", *"aeiouyаеиоуыэюяії"}
    sounds: list[set[str]] = []
    while name:
        fitting = [s for s in LETTERS | {name[0]} if name.startswith(s)]
        fitting.sort(key=len, reverse=True)
        for letters in fitting:
            spelt = {letters, letters + "$"} if letters == name else {letters}
            found = {s for sound in TABLE if spelt & set(sound) for s in sound}
            if found:
                break
        sounds.append(found or {letters})
        name = name[len(letters) :]
        if len(letters) == 1 and name[:1] == letters:
            name = name[1:]
    if begins(sounds, word, mute=mute):
        return True
    return word[:1] in tuple(SILENT) and begins(sounds, word[1:], mute=mute)


def begins(sounds: list[set[str]], word: str, *, mute: bool) -> bool:
    """Whether the whole of a word can be read as some sounds, an e behind them if `mute`."""
    if not sounds:
        return not word
    for spelling in sounds[0]:
        letters = spelling.rstrip("$")
        final = spelling.endswith("$")
        for written in {letters, letters * 2} if len(letters) == 1 else {letters}:
            if not word.startswith(written):
                continue
            rest = word[len(written) :]
            if final and rest:
                continue
            if begins(sounds[1:], rest, mute=mute):
                return True
            if rest and rest[0] in SILENT and begins(sounds[1:], rest[1:], mute=mute):
                return True
            # Behind a last consonant an e is not heard.
            if mute and not sounds[1:] and rest.lstrip(SILENT) == "e" and len(rest) < 3:
                return True
    return False
