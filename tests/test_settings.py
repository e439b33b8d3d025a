"""What did the user set, and is a mistake in it said clearly?"""

from __future__ import annotations

from pathlib import Path

import pytest

from balletsearch import SettingsError
from balletsearch.settings import Folder, Settings, index_home, load


def test_without_a_file_the_defaults_hold(tmp_path):
    assert load(tmp_path) == Settings()


def test_the_nearest_file_upward_holds_and_paths_are_relative_to_it(tmp_path):
    (tmp_path / "balletsearch.toml").write_text(
        """
        index = "built"
        languages = ["fr", "en"]
        encoding = "cp1250"
        gazetteer = ["names.toml"]
        [[folder]]
        path = "letters"
        language = "ru"
        encoding = "koi8-r"
        [[folder]]
        path = "letters/old"
        encoding = "cp866"
        """,
        "utf-8",
    )
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    found = load(below)
    assert found.languages == ("fr", "en")
    assert found.encoding == "cp1250"
    assert found.index == tmp_path / "built"
    assert found.gazetteer == (tmp_path / "names.toml",)
    assert found.folder(tmp_path / "letters" / "x.txt").encoding == "koi8-r"
    assert found.folder(tmp_path / "letters" / "old" / "x.txt").encoding == "cp866"
    assert found.folder(tmp_path / "x.txt") == Folder(tmp_path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("indx = 'a'", "there is no setting 'indx'"),
        ("index = 3", "'index' must be a text in quotes"),
        ("languages = 'en'", "'languages' must be a list of texts"),
        ("languages = [1]", "'languages' must be a list of texts"),
        ("languages = ['englsh']", "'englsh' is no language"),
        ("[[folder]]\npath = 'x'\nlanguage = 'klingon'", "'klingon' is no language"),
        ("encoding = 'nonsense'", "'nonsense' is not the name of an encoding"),
        ("[[folder]]\nencoding = 'utf-8'", "needs a path"),
        ("[folder]\npath = 'x'", r"written \[\[folder\]\]"),
        ("index = ", "Mend the file"),
    ],
)
def test_a_mistake_names_the_file_and_the_setting(tmp_path, text, says):
    file = tmp_path / "balletsearch.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=says) as error:
        load(tmp_path)
    assert str(file) in str(error.value)


def test_the_home_of_the_index_is_given_or_set_or_default(tmp_path, monkeypatch):
    assert index_home(None, tmp_path) == tmp_path / "index"
    (tmp_path / "balletsearch.toml").write_text("index = 'set'", "utf-8")
    assert index_home(None, tmp_path) == tmp_path / "set"
    monkeypatch.setenv("BALLETSEARCH_INDEX", "named")
    assert index_home(None, tmp_path) == Path("named")
    assert index_home("given", tmp_path) == Path("given")
