"""Taking back what never left this desk: the events go, and the letters are what the rest of their events make them.

Holds: after `take_back` every row, queue entry and count is as if the run had never been; what was typed comes back
as a draft. Only what no request has carried can be taken back (DESIGN.md §6, Offered).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from db import counts, learning, projection, refold, runs
from db.case_turn import refuse
from db.clock import now_ms
from db.model import Actor, CaseId, EventKind, Ms, Refusal
from db.queues import queues_of

if TYPE_CHECKING:
    from db.store import Store

FINAL = frozenset({EventKind.REVEALED, EventKind.ERASED})
"""Who looked at a contact stays on record, and what was erased is gone."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The letters that are as before; `removed` ones had been made by the run and are no more."""

    cases: tuple[CaseId, ...]
    removed: tuple[CaseId, ...] = ()


def take_back(store: Store, actor: Actor, n: int, now: Ms | None = None) -> TakenBack | Refusal:
    """Takes run `n` of that person back, in one transaction. Refusal codes: `undo_gone` (no such run of theirs),
    `undo_sent` (a request has carried it), `undo_final` (never taken back), `undo_later` (later work hangs on it;
    facts: `letter`, its code). Raises StoreError, and then nothing was changed.
    """
    moment = now_ms() if now is None else now
    book = store.rulebook()
    with store.write() as conn:
        run = runs.read(conn, n)
        if run is None or not _mine(conn, actor, n):
            return refuse("undo_gone")
        if run.offered:
            return refuse("undo_sent")
        kinds = {k for (k,) in conn.execute("SELECT kind FROM event WHERE n BETWEEN ? AND ?", (run.first, run.last))}
        if kinds & FINAL:
            return refuse("undo_final")
        ns = _touched(conn, run)
        entries = refold.history(conn, ns, without=(run.first, run.last))
        ids = {id_ for (id_,) in conn.execute(f"SELECT id FROM cases WHERE n IN ({_listed(ns)})")}  # noqa: S608
        held = projection.fetch(conn, ids)
        try:
            after = refold.replay(entries, book, moment)
        except ValueError:
            return refuse("undo_later", letter=next((h.case.code for h in held.values() if h.case), ""))
        for id_, h in held.items():
            if id_ not in after and h.n is not None:
                learning.forget(conn, h.n)
        _cut(conn, run, ns)
        back, gone = [], []
        for id_, h in held.items():
            h.pending = _pending(conn, h.n)
            if id_ in after:
                h.case = after[id_]
                back.append(h)
            else:
                gone.append(h)
        projection.write(conn, back, moment)
        for h in gone:
            _remove(conn, h, moment)
        conn.executemany("INSERT OR IGNORE INTO to_index(n) VALUES (?)", [(h.n,) for h in back])
        _drafts(conn, run, moment)
        conn.execute("DELETE FROM run WHERE n = ?", (n,))
    store.changed()
    removed = tuple(id_ for id_ in held if id_ not in after)
    return TakenBack(tuple(id_ for id_ in held if id_ in after), removed)


def _mine(conn: Any, actor: Actor, n: int) -> bool:
    found = conn.execute("SELECT actor FROM run WHERE n = ? AND undone = 0", (n,)).fetchone()
    return found is not None and found[0] == actor.id


def _listed(ns: set[int]) -> str:
    return ", ".join(str(int(n)) for n in sorted(ns))


def _touched(conn: Any, run: runs.Run) -> set[int]:
    """The letters of the run, and all that were ever merged with them."""
    ns: set[int] = set()
    rows = conn.execute("SELECT DISTINCT case_n FROM event WHERE n BETWEEN ? AND ?", (run.first, run.last)).fetchall()
    for (n,) in rows:
        if n is not None and n not in ns:
            ns |= refold.related(conn, n)
    return ns


def _cut(conn: Any, run: runs.Run, ns: set[int]) -> None:
    """The events go, wherever they are noted."""
    span = (run.first, run.last)
    conn.execute("DELETE FROM outbox WHERE event_n BETWEEN ? AND ?", span)
    conn.execute(f"DELETE FROM event_touch WHERE case_n IN ({_listed(ns)}) AND event_n BETWEEN ? AND ?", span)  # noqa: S608
    conn.execute("DELETE FROM event WHERE n BETWEEN ? AND ?", span)


def _pending(conn: Any, n: int | None) -> int:
    sql = "SELECT count(*) FROM outbox o JOIN event e ON e.n = o.event_n WHERE e.case_n = ?"
    return int(conn.execute(sql, (n,)).fetchone()[0])


def _remove(conn: Any, h: projection.Held, now: Ms) -> None:
    """A letter that the run had made."""
    assert h.before is not None
    entries = [(queue, sort, h.n) for queue, sort in queues_of(h.before, pending=h.flags_before[0])]
    conn.executemany("DELETE FROM queue_entry WHERE queue = ? AND sort = ? AND n = ?", entries)
    counts.shift(conn, entries, [], now)  # type: ignore[arg-type]  # n is known by now
    for table, column in (("dispatch", "n"), ("to_index", "n"), ("event_touch", "case_n"), ("cases", "n")):
        conn.execute(f"DELETE FROM {table} WHERE {column} = ?", (h.n,))  # noqa: S608 - names are ours
    conn.execute("DELETE FROM words WHERE rowid = ?", (h.n,))
    conn.execute("DELETE FROM draft WHERE case_id = ?", (h.before.id,))
    if h.before.sender:
        conn.execute(
            "DELETE FROM sender WHERE id = ? AND NOT EXISTS (SELECT 1 FROM cases WHERE sender = ?)",
            (h.before.sender, h.before.sender),
        )


def _drafts(conn: Any, run: runs.Run, now: Ms) -> None:
    """What was typed waits in the dialog again: that of several letters under the first of them."""
    if not run.said or not run.cases:
        return
    name = run.action if len(run.cases) == 1 else f"{run.action}+"
    conn.execute(
        "INSERT OR IGNORE INTO draft(case_id, action, fields, at) VALUES (?, ?, ?, ?)",
        (run.cases[0], name, json.dumps(run.said, ensure_ascii=False), now),
    )
