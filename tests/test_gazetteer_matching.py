"""Are names found as whole words, written as names, and the longest of those that overlap?"""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balletsearch import gazetteer
from balletsearch.analysis import cut
from balletsearch.gazetteer import CutText, Gazetteer, leftmost_longest
from balletsearch.gazetteer.patterns import compiled

OWN = """
[work]
"The Glass Heron" = {}
"Heron" = {}
"Glass Heron Suite" = {}
"Anya's Bells" = {}
[role]
"Anya" = {}
[place]
"Europe/Ruritania/St. Quill" = {}
"Europe/Ruritania" = {}
[company]
"Ruritania Dance Marsh" = {}
[term]
"quillé" = {also = ["quillés"]}
""".replace('"Heron" = {}', '"Heron" = {roles = ["Anya"]}')


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    path: Path = tmp_path_factory.mktemp("gazetteer") / "own.toml"
    path.write_text(OWN, "utf-8")
    return gazetteer.load((path,))


def found(names: Gazetteer, text: str) -> list[str]:
    return [o.canonical for o in names.find(text) if o.entry.file.endswith("own.toml")]


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("The Glass Heron", ["The Glass Heron"], "the whole name"),
        ("THE GLASS HERON", ["The Glass Heron"], "in a line of capitals"),
        ("in the Glass Heron", ["The Glass Heron"], "an article may be small"),
        ("the glass heron", [], "the rest may not"),
        ("a heron, the Herons", [], "whole words, with their capitals"),
        ("the Glass Heron Suite", ["The Glass Heron"], "the leftmost of two that overlap"),
        ("Glass Heron Suite", ["Glass Heron Suite"], "the longest from one place"),
        ("Glass Heron Suites", ["Heron"], "a long name that fails hides no short one"),
        ("The Glass. Heron", ["Heron"], "no name runs over the end of a sentence"),
        ("The Glass\nHeron", ["The Glass Heron"], "a name may be wrapped"),
        ("The Glass\n\nHeron", ["Heron"], "but not over an empty line"),
        ("Heron’s wings, Heron's wings", ["Heron", "Heron"], "a possessive counts"),
        ("Anya’s Bells", ["Anya's Bells"], "and belongs to a name that has one"),
        ("Anya Bells", ["Anya"], "where the name has it the text must too"),
        ("St. Quill and St Quill", ["Europe/Ruritania/St. Quill"] * 2, "dots of a name"),
        ("the Ruritania Dance Marsh", ["Ruritania Dance Marsh"], "no place within a company"),
        ("QUILLÉS and quille", ["quillé", "quillé"], "terms without case and accents"),
        ("Glass-Heron-Suite", ["Glass Heron Suite"], "hyphens are as good as spaces"),
        ("", [], "nothing in nothing"),
    ],
)
def test_a_name_is_found_where_it_is_written(
    names: Gazetteer, text: str, expected: list[str], why: str
) -> None:
    assert found(names, text) == expected, why


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_offsets_are_those_of_the_name_without_its_possessive(names: Gazetteer, form: str) -> None:
    text = unicodedata.normalize(form, "Ébloui by Heron’s wings")  # type: ignore[arg-type]
    (heron,) = (o for o in names.find(text) if o.canonical == "Heron")
    assert text[heron.start : heron.end] == "Heron"
    assert (heron.first, heron.last) == (2, 2)


def test_a_name_hidden_by_a_longer_one_is_not_found_but_the_same_words_are(
    names: Gazetteer,
) -> None:
    text = "Ruritania Dance Marsh"
    assert [o.canonical for o in names.find(text, shields=[(0, 2)])] == ["Ruritania Dance Marsh"]
    assert names.find("Ruritania Times", shields=[(0, 1)]) == []


_WORDS = st.sampled_from(
    [
        "The",
        "the",
        "Glass",
        "Heron",
        "Heron's",
        "Suite",
        "Anya's",
        "Bells",
        "Anya",
        "St",
        "Quill",
        "Ruritania",
        "Dance",
        "Marsh",
        "quillés",
        ".",
        "and",
    ]
)


@given(st.lists(_WORDS, max_size=20))
def test_occurrences_never_overlap_and_leave_out_nothing_that_would_fit(
    names: Gazetteer, words: list[str]
) -> None:
    text = " ".join(words)
    tokens = cut(text)
    occurrences = names.find(text, tokens)
    taken = [at for o in {(o.first, o.last): o for o in occurrences}.values()
             for at in range(o.first, o.last + 1)]  # fmt: skip
    assert len(taken) == len(set(taken))
    of = CutText(text, tokens)
    for candidate in names.candidates(of, range(len(tokens))):
        assert set(range(candidate.first, candidate.last + 1)) & set(taken)
    assert leftmost_longest(occurrences) == occurrences


@given(st.lists(_WORDS, max_size=20))
def test_looking_by_one_word_of_each_name_finds_what_trying_them_all_everywhere_does(
    names: Gazetteer, words: list[str]
) -> None:
    text = " ".join(words)
    of = CutText(text, cut(text))
    own = [entry for entry in names.entries if entry.file.endswith("own.toml")]
    tried = {
        (entry.kind, entry.name, first, first + len(pattern.words) - 1)
        for entry in own
        for pattern in compiled(entry)
        for first in range(len(of.keys))
        if pattern.fits(of, first)
    }
    found = names.candidates(of, range(len(of.keys)))
    assert {(o.kind, o.canonical, o.first, o.last) for o in found if o.entry in own} == tried
