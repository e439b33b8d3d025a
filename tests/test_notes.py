"""Does a search say so where a range of numbers or dates can only compare text?"""

from __future__ import annotations

from pathlib import Path

import pytest

from balletsearch import Library, Story


def notes(folder: Path, query: str, **header: tuple[str, ...]) -> tuple[str, ...]:
    """The notes of a search in stories with the given values, one story for each."""
    with Library.open(folder / "index") as library:
        for name, values in header.items():
            library.add(
                *(Story(f"{name} {n}", "swan", {name: value}) for n, value in enumerate(values))
            )
        return library.search(query).notes


RATING = "'rating' holds values that are no numbers (for example 'n/a'), so its range compares text"
DAY = "'day' holds values that are no dates (for example 'spring'), so its range compares text"


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("rating:>9", id="more than"),
        pytest.param("rating:<=9.5", id="up to a decimal"),
        pytest.param("rating:[9 TO high]", id="one bound is a number"),
        pytest.param("NOT rating:>9", id="under not"),
        pytest.param("swan OR (lake rating:>9)", id="deep in a tree"),
        pytest.param("rating:>9 rating:<3", id="several ranges, one note"),
    ],
)
def test_a_range_of_numbers_over_texts_says_so(tmp_path: Path, query: str) -> None:
    assert notes(tmp_path, query, rating=("9.5", "n/a", "10")) == (RATING,)


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("day:>2026-03-05", id="a day"),
        pytest.param("day:>2026", id="a year, which is a number too"),
    ],
)
def test_a_range_of_dates_over_texts_says_so(tmp_path: Path, query: str) -> None:
    assert notes(tmp_path, query, day=("2026-03-05", "spring", "2026-04")) == (DAY,)


def test_a_field_of_the_table_that_holds_text_says_so_too(tmp_path: Path) -> None:
    (note,) = notes(tmp_path, "title:[1 TO 3]", title=("Giselle",))
    assert "'title' holds values that are no numbers" in note


def test_each_field_has_its_own_note(tmp_path: Path) -> None:
    query = "day:>2026-03-05 OR rating:>9"
    assert notes(tmp_path, query, rating=("9", "n/a"), day=("2026-03", "spring")) == (DAY, RATING)


def test_a_long_value_is_cut_short(tmp_path: Path) -> None:
    (note,) = notes(tmp_path, "rating:>9", rating=("9", "x" * 500))
    assert f"'{'x' * 39}…'" in note


@pytest.mark.parametrize(
    ("query", "values"),
    [
        pytest.param("rating:>9", ("9.5", "8"), id="all are numbers"),
        pytest.param("rating:>2026", ("2026-03-05", "2026-04"), id="all are dates"),
        pytest.param("rating:[high TO low]", ("9", "n/a"), id="the bounds are text themselves"),
        pytest.param("rating:n", ("9", "n/a"), id="no range at all"),
        pytest.param("words:>1", ("9", "n/a"), id="a range of another field"),
    ],
)
def test_there_is_no_note_where_nothing_is_in_doubt(
    tmp_path: Path, query: str, values: tuple[str, ...]
) -> None:
    assert notes(tmp_path, query, rating=values) == ()


def test_numbers_with_decimals_are_found_by_their_size(tmp_path: Path) -> None:
    with Library.open(tmp_path / "index") as library:
        library.add(*(Story(value, "swan", {"rating": value}) for value in ("9.5", "10", "9", "8")))
        assert {hit.key for hit in library.search("rating:>9")} == {"9.5", "10"}
        assert [hit.key for hit in library.search(sort="rating")] == ["8", "9", "9.5", "10"]


def test_a_range_selected_where_values_are_text_says_that_it_is_a_text(tmp_path: Path) -> None:
    with Library.open(tmp_path / "index") as library:
        for n, value in enumerate(("9.5", "n/a", "9..10")):
            library.add(Story(f"{n}", "swan", {"rating": value}))
        found = library.search("swan", where={"rating": ["9..10", "n/a"]})
        assert found.total == 2
        assert found.notes == (
            "'rating' holds values that are no numbers (for example '9..10'), "
            "so '9..10' selects that text and no range",
        )
