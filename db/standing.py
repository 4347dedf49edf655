"""Confirmed rows, and what is shown: a letter as the log makes it, with the pending events folded over it.

The invariant of the replica (DESIGN.md §6): shown row = confirmed row + pending events. The confirmed row is kept apart
(`confirmed`) only for letters with pending events, and for those that a pending event of another letter touches; for
every other letter the row itself is the confirmed one. A letter with pending events and no row there is not in the log; an
empty row there says that the log had it and has it no more.
A pending event that the rules refuse today is skipped and marked (`outbox.doubt`), never dropped: the backend judges.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from db import casefile, log, projection
from db.model import Absorbed, Case, CaseId, Event, EventKind, Ms, Refusal
from db.model_rules import Rulebook
from db.projection import Held
from db.work import Work

AGAIN = "again"
"""`outbox.doubt` of an event that was in the log before that was lost: offered once more, and in the row as it is known."""


@dataclass(frozen=True, slots=True)
class Pending:
    """An event of the outbox: its place in this desk's log, and what the rules think of it today."""

    n: int
    event: Event
    doubt: str | None = None


@dataclass(slots=True)
class Shown:
    """What became of the letters that were folded again."""

    changed: list[CaseId] = field(default_factory=list)
    removed: list[CaseId] = field(default_factory=list)
    doubted: list[Pending] = field(default_factory=list)  # in doubt now and not before


class Standing(Work):
    """Letters as the log makes them, whatever is pending on this desk; `base`: as they were read."""

    def __init__(self, conn: Any, book: Rulebook) -> None:
        super().__init__(conn, book)
        self.base: dict[CaseId, Case | None] = {}
        self.known: dict[CaseId, Case] = {}  # of letters that are in no log any more: what is shown of them

    def load(self, ids: Iterable[CaseId]) -> None:
        known = set(self.held)
        super().load(ids)
        fresh = {h.n: h for i, h in self.held.items() if i not in known and h.n is not None}
        if not fresh:
            return
        for h in fresh.values():
            if h.pending:
                h.case = None  # not in the log, unless it is kept apart
        for n, row in self.conn.execute(
            "SELECT n, row FROM confirmed WHERE n IN (SELECT value FROM json_each(?))", (json.dumps(list(fresh)),)
        ):
            fresh[n].case = casefile.restore(row) if row else None
        self.base |= {i: h.case for i, h in self.held.items() if i not in known}


def keep_apart(conn: Any, held: Iterable[Held]) -> None:
    """Keeps the rows of letters that get their first pending event, as they were before it.

    To be called before those rows are written anew: SQLite copies them, which costs a third of writing them out here.
    """
    ns = [h.n for h in held if h.before is not None and not h.flags_before[0]]
    conn.execute(casefile.KEEP_APART, (json.dumps(ns),))


def hanging(conn: Any, ns: Iterable[int]) -> set[int]:
    """These letters, and all that hang together with them by pending events that touch more than one."""
    seen: set[int] = set()
    new = set(ns)
    while new:
        seen |= new
        reached = conn.execute(
            "SELECT t.case_n FROM json_each(?1) j JOIN event_touch t ON t.event_n IN "
            "(SELECT e.n FROM event e JOIN outbox o ON o.event_n = e.n WHERE e.case_n = j.value) "
            "UNION SELECT e.case_n FROM json_each(?1) j JOIN event_touch t ON t.case_n = j.value "
            "JOIN outbox o ON o.event_n = t.event_n JOIN event e ON e.n = t.event_n",
            (json.dumps(sorted(new)),),
        )
        new = {n for (n,) in reached if n is not None} - seen
    return seen


def ids_of(conn: Any, ns: Iterable[int]) -> list[CaseId]:
    """The ids of letters."""
    rows = conn.execute("SELECT id FROM cases WHERE n IN (SELECT value FROM json_each(?))", (json.dumps(sorted(ns)),))
    return [str(id_) for (id_,) in rows]


def pending_of(conn: Any, ns: Iterable[int]) -> list[Pending]:
    """The pending events of these letters, in the order they were made."""
    rows = conn.execute(
        f"SELECT e.n, o.doubt, {log.SELECT} FROM event e JOIN outbox o ON o.event_n = e.n "  # noqa: S608 - ours alone
        "JOIN cases c ON c.n = e.case_n WHERE e.case_n IN (SELECT value FROM json_each(?)) ORDER BY e.n",
        (json.dumps(sorted(ns)),),
    )
    return [Pending(row[0], log.load(row[2:]), row[1]) for row in rows]


def place_new(conn: Any, work: Standing, now: Ms) -> list[Held]:
    """Gives letters that the log has brought their place and a row, for what happened to them to hang on; those letters."""
    projection.place(conn, work.held.values())
    new = [h for h in work.held.values() if h.before is None and h.case is not None]
    projection.write(conn, new, now)
    for h in new:
        h.before, h.flags_before = h.case, (0, 0, 0)
    return new


def show(conn: Any, work: Standing, now: Ms) -> Shown:
    """Folds what is pending over the confirmed rows of `work`, and writes what is shown of every letter that hangs with them.

    To be called once, when all news is folded and the outbox is as it shall be; new letters have their `n` (`place`).
    """
    work.load(ids_of(conn, hanging(conn, [h.n for h in work.held.values() if h.n is not None])))
    work.base = {i: h.case for i, h in work.held.items()}
    told = Shown()
    while True:
        waiting = pending_of(conn, [h.n for h in work.held.values() if h.n is not None])
        known = set(work.held)
        verdicts = [(p, _folded(work, p.event, now)) for p in waiting if p.doubt != AGAIN]
        if not any(h.pending for i, h in work.held.items() if i not in known):
            break
        for id_, h in work.held.items():  # a fold reached a letter on which others hang: once more, with those
            h.case = work.base[id_]
    links = []
    for p, verdict in verdicts:
        doubt = verdict.code if isinstance(verdict, Refusal) else None
        if not isinstance(verdict, (Refusal, Absorbed)):
            links += [(work.held[i].n, p.n) for i in verdict]
        if doubt != p.doubt:
            conn.execute("UPDATE outbox SET doubt = ? WHERE event_n = ?", (doubt, p.n))
            if doubt is not None:
                told.doubted.append(Pending(p.n, p.event, doubt))
    conn.executemany("INSERT OR IGNORE INTO event_touch(case_n, event_n) VALUES (?, ?)", links)
    _write(conn, work, now, told)
    return told


def _folded(work: Standing, event: Event, now: Ms) -> tuple[CaseId, ...] | Refusal | Absorbed:
    verdict = work.fold(event, max(now, event.at))
    if isinstance(verdict, Absorbed):
        work.put(event.case, verdict.case)
    return verdict


def _write(conn: Any, work: Standing, now: Ms, told: Shown) -> None:
    counted = _counted(conn, work)
    linked = _linked(conn, work)
    changed, apart, plain = [], [], []
    for id_, h in work.held.items():
        assert h.n is not None
        h.pending, h.doubtful, h.refused = counted.get(h.n, (0, 0, 0))
        row = work.base[id_]
        if h.case is None and (h.pending or h.refused):  # in no log any more: what is known of it stays to be seen
            h.case = work.known.get(id_, h.before)
            apart.append((h.n, ""))
        elif row is not None and (h.pending or h.n in linked):
            apart.append((h.n, casefile.dump(row)))
        else:
            plain.append((h.n,))
        if h.case is None:
            told.removed.append(id_)
            continue
        if h.changed:
            changed.append(h)
            told.changed.append(id_)
    projection.write(conn, changed, now)
    conn.executemany("DELETE FROM confirmed WHERE n = ?", plain)
    conn.executemany("INSERT OR REPLACE INTO confirmed(n, row) VALUES (?, ?)", apart)
    for id_ in told.removed:
        projection.remove(conn, work.held[id_], now)


def _counted(conn: Any, work: Standing) -> dict[int, tuple[int, int, int]]:
    """n → pending, doubtful, refused, as the tables say."""
    ns = json.dumps([h.n for h in work.held.values()])
    found: dict[int, tuple[int, int, int]] = {}
    for n, pending, doubtful in conn.execute(
        "SELECT e.case_n, count(*), sum(coalesce(o.doubt, 'again') <> 'again') FROM json_each(?) j "
        "JOIN event e ON e.case_n = j.value JOIN outbox o ON o.event_n = e.n GROUP BY e.case_n",
        (ns,),
    ):
        found[n] = (pending, doubtful, 0)
    for n, refused in conn.execute(
        "SELECT case_n, count(*) FROM refused WHERE case_n IN (SELECT value FROM json_each(?)) GROUP BY case_n", (ns,)
    ):
        found[n] = (*found.get(n, (0, 0, 0))[:2], refused)
    return found


def _linked(conn: Any, work: Standing) -> set[int]:
    """Letters that a pending event of another one touches."""
    rows = conn.execute(
        "SELECT DISTINCT t.case_n FROM json_each(?) j JOIN event_touch t ON t.case_n = j.value "
        "JOIN outbox o ON o.event_n = t.event_n",
        (json.dumps([h.n for h in work.held.values()]),),
    )
    return {n for (n,) in rows}


def book_of_log(conn: Any, book: Rulebook) -> Rulebook:
    """The rules as the log alone makes them, where decisions of this desk's are pending; else `book`."""
    waits = conn.execute(
        "SELECT 1 FROM outbox o JOIN event e ON e.n = o.event_n WHERE e.case_n IS NULL AND e.kind = ? LIMIT 1",
        (EventKind.CONFIGURED.value,),
    ).fetchone()
    if waits is None:
        return book
    from db.configured_rows import state

    return state(conn, pending=False).book
