"""How is a stretch of a text written with its matches set off?"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

__all__ = ["LENGTH", "PASSAGES", "Passage", "Snippet"]

PASSAGES: Final = 2
"""Passages in a snippet, unless told otherwise: at most."""

LENGTH: Final = 640
"""Characters in all passages of a snippet together, unless told otherwise: at most."""

_CONTROL: Final = re.compile(r"[^\t\n\x20-\x7e\xa0-\U0010ffff]")
"""What HTML has no place for."""

_OPENED: Final = {
    **dict.fromkeys("\N{LEFT-TO-RIGHT EMBEDDING}\N{RIGHT-TO-LEFT EMBEDDING}", "\u202c"),
    **dict.fromkeys("\N{LEFT-TO-RIGHT OVERRIDE}\N{RIGHT-TO-LEFT OVERRIDE}", "\u202c"),
    **dict.fromkeys("\u2066\u2067\u2068", "\N{POP DIRECTIONAL ISOLATE}"),
}
"""Signs that turn the direction of what follows, and what ends that."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a text with the offsets, within `text`, of what matched in it."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()
    leading: bool = False
    """The passage begins where the text does."""
    trailing: bool = False
    """The passage ends where the text does."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """The best passages of a story, in the order of the text."""

    passages: tuple[Passage, ...] = ()

    def marked(self, before: str, after: str, *, gap: str = " … ") -> str:
        """The passages as one line, each match between `before` and `after`."""
        return _join(self.passages, (before, after), gap, str)

    def html(self) -> str:
        """The same, escaped for HTML, with `<mark>` around matches.

        Signs that turn the direction of writing end with their passage, so that what stands
        behind the snippet is as it was.
        """
        from html import escape  # its table of entities is long

        def safe(text: str) -> str:
            return escape(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", text))

        return _join(self.passages, ("<mark>", "</mark>"), " … ", safe, _still_open)

    def __str__(self) -> str:
        return self.marked("[", "]")


def _still_open(text: str) -> str:
    """What ends the turns of direction that a text leaves open."""
    ends: list[str] = []
    for sign in text:
        if sign in _OPENED:
            ends.append(_OPENED[sign])
        elif sign in ends:
            # The end of an isolate also ends what was opened in it; another one ends the last.
            while ends and (sign == "\N{POP DIRECTIONAL ISOLATE}" or ends[-1] == sign):
                if ends.pop() == sign:
                    break
    return "".join(reversed(ends))


def _join(
    passages: tuple[Passage, ...],
    around: tuple[str, str],
    gap: str,
    escape: Callable[[str], str],
    ending: Callable[[str], str] = lambda _: "",
) -> str:
    if not passages:
        return ""
    before, after = around
    pieces = []
    for passage in passages:
        at, out = 0, []
        for start, end in passage.marks:
            out += [escape(passage.text[at:start]), before, escape(passage.text[start:end]), after]
            at = end
        out += [escape(passage.text[at:]), ending(passage.text)]
        pieces.append("".join(out))
    lead = "" if passages[0].leading else gap.lstrip()
    trail = "" if passages[-1].trailing else gap.rstrip()
    return lead + gap.join(pieces) + trail
