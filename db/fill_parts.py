"""Parts of a snapshot laid into this store: rows of letters, what happened to them, what they say.

Part of `db/fill.py`, which says in which order. In transactions of some milliseconds (`db/turns.py`); what is pending here stays,
folded over them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from db import log
from db.blobs import Past
from db.clock import now_ms
from db.model import Case, CaseId, Ms
from db.people import put_masked
from db.standing import AGAIN, Standing, book_of_log, place_new, show
from db.turns import pieces

if TYPE_CHECKING:
    from db.store import Store

ROWS, EVENTS, BODIES, SENDERS = 25, 80, 100, 400
"""Of each in the first transaction; how long that takes decides how many the next one has."""


def rows(store: Store, given: Iterable[Case], now: Ms, *, only_new: bool) -> list[CaseId]:
    """Letters as the log makes them at the snapshot's number; those that changed here. `only_new`: leaves what is here."""
    changed: list[CaseId] = []
    for chunk in pieces(store.turns, given, ROWS):
        with store.write(lasting=False) as conn:
            work = Standing(conn, book_of_log(conn, store.rulebook()))
            work.load(case.id for case in chunk)
            # closed: what came with the open ones, or by news since, is at least as new
            ns = json.dumps([h.n for h in work.held.values()])
            here = "SELECT n FROM filled WHERE n IN (SELECT value FROM json_each(?))"
            done = {n for (n,) in conn.execute(here, (ns,))} if only_new else set()
            for case in chunk:
                held = work.get(case.id)
                if held is None or held.case is None or held.n not in done:
                    work.put(case.id, case)
            new = place_new(conn, work, now)
            anew(conn, [h.n for h in work.held.values()])
            shown = show(conn, work, now)
            conn.executemany("INSERT OR IGNORE INTO filled(n) VALUES (?)", [(h.n,) for h in work.held.values()])
            conn.executemany("INSERT OR IGNORE INTO to_index(n) VALUES (?)", [(h.n,) for h in new])
            changed += [h.case.id for h in new if h.case is not None] + shown.changed
    return changed


def events(store: Store, given: Iterable[Past]) -> list[CaseId]:
    """What happened to letters: to be read, for the rows hold it already. Own ones keep their words and salts."""
    changed: set[CaseId] = set()
    for chunk in pieces(store.turns, given, EVENTS):
        with store.write(lasting=False) as conn:
            changed |= put_events(conn, chunk)
    return sorted(changed)


def put_events(conn: Any, events: Sequence[Past]) -> set[CaseId]:
    """Keeps events of the log whose effect the rows hold already; letters of own ones among them that are pending no more.

    One that came out of a snapshot before, and comes whole now, gets its words, its salt, and with them its digest.
    """
    known = _known(conn, [p.event.id for p in events])
    wanted = {i for p in events for i in (p.event.case, *p.touched) if i}
    places = dict(
        conn.execute(
            "SELECT id, n FROM cases WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(sorted(wanted)),)
        ).fetchall()
    )
    last = conn.execute("SELECT max(n) FROM event").fetchone()[0] or 0
    fresh, settled, whole, touches = [], [], [], []
    for event, absorbed, touched, inner in events:
        n, proven = known.get(event.id, (None, False))
        if n is not None:
            settled.append((event.seq, event.heard, int(absorbed), n))
        elif event.case is None or event.case in places:
            n = last = last + 1
        else:
            continue
        row = log.values(n, event, places.get(event.case), absorbed=absorbed, inner_hash=inner)
        if event.id not in known:
            fresh.append(row)
        elif not proven and inner != b"":
            whole.append((*(row[log.EVENT_COLUMNS.index(c)] for c in WHOLE), n))
        touches += [(places[i], n) for i in touched if i in places]
    conn.executemany(log.INSERT, fresh)
    conn.executemany("UPDATE event SET seq = ?, heard = ?, absorbed = ? WHERE n = ?", settled)
    conn.executemany(f"UPDATE event SET {', '.join(f'{c} = ?' for c in WHOLE)} WHERE n = ?", whole)  # noqa: S608 - ours
    conn.executemany("INSERT OR IGNORE INTO event_touch(case_n, event_n) VALUES (?, ?)", touches)
    spoken = {places[p.event.case] for p in events if p.event.words and p.event.case in places}
    conn.executemany("INSERT OR IGNORE INTO to_index(n) VALUES (?)", [(n,) for n in spoken])
    own = [n for _seq, _heard, _absorbed, n in settled]
    waited = [
        n
        for (n,) in conn.execute(
            "SELECT event_n FROM outbox WHERE event_n IN (SELECT value FROM json_each(?))", (json.dumps(own),)
        )
    ]
    conn.executemany("DELETE FROM outbox WHERE event_n = ?", [(n,) for n in waited])
    return _shown_again(conn, waited)


WHOLE = ("words", "salt", "inner", "digest")
"""Columns of an event that a snapshot does not bring whole."""


def _known(conn: Any, ids: Sequence[str]) -> dict[str, tuple[int, bool]]:
    """Events that are here → their place, and whether they are here with all that their digest stands for."""
    sql = "SELECT id, n, digest <> x'' FROM event WHERE id IN (SELECT value FROM json_each(?))"
    return {id_: (n, bool(proven)) for id_, n, proven in conn.execute(sql, (json.dumps(ids),))}


def _shown_again(conn: Any, ns: Sequence[int]) -> set[CaseId]:
    """Letters whose pending events were found in the log: their rows are the confirmed ones again."""
    if not ns:
        return set()
    from db.configured_rows import state

    ids = [
        i
        for (i,) in conn.execute(
            "SELECT DISTINCT c.id FROM event e JOIN cases c ON c.n = e.case_n WHERE e.n IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ns)),),
        )
    ]
    work = Standing(conn, state(conn).book)
    work.load(ids)
    show(conn, work, now_ms())
    return set(ids)


def bodies(store: Store, given: Iterable[tuple[CaseId, str]]) -> list[CaseId]:
    """What citizens wrote; letters that have it now."""
    changed: list[CaseId] = []
    for chunk in pieces(store.turns, given, BODIES):
        with store.write(lasting=False) as conn:
            for case, body in chunk:
                row = conn.execute(
                    "SELECT e.n, e.words, e.case_n FROM event e WHERE e.id = ? AND e.salt = ''", (case,)
                ).fetchone()
                if row is None:
                    continue
                words = json.loads(row[1]) if row[1] else {}
                conn.execute("UPDATE event SET words = ? WHERE n = ?", (log.canonical(words | {"body": body}), row[0]))
                conn.execute("INSERT OR IGNORE INTO to_index(n) VALUES (?)", (row[2],))
                changed.append(case)
    return changed


def senders(store: Store, given: Iterable[Sequence[str]]) -> None:
    """Who wrote, masked."""
    for chunk in pieces(store.turns, given, SENDERS):
        with store.write(lasting=False) as conn:
            put_masked(conn, chunk)


def anew(conn: Any, ns: Iterable[int | None]) -> None:
    """The confirmed rows of these letters are the new log's: what is offered again is pending over them like anything else."""
    conn.execute(
        "UPDATE outbox SET doubt = NULL WHERE doubt = ? AND event_n IN "
        "(SELECT e.n FROM event e JOIN json_each(?) j ON e.case_n = j.value)",
        (AGAIN, json.dumps(list(ns))),
    )
