"""Does the program behave in a shell? Exit codes, streams, pipes, colours, Ctrl-C, encodings."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from balletsearch.library import Library
from balletsearch.model import Story
from cli_support import COMMAND, called, in_shell

posix = pytest.mark.skipif(os.name == "nt", reason="needs a POSIX system")

EVIL = "She saw \x1b[31mred\x1b[0m, \x9b2J, \u202eturned\u202c and \x07 swans."
"""What a story may hold that must not reach a terminal."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Path:
    """A folder with an index of the five stories, and of one that holds control characters."""
    folder = tmp_path_factory.mktemp("home")
    with Library.open(folder / "index") as library:
        library.sync(seeds)
        library.add(Story("evil", EVIL, {"title": "E\x1b[2Jvil", "work": "W\x1b]0;x\x07"}))
    return folder


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an index whose export is far larger than what a pipe holds (64 KB)."""
    folder = tmp_path_factory.mktemp("large")
    text = "She danced on and on, and nobody could say why she ever stopped. " * 40
    with Library.open(folder / "index") as library:
        library.add(*(Story(f"story {n}", text) for n in range(300)))
    return folder


OUTCOMES = [
    (["search", "swan"], 0, "found"),
    (["search", "juggler"], 1, "nothing found"),
    (["search", "words:[x TO y]"], 2, "an error"),
    (["serach", "swan"], 2, "misuse"),
    (["index", "bad"], 3, "something was skipped"),
]


@pytest.mark.parametrize(("args", "code", "why"), OUTCOMES, ids=[o[2] for o in OUTCOMES])
def test_exit_codes_reach_the_shell(home, args, code, why):
    (home / "bad").mkdir(exist_ok=True)
    (home / "bad" / "binary.txt").write_bytes(b"\x00\x01" * 200)
    answer = in_shell(*args, cwd=home)
    assert answer.code == code
    assert bool(answer.out) == (code == 0)
    assert answer.err


# What is imported.


def loaded(home: Path, *args: str) -> set[str]:
    """The modules that a command imports."""
    code = (
        "import sys\n"
        "from balletsearch.cli.running import run\n"
        f"run({list(args)!r})\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=home, capture_output=True, text=True, check=True
    )
    return set(done.stderr.splitlines()[-1].split())


HEAVY = {"nltk", "yaml", "ftfy", "charset_normalizer", "rapidfuzz", "ahocorasick_rs"}


@pytest.mark.parametrize("args", [["--help"], ["search", "--help"], ["--version"]], ids=" ".join)
def test_help_imports_nothing_heavy(home, args):
    assert not loaded(home, *args) & (HEAVY | {"whoosh"})


def test_a_search_for_words_of_the_index_imports_neither_nltk_nor_yaml(home):
    args = ("search", '"swan lake" dancer:kalmurzaev moscow', "--facet", "work")
    found = loaded(home, *args)
    assert not found & HEAVY
    # Nor what only a sync or the making of an index has need of.
    assert not found & {
        "balletsearch.reports",
        "balletsearch.reading.drafts",
        "balletsearch.analysis.sentences",
        "balletsearch.analysis.bulk_stemming",
    }


@pytest.mark.parametrize("word", ["swan", "arabesquing"])
def test_a_search_for_one_word_does_not_wait_for_masked_arrays(home, word):
    """NumPy imports them when it is asked for distinct values, which takes 15 ms."""
    assert "numpy.ma" not in loaded(home, "search", word)


# Pipes.


@posix
@pytest.mark.parametrize("args", [["export"], ["search", "danced", "--all"]], ids=lambda a: a[0])
def test_a_reader_that_stops_reading_is_no_error(large, args):
    with subprocess.Popen(
        (*COMMAND, *args), cwd=large, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() in (b"", b"300 stories\n")
        assert process.wait(60) == 0


@posix
@pytest.mark.parametrize("args", ["--help", "--version", "help query", "stats"])
def test_a_pipe_that_nobody_reads_is_no_error(home, args):
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        (*COMMAND, *args.split()), cwd=home, stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@posix
def test_errors_that_nobody_reads_leave_the_results_alone(home):
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        (*COMMAND, "search", "swan (lake"),
        cwd=home,
        stdout=subprocess.PIPE,
        stderr=writing,
        check=False,
    )
    os.close(writing)
    assert done.returncode == 0
    assert b"1. " in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("args", [["search", "swan"], ["export"]], ids=lambda a: a[0])
def test_a_full_disk_is_an_error(home, args):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            (*COMMAND, *args), cwd=home, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 2
    assert done.stderr.startswith("balletsearch: Standard output cannot be written: ")
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


# Ctrl-C.


@posix
def test_ctrl_c_ends_with_one_line_and_keeps_what_was_done(tmp_path):
    story = json.dumps({"text": "Anna danced in Paris and in Moscow. " * 60})
    (tmp_path / "many.jsonl").write_text(f"{story}\n" * 20_000, "utf-8")
    process = subprocess.Popen(
        (*COMMAND, "index", "many.jsonl"),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    patience = time.monotonic() + 60
    while not (tmp_path / "index" / "manifest.json").exists() and time.monotonic() < patience:
        time.sleep(0.01)
    time.sleep(0.3)  # into the midst of the work
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert err.splitlines() == [
        "balletsearch: stopped. What was done is kept; the same command goes on from there."
    ]
    (tmp_path / "many.jsonl").write_text(f"{story}\n" * 20, "utf-8")
    assert in_shell("index", "many.jsonl", "--force", cwd=tmp_path).code == 0
    assert "stories: 20" in in_shell("stats", cwd=tmp_path).out


# Encodings.


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_letters_that_an_encoding_lacks_are_written_as_escapes(home, encoding):
    text = in_shell("search", "klara", cwd=home, encoding=encoding)
    assert text.code == 0
    shown = "Klára" if encoding != "ascii" else r"Kl\xe1ra"
    assert shown in text.out
    (line,) = in_shell("search", "klara", "--jsonl", cwd=home, encoding=encoding).out.splitlines()
    assert json.loads(line)["title"] == "Klára Kalmurzaev"


@posix
def test_the_plain_locale_crashes_nothing(home):
    env = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    answer = in_shell("search", "moscow foo:Klára", cwd=home, env=env, encoding="")
    assert (answer.code, "Traceback" in answer.err) == (1, False)


@posix
@pytest.mark.parametrize(
    "args",
    [["search", b"sw\xff"], ["show", b"\xff"], ["index", b"\xff"], ["stats", "--index", b"\xff"]],
    ids=lambda args: args[0],
)
def test_bytes_that_are_no_text_are_shown_as_escapes(home, args):
    answer = in_shell(*args, cwd=home)
    assert answer.code in (1, 2)
    assert "Traceback" not in answer.err
    assert args[0] == "search" or r"\xff" in answer.err


@posix
def test_a_file_name_that_is_no_text_is_reported_and_loses_no_other(tmp_path):
    (tmp_path / "stories").mkdir()
    (tmp_path / "stories" / "good.txt").write_text("A good story.", "utf-8")
    try:
        Path(os.fsdecode(bytes(tmp_path / "stories") + b"/caf\xe9.txt")).write_text("x", "utf-8")
    except OSError:
        pytest.skip("this file system takes no such name")
    answer = in_shell("index", "stories", cwd=tmp_path)
    assert answer.code == 3
    assert "1 added" in answer.err
    assert "caf" in answer.err


# Control characters.

CONTROLS = set(map(chr, [*range(0x0A), *range(0x0B, 0x20), *range(0x7F, 0xA0)])) - {"\t"}
CONTROLS |= set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@pytest.mark.parametrize(
    "args",
    [
        ["search", "turned", "--facet", "work"],
        ["search", "turned", "--json"],
        ["search", "\x1b[1m turned (foo:\u202ex"],
        ["search", "turned", "--where", "a\x1b[1m=x"],
        ["search", "--\x1b[1m"],
        ["\x1b[1m"],
        ["show", "evil"],
        ["show", "evil", "--field", "body"],
        ["show", "evil", "--json"],
        ["show", "\x1b[1m"],
        ["facets", "work"],
        ["export"],
        ["index", "\x1b[1m\x9b"],
        ["help", "\x1b[1m"],
    ],
    ids=ascii,
)
def test_control_characters_are_never_written(home, args, capsys, monkeypatch):
    monkeypatch.chdir(home)
    monkeypatch.setenv("COLUMNS", "80")
    answer = called(capsys, *args)
    assert not CONTROLS & set(answer.out.replace("\r\n", "\n"))
    assert not CONTROLS & set(answer.err.replace("\r\n", "\n"))


def test_control_characters_are_not_written_by_a_process_either(home):
    answer = in_shell("search", "\x1b[1m turned OR (foo:\u202ex", cwd=home)
    assert "turned" in answer.out
    assert "not closed" in answer.err
    assert not CONTROLS & set((answer.out + answer.err).replace("\r\n", "\n"))


def test_json_holds_the_control_characters_all_the_same(home):
    assert json.loads(in_shell("show", "evil", "--json", cwd=home).out)["text"] == EVIL


# Terminals.


def on_terminal(home: Path, *args: str, **env: str) -> str:
    """What a command writes, both outputs together, to a terminal of 50 columns."""
    fcntl = pytest.importorskip("fcntl")
    pty = pytest.importorskip("pty")
    termios = pytest.importorskip("termios")
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, bytes([24, 0, 50, 0, 0, 0, 0, 0]))
    variables = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
    process = subprocess.Popen(
        (*COMMAND, *args),
        cwd=home,
        env={**variables, "TERM": "xterm", **env},
        stdin=slave,
        stdout=slave,
        stderr=slave,
    )
    os.close(slave)
    written = b""
    while True:
        try:
            part = os.read(master, 4096)
        except OSError:  # what Linux says when the other side has gone
            break
        if not part:
            break
        written += part
    os.close(master)
    assert process.wait(60) in (0, 1)
    return written.decode().replace("\r\n", "\n")


BOLD_SWAN = "\x1b[1;31mSwan Lake\x1b[0m"


def test_a_terminal_gets_colours_and_lines_of_its_width(home):
    shown = on_terminal(home, "search", '"swan lake" dancer:audrey', "--fields", "work")
    assert BOLD_SWAN in shown or "\x1b[1;31mSwan\x1b[0m\n" in shown
    assert max(map(len, shown.splitlines())) < 50 + len("\x1b[1;31m\x1b[0m") * 2


COLOURLESS = [
    ({"NO_COLOR": "1"}, ()),
    ({"TERM": "dumb"}, ()),
    ({}, ("--color", "never")),
]


@pytest.mark.parametrize(("env", "options"), COLOURLESS, ids=["NO_COLOR", "dumb", "never"])
def test_a_terminal_gets_no_colours_where_they_are_not_wanted(home, env, options):
    shown = on_terminal(home, "search", '"swan lake" dancer:audrey', *options, **env)
    assert "\x1b" not in shown
    assert "[Swan" in shown
    assert "\x1b" in on_terminal(home, "search", "swan", "--color", "always", **env)


def test_a_pipe_gets_colours_only_if_told_so(home):
    assert "\x1b" not in in_shell("search", "swan", cwd=home).out
    assert "\x1b[1;31m" in in_shell("search", "swan", "--color", "always", cwd=home).out
    assert "\x1b[1;31m" in in_shell("--color", "always", "search", "swan", cwd=home).out


def test_a_terminal_gets_a_bar_while_stories_are_read(tmp_path, seeds):
    shown = on_terminal(tmp_path, "index", str(seeds))
    assert "0 of 5" in shown
    assert shown.endswith("5 added.\n")


# Completion and reference.


def test_the_shell_completes_fields(home):
    env = {
        "_BALLETSEARCH_COMPLETE": "bash_complete",
        "COMP_WORDS": "balletsearch search --where wo",
        "COMP_CWORD": "3",
    }
    answer = in_shell(cwd=home, env=env)
    assert answer.out.split() == ["plain,work="]


def test_the_reference_is_what_the_commands_say():
    project = Path(__file__).parent.parent
    made = subprocess.run(
        [sys.executable, "tools/make_cli_reference.py"],
        cwd=project,
        capture_output=True,
        check=True,
    )
    page = (project / "docs" / "cli.md").read_text("utf-8")
    assert page == made.stdout.decode(), "run: python tools/make_cli_reference.py > docs/cli.md"
