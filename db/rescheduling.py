"""After a notice: open letters whose due times were 暂定 get them anew, by `rescheduled` events of the system.

The backend writes them; a desk only if it has none. Both take them from `db/timers.by_notice`, so that they are the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from db import case_calendar, timers
from db.clock import DAY, midnight, now_ms
from db.model import OPEN, Absorbed, Case, CaseId, Ms, Refusal
from db.model_rules import Rulebook

if TYPE_CHECKING:
    from db.store import Store

SERVER = "sync.server"
"""Setting: the backend this desk belongs to. Where there is one, it does what happens by itself."""


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
    for case in _provisional(conn, book):
        event = timers.by_notice(case, book)
        after = case_calendar.by_notice(case, book, book.of(event.facts["rules"])) if event else None
        if after is None:
            continue
        moves = {(m.dispatch, m.clock): m for m in case_calendar.due_moves(case, after, "")}
        found += [Moved(case.code, m.clock, m.was, m.to) for m in moves.values()] or [Moved(case.code, "reply", 0, 0)]
    return found


def run(store: Store, now: Ms | None = None) -> tuple[CaseId, ...]:
    """Writes what is due on a desk without a backend, in one transaction; the letters it changed. Raises StoreError."""
    from db import outcome
    from db.outcome import Entry
    from db.work import Work

    book = store.rulebook()
    if not book.plan or store.setting(SERVER) is not None:
        return ()
    moment = now_ms() if now is None else now
    with store.view() as conn:  # mostly nothing is due: then nobody waits for the one who writes
        if not any(timers.by_notice(case, book) for case in _provisional(conn, book)):
            return ()
    with store.write() as conn:
        work = Work(conn, book)
        cases = _provisional(conn, book)
        work.load(case.id for case in cases)
        entries = []
        for case in cases:
            event = timers.by_notice(case, book)
            if event is None or event.at > moment:
                continue
            verdict = work.fold(event, max(moment, event.at))
            if not isinstance(verdict, (Refusal, Absorbed)):
                entries.append(Entry(event, verdict))
        if entries:
            outcome.write(conn, work, entries, moment)
    if entries:
        store.changed()
    return tuple(str(entry.event.case) for entry in entries)


def _provisional(conn: Any, book: Rulebook) -> list[Case]:
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
