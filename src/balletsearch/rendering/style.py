"""How is text set off: with colours, how wide, and by which signs without colours?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["PLAIN", "Style"]

_RESET: Final = "\x1b[0m"
_BOLD: Final = "\x1b[1m"
_FAINT: Final = "\x1b[2m"
_PATH: Final = "\x1b[35m"
_MATCH: Final = "\x1b[1;31m"


@dataclass(frozen=True, slots=True)
class Style:
    """`colour` turns on the escape sequences of terminals, `columns` (0: never) wraps lines."""

    colour: bool = False
    columns: int = 0

    def title(self, text: str) -> str:
        """A heading."""
        return self._set(_BOLD, text)

    def faint(self, text: str) -> str:
        """What may be overlooked."""
        return self._set(_FAINT, text)

    def path(self, text: str) -> str:
        """The name of a file."""
        return self._set(_PATH, text)

    def match(self, text: str) -> str:
        """What was found: coloured, or else in square brackets."""
        return self._set(_MATCH, text) if self.colour else f"[{text}]"

    def _set(self, code: str, text: str) -> str:
        return f"{code}{text}{_RESET}" if self.colour and text else text


PLAIN: Final = Style()
"""For pipes and files: no colours, one line for a line."""
