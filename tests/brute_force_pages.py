"""The slow twin of `extraction.sheets` and `extraction.pieces`: one word of one text at a time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from balletsearch.analysis import Token, cut
from balletsearch.extraction.lexicon import lexicon
from balletsearch.gazetteer import Gazetteer, key

ABBREVIATED = (
    *("mr", "mrs", "ms", "mme", "mlle", "dr", "st", "mt", "ft", "capt", "col", "gen", "sgt"),
    *("rev", "hon", "prof", "jr", "sr", "wm", "chas", "geo", "thos", "jos"),
)
SPEECH = '"\N{LEFT DOUBLE QUOTATION MARK}«\N{LEFT SINGLE QUOTATION MARK}'
SLAVIC = re.compile(
    r"(?:ov|ev|ova|eva|sky|skiy|skij|ski|skaya|skaia|enko|vich|vna|shvili|adze"
    r"|ов|ев|ёв|ова|ева|ин|ина|ский|ская|цкий|цкая|енко|ович|евич|овна|евна)$"
)


class SlowPage:
    """A text, and what the rules ask of its words, asked of each when it is needed."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: Sequence[Token] = cut(text)
        self.keys = [key(t.form) for t in self.tokens]
        lines = [len(line) for line in text.splitlines() if line]
        full = [length for length in lines if length >= 45]
        wrapped = max(lines, default=0) <= 120 and 2 * len(full) >= len(lines)
        self.width = max(lines, default=0) if wrapped else 0

    def gap(self, at: int) -> str:
        return self.text[self.tokens[at - 1].end if at else 0 : self.tokens[at].start]

    def capital(self, at: int) -> bool:
        start, _, form = self.tokens[at]
        return self.text[start].isupper() or (
            form[1:2] == "'" and self.text[start + 2 : start + 3].isupper()
        )

    def possessive(self, at: int) -> bool:
        form = self.tokens[at].form
        return form.endswith("'s") and len(form) > 2

    def abbreviated(self, at: int) -> bool:
        start, end, form = self.tokens[at]
        return self.capital(at) and (end - start == 1 or form in ABBREVIATED)

    def opens(self, at: int) -> bool:
        gap = self.gap(at)
        if at == 0 or any(c in SPEECH for c in gap):
            return True
        ending = re.search(r"[.!?:\n…]", gap)
        return ending is not None and not (ending[0] == "." and self.abbreviated(at - 1))

    def joined(self, at: int) -> bool:
        if at == 0:
            return False
        gap, before, token = self.gap(at), self.tokens[at - 1], self.tokens[at]
        if re.fullmatch(r"[ \u00a0]{1,3}|-|[ ]?&[ ]?", gap):
            return True
        if re.fullmatch(r"\.[ ]?", gap):
            return self.abbreviated(at - 1)
        if gap != "\n" or not self.width:
            return False
        length = before.end - (self.text.rfind("\n", 0, before.end) + 1)
        return length >= 45 and length + token.end - token.start + 8 >= self.width

    def acting(self) -> set[str]:
        verbs: dict[str, set[str]] = {}
        for at in range(len(self.tokens) - 1):
            verb = self.tokens[at + 1].form
            did = verb in lexicon().deeds or (verb.endswith("ed") and len(verb) > 4)
            if self.capital(at) and did and self.gap(at + 1) == " ":
                verbs.setdefault(self.keys[at], set()).add(verb)
        return {name for name, said in verbs.items() if len(said) >= 3}

    def small_too(self, form: str) -> bool:
        return any(t.form == form and self.text[t.start].islower() for t in self.tokens)

    def runs(self) -> Iterator[tuple[int, int]]:
        done = -1
        for at in range(len(self.tokens)):
            if at > done and self.capital(at):
                done = self._last(at)
                yield at, done

    def _last(self, at: int) -> int:
        small = lexicon().particles | lexicon().links
        while not self.possessive(at) or self.keys[at] in lexicon().possessives:
            after = at + 1
            while (
                after < len(self.tokens)
                and after - at <= 3
                and not self.capital(after)
                and self.keys[after] in small
                and self.joined(after)
            ):
                after += 1
            if after >= len(self.tokens) or not (self.capital(after) and self.joined(after)):
                return at
            at = after
        return at

    def pieces(self, other: Collection[int], names: Gazetteer) -> list[tuple[int, int]]:
        """Pieces of runs that may be somebody's name, without the words in `other`."""
        counts = Counter(
            self.keys[at] for at in range(len(self.tokens)) if self.capital(at) and at not in other
        )
        every = (piece for run in self.runs() for piece in self._cut(*run, other))
        return [(a, b) for a, b in every if self._personal(a, b, counts, names)]

    def _cut(self, first: int, last: int, other: Collection[int]) -> Iterator[tuple[int, int]]:
        start = first
        for at in range(first, last + 2):
            ends = (
                at > last
                or at in other
                or not (self.capital(at) or self.keys[at] in lexicon().particles)
            )
            if ends or "&" in self.gap(at) or (at > first and self.possessive(at - 1)):
                a, b = start, at - 1
                while a <= b and (not self.capital(a) or self._opens_only(a)):
                    a += 1
                while b >= a and not self.capital(b):
                    b -= 1
                if a <= b:
                    yield a, b
                start = at + ends

    def _opens_only(self, at: int) -> bool:
        name = self.keys[at]
        return name in lexicon().openers and (self.opens(at) or name in ("i", "the", "a"))

    def _personal(self, a: int, b: int, counts: Counter[str], names: Gazetteer) -> bool:
        known, keys, acting = lexicon(), self.keys, self.acting()
        if a == b:
            somebody = keys[a] in names.given_names or keys[a] in acting
            return somebody and keys[a] not in known.openers and counts[keys[a]] >= 3
        return (
            any(
                k in names.given_names
                or len(k) == 1
                or SLAVIC.search(k) is not None
                or (k in acting and self.capital(at))
                for at, k in enumerate(keys[a : b + 1], a)
            )
            or keys[a] in known.honorifics
            or any(self.tokens[i].form in known.occupations for i in (a - 1, a) if i >= 0)
        )
