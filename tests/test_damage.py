"""What becomes of an index whose files are damaged? Nothing silent, and nothing that was there."""

from __future__ import annotations

import json
import random
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest

from balletsearch import IndexFaultError, Library, Mended, Story, open_whoosh
from balletsearch import manifest as manifests
from balletsearch.cli.running import run
from balletsearch.errors import OLDER, OlderStateWarning
from balletsearch.model import as_json

LETTERS = [Story(f"letter{i}", f"The {word} came to the lake.") for i, word in enumerate("abc")]


@pytest.fixture
def home(tmp_path, collection) -> Path:
    """An index of two files and three letters, in two commits, one letter deleted again."""
    folder = collection(**{"a.txt": "A swan in Moscow.", "b.txt": "Two swans, one lake."})
    with Library.open(tmp_path / "index") as library:
        library.sync(folder)
        library.add(*LETTERS)
        library.remove("letter2")
    return tmp_path / "index"


def files(home: Path, pattern: str) -> list[Path]:
    return sorted(home.glob(f"store-*/{pattern}"))


def newest(home: Path) -> Path:
    return max(files(home, "generation-*.json"), key=lambda p: int(p.stem.partition("-")[2]))


def flip(file: Path, at: int) -> None:
    data = bytearray(file.read_bytes())
    data[at // 8] ^= 1 << at % 8
    file.write_bytes(data)


def everything(home: Path) -> object:
    """All that an index can be asked, as far as it matters here."""
    with Library.open(home) as library:
        found = [
            [(h.key, h.score, h.spans, str(h.snippet)) for h in library.search(query, limit=None)]
            for query in ("swan", '"the lake"', "sw*", "lkae~", "title:a OR moscow", "words:>1")
        ]
        return (
            found,
            library.search("*", facets=["place", "path"]).facets,
            [as_json(story) for story in library.stories()],
        )


def test_a_sound_index_has_no_faults(home):
    with Library.open(home) as library:
        assert library.check(deep=True) == ()


@pytest.mark.parametrize("kind", ["segment-*.npz", "deleted-*.npz", "generation-*.json"])
def test_a_flipped_bit_is_an_error_that_names_the_file_or_changes_nothing(home, kind):
    expected = everything(home)
    chance = random.Random(kind)
    for file in files(home, kind):
        sound = file.read_bytes()
        for _ in range(60):
            flip(file, chance.randrange(8 * len(sound)))
            try:
                # Values of facets are read when they are asked for: here.
                same = everything(home) == expected
            except IndexFaultError as error:
                said = str(error)
                assert file.name in said
                assert "check --repair" in said
            else:
                with Library.open(home) as library:
                    library.search("*")
                    assert same or library.degraded
            file.write_bytes(sound)


@pytest.mark.parametrize("kind", ["segment-*.npz", "deleted-*.npz", "generation-*.json"])
def test_what_a_search_meets_a_check_has_found(home, kind):
    chance = random.Random(kind)
    for file in files(home, kind):
        if kind == "generation-*.json" and file != newest(home):
            continue  # one that nobody reads any more
        sound = file.read_bytes()
        for _ in range(40):
            flip(file, chance.randrange(8 * len(sound)))
            with Library.open(home) as library:
                faults = library.check()
                try:
                    for story in library.stories():
                        as_json(story)
                    wrong = bool(library.degraded)
                except IndexFaultError:
                    wrong = True
            assert not wrong or file.name in " ".join(faults)
            file.write_bytes(sound)


def test_a_damaged_newest_manifest_makes_the_one_before_answer(home, capsys):
    newest(home).write_text("{}")
    with Library.open(home) as library:
        assert len(library) == 5  # the removed letter is back
        assert "generation-" in library.degraded
        with pytest.raises(IndexFaultError, match="check --repair"):
            library.add(Story("new", "A new one."))
    assert run(["search", "swan", "--index", str(home)]) == 4
    assert "warning: the newest state of the index" in capsys.readouterr().err
    assert run(["check", "--repair", "--index", str(home)]) == 3
    assert "may have been removed before: whatever the newest commit" in capsys.readouterr().err
    with Library.open(home) as library:
        assert library.check(deep=True) == ()
        library.add(Story("new", "A new one."))
        assert not library.degraded


def test_every_answer_of_an_older_state_says_so_once(home, capsys):
    newest(home).write_text("{}")
    with Library.open(home) as library:
        for _ in range(2):
            for results in (library.search("swan"), library.like("letter0", limit=0)):
                (note,) = results.notes
                assert note.startswith(OLDER)
                assert newest(home).name in note
    for command in (["search", "swan"], ["facets", "place"]):
        assert run([*command, "--index", str(home)]) == 4
        out, err = capsys.readouterr()
        assert (out + err).count(OLDER[4:]) == 1
        assert run([*command, "--json", "--index", str(home)]) == 4
        (note,) = json.loads(capsys.readouterr().out)["notes"]
        assert note.startswith(OLDER)


def test_an_index_for_whoosh_warns_of_an_older_state_and_takes_no_story(home):
    newest(home).write_text("{}")
    with pytest.warns(OlderStateWarning, match=newest(home).name):
        index = open_whoosh(home)
    with pytest.raises(IndexFaultError, match="takes no stories"):
        index.writer()


def test_a_sound_index_gives_no_note_and_no_warning(home):
    with Library.open(home) as library, warnings.catch_warnings():
        warnings.simplefilter("error", OlderStateWarning)
        assert library.search("swan").notes == ()
        assert open_whoosh(home).doc_count() == len(library)


@pytest.mark.parametrize("harm", ["cut", "missing", "foreign", "zeros", "empty"])
def test_a_damaged_segment_is_refused_by_name_and_mended_from_files(home, harm, capsys):
    """The two stories of the segment have files, so nothing is lost."""
    with Library.open(home) as library:
        before = {story.key for story in library.stories()}
    file = next(f for f in files(home, "segment-*.npz") if b"a.txt" in f.read_bytes())
    other = next(f for f in files(home, "segment-*.npz") if f != file)
    match harm:
        case "cut":
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 3])
        case "missing":
            file.unlink()
        case "foreign":
            file.write_bytes(other.read_bytes())
        case "zeros":
            data = bytearray(file.read_bytes())
            data[4096 : 4096 + 4096] = bytes(4096)
            file.write_bytes(data)
        case _:
            file.write_bytes(b"")
    with Library.open(home) as library, pytest.raises(IndexFaultError, match=file.name):
        everything(home)
    assert run(["check", "--index", str(home)]) == 4
    assert file.name in capsys.readouterr().out
    # Whether letters were lost with it cannot be told, and is said so, unless keys were read.
    assert run(["check", "--repair", "--index", str(home)]) == (
        0 if harm in ("zeros", "cut") else 3
    )
    with Library.open(home) as library:
        assert {story.key for story in library.stories()} == before
        assert library.check(deep=True) == ()
    assert run(["search", "swan", "--index", str(home)]) == 0


def test_letters_are_saved_from_a_segment_that_has_lost_its_contents(home):
    file = next(f for f in files(home, "segment-*.npz") if b"letter1" in f.read_bytes())
    data = file.read_bytes()
    file.write_bytes(data[: data.rindex(b"contents.json") - 200])
    with Library.open(home) as library:
        mended = library.rebuild()
        assert mended == Mended(4)
        assert library.get("letter1").body == LETTERS[1].body
        assert library.get("letter2") is None


def test_a_letter_whose_text_is_gone_is_named(home):
    file = next(f for f in files(home, "segment-*.npz") if b"letter1" in f.read_bytes())
    with zipfile.ZipFile(file) as segment, segment.open("text.data.npy") as member:
        np.lib.format.read_magic(member)
        text = member.read()[-60:]
    data = file.read_bytes()
    at = data.index(text)
    file.write_bytes(data[:at] + bytes(len(text)) + data[at + len(text) :])
    with Library.open(home) as library:
        assert set(library.rebuild().lost) == {"letter0", "letter1"}
        assert len(library) == 2


def test_a_damaged_manifest_of_the_whole_is_mended(home):
    (home / manifests.FILE_NAME).write_text("{}}")
    with Library.open(home) as library:
        assert len(library.check()) == 1
        assert library.rebuild() == Mended(4)
        assert library.check() == ()


def test_a_segment_is_a_zip_that_numpy_reads(home):
    for file in files(home, "*.npz"):
        with zipfile.ZipFile(file) as archive:
            assert archive.testzip() is None
        with np.load(file) as arrays:
            assert sum(array.size for name, array in arrays.items() if name != "contents.json")
