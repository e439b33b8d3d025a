"""`balletsearch help`: what is there to know beside the options of each command?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from typing import Final

import click
from click.shell_completion import CompletionItem

from balletsearch.cli import output
from balletsearch.cli.options import common
from balletsearch.cli.outcomes import MEANINGS, Outcome
from balletsearch.fields import FIELDS

__all__ = ["TOPICS", "help_command"]


def _query() -> Iterator[str]:
    from balletsearch.query.reference import REFERENCE

    yield "How to ask. In the shell, put the whole query into single quotes."
    yield ""
    rows = [("what is looked for", "how it is written", "example")]
    rows += [(usage.wish, usage.form, usage.example) for usage in REFERENCE]
    yield from _table(rows)
    yield ""
    yield "Words count in any form (dancing finds danced), without regard to case and accents;"
    yield "in quotes they stand exactly so, in this order. Signs stand beside letters: the ? of a"
    yield "question is none. A pattern is a regular expression as RE2 has them, and fits a whole"
    yield "word. Signs without a meaning are left out and reported; --strict refuses them, --plain"
    yield "takes them as mere text."


def _fields() -> Iterator[str]:
    yield "The fields of a story. Every other key in the header of a story is a field too."
    yield ""
    rows = [("field", "what it holds", "other names")]
    rows += [(f.name, f.help, ", ".join(f.aliases)) for f in FIELDS.values()]
    yield from _table(rows)


def _exit_codes() -> Iterator[str]:
    yield from _table([(str(int(code)), meaning) for code, meaning in MEANINGS.items()])


def _environment() -> Iterator[str]:
    yield from _table(
        [
            ("BALLETSEARCH_INDEX", "the folder of the index, unless --index is given"),
            ("NO_COLOR", "if it is set, no colours (--color always overrides it)"),
            ("TERM", "if it is 'dumb', no colours"),
            ("COLUMNS", "how wide the terminal is, if it does not say so itself"),
        ]
    )
    yield ""
    yield "A file balletsearch.toml beside the collection can hold settings (index, languages,"
    yield "encoding, gazetteer, rules for folders)."


def _completion() -> Iterator[str]:
    yield "To have commands, options and fields completed, add to the file named the line below it."
    for shell, file, line in (
        ("bash", "~/.bashrc", 'eval "$(_BALLETSEARCH_COMPLETE=bash_source balletsearch)"'),
        ("zsh", "~/.zshrc", 'eval "$(_BALLETSEARCH_COMPLETE=zsh_source balletsearch)"'),
        (
            "fish",
            "~/.config/fish/completions/balletsearch.fish",
            "_BALLETSEARCH_COMPLETE=fish_source balletsearch | source",
        ),
    ):
        yield from ("", f"{shell}: {file}", f"  {line}")


TOPICS: Final[dict[str, tuple[str, Callable[[], Iterator[str]]]]] = {
    "query": ("how to ask", _query),
    "fields": ("what is known of a story", _fields),
    "exit-codes": ("what a script can learn from the exit code", _exit_codes),
    "environment": ("variables and files that are looked at", _environment),
    "completion": ("how the shell completes commands", _completion),
}


def _table(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Columns side by side, two spaces apart."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(wide) for cell, wide in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _topic(_context: click.Context, _of: click.Parameter, begun: str) -> list[CompletionItem]:
    return [
        CompletionItem(name, help=about)
        for name, (about, _) in TOPICS.items()
        if name.startswith(begun)
    ]


@click.command(
    "help",
    epilog="""\b
Topics:
"""
    + "\n".join(f"  {name:12} {about}" for name, (about, _) in TOPICS.items())
    + """

\b
Examples:
  balletsearch help query
  balletsearch help search""",
)
@click.argument("topic", required=False, shell_complete=_topic)
@common
@click.pass_context
def help_command(context: click.Context, topic: str | None) -> int:
    """Explain a command, or a topic such as the query language."""
    group = context.find_root()
    program = group.command
    commands = program.list_commands(group) if isinstance(program, click.Group) else []
    if topic is None:
        output.write([context.get_help() if group is context else group.get_help()])
    elif topic in TOPICS:
        output.write(TOPICS[topic][1]())
    elif (
        isinstance(program, click.Group)
        and topic in commands
        and (command := program.get_command(group, topic))
    ):
        output.write([command.get_help(click.Context(command, info_name=topic, parent=group))])
    else:
        known = [*TOPICS, *commands]
        near = get_close_matches(topic, known, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"There are {', '.join(known)}"
        raise click.UsageError(f"There is no help on '{topic}'. {hint}", context)
    return Outcome.FOUND
