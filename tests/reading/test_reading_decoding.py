"""Do bytes become the characters that were meant?"""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balletsearch.errors import SettingsError, StoryError
from balletsearch.reading.decoding import _heaped, checked, decode

RUSSIAN = (
    "Зимой театр казался кораблём, вмёрзшим в лёд.",
    "Марфа Игнатьевна преподавала историю танца и никогда не повышала голоса.",
    "Оркестр настраивал инструменты.",
    "— Куда же вы, барышня? — крикнул извозчик, но она уже бежала вверх по лестнице.",
    "В тот год «Спящую красавицу» возобновили в прежних декорациях, и старые балетоманы плакали, "
    "узнавая каждый мостик и каждую гирлянду. Юная Ольга Петровна Зубкова стояла в последней "
    "линии кордебалета, но именно о ней говорили потом в фойе. Щёки её горели, а туфли были "
    "стёрты до дыр; впрочем, этого никто не видел.",
    "Репетиция окончена.",
)
# KOI8-R has neither dashes nor curly quotes.
PLAIN = str.maketrans({"—": "-", "«": '"', "»": '"'})
CYRILLIC = ("windows-1251", "koi8-r")
OTHERS = (
    ("cp866", "Гастроли продлились до весны, и домой они вернулись с первыми грозами."),
    ("iso-8859-5", "Гастроли продлились до весны, и домой они вернулись с первыми грозами."),
    ("mac-cyrillic", "Гастроли продлились до весны, и домой они вернулись с первыми грозами."),
    ("windows-1250", "Tancerka zdjęła pointy, usiadła na schodach, słuchała ciszy i płakała."),
    ("iso-8859-2", "Když se opona zvedla, zůstala Klára stát uprostřed jeviště úplně sama."),
    ("windows-1253", "Η μικρή μπαλαρίνα έκλεισε τα μάτια και θυμήθηκε το χωριό της."),
)
WESTERN = (
    ("À l'Opéra, l'été, même les élèves âgés répètent.", "French with many accents"),
    ("Där på ön såg hon svanar på sjön.", "Swedish, a fifth of its letters"),
    ("Sieben Prinzessinnen tanzten für den König.", "German, few"),
    ("Voilà “Giselle” – the dancer’s favourite…", "typographic signs"),
)


@pytest.mark.parametrize("encoding", CYRILLIC)
@pytest.mark.parametrize("text", RUSSIAN, ids=range(len(RUSSIAN)))
def test_russian_is_recognised_down_to_a_sentence(text: str, encoding: str) -> None:
    text = text.translate(PLAIN) if encoding == "koi8-r" else text
    found = decode(text.encode(encoding))
    assert (found.text, found.reading.encoding) == (text, encoding)
    assert "guessed" in found.reading.reason


@pytest.mark.parametrize("encoding", CYRILLIC)
def test_russian_paragraphs_come_back_whole(encoding: str) -> None:
    text = "\n\n".join(RUSSIAN).translate(PLAIN)
    assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize(("encoding", "text"), OTHERS, ids=[e for e, _ in OTHERS])
def test_other_scripts_are_recognised(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize(("text", "why"), WESTERN, ids=[w for _, w in WESTERN])
def test_western_text_is_read_with_the_fallback(text: str, why: str) -> None:
    found = decode(text.encode("windows-1252"))
    assert (found.text, found.reading.encoding) == (text, "windows-1252"), why


MARKED = (
    ("utf-8-sig", codecs.BOM_UTF8, "utf-8"),
    ("utf-16", codecs.BOM_UTF16_LE, "utf-16-le"),
    ("utf-16", codecs.BOM_UTF16_BE, "utf-16-be"),
    ("utf-32", codecs.BOM_UTF32_LE, "utf-32-le"),
    ("utf-32", codecs.BOM_UTF32_BE, "utf-32-be"),
)


@pytest.mark.parametrize(("name", "mark", "codec"), MARKED, ids=[c for _, _, c in MARKED])
def test_a_byte_order_mark_decides_and_is_no_part_of_the_text(
    name: str, mark: bytes, codec: str
) -> None:
    found = decode(mark + "Плие, plié".encode(codec), forced="koi8-r")
    assert (found.text, found.reading.encoding) == ("Плие, plié", name)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_known_by_its_zeros(codec: str) -> None:
    for text in ("A dancer, a plié.", "Only ASCII, which is valid UTF-8 as well."):
        assert decode(text.encode(codec)).text == text


def test_what_was_set_for_a_folder_goes_before_every_guess() -> None:
    data = RUSSIAN[0].encode("windows-1251")
    assert decode(data).text == RUSSIAN[0]
    found = decode(data, forced="koi8-r")
    assert found.text == data.decode("koi8-r")
    assert not found.reading.doubtful


@pytest.mark.parametrize("forced", ["windows-1251", "koi8-r", "latin-1", "cp866", "ascii"])
@pytest.mark.parametrize("text", ["plié", RUSSIAN[0], "白鳥の湖"])
def test_valid_utf_8_goes_before_an_eight_bit_encoding_set_for_its_folder(
    text: str, forced: str
) -> None:
    found = decode(text.encode(), forced=forced)
    assert (found.text, found.reading.encoding, found.reading.doubtful) == (text, "utf-8", True)
    assert found.reading.reason == f"valid UTF-8, although {forced} is set for its folder"


@pytest.mark.parametrize("forced", ["windows-1251", "utf-8", "shift_jis", "gbk"])
def test_ascii_is_what_its_folder_says_without_a_remark(forced: str) -> None:
    found = decode(b"A plain swan.", forced=forced)
    assert (found.text, found.reading.encoding) == ("A plain swan.", forced)
    assert not found.reading.doubtful


def test_utf_8_set_for_a_folder_and_found_there_needs_no_remark() -> None:
    assert not decode("plié".encode(), forced="utf-8").reading.doubtful


SEVERAL = (
    ("白鳥の湖を踊る", "shift_jis", False, "no valid UTF-8"),
    ("白鳥の湖を踊る", "euc-jp", False, "no valid UTF-8"),
    ("全然", "gbk", True, "valid UTF-8 by chance"),
)


@pytest.mark.parametrize(("text", "forced", "doubtful", "why"), SEVERAL)
def test_an_encoding_of_several_bytes_that_fits_goes_before_utf_8(
    text: str, forced: str, doubtful: bool, why: str
) -> None:
    found = decode(text.encode(forced), forced=forced)
    assert (found.text, found.reading.encoding) == (text, forced), why
    assert found.reading.doubtful is doubtful, why


def test_utf_8_is_seen_where_an_encoding_of_several_bytes_does_not_fit() -> None:
    data = "plié à pas".encode()
    with pytest.raises(UnicodeDecodeError):
        data.decode("euc-jp")
    found = decode(data, forced="euc-jp")
    assert (found.text, found.reading.doubtful) == ("plié à pas", True)


def test_a_set_encoding_is_kept_where_a_byte_does_not_fit_it() -> None:
    data = RUSSIAN[0].encode("windows-1251") + b"\x98"
    found = decode(data, forced="windows-1251")
    assert found.text == RUSSIAN[0] + "\N{REPLACEMENT CHARACTER}"
    assert "do not fit" in found.reading.reason


def test_bytes_without_a_character_become_controls_as_in_browsers() -> None:
    line = "a line long enough for five bytes to be few, so that nothing is guessed: "
    found = decode(line.encode() + b"\x81\x8d\x8f\x90\x9d")
    assert found.text == line + "\x81\x8d\x8f\x90\x9d"
    assert "lacks" in found.reading.reason


def test_a_broken_byte_does_not_cost_a_utf_8_text_its_encoding() -> None:
    text = "Она танцевала, \N{REPLACEMENT CHARACTER} и всё"
    data = text.encode().replace("\N{REPLACEMENT CHARACTER}".encode(), b"\x97")
    found = decode(data)
    assert found.text == text.replace("\N{REPLACEMENT CHARACTER}", "—")
    assert found.reading.encoding == "utf-8"
    assert "1 byte" in found.reading.reason


def test_a_multibyte_fallback_that_fits_goes_before_guessing() -> None:
    text = "白鳥の湖を踊る"
    assert decode(text.encode("shift_jis"), fallback="shift_jis").text == text


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_lines_end_with_a_line_feed(end: str) -> None:
    assert decode(f"one{end}{end}two{end}".encode()).text == "one\n\ntwo\n"


REFUSED = (
    (b"", "empty", "no bytes"),
    (b" \n\t\r\n", "empty", "white space"),
    (codecs.BOM_UTF8, "empty", "a mark and nothing else"),
    (b"GIF89a\x01\x00\x01\x00", "binary", "zero bytes"),
    (bytes(range(1, 32)) * 3, "binary", "control characters"),
    (codecs.BOM_UTF16_LE + b"\x00\xd8", "utf-16", "half a character after a mark"),
)


@pytest.mark.parametrize(("data", "reason", "why"), REFUSED, ids=[w for *_, w in REFUSED])
def test_what_is_no_text_is_refused_with_the_reason(data: bytes, reason: str, why: str) -> None:
    with pytest.raises(StoryError, match=reason):
        decode(data)


@pytest.mark.parametrize("name", ["koi9", "hex", "undefined"])
def test_an_encoding_that_does_not_exist_is_refused_by_name(name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        decode(b"text", forced=name)


@given(
    st.binary() | st.binary(min_size=20).map(lambda data: data.replace(b"\0", b"a")),
    st.sampled_from(["", "", "koi8-r", "windows-1252", "utf-8", "utf-7", "utf-16", "shift_jis"]),
    st.sampled_from(["windows-1252", "cp1253", "ascii", "gb18030"]),
)
def test_any_bytes_become_sound_text_or_are_refused(
    data: bytes, forced: str, fallback: str
) -> None:
    try:
        text = decode(data, forced=forced, fallback=fallback).text
    except StoryError:
        return
    assert text.encode().decode() == text
    assert not set("\0\r") & set(text)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff")))
def test_utf_8_comes_back_as_it_was(text: str) -> None:
    if text.strip():
        assert decode(text.encode()).text == text


@given(st.integers(0, 2_100), st.integers(998, 1_002), st.integers(0, 1_100))
def test_a_heap_of_accents_is_seen_wherever_it_begins(before: int, marks: int, after: int) -> None:
    text = "a" * before + "\u0301" * marks + "b" * after
    assert _heaped(text) is (marks >= 1_000)


@given(st.text("ab é北\x01\x08\t\n\x0c\x0e\x1f\x7f\ud800", max_size=60))
def test_controls_are_counted_one_by_one(text: str) -> None:
    controls = sum((c < " " and c not in "\t\n\x0b\x0c\r") or c == "\x7f" for c in text)
    binary = controls * 20 > len(text)
    try:
        checked(text)
        refused = ""
    except StoryError as error:
        refused = str(error)
    assert refused.startswith("It is a binary") is binary
    if binary:
        assert f" {controls} of {len(text)} " in refused
