"""What can still be read of a segment whose contents cannot be trusted?

A ZIP says everything twice: each member has a header of its own, and a record in the directory at
the end. Both are looked for all over the file, so that neither has to be whole. A member counts if
its CRC-32 is right; the blocks of compressed texts have a checksum of their own, so that each can
be trusted by itself. Nothing in the file is believed beyond that.
"""

from __future__ import annotations

import json
import re
import struct
import zlib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import zstandard
from numpy.typing import NDArray

__all__ = ["Remains", "saved_array"]

_LOCAL: Final = struct.Struct("<4sHHHHHIIIHH")
_RECORD: Final = struct.Struct("<4sHHHHHHIIIHHHHHII")
_SIGNATURE: Final = b"PK\x03\x04"
_RECORD_SIGNATURE: Final = b"PK\x01\x02"
_WIDE: Final = 0xFFFFFFFF
_ALIGNMENT: Final = 64
_EXTRA: Final = 4
"""Bytes of an extra field before its padding."""
_ZIP64_EXTRA: Final = 20

_ARRAY: Final = re.compile(
    rb"\x93NUMPY\x01\x00..\{'descr': '([<|][ui][1248])', 'fortran_order': False, "
    rb"'shape': \(([0-9]{1,15}),\), \} *\n",
    re.DOTALL,
)
_ARRAY_HEADER: Final = 128
"""Bytes of the header of an array of one dimension."""

_KEYS: Final = ("keys.at", "keys.text")
_PARTS: Final = ("docs", "raw", "frames", "data")
_STORES: Final = ("text", "meta", "said")
_WANTED: Final = frozenset(
    [*_KEYS, *(f"{store}.{part}" for store in _STORES for part in _PARTS)],
)


class _Told(NamedTuple):
    """What a header or a record says of a member: its name, where its data may begin, how many
    bytes they are, and their CRC-32."""

    name: str
    starts: tuple[int, ...]
    size: int
    crc: int


class _Store(NamedTuple):
    docs: NDArray[Any]
    raw: NDArray[Any]
    frames: NDArray[Any]
    data: NDArray[Any]


class Remains:
    """What is left of the texts of one segment."""

    def __init__(self, path: Path) -> None:
        whole = path.read_bytes()
        arrays = {} if _is_another(whole, path.name) else _arrays(whole, _WANTED)
        self._keys = _keys(arrays)
        self._stores = {name: _store(arrays, name) for name in _STORES}

    def __len__(self) -> int:
        """The documents that the segment had, as far as that can be told."""
        counts = [store.docs.size - 1 for store in self._stores.values() if store is not None]
        if self._keys is not None:
            counts.append(self._keys[0].size - 1)
        return max(counts, default=0)

    def key(self, document: int) -> str | None:
        """The key of a document, if it can be read."""
        if self._keys is None or document + 1 >= self._keys[0].size:
            return None
        at, text = self._keys
        try:
            return text[int(at[document]) : int(at[document + 1])].tobytes().decode()
        except UnicodeDecodeError:
            return None

    def read(self, store: str, document: int) -> bytes | None:
        """What a store (text, meta, said) has of a document, if it can be read."""
        found = self._stores[store]
        if found is None or document + 1 >= found.docs.size:
            return None
        first, last = int(found.docs[document]), int(found.docs[document + 1])
        if first == last:
            return b""
        block = int(np.searchsorted(found.raw, found.raw.dtype.type(first), "right")) - 1
        pieces = []
        while int(found.raw[block]) < last:
            begin, end = int(found.raw[block]), int(found.raw[block + 1])
            frame = found.data[int(found.frames[block]) : int(found.frames[block + 1])]
            piece = _unpacked(frame, end - begin)
            if piece is None:
                return None
            pieces.append(piece[max(0, first - begin) : last - begin])
            block += 1
        return b"".join(pieces)


def saved_array(path: Path, name: str) -> NDArray[Any] | None:
    """One array of a container whose contents cannot be trusted, if it is as it was written."""
    whole = path.read_bytes()
    return None if _is_another(whole, path.name) else _arrays(whole, {name}).get(name)


def _unpacked(frame: NDArray[Any], size: int) -> bytes | None:
    """The bytes of a block, if its checksum is right; None if not."""
    try:
        told = zstandard.get_frame_parameters(frame.data)
        # What it says of itself is looked at first: room for that is made before it is unpacked.
        if told.content_size != size or not told.has_checksum:
            return None
        piece = zstandard.ZstdDecompressor().decompress(frame.data, max_output_size=size)
    except zstandard.ZstdError:
        return None
    return piece if len(piece) == size else None


def _keys(arrays: dict[str, NDArray[Any]]) -> tuple[NDArray[Any], NDArray[Any]] | None:
    """The table of keys, if it is whole."""
    if any(name not in arrays for name in _KEYS):
        return None
    at, text = (arrays[name] for name in _KEYS)
    return (at, text) if _leads_to(at, text.size) else None


def _store(arrays: dict[str, NDArray[Any]], name: str) -> _Store | None:
    """A store, if all but its blocks is whole."""
    if any(f"{name}.{part}" not in arrays for part in _PARTS):
        return None
    store = _Store(*(arrays[f"{name}.{part}"] for part in _PARTS))
    good = _leads_to(store.raw, None) and _leads_to(store.docs, int(store.raw[-1]))
    # Of the blocks some may be gone, or all: they tell for themselves.
    return store if good and _leads_to(store.frames, None, store.raw.size) else None


def _leads_to(at: NDArray[Any], end: int | None, size: int | None = None) -> bool:
    """Whether an array begins at 0, ascends to its end, and has a size."""
    good = bool(at.size and at[0] == 0 and np.all(at[1:] >= at[:-1]))
    return good and (end is None or int(at[-1]) == end) and (size is None or at.size == size)


def _is_another(whole: bytes, name: str) -> bool:
    """Whether the file says itself that it is another one: nothing of it belongs here."""
    for told in _told(whole):
        if told.name != "contents.json":
            continue
        data = _sound(whole, told)
        if data is not None:
            try:
                return bool(json.loads(data)["file"] != name)
            except (ValueError, KeyError, TypeError):
                return True
    return False


def _arrays(whole: bytes, wanted: Collection[str]) -> dict[str, NDArray[Any]]:
    """The arrays that count, and the blocks of texts also where some of them may be damaged."""
    sound: dict[str, NDArray[Any]] = {}
    unsure: dict[str, NDArray[Any]] = {}
    for told in _told(whole):
        name = told.name.removesuffix(".npy")
        if name not in wanted or name in sound:
            continue
        data = _sound(whole, told)
        found = None if data is None else _array(data)
        if found is not None:
            sound[name] = found
        elif name.endswith(".data"):
            # The longest: of the header and the record one may say less than there is.
            start = told.starts[-1] + _ARRAY_HEADER
            blocks = np.frombuffer(whole[start : told.starts[-1] + told.size], np.uint8)
            if name not in unsure or blocks.size > unsure[name].size:
                unsure[name] = blocks
    return {**unsure, **sound}


def _sound(whole: bytes, told: _Told) -> bytes | None:
    """The data of a member, if they are as they were written."""
    for start in told.starts:
        data = whole[start : start + told.size]
        if len(data) == told.size and zlib.crc32(data) == told.crc:
            return data
    return None


def _array(data: bytes) -> NDArray[Any] | None:
    """An array of one dimension; None if its header is none of ours."""
    header = _ARRAY.match(data)
    if header is None:
        return None
    dtype, count = np.dtype(header[1].decode()), int(header[2])
    if count * dtype.itemsize != len(data) - header.end():
        return None
    return np.frombuffer(data, dtype, count, header.end())


def _told(whole: bytes) -> Iterator[_Told]:
    """All that headers and records say, the headers first, as they come in the file."""
    for at in _places(whole, _SIGNATURE, _LOCAL.size):
        *_, crc, _, size, name_size, extra_size = _LOCAL.unpack_from(whole, at)
        at_name = at + _LOCAL.size
        extra = whole[at_name + name_size : at_name + name_size + extra_size]
        if size == _WIDE:
            size = next(iter(_wide(extra)), 0)
        yield _Told(
            whole[at_name : at_name + name_size].decode("utf-8", "replace"),
            (at_name + name_size + extra_size, *_aligned(at_name + name_size)),
            size,
            crc,
        )
    for at in _places(whole, _RECORD_SIGNATURE, _RECORD.size):
        found = _RECORD.unpack_from(whole, at)
        crc, size, name_size, extra_size, header = *found[7:8], *found[9:12], found[16]
        at_name = at + _RECORD.size
        extra = whole[at_name + name_size : at_name + name_size + extra_size]
        wide = _wide(extra)
        if size == _WIDE:
            size = next(wide, 0)
            next(wide, 0)  # the same once more, as nothing is compressed
        if header == _WIDE:
            header = next(wide, 0)
        yield _Told(
            whole[at_name : at_name + name_size].decode("utf-8", "replace"),
            _aligned(header + _LOCAL.size + name_size),
            size,
            crc,
        )


def _places(whole: bytes, signature: bytes, size: int) -> Iterator[int]:
    """Where something that begins so may stand, with room for it."""
    at = whole.find(signature)
    while 0 <= at <= len(whole) - size:
        yield at
        at = whole.find(signature, at + 1)


def _aligned(at: int) -> tuple[int, int]:
    """Where the data of a member begin whose name ends there: as of a large one, as of any."""
    ends = at + _ZIP64_EXTRA + _EXTRA, at + _EXTRA
    return -(-ends[0] // _ALIGNMENT) * _ALIGNMENT, -(-ends[1] // _ALIGNMENT) * _ALIGNMENT


def _wide(extra: bytes) -> Iterator[int]:
    """The numbers in the extra field of a member that has or follows 4 GiB or more."""
    at = 0
    while at + _EXTRA <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind == 1:
            held = extra[at + _EXTRA : at + _EXTRA + size]
            yield from (n for (n,) in struct.iter_unpack("<Q", held[: len(held) // 8 * 8]))
            return
        at += _EXTRA + size
