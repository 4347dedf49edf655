"""Frames (docs/sync.md): one byte that says how, then JSON plain, as zstd, as zstd with a shared dictionary, or as gzip.

Whichever is shortest is sent. What comes in is never unpacked beyond `LIMIT`, whatever its head claims.
The dictionary is trained by `tools/dictionary.py` on the demo's own events; once shipped it never changes.
"""

from __future__ import annotations

import gzip
import json
import threading
import zlib
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import zstandard

DICTIONARIES: Final = (1,)
"""Numbers of the dictionaries this version has; `db/data/sync-N.dict`."""

LIMIT: Final = 8_000_000
"""Most bytes of JSON in a frame."""

LEVEL: Final = 9
SMALL: Final = 2_000_000
"""Bytes of JSON beyond which a dictionary is of no use and the level goes down."""

_PLAIN, _ZSTD = 0, 1
GZIP: Final = 31
"""The byte for gzip, far from the dictionaries' numbers: for who has no zstd (an app's script, an old machine)."""
_local = threading.local()


class FrameError(ValueError):
    """A frame that cannot be read. `code`: bad_frame, bad_json, dictionary, too_big."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def pack(value: Any, dictionaries: Collection[int] = ()) -> bytes:
    """The value as a frame; `dictionaries` are those the other side has, or `GZIP` where it has no zstd at all."""
    return pack_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")), dictionaries)


def pack_text(text: str, dictionaries: Collection[int] = ()) -> bytes:
    """JSON that is already text as a frame."""
    try:
        body = text.encode()
    except UnicodeEncodeError:  # a lone surrogate from a broken import
        body = json.dumps(json.loads(text), separators=(",", ":")).encode()
    best = b"\x00" + body
    if len(body) < 40:
        return best
    if GZIP in dictionaries:
        return min(best, bytes([GZIP]) + gzip.compress(body, 6, mtime=0), key=len)
    number = max((n for n in dictionaries if n in DICTIONARIES), default=0) if len(body) <= SMALL else 0
    packed = bytes([_ZSTD + number]) + _compressor(number).compress(body)
    return min(best, packed, key=len)


def unpack(frame: bytes, limit: int = LIMIT) -> Any:
    """The value of a frame. Raises FrameError."""
    if not frame:
        raise FrameError("bad_frame")
    kind = frame[0]
    if kind == _PLAIN:
        body = frame[1:]
    elif kind == GZIP:
        body = _gunzipped(frame[1:], limit)
    else:
        body = _decompressed(frame[1:], kind - _ZSTD, limit)
    if len(body) > limit:
        raise FrameError("too_big")
    try:
        return json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise FrameError("bad_json") from None


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _gunzipped(body: bytes, limit: int) -> bytes:
    stream = zlib.decompressobj(wbits=31)
    try:
        made = stream.decompress(body, limit + 1)
    except zlib.error:
        raise FrameError("bad_frame") from None
    if len(made) <= limit and (not stream.eof or stream.unused_data):
        raise FrameError("bad_frame")
    return made


def _decompressed(body: bytes, number: int, limit: int) -> bytes:
    import zstandard

    if number and number not in DICTIONARIES:
        raise FrameError("dictionary")
    try:
        size = zstandard.frame_content_size(body)
        if size > limit:
            raise FrameError("too_big")
        if size >= 0:  # a frame that holds more than it claims ends in an error
            return _decompressor(number).decompress(body, allow_extra_data=False)
        with _decompressor(number).stream_reader(body) as stream:
            made: bytes = stream.read(limit + 1)
    except zstandard.ZstdError:
        raise FrameError("bad_frame") from None
    return made  # one byte too much says so: the caller holds it to the limit


@cache
def dictionary(number: int) -> zstandard.ZstdCompressionDict:
    """A shared dictionary."""
    import zstandard

    made = zstandard.ZstdCompressionDict((Path(__file__).parent / "data" / f"sync-{number}.dict").read_bytes())
    made.precompute_compress(level=LEVEL)
    return made


def _compressor(number: int) -> zstandard.ZstdCompressor:
    """One a thread: zstandard's are not for two threads at once."""
    import zstandard

    held: dict[int, zstandard.ZstdCompressor] = _local.__dict__.setdefault("out", {})
    if number not in held:
        shared = dictionary(number) if number else None
        held[number] = zstandard.ZstdCompressor(level=LEVEL, dict_data=shared, write_dict_id=False)
    return held[number]


def _decompressor(number: int) -> zstandard.ZstdDecompressor:
    import zstandard

    held: dict[int, zstandard.ZstdDecompressor] = _local.__dict__.setdefault("in", {})
    if number not in held:
        held[number] = zstandard.ZstdDecompressor(dict_data=dictionary(number) if number else None)
    return held[number]
