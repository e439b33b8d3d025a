"""Do complete, like and suggestions print what they should, for people and for programs?"""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import click
import pytest

from balletsearch.cli.program import program
from cli_support import AUDREY, WIKTORIA

# Suggestions.


def test_what_may_be_meant_is_said_on_standard_error(ask):
    found = ask("search", "swan", "laek")
    assert (found.code, found.out) == (1, "")
    assert found.err == "No story found.\nDid you mean: swan lake? (2 stories)\n"


def test_signs_stay_in_what_may_be_meant(ask):
    found = ask("search", 'place:mosocw "swna lake" -firebird')
    assert 'Did you mean: place:moscow "swan lake" -firebird? (2 stories)' in found.err


def test_a_suggestion_is_in_the_document(ask):
    document = json.loads(ask("search", "swan laek", "--json").out)
    assert document["suggestion"] == {"text": "swan lake", "total": 2}
    assert json.loads(ask("search", "swan", "--json").out)["suggestion"] is None


def test_nothing_is_said_where_nothing_is_wrong(ask):
    assert "mean" not in ask("search", "swan").err
    assert "mean" not in ask("search", "juggler").err
    assert "mean" not in ask("facets", "work", "--query", "swan").err


# Completion.


def test_completions_are_lines_of_query_count_and_kind(ask):
    found = ask("complete", "moscow", "work:sw")
    assert (found.code, found.err) == (0, "")
    assert found.out.splitlines() == [
        "moscow work:swan\t2\tword",
        'moscow work:"Swan Lake"\t2\tvalue',
    ]
    assert len(ask("complete", "s", "-n", "3").out.splitlines()) == 3


def test_nothing_to_complete_is_exit_code_1(ask):
    assert ask("complete", "xqzvk") == ask("complete", "swan ")
    assert ask("complete", "xqzvk").code == 1


def test_completions_as_json(ask):
    document = json.loads(ask("complete", "danc", "--json").out)
    assert document["query"] == "danc"
    assert document["completions"][0] == {
        "text": "dance",
        "piece": "dance",
        "kind": "word",
        "count": 4,
    }
    assert document["completions"][-1]["kind"] == "field"
    assert json.loads(ask("complete", "xqzvk", "--json").out)["completions"] == []


def completed(begun: str, *args: str) -> list[str]:
    """What the shell is told of a word of a query."""
    command = program.get_command(click.Context(program), "search")
    assert command is not None
    root = program.make_context("balletsearch", [*args, "search"], resilient_parsing=True)
    context = command.make_context("search", [], parent=root, resilient_parsing=True)
    return [item.value for item in command.params[0].shell_complete(context, begun)]


def test_the_shell_completes_words_of_a_query(ask, built):
    assert completed("danc") == ["dance", "danced", "dancer", "dancers", "dancing", "dancer:"]
    assert completed("role:od") == ["role:Odette", "role:Odile"]
    assert completed("work:sw") == ["work:swan"], "a shell cuts values with spaces"
    assert completed("danc", "--index", str(built / "index"))


def test_the_shell_completes_nothing_where_there_is_no_index(fresh):
    assert completed("danc") == []
    assert not Path("index").exists()


# Likeness.


def test_stories_like_one_come_with_what_they_have_in_common(ask):
    found = ask("like", Path(AUDREY).name, "-n", "1")
    assert found.code == 0
    assert found.out.startswith("1. Wiktoria Kovalova\n")
    assert "[" in found.out
    assert found.err == "1 of 4 stories\n"


def test_options_are_those_of_search(ask):
    narrow = ask("like", AUDREY, "--where", "work=Swan Lake", "--no-snippets", "--fields", "words")
    assert narrow.err == "1 story\n"
    assert "[" not in narrow.out
    assert "words: " in narrow.out
    whole = [json.loads(line) for line in ask("like", AUDREY, "--all", "--jsonl").out.splitlines()]
    assert len(whole) == 4
    page = [json.loads(x) for x in ask("like", AUDREY, "--offset", "2", "--jsonl").out.splitlines()]
    assert page == whole[2:]
    document = json.loads(ask("like", AUDREY, "--json", "--facet", "work").out)
    assert document["hits"] == whole
    assert "OR" in document["query"]
    assert document["facets"]["work"]["values"]


def test_a_text_has_its_like_too(ask):
    found = ask("like", "--text", WIKTORIA, "--jsonl", "-n", "1")
    assert json.loads(found.out)["key"] == WIKTORIA


def test_the_header_of_a_text_is_no_part_of_it(copied):
    Path("new.txt").write_text("---\ndancer: Audrey\n---\nOdile and Odette, the swans", "utf-8")
    query = json.loads(copied("like", "--text", "new.txt", "--json").out)["query"]
    assert "audrey" not in query.casefold()
    assert "odile" in query


def test_a_text_may_come_through_a_pipe(ask, monkeypatch):
    text = io.BytesIO(b"Odile and Odette, the swans")
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=text, isatty=lambda: False))
    assert ask("like", "--text", "-").code == 0


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02"], ids=["empty", "binary"])
def test_what_is_no_text_is_told_by_its_name(copied, data):
    Path("odd.txt").write_bytes(data)
    found = copied("like", "--text", "odd.txt")
    assert (found.code, found.out) == (2, "")
    assert "odd.txt cannot be read as a text" in found.err


def test_a_story_that_is_not_there_or_may_be_several_has_no_like(copied):
    missing = copied("like", "nobody.txt")
    assert (missing.code, missing.out) == (1, "")
    assert "nobody.txt" in missing.err
    Path("more").mkdir()
    shutil.copy(AUDREY, "more")
    copied("index", "more")
    several = copied("like", Path(AUDREY).name)
    assert (several.code, several.out) == (2, "")
    assert f"more/{Path(AUDREY).name}" in several.err
