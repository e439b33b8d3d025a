"""Does what the README shows happen as it is shown?"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from balletsearch.query.reference import REFERENCE
from cli_support import called

PROJECT = Path(__file__).parent.parent
README = (PROJECT / "README.md").read_text("utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


@pytest.fixture
def place(tmp_path, seeds, monkeypatch):
    """An empty folder with the stories in it, as after a clone."""
    shutil.copytree(seeds, tmp_path / "seeds")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_shell_block_prints_what_it_shows(place, capsys, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    (block,) = blocks("console")
    steps = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    assert len(steps) >= 8
    for step in steps:
        command, _, shown = step.partition("\n")
        program, *arguments = shlex.split(command)
        assert program == "balletsearch"
        answer = called(capsys, *arguments)
        assert answer.code == 0, answer.err
        if shown:
            assert answer.out.rstrip() == shown.rstrip(), command
    assert (place / "all.jsonl").stat().st_size > 10_000


def test_the_package_is_a_program_too(place):
    run = subprocess.run(
        [sys.executable, "-m", "balletsearch", "--version"],
        capture_output=True,
        check=True,
        text=True,
    )
    assert run.stdout.startswith("balletsearch ")


def printed_by(block: str) -> list[str]:
    """What a block of Python prints, line by line."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(block, "README.md", "exec"), {})  # noqa: S102  # our own README
    return out.getvalue().splitlines()


def test_the_python_block_runs_and_finds_what_it_says(place):
    block = blocks("python")[0]
    *hits, last = printed_by(block)
    assert [hit.split(" … ")[0].rsplit(" ", 1)[0] for hit in hits] == [
        "Audrey Kalmurzaev",
        "Wiktoria Kovalova",
    ]
    promised = block.splitlines()[-1].partition("# ")[2].removesuffix(", …")
    assert last.startswith(promised)


def test_the_block_on_facets_and_pages_prints_what_it_says(place):
    (block,) = (block for block in blocks("python") if "FacetRequest" in block)
    printed_by('from balletsearch import Library\nLibrary.open("index").sync("seeds")')
    promised = [line.partition("# ")[2] for line in block.splitlines() if "  # " in line]
    *said, first, html = printed_by(block)
    assert said == promised
    assert first.endswith(", 1)")
    assert "<mark>" in html


def test_the_whoosh_block_runs_on_the_index_of_the_one_before(place):
    ours, *_, whoosh = blocks("python")
    printed_by(ours)
    *hits, last = printed_by(whoosh)
    assert [hit.split(" <b ")[0].split()[:3] for hit in hits] == [
        ["Audrey", "Kalmurzaev", "430"],
        ["Wiktoria", "Kovalova", "401"],
    ]
    assert all(">Swan</b>" in hit for hit in hits)
    assert last == whoosh.splitlines()[-1].partition("# ")[2] == "2"


def test_the_header_block_is_understood(place):
    from balletsearch import Library

    (block,) = blocks("text")
    (place / "seeds" / "understudy.txt").write_text(block, "utf-8")
    with Library.open("index") as library:
        library.sync("seeds")
        (hit,) = library.search("year:[1900 TO 1920] dancer:pavlova").hits
    assert hit.title == "The Understudy"


def test_the_settings_block_is_understood(place):
    from balletsearch.settings import load

    (block,) = blocks("toml")
    (place / "balletsearch.toml").write_text(block, "utf-8")
    assert load(place).languages == ("en", "fr")


def test_the_table_of_the_query_language_is_the_one_of_the_program():
    rows = [f"| {u.wish} | `{u.form}` | `{u.example}` |" for u in REFERENCE]
    assert "\n".join(rows) in README


def test_every_example_of_the_table_finds_something_in_the_seeds(place):
    from balletsearch import Library

    with Library.open("index") as library:
        library.sync("seeds")
        library.save("swans", '"swan lake" OR odette')
        for usage in REFERENCE:
            results = library.search(usage.example, strict=True)
            assert results.total, usage


def test_the_page_of_the_query_language_is_what_the_parser_says():
    tool = [sys.executable, "tools/make_query_reference.py"]
    made = subprocess.run(tool, cwd=PROJECT, capture_output=True, check=True)
    page = (PROJECT / "docs" / "query.md").read_text("utf-8")
    assert page == made.stdout.decode(), "run: python tools/make_query_reference.py"


def test_the_two_lines_are_there_for_the_check_to_run():
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    assert len(lines) == 2
    assert all(line.startswith("python3 -m venv .venv && ") for line in lines)


def test_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (PROJECT / target).exists(), target
