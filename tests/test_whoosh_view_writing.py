"""Does Whoosh's writer interface store what `Library.add` stores, all at once or not at all?"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal

import pytest
from whoosh import fields, query, writing
from whoosh.index import LockError

from balletsearch import Library, Story, errors, open_whoosh, opening
from balletsearch.locking import write_lock
from whoosh_view_support import keys


@pytest.fixture
def home(tmp_path):
    with Library.open(tmp_path / "index", engine="columns") as library:
        library.add(Story("a", "A swan."), Story("b", "A lake."))
    return tmp_path / "index"


def stored(home) -> dict[str, Story]:
    with Library.open(home, engine="columns") as library:
        return {story.key: story for story in library.stories()}


def add(index, *documents) -> None:
    """Add some documents in one batch."""
    with index.writer() as writer:
        for document in documents:
            writer.add_document(**document)


def test_a_document_is_stored_as_the_library_stores_it(home):
    header = {"title": "The Understudy", "dancer": ["Anna Pavlova", "Vera"], "year": "1910"}
    with open_whoosh(home).writer(limitmb=512) as writer:
        writer.add_document(key="c", text="She danced in Swan Lake.", **{**header, "year": 1910})
        writer.add_document(key="d", body="Last.", born=datetime(2026, 3, 5, 10), mood=None)
    with Library.open(home.parent / "other" / "index", engine="columns") as library:
        library.add(Story("c", "She danced in Swan Lake.", header))
        wanted = library.get("c")
    found = stored(home)
    assert found.keys() == set("abcd")
    assert found["c"] == wanted
    assert found["d"].fields["born"] == ("2026-03-05T10:00:00",)
    with Library.open(home, engine="columns") as library:
        library.rebuild()
    assert stored(home)["c"] == wanted


def test_nothing_is_there_before_the_commit_and_a_cancelled_batch_never(home):
    index = open_whoosh(home)
    writer = index.writer()
    writer.add_document(key="c", text="swan")
    writer.delete_by_term("key", "a")
    assert stored(home).keys() == {"a", "b"}
    writer.cancel()
    assert stored(home).keys() == {"a", "b"}
    with pytest.raises(errors.StoryError):
        add(index, {"key": "c", "text": "swan"}, {"text": "A story without a key."})
    assert stored(home).keys() == {"a", "b"}
    with index.writer() as writer:
        writer.update_document(key="a", text="Another swan.")
    assert stored(home)["a"].body == "Another swan."
    for late in (writer.cancel, writer.commit, lambda: writer.add_document(key="x")):
        with pytest.raises(writing.IndexingError):
            late()


def test_stories_are_deleted_by_key_by_term_by_query_and_by_number(home):
    index = open_whoosh(home)
    with index.writer() as writer:
        for key in "cdef":
            writer.add_document(key=key, text="A swan.")
        assert writer.delete_by_term("key", "c") == 1
        assert writer.delete_by_term("key", "nosuch") == 0
        # What this batch adds is found by key only: its searcher shows what stood before.
        assert writer.delete_by_term("text", "swan") == 1
    assert stored(home).keys() == set("bdef")
    asked = query.AndNot(query.Every(), query.Or([query.Term("key", k) for k in "bd"]))
    with index.writer() as writer:
        assert writer.delete_by_query(asked) == 2
        with writer.searcher() as searcher:
            number = searcher.document_number(key="d")
        writer.delete_document(number)
        assert writer.is_deleted(number)
        with pytest.raises(writing.IndexingError):
            writer.delete_document(999)
        with pytest.raises(errors.UnsupportedError):
            writer.delete_document(number, delete=False)
    assert stored(home).keys() == {"b"}
    index.delete_by_term("key", "b")
    assert index.is_empty()


def test_a_taken_lock_is_a_lock_error_at_once(home):
    index = open_whoosh(home)
    with write_lock(home, 0), pytest.raises(LockError, match="is being written"):
        index.writer()
    with index.writer() as writer:
        with pytest.raises(LockError):
            open_whoosh(home).writer()
        writer.add_document(key="c", text="A swan.")
    with index.writer(), index.searcher() as searcher:
        assert keys(searcher, query.Term("key", "c")) == ["c"]


def test_a_writer_waits_as_long_as_it_is_told(home, monkeypatch):
    """Who waits is seen by what is asked of the lock: no test has to wait."""
    asked = []

    @contextmanager
    def lock(folder, patience, on_wait):
        asked.append(patience)
        with write_lock(folder, 0, on_wait):
            yield

    monkeypatch.setattr(opening, "write_lock", lock)
    index = open_whoosh(home)
    for options in ({}, {"timeout": 2}, {"timeout": 0.5, "delay": 0.1}, {"timeout": None}):
        index.writer(**options).cancel()
    assert asked == [0, 2, 0.5, 0]
    for timeout in (-1, "2", float("nan")):
        with pytest.raises(errors.UnsupportedError, match="timeout="):
            index.writer(timeout=timeout)


def test_a_lock_that_is_taken_for_longer_names_the_time(home):
    index = open_whoosh(home)
    with write_lock(home, 0), pytest.raises(LockError, match=r"still after 0\.01 seconds"):
        index.writer(timeout=0.01)


@pytest.mark.parametrize(
    ("document", "error", "says"),
    [
        ({"text": "no key"}, errors.StoryError, "without a key"),
        ({"key": "c", "text": "x", "body": "y"}, errors.StoryError, "one thing"),
        ({"key": "c", "words": 3}, errors.UnsupportedError, "'words' follows"),
        ({"key": "c", "work_value": "x"}, errors.UnsupportedError, "'work_value' follows"),
        ({"key": "c", "text_exact": "x"}, errors.UnsupportedError, "'text_exact' follows"),
        ({"key": "c", "_title_boost": 2.0}, errors.UnsupportedError, "'_title_boost'"),
        ({"key": "c", "_stored_text": "x"}, errors.UnsupportedError, "'_stored_text'"),
        ({"key": "c", "text": 3}, errors.StoryError, "give text"),
        ({"key": b"k", "text": "t"}, errors.StoryError, "key is a text, not b'k'"),
        ({"key": None, "text": "t"}, errors.StoryError, "key is a text, not None"),
        ({"key": 7, "text": "t"}, errors.StoryError, "key is a text, not 7"),
        ({"key": "c", "mood": b"abc"}, errors.StoryError, "'mood' is of type bytes"),
        ({"key": "c", "mood": {"a": 1}}, errors.StoryError, "'mood' is of type dict"),
        ({"key": "c", "mood": {"a"}}, errors.StoryError, "'mood' is of type set"),
        ({"key": "c", "mood": ["a", None]}, errors.StoryError, "'mood' is of type NoneType"),
        ({"key": "c", "mood": ["a", ["b"]]}, errors.StoryError, "'mood' is of type list"),
        ({"key": "c", "mood": [b"a"]}, errors.StoryError, "'mood' is of type bytes"),
        ({"key": "c", "mood": bytearray(b"a")}, errors.StoryError, "of type bytearray"),
        ({"key": "c", "mood": object()}, errors.StoryError, "'mood' is of type object"),
    ],
)
def test_a_bad_document_is_named_and_spoils_nothing(home, document, error, says):
    with open_whoosh(home).writer() as writer:
        writer.add_document(key="good", text="A swan.")
        with pytest.raises(error, match=says):
            writer.add_document(**document)
    assert stored(home).keys() == {"a", "b", "good"}


def test_values_of_every_kind_are_stored_as_a_header_says_them(home):
    document = {
        "mood": ("sad", 3, 2.5, Decimal("1.25"), date(2026, 3, 5), datetime(2026, 3, 5, 10)),
    }
    add(open_whoosh(home), {"key": "c", "text": "A swan.", **document})
    said = ("sad", "3", "2.5", "1.25", "2026-03-05", "2026-03-05T10:00:00")
    assert stored(home)["c"].header == {"mood": said}


def test_a_story_that_has_a_file_is_not_replaced(home, collection):
    folder = collection(**{"one.txt": "A swan on a lake."})
    with Library.open(home, engine="columns") as library:
        library.sync(folder)
        (key,) = set(stored(home)) - {"a", "b"}
    with open_whoosh(home).writer() as writer:
        with pytest.raises(errors.StoryError, match="comes from a file"):
            writer.update_document(key=key, text="Another.")
        assert writer.delete_by_term("key", key) == 1
    assert stored(home).keys() == {"a", "b"}


def test_what_is_not_possible_is_refused_by_name(home):
    index = open_whoosh(home)
    for options, says in (
        ({"procs": 2}, "procs=2"),
        ({"multisegment": True}, "'multisegment'"),
        ({"codec": None}, "'codec'"),
    ):
        with pytest.raises(errors.UnsupportedError, match=says):
            index.writer(**options)
    with index.writer() as writer:
        for call, says in (
            (lambda: writer.commit(mergetype=writing.OPTIMIZE), "OPTIMIZE"),
            (lambda: writer.add_field("text", fields.NGRAM()), "NGRAM"),
            (lambda: writer.add_field("mood", fields.TEXT()), "'mood'"),
            (lambda: writer.remove_field("title"), "'title'"),
            (lambda: writer.add_reader(index.reader()), "SegmentReader"),
            (writer.start_group, "start_group"),
        ):
            with pytest.raises(errors.UnsupportedError, match=says):
                call()
        writer.add_field("title", fields.TEXT())
    with pytest.raises(errors.UnsupportedError, match="'title'"):
        index.remove_field("title")
    assert stored(home).keys() == {"a", "b"}
