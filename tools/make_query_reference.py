"""Write the table of the query language into docs/query.md, from the table of the parser.

    python tools/make_query_reference.py > docs/query.md

What stands before and behind the table stays. Every example is asked of the stories in `seeds/`;
a test fails where the file is not what this writes.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from balletsearch import Library
from balletsearch.query.reference import REFERENCE

PROJECT = Path(__file__).parent.parent
PAGE = PROJECT / "docs" / "query.md"
SAVED = {"swans": '"swan lake" OR odette'}

_TABLE = re.compile(r"(?<=-->\n)\n.*?\n?(?=<!-- /table -->)", re.DOTALL)


def table(library: Library) -> Iterator[str]:
    """A line for each form of the language."""
    yield "| what is looked for | how it is written | example | read as | found |"
    yield "|---|---|---|---|--:|"
    for usage in REFERENCE:
        results = library.search(usage.example, strict=True, limit=0)
        cells = (usage.form, usage.example, str(results.query))
        written = " | ".join(f"`{cell}`".replace("|", r"\|") for cell in cells)
        yield f"| {usage.wish} | {written} | {results.total} |"


def page() -> str:
    """The whole page."""
    with tempfile.TemporaryDirectory() as folder, Library.open(Path(folder) / "index") as library:
        library.sync(PROJECT / "seeds")
        for name, query in SAVED.items():
            library.save(name, query)
        lines = "\n".join(table(library))
    return _TABLE.sub(lambda _: f"\n{lines}\n\n", PAGE.read_text("utf-8"), count=1)


if __name__ == "__main__":
    sys.stdout.buffer.write(page().encode())
