"""Do imports go one way, and is the public door what it says it is?"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import balletsearch

PACKAGE = Path(balletsearch.__file__).parent

LAYERS = (
    ("errors", "model", "hints", "reports", "fields", "facets", "passages", "durability"),
    ("settings", "analysis", "query", "gazetteer", "columns", "judgements"),
    ("reading", "extraction"),
    ("engines",),
    (
        *("snippets", "stories", "changes", "batches", "locking", "manifest", "opening"),
        *("answering", "cursors", "emphasis", "likeness", "feedback", "evaluating"),
        *("explaining", "suggesting", "completing", "saving", "understanding"),
    ),
    ("adding", "crew", "syncing", "rebuilding"),
    ("asking",),
    ("library", "rendering"),
    ("whoosh_view",),
    ("cli", "__main__"),
)
LEVEL = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}


def rooms() -> list[Path]:
    return sorted(p for p in PACKAGE.rglob("*.py") if p.parent != PACKAGE or p.stem != "__init__")


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """The rooms that a file imports at run time."""
    tree = ast.parse(path.read_text("utf-8"))
    for_types = {
        child
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in for_types or not isinstance(node, ast.ImportFrom) or not node.module:
            continue
        package, _, rest = node.module.partition(".")
        if package == "balletsearch":
            yield from [rest.split(".")[0]] if rest else [alias.name for alias in node.names]


@pytest.mark.parametrize("path", rooms(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_room_imports_only_from_its_own_layer_or_below(path):
    here = LEVEL[room_of(path)]
    above = {room for room in imports(path) if LEVEL[room] > here}
    assert not above


@pytest.mark.parametrize("path", rooms(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_room_says_which_question_it_answers_and_stays_small(path):
    text = path.read_text("utf-8")
    assert ast.get_docstring(ast.parse(text))
    assert len(text.splitlines()) <= 400


def test_every_public_name_can_be_had_and_no_other():
    for name in balletsearch.__all__:
        assert getattr(balletsearch, name).__name__ == name
    assert dir(balletsearch) == sorted(balletsearch.__all__)
    with pytest.raises(AttributeError):
        _ = balletsearch.nonsense


def test_every_public_name_is_documented():
    for name in balletsearch.__all__:
        assert getattr(balletsearch, name).__doc__, name


def loaded_after(code: str) -> set[str]:
    run = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(run.stdout.splitlines()[-1].split())


def test_importing_the_package_imports_nothing_heavy():
    heavy = {"nltk", "whoosh", "yaml", "ftfy", "rapidfuzz", "ahocorasick_rs", "numpy"}
    assert not heavy & loaded_after("import balletsearch")


def test_a_search_for_words_of_the_collection_needs_no_stemmer(tmp_path, seeds):
    with balletsearch.Library.open(tmp_path / "index") as library:
        library.sync(seeds)
    code = (
        "from balletsearch import Library\n"
        f"with Library.open({str(tmp_path / 'index')!r}) as library:\n"
        "    found = library.search('\"swan lake\" dancer:kalmurzaev', facets=['work'])\n"
        "    assert found.total == 1"
    )
    assert not {"nltk", "yaml", "ftfy", "ahocorasick_rs"} & loaded_after(code)
