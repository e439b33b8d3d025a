"""What did a sync do, or what would it do? A line for each change, a summary, what was skipped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from balletsearch.rendering.characters import one_line, visible

if TYPE_CHECKING:
    from balletsearch.reports import Skip, SyncReport

__all__ = ["change_rows", "skip_lines", "summary"]


def change_rows(report: SyncReport) -> Iterator[str]:
    """What happens, a tab, the key; for a renamed story both keys."""
    for word, keys in (
        ("add", report.added),
        ("update", report.updated),
        ("remove", report.removed),
    ):
        yield from (f"{word}\t{visible(key)}" for key in keys)
    yield from (f"rename\t{visible(old)}\t{visible(new)}" for old, new in report.renamed)


def summary(report: SyncReport, before: str) -> str:
    """How many stories were added and so on, after `before`."""
    counts = (
        (len(report.added), "added"),
        (len(report.updated), "updated"),
        (len(report.renamed), "renamed"),
        (len(report.removed), "removed"),
        (report.unchanged, "unchanged"),
    )
    said = ", ".join(f"{count} {word}" for count, word in counts if count) or "no stories"
    would = " (a dry run: nothing was changed)" if report.dry_run else ""
    return f"{before}: {said}{would}."


def skip_lines(skipped: Iterable[Skip]) -> Iterator[str]:
    """What was skipped, and then what was taken with a doubt: name and reason each."""
    listed = list(skipped)
    for heading, lost in (("skipped", True), ("indexed with a remark", False)):
        here = [skip for skip in listed if skip.lost is lost]
        if here:
            yield f"{len(here)} {heading}:"
            yield from (f"  {visible(s.path)}: {one_line(s.reason)}" for s in here)
