"""Do patterns tried on all words at once find what they find word by word, and end soon?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balletsearch import QueryError, parse
from balletsearch.query.nodes import Regex, Wildcard
from balletsearch.query.patterns import Pattern, fault
from brute_force_windows import looks_so

WORDS = ("swan", "swans", "etoile", "a", "b", "ab", "aa", "moscow's", "первый", "12", "天", "aex")
LINES = "\n".join(WORDS).encode()


def at_once(pattern: Pattern) -> list[str]:
    starts = list(pattern.among(LINES))
    return [LINES[start:].split(b"\n")[0].decode() for start in starts]


def one_by_one(pattern: Pattern) -> list[str]:
    return [word for word in WORDS if pattern.matches(word)]


pieces = st.sampled_from(
    [
        *("a", "b", "swan", ".", "^", "$", "|", r"\A", r"\z", r"\b", r"\B", r"\s", r"\S", r"\W"),
        *(r"\D", r"\d", r"\pL", r"\PL", r"\P{Cyrillic}", "[^a]", "[^a-z]", r"[^\w]", r"[\s\S]"),
        *("[[:^alpha:]]", "é", "[éœ]", "[^é]", r"\Q.*\E", r"\n", "\n", r"\x0a", r"\x{61}", "'"),
        *(
            "(?s).",
            "(?-m)",
            "(?i)",
            "(?m)",
            "(?U)",
            "(?P<n>",
            "(",
            "(?:",
            ")",
            "*",
            "+",
            "?",
            "{2}",
        ),
        *("*?", r"\\", "/", "]", "[", "天"),
    ]
)


@given(st.lists(pieces, max_size=6).map("".join))
def test_a_pattern_means_the_same_for_all_words_at_once_and_for_one(text):
    if fault(text) is not None:
        with pytest.raises(QueryError):
            Pattern(Regex(text))
        return
    pattern = Pattern(Regex(text))
    assert at_once(pattern) == one_by_one(pattern)


@given(st.text(alphabet="ab*?né", max_size=6))
def test_wildcards_mean_the_same_for_all_words_at_once_and_for_one(text):
    pattern = Pattern(Wildcard(text))
    expected = [word for word in WORDS if looks_so(text.replace("é", "e"), word)]
    assert at_once(pattern) == one_by_one(pattern) == expected
    assert all(word.startswith(pattern.begins) for word in expected)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("[Éœ]t?.*", ["etoile"], id="a class of letters with accents"),
        pytest.param("a[œé]x", ["aex"], id="a letter of a class that folds to two"),
        pytest.param("[^é]{2}", ["ab", "aa", "12"], id="all but a letter"),
        pytest.param("[А-Яё]+", ["первый"], id="a range in capitals"),
        pytest.param(r"\QSWAN\E", ["swan"], id="quoted letters"),
        pytest.param("a||b", ["a", "b"], id="an empty alternative is no word"),
        pytest.param("(?-i)SWAN", ["swan"], id="words are folded whatever a pattern wants"),
    ],
)
def test_letters_of_a_pattern_are_folded_as_words_are(text, found):
    assert at_once(Pattern(Regex(text))) == found


def test_no_words_have_no_line():
    assert list(Pattern(Regex("a*")).among(b"")) == []


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        pytest.param("a(?=b)", (1, 4), "look ahead", id="ahead"),
        pytest.param("(?<!a)b", (0, 4), "behind", id="behind"),
        pytest.param(r"(a)\1", (3, 5), "refer back", id="back"),
        pytest.param(r"a\C", (1, 3), "half a character", id="bytes"),
        pytest.param("ab[z-a]", (3, 6), "z-a", id="a range the wrong way round"),
        pytest.param("a)|(b", (0, 5), "unexpected", id="brackets the wrong way round"),
        pytest.param("ab**", (2, 4), "repetition", id="twice repeated"),
        pytest.param("(((a{99}){99}){99})", None, "repetition", id="far too large"),
        pytest.param("\ud800", (0, 1), "half a character", id="half of a pair"),
    ],
)
def test_what_a_pattern_cannot_be_is_told_with_its_place(text, place, said):
    found = fault(text)
    assert found is not None
    assert said in found.message
    assert place is None or (found.start, found.end) == place


def test_a_pattern_that_makes_others_backtrack_is_answered():
    # With backtracking this takes longer than the universe is old.
    lines = b"\n".join([b"a" * 5_000 + b"!", b"a" * 200])
    assert list(Pattern(Regex("(a+)+$")).among(lines)) == [5_002]
    query = parse("/(a+)+$/ swan")
    assert not query.problems


@pytest.mark.parametrize("sign", ["a*?", "swan-*-", '"*a" ', "/a/ OR "])
def test_signs_in_any_number_are_read_in_one_pass(sign):
    found = str(parse(sign * 900).tree)
    assert found.count("a") == 900


@pytest.mark.parametrize("sign", ["*", "?", "-*", "/" + "[" * 100])
def test_signs_that_mean_nothing_are_refused_in_any_number(sign):
    # Looking back and forth between them took minutes.
    with pytest.raises(QueryError):
        parse(sign * (9_000 // len(sign)))
