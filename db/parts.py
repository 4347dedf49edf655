"""Bytes of blobs and attachments as they come, kept in the encrypted store: a cut resumes behind the last of them.

Both are named by their SHA-256 in hex, a blob by the first half of it.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from db.store import Store


def held(store: Store, name: str) -> int:
    """How many bytes of a blob are here already."""
    return int(store.rows("SELECT coalesce(sum(length(body)), 0) FROM part WHERE hash = ?", (name,))[0][0])


def keep(store: Store, name: str, first: int, body: bytes) -> None:
    """Keeps bytes of a blob from place `first` on, in the encrypted file: a cut resumes behind them."""
    with store.write() as conn:
        conn.execute("INSERT OR REPLACE INTO part(hash, first, body) VALUES (?, ?, ?)", (name, first, body))


def whole(store: Store, name: str) -> bytes | None:
    """The blob, if it is all here and what its name says; what is not goes, to be fetched again. It stays until `drop`."""
    rows = store.rows("SELECT body FROM part WHERE hash = ? ORDER BY first", (name,))
    body = b"".join(bytes(row[0]) for row in rows)
    if sha256(body).hexdigest().startswith(name):
        return body
    drop(store, name)
    return None


def drop(store: Store, name: str | None = None) -> None:
    """Lets the bytes of that name go; of all blobs without one."""
    with store.write() as conn:
        conn.execute("DELETE FROM part WHERE hash = ?1 OR (?1 IS NULL AND length(hash) = 32)", (name,))
