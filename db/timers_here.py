"""What timers write (`db/timers.py`), on a desk that has no backend to do it; that a backend would write the same is harmless."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from db import timers
from db.clock import DAY, now_ms
from db.link import SERVER
from db.model import Absorbed, Case, CaseId, Event, Ms, Refusal, State
from db.model_rules import Rulebook
from db.rescheduling import provisional

if TYPE_CHECKING:
    from db.store import Store

MOST: Final = 100
"""Letters of one transaction: an action waits for one at most."""

WAITING: Final = (State.NEEDS_INFO, State.ANSWERED, State.TRACKING)
"""Open states that a time ends or marks."""


def run(store: Store, now: Ms | None = None) -> tuple[CaseId, ...]:
    """Writes all that is due at `now` (UTC ms) in short transactions; the letters it changed. Nothing where there is a backend.

    Raises StoreError; what was written until then stands.
    """
    if store.setting(SERVER) is not None:
        return ()
    moment = now_ms() if now is None else now
    book = store.rulebook()
    changed: list[CaseId] = []
    while True:
        with store.view() as conn:  # mostly nothing is due: then nobody waits for the one who writes
            due = [case.id for case in _candidates(conn, book, moment) if _ripe(conn, case, book, moment)]
        if not (done := _write(store, due[:MOST], book, moment) if due else []):
            break
        changed += done
    if changed:
        store.changed()
    return tuple(changed)


def _write(store: Store, ids: list[CaseId], book: Rulebook, now: Ms) -> list[CaseId]:
    from db import outcome
    from db.outcome import Entry
    from db.work import Work

    with store.write() as conn:
        work = Work(conn, book)
        work.load(ids)
        entries = []
        for id_ in ids:
            case = work.case(id_)
            for event in _ripe(conn, case, book, now) if case is not None else ():
                verdict = work.fold(event, max(now, event.at))
                if not isinstance(verdict, (Refusal, Absorbed)):
                    entries.append(Entry(event, verdict))
        if entries:
            outcome.write(conn, work, entries, now)
    return [str(entry.event.case) for entry in entries]


def _ripe(conn: Any, case: Case, book: Rulebook, now: Ms) -> list[Event]:
    """What is due and not written yet: a promised day is noted once, and its letter goes on waiting."""
    ripe = [event for event in timers.waiting(case, book) if event.at <= now]
    return [e for e in ripe if conn.execute("SELECT 1 FROM event WHERE id = ?", (e.id,)).fetchone() is None]


def _candidates(conn: Any, book: Rulebook, now: Ms) -> list[Case]:
    """Letters of which a time may have come: those that a notice concerns, those that wait, those closed for long enough."""
    from db import projection

    least = min(rules.contact_days for rules in book.versions.values()) * DAY
    closed = ", ".join(f"'{s}'" for s in sorted(timers.KEPT))
    waiting = ", ".join(f"'{s}'" for s in sorted(WAITING))
    rows = conn.execute(
        f"SELECT id FROM cases WHERE state IN ({waiting}) UNION ALL "  # noqa: S608 - states are ours
        f"SELECT id FROM cases WHERE state IN ({closed}) AND sender IS NOT NULL AND closed_at <= ? LIMIT ?",
        (now - least, 10 * MOST),
    ).fetchall()
    held = projection.fetch(conn, [id_ for (id_,) in rows]).values()
    found = [h.case for h in held if h.case is not None]
    return found + (provisional(conn, book) if book.plan else [])
