"""After a notice: open letters whose due times were 暂定 get them anew, by `rescheduled` events of the system (`db/timers.py`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from db import case_calendar, timers
from db.clock import DAY, midnight
from db.model import OPEN, Case, Ms
from db.model_rules import Rulebook


@dataclass(frozen=True, slots=True)
class Moved:
    """A due time that a notice settles: of which letter and clock, before and after (UTC ms; equal: only known now)."""

    code: str
    clock: str
    was: Ms
    to: Ms


def would_move(conn: Any, book: Rulebook) -> list[Moved]:
    """What the newest calendar of this rulebook makes of the open letters' provisional due times."""
    found = []
    for case in provisional(conn, book):
        event = timers.by_notice(case, book)
        after = case_calendar.by_notice(case, book, book.of(event.facts["rules"])) if event else None
        if after is None:
            continue
        moves = {(m.dispatch, m.clock): m for m in case_calendar.due_moves(case, after, "")}
        found += [Moved(case.code, m.clock, m.was, m.to) for m in moves.values()] or [Moved(case.code, "reply", 0, 0)]
    return found


def provisional(conn: Any, book: Rulebook) -> list[Case]:
    """Open letters with a due time beyond the first calendar: those that a notice may concern."""
    from db import projection

    known = midnight(book.of(1).calendar.known_until) + DAY
    states = ", ".join(f"'{s}'" for s in sorted(OPEN))
    rows = conn.execute(
        f"SELECT id FROM cases WHERE state IN ({states}) AND (next_due > ?1 OR EXISTS (SELECT 1 FROM dispatch d "  # noqa: S608
        "WHERE d.n = cases.n AND max(d.sign_due, d.return_due, d.reply_due) > ?1)) ORDER BY n",
        (known,),
    ).fetchall()
    held = projection.fetch(conn, [id_ for (id_,) in rows])
    return [case for (id_,) in rows if (case := held[id_].case) is not None]
