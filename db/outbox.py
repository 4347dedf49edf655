"""What waits to be sent: which of it may leave now, and the mark that it has (DESIGN.md §6, Offered).

Events leave in the order they were made. `upto` is the last event whose undo window is over: what was made later waits, so
that later work on a letter never goes before earlier. Marked as offered before the request leaves: from then on `u` does
not take it back. Pending events are bound to the person who made them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from db import log
from db.model import EventId, EventKind, Ms
from db.wire import dumps, event_out

if TYPE_CHECKING:
    from db.store import Store

MOST_EVENTS = 200
MOST_BYTES = 60_000
"""Of JSON in a request: some 16 kB when packed, four seconds of a line of 32 kbit/s."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Events for one request, ready to travel; `last`: place of the last of them in this desk's log."""

    events: Sequence[dict[str, Any]]
    senders: Sequence[list[Any]]
    last: int
    more: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits: of the person logged in, of others, offered of it; letters and events that were refused."""

    mine: int = 0
    others: int = 0
    offered: int = 0
    refused: int = 0


def take(store: Store, user: str, upto: int | None, now: Ms, most_bytes: int = MOST_BYTES) -> Batch | None:
    """The next events of that person up to `upto` (None: all), marked as offered at `now` (UTC ms); None where none waits."""
    with store.write() as conn:
        rows = conn.execute(
            f"SELECT e.n, {log.SELECT} FROM outbox o JOIN event e ON e.n = o.event_n LEFT JOIN cases c ON c.n = e.case_n "  # noqa: S608
            "WHERE o.actor = ? AND e.n <= ? ORDER BY e.n LIMIT ?",
            (user, upto if upto is not None else 1 << 62, MOST_EVENTS + 1),
        ).fetchall()
        if not rows:
            return None
        events: list[dict[str, Any]] = []
        size = last = 0
        for row in rows[:MOST_EVENTS]:
            one = event_out(log.load(row[1:]))
            size += len(dumps(one).encode("utf-8", "surrogatepass"))
            if events and size > most_bytes:
                break
            events.append(one)
            last = row[0]
        conn.execute(
            "UPDATE outbox SET offered = ? WHERE actor = ? AND event_n <= ? AND offered IS NULL", (now, user, last)
        )
        return Batch(events, _senders(conn, events), last, more=len(events) < len(rows))


def _senders(conn: Any, events: Sequence[dict[str, Any]]) -> list[list[Any]]:
    """The records apart of the letters among them. What the backend told masked is not told back."""
    ids = [e["facts"]["sender"] for e in events if e["kind"] == EventKind.RECEIVED and e["facts"].get("sender")]
    rows = conn.execute(
        "SELECT id, name, salutation, phone, contact FROM sender WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(ids),),
    )
    return [[id_, name, sal, phone, json.loads(contact) if contact else {}] for id_, name, sal, phone, contact in rows]


def ready(store: Store, user: str, upto: int) -> bool:
    """Whether anything of that person's up to place `upto` waits."""
    return bool(store.rows("SELECT 1 FROM outbox WHERE actor = ? AND event_n <= ? LIMIT 1", (user, upto)))


class Mark(NamedTuple):
    """A place in this desk's log, by the event that stands there. What is taken back leaves its place to what is made next, so
    that a number alone names no event for long."""

    n: int = 0
    id: EventId = ""


def newest(store: Store) -> Mark:
    """The last event of this desk's log: what is made now comes after it."""
    return _last(store, 1 << 62)


def settled(store: Store) -> Mark:
    """The last event before the first that was never offered."""
    first = store.rows("SELECT min(event_n) FROM outbox WHERE offered IS NULL")[0][0]
    return newest(store) if first is None else _last(store, int(first) - 1)


def stands(store: Store, mark: Mark) -> bool:
    """Whether its event is still there. Then nothing up to it was made since, for what is new comes after the last."""
    return not mark.n or bool(store.rows("SELECT 1 FROM event WHERE n = ? AND id = ?", (mark.n, mark.id)))


def _last(store: Store, upto: int) -> Mark:
    found = store.rows("SELECT n, id FROM event WHERE n <= ? ORDER BY n DESC LIMIT 1", (upto,))
    return Mark(int(found[0][0]), str(found[0][1])) if found else Mark()


def waiting(store: Store, user: str | None) -> Waiting:
    """How much waits here, as of now."""
    with store.view() as conn:
        rows = conn.execute("SELECT actor, count(*), count(offered) FROM outbox GROUP BY actor").fetchall()
        refused = conn.execute("SELECT count(*) FROM refused").fetchone()[0]
    mine = sum(n for actor, n, _offered in rows if actor == user)
    return Waiting(mine, sum(n for _actor, n, _o in rows) - mine, sum(o for _a, _n, o in rows), refused)


def came(store: Store, cursor: int) -> int:
    """How many events of others have come behind that number of the log, whichever process of this desk brought them."""
    sql = "SELECT count(*) FROM event WHERE seq > ? AND device NOT IN (SELECT id FROM device)"
    return int(store.rows(sql, (cursor,))[0][0])


def unsent(store: Store) -> list[dict[str, Any]]:
    """Every event that no log has: pending ones, then refused ones (with `code`), whole with their words: for export."""
    with store.view() as conn:
        pending = conn.execute(
            f"SELECT {log.SELECT} FROM outbox o JOIN event e ON e.n = o.event_n LEFT JOIN cases c ON c.n = e.case_n "  # noqa: S608
            "ORDER BY e.n"
        ).fetchall()
        refused = conn.execute("SELECT event, code FROM refused ORDER BY at, id").fetchall()
    made = [event_out(log.load(row)) for row in pending]
    return made + [json.loads(event) | {"refused": code} for event, code in refused]
