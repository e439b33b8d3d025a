"""Which known names stand in this text, and where?

`load` reads the files, `Gazetteer.find` gives the names in a text by whole words, written with
the capitals that they need; of names that overlap, of whatever kind, the leftmost and there
the longest is taken, so that a name within a longer one is not found.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources import files
from itertools import groupby, pairwise
from pathlib import Path
from typing import Final, NamedTuple

from balletsearch.analysis import Token, cut, form, possessor
from balletsearch.errors import SettingsError
from balletsearch.gazetteer.entries import Entry, merge, parse
from balletsearch.gazetteer.patterns import (
    Anchored,
    Pattern,
    Words,
    anchored,
    around,
    compiled,
    key,
)

__all__ = ["CutText", "Gazetteer", "Occurrence", "fingerprint", "leftmost_longest", "load"]

_STEPS: Final = 8
"""Most places one within the other, by a header; more are a list."""


class Occurrence(NamedTuple):
    """A name in a text: the entry, its offsets (without a closing ’s) and its words.

    `first` and `last` are the indexes of its first and last word, both inclusive; `kind` and
    `canonical` are kind and name of the entry, as the gazetteer writes it first.
    """

    entry: Entry
    start: int
    end: int
    first: int
    last: int
    kind: str
    canonical: str


class _Matcher:
    """What is made of the entries when the first text is looked at.

    A sync that finds nothing changed only needs the fingerprint, and is spared half the work.
    """

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        self._entries = entries

    @cached_property
    def _patterns(self) -> list[Pattern]:
        return [pattern for entry in self._entries for pattern in compiled(entry)]

    @cached_property
    def anchored(self) -> Mapping[str, Anchored]:
        """Every spelling of every entry, by the word that it is looked for by."""
        return anchored(self._patterns)

    @cached_property
    def places(self) -> Mapping[str, str]:
        """The path of a place by its path in small letters, and by the words of its names."""
        out: dict[str, str] = {}
        for pattern in self._patterns:
            if pattern.entry.kind == "place":
                out.setdefault(" ".join(pattern.words), pattern.entry.name)
                out.setdefault(pattern.entry.name.casefold(), pattern.entry.name)
        return out

    @cached_property
    def names(self) -> Mapping[_Spelling, str]:
        """The name of which a spelling is the only one of its kind."""
        own: dict[_Spelling, set[str]] = {}
        also: dict[_Spelling, set[str]] = {}
        for entry, patterns in groupby(self._patterns, key=lambda p: p.entry):
            first, *others = (_Spelling(entry.kind, p.words, p.possessives) for p in patterns)
            own.setdefault(first, set()).add(entry.name)
            for spelling in others:
                also.setdefault(spelling, set()).add(entry.name)
        # Somebody's other name is not taken from whom it is the first name.
        return {s: name for s, (name, *more) in (also | own).items() if not more}


class _Spelling(NamedTuple):
    """A kind, and words without case, accents and what stands between them."""

    kind: str
    words: tuple[str, ...]
    possessives: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All known names. `given_names` are folded."""

    entries: tuple[Entry, ...]
    given_names: frozenset[str]
    digest: str
    _matcher: _Matcher = field(repr=False, compare=False)

    @property
    def anchored(self) -> Mapping[str, Anchored]:
        """Every spelling of every name, by the word as compared that it is looked for by."""
        return self._matcher.anchored

    def candidates(self, of: Words, at: Iterable[int]) -> list[Occurrence]:
        """The names written in a text, those within longer ones too, in no order.

        `at` are the words to look at: those by which names are looked for. One that is none
        does no harm.
        """
        out = []
        anchors, keys, starts, ends = self._matcher.anchored, of.keys, of.starts, of.ends
        for word in at:
            by = anchors.get(keys[word])
            if by is None:
                continue
            for before, pattern in around(by, keys, word):
                first = word - before
                if first >= 0 and pattern.fits(of, first):
                    last = first + len(pattern.words) - 1
                    end = ends[last] - (2 if of.possessive(last) else 0)
                    entry, start = pattern.entry, starts[first]
                    out.append(Occurrence(entry, start, end, first, last, entry.kind, entry.name))
        return out

    def find(
        self,
        text: str,
        tokens: Sequence[Token] | None = None,
        shields: Sequence[tuple[int, int]] = (),
    ) -> list[Occurrence]:
        """The names in `text`, in order; one place may hold names of several kinds.

        `tokens` are the words of `text` if they are known already; on `shields` see
        `leftmost_longest`.
        """
        of = CutText(text, cut(text) if tokens is None else tokens)
        return leftmost_longest(self.candidates(of, range(len(of.keys))), shields)

    def place(self, name: str) -> str | None:
        """The path of a place, or None.

        It is given by its path, by a name of it, or by one and what it lies in: *Moscow, Russia*.
        """
        if found := self._place(name):
            return found
        parts = [part for part in name.split(",") if part.strip()]
        paths = [path for part in parts[:_STEPS] if (path := self._place(part))]
        inside = all(a.startswith(f"{b}/") for a, b in pairwise(paths))
        return paths[0] if paths and inside and len(paths) == len(parts) else None

    def _place(self, name: str) -> str | None:
        places = self._matcher.places
        return places.get(name.casefold()) or places.get(_joined_keys(name))

    def named(self, kind: str, name: str, *, least: int = 1) -> str | None:
        """The canonical name of what goes by this name, whatever its case and accents, or None.

        Also None for names of fewer words than `least`, and for one that several go by.
        """
        forms = [token.form for token in cut(name)]
        if len(forms) < max(least, 1):
            return None
        marks = tuple(bool(possessor(form)) for form in forms)
        return self._matcher.names.get(_Spelling(kind, tuple(map(key, forms)), marks))

    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits; equal where the files say the same."""
        return self.digest


class CutText:
    """A text and its words, as matching asks for them."""

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self.text = text
        self.keys = [key(token.form) for token in tokens]
        self.starts = [token.start for token in tokens]
        self.ends = [token.end for token in tokens]
        self._forms = [token.form for token in tokens]

    def possessive(self, at: int) -> bool:
        """Whether a word ends in ’s."""
        return bool(possessor(self._forms[at]))


def leftmost_longest(
    found: Sequence[Occurrence], shields: Sequence[tuple[int, int]] = ()
) -> list[Occurrence]:
    """Of occurrences that overlap the leftmost and there the longest, in order.

    `shields` are spans of words (first, last) that hold other names: what they hide is not
    taken, but a known name of just the same words is.
    """
    if not found:
        return []
    if len(found) == 1 and not shields:
        return list(found)
    spans = {(o.first, -o.last) for o in found} | {(first, -last) for first, last in shields}
    kept, free = set(), 0
    for first, negative in sorted(spans):
        if first >= free:
            kept.add((first, negative))
            free = 1 - negative
    named = {
        (o.first, o.kind, o.canonical): o for o in reversed(found) if (o.first, -o.last) in kept
    }
    return [named[order] for order in sorted(named)]


def _joined_keys(name: str) -> str:
    return " ".join(key(t.form) for t in cut(name))


def load(extra: tuple[Path, ...] = ()) -> Gazetteer:
    """The shipped names and those of the user's own files, later files over earlier ones.

    The shipped names alone are made once in a process; files are read anew each time.
    Raises SettingsError, naming file and entry, for a file that cannot be read or understood.
    """
    if not extra:
        return _alone()
    digest = _digest()
    entries, given = _shipped()
    for path in extra:
        try:
            content = path.read_bytes()
            said = parse(content.decode("utf-8-sig"), str(path))
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"{path}: {error}. Mend the file, or take it out of the gazetteer setting."
            ) from error
        digest.update(len(content).to_bytes(8, "big") + content)
        entries += said.entries
        given |= {_joined_keys(name) for name in said.given_names}
    return _gazetteer(entries, given, digest.hexdigest())


@lru_cache(maxsize=1)
def _alone() -> Gazetteer:
    """The shipped names. To make patterns of them takes a fifth of a second."""
    return _gazetteer(*_shipped(), _digest().hexdigest())


def _gazetteer(entries: Iterable[Entry], given: frozenset[str], digest: str) -> Gazetteer:
    merged = merge(entries)
    return Gazetteer(merged, given, digest, _Matcher(merged))


def fingerprint(extra: tuple[Path, ...] = ()) -> str:
    """The fingerprint of what `load` gives; the shipped names alone need not be read for it."""
    return load(extra).fingerprint() if extra else _digest().hexdigest()


def _digest() -> hashlib.blake2b:
    """The state of a digest that has taken in the shipped names."""
    return hashlib.blake2b(_shipped_bytes(), digest_size=8)


_TABLES = ("works", "people", "companies", "places", "terms")


@lru_cache(maxsize=1)
def _shipped_bytes() -> bytes:
    folder = files(__package__).joinpath("data")
    names = [*(f"{name}.toml" for name in _TABLES), "given_names.txt"]
    return b"\0".join(folder.joinpath(name).read_bytes() for name in names)


@lru_cache(maxsize=1)
def _shipped() -> tuple[tuple[Entry, ...], frozenset[str]]:
    *tables, given = _shipped_bytes().decode("utf-8").split("\0")
    entries: list[Entry] = []
    names: set[str] = set()
    for name, text in zip(_TABLES, tables, strict=True):
        said = parse(text, f"{name}.toml")
        entries += said.entries
        names |= {_joined_keys(n) for n in said.given_names}
    # One word a line, so it need not be cut into words, which would take 25 ms.
    names |= {key(form(line.partition("#")[0].strip())) for line in given.splitlines()}
    return tuple(entries), frozenset(names - {""})
