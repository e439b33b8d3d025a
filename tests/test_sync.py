"""Does the index follow its folders, whatever happens on the way?"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balletsearch import (
    IndexFaultError,
    Library,
    SourceError,
    Story,
    StoryError,
    batches,
    syncing,
)
from balletsearch.engines.columns.writing import ColumnsWriter
from examples import examples
from sync_support import OLD, counts, found, old


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "index") as opened:
        yield opened


def test_one_sync_reflects_a_story_added_changed_renamed_and_deleted(library, collection):
    folder = collection(**{f"{n}.txt": f"Story {n} about a swan." for n in "abcdef"})
    assert counts(library.sync(old(folder))) == (6, 0, 0, 0, 0)
    (folder / "a.txt").write_text("A firebird.", "utf-8")
    (folder / "b.txt").rename(folder / "renamed.txt")
    (folder / "c.txt").unlink()
    (folder / "new.txt").write_text("A new swan.", "utf-8")
    report = library.sync(folder)
    assert report.updated == ("stories/a.txt",)
    assert report.renamed == (("stories/b.txt", "stories/renamed.txt"),)
    assert report.removed == ("stories/c.txt",)
    assert report.added == ("stories/new.txt",)
    assert report.unchanged == 3
    assert found(library, "swan") == ["d.txt", "e.txt", "f.txt", "new.txt", "renamed.txt"]
    assert found(library, "firebird") == ["a.txt"]
    assert len(library) == 6


def test_a_second_sync_changes_nothing_and_reads_no_text(library, collection, monkeypatch):
    folder = old(collection(**{"a.txt": "A swan.", "b.txt": "A lake."}))
    library.sync(folder)

    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("a file was read again")

    monkeypatch.setattr("balletsearch.reading.read", forbidden)
    monkeypatch.setattr("balletsearch.reading.read_story", forbidden)
    report = library.sync(folder)
    assert not report.changed
    assert report.unchanged == 2


def test_a_file_changed_within_the_clock_tick_of_its_reading_is_noticed(library, collection):
    folder = collection(**{"a.txt": "A swan.", "b.txt": "A lake."})
    now = time.time()
    os.utime(folder / "a.txt", (now, now))
    library.sync(folder)
    (folder / "a.txt").write_text("A crow.", "utf-8")  # the same size …
    os.utime(folder / "a.txt", (now, now))  # … and the same time
    assert library.sync(folder).updated == ("stories/a.txt",)
    assert found(library, "crow") == ["a.txt"]


def test_checksum_reads_what_size_and_time_would_hide(library, collection):
    folder = old(collection(**{"a.txt": "A swan.", "b.txt": "A lake."}))
    library.sync(folder)
    (folder / "a.txt").write_text("A crow.", "utf-8")
    old(folder)
    assert not library.sync(folder).changed
    assert library.sync(folder, checksum=True).updated == ("stories/a.txt",)


def test_a_touched_file_is_not_an_update(library, collection):
    folder = old(collection(**{"a.txt": "A swan.", "b.txt": "A lake."}))
    library.sync(folder)
    os.utime(folder / "a.txt", (OLD + 500, OLD + 500))
    assert not library.sync(folder).changed
    source = library.get("stories/a.txt").source
    assert source.mtime_ns == (OLD + 500) * 1_000_000_000


def test_a_dry_run_says_what_it_would_do_and_does_not(library, collection, tmp_path):
    folder = collection(**{"a.txt": "A swan.", "b.txt": "A lake."})
    report = library.sync(folder, dry_run=True)
    assert report.dry_run
    assert report.added == ("stories/a.txt", "stories/b.txt")
    assert not (tmp_path / "index").exists()
    library.sync(folder)
    (folder / "a.txt").write_text("Another.", "utf-8")
    assert library.sync(folder, dry_run=True).updated == ("stories/a.txt",)
    assert found(library, "swan") == ["a.txt"]


def test_a_missing_folder_is_refused_and_its_stories_kept(library, collection, tmp_path):
    folder = collection(**{"a.txt": "A swan."})
    library.sync(folder)
    folder.rename(tmp_path / "unmounted")
    with pytest.raises(SourceError, match="does not exist"):
        library.sync(folder)
    assert found(library, "swan") == ["a.txt"]
    assert library.sync(folder, force=True).removed == ("stories/a.txt",)


def test_a_folder_that_never_was_is_refused(library, tmp_path):
    with pytest.raises(SourceError, match=r"does not exist\. Name a folder"):
        library.sync(tmp_path / "nowhere")


@pytest.mark.parametrize(("lost", "refused"), [(2, False), (3, True), (4, True)])
def test_a_folder_that_lost_more_than_half_is_refused(library, collection, lost, refused):
    folder = collection(**{f"{n}.txt": f"Story {n}." for n in range(4)})
    library.sync(folder)
    for n in range(lost):
        (folder / f"{n}.txt").unlink()
    if refused:
        with pytest.raises(SourceError, match=f"lost {lost} of its 4"):
            library.sync(folder)
        assert len(library) == 4
        assert len(library.sync(folder, force=True).removed) == lost
    else:
        assert len(library.sync(folder).removed) == lost


def test_stories_with_equal_texts_count_each_where_many_are_lost(library, collection):
    folder = collection(**{f"{n}.txt": "The same text." for n in range(10)})
    library.sync(folder)
    for n in range(9):
        (folder / f"{n}.txt").unlink()
    with pytest.raises(SourceError, match="lost 9 of its 10"):
        library.sync(folder)


def test_a_renamed_folder_is_no_loss(library, collection):
    folder = collection(**{f"old/{n}.txt": f"Story {n}." for n in range(4)})
    library.sync(folder)
    (folder / "old").rename(folder / "new")
    report = library.sync(folder)
    assert len(report.renamed) == 4
    assert not report.added
    assert not report.removed


def test_sync_touches_only_stories_of_its_root(library, collection):
    one = collection("stories", **{"a.txt": "A swan."})
    two = collection("other", **{"a.txt": "A lake.", "b.txt": "A moon."})
    library.sync(one)
    library.sync(two)
    library.add(Story("letter", "A letter."))
    (one / "c.txt").write_text("A third.", "utf-8")
    assert counts(library.sync(one)) == (1, 0, 0, 0, 1)
    assert len(library) == 5


def test_a_folder_inside_another_root_is_not_indexed_twice(library, collection, tmp_path):
    folder = collection("stories", **{"sub/a.txt": "A swan.", "b.txt": "A lake."})
    library.sync(folder / "sub")
    assert counts(library.sync(folder)) == (1, 0, 0, 0, 1)
    assert len(library) == 2


def test_a_file_that_cannot_be_read_now_keeps_its_last_good_version(library, collection):
    folder = old(collection(**{"a.txt": "A swan.", "b.txt": "A lake.", "c.txt": "A moon."}))
    library.sync(folder)
    (folder / "a.txt").write_bytes(b"\x00\x01\x02" * 50)
    report = library.sync(folder)
    (skip,) = report.skipped
    assert skip.path == "stories/a.txt"
    assert "kept" in skip.reason
    assert found(library, "swan") == ["a.txt"]


def test_one_bad_file_never_loses_the_others(library, collection):
    folder = collection(**{"a.txt": "A swan.", "c.txt": "A lake.", "empty.txt": "  \n"})
    (folder / "b.txt").write_bytes(b"MZ\x00\x00\x01" * 30)
    report = library.sync(folder)
    assert [s.path for s in report.skipped] == ["stories/b.txt", "stories/empty.txt"]
    assert report.added == ("stories/a.txt", "stories/c.txt")


def test_how_a_file_was_read_is_kept_and_a_doubt_is_reported(library, collection):
    folder = collection(**{"plain.txt": "A swan – here.", "broken.txt": "worth it â€“ all of it"})
    russian = "Она танцевала на сцене Большого театра, и зал затаил дыхание."
    (folder / "russian.txt").write_bytes(russian.encode("koi8-r"))
    report = library.sync(folder)
    (remark,) = report.skipped
    assert (remark.path, remark.lost) == ("stories/russian.txt", False)
    assert "koi8-r" in remark.reason.lower()
    assert library.get("stories/russian.txt").body == russian
    assert library.get("stories/plain.txt").reading.reason == "valid UTF-8"
    (repair,) = library.get("stories/broken.txt").reading.repairs
    assert (repair.line, repair.after) == (1, "worth it – all of it")
    library.rebuild()
    assert library.get("stories/broken.txt").reading.repairs == (repair,)


def test_an_interrupted_sync_keeps_what_it_did(library, collection):
    folder = old(collection(**{f"{n}.txt": f"Story {n}." for n in range(6)}))

    def interrupt(done: int, _: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.sync(folder, progress=interrupt)
    assert len(library) == 4
    assert counts(library.sync(folder)) == (2, 0, 0, 0, 4)


@pytest.mark.parametrize(
    "stopped",
    [KeyboardInterrupt(), IndexFaultError("There is no space left."), OSError(28, "No space")],
    ids=lambda error: type(error).__name__,
)
def test_what_stops_a_sync_within_a_story_is_what_is_told(
    library, collection, monkeypatch, stopped
):
    """A writer that was stopped inside of a story keeps nothing since its last commit."""
    monkeypatch.setattr(batches, "STORIES", 2)
    folder = old(collection(**{f"{n}.txt": f"Story {n}." for n in range(6)}))
    added = ColumnsWriter._drop
    calls = []

    def stop(writer: ColumnsWriter, key: str) -> bool:
        calls.append(key)
        if len(calls) == 4:
            raise stopped
        return added(writer, key)

    monkeypatch.setattr(ColumnsWriter, "_drop", stop)
    with pytest.raises(type(stopped)) as told:
        library.sync(folder)
    assert told.value is stopped
    assert len(library) == 2
    monkeypatch.undo()
    assert counts(library.sync(folder)) == (4, 0, 0, 0, 2)


def test_an_inner_folder_takes_no_story_from_an_outer_one(library, collection):
    folder = collection(**{"a.txt": "A swan.", "sub/b.txt": "A lake."})
    library.sync(folder)
    (folder / "sub" / "b.txt").write_text("A moon.", "utf-8")
    library.sync(folder / "sub")
    assert library.roots() == {"stories": 2}


def test_a_folder_without_a_name_is_refused(library):
    with pytest.raises(SourceError, match="no name"):
        library.sync("")


def test_a_file_never_replaces_a_story_that_has_none(library, collection):
    folder = collection(**{"a.txt": "A swan."})
    library.add(Story("stories/b.txt", "The only copy."))
    (folder / "b.txt").write_text("Something else.", "utf-8")
    (skip,) = library.sync(folder).skipped
    assert skip.path == "stories/b.txt"
    assert library.get("stories/b.txt").body == "The only copy."
    with pytest.raises(StoryError, match="comes from a file"):
        library.add(Story("stories/a.txt", "Mine."))


def test_a_change_of_the_rules_is_followed_by_reading_again(library, collection, monkeypatch):
    folder = old(collection(**{"a.txt": "A swan.", "b.txt": "A lake."}))
    library.sync(folder)
    monkeypatch.setattr("balletsearch.extraction.fingerprint", lambda: "another")
    assert counts(library.sync(folder)) == (0, 2, 0, 0, 0)
    assert counts(library.sync(folder)) == (0, 0, 0, 0, 2)


def test_forget_removes_the_stories_of_a_root_that_is_gone(library, collection, tmp_path):
    folder = collection(**{"a.txt": "A swan."})
    library.sync(folder)
    library.add(Story("letter", "A letter."))
    folder.rename(tmp_path / "elsewhere")
    assert library.forget(folder) == 1
    assert len(library) == 1


def test_moving_the_whole_project_changes_no_key(collection, tmp_path):
    folder = collection("home/stories", **{"a.txt": "A swan."})
    old(folder)
    with Library.open(tmp_path / "home" / "index") as library:
        library.sync(folder)
    (tmp_path / "home").rename(tmp_path / "moved")
    with Library.open(tmp_path / "moved" / "index") as library:
        assert not library.sync(tmp_path / "moved" / "stories").changed


KILLED = """
    import sys
    from balletsearch import Library, batches
    batches.STORIES = 3
    with Library.open(sys.argv[1]) as library:
        print("ready", flush=True)
        library.sync(sys.argv[2])
"""


@pytest.mark.parametrize("after", [0.0, 0.05, 0.15, 0.4, 0.8])
def test_killing_a_sync_loses_no_earlier_commit_and_the_next_goes_on(
    library, collection, tmp_path, after
):
    first = {f"a{n:02}.txt": f"The first {n} swan." for n in range(5)}
    folder = old(collection(**first))
    library.sync(folder)
    collection(**{f"b{n:02}.txt": f"The second {n} swan." for n in range(60)})
    old(folder)
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(KILLED), str(tmp_path / "index"), str(folder)],
        stdout=subprocess.PIPE,
    )
    assert child.stdout is not None
    child.stdout.readline()
    time.sleep(after)
    child.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    child.wait()
    child.stdout.close()
    with Library.open(tmp_path / "index") as reopened:
        assert set(found(reopened, "swan")) >= first.keys()
        between = len(reopened)
        report = reopened.sync(folder)
        assert len(report.added) == 65 - between
        assert len(reopened) == 65


names = st.sampled_from([f"{n}.txt" for n in "abcde"])
texts = st.sampled_from(["swan lake", "swan", "lake moon", "firebird", "moon"])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("write"), names, texts),
        st.tuples(st.just("delete"), names),
        st.tuples(st.just("rename"), names, names),
        st.tuples(st.just("sync")),
    ),
    max_size=12,
)


@given(steps)
@settings(max_examples=examples(250))
def test_after_any_history_the_index_holds_what_the_folder_holds(tmp_path_factory, history):
    home = tmp_path_factory.mktemp("history")
    folder = home / "stories"
    folder.mkdir()
    with Library.open(home / "index") as library:
        for action, *rest in [*history, ("sync",)]:
            path = folder / rest[0] if rest else folder
            if action == "write":
                path.write_text(rest[1], "utf-8")
            elif action == "delete":
                path.unlink(missing_ok=True)
            elif action == "rename" and path.exists():
                path.replace(folder / rest[1])
            elif action == "sync":
                library.sync(folder, force=True)
        model = {f"stories/{p.name}": p.read_text("utf-8") for p in folder.iterdir()}
        assert {s.key: s.body for s in library.stories()} == model
        for word in ("swan", "moon"):
            holders = {k for k, text in model.items() if word in text.split()}
            hits = library.search(f"body:{word}", limit=None).hits
            assert {h.key for h in hits} == holders


@pytest.mark.parametrize(
    ("path", "root", "inside"),
    [
        ("seeds/a.txt", "seeds", True),
        ("seeds2/a.txt", "seeds", False),
        ("seeds/a.txt", "seeds/a.txt", True),
        ("seeds/a.txt", ".", True),
        ("/other/a.txt", ".", False),
        ("/other/a.txt", "/other", True),
        ("/other/a.txt", "/", True),
    ],
)
def test_what_lies_below_a_root(path, root, inside):
    assert syncing.under(path, root) is inside
