"""Does every file become its story or a reason, and do the collections come back whole?"""

from __future__ import annotations

import gzip
import itertools
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from balletsearch import reading
from balletsearch.errors import SettingsError
from balletsearch.model import Repair
from balletsearch.reading import fingerprint, read
from balletsearch.reading.decoding import decode
from balletsearch.reading.drafts import Draft
from balletsearch.reading.repairing import repair
from balletsearch.reports import Skip

SEEDS = Path(__file__).parents[2] / "seeds"

Texts = Callable[[str], Iterator[str]]


@pytest.fixture
def collection() -> Texts:
    """The texts of a test collection by name."""
    home = os.environ.get("BALLETSEARCH_DATA")
    if not home:
        pytest.skip("BALLETSEARCH_DATA does not name the folder of test collections")

    def texts(name: str) -> Iterator[str]:
        with gzip.open(Path(home) / name / "docs.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)["text"]

    return texts


def one(file: Path, data: bytes) -> Draft:
    file.write_bytes(data)
    (draft,) = read(file)
    assert isinstance(draft, Draft)
    return draft


def test_a_story_is_read_with_its_header(tmp_path: Path) -> None:
    draft = one(tmp_path / "a.md", b"---\r\ntitle: Swan\r\n---\r\n\r\n# A swan\r\nNo more.\r\n")
    assert draft.header == {"title": ("Swan",)}
    assert draft.body == "# A swan\nNo more.\n"
    assert (draft.record, draft.line, draft.problem) == ("", 5, "")
    assert (draft.reading.encoding, draft.reading.reason) == ("utf-8", "valid UTF-8")


def test_text_and_header_come_in_nfc(tmp_path: Path) -> None:
    draft = one(tmp_path / "a.txt", "---\na: e\u0301\n---\nplie\u0301".encode())
    assert (draft.header, draft.body) == ({"a": ("\u00e9",)}, "pli\u00e9")


def test_a_bad_header_stays_in_the_text_and_is_remarked(tmp_path: Path) -> None:
    text = "---\ntitle: [open\n---\nA swan."
    draft = one(tmp_path / "a.txt", text.encode())
    assert (draft.header, draft.body) == ({}, text)
    assert "line" in draft.problem


def test_a_damaged_header_is_mended(tmp_path: Path) -> None:
    draft = one(tmp_path / "a.txt", "---\ntitle: Ã‰tÃ©\n---\nA swan.".encode())
    assert draft.header == {"title": ("Été",)}
    assert draft.reading.repairs == (Repair(2, "title: Ã‰tÃ©", "title: Été"),)


def test_the_encoding_of_a_folder_and_the_fallback_are_heeded(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes("Anna Štěpánka danced all night in Prague.".encode("iso-8859-2"))
    for options in ({"forced": "iso-8859-2"}, {"fallback": "iso-8859-2"}):
        (draft,) = read(file, **options)
        assert isinstance(draft, Draft)
        assert draft.body.startswith("Anna Štěpánka")
    with pytest.raises(SettingsError, match="koi9"):
        list(read(file, forced="koi9"))


def test_digests_tell_bytes_apart(tmp_path: Path) -> None:
    texts = (b"A swan.", b"A swan.\n", b"A swan.")
    first, other, again = (one(tmp_path / "a.txt", data).digest for data in texts)
    assert first == again != other
    assert len(first) == 32


BAD = (
    (b"", "empty", "an empty file"),
    (b"\n \n", "empty", "white space"),
    (b"%PDF-1.4\x00\x01\x02\x03", "binary", "a binary file"),
    (b"---\ntitle: Swan\n---\n\n", "no text", "a header alone"),
)


@pytest.mark.parametrize(("data", "reason", "why"), BAD, ids=[w for *_, w in BAD])
def test_a_bad_file_is_reported_by_name_with_the_reason(
    tmp_path: Path, data: bytes, reason: str, why: str
) -> None:
    file = tmp_path / "bad.txt"
    file.write_bytes(data)
    (skip,) = read(file)
    assert isinstance(skip, Skip)
    assert skip.path == str(file)
    assert reason in skip.reason


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.jsonl.gz"])
def test_a_file_that_cannot_be_opened_is_reported_by_name(tmp_path: Path, name: str) -> None:
    gone, folder = tmp_path / "gone" / name, tmp_path / name
    folder.mkdir()
    for place in (gone, folder):
        (skip,) = read(place)
        assert isinstance(skip, Skip)
        assert skip.path == str(place)
        assert "cannot be read" in skip.reason


def test_a_file_that_is_too_large_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MAX_FILE", 10)
    (tmp_path / "a.txt").write_bytes(b"x" * 11)
    (skip,) = read(tmp_path / "a.txt")
    assert isinstance(skip, Skip)
    assert "larger" in skip.reason


def test_no_file_is_read_that_takes_more_than_a_few_gigabytes_to_index() -> None:
    # With stock Whoosh a text of 24 MB needed 2.2 GB.
    assert reading.MAX_FILE * 2.2e9 / 24e6 < 4e9


def test_the_fingerprint_follows_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint()
    assert fingerprint() == before
    monkeypatch.setattr(reading, "VERSION", reading.VERSION + 1)
    assert fingerprint() != before


def test_the_broken_dash_of_a_seed_is_mended_and_its_file_left_alone() -> None:
    drafts = {file.name: d for file in reading.walk(SEEDS) if isinstance(file, Path)
              for d in read(file) if isinstance(d, Draft)}  # fmt: skip
    assert len(drafts) == 5
    repaired = [d for d in drafts.values() if d.reading.repairs]
    assert len(repaired) == 1
    assert "worth it – the sacrifices" in repaired[0].body
    assert "worth it â€“ the sacrifices" in repaired[0].reading.repairs[0].before


def test_western_sections_saved_as_windows_1252_come_back(collection: Texts) -> None:
    def fits(text: str) -> bool:
        try:
            data = text.encode("windows-1252")
        except UnicodeEncodeError:
            return False
        return any(byte >= 0x80 for byte in data) and "\r" not in text

    sections = list(itertools.islice(filter(fits, collection("ballet_sections")), 300))
    assert len(sections) == 300
    wrong = [s for s in sections if decode(s.encode("windows-1252")).text != s]
    assert wrong == []


def test_clean_passages_of_novels_hardly_change(collection: Texts) -> None:
    passages = list(itertools.islice(collection("novels_passages"), 6_000))
    assert len(passages) == 6_000
    assert sum(repair(passage)[0] != passage for passage in passages) <= 10
