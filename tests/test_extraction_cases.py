"""Does extraction see what a reader sees? Cases as data, and measured on real biographies."""

from __future__ import annotations

import gzip
import json
import os
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balletsearch import gazetteer
from balletsearch.analysis import cut, fold
from balletsearch.extraction import Extractor, Request
from balletsearch.fields import FIELDS
from balletsearch.model import Header, Value

CASES = tomllib.loads((Path(__file__).parent / "cases" / "extraction.toml").read_text("utf-8"))[
    "case"
]
NAMES = gazetteer.load()
EXTRACTOR = Extractor(NAMES, "en")
SPELLINGS = {(entry.kind, entry.name): entry.spellings for entry in NAMES.entries}
Fields = dict[str, tuple[Value, ...]]


def words(text: str) -> set[str]:
    return {gazetteer.key(token.form) for token in cut(text)}


def described(text: str, header: Header | None = None) -> Fields:
    request = Request(header or {}, text, "stories/a_story.txt", "", "2026-01-02T03:04:05Z")
    ((fields, remarks),) = EXTRACTOR.extract([request])
    assert header or not remarks
    return fields


SEEDS: dict[str, dict[str, set[str]]] = {
    "000": {
        "dancer": {"Wiktoria Kovalova"},
        "person": set(),
        "work": {"Swan Lake"},
        "role": {"Odette", "Odile"},
        "company": {"Gerasimov Academy of Cinematic Arts"},
        "place": {"Europe/Russia/Moscow"},
    },
    "001": {
        "dancer": {"Victoria Bektemirova"},
        "person": set(),
        "work": set(),
        "role": set(),
        "company": set(),
        "place": set(),
    },
    "002": {
        "dancer": {"Audrey Kalmurzaev"},
        "person": {"Natalia Makarova"},
        "work": {"Swan Lake", "The Sleeping Beauty", "La Sylphide"},
        "role": {"Odette", "Odile"},
        "company": {"Moscow Ballet Academy", "Russian National Ballet Company"},
        "place": {"Europe/Russia/Moscow", "Europe/Russia"},
    },
    "003": {
        "dancer": {"Klára Kalmurzaev"},
        "person": {"Sergei Pavlov"},
        "work": {"Dance of the Seven Veils"},
        "role": set(),
        "company": {"Bolshoi Ballet"},
        "place": {"Europe/Russia/Chechnya", "Europe/Russia/Moscow", "Europe/Russia"},
    },
    "004": {
        "dancer": {"Noah Kalmurzaeva"},
        "person": {"Madame Petrova"},
        "work": set(),
        "role": set(),
        "company": set(),
        "place": {"Europe/Russia/Moscow"},
    },
}
TERMS = {"000": {"ballerina"}, "002": {"principal dancer"}, "004": {"solo", "tutu"}}


@pytest.mark.parametrize("number", SEEDS)
def test_the_five_stories_give_what_a_reader_finds_in_them(number: str, seeds: Path) -> None:
    (file,) = seeds.glob(f"{number}_*.txt")
    fields = described(file.read_text("utf-8"))
    expected = SEEDS[number]
    assert {name: set(fields.get(name, ())) for name in expected} == expected
    assert fields["title"] == fields["dancer"]
    assert TERMS.get(number, set()) <= set(fields["term"])


@pytest.mark.parametrize("case", CASES, ids=[c["why"][:60] for c in CASES])
def test_a_text_gives_what_its_words_say(case: dict[str, Any]) -> None:
    fields = described(case["text"])
    for name in case.keys() - {"text", "why"}:
        assert sorted(map(str, fields.get(name, ()))) == sorted(case[name]), case["why"]


def test_every_case_looks_at_something() -> None:
    assert all(case.keys() & FIELDS.keys() for case in CASES)


@given(st.text(max_size=300))
def test_any_text_has_a_title_a_length_and_no_empty_values(text: str) -> None:
    fields = described(text)
    assert fields["words"] == (len(cut(text)),)
    assert fields["title"]
    assert all(values and "" not in values for values in fields.values())
    assert all(len(set(values)) == len(values) for values in fields.values())


_PIECES = st.sampled_from(
    ["Swan Lake", "Moscow", "Moscow's", "the Bolshoi Ballet", "Anna Pavlova", "danced", "and",
     "Odette", "Madame", "Petrova", "School of", "“", "”", ".", ",", "\n\n", "(", ")", "was"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=25))
def test_every_value_of_a_story_made_of_names_is_said_in_it(pieces: list[str]) -> None:
    text = " ".join(pieces)
    said = words(text)
    fields = described(text)
    for name in ("work", "company", "role"):
        for value in map(str, fields.get(name, ())):
            spellings = SPELLINGS.get((name, value), (value,))
            assert any(words(spelling) <= said for spelling in spellings)
    assert not set(fields.get("dancer", ())) & set(fields.get("person", ()))


def test_the_protagonist_of_a_biography_is_its_subject() -> None:
    home = os.environ.get("BALLETSEARCH_DATA")
    if not home:
        pytest.skip("BALLETSEARCH_DATA is not set: the biographies to measure on are not there.")
    with gzip.open(Path(home, "ballet_sections", "docs.jsonl.gz"), "rt", encoding="utf-8") as file:
        docs = [doc for line in file if " — " not in (doc := json.loads(line))["title"]]
    right = 0
    for doc in docs:
        wanted = [fold(t.form) for t in cut(re.sub(r"\s*\(.*", "", doc["title"]))]
        dancer = " ".join(map(str, described(doc["text"]).get("dancer", ())))
        right += {wanted[0], wanted[-1]} <= {fold(t.form) for t in cut(dancer)}
    assert len(docs) == 1233
    assert right / len(docs) >= 0.85
