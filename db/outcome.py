"""Writes what a run of events came to: the log, the outbox, the cases, what waits for the search index."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from db import attachments, forgetting, learning, link, log, projection
from db.model import CaseId, Event, EventKind, Ms, Role
from db.people import LOCAL
from db.work import Work


@dataclass(frozen=True, slots=True)
class Entry:
    """An event that goes into the log, and the other cases it was folded over."""

    event: Event
    touched: tuple[CaseId, ...] = ()
    absorbed: bool = False
    pending: bool = True  # to be sent; False for what came with a number or was never ours to send


def write(conn: Any, work: Work, entries: Sequence[Entry], now: Ms, *, index: bool = True) -> None:
    """Writes all of it into the open transaction. `index`: note letters with new words for the search index."""
    _keep_apart(conn, work, entries)
    for entry in entries:
        held = work.get(entry.event.case)
        if held is not None and entry.pending:
            held.pending += 1
    changed = [h for h in work.held.values() if h.changed]
    projection.place(conn, changed)
    projection.write(conn, changed, now)
    _log(conn, work, entries)
    erase(conn, work, (entry.event for entry in entries if entry.event.kind == EventKind.ERASED))
    remove_senders(conn, work, ((e.event, e.touched) for e in entries))
    if any(entry.event.kind == EventKind.CONFIGURED for entry in entries):
        from db.configured_rows import rebuild

        rebuild(conn)
    if any(entry.event.kind.startswith("survey_") for entry in entries):
        from db import survey_rows

        survey_rows.write(conn, (entry.event for entry in entries))
    if any(entry.event.kind.startswith("bulletin_") for entry in entries):
        from db.bulletin import frozen_rows

        frozen_rows.rebuild(conn)
    if index:
        note_words(conn, work, (e.event for e in entries))


def _keep_apart(conn: Any, work: Work, entries: Sequence[Entry]) -> None:
    """The rows as the log makes them, of letters that pending events make other rows of (`db/standing.py`)."""
    ids = {id_ for entry in entries if entry.pending for id_ in (entry.event.case, *entry.touched)}
    held = [h for id_ in ids if (h := work.get(id_)) is not None and h.before is not None]
    if held:
        from db.standing import keep_apart

        keep_apart(conn, held)


def _log(conn: Any, work: Work, entries: Sequence[Entry]) -> None:
    last = conn.execute("SELECT max(n) FROM event").fetchone()[0] or 0
    rows, touches, outbox = [], [], []
    for n, entry in enumerate(entries, last + 1):
        event = entry.event
        rows.append(log.values(n, event, _n(work, event.case), absorbed=entry.absorbed))
        touches += [(_n(work, other), n) for other in entry.touched]
        if entry.pending:
            outbox.append((n, event.actor if event.role in PERSONS else _person(conn)))
    conn.executemany(log.INSERT, rows)
    conn.executemany("INSERT INTO event_touch(case_n, event_n) VALUES (?, ?)", touches)
    conn.executemany("INSERT INTO outbox(event_n, actor) VALUES (?, ?)", outbox)


PERSONS = frozenset({Role.EDITOR, Role.SUPERVISOR, Role.UNIT, Role.CITIZEN})
"""Roles whose events name their author; imports and timers are sent by whoever sits here."""


def _person(conn: Any) -> str:
    found = conn.execute("SELECT value FROM setting WHERE name = ?", (link.USER,)).fetchone()
    return str(found[0]) if found else LOCAL


def _n(work: Work, id_: CaseId | None) -> int | None:
    held = work.get(id_)
    return held.n if held else None


def erase(conn: Any, work: Work, erasures: Iterable[Event]) -> None:
    """Blanks a person out of what is kept of a letter: words, drafts, the sender where no other letter has it."""
    for event in erasures:
        held = work.get(event.case)
        if held is None or held.case is None:
            continue
        if held.n is not None:
            learning.forget(conn, held.n)
        conn.execute("UPDATE event SET words = NULL, salt = '' WHERE case_n = ?", (held.n,))
        conn.execute("DELETE FROM draft WHERE case_id = ?", (held.case.id,))
        conn.execute(
            "UPDATE run SET said = NULL WHERE EXISTS "
            "(SELECT 1 FROM event e WHERE e.case_n = ? AND e.n BETWEEN run.first AND run.last)",
            (held.n,),
        )
        conn.execute("UPDATE refused SET event = '{}' WHERE case_n = ?", (held.n,))
        attachments.forget(conn, held.n)
        conn.execute("INSERT OR IGNORE INTO to_index(n) VALUES (?)", (held.n,))
        forgetting.note(conn)


NAMELESS = frozenset({EventKind.ERASED, EventKind.CONTACT_REMOVED})
"""After these a letter no longer knows who wrote it."""


def remove_senders(conn: Any, work: Work, entries: Iterable[tuple[Event, Sequence[CaseId]]]) -> None:
    """Takes away the records of who wrote letters that no longer know it, where no other letter is theirs.

    `entries`: events and the other cases each was folded over. To be called when the letters' rows are written.
    """
    for event, touched in entries:
        if event.kind not in NAMELESS:
            continue
        for id_ in (event.case, *touched):
            held = work.get(id_)
            if held is not None and held.before is not None and (sender := held.before.sender):
                theirs = "SELECT 1 FROM cases WHERE sender = ?1"
                conn.execute(f"DELETE FROM sender WHERE id = ?1 AND NOT EXISTS ({theirs})", (sender,))  # noqa: S608 - ours
        forgetting.note(conn)


def note_words(conn: Any, work: Work, events: Iterable[Event]) -> None:
    """Letters whose searchable words an event changed wait for the index (`db/search_index.py`)."""
    waiting = {(n,) for e in events if e.words and (n := _n(work, e.case)) is not None}
    conn.executemany("INSERT OR IGNORE INTO to_index(n) VALUES (?)", waiting)
