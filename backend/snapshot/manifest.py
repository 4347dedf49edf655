"""The newest snapshot: when it serves, when it must be cut anew, and which blobs nobody needs any more."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, delete, func, select

from backend.log import reading
from backend.snapshot.cutting import BLOBS, MANIFESTS
from db.clock import DAY
from db.model import Ms

KEPT: Final[Ms] = 7 * DAY
"""How long a blob outlives its last manifest: a slow fill can end."""

FAR: Final = 400
"""Events behind the log beyond which a snapshot is not given out, unless as many letters are open: the log would be longer."""

LEAST: Final = 200
"""Events after which a snapshot is old, however few letters are open."""


@dataclass(frozen=True, slots=True)
class Stand:
    """The kept snapshot, whether it may still be given out, and whether a newer one is wanted."""

    row: Any
    usable: bool
    old: bool


def stand(conn: Connection, now: Ms) -> Stand:
    row = conn.execute(select(MANIFESTS)).first()
    if row is None:
        return Stand(None, usable=False, old=True)
    behind = reading.head(conn).seq - row.seq
    hashes = [e["hash"] for e in json.loads(row.body)]
    whole = select(func.count()).select_from(BLOBS).where(BLOBS.c.hash.in_(hashes), BLOBS.c.dropped == 0)
    usable = 0 <= behind <= max(FAR, row.open) and (not hashes or conn.execute(whole).scalar_one() == len(set(hashes)))
    old = behind > max(LEAST, row.open // 10) or (behind > 0 and now - row.made_at > DAY)
    return Stand(row, usable, old)


def tidy(conn: Connection, now: Ms) -> None:
    """Lets go of blobs that no manifest has named for a week."""
    row = conn.execute(select(MANIFESTS.c.body)).first()
    named = [e["hash"] for e in json.loads(row.body)] if row else []
    old = delete(BLOBS).where(BLOBS.c.named_at < now - KEPT)
    conn.execute(old.where(BLOBS.c.hash.not_in(named)) if named else old)
