"""What does a file give, before anything is known of its stories? Frozen values."""

from __future__ import annotations

from dataclasses import dataclass

from balletsearch.model import Header, Reading

__all__ = ["Draft", "Text"]


@dataclass(frozen=True, slots=True)
class Text:
    """What a file says: its characters, and how the bytes became them."""

    text: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class Draft:
    """One story as its file gives it, before anything is known of it.

    `record` names it in a file of many stories (empty otherwise), `line` is where it starts
    (from 1), `digest` is a hash of its own bytes; `body` is decoded, repaired and in NFC.
    """

    record: str
    line: int
    header: Header
    body: str
    digest: str
    reading: Reading
    problem: str = ""
    """A remark on what could not be understood though the story was read."""
