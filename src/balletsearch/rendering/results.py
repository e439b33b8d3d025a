"""How are search results read by people? Hits, facets, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from balletsearch.hints import Suggestion
from balletsearch.model import Facet, Hit, Results, Value
from balletsearch.rendering.characters import one_line, visible
from balletsearch.rendering.passages import GAP, KEEP, snippet_lines, wrapped
from balletsearch.rendering.style import Style

__all__ = [
    "SHOWN_VALUES",
    "facet_line",
    "facet_rows",
    "hit_lines",
    "stories",
    "suggestion_line",
    "total_line",
    "values_of",
]

SHOWN_FIELDS: Final = ("dancer", "place")
"""What a hit shows of its metadata unless told otherwise."""

SHOWN_VALUES: Final = 10
"""Values of a facet shown beside hits, unless told otherwise; `balletsearch facets` shows all."""

INDENT: Final = "   "


def stories(count: int) -> str:
    """So many stories, in words."""
    return f"{count} {'story' if count == 1 else 'stories'}"


def total_line(results: Results, offset: int) -> str:
    """How many stories were found, and which of them are shown; of groups, how many of those."""
    total, shown = results.total, len(results)
    if not total:
        return "No story found."
    if results.groups is not None:
        of = f"{results.groups} {'group' if results.groups == 1 else 'groups'} in {stories(total)}"
        return of if shown in {0, results.groups} else f"{shown} of {of}"
    if offset and offset >= total:
        return f"{stories(total)}, none after number {offset}"
    if shown == total or not shown:
        return stories(total)
    if not offset:
        return f"{shown} of {stories(total)}"
    return f"{offset + 1} to {offset + shown} of {stories(total)}"


def suggestion_line(suggestion: Suggestion) -> str:
    """What may have been meant, and how many stories that finds."""
    return f"Did you mean: {one_line(suggestion.text)}? ({stories(suggestion.total)})"


def hit_lines(hit: Hit, rank: int, style: Style, fields: Sequence[str] | None) -> Iterator[str]:
    """One hit: heading, what it stands for, metadata, key, snippet."""
    yield f"{rank}. {style.title(one_line(hit.title))}"
    if hit.group is not None:
        group = f"{one_line(str(hit.group.value))}: {stories(hit.group.count)}"
        yield from wrapped(group, style, indent=INDENT)
    if about := _about(hit, fields):
        yield from (style.faint(line) for line in wrapped(about, style, indent=INDENT))
    yield INDENT + style.path(visible(hit.key))
    yield from snippet_lines(hit.snippet, style, indent=INDENT)


def _about(hit: Hit, fields: Sequence[str] | None) -> str:
    """Some metadata in one line; by default without what the heading says already."""
    parts = []
    for name in SHOWN_FIELDS if fields is None else fields:
        values = [one_line(str(value)) for value in values_of(hit, name)]
        if values and not (fields is None and values == [one_line(hit.title)]):
            parts.append(f"{name}: {', '.join(values)}")
    if fields is None and hit.score:
        parts.append(f"score: {hit.score:.2f}")
    return "; ".join(parts)


def values_of(hit: Hit, field: str) -> tuple[Value, ...]:
    """The values that the story found has in a field; its text for `body`."""
    return (hit.story.body,) if field == "body" else tuple(hit.fields.get(field, ()))


def facet_line(facet: Facet, style: Style, shown: int = SHOWN_VALUES) -> Iterator[str]:
    """The first values of a facet, how many more there are, and the stories without any."""
    parts = [f"{one_line(str(v.value))}{KEEP}{v.count}" for v in facet.values[:shown]]
    if facet.distinct > len(parts):
        parts.append(f"{GAP} {facet.distinct - len(parts)} more")
    if facet.missing:
        parts.append(f"(none){KEEP}{facet.missing}")
    text = f"{facet.field}: {', '.join(parts) or 'no values'}"
    yield from wrapped(text, style)


def facet_rows(facets: Mapping[str, Facet]) -> Iterator[str]:
    """Value, tab, count; with more than one facet the name of the field and a tab before."""
    for name, facet in facets.items():
        before = f"{name}\t" if len(facets) > 1 else ""
        for value in facet.values:
            yield f"{before}{one_line(str(value.value))}\t{value.count}"
