"""Does a search that was broken off leave anything wrong behind?

What a reader works out for a question it keeps for the next one. So searches are broken off
anywhere, at a line of our own code that chance chooses, as Ctrl-C does it; the same reader then
has to give the answers of one that was never disturbed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from effort import chance, figure, ran

import balletsearch
from balletsearch.engines.columns import ColumnsEngine
from balletsearch.engines.protocol import Reader, SearchRequest, Selection, Sort
from balletsearch.model import Story
from balletsearch.query.nodes import Fuzzy, Or, Phrase, Prefix, Range, Word

PACKAGE = str(Path(balletsearch.__file__).parent)
BREAKS = 10_000

REQUESTS = [
    SearchRequest(Word("swan")),
    SearchRequest(Or((Word("swan"), Word("lake"))), facets=("dancer", "mood")),
    SearchRequest(Phrase((Word("the"), Word("swan")))),
    SearchRequest(Prefix("la"), where=(Selection("mood", ("sad",)),)),
    SearchRequest(Fuzzy("swna"), sort=(Sort("dancer"),)),
    SearchRequest(Range("words", "1", "900"), sort=(Sort("mood", descending=True),)),
]


class Broken(BaseException):
    """What breaks a search off: nothing catches it, as nothing catches Ctrl-C."""


def broken_off(do: Callable[[], Any], at: int) -> int:
    """Do something until the line of our code with this number; the lines that were run."""
    lines = 0

    def line(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal lines
        if event == "line":
            lines += 1
            if lines == at:
                raise Broken
        return line

    def call(frame: FrameType, event: str, _: Any) -> Any:
        return line if frame.f_code.co_filename.startswith(PACKAGE) else None

    before = sys.gettrace()
    sys.settrace(call)
    try:
        do()
    except Broken:
        pass
    finally:
        sys.settrace(before)
    return lines


def answers(reader: Reader) -> list[Any]:
    """All that the requests give, down to the texts."""
    found = [reader.search(request) for request in REQUESTS]
    return [
        (r.total, r.matches, [m.story.body for m in r.matches], dict(r.facets), r.notes)
        for r in found
    ]


def tale(key: str, number: int) -> Story:
    fields = {
        "title": (f"Tale {number}",),
        "dancer": (("Anna Pavlova", "Vera Volkonskaya")[number % 2],),
        "mood": (("sad", "glad", "mad")[number % 3],),
        "words": (9 + number % 4,),
    }
    return Story(
        key, f"The swan of tale {number} came to a lake." + " So." * (number % 4), fields=fields
    )


def fresh(folder: Path) -> tuple[ColumnsEngine, Reader]:
    engine = ColumnsEngine(folder, ("en",))
    return engine, engine.reader()


@pytest.fixture
def folder(quick):
    engine = ColumnsEngine(quick / "store", ("en",), create=True, durable=False)
    with engine.writer() as writer:
        for part in range(3):
            for i in range(8):
                writer.add(tale(f"s{part}-{i}", i + part))
            writer.remove(f"s{part - 1}-{part}")
            writer.commit()
    engine.close()
    return quick / "store"


def test_the_next_answer_is_right(folder):
    engine, reader = fresh(folder)
    expected = answers(reader)
    engine.close()
    pick = chance("interrupted searches")
    lengths = {}
    for _ in range(figure(BREAKS, least=60)):
        engine, reader = fresh(folder)
        for _ in range(pick.choice((1, 1, 3))):
            which = pick.randrange(len(REQUESTS))
            # How many lines there are is known once one of them ran to its end.
            length = lengths.get(which, 4_000)
            at = pick.randrange(1, length + 1)
            run = broken_off(partial(reader.search, REQUESTS[which]), at)
            if run < at:
                lengths[which] = max(run, 1)
            ran("interrupted searches")
        assert answers(reader) == expected
        engine.close()
