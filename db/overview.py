"""The store in a few figures, and whether its file is whole: what `desk status` and `desk doctor` say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db import audit, link, queries
from db.clock import to_iso
from db.model import Ms

if TYPE_CHECKING:
    from db.store import Store


def status(store: Store, now: Ms) -> dict[str, Any]:
    """Letters, letters in each queue at `now` (UTC ms), events not sent, events refused, and where the line stands."""

    def one(sql: str) -> int:
        return int(store.rows(sql)[0][0])

    return {
        "letters": one("SELECT COUNT(*) FROM cases"),
        "queues": {str(n): count for n, count in sorted(queries.counts(store, now).items()) if n},
        "pending": one("SELECT COUNT(*) FROM outbox"),
        "refused": one("SELECT COUNT(*) FROM refused"),
        "cursor": int(store.setting("sync.cursor") or 0),
        "witness": audit.witness(store),
        "last_sync": to_iso(int(last)) if (last := store.setting(link.LAST)) else None,
    }


def troubles(store: Store) -> list[str]:
    """What the file's own checks find, in SQLite's words; empty when it is whole."""
    found = [str(r[0]) for r in store.rows("PRAGMA cipher_integrity_check")]
    return found + [str(r[0]) for r in store.rows("PRAGMA integrity_check") if r[0] != "ok"]
