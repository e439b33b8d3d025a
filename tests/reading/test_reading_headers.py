"""Is what a text says of itself told apart from the text?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balletsearch.reading.headers import MAX_HEADER, split_header

READ = (
    ("---\ntitle: Swan\n---\nBody", {"title": ("Swan",)}, "a scalar"),
    ("---\ntitle: Swan\n...\nBody", {"title": ("Swan",)}, "closed with dots"),
    ("---  \ntitle: Swan\n---\t\nBody", {"title": ("Swan",)}, "blanks after the fences"),
    ("---\na: no\nb: 1890\nc: 1.10\nd: 2001-01-01\n---\nBody",
     {"a": ("no",), "b": ("1890",), "c": ("1.10",), "d": ("2001-01-01",)}, "nothing but text"),
    ("---\nwork: [Giselle, ' Swan Lake ', '']\n---\nBody", {"work": ("Giselle", "Swan Lake")},
     "a list, stripped, without the empty"),
    ("---\nwork:\n- Giselle\n- Swan Lake\n---\nBody", {"work": ("Giselle", "Swan Lake")},
     "a list in lines"),
    ("---\na:\nb: ''\nc: []\n---\nBody", {}, "nothing is dropped"),
    ("---\na: e\u0301\n---\nBody", {"a": ("\u00e9",)}, "NFC"),
    ("---\na: !!python/name:os.system x\n---\nBody", {"a": ("x",)}, "tags mean nothing"),
    ("---\na: x\na: y\n---\nBody", {"a": ("x", "y")}, "a key written twice loses nothing"),
    ("+++\ntitle = 'Swan'\n+++\nBody", {"title": ("Swan",)}, "TOML"),
    ("+++\nd = 1890-01-15\nn = 7\nf = 1.10\nt = true\nw = ['a', 2]\n+++\nBody",
     {"d": ("1890-01-15",), "n": ("7",), "f": ("1.10",), "t": ("true",), "w": ("a", "2")},
     "TOML values as text"),
)  # fmt: skip

BODY = (
    ("---\n\nShe said: no.\n---\nMore", "a blank line follows: a thematic break"),
    ("---\nShe said no.\n---\nMore", "a sentence is no mapping"),
    ("---\n- Who is there?\n- Me.\n---\nMore", "a list is no mapping"),
    ("---\ntitle: Swan\nno end", "no second fence"),
    ("----\ntitle: Swan\n----\nMore", "four dashes"),
    ("\n---\ntitle: Swan\n---\nMore", "not on the first line"),
    ("---\n---\nMore", "nothing between"),
    ("--- she whispered\n---\nMore", "a line that goes on"),
    ("---\na: " + "x" * MAX_HEADER + "\n---\nMore", "too long for a header"),
)

UNREADABLE = (
    ("---\na: 1\ntitle: Swan: a story\n---\nBody", "line 3", "a second colon"),
    ("---\na: &x 1\nb: *x\n---\nBody", "line 3: aliases", "an alias"),
    ("---\na: 'open\n---\nBody", "line", "an open quote"),
    ("---\na: \x07\n---\nBody", "line 2", "a control character"),
    ("---\na: " + "[" * 5_000 + "\n---\nBody", "nest", "depth"),
    ("+++\na = 1\nb\n+++\nBody", "line 3", "TOML without a value"),
    ("+++\na = " + "[" * 5_000 + "\n+++\nBody", "nested", "depth in TOML"),
)


@pytest.mark.parametrize(("text", "header", "why"), READ, ids=[w for *_, w in READ])
def test_a_header_is_read_as_text_and_taken_off(
    text: str, header: dict[str, tuple[str, ...]], why: str
) -> None:
    assert split_header(text) == (header, "Body", ""), why


@pytest.mark.parametrize(("text", "why"), BODY, ids=[w for _, w in BODY])
def test_what_only_looks_like_a_header_is_text(text: str, why: str) -> None:
    assert split_header(text) == ({}, text, ""), why


@pytest.mark.parametrize(("text", "said", "why"), UNREADABLE, ids=[w for *_, w in UNREADABLE])
def test_a_header_that_does_not_parse_stays_and_is_reported(text: str, said: str, why: str) -> None:
    header, body, problem = split_header(text)
    assert (header, body) == ({}, text)
    assert said in problem


@pytest.mark.parametrize(
    "text",
    ["---\na: x\nmap: {b: c}\n---\nBody", "+++\na = 'x'\n[map]\nb = 1\n+++\nBody"],
    ids=["YAML", "TOML"],
)
def test_what_is_nested_is_passed_over_by_name(text: str) -> None:
    header, body, problem = split_header(text)
    assert (header, body) == ({"a": ("x",)}, "Body")
    assert "'map'" in problem


def test_blank_lines_after_the_header_go_and_the_first_indent_stays() -> None:
    assert split_header("---\na: x\n---\n\n \n  Body\n")[1] == "  Body\n"


@given(st.text("-+.\n :a[]{}*&'\"!?|>#%", max_size=80), st.sampled_from(["---\n", "+++\n", ""]))
def test_any_text_has_a_body_that_is_its_end(text: str, opening: str) -> None:
    whole = opening + text
    header, body, _ = split_header(whole)
    assert whole.endswith(body)
    assert all(value == value.strip() != "" for values in header.values() for value in values)
