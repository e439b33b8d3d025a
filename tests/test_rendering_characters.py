"""Does nothing unseen reach a terminal, and is what programs read still the same?"""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balletsearch.rendering.characters import json_safe, one_line, prose, visible, width

ANY_TEXT = st.text(st.characters(exclude_categories=()))
"""Every code point, surrogates too."""

CASES = [
    ("\x1b[31mred", r"\x1b[31mred", "an escape sequence would change colours"),
    ("a\x9b2Jb", r"a\x9b2Jb", "C1 has an escape sequence in one character"),
    ("a\x7fb", r"a\x7fb", "DEL"),
    ("\u202eabc", r"\u202eabc", "an override turns what follows around"),
    ("\u2066a\u2069", r"\u2066a\u2069", "isolates do too"),
    ("caf\udce9", r"caf\xe9", "a byte of a file name that is no text"),
    ("\ud800", r"\ud800", "half a character"),
    ("\U000e0041", r"\U000e0041", "a tag letter is not seen"),
    ("a\nb\tc\rd", r"a\nb\tc\rd", "on one line, line ends are shown"),
    ("Klára – «Ж» 白鳥", "Klára – «Ж» 白鳥", "letters and signs stay"),
    ("👩\u200d🎤", "👩\u200d🎤", "joiners belong to what is seen"),
]


@pytest.mark.parametrize(("text", "shown", "why"), CASES, ids=[case[2] for case in CASES])
def test_what_is_not_seen_becomes_an_escape(text, shown, why):
    assert visible(text) == shown


@given(ANY_TEXT)
def test_no_control_character_is_left(text):
    for shown in (visible(text), one_line(text), prose(text).replace("\n", "").replace("\t", "")):
        assert not {c for c in shown if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")}
        assert not {c for c in shown if unicodedata.bidirectional(c) in DIRECTIONS}


DIRECTIONS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@given(st.text(st.characters(categories=("L", "N", "P", "Zs", "S"))))
def test_ordinary_text_is_left_alone(text):
    assert visible(text) == prose(text) == text


def test_prose_keeps_its_lines_however_they_end():
    assert prose("one\r\ntwo\u2028three\tfour") == "one\ntwo\nthree\tfour"


def test_one_line_runs_lines_together():
    assert one_line("  Swan\n\tLake ") == "Swan Lake"


@given(ANY_TEXT, st.booleans())
def test_safe_json_means_the_same(text, ascii_only):
    safe = json_safe(json.dumps({"text": text}, ensure_ascii=ascii_only))
    # A high and a low half that follow each other are one character in JSON.
    joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    assert json.loads(safe)["text"].encode("utf-16", "surrogatepass") == joined.encode(
        "utf-16", "surrogatepass"
    )
    assert visible(safe) == safe


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("白鳥", 4), ("e\u0301", 1), ("é", 1), ("", 0)]
)
def test_width_counts_columns_of_a_terminal(text, columns):
    assert width(text) == columns
