"""What does a story do that nobody would write? It is stored as it is, or refused by name.

Each stands between two good ones: whatever becomes of it, both are found, the commit works, and
no word of a refused story is in the index.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, cast

from effort import chance, figure, ran

from balletsearch import Library, Story, StoryError

STORIES = 1_000
GHOST = "ghostword"

Maker = Callable[[random.Random], Any]


def _text(pick: random.Random) -> str:
    """Any characters, odd ones more often than not."""
    odd = "\x00\x07\x1b\ufeff\u202e\u2066\u200d\u0301\ufffe\U0010ffff\r\n\t \xa0'’-"
    return "".join(
        pick.choice(odd) if pick.random() < 0.5 else chr(pick.randrange(0xD800))
        for _ in range(pick.randrange(1, 200))
    )


BODIES: dict[str, Maker] = {
    "NUL": lambda pick: f"before\x00{GHOST}\x00after",
    "a lone surrogate": lambda pick: f"half {chr(pick.randrange(0xD800, 0xE000))} {GHOST}",
    "bidi controls": lambda pick: "\u202e" * pick.randrange(1, 400) + GHOST,
    "combining marks": lambda pick: "a" + "\u0301" * pick.randrange(1_000, 5_000) + f" {GHOST}",
    "a token without end": lambda pick: "x" * pick.randrange(100_000, 1_000_000) + f" {GHOST}",
    "distinct words": lambda pick: " ".join(f"w{pick.randrange(10**9)}" for _ in range(200_000)),
    "bytes": lambda pick: cast(Any, GHOST.encode()),
    "nothing at all": lambda pick: cast(Any, None),
    "a number": lambda pick: cast(Any, pick.choice([0, 1.5, float("nan"), float("inf")])),
    "a dict": lambda pick: cast(Any, {GHOST: GHOST}),
    "a list of lists": lambda pick: cast(Any, [[GHOST], [[GHOST]]]),
    "only spaces": lambda pick: pick.choice([" ", "\n", "\t", "\xa0"]) * pick.randrange(5_000),
    "only signs": lambda pick: pick.choice(".?!-—’'\"()*~:") * pick.randrange(1, 20_000),
    "line ends": lambda pick: "\n\n".join([GHOST] * pick.randrange(1, 3_000)),
    "any characters": _text,
    "four bytes each": lambda pick: "\U0001f9a2" * pick.randrange(1, 5_000) + f" {GHOST}",
}

HEADERS: dict[str, Maker] = {
    "NaN": lambda pick: {"year": pick.choice([float("nan"), float("inf"), -float("inf")])},
    "NaN in a list": lambda pick: {"year": [1, float("nan")]},
    "a name that is no text": lambda pick: cast(Any, {pick.choice([1, None, b"x", ()]): GHOST}),
    "a surrogate in a name": lambda pick: {f"a{chr(0xDC00)}": GHOST},
    "a surrogate in a value": lambda pick: {"mood": f"{chr(0xDFFF)} {GHOST}"},
    "nested lists": lambda pick: cast(Any, {"mood": [[GHOST], GHOST]}),
    "a dict in it": lambda pick: cast(Any, {"mood": {GHOST: GHOST}}),
    "bytes in it": lambda pick: cast(Any, {"mood": GHOST.encode()}),
    "no mapping": lambda pick: cast(Any, pick.choice([None, [("mood", "x")], "mood: x", 5])),
    "a huge number": lambda pick: {"year": str(10 ** pick.randrange(18, 400))},
    "a long value": lambda pick: {"mood": "y" * pick.randrange(10_000, 300_000)},
    "many values": lambda pick: {"dancer": [f"Anna N{i}" for i in range(pick.randrange(2_000))]},
    "odd dates": lambda pick: {"date": pick.choice(["0000-00-00", "9999-99", "-1", "1909-02-30"])},
    "any characters": lambda pick: {"title": _text(pick), "place": _text(pick)},
    "a name of signs": lambda pick: {_text(pick): GHOST},
    "slashes": lambda pick: {"place": "/" * pick.randrange(1, 300) + GHOST},
}

KEYS: dict[str, Maker] = {
    "empty": lambda pick: "",
    "a line end": lambda pick: "a\nb",
    "NUL": lambda pick: "a\x00b",
    "a surrogate": lambda pick: f"a{chr(0xD800)}",
    "too long": lambda pick: "k" * 1_001,
    "of another kind": lambda pick: cast(Any, pick.choice([None, 5, b"key", ("a",), 1.5])),
    "a path upwards": lambda pick: "../../etc/passwd",
    "not normal": lambda pick: "e\u0301" * pick.randrange(1, 100),
    "signs": lambda pick: "\u202e#*:~\"'",
}


def hostile(pick: random.Random) -> tuple[str, Story]:
    """One of them, and what is wrong with it."""
    key, body, header = "hostile", f"A swan {GHOST}.", {"title": "Hostile"}
    where = pick.choice([BODIES, HEADERS, KEYS])
    name = pick.choice(sorted(where))
    if where is BODIES:
        body = where[name](pick)
    elif where is HEADERS:
        header = where[name](pick)
    else:
        key = where[name](pick)
    return (
        f"{'body' if where is BODIES else 'header' if where is HEADERS else 'key'}: {name}",
        Story(key, body, header),
    )


def test_a_hostile_story_is_kept_or_refused_and_harms_no_other(quick):
    pick = chance("hostile")
    outcomes = {"kept": 0, "refused": 0}
    with Library.open(quick / "index") as library:
        for number in range(figure(STORIES, least=25)):
            what, story = hostile(pick)
            before = Story(f"before{number}", f"The swan number{number} dances first.")
            after = Story(f"after{number}", f"The swan number{number} dances last.")
            library.add(before)
            try:
                library.add(Story("together", f"A {GHOST} of the same call."), story)
                refused = False
            except StoryError:
                refused = True
            library.add(after)
            outcomes["refused" if refused else "kept"] += 1
            found = library.search(f"number{number}", limit=None)
            assert {h.key for h in found} == {before.key, after.key}, what
            if refused:
                assert library.search(GHOST).total == 0, f"{what}: half of a call was stored"
                assert library.get("together") is None, what
            else:
                stored = [s for s in library.stories() if s.key not in (before.key, after.key)]
                assert "together" in {s.key for s in stored}, what
                library.search(GHOST, facets=["place", "dancer"], limit=None)
                others = [s.key for s in stored if not s.key.startswith(("before", "after"))]
                assert library.remove(*others) == len(others) == 2, what
                assert library.search(GHOST).total == 0, what
            ran("hostile stories")
            if number % 50 == 49:
                assert library.check(deep=True) == (), what
                library.remove(*[s.key for s in library.stories()])
        assert library.check(deep=True) == ()
        library.rebuild()
        assert library.check(deep=True) == ()
