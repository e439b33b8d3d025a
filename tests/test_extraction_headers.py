"""Does a header win over every guess, and what can it not say? And what is a story called?"""

from __future__ import annotations

import pytest

from balletsearch import extraction, gazetteer
from balletsearch.model import Header, Value

NAMES = gazetteer.load()
STORY = "Klára Velt was a ballerina. She danced Swan Lake in Moscow with Anna Pavlova."


def extracted(
    header: Header, body: str = STORY, path: str = "tales/the_red-shoes.txt"
) -> tuple[dict[str, tuple[Value, ...]], tuple[str, ...]]:
    return extraction.extract(
        header,
        body,
        path=path,
        modified="2026-01-02T03:04:05Z",
        languages=("fr", "en"),
        language="en",
        gazetteer=NAMES,
    )


@pytest.mark.parametrize(
    ("key", "values", "field", "expected"),
    [
        ("dancer", ("Ada Quill",), "dancer", ("Ada Quill",)),
        ("Ballerina", ("Ada Quill",), "dancer", ("Ada Quill",)),
        ("Works", ("Jewels", "Agon", "Jewels"), "work", ("Jewels", "Agon")),
        ("place", ("Moscow",), "place", ("Europe/Russia/Moscow",)),
        ("place", ("moskva",), "place", ("Europe/Russia/Moscow",)),
        ("place", ("Quillshire",), "place", ("Quillshire",)),
        ("place", ("Europe/Ruritania",), "place", ("Europe/Ruritania",)),
        ("language", ("French",), "language", ("fr",)),
        ("Lang", ("en-GB",), "language", ("en",)),
        ("Opus Number", (" 12 ",), "opus_number", ("12",)),
        ("title", ("  The Red Shoes ",), "title", ("The Red Shoes",)),
        ("author", ("Zoe\N{COMBINING DIAERESIS} Lind",), "author", ("Zoë Lind",)),
    ],
)
def test_a_header_replaces_the_guess_and_is_kept_as_written(
    key: str, values: tuple[str, ...], field: str, expected: tuple[str, ...]
) -> None:
    fields, remarks = extracted({key: values})
    assert fields[field] == expected
    assert not remarks


def test_two_keys_for_one_field_are_joined() -> None:
    fields, _ = extracted({"dancer": ("Ada Quill",), "ballerina": ("Bo Lind", "Ada Quill")})
    assert fields["dancer"] == ("Ada Quill", "Bo Lind")


def test_a_header_without_a_value_leaves_the_guess() -> None:
    fields, _ = extracted({"work": (" ",)})
    assert fields["work"] == ("Swan Lake",)


@pytest.mark.parametrize("key", ["path", "File", "words", "modified", "body"])
def test_what_comes_from_the_file_cannot_be_said_and_is_remarked_on(key: str) -> None:
    fields, remarks = extracted({key: ("7",)})
    assert len(remarks) == 1
    assert key in remarks[0]
    assert fields["path"] == ("tales/the_red-shoes.txt",)
    assert fields["words"] == (14,)
    assert fields["modified"] == ("2026-01-02T03:04:05Z",)


@pytest.mark.parametrize("key", ["--", "", "x" * 65])
def test_a_key_that_is_no_name_is_remarked_on(key: str) -> None:
    fields, remarks = extracted({key: ("a",)})
    assert len(remarks) == 1
    assert fields == extracted({})[0]


def test_somebody_named_as_the_dancer_is_not_one_of_the_others() -> None:
    assert "Anna Pavlova" in extracted({})[0]["person"]
    fields, _ = extracted({"dancer": ("Anna Pavlova",)})
    assert "Anna Pavlova" not in fields.get("person", ())


def test_the_language_is_that_of_the_folder_unless_the_header_says_so() -> None:
    assert extracted({})[0]["language"] == ("en",)


def test_fields_stand_in_the_order_of_the_table() -> None:
    fields, _ = extracted({"opus": ("1",), "author": ("Bo Lind",)})
    assert list(fields)[:2] == ["title", "dancer"]
    assert list(fields)[-1] == "opus"


@pytest.mark.parametrize(
    ("body", "title", "why"),
    [
        ("# The *Red* Shoes #\n\nText.", "The Red Shoes", "a Markdown heading, marks off"),
        ("Text here.\n\n## Later\n", "Later", "the first heading, wherever it stands"),
        ("The Red Shoes\n=====\nText", "The Red Shoes", "a heading that is underlined"),
        ("```\n# no\n```\n# Yes\n", "Yes", "what is fenced is no heading"),
        ("The Red Shoes\n\nOnce there was a girl.", "The Red Shoes", "a line by itself"),
        ("Once there was.\n\nMore.", "the red shoes", "a full stop makes it a sentence"),
        ("x" * 80 + "\n\nMore.", "the red shoes", "80 letters make it prose"),
        ("Once\nthere was.", "the red shoes", "no empty line after it"),
        (STORY, "Klára Velt", "the dancer"),
        ("Nobody came.", "the red shoes", "the name of the file, its signs as spaces"),
    ],
)
def test_a_story_has_a_title(body: str, title: str, why: str) -> None:
    assert extracted({}, body)[0]["title"] == (title,), why


def test_the_title_of_a_nameless_story_follows_the_dancer_of_its_header() -> None:
    assert extracted({"dancer": ("Ada Quill",)}, "Nobody came.")[0]["title"] == ("Ada Quill",)
