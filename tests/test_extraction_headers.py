"""Does a header win over every guess, and what can it not say? And what is a story called?"""

from __future__ import annotations

import pytest

from balletsearch import gazetteer
from balletsearch.extraction import Extractor, Request
from balletsearch.model import Header, Value

NAMES = gazetteer.load()
STORY = "Klára Velt was a ballerina. She danced Swan Lake in Moscow with Anna Pavlova."


def extracted(
    header: Header,
    body: str = STORY,
    path: str = "tales/the_red-shoes.txt",
    record: str = "",
) -> tuple[dict[str, tuple[Value, ...]], tuple[str, ...]]:
    request = Request(header, body, path, record, "2026-01-02T03:04:05Z", "en")
    return Extractor(NAMES, "fr").extract([request])[0]


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
        ("place", ("Moscow, Russia",), "place", ("Europe/Russia/Moscow",)),
        ("place", ("moskva, USSR, Europe",), "place", ("Europe/Russia/Moscow",)),
        ("place", ("Moscow, Idaho",), "place", ("Moscow, Idaho",)),
        ("place", ("Paris, Russia",), "place", ("Paris, Russia",)),
        ("place", ("Russia, Moscow",), "place", ("Russia, Moscow",)),
        ("place", ("Moscow, Quillshire, Russia",), "place", ("Moscow, Quillshire, Russia",)),
        ("place", ("a," * 9_000,), "place", ("a," * 9_000,)),
        ("place", (",",), "place", (",",)),
        ("work", ("SWAN LAKE", "Swan lake"), "work", ("Swan Lake",)),
        ("work", ("le lac des cygnes",), "work", ("Swan Lake",)),
        ("work", ("jewels",), "work", ("Jewels",)),
        ("work", ("The Quill Heron", "—"), "work", ("The Quill Heron", "—")),
        ("role", ("ODETTE",), "role", ("Odette",)),
        ("terms", ("plies", "Pliés"), "term", ("plié",)),
        ("company", ("bolshoi",), "company", ("Bolshoi Ballet",)),
        ("person", ("ADELINE GENEE",), "person", ("Adeline Genée",)),
        ("dancer", ("agnes letestu",), "dancer", ("Agnès Letestu",)),
        ("dancer", ("nureyev",), "dancer", ("nureyev",)),
        ("person", ("Pavlova",), "person", ("Pavlova",)),
        ("title", ("SWAN LAKE",), "title", ("SWAN LAKE",)),
        ("author", ("ADELINE GENEE",), "author", ("ADELINE GENEE",)),
        ("language", ("French",), "language", ("fr",)),
        ("language", ("Français", "русский"), "language", ("fr", "ru")),
        ("language", ("grc",), "language", ("grc",)),
        ("Lang", ("en-GB",), "language", ("en",)),
        ("Opus Number", (" 12 ",), "opus_number", ("12",)),
        ("title", ("  The Red Shoes ",), "title", ("The Red Shoes",)),
        ("author", ("Zoe\N{COMBINING DIAERESIS} Lind",), "author", ("Zoë Lind",)),
    ],
)
def test_a_header_replaces_the_guess_and_only_known_names_are_rewritten(
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


@pytest.mark.parametrize("name", ["klingon", "ф", "Serbo-Croatian"])
def test_a_language_that_is_neither_known_nor_a_code_is_remarked_on(name: str) -> None:
    _, remarks = extracted({"lang": ("en", name)})
    assert len(remarks) == 1
    assert f"unknown language '{name}'" in remarks[0]


def test_the_shipped_names_stay_what_they_are() -> None:
    kinds = ("work", "role", "company", "term", "person")
    header = {kind: tuple(e.name for e in NAMES.entries if e.kind == kind) for kind in kinds}
    fields, _ = extracted(header)
    assert {kind: fields[kind] for kind in kinds} == header


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


@pytest.mark.parametrize(
    ("path", "record", "title", "why"),
    [
        ("all/docs.jsonl", "12", "docs 12", "the number of a line says nothing alone"),
        ("all/b.jsonl.gz", "12", "b 12", "both suffixes are off"),
        ("all/B.JSONL.GZ", "", "B", "whatever their case"),
        ("all/docs.jsonl", "seeds/the_red-shoes.txt", "the red shoes", "a path, as for a file"),
        ("all/docs.jsonl", "swan", "swan", "a name"),
        ("all/docs.jsonl", "nutcracker/op. 71", "op. 71", "its dots are no suffix"),
        ("all/docs.jsonl", ".txt", ".txt", "a name that looks like a suffix only"),
        ("all/docs.jsonl", "/", "docs", "no name in it"),
    ],
)
def test_a_story_among_many_is_called_as_its_record(
    path: str, record: str, title: str, why: str
) -> None:
    assert extracted({}, "Nobody came.", path, record)[0]["title"] == (title,), why


def test_a_record_is_called_by_its_heading_first() -> None:
    assert extracted({}, "# Red\n\nNo.", "docs.jsonl", "7")[0]["title"] == ("Red",)
