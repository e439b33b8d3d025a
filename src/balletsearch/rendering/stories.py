"""How is one story shown whole, and how the index? As lines for people to read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from balletsearch.model import Story
from balletsearch.rendering.characters import one_line, prose, visible
from balletsearch.rendering.passages import wrapped
from balletsearch.rendering.results import stories
from balletsearch.rendering.style import Style

if TYPE_CHECKING:
    from balletsearch.reports import Stats

__all__ = ["field_lines", "stats_lines", "story_lines"]


def story_lines(story: Story, style: Style) -> Iterator[str]:
    """A story's title, key, metadata and text."""
    yield style.title(one_line(story.title))
    yield f"key: {style.path(visible(story.key))}"
    for name, values in story.fields.items():
        if name not in ("title", "path") and values:
            shown = ", ".join(one_line(str(value)) for value in values)
            yield from wrapped(f"{name}: {shown}", style)
    yield from _reading_lines(story, style)
    yield ""
    for line in prose(story.body).split("\n"):
        yield from wrapped(line, style) if line.strip() and style.columns else [line]


def _reading_lines(story: Story, style: Style) -> Iterator[str]:
    if story.reading is None:
        return
    yield from wrapped(f"read as: {story.reading.encoding} ({story.reading.reason})", style)
    if story.reading.repairs:
        lines = ", ".join(str(repair.line) for repair in story.reading.repairs)
        yield from wrapped(f"repaired lines: {lines}", style)


def field_lines(story: Story, field: str) -> Iterator[str]:
    """The values of one field, a line each; for `body` the text as it is."""
    if field == "body":
        yield prose(story.body)
    else:
        yield from (one_line(str(value)) for value in story.fields.get(field, ()))


def stats_lines(stats: Stats) -> Iterator[str]:
    """What the index holds."""
    yield f"index: {visible(stats.path)} ({_size(stats.size)}, engine {stats.engine})"
    yield f"stories: {stats.stories}"
    yield f"words: {stats.words}, of which {stats.forms} different"
    yield f"languages: {', '.join(map(visible, stats.languages))}"
    for root, count in stats.roots.items():
        yield f"from {visible(root) if root else 'no folder'}: {stories(count)}"
    yield "fields, and how many stories have them:"
    for name, count in stats.fields.items():
        yield f"  {visible(name)}: {count}"


def _size(count: int) -> str:
    """Bytes, in the unit that leaves few digits."""
    size, unit = float(count), "bytes"
    for larger in ("kB", "MB", "GB"):
        if size < 1000:
            break
        size, unit = size / 1000, larger
    return f"{size:.3g} {unit}"
