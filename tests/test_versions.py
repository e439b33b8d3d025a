"""Is an index of another version or analysis refused with the command that helps?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from balletsearch import (
    IndexFaultError,
    IndexForeignError,
    IndexOutdatedError,
    Library,
    Mended,
    Story,
)
from balletsearch import manifest as manifests
from balletsearch.cli.running import run
from balletsearch.columns import generations
from balletsearch.columns.format import FORMAT

SWAN = Story("swan", "A swan on the lake.")


def changed(tmp_path, **changes: object) -> Library:
    """A library whose manifest says something else than was written."""
    with Library.open(tmp_path / "index") as library:
        library.add(SWAN)
    rewrite(tmp_path / "index" / manifests.FILE_NAME, changes)
    return Library.open(tmp_path / "index")


def rewrite(file: Path, changes: dict[str, object]) -> None:
    """Change a manifest as a program would that had reason to, its checksum too."""
    data = json.loads(file.read_text()) | changes
    del data["checksum"]
    file.write_text(json.dumps({**data, "checksum": manifests.checksum_of(data)}))


@pytest.mark.parametrize(
    ("changes", "error", "says"),
    [
        ({"format": 99}, IndexOutdatedError, "format 99"),
        ({"made_by": "somebody"}, IndexForeignError, "not written by balletsearch"),
        ({"store": "../elsewhere"}, IndexFaultError, "damaged"),
        ({"languages": []}, IndexFaultError, "damaged"),
        ({"languages": None}, IndexFaultError, "damaged"),
        ({"made_with": {}, "analysis": "other"}, IndexOutdatedError, "--rebuild"),
        ({"languages": ["fr"]}, IndexOutdatedError, "built for the languages fr"),
        ({"languages": ["en", "fr"]}, IndexOutdatedError, "built for the languages en, fr"),
    ],
)
def test_an_index_that_does_not_fit_is_refused_in_a_sentence(tmp_path, changes, error, says):
    with changed(tmp_path, **changes) as library, pytest.raises(error, match=says):
        library.search("swan")


def of_another_format(index: Path, **more: object) -> None:
    """What is left of an index whose arrays are of another format, as its manifests say."""
    for path in index.glob("store-*/generation-*.json"):
        data = json.loads(path.read_text()) | {"format": FORMAT - 1, **more}
        del data["checksum"]
        path.write_text(json.dumps({**data, "checksum": generations.checksum_of(data)}))


@pytest.mark.parametrize("command", [["index", "--rebuild"], ["check", "--repair"]], ids=" ".join)
def test_arrays_of_another_format_are_refused_with_the_command_that_helps(
    tmp_path, collection, monkeypatch, capsys, command
):
    folder = collection(**{"a.txt": "A lake."})
    with Library.open(tmp_path / "index") as library:
        library.sync(folder)
        library.add(SWAN)
    of_another_format(tmp_path / "index")
    with (
        Library.open(tmp_path / "index") as library,
        pytest.raises(IndexOutdatedError, match=r"format \d.*balletsearch index --rebuild\.$"),
    ):
        library.search("swan")
    monkeypatch.chdir(tmp_path)
    assert run(command) == 0, capsys.readouterr()
    with Library.open(tmp_path / "index") as library:
        assert {hit.key for hit in library.search("swan OR lake")} == {
            "swan",
            *(story.key for story in library.stories() if story.source),
        }
        assert library.stats().stories == 2


def test_arrays_that_only_another_version_can_read_are_not_taken_for_damage(tmp_path):
    with Library.open(tmp_path / "index") as library:
        library.add(SWAN)
    of_another_format(tmp_path / "index", segments=[{"pieces": []}])
    with Library.open(tmp_path / "index") as library:
        for ask in (lambda: library.search("swan"), library.rebuild):
            with pytest.raises(IndexOutdatedError, match="balletsearch export"):
                ask()


def test_other_fields_or_weights_are_refused_with_the_command_that_helps(tmp_path):
    with Library.open(tmp_path / "index") as library:
        library.add(SWAN)
    of_another_format(tmp_path / "index", format=FORMAT, schema="other")
    with Library.open(tmp_path / "index") as library:
        with pytest.raises(IndexOutdatedError, match=r"other fields or weights.*--rebuild"):
            library.search("swan")
        assert library.rebuild() == Mended(1)
        assert library.search("swan").total == 1


def test_an_index_keeps_its_engine_unless_another_is_asked_for(tmp_path):
    with Library.open(tmp_path / "index", engine="whoosh") as library:
        library.add(SWAN)
    for asked, engine in ((None, "whoosh"), ("columns", "columns"), (None, "columns")):
        with Library.open(tmp_path / "index", engine=asked) as library:
            library.rebuild()
            assert library.stats().engine == engine
            assert library.search("swan").total == 1


def test_a_new_version_that_makes_the_same_words_goes_on(tmp_path):
    with changed(tmp_path, made_with={"python": "3.99"}) as library:
        assert library.search("swan").total == 1


def test_a_check_of_the_words_that_passed_is_remembered(tmp_path):
    with changed(tmp_path, made_with={"python": "3.99"}) as library:
        library.add(Story("b", "Another swan."))
    file = tmp_path / "index" / manifests.FILE_NAME
    assert json.loads(file.read_text())["made_with"] == manifests.versions()
