"""What happens by itself: writes the system's events that are due (`db/timers.py`). Any process may run it, any number of times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, select, update

from backend import metrics
from backend.database import Database
from backend.log import judging, newsroom
from backend.log.held import CASES
from backend.people.person import DOOR
from db import casefile, timers
from db.model import CaseId, Event, Ms

MOST: Final = 200
"""Cases of one transaction."""

_PUT = update(CASES).where(CASES.c.id == bindparam("case"), CASES.c.timer_at == bindparam("was"))
_PUT = _PUT.values(timer_at=bindparam("next"))


@dataclass(frozen=True, slots=True)
class Due:
    """A case whose time has come: what it would write, and the time that was noted with it."""

    events: tuple[Event, ...]
    was: Ms

    def ripe(self, now: Ms) -> list[Event]:
        return [event for event in self.events if event.at <= now]

    def later(self, now: Ms) -> Ms | None:
        return min((event.at for event in self.events if event.at > now), default=None)


def write_due(db: Database, now: Ms) -> int:
    """Writes all that is due at `now` (UTC ms); the number of events."""
    written = 0
    while True:
        with db.read() as conn:
            due = _due(conn, now)
        if not due:
            return written
        ripe = [judging.offer(event) for one in due.values() for event in one.ripe(now)]
        judged = judging.judge(db, ripe, DOOR, now)
        moved = {str(a.event.case) for a in judged.accepted if not a.absorbed}
        written += len(moved)
        metrics.timers_due.inc(len(judged.accepted))
        _put(db, due, now)


def _due(conn: Connection, now: Ms) -> dict[CaseId, Due]:
    book = newsroom.decided(conn)[0].book
    c = CASES.c
    found = conn.execute(select(c.id, c.row, c.timer_at).where(c.timer_at <= now).order_by(c.timer_at).limit(MOST))
    return {id_: Due(timers.waiting(casefile.restore(row), book), at) for id_, row, at in found}


def _put(db: Database, due: Mapping[CaseId, Due], now: Ms) -> None:
    """Cases that still have the time they had wait for their next one, or for none: what was written is not written again.

    A case that an event has moved has a new time already, unless that is the same: a promised day that was noted.
    """
    rows = [{"case": case, "was": one.was, "next": one.later(now)} for case, one in sorted(due.items())]
    db.write(lambda conn: conn.execute(_PUT, rows))
