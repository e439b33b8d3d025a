"""How is a question written? The query language as a table: a wish, its form, an example.

The parser takes its operators from it; the help of the command line, the reference in `docs/`
and the README quote it; a test runs every example.
"""

from __future__ import annotations

from typing import Final, NamedTuple

__all__ = ["OPERATORS", "REFERENCE", "Usage"]


class Usage(NamedTuple):
    """One thing that can be asked for: `wish` in words, `form` as it is written.

    `operator` is the word between or before words, in capitals, that the form is known by.
    """

    wish: str
    form: str
    example: str
    operator: str = ""


REFERENCE: Final = (
    Usage("all of these words, in any form", "word word", "dancing stage"),
    Usage("exactly these words, in this order", '"word word"', '"a family of dancers"'),
    Usage("the same, case and accents too", '="word"', '="Swan Lake"'),
    Usage("the same, with up to so many others in each gap", '"word word"~n', '"swan lake"~3'),
    Usage("the same, with any one word in a place", '"word * word"', '"pursue * career"'),
    Usage("near one another, at most so many between", "a NEAR/n b", "odette NEAR/5 odile", "NEAR"),
    Usage("in one sentence, in any order", "a SENT b", "odette SENT odile SENT stage", "SENT"),
    Usage("in one paragraph, in any order", "a PARA b", "ballerina PARA moscow", "PARA"),
    Usage("at least one of the two", "a OR b", "odette OR odile", "OR"),
    Usage("both (as without AND)", "a AND b", '"swan lake" AND moscow', "AND"),
    Usage("not this", "NOT a, -a", "ballerina -moscow", "NOT"),
    Usage("this, and better with the others", "+a b", "+ballerina moscow theatre"),
    Usage("in groups", "(a OR b) c", "(odette OR odile) stage"),
    Usage("this counts so many times", "a^n, (a b)^n", "ballerina odette^3"),
    Usage("a word spelled nearly so", "word~", "viktoria~"),
    Usage("at most so many letters off (2 at most)", "word~1", "kovalova~1"),
    Usage("names that sound so, however they are spelled", "@name", "dancer:@kalmurzayew"),
    Usage("every word that begins so", "begin*", "danc*"),
    Usage("one letter (?), or any number of them (*)", "w?rd, *word*", "b?ller*"),
    Usage("the same in quotes", '"word~ begin*"', '"swna~ lak*"'),
    Usage("every word that a pattern fits", "/pattern/", "/kalmurzaeva?/"),
    Usage("a word in one field", "field:word", "dancer:kalmurzaev"),
    Usage("exactly these words in one field", 'field:"word word"', 'work:"swan lake"'),
    Usage("a work by any of its names", "work:name", 'work:"le lac des cygnes"'),
    Usage("one of several in one field", "field:(a OR b)", "role:(odette OR odile)"),
    Usage("numbers and dates from one to another", "field:[a TO b]", "words:[300 TO 500]"),
    Usage("the same, shorter", "field:a..b", "words:300..500"),
    Usage("more, or less, than a number or date", "field:>a, field:<=a", "words:>400"),
    Usage("stories that have the field at all", "field:*", "work:*"),
    Usage("every story", "*", "*"),
    Usage("what a saved query asks for", "query:name", "query:swans"),
)

OPERATORS: Final = frozenset(usage.operator for usage in REFERENCE if usage.operator)
"""The words that join or bar what stands beside them."""
