"""Do texts in arrays do what lists of them do, and does a table of hashes keep what it is given?"""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from balletsearch.columns import hashing
from balletsearch.columns.hashing import HashTable, hash_of, hashes, salts
from balletsearch.columns.lexicon import apostrophes, possessors
from balletsearch.columns.texts import GrowingTexts, Texts, joined_texts, ranked, texts_of

# Few letters and lengths about eight, so that many texts share their first bytes.
WORD = st.text("ab'és\N{OLD PERMIC LETTER AN}", max_size=20) | st.sampled_from(
    ["a" * n for n in (7, 8, 9, 15, 16, 17, 300)]
)
WORDS = st.lists(WORD.map(str.encode), max_size=30)


@given(WORDS)
def test_texts_are_those_that_were_given(words):
    texts = texts_of(words)
    assert len(texts) == len(words)
    assert texts.each() == words
    assert [texts.one(i) for i in range(len(words))] == words
    assert texts.decoded() == [word.decode() for word in words]
    assert texts.are_ascii().tolist() == [word.isascii() for word in words]


@given(WORDS, st.data())
def test_some_of_the_texts(words, data):
    which = data.draw(st.lists(st.integers(0, len(words) - 1), max_size=40)) if words else []
    found = texts_of(words).take(np.array(which, np.int64))
    assert found.each() == [words[i] for i in which]


@given(st.lists(WORDS, max_size=4))
def test_texts_behind_one_another(lists):
    together = [word for words in lists for word in words]
    assert joined_texts([texts_of(words) for words in lists]).each() == together
    growing = GrowingTexts()
    for words in lists:
        growing.add(texts_of(words))
    assert len(growing) == len(together)
    assert growing.whole().each() == together


@given(WORDS)
@example([b"b" * 8, b"b" * 9, b"b" * 8, b"b" * 16 + b"c", b"b" * 16])
def test_ranks_are_those_of_sorting(words):
    order, number = ranked(texts_of(words))
    assert order.tolist() == sorted(range(len(words)), key=words.__getitem__)
    unique = sorted(set(words))
    assert [unique[i] for i in number.tolist()] == words


ODD = st.integers(0, (1 << 63) - 1).map(lambda n: 2 * n + 1)


@given(WORDS)
def test_possessives_belong_to_what_is_there(words):
    texts = sorted(set(words))
    known = {text: i for i, text in enumerate(texts)}
    expected = [
        known.get(text[:-2], i) if text.endswith(b"'s") and b"'" not in text[:-2] else i
        for i, text in enumerate(texts)
    ]
    found = texts_of(texts)
    assert possessors(found, apostrophes(found)).tolist() == expected


def hashed(texts: Texts, salt: np.uint64) -> list[int]:
    found: list[int] = hashes(texts.data, texts.at[:-1], texts.at[1:], salt).tolist()
    return found


@given(WORDS)
@example([b"xxxxxxx\x61xxx\x61", b"xxxxxxx\xe1xxx\xe1"])  # nothing is lost from a highest bit
@example([b"x" * 256 + b"a", b"x" * 256 + b"b", b"x" * 300, b"x" * 301])
def test_equal_texts_and_no_others_have_equal_hashes(words):
    one, other = salts(2)
    found = hashed(texts_of(words), one)
    assert len(set(zip(found, words, strict=True))) == len(set(words)) == len(set(found))
    assert not words or set(found).isdisjoint(hashed(texts_of(words), other))


@given(WORDS, st.integers(0, (1 << 64) - 1), st.tuples(ODD, ODD))
@example([b"x" * n for n in (0, 7, 8, 9, 255, 256, 257, 300)], 5, (3, 7))
def test_the_hash_of_one_text_is_that_of_the_array(words, salt, odd):
    texts, factors = texts_of(words), np.array(odd, np.uint64)
    found = hashes(texts.data, texts.at[:-1], texts.at[1:], np.uint64(salt), factors)
    assert found.tolist() == [hash_of(word, salt, factors) for word in words]


@given(st.lists(st.lists(st.integers(1, 40), unique=True), max_size=5), st.booleans())
def test_a_table_finds_what_was_inserted_and_nothing_else(batches, crowded):
    # The upper bits say where a hash is looked for: those that share them stand in a row.
    spread = 1 if crowded else 1 << 57
    table = HashTable(bits=2)
    known: dict[int, int] = {}
    for batch in batches:
        fresh = [key for key in batch if key not in known]
        numbers = list(range(len(known) + 1, len(known) + len(fresh) + 1))
        table.insert(np.array(fresh, np.uint64) * np.uint64(spread), np.array(numbers, np.uint32))
        known.update(zip(fresh, numbers, strict=True))
        asked = np.arange(1, 45, dtype=np.uint64)
        found = table.find(asked * np.uint64(spread)).tolist()
        assert found == [known.get(key, 0) for key in asked.tolist()]


@given(st.lists(st.integers(1, 12), max_size=40), st.integers(1, 5))
def test_every_new_hash_is_learnt_once_where_it_first_comes(keys, at_once):
    table, told = HashTable(bits=2), []
    table.insert(np.array([3, 5], np.uint64), np.array([1, 2], np.uint32))

    def learn(at):
        told.extend(at.tolist())
        return np.arange(len(told) - at.size + 3, len(told) + 3)

    with patch.object(hashing, "AT_ONCE", at_once):
        found = table.learnt(np.array(keys, np.uint64), learn).tolist()
    new = list(dict.fromkeys(key for key in keys if key not in (3, 5)))
    assert told == [keys.index(key) for key in new]
    numbers = {3: 1, 5: 2} | {key: number for number, key in enumerate(new, 3)}
    assert found == [numbers[key] for key in keys]
