"""How does a program that writes with Whoosh write stories?

`add_document` takes our own fields: `key`, `text`, and whatever a header may say. It becomes a
story as `Library.add` makes it, so that what the header does not say is taken from the text. All
of a batch is there after `commit`, and nothing of it before.
"""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NoReturn

from whoosh.index import LockError
from whoosh.writing import IndexingError, IndexWriter

from balletsearch.adding import key_of, known_key
from balletsearch.errors import IndexLockedError, StoryError, UnsupportedError
from balletsearch.fields import FIELDS, canonical, custom_name
from balletsearch.model import Story
from balletsearch.whoosh_view.collection import Collection
from balletsearch.whoosh_view.names import BODY, KEY, TEXT, Shows
from balletsearch.whoosh_view.reading import open_reader
from balletsearch.whoosh_view.schema import refuse
from balletsearch.whoosh_view.searching import ViewSearcher

__all__ = ["StoryWriter"]


class StoryWriter(IndexWriter):  # type: ignore[misc]  # Whoosh ships no types
    """One batch. Its reader shows what stood when it began; document numbers are of that."""

    def __init__(self, index: Any, source: Any, patience: float = 0) -> None:
        self._open = ExitStack()
        try:
            self._batch = self._open.enter_context(source.writing(patience))
        except IndexLockedError as error:
            raise LockError(str(error)) from error
        # The lock is held: nobody commits from here on.
        self._collection: Collection = index.collection()
        self.schema = self._collection.schema
        self._deleted: set[int] = set()
        self.is_closed = False

    def _check_open(self) -> None:
        if self.is_closed:
            raise IndexingError("This writer is closed; open another one.")

    # Documents.

    def add_document(self, **fields: Any) -> None:
        """Store a story, in place of one with the same key.

        `key` and `text` (or `body`) are texts. All other fields are what its header says: a text,
        number or date, or several in a list or tuple. StoryError for a story that cannot be stored,
        UnsupportedError for a field that cannot be given; the batch goes on without it.
        """
        self._check_open()
        key = key_of(fields.pop(KEY, ""))
        if TEXT in fields and BODY in fields:
            raise StoryError(f"Story '{key}' has a text and a body, which are one thing here.")
        body = fields.pop(TEXT, fields.pop(BODY, ""))
        header = {
            name: _said(key, name, value) for name, value in fields.items() if value is not None
        }
        for name in header:
            self._check_field(name)
        standing = self._standing(key)
        if standing is not None and self._collection.source_of(*standing) is not None:
            raise StoryError(f"{key} comes from a file: change the file, or choose another key.")
        self._batch.writer.add(self._batch.make(Story(key, body, header)))

    def update_document(self, **fields: Any) -> None:
        """The same: there is one story to a key."""
        self.add_document(**fields)

    def _check_field(self, name: str) -> None:
        if name.startswith("_"):
            raise UnsupportedError(
                f"'{name}' is not possible: there are no boosts of single stories, and what is "
                "stored is what is indexed. Leave it out."
            )
        shown = self._collection.shown.get(name)
        known = FIELDS.get(canonical(name))
        computed = known is not None and known.computed
        derived = shown is not None and not shown.stored and shown.what is not Shows.STEMS
        if computed or derived or (known is None and custom_name(name) is None):
            raise UnsupportedError(
                f"'{name}' follows from other fields and cannot be given. Leave it out."
            )

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        """Remove a story by its number in this writer's reader."""
        self._check_open()
        if not delete:
            raise UnsupportedError("A deletion cannot be taken back; cancel the writer.")
        i, document = self._place(docnum)
        if docnum not in self._deleted:
            self._deleted.add(docnum)
            self._batch.writer.remove(self._batch.snapshot.segments[i].keys[document])

    def delete_by_term(self, fieldname: str, text: Any, searcher: Any = None) -> int:
        """Remove the stories that have a term; by `key` also one that this batch has added."""
        self._check_open()
        if fieldname == KEY:
            key = text.decode() if isinstance(text, bytes) else text
            return int(self._batch.writer.remove(self._known(key)))
        return int(super().delete_by_term(fieldname, text, searcher=searcher))

    def is_deleted(self, docnum: int) -> bool:
        """Whether a story is removed, by this batch or before it."""
        i, document = self._place(docnum)
        live = self._batch.snapshot.segments[i].live
        return docnum in self._deleted or (live is not None and not live[document])

    def _place(self, docnum: int) -> tuple[int, int]:
        document = docnum
        for i, segment in enumerate(self._batch.snapshot.segments):
            if 0 <= document < segment.documents:
                return i, document
            document -= segment.documents
        raise IndexingError(f"There is no document {docnum}.")

    def _standing(self, key: str) -> tuple[int, int] | None:
        for i, segment in enumerate(self._batch.snapshot.segments):
            if (document := segment.find(key)) >= 0:
                return i, document
        return None

    def _known(self, key: str) -> str:
        return known_key(key, lambda exact: self._standing(exact) is not None)

    # The batch.

    def reader(self, **_: Any) -> Any:
        """What stood when the writer was opened."""
        return open_reader(self._collection)

    def searcher(self, **options: Any) -> ViewSearcher:
        """A searcher of that."""
        return ViewSearcher(self.reader(), **options)

    def commit(self, mergetype: Any = None, **_: Any) -> None:
        """Make the batch visible and durable, and let go of the lock."""
        self._check_open()
        if mergetype is not None:
            name = getattr(mergetype, "__name__", mergetype)
            raise UnsupportedError(f"The merge policy {name} is not possible; leave it out.")
        with self._open:
            self.is_closed = True
            self._batch.writer.commit()

    def cancel(self, **_: Any) -> None:
        """Forget the batch, and let go of the lock."""
        self._check_open()
        self.is_closed = True
        self._open.close()

    # What Whoosh's writers can do and this one cannot.

    def add_field(self, fieldname: str, fieldtype: Any, **_: Any) -> None:
        """Nothing if there is such a field already, else UnsupportedError, which names the type."""
        refuse(self._collection.shown, fieldname, fieldtype)

    def remove_field(self, fieldname: str, **_: Any) -> NoReturn:
        """Not possible."""
        raise UnsupportedError(f"'{fieldname}' stays as long as a story has a value in it.")

    def add_reader(self, reader: Any) -> NoReturn:
        """Not possible: the words of another index are cut in another way."""
        raise UnsupportedError(
            f"A {type(reader).__name__} cannot be added: its words are cut in another way. "
            "Add its documents."
        )

    def start_group(self) -> NoReturn:
        """Not possible."""
        raise UnsupportedError("Stories have no groups of documents (start_group); add each.")


def _said(key: str, name: str, value: Any) -> str | list[str]:
    """A value as a header would say it."""
    if isinstance(value, list | tuple):
        return [_one(key, name, one) for one in value]
    return _one(key, name, value)


def _one(key: str, name: str, value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str | int | float | Decimal | date):
        return str(value)
    raise StoryError(
        f"Story {key!r} cannot be stored: field {name!r} is of type {type(value).__name__}; give a "
        "text, number or date, or several in a list."
    )
