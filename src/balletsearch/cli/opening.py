"""Which library does a command work on, and what if there is no index yet?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from click.shell_completion import CompletionItem

from balletsearch.cli import output
from balletsearch.cli.options import Session
from balletsearch.cli.progress import progress
from balletsearch.rendering.characters import visible
from balletsearch.rendering.reports import skip_lines, summary
from balletsearch.rendering.results import stories

if TYPE_CHECKING:
    from balletsearch.library import Library

__all__ = ["SEEDS", "begun_word", "opened", "opened_for_search"]

SEEDS: Final = Path("seeds")
"""Where stories are looked for if nobody says where they are."""


def opened(session: Session, engine: str | None = None) -> Library:
    """The library that the options name; use it as a context manager.

    `engine` is the one that is asked for, as in :meth:`Library.open`.
    """
    from balletsearch.library import Library

    session.library = Library.open(
        session.index, engine=engine, on_wait=lambda message: output.say(visible(message))
    )
    return session.library


def opened_for_search(session: Session) -> Library:
    """The same. If it has no index yet and there is a folder `seeds`, that is indexed first."""
    library = opened(session)
    if not library.exists and SEEDS.is_dir():
        output.say(
            f"There is no index in {visible(str(library.path))} yet: building it from ./seeds."
        )
        session.when_stopped = "What was done is kept."
        with progress() as told:
            report = library.sync(SEEDS, progress=told)
        session.when_stopped = ""
        output.say(summary(report, str(SEEDS)), *skip_lines(report.skipped))
    return library


def begun_word(context: click.Context, _of: click.Parameter, begun: str) -> list[CompletionItem]:
    """How the shell completes a word of a query; not at all where there is no index to ask."""
    from balletsearch.errors import BalletsearchError

    try:
        with opened(context.ensure_object(Session)) as library:
            found = library.complete(begun) if library.exists else ()
    except BalletsearchError:
        return []
    # A shell cuts at spaces and takes quotes for its own.
    return [
        CompletionItem(one.text, help=stories(one.count))
        for one in found
        if not set(one.text) & {" ", '"'}
    ]
