"""Files that were attached at this desk and have not arrived at the newsroom: which, how far, and why one never will.

An event is small and leaves with the next sync; its file follows piece by piece once the event stands in the log, so that no
word waits for a film. Invariant: a file is listed here from the transaction of its event until the newsroom has it
whole, or nothing names it any more (taken back, settled otherwise, erased). Its bytes lie in `attachment`.
Kept as settings, one a file: few at a time, and they live through whatever the store lives through.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from db.model import CaseId

if TYPE_CHECKING:
    from db.store import Store

PREFIX: Final = "upload."


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way: `held` of its `size` bytes are there; `code`: why it was refused (`desk/line/trouble.py`)."""

    hash: str
    case: CaseId
    name: str
    size: int
    held: int = 0
    code: str = ""


def want(conn: Any, case: CaseId, files: Iterable[tuple[str, str, int]]) -> None:
    """(hash, name, bytes) of files that an event of this transaction names."""
    for hash_, name, size in files:
        _put(conn, Upload(hash_, case, name, size))


def waiting(store: Store) -> list[Upload]:
    """All of them, refused ones included. Raises StoreError."""
    rows = store.rows("SELECT name, value FROM setting WHERE name LIKE ? ORDER BY rowid", (PREFIX + "%",))
    return [_read(name, value) for name, value in rows]


def of(conn: Any, hashes: Iterable[str]) -> dict[str, Upload]:
    """Which of these files are not there yet."""
    names = json.dumps([PREFIX + hash_ for hash_ in hashes])
    rows = conn.execute("SELECT name, value FROM setting WHERE name IN (SELECT value FROM json_each(?))", (names,))
    return {found.hash: found for found in (_read(*row) for row in rows)}


def following(store: Store) -> Upload | None:
    """The next one to be sent: its event is in the log. One that nothing names any more is let go. Raises StoreError."""
    for upload in waiting(store):
        if upload.code:
            continue
        named = _named(store, upload)
        if named == "log":
            return upload
        if named == "":
            with store.write() as conn:
                forget(conn, [upload.hash])
                conn.execute("DELETE FROM attachment WHERE hash = ?", (upload.hash,))
    return None


def _named(store: Store, upload: Upload) -> str:
    """Where events of the letter that name the file stand: `log`, `here` (pending or refused), or "" for nowhere."""
    in_log = (
        "SELECT max(e.seq IS NOT NULL) FROM event e, json_each(e.facts, '$.attachments') a "
        "WHERE e.case_n = (SELECT n FROM cases WHERE id = ?) AND json_extract(a.value, '$[0]') = ?"
    )
    with store.view() as conn:
        found = conn.execute(in_log, (upload.case, upload.hash)).fetchone()[0]
        refused = conn.execute("SELECT 1 FROM refused WHERE event LIKE ? LIMIT 1", (f"%{upload.hash}%",)).fetchone()
    if found:
        return "log"
    return "here" if found is not None or refused is not None else ""


def piece(store: Store, hash_: str, first: int, count: int) -> bytes:
    """Bytes of the file from place `first` on, at most `count`. Raises StoreError."""
    rows = store.rows("SELECT substr(body, ?, ?) FROM attachment WHERE hash = ?", (first + 1, count, hash_))
    return bytes(rows[0][0]) if rows and rows[0][0] is not None else b""


def arrived(store: Store, upload: Upload, held: int) -> None:
    """So many bytes are there; all of them: it is done. Raises StoreError."""
    with store.write() as conn:
        if held >= upload.size:
            forget(conn, [upload.hash])
        else:
            _put(conn, Upload(upload.hash, upload.case, upload.name, upload.size, held))


def refuse(store: Store, upload: Upload, code: str) -> None:
    """The newsroom does not take it: told until the person tries again. Raises StoreError."""
    with store.write() as conn:
        _put(conn, Upload(upload.hash, upload.case, upload.name, upload.size, 0, code))


def again(store: Store, hash_: str) -> None:
    """The person wants a refused one tried once more. Raises StoreError."""
    with store.write() as conn:
        for upload in of(conn, [hash_]).values():
            _put(conn, Upload(upload.hash, upload.case, upload.name, upload.size))


def forget(conn: Any, hashes: Iterable[str]) -> None:
    """These are not to be sent."""
    conn.executemany("DELETE FROM setting WHERE name = ?", [(PREFIX + hash_,) for hash_ in hashes])


def _put(conn: Any, u: Upload) -> None:
    value = json.dumps([u.case, u.name, u.size, u.held, u.code], ensure_ascii=False)
    conn.execute("INSERT OR REPLACE INTO setting(name, value) VALUES (?, ?)", (PREFIX + u.hash, value))


def _read(name: str, value: str) -> Upload:
    return Upload(name.removeprefix(PREFIX), *json.loads(value))
