"""Does this program make the same words as the one that built the index?

A hash of what analysis makes of a shipped list of probe words and lines, in every language
asked for. Python, NLTK and the table of code points all have a say in words; whatever of them
changes, the hash changes where it matters and only there.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from pkgutil import get_data
from zlib import crc32

from balletsearch.analysis.folding import fold, surname_key
from balletsearch.analysis.words import cut

__all__ = ["fingerprint", "rules"]


@lru_cache(maxsize=8)
def _hash(languages: tuple[str, ...]) -> str:
    import hashlib

    from balletsearch.analysis.bulk_stemming import stems

    probes = (get_data(__package__, "data/probes.txt") or b"").decode()
    digest = hashlib.blake2b(digest_size=8)
    words = cut(probes)
    stemmed = [stems([word.form for word in words], language) for language in languages]
    for token, *of_each in zip(words, *stemmed, strict=True):
        views = [token.form, fold(token.form), surname_key(fold(token.form)), *of_each]
        digest.update("\t".join([str(token.start), str(token.end), *views]).encode())
    return digest.hexdigest()


@lru_cache(maxsize=1)
def rules() -> str:
    """A checksum of the code and data of this room: cheap, and different where words might be."""
    crc, size = 0, 0
    room = Path(__file__).parent
    for part in sorted((*room.iterdir(), *room.joinpath("data").iterdir()), key=lambda f: f.name):
        if part.name.endswith((".py", ".txt")):
            content = part.read_bytes()
            crc = crc32(content, crc32(part.name.encode(), crc))
            size += len(content)
    return f"{size:x}-{crc:08x}"


def fingerprint(languages: Iterable[str]) -> str:
    """Sixteen hexadecimal digits; equal where the words made are equal."""
    return _hash(tuple(sorted(set(languages))))
