"""`balletsearch index`: how does the index come to hold, and to follow, folders of stories?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from balletsearch.cli import output
from balletsearch.cli.opening import SEEDS, opened
from balletsearch.cli.options import Session, common
from balletsearch.cli.outcomes import Outcome, error_lines
from balletsearch.cli.progress import progress
from balletsearch.engines import ENGINES
from balletsearch.errors import SourceError
from balletsearch.rendering.characters import visible
from balletsearch.rendering.reports import change_rows, skip_lines, summary
from balletsearch.rendering.results import stories

if TYPE_CHECKING:
    from balletsearch.library import Library
    from balletsearch.reports import Mended

__all__ = ["index", "tell_mended"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options of one run of `index`, as click hands them over."""

    paths: tuple[Path, ...]
    dry_run: bool
    force: bool
    checksum: bool
    forget: tuple[str, ...]
    rebuild: bool
    merge: bool
    engine: str | None

    def check(self, context: click.Context) -> None:
        """UsageError for options that cannot all be honoured."""
        if self.forget and (self.paths or self.dry_run or self.force or self.checksum):
            raise click.UsageError("--forget takes no PATH and no other option", context)
        alone = [name for name in ("rebuild", "merge") if getattr(self, name)]
        others = self.forget or self.paths or self.dry_run or self.force or self.checksum
        if alone and (others or len(alone) > 1):
            raise click.UsageError(f"--{alone[0]} takes no PATH and no other option", context)


def _named(
    _context: click.Context, _of: click.Parameter, typed: tuple[str, ...]
) -> tuple[Path, ...]:
    """The paths; an empty one is the slip of an unset variable, not the current folder."""
    if not all(typed):
        raise click.BadParameter("a PATH is empty; '.' is the current folder")
    return tuple(map(Path, typed))


@click.command(
    "index",
    epilog="""\b
Examples:
  balletsearch index seeds
  balletsearch index
  balletsearch index seeds --dry-run
  balletsearch index --forget old-stories
  balletsearch index --rebuild
  balletsearch index --merge

Stories are files that end in .txt, .md, .jsonl or .jsonl.gz; the files are only read. Run it
again after a change: only what changed is read. It can be stopped with Ctrl-C at any time and
goes on when it is run again. With --dry-run each line is 'add', 'update', 'remove' or 'rename',
a tab, and the key of a story. If files were skipped, they are named and the exit code is 3.""",
)
@click.argument("paths", nargs=-1, type=click.Path(), metavar="[PATH]...", callback=_named)
@click.option("--dry-run", is_flag=True, help="Only list what would change.")
@click.option(
    "--force",
    is_flag=True,
    help="Go on even if a folder is missing or has lost more than half of its stories.",
)
@click.option("--checksum", is_flag=True, help="Read every file, also those that seem unchanged.")
@click.option(
    "--forget",
    multiple=True,
    metavar="PATH",
    help="Remove the stories that came from there from the index (never their files).",
)
@click.option("--rebuild", is_flag=True, help="Build the index anew from the texts in it.")
@click.option("--merge", is_flag=True, help="Write the index as one piece, for fast searches.")
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    help="The files of a new index, or with --rebuild of this one: columns (fast, with checksums) "
    "or those of stock Whoosh.  [default: columns]",
)
@common
@click.pass_context
def index(context: click.Context, /, **options: Any) -> int:
    """Make the index follow folders (or single files) of stories.

    Without PATH: the folders that the index knows already, or else ./seeds.
    """
    session = context.ensure_object(Session)
    wanted = Wanted(**options)
    wanted.check(context)
    session.when_stopped = "What was done is kept; the same command goes on from there."
    with opened(session, wanted.engine) as library:
        if wanted.rebuild:
            return _rebuild(library, session)
        if wanted.engine and wanted.engine != library.engine:
            raise click.UsageError(
                f"the index has the engine {library.engine}; to build it anew with another: "
                f"balletsearch index --rebuild --engine {wanted.engine}",
                context,
            )
        if wanted.merge:
            return _merge(library, session)
        if wanted.forget:
            return _forget(library, wanted.forget)
        roots = wanted.paths or _known_roots(library)
        if not roots:
            raise click.UsageError(
                "Which folder of stories? Give its name, as in: balletsearch index FOLDER", context
            )
        return max(_sync(library, root, wanted) for root in roots)


def _known_roots(library: Library) -> tuple[Path, ...]:
    """The folders that the index follows; where there is none yet, `seeds` if it exists."""
    known = library.roots() if library.exists else {}
    roots = tuple(library.base / root for root in known if root)
    return roots or ((SEEDS,) if SEEDS.is_dir() else ())


def _sync(library: Library, root: Path, wanted: Wanted) -> Outcome:
    try:
        with progress() as told:
            report = library.sync(
                root,
                dry_run=wanted.dry_run,
                force=wanted.force,
                checksum=wanted.checksum,
                progress=told,
            )
    except SourceError as error:
        # The other folders have nothing to do with it.
        output.say(*error_lines(error, ""))
        return Outcome.ERROR
    if wanted.dry_run:
        output.write(change_rows(report))
    output.say(summary(report, visible(str(root))), *skip_lines(report.skipped))
    return Outcome.SKIPPED if any(skip.lost for skip in report.skipped) else Outcome.FOUND


def _rebuild(library: Library, session: Session) -> Outcome:
    session.when_stopped = "The index is as it was."
    with progress() as told:
        mended = library.rebuild(progress=told)
    return tell_mended(mended)


def _merge(library: Library, session: Session) -> Outcome:
    session.when_stopped = "The index is as it was."
    library.merge()
    output.say(f"One piece now: {stories(len(library))}.")
    return Outcome.FOUND


def tell_mended(mended: Mended) -> Outcome:
    """Say what came of building the index anew."""
    output.say(f"Built anew: {stories(mended.stories)}.")
    for key in mended.lost:
        output.say(f"lost: {visible(key)}")
    for key in mended.doubtful:
        output.say(f"there again, though it may have been removed before: {visible(key)}")
    return Outcome.SKIPPED if mended.lost or mended.doubtful else Outcome.FOUND


def _forget(library: Library, roots: Iterable[str]) -> Outcome:
    removed = 0
    for root in roots:
        count = library.forget(root)
        output.say(f"{visible(root)}: {stories(count)} removed from the index.")
        removed += count
    if removed:
        return Outcome.FOUND
    known = ", ".join(visible(root) for root in library.roots() if root)
    output.say(f"The index holds stories from: {known or 'no folder'}.")
    return Outcome.NOTHING
