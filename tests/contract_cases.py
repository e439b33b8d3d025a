"""What does each kind of leaf find?

The table of hand-derived cases for words, phrases, prefixes and fuzzy words, each with its
reason; `contract_matching.py` puts them to an engine.
"""

from __future__ import annotations

from typing import NamedTuple

from balletsearch.query.nodes import Fuzzy, Node, Or, Prefix, View, Word
from contract_support import phrase

__all__ = ["BODIES", "NAMES", "Case"]

EXACT = View.EXACT
STEM = View.STEM


class Case(NamedTuple):
    """A query, the bodies of stories named by one letter each, and the letters found."""

    why: str
    tree: Node
    bodies: dict[str, str]
    found: str


BODIES = [
    Case(
        "a bare word finds what has its stem",
        Word("dancing"),
        {"a": "She danced.", "b": "He dances", "c": "a dancer", "d": "DANCE"},
        "abd",
    ),
    Case("case plays no part", Word("SWAN"), {"a": "swan", "b": "Swan", "c": "sWAN"}, "abc"),
    Case(
        "a bare word finds its possessive, with either apostrophe",
        Word("moscow"),
        {
            "a": "Moscow's snow",
            "b": "Moscow\N{RIGHT SINGLE QUOTATION MARK}s snow",
            "c": "the dancers' snow",
        },
        "ab",
    ),
    Case(
        "a bare word without accents finds those with them, whose stem is another",
        Word("plies"),  # stem pli; but pliés, which folds to plies, has the stem plie
        {"a": "two pliés", "b": "one plié", "c": "she plies", "d": "relevé"},
        "abc",
    ),
    Case(
        "only words of the collection that fold alike lend their stems",
        Word("plies"),
        {"b": "one plié", "c": "she plies"},
        "c",
    ),
    Case("accents are found without them", Word("plie"), {"a": "pliés", "b": "plié"}, "ab"),
    Case("accents find what lacks them", Word("plié"), {"a": "plie", "b": "plié"}, "ab"),
    Case(
        "an article with an apostrophe belongs to the form but not to the stem",
        Word("opera"),
        {"a": "à l'Opéra", "b": "the opera", "c": "d\N{RIGHT SINGLE QUOTATION MARK}opéra"},
        "abc",
    ),
    Case(
        "an exact word is not stemmed",
        Word("dance", view=EXACT),
        {"a": "She danced.", "b": "DANCE!", "c": "dances"},
        "b",
    ),
    Case(
        "an exact word without an apostrophe finds its possessive",
        Word("moscow", view=EXACT),
        {"a": "Moscow's snow", "b": "in Moscow", "c": "Moscows"},
        "ab",
    ),
    Case(
        "an exact word with an apostrophe finds only itself",
        Word("moscow\N{RIGHT SINGLE QUOTATION MARK}s", view=EXACT),
        {"a": "Moscow's snow", "b": "in Moscow"},
        "a",
    ),
    Case(
        "an exact word with an apostrophe does not find its possessive either",
        Word("o'er", view=EXACT),
        {"a": "o'er the hill", "b": "o'er's the hill"},
        "a",
    ),
    Case(
        "an exact word ignores accents",
        Word("plies", view=EXACT),
        {"a": "pliés", "b": "plié", "c": "plies"},
        "ac",
    ),
    Case(
        "an apostrophe inside keeps a word whole",
        Word("er", view=EXACT),
        {"a": "o'er the hill", "b": "er"},
        "b",
    ),
    Case(
        "a phrase is of words side by side and in order",
        phrase("swan lake"),
        {"a": "the Swan Lake ballet", "b": "lake swan", "c": "swan by a lake", "d": "swan, lake"},
        "ad",
    ),
    Case(
        "the commonest words count like any other",
        phrase("to be or not to be"),
        {"a": "To be, or not to be: that", "b": "to be or to be not", "c": "be or not to be"},
        "a",
    ),
    Case(
        "a phrase in quotes is not stemmed",
        phrase("dancing shoes"),
        {"a": "dancing shoes", "b": "danced shoe", "c": "Dancing shoes!"},
        "ac",
    ),
    Case(
        "a phrase in quotes finds a possessive",
        phrase("moscow snow"),
        {"a": "Moscow's snow", "b": "Moscow snow", "c": "Moscows snow"},
        "ab",
    ),
    Case(
        "a phrase with an apostrophe finds only the possessive",
        phrase("moscow's snow"),
        {"a": "Moscow's snow", "b": "Moscow snow"},
        "a",
    ),
    Case(
        "a typed word of several parts is a phrase of stems",
        phrase("pas de deux", view=STEM),
        {"a": "a pas-de-deux", "b": "pas de deux", "c": "deux pas de", "d": "pas/de/deux"},
        "abd",
    ),
    Case(
        "a phrase of stems finds other endings",
        phrase("swan dance", view=STEM),
        {"a": "swans danced", "b": "the swan's dances", "c": "dance, swan"},
        "ab",
    ),
    Case(
        "a phrase of stems knows the stems of words that fold alike",
        phrase("two plies", view=STEM),
        {"a": "two pliés", "b": "two plié", "c": "two plie"},
        "abc",
    ),
    Case(
        "a phrase does not begin in one story and end in the next",
        phrase("swan lake"),
        {"a": "the swan", "b": "lake water"},
        "",
    ),
    Case("a phrase may repeat a word", phrase("swan swan"), {"a": "swan swan", "b": "swan"}, "a"),
    Case(
        "a prefix finds every word that begins so, itself too",
        Prefix("dan"),
        {"a": "dancer", "b": "Dan", "c": "endanger", "d": "danés", "e": "da"},
        "abd",
    ),
    Case(
        "a prefix ignores accents on either side",
        Prefix("PLIÉ"),
        {"a": "pliés", "b": "plies", "c": "pli"},
        "ab",
    ),
    Case(
        "a prefix is not stemmed",
        Prefix("dances"),
        {"a": "dance", "b": "dances"},
        "b",
    ),
    Case(
        "one edit in four letters: insert, drop, change and swap",
        Fuzzy("swan"),
        {
            "a": "swans",
            "b": "swa",
            "c": "swin",
            "d": "swna",
            "e": "sawn",
            "f": "swann's",
            "g": "sin",
        },
        "abcde",
    ),
    Case(
        "the first letter may be wrong",
        Fuzzy("swan"),
        {"a": "twan", "b": "wan", "c": "wsan", "d": "aswan"},
        "abcd",
    ),
    Case("two letters have to be right", Fuzzy("la"), {"a": "la", "b": "le", "c": "lad"}, "a"),
    Case("five letters allow one edit", Fuzzy("abcde"), {"a": "abcdX", "b": "abcXX"}, "a"),
    Case(
        "six letters allow two edits",
        Fuzzy("pavlov"),
        {"a": "pavlova", "b": "pawlowa", "c": "pavel", "d": "pavlovas", "e": "povlof"},
        "ade",  # pawlowa is three away: v to w twice and an a more; pavel two drops and an e more
    ),
    Case("a distance may be given", Fuzzy("swan", 2), {"a": "swarm", "b": "swarms"}, "a"),
    Case(
        "a word none of whose letters is right matches all the same",
        Fuzzy("ob", 2),
        {"a": "it", "b": "its", "c": "bob"},
        "ac",
    ),
    Case("none may be allowed", Fuzzy("plie", 0), {"a": "plié", "b": "pliés"}, "a"),
    Case(
        "no letter is edited twice: a swap, and then one between, are three edits",
        Fuzzy("ca", 2),
        {"a": "abc", "b": "ac", "c": "c"},
        "bc",
    ),
    Case(
        "distances are of words without accents",
        Fuzzy("relève"),
        {"a": "relevé", "b": "RELEVES"},
        "ab",
    ),
]

NAMES = {
    "the other ending of a surname": (Word("volkonsky"), "ab"),
    "the surname itself": (Word("Volkonskaya"), "abcd"),
    "a transliteration of its ending": (Word("volkonskij", "dancer"), "a"),
    "not by an exact word": (Word("volkonsky", view=EXACT), "b"),
    "not by a phrase, in quotes or of stems": (
        Or((phrase("vera volkonsky"), phrase("vera volkonsky", view=STEM))),
        "",
    ),
    "not in a zone that holds no names": (Word("volkonsky", "work"), ""),
}
