"""Is damage mended, and everything else left alone?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balletsearch.model import Repair
from balletsearch.reading.repairing import _damaged, _hint, _marks, repair

SENTENCES = (
    "“Hello,” she said — it’s the dancer’s… ‘Swan’ – no.",
    "Ça n’était pas à l’Opéra, où l’élève répétait.",
    "Die Tänzerin übte für die Aufführung – größer als je.",
    "«Лебединое озеро» давали в тот вечер в последний раз.",
    "Она улыбнулась.",
    "Później mówiła, że nigdy więcej nie wróci.",
    "Το κοινό χειροκρότησε όρθιο.",
)
CLEAN = (
    ("“‘It’s’ – she said…”", "curly quotes carry who speaks"),
    ("ﬁne ﬂat ｗｉｄｅ", "ligatures and wide letters"),
    ("&amp; &eacute; &lt;b&gt;", "entities"),
    ("pâté, Ångström, naïve, Ærø, Ñandú, Über", "capitals and small letters with accents"),
    ("L’ÉCOLE DES FEMMES À PARIS", "all capitals"),
    ("«СССР» — ЁЖ… №5", "Russian capitals before signs"),
    ("25 °C, § 4, © 1890, 3½", "signs"),
    ("e\N{COMBINING ACUTE ACCENT}tude", "NFC is not made here"),
    ("a\x1b[31mb\x07", "controls are no wrong decoding"),
)
CUT = (
    ("said â€œHelloâ€ to", "said “Hello” to", "the last byte of the quote dropped"),
    ("said â€œHelloâ€", "said “Hello”", "the same at the end of the line"),
    ("said â€œHelloâ€? to", "said “Hello” to", "or turned into a question mark"),
    ("voilÃ  la", "voilà la", "a no-break space became a space"),
    ("“é” and cafÃ©", "“é” and café", "half of the line is sound"),
    ("doubleÃƒÂ©", "doubleé", "damaged twice"),
)


def damaged(text: str, codec: str) -> str:
    """UTF-8 read as another encoding; holes of the encoding become controls."""
    pieces = (bytes((byte,)) for byte in text.encode())
    return "".join(p.decode(codec, "ignore") or chr(p[0]) for p in pieces)


@pytest.mark.parametrize("codec", ["windows-1252", "latin-1", "cp437"])
@pytest.mark.parametrize("text", SENTENCES, ids=range(len(SENTENCES)))
def test_utf_8_read_as_something_else_is_mended(text: str, codec: str) -> None:
    assert repair(damaged(text, codec))[0] == text


@pytest.mark.parametrize("text", SENTENCES[3:5])
def test_russian_read_as_windows_1251_is_mended(text: str) -> None:
    assert repair(damaged(text, "windows-1251"))[0] == text


@pytest.mark.parametrize(("text", "expected", "why"), CUT, ids=[w for *_, w in CUT])
def test_sequences_that_lost_a_byte_are_mended(text: str, expected: str, why: str) -> None:
    assert repair(text)[0] == expected


@pytest.mark.parametrize(("text", "why"), CLEAN, ids=[w for _, w in CLEAN])
def test_what_is_no_damage_stays(text: str, why: str) -> None:
    assert repair(text) == (text, ()), why


@pytest.mark.parametrize("text", SENTENCES, ids=range(len(SENTENCES)))
def test_sound_sentences_stay(text: str) -> None:
    assert repair(text) == (text, ())


def test_every_changed_line_is_recorded_with_its_number() -> None:
    text, repairs = repair("one\ntwo â€“ “2”\n\nÃ©tÃ©\n")
    assert text == "one\ntwo – “2”\n\nété\n"
    assert repairs == (Repair(2, "two â€“ “2”", "two – “2”"), Repair(4, "Ã©tÃ©", "été"))


def test_a_line_that_would_become_binary_stays() -> None:
    # C0 80 is how some Java programs write a zero byte.
    line = "cafÃ© À€"
    assert repair(f"{line}\nÃ©tÃ©")[0] == f"{line}\nété"


@given(st.text("abcdefghi XYZ.,'\nàéèêçöüßåøñšžčřłąężабвгдежзиклмноё", max_size=200))
def test_letters_as_they_follow_one_another_in_prose_stay(text: str) -> None:
    assert repair(text) == (text, ())


@given(st.text("abcÃÂâ€œ™Ð°ÑŸРСЂё\N{NO-BREAK SPACE}\x80\x9dï»¿Àí \n", max_size=60))
def test_whatever_is_mended_keeps_its_lines_and_is_sound(text: str) -> None:
    mended, repairs = repair(text)
    assert mended.encode().decode() == mended
    assert "\0" not in mended
    pairs = zip(text.split("\n"), mended.split("\n"), strict=True)
    changed = [Repair(n, a, b) for n, (a, b) in enumerate(pairs, start=1) if a != b]
    assert list(repairs) == changed


@given(st.text(max_size=8), st.sampled_from(["windows-1252", "windows-1251", "mac-roman", "cp437"]))
def test_the_quick_sieve_lets_every_mark_through(text: str, codec: str) -> None:
    seen = damaged(text, codec)
    assert _hint().search(seen) or not _marks().search(seen)
    assert _damaged(seen) == bool(_marks().search(seen))


@given(st.text("abÃÂâ€œ™Ð°ÑŸРСЂ\N{NO-BREAK SPACE}\x80\x9d“”—é ", max_size=20))
def test_marks_are_found_from_where_the_quick_sieve_stops(text: str) -> None:
    assert _damaged(text) == bool(_marks().search(text))
