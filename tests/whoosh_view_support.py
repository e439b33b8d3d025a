"""How does a test see the same stories through our view, through stock Whoosh, and by itself?

`Sample` is what was done to a collection; it is opened as our index, as an index of stock Whoosh
files, and as plain stories, which `whoosh_view_plain` asks.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whoosh import fields, qparser
from whoosh.filedb.filestore import FileStorage

from balletsearch.engines.columns import ColumnsEngine
from balletsearch.model import Story
from balletsearch.settings import Settings
from balletsearch.stories import StoryMaker
from balletsearch.whoosh_view.index import Batch, ViewIndex
from whoosh_view_plain import VALUES, WORDS, terms_of

__all__ = [
    "CASES",
    "STORIES",
    "EngineSource",
    "Sample",
    "four_stories",
    "keys",
    "opened_view",
    "parse",
    "story",
]

CASES: dict[str, Any] = tomllib.loads(
    (Path(__file__).parent / "cases" / "whoosh_view.toml").read_text("utf-8")
)
STORIES = tuple(
    Story(s["key"], s["body"], fields={n: tuple(v) for n, v in s["fields"].items()})
    for s in CASES["story"]
)


def story(key: str, body: str = "", **values: Any) -> Story:
    """A story; a field with one value may be given without the tuple."""
    return Story(
        key, body, fields={n: v if isinstance(v, tuple) else (v,) for n, v in values.items()}
    )


class EngineSource:
    """An engine in a folder as what a view looks at."""

    def __init__(self, folder: Path, languages: tuple[str, ...] = ("en",)) -> None:
        self.engine = ColumnsEngine(folder, languages, create=True, durable=False)
        self._languages = languages

    def newest(self) -> Any:
        snapshot = self.engine.reader().snapshot
        return snapshot, snapshot.generation.number

    @contextmanager
    def writing(self, _patience: float) -> Iterator[Batch]:
        maker = StoryMaker(Settings(languages=self._languages))
        with self.engine.writer() as writer:
            yield Batch(self.newest()[0], writer, lambda one: maker.make(one)[0])


def opened_view(
    folder: Path, *batches: Sequence[Story | str], languages: tuple[str, ...] = ("en",)
) -> ViewIndex:
    """A view of what the batches leave: stories are added, keys removed, each as a commit."""
    source = EngineSource(folder, languages)
    with source.engine.writer() as writer:
        for batch in batches:
            for one in batch:
                if isinstance(one, str):
                    writer.remove(one)
                else:
                    writer.add(one)
            writer.commit()
    return ViewIndex(source)


def four_stories(folder: Path) -> ViewIndex:
    """The stories of the cases, in three segments; of each one was replaced or removed."""
    a, b, c, d = STORIES
    return opened_view(
        folder,
        [a, story("b", "odile odile", work="Paquita", year="x"), story("gone", "odile")],
        [b, "gone", story("c", "odile")],
        [c, d, story("e", "odile", title="Last")],
        ["e"],
    )


def parse(index: ViewIndex, text: str) -> Any:
    """What Whoosh's parser makes of a text."""
    return qparser.QueryParser("text", index.schema).parse(text)


def keys(searcher: Any, asked: Any, **options: Any) -> list[str]:
    """The keys of all that a query finds, in order."""
    return [hit["key"] for hit in searcher.search(asked, **{"limit": None, **options})]


@dataclass(frozen=True)
class Sample:
    """Batches of stories to add and keys to remove."""

    batches: tuple[tuple[Story | str, ...], ...]

    @property
    def live(self) -> dict[str, Story]:
        """What is left, by key."""
        out: dict[str, Story] = {}
        for batch in self.batches:
            for one in batch:
                if isinstance(one, str):
                    out.pop(one, None)
                else:
                    out[one.key] = one
        return out

    @contextmanager
    def stock(self, folder: Path) -> Iterator[Any]:
        """A searcher of stock Whoosh over the same, one segment for each batch."""
        schema = fields.Schema(key=fields.ID(unique=True, stored=True))
        for name in WORDS:
            schema.add(name, fields.TEXT())
        for name in VALUES:
            schema.add(name, fields.KEYWORD(commas=True))
        schema.add("year", fields.NUMERIC(int, 64, shift_step=0))
        schema.add("modified", fields.DATETIME())
        folder.mkdir()
        index = FileStorage(str(folder)).create_index(schema)
        for batch in self.batches:
            changes = {one if isinstance(one, str) else one.key: one for one in batch}
            writer = index.writer()
            for key in changes:
                writer.delete_by_term("key", key)
            for one in changes.values():
                if not isinstance(one, str):
                    made = {n: v for n, v in terms_of(one).items() if v}
                    writer.add_document(**{**made, "key": one.key})
            writer.commit(merge=False)
        with index.searcher() as searcher:
            yield searcher
        index.close()
