"""Does the index follow the stories of a file of many, one by one?"""

from __future__ import annotations

import gzip
import json

import pytest

from balletsearch import Library, SourceError
from sync_support import counts, found, old


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "index") as opened:
        yield opened


def records(*texts: tuple[str, str]) -> str:
    return "".join(json.dumps({"id": i, "text": t}) + "\n" for i, t in texts)


def test_records_of_a_json_lines_file_are_followed_one_by_one(library, collection):
    folder = collection(**{"all.jsonl": records(("x", "A swan."), ("y", "A lake."), ("z", "Ice."))})
    library.sync(old(folder))
    assert found(library, "swan") == ["all.jsonl"]
    file = folder / "all.jsonl"
    file.write_text(records(("x", "A swan."), ("y", "A crow."), ("w", "New.")), "utf-8")
    report = library.sync(folder)
    assert report.updated == ("stories/all.jsonl#y",)
    assert report.added == ("stories/all.jsonl#w",)
    assert report.removed == ("stories/all.jsonl#z",)
    old(folder)
    library.sync(folder)
    assert counts(library.sync(folder)) == (0, 0, 0, 0, 3)


def test_a_bad_line_is_reported_each_time_and_loses_no_other(library, collection):
    folder = collection(**{"all.jsonl": records(("x", "A swan.")) + "{broken\n"})
    for _ in range(2):
        report = library.sync(old(folder))
        (skip,) = report.skipped
        assert skip.path.startswith("stories/all.jsonl")
        assert "2" in skip.path
    assert found(library, "swan") == ["all.jsonl"]


def test_a_cut_gzip_file_loses_none_of_the_records_known_from_it(library, collection):
    folder = collection(**{"keep.txt": "Kept."})
    whole = gzip.compress(records(("x", "A swan."), ("y", "A lake.")).encode())
    (folder / "all.jsonl.gz").write_bytes(whole)
    library.sync(old(folder))
    assert len(library) == 3
    (folder / "all.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    report = library.sync(folder)
    assert report.skipped
    assert len(library) == 3


def test_a_bad_line_keeps_no_other_record_alive(library, collection):
    texts = [(f"r{n}", f"Number {n}.") for n in range(6)]
    folder = collection(**{"all.jsonl": records(*texts) + '{"id": "bad"}\n'})
    library.sync(folder)
    (folder / "all.jsonl").write_text(records(*texts[1:]) + '{"id": "bad"}\n', "utf-8")
    assert library.sync(folder).removed == ("stories/all.jsonl#r0",)


def test_a_record_whose_line_is_spoilt_keeps_its_last_good_version(library, collection):
    folder = collection(**{"all.jsonl": records(("x", "A swan."), ("y", "A lake."), ("z", "Ice."))})
    library.sync(folder)
    spoilt = records(("x", "A swan."), ("y", "A lake.")).replace('"A lake."', "null")
    (folder / "all.jsonl").write_text(spoilt + records(("z", "Ice.")), "utf-8")
    report = library.sync(folder)
    (skip,) = report.skipped
    assert "kept" in skip.reason
    assert not report.removed
    assert found(library, "lake") == ["all.jsonl"]


@pytest.mark.parametrize(("left", "refused"), [(0, False), (4, True), (6, False)])
def test_a_file_of_many_that_lost_most_of_its_stories_is_refused(
    library, collection, left, refused
):
    texts = [(f"r{n}", f"Number {n}.") for n in range(10)]
    folder = collection(**{"all.jsonl": records(*texts)})
    library.sync(folder)
    (folder / "all.jsonl").write_text(records(*texts[:left]), "utf-8")
    if refused:
        with pytest.raises(SourceError, match=f"lost {10 - left} of its 10"):
            library.sync(folder)
    elif left == 0:
        (skip,) = library.sync(folder).skipped
        assert "no story" in skip.reason
    else:
        assert len(library.sync(folder).removed) == 10 - left
    assert len(library) == (left if left == 6 else 10)


def test_two_stories_of_one_key_are_told_apart_once_and_for_all(library, collection):
    folder = collection(
        **{"a.jsonl": records(("b.txt", "From the record.")), "a.jsonl#b.txt": "From the file."}
    )
    for _ in range(2):
        report = library.sync(folder)
        (skip,) = report.skipped
        assert "this key already" in skip.reason
    assert len(library) == 1
