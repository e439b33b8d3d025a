"""`balletsearch check`: is the index what was written, and can it be mended?"""

from __future__ import annotations

import click

from balletsearch.cli import output
from balletsearch.cli.indexing import tell_mended
from balletsearch.cli.opening import opened
from balletsearch.cli.options import Session, common
from balletsearch.cli.outcomes import Outcome
from balletsearch.cli.progress import progress
from balletsearch.rendering.characters import visible

__all__ = ["check"]


@click.command(
    "check",
    epilog="""\b
Examples:
  balletsearch check
  balletsearch check --deep
  balletsearch check --repair

Each fault is a line on standard output that names the file. The exit code is 0 if there is none,
4 if there are some. With --repair the index is built anew from every text that can still be
read, and what cannot is read from its file again; stories that are lost are named, and so are
those that are there again though they may have been removed; the exit code is then 3. The old
index stays until the new one is complete.""",
)
@click.option("--deep", is_flag=True, help="Also read every story and compare all that must agree.")
@click.option("--repair", is_flag=True, help="Mend what is damaged.")
@common
@click.pass_context
def check(context: click.Context, /, *, deep: bool, repair: bool) -> int:
    """Verify the files of the index."""
    session = context.ensure_object(Session)
    with opened(session) as library:
        faults = library.check(deep=deep)
        output.write(visible(fault) for fault in faults)
        if not faults:
            output.say("The index is sound.")
            return Outcome.FOUND
        if not repair:
            output.say("Mend it: balletsearch check --repair")
            return Outcome.DAMAGED
        session.when_stopped = "The index is as it was."
        with progress() as told:
            mended = library.rebuild(progress=told)
        return tell_mended(mended)
