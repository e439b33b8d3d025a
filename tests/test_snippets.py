"""Which passages show best what was found?"""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from balletsearch import Library, Span, Story
from balletsearch.analysis import cut
from balletsearch.snippets import MAX_SENTENCE, snippet
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
    assert len(passage.text) <= MAX_SENTENCE
    assert [passage.text[s:e] for s, e in passage.marks] == ["swan"]
    assert set(passage.text.split()) == {"word", "swan"}


def test_line_ends_become_spaces():
    body = "A swan\non the\tlake."
    assert str(snippet(body, span(body, "swan on"))) == "A [swan on] the lake."


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
