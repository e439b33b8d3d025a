"""What happens around a command? Streams are made ready, and every ending gets its exit code.

Click's own `main` is used for shell completion only: it ends the process in its own way on a
closed pipe and on Ctrl-C, with other exit codes than ours.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final

import click

from balletsearch.cli import output
from balletsearch.cli.options import Session
from balletsearch.cli.outcomes import NAME, Outcome, error_lines
from balletsearch.cli.program import program
from balletsearch.errors import OLDER, BalletsearchError
from balletsearch.rendering.characters import visible

__all__ = ["run"]

COMPLETION: Final = "_BALLETSEARCH_COMPLETE"
"""The variable that asks for shell completion."""


def run(args: Sequence[str]) -> int:
    """Run one command with these arguments; its exit code."""
    output.prepare()
    if COMPLETION in os.environ:
        program.main(list(args), prog_name=NAME, complete_var=COMPLETION)
    session = Session()
    try:
        with program.make_context(NAME, list(args), obj=session) as context:
            return _ended(int(program.invoke(context)), session)
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except output.PipeClosedError:
        return Outcome.FOUND
    except BrokenPipeError:  # click prints --help and --version itself
        output.let_go()
        return Outcome.FOUND
    except (KeyboardInterrupt, click.Abort):
        output.say(f"{NAME}: stopped. {session.when_stopped}".rstrip())
        return Outcome.STOPPED
    except (BalletsearchError, click.ClickException, OSError) as error:
        output.say(*error_lines(error, session.query))
        return Outcome.ERROR


def _ended(code: int, session: Session) -> int:
    """The exit code of a command that came to its end: a damaged index is said last."""
    if session.library is None or not session.library.degraded:
        return code
    output.say(
        f"{NAME}: warning: {OLDER[0].lower()}{OLDER[1:]} {visible(session.library.degraded)}"
    )
    return Outcome.DAMAGED
