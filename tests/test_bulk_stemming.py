"""Are the stems of many forms at once those of `stemming.stem`, one by one?"""

from __future__ import annotations

import gzip
import json
import os
import random
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import islice, product
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from balletsearch import Library, Story
from balletsearch.analysis import bulk_stemming, cut
from balletsearch.analysis.bulk_stemming import stems
from balletsearch.analysis.stemming import LANGUAGES, stem
from balletsearch.engines.columns import vocabulary

CASES = tomllib.loads((Path(__file__).parent / "cases" / "stemming.toml").read_text("utf-8"))
ALL = [form for case in CASES["case"] for form in case["forms"]] + ["\ud800ing", "dancer\udfff"]

SUFFIXES, BEGINNINGS, SPECIAL = (
    CASES["pieces"][name].split() for name in ("suffixes", "beginnings", "special")
)


def one_by_one(forms: list[str], language: str) -> list[str]:
    return [stem(form, language) for form in forms]


letters = st.text("aeyblsté't", max_size=5)
suffixes = st.lists(st.sampled_from(SUFFIXES), max_size=3).map("".join)
forms = st.one_of(
    st.builds(str.__add__, st.sampled_from(BEGINNINGS) | letters, suffixes),
    st.builds(str.__add__, letters, st.sampled_from(SPECIAL) | st.sampled_from(SUFFIXES)),
    st.text("aby'", max_size=7),
    st.text("aeioubcdlnstyY1é'’\n ", max_size=9),
    st.sampled_from(ALL + SPECIAL),
)


@given(st.lists(forms, max_size=12), st.sampled_from(["en", "en", "en", *sorted(LANGUAGES), "xx"]))
@example([], "en")
@example(["", ""], "en")
def test_stems_of_many_are_those_of_each(many, language):
    assert stems(many, language) == one_by_one(many, language)


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["why"])
def test_stems_of_odd_forms_are_those_of_each(case):
    assert stems(case["forms"], "en") == one_by_one(case["forms"], "en")
    for form in case["forms"]:
        assert stems([form], "en") == [stem(form, "en")]


@pytest.mark.parametrize("language", sorted({*LANGUAGES, "ca", "xx"}))
def test_other_languages_are_stemmed_too(language):
    many = ["l'opéra", "étoiles", "балерины", "schwäne", "danzando", "dancing", *ALL]
    assert stems(many, language) == one_by_one(many, language)


def test_every_suffix_after_every_beginning_and_another_suffix():
    between = ["", *(s for s in SUFFIXES if s.isalpha())]
    many = SPECIAL + ["".join(parts) for parts in product(BEGINNINGS, between, SUFFIXES)]
    many = random.Random(7).sample(many, len(many) // 2)
    found = stems(many, "en")
    assert len(found) == len(many)
    pairs = zip(many, found, strict=True)
    assert [(f, s, stem(f, "en")) for f, s in pairs if s != stem(f, "en")] == []
    assert stems(SPECIAL, "en") == one_by_one(SPECIAL, "en")


def forms_of(home: Path, collection: str, limit: int) -> Iterator[str]:
    with gzip.open(home / collection / "docs.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in islice(file, limit):
            story = json.loads(line)
            for text in (story["title"], story["text"]):
                yield from (token.form for token in cut(text))


@pytest.mark.parametrize(
    ("collection", "limit"), [("ballet_sections", 2000), ("novels_passages", 6000)]
)
def test_the_words_of_collections_have_the_stems_of_each(collection, limit):
    home = os.environ.get("BALLETSEARCH_DATA")
    if not home:
        pytest.skip("BALLETSEARCH_DATA does not name the folder of test collections.")
    many = list(dict.fromkeys(forms_of(Path(home), collection, limit)))
    assert len(many) > 20_000
    pairs = zip(many, stems(many, "en"), strict=True)
    assert [(f, s, stem(f, "en")) for f, s in pairs if s != stem(f, "en")] == []


@pytest.fixture
def unknown_version(monkeypatch):
    monkeypatch.setattr(bulk_stemming, "nltk_version", lambda: "4.0")
    bulk_stemming._as_nltk_does.cache_clear()
    yield
    bulk_stemming._as_nltk_does.cache_clear()


def test_the_nltk_of_this_place_stems_as_we_do(unknown_version):
    assert bulk_stemming._as_nltk_does()


@pytest.mark.parametrize("form", ["hopping", "relational", "orientable", "general", "only"])
def test_an_nltk_that_stems_otherwise_is_followed(monkeypatch, unknown_version, form):
    def otherwise(one: str, language: str) -> str:
        return "otherwise" if one == form else stem(one, language)

    monkeypatch.setattr(bulk_stemming, "stem", otherwise)
    assert stems(["dancing", form], "en") == ["danc", "otherwise"]


def test_english_needs_no_nltk():
    if bulk_stemming.nltk_version() not in bulk_stemming._COMPARED_WITH:
        pytest.skip("This version of NLTK is compared with ours first, which imports it.")
    code = (
        "import sys\n"
        "from balletsearch.analysis.bulk_stemming import stems\n"
        "assert stems(['dancing', 'pliés', 'only', \"l'opéra\"], 'en')[0] == 'danc'\n"
        "assert 'nltk' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_form_is_stemmed_when_it_first_comes_and_never_again(tmp_path, monkeypatch):
    stemmed: list[str] = []
    real = vocabulary.stems

    def noted(forms, language):
        stemmed.extend(forms)
        return real(forms, language)

    monkeypatch.setattr(vocabulary, "stems", noted)
    with Library.open(tmp_path / "index") as library:
        library.add(Story("a", "Swans danced, swans DANCED; Swans!"), Story("b", "Swans dance."))
    assert {"swans", "danced", "dance"} <= set(stemmed)
    assert len(stemmed) == len(set(stemmed))
