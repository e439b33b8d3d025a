"""Write the table of code points that words are made of, from this Python's Unicode data.

    python tools/make_word_table.py > src/balletsearch/analysis/data/code_points.txt

Run it only to move to a newer Unicode version: it changes the analysis fingerprint, and so
every index has to be rebuilt. Classes: L letters, N numbers, M marks, S letters that are words
by themselves (Han, Kana, Thai), I code points that vanish.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from itertools import groupby

SOLO_NAMES = (
    "CJK UNIFIED IDEOGRAPH",
    "CJK COMPATIBILITY IDEOGRAPH",
    "IDEOGRAPHIC ITERATION MARK",
    "HIRAGANA",
    "KATAKANA",
    "HALFWIDTH KATAKANA",
    "THAI CHARACTER",
)
NUMBER_SIGNS = frozenset((*range(0x600, 0x606), 0x6DD, 0x70F, 0x8E2, 0x110BD, 0x110CD))
"""Format characters that are seen, and so do not vanish."""

APOSTROPHES = frozenset((0x27, 0x2019, 0x2BC, 0xFF07))
"""They belong to a word only between letters; U+02BC would count as a letter otherwise."""


def word_class(code: int) -> str:
    """The class of a code point, or an empty string."""
    character = chr(code)
    category = unicodedata.category(character)
    if code in APOSTROPHES:
        return ""
    if category == "Cf":
        return "" if code in NUMBER_SIGNS else "I"
    if category[0] == "L":
        return "S" if unicodedata.name(character, "").startswith(SOLO_NAMES) else "L"
    return category[0] if category[0] in "NM" else ""


def ranges() -> Iterator[tuple[str, int, int]]:
    """The classes as runs of code points, ascending."""
    for kind, run in groupby(range(sys.maxunicode + 1), word_class):
        codes = list(run)
        if kind:
            yield kind, codes[0], codes[-1]


def main() -> None:
    """Print the table."""
    lines = [
        f"# Unicode {unicodedata.unidata_version}: what words are made of.",
        "# class, first, last code point (hexadecimal); written by tools/make_word_table.py",
        *(f"{kind} {first:04X} {last:04X}" for kind, first, last in ranges()),
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
