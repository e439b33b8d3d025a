"""How are the figures shown, and where are they kept? Markdown tables, a section each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from peers import peer
from peers.asking import Times
from peers.building import Built

__all__ = ["building_table", "found_table", "plain_times_table", "replaced", "table", "times_table"]

Rows = list[list[str]]


def table(rows: Rows) -> str:
    """A Markdown table, columns as wide as they must be, all but the first to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]

    def line(row: Sequence[str]) -> str:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        return f"| {' | '.join(cells)} |"

    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join([line(rows[0]), line(rule), *map(line, rows[1:])])


def building_table(built: Mapping[str, Built], segments: Mapping[str, int | None]) -> str:
    """One column a peer."""
    rows = [["", *(peer(name).label for name in built)]]
    all_built = built.values()
    rows.append(["text, MB", *(f"{b.text / 1e6:.1f}" for b in all_built)])
    rows.append(["build, MB of text a second", *(f"{b.speed:.2f}" for b in all_built)])
    rows.append(["build, s", *(f"{b.seconds:.1f}" for b in all_built)])
    rows.append(["of it processor time, s", *(f"{b.processor:.1f}" for b in all_built)])
    rows.append(["index, bytes per byte of text", *(f"{b.size / b.text:.2f}" for b in all_built)])
    rows.append(["peak memory, documents streamed, MB", *(f"{b.peak:.0f}" for b in all_built)])
    rows.append(["segments", *(str(segments[name] or "–") for name in built)])
    return table(rows)


def times_table(
    times: Mapping[str, Mapping[str, Times]], names: Sequence[str], comparable: Sequence[str]
) -> str:
    """Median / p95 in ms per class and peer, then how long columns takes beside a peer's 1."""
    against = [name for name in ("tantivy", "whoosh") if name in comparable]
    rows = [["", *(peer(n).label for n in names), *(f"÷ {peer(n).label}" for n in against)]]
    for kind, of in times.items():
        full = max(len(one.each) for one in of.values())
        cells = [_times(of[n], full) if n in of else "–" for n in names]
        cells += [f"{of['columns'].median / of[n].median:.2f}" for n in against]
        rows.append([kind, *cells])
    return table(rows)


def plain_times_table(times: Mapping[str, Mapping[str, Times]]) -> str:
    """Median / p95 in ms per class and whatever was asked, by its name."""
    names = next(iter(times.values())).keys()
    rows = [["", *names]]
    for kind, of in times.items():
        rows.append([kind, *(_times(of[name], len(of[name].each)) for name in names)])
    return table(rows)


def _times(times: Times, full: int) -> str:
    """Median / p95, and of how many queries where there are fewer than `full`."""
    asked = len(times.each)
    told = "" if asked == full else f" ({asked})"
    return f"{times.median:.2f} / {times.p95:.2f}{told}"


def found_table(times: Mapping[str, Mapping[str, Times]], names: Sequence[str]) -> str:
    """How many documents a query of each class finds, the mean."""
    rows = [["", *(peer(n).label for n in names)]]
    for kind, of in times.items():
        rows.append([kind, *(f"{of[n].mean_found:.1f}" if n in of else "–" for n in names)])
    return table(rows)


def replaced(path: Path, heading: str, section: str) -> None:
    """Put a section into a file, in place of the one with the same heading, else at its end."""
    before, standing, after = path.read_text("utf-8").partition(f"{heading}\n")
    if standing:
        after = "".join(after.partition("\n## ")[1:])
    parts = (before.strip(), section.strip(), after.strip())
    path.write_text("\n\n".join(filter(None, parts)) + "\n", "utf-8")
