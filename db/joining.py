"""Logging in and out, as the store is told of it: whose desk it is from now on, and what becomes of earlier work.

Before the first login everything is done by `local`, with a supervisor's rights. The first login adopts what `local` left
pending: actor and device become those of the person, events and letters keep their ids. What others left stays theirs.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from db import link, log, overlay
from db.clock import now_ms
from db.model import Event, Role
from db.people import LOCAL
from db.standing import Standing, ids_of, show
from db.store_error import StoreError

if TYPE_CHECKING:
    from db.store import Store

KEY = "sync.key"
"""Setting: random text that this terminal drew once; with it the backend knows it again."""


class OtherNewsroomError(Exception):
    """The store holds letters of another newsroom."""


@dataclass(frozen=True, slots=True)
class Seat:
    """What a login says: which backend, who, on which device."""

    server: str
    user: str
    name: str
    role: str
    device: str
    number: int
    epoch: str


def terminal_key(store: Store) -> str:
    """The text by which the backend knows this terminal again; drawn when first asked for. Raises StoreError."""
    kept = store.setting(KEY)
    if kept is None:
        kept = secrets.token_urlsafe(24)
        store.put_setting(KEY, kept)
    return kept


def join(store: Store, seat: Seat) -> int:
    """Makes this desk that person's, in one transaction; returns how many pending events were adopted. A first fill is due
    if the newsroom is new here. Raises OtherNewsroomError (nothing was changed), StoreError.
    """
    moment = now_ms()
    with store.write() as conn:
        before = link.read(conn)
        if before is not None and before.epoch and before.epoch != seat.epoch:
            raise OtherNewsroomError
        conn.execute("UPDATE device SET own = 0")
        conn.execute(
            "INSERT OR REPLACE INTO device(id, number, name, own, since) VALUES (?, ?, '', 1, ?)",
            (seat.device, seat.number, moment),
        )
        link.put(
            conn, server=seat.server, user=seat.user, name=seat.name, role=seat.role, epoch=seat.epoch, stopped=None
        )
        if before is None or (not before.cursor and before.fill is None):
            link.put(conn, fill=link.WANTED)
        adopted = _adopt(conn, seat)
        if adopted:
            work = Standing(conn, store.rulebook())
            rows = conn.execute("SELECT DISTINCT e.case_n FROM outbox o JOIN event e ON e.n = o.event_n").fetchall()
            work.load(ids_of(conn, [n for (n,) in rows if n is not None]))
            show(conn, work, moment)
    overlay.show(store)
    return adopted


def _adopt(conn: Any, seat: Seat) -> int:
    """What was done here before anybody logged in is this person's now."""
    rows = conn.execute(
        f"SELECT e.n, {log.SELECT} FROM outbox o JOIN event e ON e.n = o.event_n LEFT JOIN cases c ON c.n = e.case_n "  # noqa: S608
        "WHERE o.offered IS NULL AND o.actor = ?",
        (LOCAL,),
    ).fetchall()
    for row in rows:
        event = _theirs(log.load(row[1:]), seat)
        digest = log.digest(event, log.inner(event.salt, event.words))
        conn.execute(
            "UPDATE event SET actor = ?, role = ?, device = ?, facts = ?, digest = ? WHERE n = ?",
            (event.actor, event.role, event.device, log.canonical(dict(event.facts)), digest, row[0]),
        )
    conn.execute("UPDATE outbox SET actor = ? WHERE actor = ?", (seat.user, LOCAL))
    conn.execute("UPDATE run SET actor = ? WHERE actor = ?", (seat.user, LOCAL))
    return len(rows)


def _theirs(event: Event, seat: Seat) -> Event:
    if event.actor != LOCAL:  # an import, a timer
        return event
    role = (
        Role(seat.role) if event.role in (Role.SUPERVISOR, Role.EDITOR) and seat.role != Role.SUPERVISOR else event.role
    )
    facts = dict(event.facts) | ({"to": seat.user} if event.facts.get("to") == LOCAL else {})
    return replace(event, actor=seat.user, role=role, device=seat.device, facts=facts)


def leave(store: Store) -> None:
    """Logged out: pending events stay bound to who made them, letters stay to be read."""
    with store.write() as conn:
        link.put(conn, stopped="token")


def stop(store: Store, code: str | None) -> None:
    """Keeps what ended the line (`revoked` …), to be told until somebody logs in anew; None: nothing does."""
    try:
        with store.write() as conn:
            link.put(conn, stopped=code)
    except StoreError:
        return


# ── one process at a time ────────────────────────────────────────────────────────────────────────────────────────────

LEASE, WISH = "line.lease", "line.wish"


def take_lease(store: Store, owner: str, seconds: float, now: int, alive: Any = None) -> bool:
    """Whether this process may sync now: nobody else does, or whoever did let `seconds` pass (UTC ms of the wall clock).

    `alive(owner)`: False says at once that the other one is gone.
    """
    kept = store.setting(LEASE)
    if kept is not None:
        mine, end = json.loads(kept)
        if mine == owner and now + seconds * 500 < end <= now + seconds * 1000:
            return True  # more than half of it is left: nothing is written for that
    with store.write(lasting=False) as conn:
        row = conn.execute("SELECT value FROM setting WHERE name = ?", (LEASE,)).fetchone()
        if row is not None:
            other, until = json.loads(row[0])
            held = now < until <= now + 600_000  # one from the future was written by a wrong clock
            if other != owner and held and (alive is None or alive(other)):
                return False
        conn.execute(
            "INSERT OR REPLACE INTO setting(name, value) VALUES (?, ?)",
            (LEASE, json.dumps([owner, now + int(seconds * 1000)])),
        )
    return True


def give_lease(store: Store, owner: str) -> None:
    """Lets another process sync."""
    with store.write() as conn:
        row = conn.execute("SELECT value FROM setting WHERE name = ?", (LEASE,)).fetchone()
        if row is not None and json.loads(row[0])[0] == owner:
            conn.execute("DELETE FROM setting WHERE name = ?", (LEASE,))


def wish(store: Store, now: int) -> None:
    """Asks whoever holds the lease to sync at once: the undo window is over."""
    store.put_setting(WISH, str(now))
