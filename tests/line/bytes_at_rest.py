"""What really lies on the disk: the bytes of a store's file, its free pages and its log, page by page out of the encryption."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE, RESERVE, SALT, FRAME, LOG_HEAD = 4096, 80, 16, 24, 32
"""SQLCipher 4: bytes a page, at its end the vector and the seal; before the first page a salt; before a frame of the log its head."""


def of_store(path: Path, key: bytes) -> bytes:
    """Everything in a desk's store and its write-ahead log, decrypted: rows, index, free pages."""
    opened = b"".join(_opened(page, key) for page in _pages(path))
    assert b"CREATE TABLE" in opened, "not the right key"
    return opened


def _pages(path: Path) -> Iterator[bytes]:
    body = path.read_bytes()
    yield body[SALT:PAGE]
    for first in range(PAGE, len(body), PAGE):
        yield body[first : first + PAGE]
    log = path.with_name(path.name + "-wal")
    frames = log.read_bytes() if log.exists() else b""
    for first in range(LOG_HEAD, len(frames), PAGE + FRAME):
        page = frames[first + FRAME : first + FRAME + PAGE]
        yield page[SALT:] if int.from_bytes(frames[first : first + 4]) == 1 else page


def _opened(page: bytes, key: bytes) -> bytes:
    secret, vector = page[:-RESERVE], page[-RESERVE : -RESERVE + 16]
    if not secret or not any(page):
        return b""
    opener = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
    return opener.update(secret) + opener.finalize()


def of_sqlite(path: str) -> bytes:
    """A backend's SQLite file and its log, as they lie there."""
    files = [Path(path + tail) for tail in ("", "-wal")]
    return b"".join(file.read_bytes() for file in files if file.exists())
