"""Does the command line build an index, keep it current and get the stories out again?"""

from __future__ import annotations

import gzip
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from balletsearch.library import Library
from cli_support import AUDREY, WIKTORIA

posix = pytest.mark.skipif(os.name != "posix", reason="pipes with names and free links of POSIX")


def test_the_first_search_builds_an_index_from_seeds(fresh, seeds):
    shutil.copytree(seeds, "seeds")
    found = fresh("search", '"swan lake" dancer:kalmurzaev')
    assert found.code == 0
    assert "building it from ./seeds" in found.err
    assert "5 added" in found.err
    assert "building" not in fresh("search", "moscow").err


@pytest.mark.parametrize(
    "args",
    [["search", "swan"], ["facets", "work"], ["show", "x"], ["stats"], ["export"]],
    ids=lambda args: args[0],
)
def test_without_an_index_the_command_that_builds_one_is_named(fresh, args):
    missing = fresh(*args)
    assert (missing.code, missing.out) == (2, "")
    assert "balletsearch index FOLDER" in missing.err
    assert not Path("index").exists()


def test_an_empty_path_is_not_the_current_folder(fresh):
    Path("mine.txt").write_text("Not to be indexed.", "utf-8")
    refused = fresh("index", "")
    assert refused.code == 2
    assert "a PATH is empty" in refused.err
    assert not Path("index").exists()


def test_index_follows_the_folders_it_knows(copied):
    Path("seeds/new.txt").write_text("A new story of Giselle in Vienna.", "utf-8")
    assert "1 added, 5 unchanged" in copied("index").err
    assert copied("search", "vienna").code == 0


def test_a_dry_run_lists_what_would_change_and_changes_nothing(copied):
    Path("seeds/new.txt").write_text("A new story of Giselle in Vienna.", "utf-8")
    Path(WIKTORIA).unlink()
    shutil.move(AUDREY, "seeds/audrey.txt")
    for _ in range(2):
        planned = copied("index", "seeds", "--dry-run")
        assert planned.code == 0
        assert sorted(planned.out.splitlines()) == [
            "add\tseeds/new.txt",
            f"remove\t{WIKTORIA}",
            f"rename\t{AUDREY}\tseeds/audrey.txt",
        ]
    assert copied("search", "vienna").code == 1


def test_skipped_files_are_named_with_their_reason(copied):
    Path("seeds/broken.txt").write_bytes(b"\x00\x01\x02" * 100)
    Path("seeds/good.txt").write_text("A good story.", "utf-8")
    done = copied("index", "seeds")
    assert done.code == 3
    assert "1 added, 5 unchanged.\n1 skipped:\n  seeds/broken.txt: " in done.err
    assert copied("index", "seeds").code == 3


def test_a_folder_that_is_missing_does_not_keep_others_from_being_indexed(copied):
    Path("more").mkdir()
    Path("more/new.txt").write_text("A new story of Giselle in Vienna.", "utf-8")
    done = copied("index", "nowhere", "more")
    assert done.code == 2
    assert "nowhere" in done.err
    assert "more: 1 added." in done.err


def test_a_folder_can_be_forgotten(copied):
    assert copied("index", "--forget", "seeds").code == 0
    assert copied("search", "*").code == 1
    assert len(list(Path("seeds").iterdir())) == 5
    again = copied("index", "--forget", "nowhere")
    assert again.code == 1


def test_an_index_can_be_built_anew(copied):
    assert "5 stories" in copied("index", "--rebuild").err
    assert copied("search", "swan").code == 0


@pytest.mark.parametrize("name", ["all.jsonl", "all.jsonl.gz"])
def test_what_is_exported_can_be_indexed_again(copied, name):
    assert copied("export", "--output", name).err == f"5 stories in {name}\n"
    assert copied("--index", "again/index", "index", name).code == 0
    for query in ("swan", "kalmurzaev", '"sleeping beauty"'):
        here, there = copied("search", query), copied("--index", "again/index", "search", query)
        assert (here.code, here.err) == (there.code, there.err)


def test_stories_of_one_file_are_called_by_their_records(fresh):
    lines = ({"id": "tales/red_shoes", "text": "A b."}, {"text": "C d."})
    Path("docs.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    assert fresh("index", "docs.jsonl").code == 0
    full = map(json.loads, fresh("export", "--full").out.splitlines())
    assert {tuple(line["fields"]["title"]) for line in full} == {("red shoes",), ("docs 2",)}


def test_an_export_has_every_story_in_order_with_its_text(ask):
    lines = [json.loads(line) for line in ask("export").out.splitlines()]
    assert [line["id"] for line in lines] == sorted(line["id"] for line in lines)
    full = [json.loads(line) for line in ask("export", "--full").out.splitlines()]
    assert [line["text"] for line in full] == [line["text"] for line in lines]
    assert all(line["fields"]["dancer"] for line in full)


def test_an_export_that_fails_leaves_the_file_as_it_was(copied, monkeypatch):
    Path("all.jsonl").write_text("before", "utf-8")

    def broken(_: Library) -> Iterator[None]:
        raise OSError(5, "The disk is gone")
        yield

    monkeypatch.setattr(Library, "stories", broken)
    failed = copied("export", "--output", "all.jsonl")
    assert (failed.code, "The disk is gone: all.jsonl" in failed.err) == (2, True)
    assert Path("all.jsonl").read_text("utf-8") == "before"
    assert not [name for name in os.listdir() if name.startswith(".")]


@posix
def test_an_export_to_a_link_leaves_the_link_and_fills_what_it_leads_to(copied):
    Path("deep").mkdir()
    Path("deep/data").write_text("before", "utf-8")
    for link, goal in (("all.jsonl", "deep/data"), ("hanging.jsonl.gz", "deep/new")):
        Path(link).symlink_to(goal)
        assert copied("export", "--output", link).code == 0
        assert Path(link).is_symlink()
    assert len(Path("deep/data").read_text("utf-8").splitlines()) == 5
    assert len(gzip.decompress(Path("deep/new").read_bytes()).splitlines()) == 5
    assert sorted(os.listdir("deep")) == ["data", "new"]


@posix
@pytest.mark.parametrize("name", ["pipe", "link"])
def test_an_export_to_a_pipe_goes_through_it(copied, name):
    os.mkfifo("pipe")
    Path("link").symlink_to("pipe")
    # Opened for both, a pipe waits for nobody; the five stories fit into it.
    through = os.open("pipe", os.O_RDWR)
    try:
        assert copied("export", "--output", name).code == 0
        assert Path("pipe").is_fifo()
        assert Path("link").is_symlink()
        assert len(os.read(through, 1 << 16).splitlines()) == 5
    finally:
        os.close(through)


def test_an_export_to_a_folder_is_refused(copied):
    Path("folder").mkdir()
    refused = copied("export", "--output", "folder")
    assert (refused.code, "folder" in refused.err) == (2, True)
    assert Path("folder").is_dir()


def test_a_compressed_export_is_compressed(copied):
    copied("export", "-o", "all.jsonl.gz")
    assert len(gzip.decompress(Path("all.jsonl.gz").read_bytes()).splitlines()) == 5


def test_merging_writes_the_index_as_one_piece(fresh, seeds):
    assert fresh("index", "--merge").code == 2
    fresh("index", str(seeds))
    found = fresh("search", "swan", "--json").out
    merged = fresh("index", "--merge")
    assert (merged.code, merged.out) == (0, "")
    assert "One piece now: 5 stories." in merged.err
    assert fresh("search", "swan", "--json").out == found
    assert fresh("index", "--merge", "--rebuild").code == 2
    assert "takes no PATH" in fresh("index", "--merge", str(seeds)).err


def test_the_engine_of_an_index_is_chosen_when_it_is_built(fresh, seeds):
    assert fresh("index", str(seeds), "--engine", "whoosh").code == 0
    assert json.loads(fresh("stats", "--json").out)["engine"] == "whoosh"
    found = json.loads(fresh("search", "swan", "--json").out)
    assert fresh("index", str(seeds), "--engine", "whoosh").code == 0
    refused = fresh("index", str(seeds), "--engine", "columns")
    assert refused.code == 2
    assert "balletsearch index --rebuild --engine columns" in refused.err
    assert fresh("index", "--rebuild").code == 0
    assert json.loads(fresh("stats", "--json").out)["engine"] == "whoosh"
    assert fresh("index", "--rebuild", "--engine", "columns").code == 0
    assert json.loads(fresh("stats", "--json").out)["engine"] == "columns"
    assert [hit["key"] for hit in json.loads(fresh("search", "swan", "--json").out)["hits"]] == [
        hit["key"] for hit in found["hits"]
    ]
