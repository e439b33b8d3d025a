"""What are its words?

text → `cut` → forms → `stem` or `fold`, the same for stories and for queries. A *form* is a
word in NFC and case folded, accents kept; *exact* matching compares folded forms, ordinary
matching folded stems.
"""

from __future__ import annotations

from balletsearch.analysis.fingerprint import fingerprint, rules
from balletsearch.analysis.folding import fold, surname_key
from balletsearch.analysis.stemming import LANGUAGES, language_code, nltk_version, stem
from balletsearch.analysis.words import Token, cut, form, possessor

__all__ = [
    "LANGUAGES",
    "Token",
    "cut",
    "fingerprint",
    "fold",
    "form",
    "language_code",
    "nltk_version",
    "possessor",
    "rules",
    "stem",
    "surname_key",
]
