"""Which forms are the same word, in a given language?

NLTK's Snowball stemmers, folded afterwards. NLTK is imported at the first word that needs it,
which takes from 160 ms to more than a second, by what it finds installed: so English is stemmed
by `bulk_stemming.py` wherever somebody waits.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from balletsearch.analysis.folding import fold

__all__ = ["LANGUAGES", "language_code", "nltk_version", "stem", "without_elision"]

LANGUAGES: Final = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
}
"""Language codes that have a stemmer. Words of other languages are folded only."""

_NATIVE: Final = {
    "da": "dansk",
    "de": "deutsch",
    "es": "español castellano",
    "fi": "suomi",
    "fr": "français",
    "hu": "magyar",
    "it": "italiano",
    "nl": "nederlands",
    "no": "norsk bokmål nynorsk",
    "pt": "português",
    "ro": "română",
    "ru": "русский",
    "sv": "svenska",
}
"""What speakers call their languages."""

_CODES: Final = (
    {name: code for code, name in LANGUAGES.items()}
    | {fold(name): code for code, names in _NATIVE.items() for name in names.split()}
    | {"nb": "no", "nn": "no"}
)


def language_code(name: str) -> str:
    """The code for a language named by code, English or own name, or locale.

    *English*, *en-GB* → *en*, *Français* → *fr*; of an unknown name what stands before a hyphen.
    """
    folded = fold(name.strip().casefold())
    short = folded.replace("_", "-").split("-")[0]
    return _CODES.get(folded) or _CODES.get(short) or short


def nltk_version() -> str:
    """NLTK's version, from the file it carries: asking for its metadata takes 10 ms."""
    found = find_spec("nltk")
    if found is not None and found.origin is not None:
        with suppress(OSError):
            return Path(found.origin).with_name("VERSION").read_text("utf-8").strip()
    from importlib.metadata import version

    return version("nltk")


@cache
def _stemmer(language: str) -> Any:
    from nltk.stem.snowball import SnowballStemmer

    return SnowballStemmer(LANGUAGES[language])


@lru_cache(maxsize=1 << 18)
def stem(form: str, language: str) -> str:
    """The folded stem of a form (see `words.form`) in a language given by its code."""
    form = without_elision(form, language)
    if language not in LANGUAGES:
        return fold(form)
    return fold(_stemmer(language).stem(form)) or fold(form)


_ELIDING: Final = frozenset(("fr", "it", "ca", "oc"))
_FRENCH: Final = ("l", "d", "c", "j", "m", "n", "s", "t", "qu", "jusqu", "lorsqu", "puisqu")
_ITALIAN: Final = ("l", "d", "un", "dell", "all", "dall", "sull", "nell", "quell")
_ELIDED: Final = frozenset({*_FRENCH, *_ITALIAN})
_ELIDED_ABROAD: Final = frozenset("ld")


def without_elision(form: str, language: str) -> str:
    """*l'opéra* → *opéra*: the apostrophe belongs to the form, but not to the stem.

    In other languages only l' and d' are dropped, which come with French names of steps,
    works and houses and begin no word of those languages.
    """
    article, apostrophe, rest = form.partition("'")
    dropped = _ELIDED if language in _ELIDING else _ELIDED_ABROAD
    return rest if apostrophe and len(rest) > 1 and article in dropped else form
