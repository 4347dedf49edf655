"""The pages of a store's file, decrypted one by one, whatever SQLite says of the whole: for `desk doctor --repair`.

SQLCipher 4's layout: pages of 4096 bytes, each with its own IV and HMAC in the last 80; the first 16 bytes of the file are the
salt of the HMAC's key. A page counts if its HMAC holds. Newer pages in the log beside the file (`-wal`) go before those of the
file: those of the log's present run, up to its last commit, each by its own HMAC, so that one bad frame does not cost the rest.
"""

from __future__ import annotations

import hashlib
import hmac
import mmap
from pathlib import Path

from db.store_file import PAGE_BYTES

IV_BYTES, HMAC_BYTES, SALT_BYTES = 16, 64, 16
RESERVED = IV_BYTES + HMAC_BYTES
USABLE = PAGE_BYTES - RESERVED
"""Bytes of a page that SQLite fills."""

_SALT_MASK = 0x3A
_WAL_HEAD, _FRAME_HEAD = 32, 24
_WAL_MAGIC = (0x377F0682, 0x377F0683)
SAMPLE = 64
"""Pages looked at to tell whether the salt is right."""


class Pages:
    """Pages by number, from 1. `checked`: their HMACs can be told; else (the salt is lost) any page that decrypts is given, and
    what is in it has to prove itself. Raises OSError.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        self._key = key
        with path.open("rb") as f:
            self._raw: mmap.mmap | bytes = (
                mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) if path.stat().st_size else b""
            )
        self._log = _newest(path.with_name(path.name + "-wal"))
        self.count = max(len(self._raw) // PAGE_BYTES, max(self._log, default=0))
        self.bad: list[int] = []
        salt = bytes(b ^ _SALT_MASK for b in self._raw[:SALT_BYTES])
        self._mac_key = hashlib.pbkdf2_hmac("sha512", key, salt, 2, 32)
        step = max(1, self.count // SAMPLE)
        self.checked = True
        self.checked = any(self._plain(n) is not None for n in range(1, self.count + 1, step))

    def get(self, n: int) -> bytes | None:
        """A page as SQLite sees it, `USABLE` bytes; None where it cannot be trusted."""
        if not 1 <= n <= self.count:
            return None
        found = self._plain(n)
        if found is None:
            self.bad.append(n)
        return found

    def _plain(self, n: int) -> bytes | None:
        """The newest version of a page that holds."""
        for page in (*reversed(self._log.get(n, ())), self._raw[(n - 1) * PAGE_BYTES : n * PAGE_BYTES]):
            if len(page) == PAGE_BYTES and (not self.checked or self._holds(n, page)):
                return self._decrypted(n, page)
        return None

    def _holds(self, n: int, page: bytes) -> bool:
        body = page[SALT_BYTES if n == 1 else 0 : PAGE_BYTES - HMAC_BYTES]
        made = hmac.new(self._mac_key, body + n.to_bytes(4, "little"), hashlib.sha512).digest()
        return hmac.compare_digest(made, page[-HMAC_BYTES:])

    def _decrypted(self, n: int, page: bytes) -> bytes:
        from cryptography.hazmat.primitives.ciphers import Cipher
        from cryptography.hazmat.primitives.ciphers.algorithms import AES
        from cryptography.hazmat.primitives.ciphers.modes import CBC

        head = SALT_BYTES if n == 1 else 0
        box = Cipher(AES(self._key), CBC(page[USABLE : USABLE + IV_BYTES])).decryptor()
        return b"\0" * head + box.update(page[head:USABLE]) + box.finalize()


def _newest(wal: Path) -> dict[int, list[bytes]]:
    """Page → its versions in the log's present run, the oldest first. Nothing of what was never committed."""
    try:
        raw = wal.read_bytes()
    except OSError:
        return {}
    if len(raw) < _WAL_HEAD or int.from_bytes(raw[:4], "big") not in _WAL_MAGIC:
        return {}
    salts = raw[16:24]
    found: dict[int, list[bytes]] = {}
    waiting: list[tuple[int, bytes]] = []
    for at in range(_WAL_HEAD, len(raw) - _FRAME_HEAD - PAGE_BYTES + 1, _FRAME_HEAD + PAGE_BYTES):
        head = raw[at : at + _FRAME_HEAD]
        if head[8:16] != salts:
            continue
        waiting.append((int.from_bytes(head[:4], "big"), raw[at + _FRAME_HEAD : at + _FRAME_HEAD + PAGE_BYTES]))
        if head[4:8] != b"\0\0\0\0":
            for n, page in waiting:
                found.setdefault(n, []).append(page)
            waiting.clear()
    return found
