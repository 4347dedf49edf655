"""Bytes of a snapshot's blobs as they come, kept in the encrypted store: a cut resumes behind the last of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db import blobs

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
    if blobs.name(body) == name:
        return body
    drop(store, name)
    return None


def drop(store: Store, name: str | None = None) -> None:
    """Lets the bytes of a blob go; of all without a name."""
    with store.write() as conn:
        conn.execute("DELETE FROM part WHERE ?1 IS NULL OR hash = ?1", (name,))
