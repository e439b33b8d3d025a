"""Full-text search for stories: phrases, fuzzy words, facets and snippets over prose.

    from balletsearch import Library

    with Library.open("index") as library:
        library.sync("seeds")
        for hit in library.search('"swan lake" AND moscow'):
            print(hit.title, hit.score, hit.snippet)

The names below are the public interface; everything else may change.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from balletsearch.asking import Snapshot
    from balletsearch.errors import (
        BalletsearchError,
        IndexFaultError,
        IndexForeignError,
        IndexLockedError,
        IndexMissingError,
        IndexOutdatedError,
        JudgementError,
        QueryError,
        SettingsError,
        SourceError,
        StoryError,
        UnsupportedError,
    )
    from balletsearch.evaluating import Comparison, Evaluation, Setting
    from balletsearch.explaining import Explanation, Share, Standing
    from balletsearch.facets import FacetRequest
    from balletsearch.fields import Field, Kind
    from balletsearch.hints import Completion, CompletionKind, Suggestion
    from balletsearch.library import Library
    from balletsearch.model import (
        Facet,
        FacetValue,
        Hit,
        Passage,
        Problem,
        Reading,
        Repair,
        Results,
        Snippet,
        Source,
        Span,
        Story,
    )
    from balletsearch.query import Query, parse
    from balletsearch.reports import Mended, Skip, Stats, SyncReport
    from balletsearch.settings import Settings
    from balletsearch.whoosh_view import export_whoosh, open_whoosh

__all__ = [
    "BalletsearchError",
    "Comparison",
    "Completion",
    "CompletionKind",
    "Evaluation",
    "Explanation",
    "Facet",
    "FacetRequest",
    "FacetValue",
    "Field",
    "Hit",
    "IndexFaultError",
    "IndexForeignError",
    "IndexLockedError",
    "IndexMissingError",
    "IndexOutdatedError",
    "JudgementError",
    "Kind",
    "Library",
    "Mended",
    "Passage",
    "Problem",
    "Query",
    "QueryError",
    "Reading",
    "Repair",
    "Results",
    "Setting",
    "Settings",
    "SettingsError",
    "Share",
    "Skip",
    "Snapshot",
    "Snippet",
    "Source",
    "SourceError",
    "Span",
    "Standing",
    "Stats",
    "Story",
    "StoryError",
    "Suggestion",
    "SyncReport",
    "UnsupportedError",
    "export_whoosh",
    "open_whoosh",
    "parse",
]

_ROOMS: Final = (
    *("library", "errors", "facets", "fields", "model", "hints", "reports"),
    *("query", "settings", "asking", "evaluating", "explaining", "whoosh_view"),
)


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for: `--help` needs none of them."""
    if name in __all__:
        for room in _ROOMS:
            module = import_module(f"balletsearch.{room}")
            if name in module.__all__:
                return getattr(module, name)
    raise AttributeError(f"module 'balletsearch' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
