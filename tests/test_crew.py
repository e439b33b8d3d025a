"""Do many processes say of stories what one does, and what if one of them dies?"""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from balletsearch import Library, Settings, SettingsError, SourceError, crew
from balletsearch.crew import Crew, Job, carried_out, perform, plenty
from balletsearch.model import Reading
from balletsearch.reading.drafts import Draft
from balletsearch.reports import Skip
from balletsearch.stories import Describer

TEXTS = {
    "a.txt": "Klára Velt was a ballerina. She danced Swan Lake in Moscow.",
    "b.txt": "---\ntitle: A header\ndancer: Ada Quill\n---\nShe danced.",
    "c.txt": "",
    "d.txt": "d\u00e9j\u00e0 vu \u00e2\u20ac\u201c mended",
    "e.txt": "Once upon a time.",
    "f.txt": "Madame Petrova taught at the Bolshoi Ballet.",
}


@pytest.fixture
def members(monkeypatch):
    """Processes are started for anything; those that were."""
    started = []

    class Member(crew._Member):
        def __init__(self, settings: Settings) -> None:
            super().__init__(settings)
            started.append(self)

    monkeypatch.setattr(crew, "_Member", Member)
    monkeypatch.setattr(crew, "PORTION_STORIES", 1)
    monkeypatch.setattr(crew, "SMALL", 1)
    monkeypatch.setattr(crew, "_processors", lambda: 2)
    return started


def jobs(folder: Path) -> list[Job]:
    draft = Draft("r1", 1, {"work": ("Agon",)}, "She danced.", "d1", Reading("utf-8", "it is"))
    return [
        *(Job(name, name, str(folder / name), modified="2026-01-01") for name in TEXTS),
        Job("none.txt", "none.txt", str(folder / "none.txt")),
        Job("all.jsonl#r1", "all.jsonl", "all.jsonl", item=draft),
        Job("all.jsonl", "all.jsonl", "all.jsonl", item=Skip("all.jsonl:line 2", "it is bad")),
        Job("all.jsonl#r1", "all.jsonl", "all.jsonl", item=draft, settled="d1"),
    ]


def test_processes_say_what_this_one_says_in_the_same_order(members, collection) -> None:
    asked = jobs(collection(**TEXTS)) * 3
    settings = Settings()
    expected = perform(Describer(settings), settings.encoding, asked)
    with Crew(settings) as some:
        found = list(carried_out(asked, Describer(settings), some))
    assert found == list(zip(asked, expected, strict=True))
    assert len(members) == 2
    assert all(member._process.poll() == 0 for member in members)
    kinds = [type(outcome.item) for outcome in expected]
    assert kinds.count(Skip) == 9
    assert sum(outcome.described is None for outcome in expected) == 12


def test_for_a_few_stories_no_process_is_started(members, monkeypatch, collection) -> None:
    monkeypatch.setattr(crew, "PORTION_STORIES", 100)
    asked = jobs(collection(**TEXTS))
    with Crew(Settings()) as some:
        assert len(list(carried_out(asked, Describer(Settings()), some))) == len(asked)
    assert not members


def test_a_process_that_dies_is_an_error_and_the_next_sync_goes_on(
    members, collection, tmp_path
) -> None:
    folder = collection(**{f"{n:03}.txt": f"Story {n}." for n in range(40)})

    def kill(done: int, _: int) -> None:
        if done == 3:
            for member in members:
                member.kill()

    with Library.open(tmp_path / "index") as library:
        with pytest.raises(SourceError, match="ended before its time"):
            library.sync(folder, progress=kill)
        kept = len(library)
        assert 3 <= kept < 40
        assert len(library.sync(folder).added) == 40 - kept
        assert len(library) == 40


def test_an_interrupted_sync_leaves_no_process_behind(members, collection, tmp_path) -> None:
    folder = collection(**{f"{n:03}.txt": f"Story {n}." for n in range(40)})

    def interrupt(done: int, _: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    with Library.open(tmp_path / "index") as library:
        with pytest.raises(KeyboardInterrupt):
            library.sync(folder, progress=interrupt)
        assert len(library) == 5
    assert len(members) == 2
    assert all(member._process.poll() is not None for member in members)


def test_an_error_of_a_setting_comes_back_as_what_it_is(members, collection) -> None:
    settings = Settings(encoding="no-such-encoding")
    with pytest.raises(SettingsError, match="no-such-encoding"), Crew(settings) as some:
        list(carried_out(jobs(collection(**TEXTS)), Describer(settings), some))


def test_an_error_in_names_of_ones_own_comes_back_as_what_it_is(
    members, collection, tmp_path
) -> None:
    own = tmp_path / "own.toml"
    own.write_text("[work]\n'Velt' = 3\n", "utf-8")
    settings = Settings(gazetteer=(own,))
    with pytest.raises(SettingsError, match="Velt"), Crew(settings) as some:
        list(carried_out(jobs(collection(**TEXTS)), Describer(settings), some))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({"a.txt": "x" * 41}, True),
        ({"a.txt": "x" * 40}, False),
        ({"a.txt": "x" * 20, "deep/er/b.md": "x" * 21}, True),
        ({"a.txt": "x" * 20, ".hidden/b.txt": "x" * 21}, False),
        ({"a.pdf": "x" * 100}, False),
        ({f"{n}.txt": "x" for n in range(9)}, True),
        ({f"{n}.txt": "x" for n in range(8)}, False),
        ({}, False),
    ],
)
def test_whether_a_folder_holds_plenty(monkeypatch, tmp_path, names, expected) -> None:
    monkeypatch.setattr(crew, "PORTION", 10)
    monkeypatch.setattr(crew, "PORTION_STORIES", 2)
    for name, text in names.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    assert plenty(tmp_path) is expected
    for name, text in names.items():
        assert plenty(tmp_path / name) is (len(text) > 40)
    assert not plenty(tmp_path / "none")


UNGUARDED = """
    import sys
    from balletsearch import Library, crew
    crew.PORTION_STORIES, crew.SMALL, crew._processors = 1, 1, lambda: 2
    print("once")
    with Library.open(sys.argv[1]) as library:
        print(len(library.sync(sys.argv[2]).added))
"""


def test_a_script_without_a_guard_is_not_run_again(collection, tmp_path) -> None:
    folder = collection(**{f"{n}.txt": f"Story {n}." for n in range(6)})
    script = tmp_path / "script.py"
    script.write_text(textwrap.dedent(UNGUARDED), "utf-8")
    run = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "index"), str(folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.split() == ["once", "6"]
    assert not run.stderr


def test_a_path_among_the_places_of_modules_stops_nobody(members, collection, monkeypatch) -> None:
    monkeypatch.setattr(sys, "path", [Path("nowhere"), *sys.path])
    asked = jobs(collection(**TEXTS))
    settings = Settings()
    with Crew(settings) as some:
        found = list(carried_out(asked, Describer(settings), some))
    assert [outcome for _, outcome in found] == perform(
        Describer(settings), settings.encoding, asked
    )
    assert members
