"""Taking back what never left this desk: the events go, and the letters are what the rest of their events make them.

Holds: after `take_back` every row, queue entry and count is as if the run had never been; what was typed comes back
as a draft. Only what no request has carried can be taken back (DESIGN.md §6, Offered).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from db import runs
from db.case_turn import refuse
from db.clock import now_ms
from db.finding_lists import LOOKED
from db.model import Actor, CaseId, EventKind, Ms, Refusal
from db.model_rules import Rulebook
from db.standing import Standing, hanging, ids_of, pending_of, show

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
    try:
        with store.write() as conn:
            told = _taken(conn, actor, n, moment, book)
    except _RefusedError as no:
        return no.refusal
    store.changed()
    return told


class _RefusedError(Exception):
    """Ends the transaction: nothing of it was done."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def _taken(conn: Any, actor: Actor, n: int, now: Ms, book: Rulebook) -> TakenBack:
    run = runs.read(conn, n)
    if run is None or not _mine(conn, actor, n):
        raise _RefusedError(refuse("undo_gone"))
    if run.offered:
        raise _RefusedError(refuse("undo_sent"))
    kinds = {k for (k,) in conn.execute("SELECT kind FROM event WHERE n BETWEEN ? AND ?", (run.first, run.last))}
    if kinds & FINAL:
        raise _RefusedError(refuse("undo_final"))
    work = Standing(conn, book)
    work.load(ids_of(conn, _touched(conn, run)))
    codes = {p.event.id: work.held[str(p.event.case)] for p in pending_of(conn, _ns(work))}
    _cut(conn, run)
    if any(kind.startswith("survey_") for kind in kinds):
        from db import survey_rows

        survey_rows.rebuild(conn)
    if any(kind.startswith("bulletin_") for kind in kinds):
        from db.bulletin import frozen_rows

        frozen_rows.rebuild(conn)
    told = show(conn, work, now)
    if told.doubted:
        held = codes[told.doubted[0].event.id]
        raise _RefusedError(refuse("undo_later", letter=held.before.code if held.before else ""))
    conn.executemany("INSERT OR IGNORE INTO to_index(n) VALUES (?)", [(work.held[i].n,) for i in told.changed])
    _drafts(conn, run, now)
    conn.execute("DELETE FROM run WHERE n = ?", (n,))
    removed = set(told.removed)
    return TakenBack(tuple(i for i in work.held if i not in removed), tuple(told.removed))


def _ns(work: Standing) -> list[int]:
    return [h.n for h in work.held.values() if h.n is not None]


def _mine(conn: Any, actor: Actor, n: int) -> bool:
    found = conn.execute("SELECT actor FROM run WHERE n = ? AND undone = 0", (n,)).fetchone()
    return found is not None and found[0] == actor.id


def _touched(conn: Any, run: runs.Run) -> set[int]:
    """The letters of the run, and those that its events touched."""
    rows = conn.execute("SELECT DISTINCT case_n FROM event WHERE n BETWEEN ? AND ?", (run.first, run.last))
    return hanging(conn, {n for (n,) in rows if n is not None})


def _cut(conn: Any, run: runs.Run) -> None:
    """The events go, wherever they are noted."""
    span = (run.first, run.last)
    conn.execute("DELETE FROM outbox WHERE event_n BETWEEN ? AND ?", span)
    conn.execute("DELETE FROM event_touch WHERE event_n BETWEEN ? AND ?", span)
    conn.execute("DELETE FROM event WHERE n BETWEEN ? AND ?", span)
    conn.execute(  # what was looked past is gone: what takes its places is new
        "UPDATE setting SET value = (SELECT coalesce(max(n), 0) FROM event) WHERE name = ? AND CAST(value AS INTEGER) >= ?",
        (LOOKED, run.first),
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
