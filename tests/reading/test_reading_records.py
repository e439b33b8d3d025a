"""Does every line of a JSON Lines file become a story or a reason?"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from balletsearch.model import Repair
from balletsearch.reading import read, records
from balletsearch.reading.drafts import Draft
from balletsearch.reports import Skip

GOOD = {"id": "swan", "text": "A swan.", "dancer": ["Anna", "Vera"], "year": 1890, "x": None}


def of_lines(folder: Path, *lines: bytes) -> list[Draft | Skip]:
    file = folder / "stories.jsonl"
    file.write_bytes(b"\n".join(lines))
    return list(read(file))


def draft_of(folder: Path, value: object) -> Draft:
    (draft,) = of_lines(folder, json.dumps(value).encode())
    assert isinstance(draft, Draft)
    return draft


def test_a_line_gives_name_text_and_header(tmp_path: Path) -> None:
    draft = draft_of(tmp_path, GOOD)
    assert (draft.record, draft.line, draft.body) == ("swan", 1, "A swan.")
    assert draft.header == {"dancer": ("Anna", "Vera"), "year": ("1890",)}


def test_body_and_key_are_other_names_and_only_used_where_needed(tmp_path: Path) -> None:
    assert draft_of(tmp_path, {"key": 7, "body": "A."}).record == "7"
    both = draft_of(tmp_path, {"id": "a", "key": "C minor", "text": "A."})
    assert (both.record, both.header) == ("a", {"key": ("C minor",)})


def test_numbers_and_truths_are_kept_as_written(tmp_path: Path) -> None:
    (draft,) = of_lines(tmp_path, b'{"text": "A.", "a": 1.10, "b": true, "c": 1e400}')
    assert isinstance(draft, Draft)
    assert draft.header == {"a": ("1.10",), "b": ("true",), "c": ("1e400",)}


def test_a_record_without_a_name_is_called_by_its_line(tmp_path: Path) -> None:
    drafts = of_lines(tmp_path, b'{"text": "A."}', b"", b'{"text": "B.", "id": null}')
    assert [d.record for d in drafts if isinstance(d, Draft)] == ["1", "3"]


BAD = (
    (b"{", "not JSON", "half an object"),
    (b"[1]", "no object", "a list"),
    (b'{"id": "x"}', "no 'text'", "no text"),
    (b'{"text": ["A."]}', "no 'text'", "a list for a text"),
    (b'{"text": "  "}', "empty", "white space"),
    (b'{"text": "a\\u0000b"}', "binary", "a zero"),
    (b'{"text": "pli\xe9"}', "not UTF-8 from byte 14", "another encoding"),
    (b'{"text": "A.", "id": ["x"]}', "neither", "a list for a name"),
    (b'{"text": ' + b"[" * 200_000, "nested", "depth"),
)


@pytest.mark.parametrize(("line", "reason", "why"), BAD, ids=[w for *_, w in BAD])
def test_a_bad_line_is_reported_by_number_and_loses_no_other(
    tmp_path: Path, line: bytes, reason: str, why: str
) -> None:
    before, skip, after = of_lines(tmp_path, b'{"text": "A."}', line, b'{"text": "C."}')
    assert isinstance(skip, Skip)
    assert skip.path == f"{tmp_path / 'stories.jsonl'}:line 2"
    assert reason in skip.reason
    assert isinstance(before, Draft)
    assert isinstance(after, Draft)


def test_a_name_given_twice_is_read_once_and_the_first_line_named(tmp_path: Path) -> None:
    first, skip = of_lines(tmp_path, b'{"text": "A.", "id": 7}', b'{"text": "B.", "id": "7"}')
    assert isinstance(first, Draft)
    assert isinstance(skip, Skip)
    assert "line 1" in skip.reason


def test_text_and_header_are_mended_under_the_number_of_the_line(tmp_path: Path) -> None:
    value = {"text": "One.\nHe said â€“ no.", "title": "Ã‰tÃ©"}
    draft = draft_of(tmp_path, value)
    assert draft.body == "One.\nHe said – no."
    assert draft.header == {"title": ("Été",)}
    assert Repair(1, "He said â€“ no.", "He said – no.") in draft.reading.repairs


def test_text_comes_in_nfc_with_line_feeds_and_without_half_characters(tmp_path: Path) -> None:
    (draft,) = of_lines(tmp_path, b'{"text": "e\\u0301\\r\\nx\\ud800y"}')
    assert isinstance(draft, Draft)
    assert draft.body == "\u00e9\nx\N{REPLACEMENT CHARACTER}y"


def test_a_byte_order_mark_is_allowed(tmp_path: Path) -> None:
    (draft,) = of_lines(tmp_path, b'\xef\xbb\xbf{"text": "A."}')
    assert isinstance(draft, Draft)


def test_digests_are_of_the_line_alone(tmp_path: Path) -> None:
    a, b = of_lines(tmp_path, b'{"text": "A."}', b'{"text": "B."}')
    b_alone, a_later = of_lines(tmp_path, b'{"text": "B."}\r', b'{"text": "A."}')
    assert isinstance(a, Draft)
    assert isinstance(b, Draft)
    assert isinstance(a_later, Draft)
    assert isinstance(b_alone, Draft)
    assert (a.digest, b.digest) == (a_later.digest, b_alone.digest)
    assert a.digest != b.digest


def test_a_gzipped_file_is_read_alike(tmp_path: Path) -> None:
    file = tmp_path / "STORIES.JSONL.GZ"
    file.write_bytes(gzip.compress(json.dumps(GOOD).encode()))
    (draft,) = read(file)
    assert isinstance(draft, Draft)
    assert draft.record == "swan"


def test_of_a_truncated_gzip_the_whole_lines_are_read_and_the_file_is_reported(
    tmp_path: Path,
) -> None:
    file = tmp_path / "stories.jsonl.gz"
    whole = b"".join(b'{"text": "Story %d"}\n' % n for n in range(20_000))
    packed = gzip.compress(whole)
    file.write_bytes(packed[: len(packed) // 2])
    *drafts, skip = read(file)
    assert len(drafts) > 1_000
    assert all(isinstance(d, Draft) for d in drafts)
    assert isinstance(skip, Skip)
    assert skip.path == str(file)
    assert f"beyond line {len(drafts)}" in skip.reason


def test_what_is_no_gzip_is_reported(tmp_path: Path) -> None:
    file = tmp_path / "stories.jsonl.gz"
    file.write_bytes(b'{"text": "A."}')
    (skip,) = read(file)
    assert isinstance(skip, Skip)
    assert skip.path == str(file)


def test_a_line_that_is_too_long_loses_only_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "MAX_LINE", 64)
    long = json.dumps({"text": "x" * 300}).encode()
    before, skip, after = of_lines(tmp_path, b'{"text": "A."}', long, b'{"text": "C."}')
    assert isinstance(before, Draft)
    assert isinstance(skip, Skip)
    assert isinstance(after, Draft)
    assert after.line == 3
    assert "longer" in skip.reason


def test_a_line_that_does_not_end_stops_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "MAX_LINE", 64)
    before, skip, bomb = of_lines(tmp_path, b'{"text": "A."}', b"x" * 10_000, b'{"text": "C."}')
    assert isinstance(before, Draft)
    assert isinstance(skip, Skip)
    assert isinstance(bomb, Skip)
    assert "bomb" in bomb.reason
    assert bomb.path == str(tmp_path / "stories.jsonl")
