"""Do many texts looked at at once say of their words what each word by itself does?"""

from __future__ import annotations

from unittest.mock import patch

from hypothesis import example, given
from hypothesis import strategies as st

from balletsearch import gazetteer
from balletsearch.analysis import cut
from balletsearch.columns import hashing
from balletsearch.extraction import Extractor, Request
from balletsearch.extraction import marks as m
from balletsearch.extraction.lexicon import lexicon
from balletsearch.extraction.marks import Between, Spellings
from balletsearch.extraction.pieces import pieces
from balletsearch.extraction.sheets import Sheet, sheet
from brute_force_pages import SlowPage

NAMES = gazetteer.load()
SPELLINGS, BETWEEN = Spellings(NAMES), Between()

WORDS = st.sampled_from(
    [
        *("Anna", "Pavlova", "Sergei", "Madame", "Quill", "quill", "The", "the", "of", "Opera"),
        *("Academy", "opera", "Sadler's", "Moscow’s", "A", "J", "Mr", "danced", "walked", "smiled"),
        *("de", "la", "van", "and", "I", "d'Harcourt", "dancer", "Orchestra", "Ballet", "Swan"),
        *("1909", "42", "to", "To", "TO", "naïf", "I'm", "abcd", "abcde", "Z9z0"),
        *("Lake", "北京", "étude", "e\u0301tude", "so\u00adft"),
    ]
)
GAPS = st.sampled_from(
    [
        *(" ",) * 16,
        *(". ", ", ", "\n", "\n\n", "-", " & ", ".", " “", "” ", ": ", "'", "! ", " \u00a0"),
        *("  ", "    ", "…", ""),
    ]
)
LONG = st.lists(st.tuples(WORDS, GAPS).map("".join), max_size=60).map("".join)
TEXTS = st.lists(LONG, max_size=4)

WRAPPED = (
    "It was in the spring of that year that the Academy\nof Music danced with Madame Anna\n"
    "Pavlova, who had come from the city of Saint\nPetersburg."
)
JUST_SO = [
    # Lines of 44, 45 and 46 letters, wrapped where the next word would have made them the longest.
    *(f"{'x' * (length - 5)} Anna\nMarks {'y' * 40}" for length in (44, 45, 46)),
    # And lines that could have held the next word, and eight or nine letters more.
    *(f"{'x' * (length - 5)} Anna\nMarks {'y' * 54}" for length in (46, 47, 48)),
    "Teatro de la van Swan, Teatro de la van de Swan",
    "Sadler's Wells, Moscow's Ballet, Anna's Swan",
    "Quill danced. Quill smiled. Quill walked. Velt danced, and Velt smiled.",
    "Anna, Anna and Anna; Sergei and Sergei; the Quill, the Quill, the Quill.",
    "Our dancer Velt Hollin, Madame Hollin. We met. Dancer Velt Hollin came. Velt & Hollin",
    "Velt wed. Velt shed. Velt sped.",
    "J. Velt and Mr. Velt. Velt. Hollin. Velt Hollinova, I Velt, The Velt, Velt J",
    "The Orchestra. The School.",
    "",
]


def sheet_of(texts: list[str]) -> Sheet:
    return sheet(texts, SPELLINGS, BETWEEN)


@given(TEXTS)
@example([WRAPPED, WRAPPED.upper(), *JUST_SO])
def test_a_page_says_of_each_word_what_the_word_by_itself_does(texts: list[str]) -> None:
    for text, page in zip(texts, sheet_of(texts).pages, strict=True):
        slow = SlowPage(text)
        words = range(len(slow.tokens))
        assert [(page.starts[i], page.ends[i], page.form(i)) for i in words] == cut(text)
        assert len(page.starts) == len(page.marks) == len(slow.tokens)
        assert page.keys == slow.keys
        for at in words:
            assert page.gap(at) == slow.gap(at)
            assert page.spaced(at) == (slow.gap(at) == " ")
            assert page.capital(at) == slow.capital(at)
            assert page.possessive(at) == slow.possessive(at)
            assert page.opens(at) == slow.opens(at)
            assert page.joined(at) == slow.joined(at)
            assert page.small_too(page.form(at)) == slow.small_too(page.form(at))
        assert page.capitals == [at for at in words if slow.capital(at)]
        assert page.acting == slow.acting()


@given(TEXTS)
@example([WRAPPED, *JUST_SO])
def test_runs_and_those_that_tell_of_houses_are_those_found_word_by_word(texts: list[str]) -> None:
    of = sheet_of(texts)
    known = lexicon()
    every = []
    for text, base, page in zip(texts, of.bounds.tolist(), of.pages, strict=False):
        slow = SlowPage(text)
        runs = list(slow.runs())
        every += [(base + a, base + b) for a, b in runs]
        assert page.telling == [
            (a, b)
            for a, b in runs
            if not known.telling.isdisjoint(slow.keys[a : b + 1])
            and (b > a or slow.keys[a] in known.other_heads)
        ]
    assert list(zip(*(ends.tolist() for ends in of.runs), strict=True)) == every


SPANS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3)), max_size=3)


@given(st.lists(st.tuples(LONG, SPANS), max_size=4))
@example([(text, []) for text in (WRAPPED, *JUST_SO)])
@example([(text, [(1, 0)]) for text in (WRAPPED, *JUST_SO)])
def test_pieces_that_may_be_names_are_those_found_word_by_word(
    asked: list[tuple[str, list[tuple[int, int]]]],
) -> None:
    of = sheet_of([text for text, _ in asked])
    taken = [
        [(first, first + more) for first, more in spans if first + more < len(page.keys)]
        for (_, spans), page in zip(asked, of.pages, strict=True)
    ]
    for (text, _), own, found in zip(asked, taken, pieces(of, taken), strict=True):
        other = {at for a, b in own for at in range(a, b + 1)}
        assert found == SlowPage(text).pieces(other, NAMES)


@given(TEXTS)
def test_names_are_looked_for_at_every_word_that_one_may_be_found_by(texts: list[str]) -> None:
    for page in sheet_of(texts).pages:
        everywhere = NAMES.candidates(page, range(len(page.keys)))
        assert NAMES.candidates(page, page.anchors) == everywhere


@given(TEXTS)
def test_a_story_is_described_alike_alone_and_among_others(texts: list[str]) -> None:
    together = Extractor(NAMES, "en").extract([Request({}, text) for text in texts])
    alone = Extractor(NAMES, "en")
    assert together == [alone.extract([Request({}, text)])[0] for text in texts]


def test_when_there_are_too_many_spellings_those_before_are_forgotten_and_nothing_is_lost(
    monkeypatch,
) -> None:
    extractor = Extractor(NAMES, "en")
    asked = [Request({}, WRAPPED)]
    before = extractor.extract(asked)
    monkeypatch.setattr(m, "MAX_SPELLINGS", 2)
    assert extractor.extract(asked) == before
    assert extractor.extract([*asked, *asked]) == [*before, *before]


ODD_ONES = st.text("abyzABYZ019éя'’", min_size=1, max_size=12)


@given(st.lists(ODD_ONES, max_size=40), st.sampled_from([1, 3, 1 << 16]))
@example(["a", "A", "é", "ÿ", "я", "aя", "яa", "abcdefgh", "abcdefghi", "abcdefghя"], 2)
def test_words_get_the_numbers_of_their_spellings(words: list[str], at_once: int) -> None:
    with patch.object(hashing, "AT_ONCE", at_once):
        page = sheet_of([" ".join(words)]).pages[0]
    spelt = [page.text[a:b] for a, b in zip(page.starts, page.ends, strict=True)]
    assert list(page.numbers) == [SPELLINGS[word] for word in spelt]
    assert [page.spellings.forms[n] for n in page.numbers] == [t.form for t in cut(page.text)]
