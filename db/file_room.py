"""How much room the files of letters take on this desk: those longest not opened go, and come again when they are opened.

Invariant: a file goes only where the newsroom has it: an event of its log names it, and none of it waits to be sent.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from db import link, uploads
from db.model import Ms

if TYPE_CHECKING:
    from db.store import Store

_USED: Final = "attachments.used"

_SAFE = (
    "SELECT EXISTS (SELECT 1 FROM event e, json_each(e.facts, '$.attachments') a "
    "WHERE e.case_n = ?1 AND e.seq IS NOT NULL AND json_extract(a.value, '$[0]') = ?2)"
)
"""Whether the newsroom's log names the file."""


def used(conn: Any, hash_: str, now: Ms) -> None:
    """The file came, or was opened, at that moment (UTC ms)."""
    _put(conn, _times(conn) | {hash_: now})


def opened(store: Store, hash_: str, now: Ms, most: int) -> int:
    """The same as a transaction of its own, then `prune`. Raises StoreError."""
    with store.write(lasting=False) as conn:
        used(conn, hash_, now)
    return prune(store, most)


def prune(store: Store, most: int) -> int:
    """Lets files go until those here have at most `most` bytes; the one that was used last stays in any case.

    Returns the bytes that went; none on a desk without a backend, which has the only copy. Raises StoreError.
    """
    (total,) = store.rows("SELECT coalesce(sum(size), 0) FROM attachment WHERE body IS NOT NULL")[0]
    if total <= most or link.of(store) is None:
        return 0
    gone = 0
    with store.write() as conn:
        here = conn.execute("SELECT hash, case_n, size FROM attachment WHERE body IS NOT NULL").fetchall()
        times = _times(conn)
        *older, _newest = sorted(here, key=lambda row: (times.get(row[0], 0), row[0]))
        waiting = uploads.of(conn, [hash_ for hash_, _n, _size in older])
        left = {hash_ for hash_, _n, _size in here}
        for hash_, n, size in older:
            if total - gone <= most:
                break
            if hash_ in waiting or not conn.execute(_SAFE, (n, hash_)).fetchone()[0]:
                continue
            conn.execute("UPDATE attachment SET body = NULL WHERE hash = ?", (hash_,))
            gone += size
            left.discard(hash_)
        _put(conn, {hash_: at for hash_, at in times.items() if hash_ in left})
    return gone


def _times(conn: Any) -> dict[str, Ms]:
    found = conn.execute("SELECT value FROM setting WHERE name = ?", (_USED,)).fetchone()
    return dict(json.loads(found[0])) if found else {}


def _put(conn: Any, times: dict[str, Ms]) -> None:
    conn.execute("INSERT OR REPLACE INTO setting(name, value) VALUES (?, ?)", (_USED, json.dumps(times)))
