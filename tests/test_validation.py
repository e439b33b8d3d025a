"""Which stories can be stored, and does a refusal say what to do?"""

from __future__ import annotations

from typing import Any, cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from balletsearch.engines.validation import MAX_KEY, MAX_TEXT, validate
from balletsearch.errors import StoryError
from balletsearch.fields import named
from balletsearch.model import Source, Story


def with_field(name: Any, *values: Any) -> Story:
    """A story with one field."""
    return Story("s", "text", fields={name: values})


def with_source(path: str) -> Story:
    """A story from a file of that path."""
    return Story("s", "text", source=Source("r", path, "", 1, 2, 3, "d", "c"))


GOOD = {
    "nothing but a key": Story("k", ""),
    "the longest key": Story("k" * MAX_KEY, "text"),
    "the longest text": Story("s", "a" * MAX_TEXT),
    "a key of any letters": Story(" seeds/Žizel' \N{BALLET SHOES}\N{NO-BREAK SPACE}", "text"),
    "control characters in the body": Story("s", "a\x00b\x0c\r\n"),
    "the largest numbers": with_field("year", (1 << 63) - 1, -(1 << 63)),
    "texts and numbers": with_field("mood", "sad", 1, "", "\n"),
    "no value": with_field("mood"),
    "a name in another script": with_field("имя", "Анна"),
    "a time": with_field("modified", "2026-03-05T10:00:00Z"),
    "a number of words": with_field("words", 7),
    "several texts in the header": Story("s", "text", header={"By": ["Me", "You"], "Mood": "sad"}),
    "a source": with_source("seeds/é.txt"),
}
BAD: dict[str, tuple[Story, str]] = {
    "an empty key": (Story("", "text"), "without a key"),
    "a key that is no text": (Story(cast(Any, 7), "text"), "without a key"),
    "a key too long": (Story("k" * (MAX_KEY + 1), "text"), "1001 characters, at most 1000"),
    "a text too long": (Story("s", "a" * (MAX_TEXT + 1)), "67108865 characters, at most 67108864"),
    "a header too long": (Story("s", "a", header={"By": ["a" * MAX_TEXT]}), "at most 67108864"),
    "a line end in the key": (Story("a\nb", "text"), "control character"),
    "a zero in the key": (Story("a\x00", "text"), "control character"),
    "a C1 control in the key": (Story("a\x85", "text"), "control character"),
    "half a word": (with_field("words", "7.5"), "whole numbers"),
    "half a character in the key": (Story("a\ud800", "text"), "the key holds half"),
    "half a character in the body": (Story("s", "\udfff"), "the body holds half"),
    "half a character in a value": (with_field("mood", "sad", "\ud83d"), "'mood' holds half"),
    "half a character in a name": (with_field("m\ud83d", "sad"), "the name of a field holds half"),
    "half a character in the header": (
        Story("s", "text", header={"By": ("Me", "\ud800")}),
        "the header 'By' holds half",
    ),
    "half a character in a path": (with_source("\ud800.txt"), "the path of its source"),
    "a body that is no text": (Story("s", cast(Any, b"text")), "the body is of type bytes"),
    "an alias": (with_field("dancers", "Anna"), "named 'dancer'"),
    "capitals": (with_field("Title", "Anna"), "named 'title'"),
    "a header key as it was typed": (with_field("First Night", "1909"), "named 'first_night'"),
    "a name without letters": (with_field("--", "x"), "'--' cannot be the name"),
    "a name too long": (with_field("n" * 65, "x"), "cannot be the name"),
    "a second body": (with_field("body", "text"), "as the body alone"),
    "truth": (with_field("mood", True), "'mood' is of type bool"),
    "a fraction": (with_field("mood", 1.0), "'mood' is of type float"),
    "not a number": (with_field("mood", float("nan")), "'mood' is of type float"),
    "nothing as a value": (with_field("mood", None), "'mood' is of type NoneType"),
    "65 bits": (with_field("mood", 1 << 63), "more than 64 bits"),
    "65 bits below nought": (with_field("mood", -(1 << 63) - 1), "more than 64 bits"),
    "a value without its tuple": (
        Story("s", "text", fields=cast(Any, {"mood": "sad"})),
        "one bare value",
    ),
    "a number in the header": (Story("s", "", header=cast(Any, {"Year": 1909})), "'Year' is of"),
    "words that are no number": (with_field("words", "many"), "field 'words'"),
    "a change at no time": (with_field("modified", "yesterday"), "field 'modified'"),
}


@pytest.mark.parametrize("story", GOOD.values(), ids=GOOD)
def test_these_stories_can_be_stored(story: Story) -> None:
    validate(story)


@pytest.mark.parametrize(("story", "reason"), BAD.values(), ids=BAD)
def test_these_are_refused_with_a_reason(story: Story, reason: str) -> None:
    with pytest.raises(StoryError) as caught:
        validate(story)
    message = str(caught.value)
    assert reason in message
    assert message.endswith(".")
    # Half a character must not make the message itself unprintable.
    message.encode("utf-8")


@given(st.text(min_size=1, max_size=80))
@example(":BY")
@example("*Titles*")
def test_whatever_becomes_of_a_header_key_is_a_good_name(key: str) -> None:
    name = named(key)
    if name is not None and name not in ("body", "words", "modified"):
        validate(with_field(name, "x"))
