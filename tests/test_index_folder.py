"""Is the folder of an index safe from us, and is an index safe from others?"""

from __future__ import annotations

import gc
import random
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from balletsearch import (
    IndexFaultError,
    IndexForeignError,
    IndexLockedError,
    IndexMissingError,
    IndexOutdatedError,
    Library,
    Mended,
    Settings,
    SourceError,
    Story,
    StoryError,
)
from balletsearch import manifest as manifests

SWAN = Story("swan", "A swan on the lake.")


def test_a_library_without_an_index_says_how_to_build_one(tmp_path):
    with Library.open(tmp_path / "index") as library:
        with pytest.raises(IndexMissingError, match="balletsearch index FOLDER"):
            library.search("swan")
        assert not library.exists
    assert not (tmp_path / "index").exists()


def test_a_folder_with_something_else_in_it_is_never_written_to(tmp_path):
    (tmp_path / "thesis.doc").write_text("years of work")
    with (
        Library.open(tmp_path) as library,
        pytest.raises(IndexForeignError, match=r"thesis\.doc"),
    ):
        library.add(SWAN)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.doc"]


def test_a_readme_and_a_gitignore_may_lie_in_it(tmp_path):
    (tmp_path / "README.md").write_text("what this is")
    (tmp_path / ".gitignore").write_text("*")
    with Library.open(tmp_path) as library:
        library.add(SWAN)
        assert library.search("swan").total == 1
    assert (tmp_path / "README.md").read_text() == "what this is"


def test_a_file_in_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "index").write_text("a file")
    with pytest.raises(IndexForeignError, match="is a file"):
        Library.open(tmp_path / "index").add(SWAN)


@pytest.mark.parametrize("text", ["", "{", "[]", "\x00"])
def test_a_damaged_manifest_is_named(tmp_path, text):
    with Library.open(tmp_path / "index") as library:
        library.add(SWAN)
    (tmp_path / "index" / manifests.FILE_NAME).write_text(text)
    with (
        Library.open(tmp_path / "index") as library,
        pytest.raises((IndexFaultError, IndexForeignError), match=r"manifest\.json"),
    ):
        library.search("swan")


def test_a_rebuild_keeps_stories_that_have_no_file(tmp_path, collection):
    folder = collection(**{"a.txt": "A swan."})
    with Library.open(tmp_path / "index") as library:
        library.sync(folder)
        library.add(Story("letter", "A letter about the lake.", {"dancer": "Odile Black"}))
        before = {s.key: s for s in library.stories()}
        stores = {p.name for p in (tmp_path / "index").glob("store-*")}
        assert library.rebuild() == Mended(2)
        assert {s.key: s for s in library.stories()} == before
        after = {p.name for p in (tmp_path / "index").glob("store-*")}
        assert len(after) == 1
        assert not after & stores
        assert library.search("dancer:black").hits[0].key == "letter"
        assert not library.sync(folder).changed


def test_a_rebuild_changes_the_languages(tmp_path):
    with Library.open(tmp_path / "index") as library:
        library.add(Story("ru", "Балерины танцевали.", {"language": "ru"}))
        assert library.search("балерина").total == 0
    both = Settings(languages=("en", "ru"))
    with Library.open(tmp_path / "index", settings=both) as library:
        with pytest.raises(IndexOutdatedError):
            library.search("балерина")
        library.rebuild()
        assert library.search("балерина").total == 1


def test_a_reader_that_is_open_sees_a_rebuild_and_new_stories(tmp_path):
    with Library.open(tmp_path / "index") as writer, Library.open(tmp_path / "index") as reader:
        writer.add(SWAN)
        assert reader.search("swan").total == 1
        writer.add(Story("other", "Another swan."))
        assert reader.search("swan").total == 2
        writer.rebuild()
        assert reader.search("swan").total == 2


def test_two_rebuilds_at_once_lose_nothing(tmp_path, monkeypatch):
    with Library.open(tmp_path / "index") as library:
        library.add(SWAN, Story("b", "Another swan."))
    both_saw_it = threading.Barrier(2)

    def rebuild() -> None:
        with Library.open(tmp_path / "index") as mine:
            assert mine.exists
            both_saw_it.wait()
            mine.rebuild()

    threads = [threading.Thread(target=rebuild) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Library.open(tmp_path / "index") as library:
        assert library.search("swan").total == 2


def test_a_rebuild_that_fails_leaves_the_old_index(tmp_path, monkeypatch):
    with Library.open(tmp_path / "index") as library:
        library.add(SWAN)

        def failing(*_: object, **__: object) -> None:
            raise OSError("disk full")

        monkeypatch.setattr(manifests, "save", failing)
        with pytest.raises(IndexFaultError, match="disk full"):
            library.rebuild()
        monkeypatch.undo()
        assert library.search("swan").total == 1
        library.add(Story("b", "Another swan."))
        assert len(list((tmp_path / "index").glob("store-*"))) == 1, "leftovers are swept"


def test_stories_go_on_while_the_index_is_rebuilt(tmp_path):
    with Library.open(tmp_path / "index") as library:
        library.add(*(Story(f"{n}", f"Swan {n}.") for n in range(5)))
        stories = library.stories()
        keys = [next(stories).key]
        with Library.open(tmp_path / "index") as other:
            other.rebuild()
        assert library.search("swan").total == 5
        assert keys + [s.key for s in stories] == [str(n) for n in range(5)]


# Whoosh leaves files open when it fails in the middle of them.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("damage", ["gone", "cut", "junk"])
def test_damaged_files_are_named_and_never_made_anew(tmp_path, damage):
    with Library.open(tmp_path / "index") as library:
        library.add(SWAN, Story("b", "Another swan."))
    (store,) = (tmp_path / "index").glob("store-*")
    for path in store.iterdir():
        if damage == "gone":
            path.unlink()
        elif damage == "cut":
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
        else:
            path.write_bytes(b"junk" * 100)
    before = sorted(store.iterdir())
    with Library.open(tmp_path / "index") as library:
        with pytest.raises(IndexFaultError, match="damaged"):
            library.search("swan")
        with pytest.raises(IndexFaultError, match="damaged"):
            library.add(SWAN)
    assert sorted(store.iterdir()) == before
    gc.collect()  # so that what Whoosh left open is closed within this test


def test_a_seed_of_the_program_repeats_no_name_of_a_segment(tmp_path):
    for key in ("a", "b", "c"):
        random.seed(0)
        state = random.getstate()
        with Library.open(tmp_path / "index") as library:
            library.add(Story(key, "A swan."))
        assert random.getstate() == state, "the program's own state is kept"
    with Library.open(tmp_path / "index") as library:
        assert library.search("swan").total == 3


def test_a_lost_manifest_loses_no_story(tmp_path, collection):
    with Library.open(tmp_path / "index") as library:
        library.add(SWAN)
    file = tmp_path / "index" / manifests.FILE_NAME
    file.unlink()
    with (
        Library.open(tmp_path / "index") as library,
        pytest.raises(IndexFaultError, match=r"check --repair"),
    ):
        library.sync(collection(**{"a.txt": "A lake."}))
    with Library.open(tmp_path / "index") as library:
        assert library.rebuild() == Mended(1)
        assert library.search("swan").total == 1


def test_readers_find_an_index_at_every_moment_of_its_rebuilds(tmp_path):
    with Library.open(tmp_path / "index") as library:
        library.add(SWAN)
    done = threading.Event()
    totals: list[int] = []
    faults: list[Exception] = []

    def read() -> None:
        while not done.is_set():
            try:
                with Library.open(tmp_path / "index") as mine:
                    totals.append(mine.search("swan").total)
            except IndexFaultError as fault:
                faults.append(fault)

    reader = threading.Thread(target=read)
    reader.start()
    with Library.open(tmp_path / "index") as library:
        for _ in range(15):
            library.rebuild()
    done.set()
    reader.join()
    assert not faults
    assert totals
    assert set(totals) == {1}


def test_what_comes_to_nothing_leaves_no_index_behind(tmp_path, collection):
    with Library.open(tmp_path / "index") as library:
        with pytest.raises(SourceError):
            library.sync(tmp_path / "stroies")
        with pytest.raises(StoryError):
            library.add(Story("", "No key."))
        with pytest.raises(IndexMissingError):
            library.remove("x")
        with pytest.raises(IndexMissingError):
            library.forget("x")
        assert not library.exists


HOLD = """
    import sys, time
    from pathlib import Path
    from balletsearch.locking import write_lock
    with write_lock(Path(sys.argv[1])):
        print("held", flush=True)
        sys.stdin.readline()
"""


@pytest.fixture
def held(tmp_path):
    """An index that another process is writing to; its pid."""
    with Library.open(tmp_path / "index") as library:
        library.add(SWAN)
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLD), str(tmp_path / "index")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert child.stdout is not None
    assert child.stdin is not None
    child.stdout.readline()
    yield child
    child.kill()
    child.communicate()


def test_a_second_writer_gives_up_and_names_the_first(tmp_path, held):
    waited: list[str] = []
    with Library.open(tmp_path / "index", patience=0.2, on_wait=waited.append) as library:
        with pytest.raises(IndexLockedError, match=f"process {held.pid} "):
            library.add(Story("x", "Text."))
        assert library.search("swan").total == 1, "a reader is never locked out"
    (message,) = waited
    assert str(held.pid) in message


def test_a_second_writer_waits_until_the_first_is_done(tmp_path, held):
    with Library.open(tmp_path / "index", patience=30) as library:
        timer = threading.Timer(0.3, lambda: held.communicate(b"\n"))
        timer.start()
        library.add(Story("x", "Text."))
        timer.join()
        assert len(library) == 2


def test_the_lock_of_a_killed_writer_is_free(tmp_path, held):
    held.kill()
    held.wait()
    with Library.open(tmp_path / "index", patience=0) as library:
        library.add(Story("x", "Text."))
        assert len(library) == 2


def test_files_that_cannot_be_removed_yet_are_removed_by_a_later_commit(tmp_path, monkeypatch):
    def refused(self, missing_ok=False):
        raise PermissionError(13, "it is open", str(self))

    with Library.open(tmp_path / "index") as library:
        library.add(Story("a", "A swan."))
        with monkeypatch.context() as patched:
            patched.setattr(Path, "unlink", refused)
            for text in ("A lake.", "A stage.", "A letter."):
                library.add(Story("a", text))
        store = next((tmp_path / "index").glob("store-*"))
        left = {path.name for path in store.glob("segment-*")}
        library.add(Story("b", "A swan."))
        assert len(left & {path.name for path in store.glob("segment-*")}) < len(left)
        generations = sorted(store.glob("generation-*"))
        assert len(generations) == 2
        named = "".join(path.read_text() for path in generations)
        assert all(path.name in named for path in store.glob("segment-*"))
