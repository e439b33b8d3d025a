"""Do the words and sentences found in many texts at once equal those found one by one?

`words.spans`, `sentences.sentences` and `sentences.paragraphs` say what is right.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import chain

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from balletsearch.analysis import bulk_sentences, words
from balletsearch.analysis.bulk import joined, word_offsets
from balletsearch.analysis.bulk_sentences import sentence_offsets
from balletsearch.analysis.sentences import abbreviation, may_abbreviate, paragraphs, sentences
from examples import examples

SURROGATES = range(0xD800, 0xE000)
HIGHEST = 0x110000

WHITE = (
    " \t\n\n\n\v\f\r\x1c\x85\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}\u2028"
)
INVISIBLE = "\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}\N{ZERO WIDTH JOINER}\N{VARIATION SELECTOR-16}"
MARKS = "\N{COMBINING ACUTE ACCENT}\N{COMBINING CEDILLA}\N{DEVANAGARI SIGN NUKTA}"
ALONE = "天鹅カなบา𠀀"

# One odd character sends a whole text to the slow twin: most alphabets hold none.
WORDLIKE = [
    f"aZ1 {words.APOSTROPHES}",
    f"béßЯёґ𝔖03½²_-/\U0010ffff{words.APOSTROPHES}{WHITE}",
    f"aЯ1 '\N{RIGHT SINGLE QUOTATION MARK}{INVISIBLE}",
    f"aé1 '\N{RIGHT SINGLE QUOTATION MARK}{MARKS}",
    f"ab1 '\N{COMBINING ACUTE ACCENT}\N{SOFT HYPHEN}{ALONE}",
]
SENTENCELIKE = [
    "aAI..  \n",
    "aB1.!?…؟,;:)  \n",
    "aB.!\"'“”‘’„«»‹›()[]{}*_-\N{EM DASH}¿¡  \n",
    "aB.?[]135³†💃\N{VARIATION SELECTOR-16}»   \n",
    f"aB..{WHITE}",
    "aB。！」』”と. \n",
]
PIECES = [
    *("Mme.", "M.", "St.", "etc.", "No.", "op.", "p.m.", "U.S.", "z. B.", "p. ex.", "т. д.", "г."),
    *("I.", "and I.", "by I.", "P. I.", "J. R.", "Jr.", "Mr", "MR.", "VII.", "5.", "3. 5.", "1.2."),
    *("(a)", "The", "He", "A", "Mai", "Masha", "danced", "danced.", "she", "5", "I", "Я.", "VI"),
    *("[3]", "[12]", "»", " »", "« ", "“", "”", "'", ". . .", "...", "?!", "💃", "—", "\n", "\n"),
    *("\n\n", " \n \t\n", "  ", "w" * 30, "x" * 22 + "ed.", "x" * 23 + "e.", "𠀀ed.", "𝅁ed."),
]
TEXT = st.one_of(
    *(st.text(alphabet, max_size=10) for alphabet in WORDLIKE),
    *(st.text(alphabet, max_size=14) for alphabet in SENTENCELIKE),
    st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.text(WHITE, max_size=6),
)
TEXTS = st.lists(TEXT, max_size=6)
many = settings(max_examples=examples(5_000))

AT_THE_EDGES = [
    "",
    " ",
    "\n",
    "a'",
    "'b",
    "a\N{COMBINING ACUTE ACCENT}",
    "",
    "\n\n",
    "b.",
    "”",
    ".",
]


def words_one_by_one(texts: Sequence[str], starts: Sequence[int]) -> list[tuple[int, int]]:
    return [
        (base + s, base + e)
        for base, text in zip(starts, texts, strict=True)
        for s, e in words.spans(text)
    ]


def check_sentences(texts: Sequence[str]) -> None:
    of = joined(texts)
    found = sentence_offsets(of)
    bases = list(zip(of.starts.tolist(), texts, strict=True))
    cut = [base + s for base, text in bases for s, _ in sentences(text)]
    assert found.starts.tolist() == cut
    opened = [base + s for base, text in bases for s, _ in paragraphs(text)]
    assert found.starts[found.opens_paragraph].tolist() == opened


@given(TEXTS)
def test_joined_texts_stand_where_they_are_said_to(texts):
    of = joined(texts)
    places = zip(of.starts.tolist(), of.ends.tolist(), strict=True)
    assert [of.text[s:e] for s, e in places] == texts
    assert "".join(map(chr, of.points.tolist())) == of.text


@many
@given(TEXTS)
@example(AT_THE_EDGES)
@example([])
@example(["1'a", "a'1", "1'1", "a'b'c", "a''b", "a'", "'a"])
def test_words_are_those_of_each_text(texts):
    of = joined(texts)
    starts, ends = word_offsets(of)
    found = list(zip(starts.tolist(), ends.tolist(), strict=True))
    assert found == words_one_by_one(texts, of.starts.tolist())


@many
@given(TEXTS)
@example(AT_THE_EDGES)
@example([])
@example(["", "\n", "He left.\n \n\t\nShe \n", "", "Mr. \n", "\n\n"])
# Marks, an abbreviation and a paragraph at the very beginning.
@example(["! A b."])
@example(["ed. Masha"])
@example(["So did\n\nI. Masha"])
# What follows ends with its paragraph.
@example(["No. I", "went"])
@example(["No. I \n"])
# Code points whose lower sixteen bits are those of a letter.
@example(["see 𝅁ed. Masha"])
def test_sentences_and_paragraphs_are_those_of_each_text(texts):
    check_sentences(texts)


@many
@given(st.lists(st.sampled_from(PIECES), max_size=4).map(" ".join) | st.text("aEd. ", max_size=8))
def test_an_ending_that_rules_abbreviations_out_is_right(text):
    before = text[-24:]
    if len(before) >= 4 and not may_abbreviate(before[-4:]):
        assert abbreviation(before) == ""


@many
@given(st.lists(st.sampled_from([*PIECES, "1995", "(1995)", "ÉD", "éd", "ªd", "ÿed"]), max_size=4))
def test_endings_of_many_full_stops_are_judged_as_each_is(pieces):
    text = " ".join(pieces) + "aI. ed."
    stops = [at for at, character in enumerate(text) if character == "."]
    of = joined([text])
    found = bulk_sentences._may_join(of, np.array(stops, np.int64)).tolist()
    assert found == [at < 4 or may_abbreviate(text[at - 4 : at]) for at in stops]


def near_an_edge(first: int, last: int) -> NDArray[np.bool_]:
    """Which of these code points lie near the beginning or end of a run of the table."""
    near = np.zeros(last - first, np.bool_)
    for edge in chain.from_iterable(chain.from_iterable(words.classes().values())):
        near[max(edge - 200 - first, 0) : max(edge + 200 - first, 0)] = True
    return near


@pytest.mark.parametrize("plane", range(17))
def test_words_are_the_same_for_every_code_point(plane):
    from nltk.tokenize import RegexpTokenizer

    first, last = plane << 16, (plane + 1) << 16
    points = [p for p in range(first, last) if p not in SURROGATES]
    near = near_an_edge(first, last)
    texts = [f"{c}a a{c}b 1{c} a'{c}" for c in (chr(p) for p in points if near[p - first])]
    # The others, which are most, one behind the other.
    of = joined([*texts, f"a{''.join(chr(p) for p in points if not near[p - first])}b"])
    # What stands between two texts is in no word, so one pass over all is one over each.
    slow = np.array(list(words.spans(of.text)), np.int64).reshape(-1, 2)
    starts, ends = word_offsets(of)
    assert np.array_equal(np.stack((starts, ends), 1), slow)
    tokenizer = RegexpTokenizer(words.pattern())
    by_nltk = np.array(list(tokenizer.span_tokenize(of.text)), np.int64).reshape(-1, 2)
    assert np.array_equal(by_nltk, slow)


def test_sentences_are_the_same_for_every_code_point_that_may_matter():
    # Letters without a small form, which are most, take part in no rule: one in fifty will do.
    points = [
        c
        for p in range(HIGHEST)
        if p not in SURROGATES and (not (c := chr(p)).isalnum() or c.islower() or p % 50 == 0)
        if p % 50 == 0 or unicodedata.category(c) not in ("Cn", "Co")
    ]
    of = joined([f"a{c} A.{c} B. {c}b! {c}C{c}. The" for c in points])
    # Between two texts is an empty line, so one pass over all is one over each.
    slow = np.array([s for s, _ in sentences(of.text)], np.int64)
    assert np.array_equal(sentence_offsets(of).starts, slow)


MEGABYTE = 1_000_000


@pytest.mark.parametrize(
    "text",
    [
        "a" * MEGABYTE,
        "." * MEGABYTE,
        "\n" * MEGABYTE,
        " " * MEGABYTE,
        "'" * MEGABYTE,
        "\N{COMBINING ACUTE ACCENT}" * MEGABYTE,
        "。" * MEGABYTE + "」と",
        "He left." + "”" * MEGABYTE + " “She stayed.",
        "He left. " + "“" * MEGABYTE + "She stayed.",
        "He left." + " " * MEGABYTE + "She stayed.",
        "He left." + "\n" * MEGABYTE + "She stayed.",
        "He left.\n" + " " * MEGABYTE + "\nShe stayed.",
        "He left." + "[1]" * (MEGABYTE // 3) + " She stayed.",
        "He left. " + "💃" * MEGABYTE + " She stayed.",
        "a'" * (MEGABYTE // 2),
        ". " * (MEGABYTE // 8),
        " \n" * (MEGABYTE // 2) + "a",
    ],
    ids=lambda text: f"{text[:10]!a} to {text[-10:]!a}",
)
def test_long_runs_come_to_an_end(text):
    # One step per character and run, or one per character of each run, never finished here.
    check_sentences([text, "He left. She stayed.", ""])
    of = joined([text])
    starts, ends = word_offsets(of)
    assert list(zip(starts.tolist(), ends.tolist(), strict=True)) == list(words.spans(text))
