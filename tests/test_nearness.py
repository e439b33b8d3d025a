"""Are the neighbours of a word those that measuring every text would give?"""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from balletsearch.columns.nearness import OFTEN, Spellings, signature, signatures
from balletsearch.columns.texts import texts_of

texts = st.text(st.sampled_from("abcdeй字z"), max_size=8) | st.text(max_size=5)


class Held:
    """An array as a container holds it."""

    def __init__(self, array):
        self._array = array

    def all(self):
        return self._array


@given(st.lists(texts, max_size=20), st.integers(250, 300))
def test_one_text_has_the_signature_that_it_has_among_many(many, long):
    many = [*many, "a" * long]
    letters, sizes = signatures(texts_of(t.encode() for t in many))
    assert [signature(t) for t in many] == list(zip(letters.tolist(), sizes.tolist(), strict=True))


@given(
    st.lists(texts, unique=True, max_size=40),
    st.lists(texts, min_size=1),
    st.sampled_from([0, 1, 2]),
)
def test_neighbours_are_found_as_by_measuring_all(table, asked, most):
    table = [*table, "a" * 256, "a" * 300]
    letters, sizes = signatures(texts_of(t.encode() for t in table))
    spellings = Spellings(texts_of(t.encode() for t in table), Held(letters), Held(sizes))
    # Again once all texts were cut apart.
    for text in [*asked, "a" * 255, "a" * 301, *["a" * 255] * OFTEN, *asked]:
        expected = {
            i: distance
            for i, other in enumerate(table)
            if (distance := OSA.distance(text, other)) <= most
        }
        numbers, distances = spellings.near(text, most)
        assert np.all(numbers[1:] > numbers[:-1])
        assert dict(zip(numbers.tolist(), distances.tolist(), strict=True)) == expected
