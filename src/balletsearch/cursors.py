"""How is the place of a hit written, so that a later search can go on behind it?

As a line of text that can be read: a version, a digest of what was asked, and what the hit is
ordered by, with its key:

    1:3f2a9c1b:{"by":[300],"key":"seeds/000.txt"}

A place is a place in an order, not a number of hits: stories that come or go move nothing.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Final
from zlib import crc32

from balletsearch.engines.protocol import Match, Position, SearchRequest
from balletsearch.errors import QueryError

__all__ = ["cursor_of", "going_on"]

_VERSION: Final = "1"
_VALUES: Final = (str, int, float, type(None))
_SHAPE: Final = re.compile(r"(?P<version>[0-9]+):(?P<digest>[0-9a-f]{8}):(?P<place>\{.*\})", re.S)


def cursor_of(match: Match, request: SearchRequest) -> str:
    """The place of a hit among all hits of a request."""
    firsts = [next(iter(match.story.fields.get(by.field, ())), None) for by in request.sort]
    place: dict[str, object] = {"by": firsts or (match.score,), "key": match.story.key}
    if match.group is not None:
        place["group"] = match.group.value
    written = json.dumps(place, ensure_ascii=False, separators=(",", ":"))
    return f"{_VERSION}:{_digest(request)}:{written}"


def going_on(request: SearchRequest, after: str) -> SearchRequest:
    """The request for the hits after a place; with an empty text, for all.

    QueryError where the text is no place among the hits of this request.
    """
    if not isinstance(after, str):
        raise QueryError(f"'after' is {after!r}; give the cursor of the results before, a text.")
    if not after:
        return request
    found = _SHAPE.fullmatch(after.strip())
    if found is None:
        raise QueryError(
            f"{after!r} is no place to go on after. Give the cursor of the results before, "
            "whole and as it is."
        )
    if found["version"] != _VERSION:
        raise QueryError(
            "The cursor was made by another version of balletsearch. Begin with the first page."
        )
    if found["digest"] != _digest(request):
        raise QueryError(
            "The cursor belongs to another search: query, selections, order and grouping have to "
            "be the same on every page. Begin with the first page."
        )
    return replace(request, after=_place(found["place"]))


def _place(written: str) -> Position:
    try:
        place = json.loads(written)
        position = Position(tuple(place["by"]), place["key"], place.get("group"))
        given = (*position.by, position.group)
        if not isinstance(position.key, str) or not all(isinstance(v, _VALUES) for v in given):
            raise ValueError(written)
    except (ValueError, TypeError, KeyError) as error:
        raise QueryError(
            "The cursor is damaged. Give the cursor of the results before, whole and as it is."
        ) from error
    return position


def _digest(request: SearchRequest) -> str:
    """What tells the hits of one request, and their order, from those of another."""
    # What counts in scores has no say in the order of fields.
    counting = (
        [] if request.sort else [list(request.factors.items()), list(request.bonuses.items())]
    )
    where = sorted((s.field, sorted(s.values)) for s in request.where)
    sort = [(by.field, by.descending) for by in request.sort]
    asked = repr((str(request.tree), where, sort, request.group, sorted(request.without), counting))
    return f"{crc32(asked.encode('utf-8', 'surrogatepass')):08x}"
