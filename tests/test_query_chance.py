"""Does any text at all give a query, or an error that says why, soon, and print as itself?

100,000 texts with `BALLETSEARCH_FAULTS=1`, about 5 % of them in the ordinary run.
"""

from __future__ import annotations

from balletsearch import Library, QueryError, Story, parse
from faults.effort import chance, figure

ATOMS = (
    *("swan", "lake", "a", "B", "ß", "é", "Ё", "北", "1909", "2026-03", "R&D", "TO"),
    *("’", "'", "\u00ad", "\u200b", "\u0301", "\x00", "*", "?", "~", "^", "2", "0.5", '"', "“"),
    *("(", ")", "[", "]", "{", "}", "-", "+", "@", "=", "/", "\\", ".", "..", ">", "<", ">="),
    *(":", "title:", "dancer:", "words:", "path:", "query:", "dancr:", "year:", "language:"),
    *("AND", "OR", "NOT", "NEAR/3", "NEAR", "SENT", "PARA", "&&", "||", "!", "#", "|", ",", ";"),
    *("$", "%", " ", " ", " ", " ", "\t"),
)
SAVED = {"a": "swan OR lake", "swan": "query:swan x"}


def texts(name: str, full: int) -> list[str]:
    drawn = chance(name)
    return ["".join(drawn.choices(ATOMS, k=drawn.randint(1, 16))) for _ in range(figure(full))]


def test_every_text_is_a_query_or_an_error_and_prints_as_what_it_is():
    for text in texts("queries", 100_000):
        try:
            query = parse(text, custom_fields=("year",), saved=SAVED)
        except QueryError:
            continue
        assert parse(str(query), custom_fields=("year",)).tree == query.tree, text


def test_every_text_has_an_answer_or_an_error(tmp_path):
    with Library.open(tmp_path / "index") as library:
        library.add(
            Story("a", "The swan, a lake. R&D in 1909 of 北ß", {"year": "1909", "title": "Swan"}),
            Story("b", "Lake B: é Ё 2026-03.", {"year": "2", "work": "Swan Lake"}),
        )
        library.save("a", "swan OR lake")
        for text in texts("answers", 20_000):
            try:
                results = library.search(text, facets=["work"])
            except QueryError:
                continue
            assert 0 <= len(results) <= results.total <= 2, text
