"""The proof of a row: a case folded again from its stored events. `desk doctor` and the tests compare."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from db import cases, log, projection
from db.model import Absorbed, Case, CaseId, Event, Ms, Refusal
from db.model_rules import Rulebook
from db.pace import Pace

if TYPE_CHECKING:
    from db.store import Store


def refold(store: Store, case_id: CaseId, now: Ms | None = None) -> Case | None:
    """The case as its events alone make it, with those of all cases it was ever merged with; None if it is not here."""
    from db.clock import now_ms

    moment = now_ms() if now is None else now
    with store.view() as conn:
        start = conn.execute("SELECT n FROM cases WHERE id = ?", (case_id,)).fetchone()
        if start is None:
            return None
        entries = history(conn, related(conn, start[0]))
    return replay(entries, store.rulebook(), moment).get(case_id)


def stored(store: Store, case_id: CaseId) -> Case | None:
    """The case as its row says."""
    with store.view() as conn:
        held = projection.fetch(conn, (case_id,)).get(case_id)
    return held.case if held else None


def replay(
    entries: list[tuple[Event, bool]],
    book: Rulebook,
    now: Ms,
    leave: list[Event] | None = None,
    touched_by: dict[str, tuple[CaseId, ...]] | None = None,
) -> dict[CaseId, Case]:
    """Folds events, in order, over no cases at all; `True` marks one that was absorbed. Raises ValueError where the
    rules refuse one: the log is not what this desk wrote. With `leave`, what is refused is put there and passed over.
    `touched_by` is told which other cases an event was folded over.
    """
    held: dict[CaseId, Case] = {}
    for event, absorbed in entries:
        case = held.get(event.case or "")
        touched = tuple(i for i in cases.touches(case, event) if i != event.case and i in held) if case else ()
        before = {i: held[i] for i in touched}
        own = before if case is None else before | {case.id: case}
        verdict = cases.fold(case, event, before, book, max(now, event.at))
        if isinstance(verdict, Refusal):
            if leave is None:
                raise ValueError(f"{event.kind} {event.id}: {verdict.code}")
            leave.append(event)
            continue
        held[str(event.case)] = verdict.case if isinstance(verdict, Absorbed) else verdict
        if absorbed:
            continue
        if touched_by is not None and touched:
            touched_by[event.id] = touched
        for other in touched:
            told = cases.fold(
                before[other], event, {i: c for i, c in own.items() if i != other}, book, max(now, event.at)
            )
            if isinstance(told, Refusal):
                if leave is None:
                    raise ValueError(f"{event.kind} {event.id} over {other}: {told.code}")
                continue
            held[other] = told.case if isinstance(told, Absorbed) else told
    return held


def related(conn: Any, start: int) -> set[int]:
    """All cases connected by events that touched more than one."""
    seen, new = {start}, {start}
    while new:
        reached: set[int] = set()
        for n in new:
            sql = (
                "SELECT t.case_n FROM event e JOIN event_touch t ON t.event_n = e.n WHERE e.case_n = ?1 "
                "UNION SELECT e.case_n FROM event_touch t JOIN event e ON e.n = t.event_n WHERE t.case_n = ?1"
            )
            reached.update(other for (other,) in conn.execute(sql, (n,)))
        new = reached - seen
        seen |= new
    return seen


def history(conn: Any, ns: set[int]) -> list[tuple[Event, bool]]:
    """The events of these letters in folding order, with whether each was absorbed."""
    import json

    rows = conn.execute(
        f"SELECT e.absorbed, {log.SELECT} FROM event e JOIN cases c ON c.n = e.case_n "  # noqa: S608 - ours alone
        f"WHERE e.case_n IN (SELECT value FROM json_each(?)) ORDER BY {log.ORDER}",
        (json.dumps(sorted(ns)),),
    )
    return [(log.load(row[1:]), bool(row[0])) for row in rows]


MOVING = ("extended", "told", "redone", "classified", "corrected", "reopened", "rescheduled")
"""Kinds whose fold came to know more than an earlier edition did: what moved a due time."""

CHUNK = 200


def mend(store: Store, kinds: Sequence[str] = MOVING, now: Ms | None = None, *, pace: Pace | None = None) -> int:
    """Folds letters with such events again and keeps what differs: a row that an earlier edition wrote knows less than
    its events say. Returns how many were mended; a log that the rules refuse is left for `desk doctor`. Raises StoreError.
    """
    import json

    from db.clock import now_ms

    moment = now_ms() if now is None else now
    pace = pace or Pace()
    pace.step = "letters"
    sql = "SELECT DISTINCT c.id FROM event e JOIN cases c ON c.n = e.case_n WHERE e.kind IN (SELECT value FROM json_each(?))"
    ids = [str(id_) for (id_,) in store.rows(sql, (json.dumps(list(kinds)),))]
    mended = 0
    for first in range(0, len(ids), CHUNK):
        fresh: dict[CaseId, Case] = {}
        for n, id_ in enumerate(ids[first : first + CHUNK], first):
            pace.look(n, len(ids))
            try:
                case = refold(store, id_, moment)
            except ValueError:
                continue
            if case is not None:
                fresh[id_] = case
        with store.write() as conn:
            changed = []
            for id_, held in projection.fetch(conn, fresh).items():
                if held.case != fresh[id_]:
                    held.case = fresh[id_]
                    changed.append(held)
            projection.write(conn, changed, moment)
            mended += len(changed)
    return mended


def keep_apart(store: Store, now: Ms | None = None, *, pace: Pace | None = None) -> int:
    """Letters of an edition that kept no confirmed rows apart: those with pending events that are in a log otherwise get
    theirs. Returns how many. Raises StoreError.
    """
    import json

    from db.casefile import dump
    from db.clock import now_ms

    moment = now_ms() if now is None else now
    pace = pace or Pace()
    pace.step = "waiting"
    with store.write() as conn:
        rows = conn.execute(
            "SELECT DISTINCT c.n, c.id FROM outbox o JOIN event e ON e.n = o.event_n LEFT JOIN event_touch t "
            "ON t.event_n = e.n JOIN cases c ON c.n IN (e.case_n, t.case_n) WHERE EXISTS (SELECT 1 FROM event x "
            "LEFT JOIN outbox y ON y.event_n = x.n WHERE x.case_n = c.n AND y.event_n IS NULL)"
        ).fetchall()
        kept = 0
        for at, (n, id_) in enumerate(rows):
            pace.look(at, len(rows))
            events = conn.execute(
                f"SELECT e.absorbed, {log.SELECT} FROM event e JOIN cases c ON c.n = e.case_n LEFT JOIN outbox o "  # noqa: S608
                "ON o.event_n = e.n WHERE e.case_n IN (SELECT value FROM json_each(?)) AND o.event_n IS NULL "
                f"ORDER BY {log.ORDER}",
                (json.dumps(sorted(related(conn, n))),),
            )
            try:
                case = replay([(log.load(row[1:]), bool(row[0])) for row in events], store.rulebook(), moment).get(id_)
            except ValueError:
                continue  # for `desk doctor`
            if case is not None:
                conn.execute("INSERT OR IGNORE INTO confirmed(n, row) VALUES (?, ?)", (n, dump(case)))
                kept += 1
    return kept


def differing(store: Store) -> list[str]:
    """Codes of the letters whose row is not what their events make it; empty when all is well."""
    wrong = []
    for id_, code in store.rows("SELECT id, code FROM cases ORDER BY n"):
        try:
            same = refold(store, id_) == stored(store, id_)
        except ValueError:
            same = False
        if not same:
            wrong.append(code)
    return wrong


def fingerprint(store: Store) -> str | None:
    """What the open rows of this desk come to (`db/blobs.fingerprint`), with nothing pending; None while something is."""
    import json

    from db.blobs import fingerprint as made
    from db.model import OPEN

    with store.view() as conn:
        if conn.execute("SELECT 1 FROM outbox LIMIT 1").fetchone():
            return None
        states = json.dumps(sorted(OPEN))
        ids = [
            i
            for (i,) in conn.execute("SELECT id FROM cases WHERE state IN (SELECT value FROM json_each(?))", (states,))
        ]
        held = (projection.fetch(conn, ids[n : n + 200]).values() for n in range(0, len(ids), 200))
        return made(h.case for page in held for h in page if h.case is not None)
