"""What can still be read of a segment whose contents cannot be trusted?

The members of the ZIP are found by walking over their local headers from the beginning, as far
as the file goes. A member counts if its CRC-32 is right; the blocks of compressed texts have a
checksum of their own, so that each can be trusted by itself.
"""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import zstandard
from numpy.typing import NDArray

__all__ = ["Remains"]

_HEADER: Final = struct.Struct("<4sHHHHHIIIHH")
_SIGNATURE: Final = b"PK\x03\x04"
_WIDE: Final = 0xFFFFFFFF


class _Member(NamedTuple):
    name: str
    data: bytes
    sound: bool


class Remains:
    """What is left of the texts of one segment."""

    def __init__(self, path: Path) -> None:
        wanted = ("keys.", "text.", "meta.", "said.")
        self._arrays: dict[str, NDArray[Any]] = {}
        self._unsure: set[str] = set()
        for member in _members(path):
            if member.name == "contents.json" and _foreign(member, path.name):
                self._arrays.clear()
            if not member.name.startswith(wanted):
                continue
            array = _array(member.data)
            if array is None:
                continue
            name = member.name.removesuffix(".npy")
            self._arrays[name] = array
            if not member.sound:
                self._unsure.add(name)

    def __len__(self) -> int:
        """The documents that the segment had, as far as that can be told."""
        at = self._arrays.get("text.docs")
        return 0 if at is None or "text.docs" in self._unsure else at.size - 1

    def key(self, document: int) -> str | None:
        """The key of a document, if it can be read."""
        if self._unsure & {"keys.at", "keys.text"} or "keys.text" not in self._arrays:
            return None
        at, text = self._arrays["keys.at"], self._arrays["keys.text"]
        return text[int(at[document]) : int(at[document + 1])].tobytes().decode()

    def read(self, store: str, document: int) -> bytes | None:
        """What a store (text, meta, said) has of a document, if it can be read."""
        names = [f"{store}.{part}" for part in ("data", "frames", "raw", "docs")]
        if not all(n in self._arrays for n in names) or self._unsure & set(names[1:]):
            return None
        data, frames, raw, docs = (self._arrays[n] for n in names)
        first, last = int(docs[document]), int(docs[document + 1])
        if first == last:
            return b""
        block = int(np.searchsorted(raw, np.uint64(first), "right")) - 1
        pieces = []
        while int(raw[block]) < last:
            begin, end = int(raw[block]), int(raw[block + 1])
            frame = data[int(frames[block]) : int(frames[block + 1])]
            try:
                piece = zstandard.ZstdDecompressor().decompress(
                    frame.data, max_output_size=end - begin
                )
            except zstandard.ZstdError:
                return None
            pieces.append(piece[max(0, first - begin) : last - begin])
            block += 1
        return b"".join(pieces)


def _foreign(contents: _Member, name: str) -> bool:
    """Whether the file says itself that it is another one: nothing of it belongs here."""
    try:
        return contents.sound and bool(json.loads(contents.data)["file"] != name)
    except (ValueError, KeyError, TypeError):
        return True


def _array(data: bytes) -> NDArray[Any] | None:
    """An array of one dimension, as much of it as is there; None if its header is no header."""
    file = io.BytesIO(data)
    try:
        np.lib.format.read_magic(file)
        (count,), _, dtype = np.lib.format.read_array_header_1_0(file)
    except (ValueError, TypeError):
        return None
    at = file.tell()
    return np.frombuffer(data, dtype, min(count, (len(data) - at) // dtype.itemsize), at)


def _members(path: Path) -> Iterator[_Member]:
    """The members of a ZIP, from its beginning, as far as they can be made out."""
    whole = path.read_bytes()
    at = 0
    while whole[at : at + 4] == _SIGNATURE and at + _HEADER.size <= len(whole):
        header = _HEADER.unpack_from(whole, at)
        crc, size, name_size, extra_size = header[6], header[8], header[9], header[10]
        at += _HEADER.size
        name = whole[at : at + name_size].decode("utf-8", "replace")
        extra = whole[at + name_size : at + name_size + extra_size]
        at += name_size + extra_size
        if size == _WIDE:
            size = _wide_size(extra)
        data = whole[at : at + size]
        yield _Member(name, data, len(data) == size and zlib.crc32(data) == crc)
        at += size


def _wide_size(extra: bytes) -> int:
    """The size in the extra field of a member of 4 GiB or more."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind == 1 and size >= 8:
            return int(struct.unpack_from("<Q", extra, at + 4)[0])
        at += 4 + size
    return 0
