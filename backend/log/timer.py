"""What happens by itself: writes the system's events that are due (`db/timers.py`). Any process may run it, any number of times."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, select, update

from backend import metrics
from backend.database import Database
from backend.log import judging, newsroom
from backend.log.held import CASES
from backend.log.judging import Judged, Place
from backend.people.person import DOOR
from db import casefile, timers
from db.model import CaseId, Event, Ms

MOST: Final = 200
"""Cases of one transaction."""

_PUT = update(CASES).where(CASES.c.id == bindparam("case"), CASES.c.timer_at == bindparam("was"))
_PUT = _PUT.values(timer_at=bindparam("next"))


def write_due(db: Database, now: Ms) -> int:
    """Writes all that is due at `now` (UTC ms); the number of events."""
    written = 0
    while True:
        with db.read() as conn:
            due = _due(conn, now)
        if not due:
            return written
        ripe = [event for event, _was in due.values() if event is not None and event.at <= now]
        judged = judging.judge(db, [judging.offer(e) for e in ripe], DOOR, now)
        written += len(judged.accepted)
        metrics.timers_due.inc(len(judged.accepted))
        _put(db, due, judged, now)


def _due(conn: Connection, now: Ms) -> dict[CaseId, tuple[Event | None, Ms]]:
    """Cases whose time has come, with what it would write now, and the time that was noted."""
    book = newsroom.rulebook(conn)
    c = CASES.c
    found = conn.execute(select(c.id, c.row, c.timer_at).where(c.timer_at <= now).order_by(c.timer_at).limit(MOST))
    return {id_: (timers.next_event(casefile.restore(row), book), at) for id_, row, at in found}


def _put(db: Database, due: dict[CaseId, tuple[Event | None, Ms]], judged: Judged, now: Ms) -> None:
    """Cases that were not moved wait for their new time, or for none: what was written already is not written again."""
    moved = {a.event.case for a in judged.accepted if not a.absorbed}
    rows = []
    for case, (event, was) in sorted(due.items()):
        done = event is None or isinstance(judged.outcomes.get(event.id), Place)
        if case not in moved or done:
            later = None if event is None or event.at <= now else event.at
            rows.append({"case": case, "was": was, "next": later})
    if rows:
        db.write(lambda conn: conn.execute(_PUT, rows))
