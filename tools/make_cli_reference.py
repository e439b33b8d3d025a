"""Write the reference of the command line, docs/cli.md, from the commands themselves.

    python tools/make_cli_reference.py > docs/cli.md

Every text in it is what `--help` and `balletsearch help TOPIC` say; a test fails where the
file is not what this writes. It is laid out here and not by click, whose layout changes from
version to version.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator

import click

from balletsearch.cli.program import program
from balletsearch.cli.topics import TOPICS
from balletsearch.query.reference import REFERENCE

PLACE = "<!-- Written by tools/make_cli_reference.py from the commands' own help. -->"


def command_page(name: str, command: click.Command) -> Iterator[str]:
    """A command: how it is called, what it does, its options, examples."""
    yield from (f"## {name}", "")
    yield from ("```console", f"$ {usage(name, command)}", "```", "")
    yield from (joined(inspect.cleandoc(command.help or "")), "")
    options = [p for p in command.params if isinstance(p, click.Option)]
    yield from (f"- {option_line(option)}" for option in options)
    yield ""
    yield from epilog(command.epilog or "")


def usage(name: str, command: click.Command) -> str:
    """The command with its arguments."""
    arguments = [p for p in command.params if isinstance(p, click.Argument)]
    words = [argument.metavar or str(argument.name).upper() for argument in arguments]
    return " ".join(["balletsearch", name, "[OPTIONS]", *words])


def option_line(option: click.Option) -> str:
    """An option with its value and what it is for."""
    value = option.metavar or ("" if option.is_flag else choices(option))
    written = f"{', '.join(option.opts)} {value}".strip()
    return f"`{written}`: {joined(option.help or '')}"


def choices(option: click.Option) -> str:
    """What can be given to an option that says nothing else of it."""
    if isinstance(option.type, click.Choice):
        return "|".join(map(str, option.type.choices))
    return str(option.name).upper()


def epilog(text: str) -> Iterator[str]:
    """Paragraphs as prose, those that click leaves as they are (\\b) as code."""
    for paragraph in text.split("\n\n"):
        if paragraph.startswith("\b"):
            heading, *lines = paragraph.lstrip("\b\n").split("\n")
            yield from (heading, "", "```console")
            yield from (re.sub(r"^  ", "$ ", line) for line in lines)
            yield from ("```", "")
        else:
            yield from (joined(paragraph), "")


def joined(text: str) -> str:
    """Paragraphs, each on one line."""
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def topic_page(name: str, about: str) -> Iterator[str]:
    """A topic of `balletsearch help`; the query language as a table."""
    yield from (f"## help {name}: {about}", "")
    if name == "query":
        yield from ("| what is looked for | how it is written | example |", "|---|---|---|")
        yield from (f"| {u.wish} | `{u.form}` | `{u.example}` |" for u in REFERENCE)
        yield ""
    else:
        yield from ("```text", *TOPICS[name][1](), "```", "")


def reference() -> str:
    """The whole page."""
    lines = ["# The command line", "", PLACE, "", joined(inspect.cleandoc(program.help or "")), ""]
    lines += epilog(program.epilog or "")
    context = click.Context(program)
    for name in program.list_commands(context):
        command = program.get_command(context, name)
        if command is not None and name != "help":
            lines += command_page(name, command)
    for name, (about, _) in TOPICS.items():
        lines += topic_page(name, about)
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    sys.stdout.buffer.write(reference().encode())
