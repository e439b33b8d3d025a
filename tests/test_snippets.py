"""Which passages show best what was found?"""

from __future__ import annotations

import tempfile
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balletsearch import Library, Span, Story
from balletsearch.analysis import cut
from balletsearch.passages import LENGTH, PASSAGES
from balletsearch.snippets import snippet
from examples import examples

BODY = (
    "She was born in Perm. Her mother danced. One night she was cast in Swan Lake. "
    "The hall was silent. Then the swan died on the lake of light. Nobody moved."
)


def span(body: str, words: str) -> list[Span]:
    """The spans of each place where these words stand one after the other."""
    forms, wanted = [t.form for t in cut(body)], words.split()
    last = len(forms) - len(wanted) + 1
    return [
        Span("body", i, i + len(wanted))
        for i in range(last)
        if forms[i : i + len(wanted)] == wanted
    ]


def test_the_sentence_with_the_match_is_shown_whole_and_marked():
    assert str(snippet(BODY, span(BODY, "swan lake"))) == (
        "… One night she was cast in [Swan Lake]. …"
    )


def test_different_matches_are_shown_before_more_of_the_same():
    found = snippet(BODY, span(BODY, "swan lake") + span(BODY, "nobody") + span(BODY, "swan"))
    assert str(found) == "… One night she was cast in [Swan Lake]. … [Nobody] moved."


def test_a_snippet_says_whether_it_begins_and_ends_with_the_text():
    first = snippet(BODY, span(BODY, "born")).passages[0]
    last = snippet(BODY, span(BODY, "nobody")).passages[0]
    assert (first.leading, first.trailing) == (True, False)
    assert (last.leading, last.trailing) == (False, True)


def test_without_a_match_in_the_text_its_beginning_is_shown():
    assert str(snippet(BODY, [Span("title", 0, 1)])) == "She was born in Perm. …"
    assert str(snippet("", [])) == ""


def test_html_is_escaped_and_marked():
    body = "The <b>swan</b> & the lake."
    assert snippet(body, span(body, "swan")).html() == (
        "The &lt;b&gt;<mark>swan</mark>&lt;/b&gt; &amp; the lake."
    )


def test_neighbouring_sentences_run_on_as_one_passage():
    found = snippet(BODY, span(BODY, "born") + span(BODY, "mother"))
    assert str(found) == "She was [born] in Perm. Her [mother] danced. …"


def test_a_phrase_over_the_end_of_a_sentence_is_marked_as_far_as_it_is_shown():
    found = snippet(BODY, span(BODY, "perm her"))
    assert str(found) == "… [Her] mother danced. …"


def test_a_sentence_that_is_far_too_long_is_cut_between_words_around_the_match():
    body = "word " * 300 + "swan " + "word " * 300
    (passage,) = snippet(body, span(body, "swan")).passages
    assert len(passage.text) <= LENGTH // PASSAGES
    assert [passage.text[s:e] for s, e in passage.marks] == ["swan"]
    assert set(passage.text.split()) == {"word", "swan"}


def test_line_ends_become_spaces():
    body = "A swan\non the\tlake."
    assert str(snippet(body, span(body, "swan on"))) == "A [swan on] the lake."


HOSTILE = (
    *("<script>alert(1)</script>", "&amp;", "&", '"', "'", "<b", "swan", "swan", "lake.", "A B."),
    *(
        "e\u0301\u0327\u0302",
        "\u0928\u093f",
        "\U0001f469\u200d\U0001f4bb",
        "\U0001f1eb\U0001f1f7" * 3,
    ),
    *(
        "\U0001f44b\U0001f3fd",
        "\u1112\u1161\u11ab",
        "\u05e9\u05c1\u05dc\u05d5\u05dd",
        "\u202eevil",
        "\u2067x",
        "\u2066",
    ),
    *("\u202c", "\u2069", "\x00", "\x1b[31m", "x" * 90),
)
hostile = st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=30).flatmap(
    lambda parts: st.sampled_from(["", " ", "\n\n"]).map(lambda sign: sign.join(parts))
)


@given(hostile, st.data())
@settings(max_examples=examples(1000))
def test_whatever_the_text_a_snippet_is_short_enough_and_safe_for_html(body, data):
    words = cut(body)
    at = data.draw(st.sets(st.integers(0, len(words) - 1), max_size=4)) if words else set()
    ends = data.draw(st.integers(1, 6))
    spans = [Span("body", i, min(i + ends, len(words))) for i in at]
    passages = data.draw(st.integers(1, 3))
    length = data.draw(st.integers(20 * passages, 200))
    found = snippet(body, spans, passages=passages, length=length)
    assert len(found.passages) <= passages
    assert all(len(p.text) <= length // passages for p in found.passages)
    for passage in found.passages:
        flat = [0, *(offset for mark in passage.marks for offset in mark), len(passage.text)]
        assert flat == sorted(flat)
        assert all(start < end for start, end in passage.marks)
    html = found.html()
    text, tags = read_as_text(html)
    # Ends of turned direction may have been added; all else is as it was.
    as_it_was = found.marked("\ue000", "\ue001").translate({0: "\ufffd", 0x1B: "\ufffd"})
    assert text.translate(ENDS) == as_it_was.translate(ENDS)
    assert tags == ({"mark"} if "<mark>" in html else set())


ENDS = dict.fromkeys(map(ord, "\u202c\u2069"))


def read_as_text(html: str) -> tuple[str, set[str]]:
    """What a browser shows of it, matches between private signs, and the tags in it."""
    shown: list[str] = []
    tags: set[str] = set()

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            tags.add(tag)
            shown.append("\ue000")
            assert not attrs

        def handle_endtag(self, tag):
            tags.add(tag)
            shown.append("\ue001")

        def handle_data(self, data):
            shown.append(data)

    reader = Reader()
    reader.feed(html)
    reader.close()
    return "".join(shown), tags


def test_a_turn_of_direction_ends_with_its_passage():
    found = snippet("A swan \u202e<b> \u2067 lake", span("A swan", "swan"))
    assert found.html() == "A <mark>swan</mark> \u202e&lt;b&gt; \u2067 lake\u2069\u202c"
    balanced = "A \u202eswan\u202c \u2067lake\u202c\u2069 end"
    assert snippet(balanced, []).html() == balanced


@pytest.mark.parametrize(
    "character",
    [
        pytest.param("e\u0301\u0327", id="marks"),
        pytest.param("\U0001f469\u200d\U0001f4bb", id="joined"),
        pytest.param("\U0001f44b\U0001f3fd", id="a skin tone"),
        pytest.param("\U0001f1eb\U0001f1f7", id="a flag"),
        pytest.param("\u1112\u1161\u11ab", id="a syllable of letters"),
        pytest.param("\u0928\u093f", id="a vowel sign"),
    ],
)
@pytest.mark.parametrize("length", range(20, 27))
def test_no_cut_goes_through_what_readers_take_for_one_character(character, length):
    for body in (character * 60, f"{character * 30} swan {character * 30}"):
        for spans in ([], span(body, "swan")):
            for passage in snippet(body, spans, passages=1, length=length).passages:
                text = passage.text.replace("swan", "").strip()
                assert text == character * (len(text) // len(character))


def test_a_match_longer_than_the_snippet_is_cut_and_marked_as_far_as_it_is_shown():
    body = "one two three four five six seven eight."
    found = snippet(body, span(body, "two three four five six seven"), passages=1, length=20)
    assert str(found) == "… [two three four five] …"


texts = st.lists(st.sampled_from(["swan", "lake.", "Odile!", "\n\n", "a", "x" * 90])).map(" ".join)


@given(texts, st.data())
def test_marks_are_exactly_words_that_matched_and_lie_in_the_text(body, data):
    words = cut(body)
    if not words:
        return
    at = data.draw(st.sets(st.integers(0, len(words) - 1), min_size=1))
    found = snippet(body, [Span("body", i, i + 1) for i in at])
    assert found.passages
    matched = {words[i].form for i in at}
    for passage in found.passages:
        assert passage.marks
        for start, end in passage.marks:
            assert {t.form for t in cut(passage.text[start:end])} <= matched


TEXTS = st.lists(
    st.sampled_from(
        [
            "A swan.",
            "Klára's swan, Mme. Orlova said: “Oh!”",
            "swan " * 90,
            "* * *",
            "",
            "Лебедь…",
            "on",
        ]
    ),
    max_size=12,
).map(lambda parts: "\n\n".join(" ".join(parts[i : i + 3]) for i in range(0, len(parts), 3)))


@given(st.lists(TEXTS, min_size=1, max_size=3))
@settings(max_examples=examples(250))
def test_sentences_that_an_engine_keeps_give_the_snippet_of_the_whole_text(texts):
    with tempfile.TemporaryDirectory() as folder, Library.open(Path(folder) / "index") as library:
        library.add(*(Story(f"{i}", text) for i, text in enumerate(texts)))
        for query in ("swan", '"a swan"', "klara* OR on", "лебедь", "*", "orlova~ AND swan"):
            for hit in library.search(query):
                assert hit.snippet == snippet(hit.story.body, hit.spans)
