"""Is a phrase that would run beyond the last word of a segment simply not found?"""

from __future__ import annotations

import pytest

from balletsearch import Library, Story
from balletsearch.columns import values

LONG = " ".join([*("word" for _ in range(40)), "beta", "gamma"])


@pytest.mark.parametrize("many", [0, 1 << 40], ids=["by cells", "by search"])
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('zzz:"beta gamma"~1', 600),
        ('zzz:"beta *"~1', 600),
        ('zzz:"beta gamma *"~1', 0),
        ('zzz:"beta gamma * *"~1', 0),
        ('zzz:"beta gamma' + " *" * 70 + '"~1', 0),
    ],
)
def test_gaps_behind_the_last_word_fit_nothing(tmp_path, monkeypatch, many, query, found):
    """The last value of the stream is a long one, so that few values are in its last cell."""
    monkeypatch.setattr(values, "_MANY", many)
    with Library.open(tmp_path / "index") as library:
        library.add(*(Story(f"s{i}", "A swan.", header={"zzz": LONG}) for i in range(600)))
        assert library.search("body:swan").total == 600
        assert library.search(query).total == found
