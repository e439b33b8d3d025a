"""Which number has a word of the text, and what is known of it?

Every distinct spelling is looked at once: when it first comes it gets a number, its form, its
folded form and its stem; after that a word costs a look into a table of hashes. New words are
learnt together: of those in ASCII, which most are, the form is a table of 128 letters away.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from balletsearch.analysis import fold, form
from balletsearch.analysis.bulk import Ints, Joined
from balletsearch.analysis.bulk_stemming import stems
from balletsearch.columns.hashing import HashTable, hashes, salts, word_hashes
from balletsearch.columns.lexicon import Lexicon
from balletsearch.columns.postings import ragged
from balletsearch.columns.texts import Texts, joined_texts, texts_of

__all__ = ["Vocabulary"]

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]

_LOWER: Final = np.frombuffer(bytes(range(256)).lower(), np.uint8)


class _New(NamedTuple):
    """Spellings that were never met: their forms, and languages; in the order `order`."""

    order: Ints
    surfaces: Texts
    forms: Texts
    languages: U8


class Vocabulary:
    """All words that came so far, in languages given by their codes, the usual one first."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.languages = languages
        self.lexicon = Lexicon()
        self._surfaces, self._entries = HashTable(), HashTable()
        # One for words of single bytes, one for wide ones, one for forms; of each language.
        self._narrow, self._wide, self._forms = salts(3 * len(languages)).reshape(3, -1)

    def numbers(self, of: Joined, starts: Ints, ends: Ints, languages: U8, keys: U64) -> U32:
        """The numbers of words, given by their offsets, each in a language of the vocabulary.

        `keys` are what :meth:`keys` gives for them.
        """

        def learn(at: Ints) -> U32:
            new = _looked_at(of, starts[at], ends[at], languages[at])
            numbers = np.empty(at.size, np.uint32)
            numbers[new.order] = self.lexicon.add_surfaces(new.surfaces, self._entries_of(new))
            return numbers

        return self._surfaces.learnt(keys, learn)

    def keys(self, of: Joined, starts: Ints, ends: Ints, languages: U8) -> U64:
        """A hash of each word. Any thread may ask for it, at any time."""
        return word_hashes(of, starts, ends, self._narrow[languages], self._wide[languages])

    def _entries_of(self, new: _New) -> NDArray[np.int64]:
        """The entries of new spellings, made where they are new too."""
        forms = new.forms

        def learn(at: Ints) -> NDArray[np.int64]:
            return self.lexicon.add_entries(*self._told(forms.take(at), new.languages[at])) + 1

        keys = hashes(forms.data, forms.at[:-1], forms.at[1:], self._forms[new.languages])
        return self._entries.learnt(keys, learn).astype(np.int64) - 1

    def _told(self, forms: Texts, languages: U8) -> tuple[Texts, Texts, Texts, U8]:
        """Forms, their folded forms, their folded stems, and languages."""
        texts = forms.decoded()
        # Folding changes no letter of ASCII.
        odd = np.flatnonzero(~forms.are_ascii())
        exact = np.arange(len(forms))
        exact[odd] = len(forms) + np.arange(odd.size)
        exacts = joined_texts([forms, _texts([fold(texts[i]) for i in odd.tolist()])])
        return forms, exacts.take(exact), _texts(self._stems(texts, languages)), languages

    def _stems(self, texts: list[str], languages: U8) -> list[str]:
        present = np.flatnonzero(np.bincount(languages)).tolist()
        if len(present) == 1:
            return stems(texts, self.languages[present[0]])
        found = [""] * len(texts)
        for language in present:
            these = np.flatnonzero(languages == language).tolist()
            stemmed = stems([texts[i] for i in these], self.languages[language])
            for i, stem in zip(these, stemmed, strict=True):
                found[i] = stem
        return found


def _texts(texts: list[str]) -> Texts:
    return texts_of(map(str.encode, texts))


def _looked_at(of: Joined, starts: Ints, ends: Ints, languages: U8) -> _New:
    """Spellings in ASCII, then the others."""
    lengths = ends - starts
    letters = of.points[ragged(starts, lengths)]
    at = np.cumsum(lengths) - lengths
    plain = np.maximum.reduceat(letters, at) < 0x80
    rest = np.flatnonzero(~plain).tolist()
    data = letters[np.repeat(plain, lengths)].astype(np.uint8)
    ends_at = np.append(0, np.cumsum(lengths[plain]))
    texts = [of.text[starts[i] : ends[i]] for i in rest]
    order = np.concatenate((np.flatnonzero(plain), np.array(rest, np.int64)))
    return _New(
        order,
        joined_texts([Texts(data, ends_at), _texts(texts)]),
        joined_texts([Texts(_LOWER[data], ends_at), _texts(list(map(form, texts)))]),
        languages[order],
    )
