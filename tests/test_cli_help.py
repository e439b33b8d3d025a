"""What does somebody read who types a wrong command, or asks for help?"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from balletsearch.cli.program import COMMANDS, program
from balletsearch.query import parse
from balletsearch.query.reference import REFERENCE
from cli_support import AUDREY

# What is said of mistakes: each line is a command that a newcomer may type.

MISTAKES = [
    ("serach swan", "Did you mean 'search'?"),
    ("swan lake", "balletsearch search swan lake"),
    ("search", "Give a QUERY"),
    ("search ''", "no word in the query"),
    ("search --jsno swan", "--json"),
    ("search -moscow", "balletsearch search -- -moscow"),
    ("search swan -night", "balletsearch search -- -night"),
    ("facets work --query swan -moscow", "belongs to the query"),
    ("search swan --where work", "--where work='Swan Lake'"),
    ("search swan --where wrok=x", "There are: "),
    ("search swan --facet wrok", "There are: "),
    ("search swan --facet title", "running text"),
    ("search swan --sort wrok", "There are: "),
    ("search swan --group wrok", "There are: "),
    ("search swan --group title", "running text"),
    ("search swan --facet-find x", "--facet FIELD"),
    ("search swan --facet work --facet-level 1", "no levels"),
    ("search swan --facet words --facet-bounds 5,3", "have to ascend; these are 5, 3"),
    ("search swan --facet words --facet-bounds 5,", "as in 100,300,500"),
    ("search swan --where words=few..many", "'few' is not a number"),
    ("search swan --after here", "Give the cursor of the results before"),
    ("search swan --snippet-length 30", "2 passages take at least 40 characters"),
    ("search swan --fields wrok", "There is no field 'wrok'; there are title, "),
    ("search swan --json --jsonl", "not both"),
    ("search swan --jsonl --facet work", "use --json"),
    ("search swan --all -n 3", "not both"),
    ("search swan -n many", "'many' is not a valid integer"),
    ("search swan -n -1", "-1"),
    ("search 'words:[many TO 500]'", "'many'"),
    ("search swan --color red", "'red' is not one of"),
    ("facets", "Which FIELD?"),
    ("complete", "Which QUERY?"),
    ("complete -danc", "balletsearch complete -- -danc"),
    ("like", "Give either the KEY"),
    ("like a --text seeds/000_a83f02dff7c4fe46.txt", "Give either the KEY"),
    ("like a --json --jsonl", "not both"),
    ("like a --all -n 3", "not both"),
    ("like a --jsonl --facet work", "use --json"),
    ("like --text nowhere.txt", "nowhere.txt"),
    ("like 002_3644c97cb6daeaa2.txt --fields wrok", "There is no field 'wrok'"),
    ("show", "Missing argument 'KEY'"),
    ("show a --field work --json", "not both"),
    ("show 002_3644c97cb6daeaa2.txt --field wrok", "There is no field 'wrok'"),
    ("index nowhere", "nowhere does not exist"),
    ("index seeds --rebuild", "--rebuild takes no PATH"),
    ("index --forget seeds --dry-run", "--forget takes no PATH"),
    ("export --output nowhere/x.jsonl", "nowhere/x.jsonl"),
    ("stats extra", "extra"),
    ("evaluate nowhere.jsonl qrels.tsv", "nowhere.jsonl"),
    ("help qurey", "Did you mean 'query'?"),
    ("help nothing", "query, fields, exit-codes"),
]


@pytest.mark.parametrize(("line", "said"), MISTAKES, ids=[line for line, _ in MISTAKES])
def test_a_mistake_is_exit_code_2_and_the_message_helps(ask, line, said):
    answer = ask(*shlex.split(line))
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("balletsearch: ")
    assert said in answer.err
    assert "Traceback" not in answer.err


def test_without_an_index_or_seeds_index_asks_for_a_folder(fresh):
    answer = fresh("index")
    assert answer.code == 2
    assert "balletsearch index FOLDER" in answer.err


# Help.


def test_without_a_command_the_help_is_shown(ask):
    assert ask() == ask("--help") == ask("-h") == ask("help")
    assert ask().code == 0


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_examples(ask, name):
    shown = ask(name, "--help")
    assert (shown.code, shown.err) == (0, "")
    assert "Examples:" in shown.out
    assert shown == ask(name, "-h")
    assert ask("help", name).out.strip() == shown.out.strip()


def command(name):
    found = program.get_command(click.Context(program), name)
    assert found is not None
    return found


def examples() -> list[str]:
    """Every example in the help of a command."""
    texts = [program.epilog or "", *(command(name).epilog or "" for name in COMMANDS)]
    return [line.strip() for text in texts for line in text.splitlines() if line[:4] == "  ba"]


def write_judgements() -> None:
    """The files of questions and judgements that examples name, in the current folder."""
    for name, text in {
        "queries.jsonl": '{"id": "1", "text": "swan lake"}\n',
        "topics.tsv": "1\tswan lake\n",
        "qrels.tsv": f"query-id\tcorpus-id\tscore\n1\t{AUDREY}\t1\n",
        "qrels.txt": f"1 0 {AUDREY} 1\n",
    }.items():
        Path(name).write_text(text, "utf-8")


@pytest.mark.parametrize("line", examples())
def test_every_example_in_the_help_works(copied, line):
    name, *args = shlex.split(line)
    assert name == "balletsearch"
    write_judgements()
    answer = copied(*args)
    assert answer.code in (0, 1), answer.err
    assert answer.code == 0 or "--forget" in args


def test_the_version_is_shown(ask):
    assert re.fullmatch(r"balletsearch \d+\.\d+\.\d+\S*\n", ask("--version").out)


@pytest.mark.parametrize("topic", ["query", "fields", "exit-codes", "environment", "completion"])
def test_topics_have_help(ask, topic):
    shown = ask("help", topic)
    assert (shown.code, shown.err) == (0, "")
    assert topic in ask("help", "--help").out


def test_the_query_language_is_shown_whole(ask):
    shown = ask("help", "query").out
    assert all(usage.example in shown and usage.wish in shown for usage in REFERENCE)


@pytest.mark.parametrize("usage", REFERENCE, ids=lambda usage: usage.wish)
def test_every_example_of_the_query_language_is_understood(ask, usage):
    assert parse(usage.example, strict=True, saved={"swans": "swan"})
    assert ask("search", "--strict", "--", usage.example).code == 0


def test_the_index_can_be_named_before_and_behind_the_command(fresh, built):
    for args in (["--index", str(built / "index"), "stats"], ["stats", "--index"]):
        full = args if len(args) == 3 else [*args, str(built / "index")]
        assert "stories: 5" in fresh(*full).out


def test_the_option_behind_the_command_counts(fresh, built):
    args = ("--index", "elsewhere", "stats", "--index", str(built / "index"))
    assert "stories: 5" in fresh(*args).out
