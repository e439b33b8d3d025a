"""How do programs get it? As JSON: what search, facets, show, stats and export write.

Names in these documents stay what they are from version to version; new ones may be added.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from balletsearch.model import Facet, Hit, Results, Story, as_json
from balletsearch.rendering.characters import json_safe
from balletsearch.rendering.results import values_of

__all__ = ["dumps", "exported", "facets_document", "hit_document", "results_document", "whole"]

RESERVED: Final = {"id": ("Id", "ID", "iD"), "text": ("Text", "TEXT", "tEXT")}
"""Names that a record needs for itself, and others that are the same to a reader of headers."""


def dumps(value: Any, *, ascii_only: bool = False, indent: int | None = None) -> str:
    """JSON text, without characters that could disturb a terminal."""
    return json_safe(json.dumps(value, ensure_ascii=ascii_only, indent=indent))


def results_document(results: Results, fields: Sequence[str] | None) -> dict[str, Any]:
    """Everything about one search."""
    return {
        "query": results.query.text,
        "total": results.total,
        "hits": [hit_document(hit, fields) for hit in results],
        "facets": _facets(results.facets),
        "problems": as_json(results.problems),
        "notes": list(results.notes),
        "suggestion": as_json(results.suggestion),
        "groups": results.groups,
        "cursor": results.cursor,
    }


def hit_document(hit: Hit, fields: Sequence[str] | None) -> dict[str, Any]:
    """One hit; `fields` chooses from its metadata, None takes all."""
    chosen = list(hit.fields) if fields is None else fields
    return {
        "key": hit.key,
        "path": hit.path,
        "title": hit.title,
        "score": hit.score,
        "group": as_json(hit.group),
        "snippet": str(hit.snippet),
        "passages": [
            {"text": p.text, "marks": [list(mark) for mark in p.marks]}
            for p in hit.snippet.passages
        ],
        "fields": {name: list(values_of(hit, name)) for name in chosen},
    }


def facets_document(results: Results) -> dict[str, Any]:
    """The counts of values, without the hits."""
    return {
        "query": results.query.text,
        "total": results.total,
        "facets": _facets(results.facets),
        "problems": as_json(results.problems),
        "notes": list(results.notes),
    }


def _facets(facets: Mapping[str, Facet]) -> dict[str, Any]:
    return {
        name: {
            "values": as_json(facet.values),
            "missing": facet.missing,
            "distinct": facet.distinct,
        }
        for name, facet in facets.items()
    }


def whole(story: Story) -> dict[str, Any]:
    """One story with all that the index knows of it."""
    return {
        "key": story.key,
        "path": story.path,
        "header": as_json(story.header),
        "fields": as_json(story.fields),
        "text": story.body,
    }


def exported(story: Story) -> dict[str, Any]:
    """One story as a record that can be indexed again: its name, its text, its header."""
    record: dict[str, Any] = {"id": story.key, "text": story.body}
    for name, values in story.header.items():
        if name not in RESERVED:
            record[name] = _scalar(values)
        elif free := next((n for n in RESERVED[name] if n not in story.header), ""):
            record[free] = _scalar(values)
    return record


def _scalar(values: str | Sequence[str]) -> str | list[str]:
    """A list of one is written as its value, which reading takes for the same."""
    if isinstance(values, str):
        return values
    return values[0] if len(values) == 1 else list(values)
