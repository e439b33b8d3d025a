"""What are the words of a text, and which of them are the same word?"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balletsearch import analysis
from balletsearch.analysis import folding, words
from balletsearch.analysis.sentences import abbreviation, sentences
from balletsearch.analysis.stemming import LANGUAGES

CASES = Path(__file__).parent / "cases"


def cases(name: str) -> list[dict[str, object]]:
    return list(tomllib.loads((CASES / name).read_text("utf-8"))["case"])


@pytest.mark.parametrize("case", cases("words.toml"), ids=lambda c: c["why"])
def test_text_is_cut_into_the_forms_that_a_reader_would_name(case):
    text = unicodedata.normalize("NFC", case["text"])
    assert [token.form for token in analysis.cut(text)] == case["forms"]


@pytest.mark.parametrize("case", cases("sentences.toml"), ids=lambda c: c["why"])
def test_text_is_cut_into_sentences(case):
    text = case.get("text", " ".join(case["parts"]))
    assert [text[s:e] for s, e in sentences(text)] == case["parts"]


def test_each_line_of_the_abbreviations_has_a_kind_and_no_word_has_two():
    kinds = ("before", "last", "number", "opens", "ordinal")
    found: dict[str, set[str]] = {}
    for line in files(analysis).joinpath("data/abbreviations.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, _, listed = line.partition(": ")
            assert kind in kinds
            # What stands before a full stop and what comes after it are two questions.
            question = "after" if kind in ("opens", "ordinal") else "before"
            for word in listed.split():
                found.setdefault(f"{question} {word.casefold()}", set()).add(kind)
    assert {word for word, kinds in found.items() if len(kinds) > 1} == set()


@pytest.mark.parametrize(
    ("before", "kind"),
    [
        ("Mr", "before"),
        ("Mr\n", "before"),
        ("on the 3", "ordinal"),
        ("on the 3\n", "ordinal"),
        ("x\n3.1", "before"),
        ("5. 3", "before"),
        ("(a", "before"),
        ("XIV", "before"),
        ("in 1909", ""),
        ("swan)", ""),
        ("swan!", ""),
        ("", ""),
    ],
)
def test_what_stands_before_a_full_stop_says_of_which_kind_it_is(before, kind):
    assert abbreviation(before) == kind


@given(st.text(max_size=200))
def test_every_word_lies_in_exactly_one_sentence(text):
    ends = list(sentences(text))
    assert all(a[1] <= b[0] for a, b in pairwise(ends))
    for start, end in words.spans(text):
        assert sum(s <= start and end <= e for s, e in ends) == 1


@given(st.text(max_size=80))
def test_the_tokenizer_of_nltk_cuts_as_ours_does(text):
    from nltk.tokenize import RegexpTokenizer

    tokenizer = RegexpTokenizer(words.pattern())
    assert list(tokenizer.span_tokenize(text)) == list(words.spans(text))


def characters(*ranges):
    return st.one_of(st.characters(min_codepoint=low, max_codepoint=high) for low, high in ranges)


@given(
    st.text(alphabet=characters((0, 0x7F)), max_size=80)
    | st.text(alphabet=characters((0, 0x24F), (0x2000, 0x206F)), max_size=80)
    | st.text(alphabet=characters((0, 0x52F), (0x4E00, 0x4FFF)), max_size=80)
)
def test_the_short_patterns_cut_as_the_whole_one_does(text):
    whole = [m.span() for m in re.finditer(words.pattern(), text)]
    assert list(words.spans(text)) == whole


@given(st.text(max_size=60))
def test_a_form_is_its_own_form_and_folds_to_itself(text):
    for token in analysis.cut(unicodedata.normalize("NFC", text)):
        folded = analysis.fold(token.form)
        assert words.form(token.form) == token.form
        assert analysis.fold(folded) == folded


@given(st.text(max_size=20) | st.text(alphabet=st.characters(max_codepoint=0x30F), max_size=20))
def test_letters_folded_by_themselves_fold_as_the_text_does(text):
    assert analysis.fold(text) == (text if text.isascii() else folding._folded(text))


def test_nothing_that_vanishes_is_printable():
    # So a form that is printable holds nothing that its form goes without.
    ranges = words.classes()["I"]
    vanishing = [chr(c) for first, last in ranges for c in range(first, last + 1)]
    assert not any(c.isprintable() for c in vanishing)
    assert all(words.form(f"é{c}t{c}É{c}") == "été" for c in vanishing)


def test_every_latin_letter_folds_as_a_text_does():
    for letter in map(chr, range(0x80, 0x300)):
        assert analysis.fold(letter) == folding._folded(letter)


@given(st.text(max_size=60))
def test_composed_and_decomposed_text_have_the_same_words(text):
    composed, decomposed = (unicodedata.normalize(f, text) for f in ("NFC", "NFD"))
    assert [t.form for t in analysis.cut(composed)] == [t.form for t in analysis.cut(decomposed)]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@given(text=st.text(max_size=30))
def test_no_word_is_too_odd_for_a_stemmer(language, text):
    for token in analysis.cut(text):
        assert analysis.stem(token.form, language)


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("dancing", "danced", "en"),
        ("moscow's", "moscow", "en"),
        ("plié", "pliés", "en"),
        ("l'opéra", "opéra", "fr"),
        ("l'opéra", "opera", "en"),
        ("балерина", "балерины", "ru"),
        ("étoiles", "étoile", "fr"),
    ],
)
def test_forms_of_one_word_share_a_stem(one, other, language):
    assert analysis.stem(one, language) == analysis.stem(other, language)


@pytest.mark.parametrize(
    ("form", "folded"),
    [
        ("plié", "plie"),
        ("łódź", "lodz"),
        ("čajkovskij", "cajkovskij"),
        ("ёлка", "елка"),
        ("чайковский", "чайковский"),
        ("ὀδύσσεια", "οδυσσεια"),
        ("mariïnsky", "mariinsky"),
        ("sørensen", "sorensen"),
        ("æther", "aether"),
    ],
)
def test_accents_are_dropped_where_they_are_accents(form, folded):
    assert analysis.fold(form) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kalmurzaev", "kalmurzaeva"),
        ("pavlov", "pavlova"),
        ("karsavin", "karsavina"),
        ("plisetsky", "plisetskaya"),
        ("nijinsky", "nijinska"),
        ("трубецкой", "трубецкая"),
        ("павлов", "павлова"),
    ],
)
def test_both_genders_of_a_surname_share_a_key(one, other):
    assert analysis.surname_key(one) == analysis.surname_key(other)


@pytest.mark.parametrize("name", ["nina", "eva", "anna", "smith", "fonteyn", "dina"])
def test_a_surname_key_leaves_other_names_alone(name):
    assert analysis.surname_key(name) == name


def test_the_fingerprint_depends_on_the_languages_and_not_on_their_order():
    assert analysis.fingerprint(["en"]) != analysis.fingerprint(["en", "fr"])
    assert analysis.fingerprint(["fr", "en"]) == analysis.fingerprint(["en", "fr"])


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("English", "en"),
        ("en-GB", "en"),
        ("pt_BR", "pt"),
        ("fr", "fr"),
        ("Russian", "ru"),
        ("xx", "xx"),
        ("Français", "fr"),
        ("FRANC\N{COMBINING CEDILLA}AIS", "fr"),
        ("francais", "fr"),
        ("Русский", "ru"),
        ("Deutsch", "de"),
        ("español", "es"),
        ("castellano", "es"),
        ("italiano", "it"),
        ("Português", "pt"),
        ("nynorsk", "no"),
    ],
)
def test_languages_are_known_by_code_name_or_locale(name, code):
    assert analysis.language_code(name) == code


def test_every_language_but_english_has_a_name_of_its_own():
    native = "dansk deutsch español suomi français magyar italiano nederlands norsk português "
    codes = {analysis.language_code(name) for name in f"{native} română русский svenska".split()}
    assert codes == set(analysis.LANGUAGES) - {"en"}


def test_the_short_patterns_know_each_code_point_that_they_are_for():
    for code in (*range(0x3000), *range(0x1D400, 0x1D800), 0x10FFFF):
        text = f"a{chr(code)}b {chr(code)} \N{LATIN SMALL LETTER E WITH ACUTE}"
        assert list(words.spans(text)) == [m.span() for m in re.finditer(words.pattern(), text)]


@pytest.mark.parametrize(
    "text",
    [
        "a" + " " * 200_000 + "b",
        "." * 100_000,
        "!" * 100_000 + " a",
        "a" + "\N{NO-BREAK SPACE}\n" * 50_000,
    ],
    ids=["spaces", "dots", "marks", "blank lines"],
)
def test_odd_runs_are_cut_at_once(text):
    # Each took from seconds to minutes with patterns that give back what they took.
    assert len(list(sentences(text))) <= 2
