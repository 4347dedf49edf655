"""Erasure by law (DESIGN.md §8): a person's words go from the log, the record of who wrote goes, files and blobs go.

The inner hash stays in place of the words, so that digests, and with them the chain, still verify.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, delete, exists, select, update

from backend.tables import Blob, Cases, Event, File, FileOf, FilePart, Sender
from db import log
from db.configured import CONTACTS
from db.model import Event as LogEvent
from db.model import EventKind
from db.projection import Held

EVENTS = Event.__table__  # type: ignore[attr-defined]
SENDERS = Sender.__table__  # type: ignore[attr-defined]
CASES = Cases.__table__  # type: ignore[attr-defined]
BLOBS = Blob.__table__  # type: ignore[attr-defined]
FILES = File.__table__  # type: ignore[attr-defined]
PARTS = FilePart.__table__  # type: ignore[attr-defined]
FILES_OF = FileOf.__table__  # type: ignore[attr-defined]


def erase(conn: Connection, held: Held) -> None:
    """Blanks the case out of everything but its bare facts, in the transaction that also logs the erasure."""
    case = held.case
    assert case is not None
    blanked = [
        {"at": seq, "wire": text}
        for seq, wire in conn.execute(select(EVENTS.c.seq, EVENTS.c.wire).where(EVENTS.c.case_id == case.id))
        if (text := blank(wire)) is not None
    ]
    if blanked:
        conn.execute(update(EVENTS).where(EVENTS.c.seq == bindparam("at")).values(wire=bindparam("wire")), blanked)
    forget_sender(conn, held)
    _files(conn, case.id)
    within = (BLOBS.c.first_at <= case.received_at, BLOBS.c.last_at >= case.received_at)
    conn.execute(update(BLOBS).where(*within).values(dropped=1, body=b""))


def forget_sender(conn: Connection, held: Held) -> None:
    """The record of who wrote goes, where no other letter is theirs."""
    if held.before is not None and (sender := held.before.sender) is not None:
        others = exists().where(CASES.c.sender == sender)
        conn.execute(delete(SENDERS).where(SENDERS.c.id == sender, ~others))


def blank(wire: str) -> str | None:
    """The event without its words and salt, their hash in place; None where it has none."""
    event = json.loads(wire)
    words = event.pop("words", None)
    salt = event.pop("salt", "")
    if not words and not salt:
        return None
    event["inner"] = log.inner(salt, words or {}).hex()
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"))


def forget_contacts(conn: Connection, accepted: Iterable[LogEvent]) -> None:
    """Names and numbers of whom to call in a unit, where a decision in the log has just taken their place."""
    units = {
        str(e.facts.get("id")): e.id
        for e in accepted
        if e.kind == EventKind.CONFIGURED and e.facts.get("what") == CONTACTS
    }
    if not units:
        return
    of_newsroom = (EVENTS.c.kind == EventKind.CONFIGURED.value, EVENTS.c.case_id.is_(None))
    blanked = []
    for seq, wire in conn.execute(select(EVENTS.c.seq, EVENTS.c.wire).where(*of_newsroom)):
        event = json.loads(wire)
        facts = event.get("facts", {})
        if facts.get("what") != CONTACTS or units.get(facts.get("id"), event["id"]) == event["id"]:
            continue
        if (text := blank(wire)) is not None:
            blanked.append({"at": seq, "wire": text})
    if blanked:
        conn.execute(update(EVENTS).where(EVENTS.c.seq == bindparam("at")).values(wire=bindparam("wire")), blanked)


def _files(conn: Connection, case: str) -> None:
    """Files that belong to no other letter."""
    mine = {h for (h,) in conn.execute(select(FILES_OF.c.hash).where(FILES_OF.c.case_id == case))}
    conn.execute(delete(FILES_OF).where(FILES_OF.c.case_id == case))
    if not mine:
        return
    kept = {h for (h,) in conn.execute(select(FILES_OF.c.hash).where(FILES_OF.c.hash.in_(mine)))}
    gone = sorted(mine - kept)
    conn.execute(delete(PARTS).where(PARTS.c.hash.in_(gone)))
    conn.execute(delete(FILES).where(FILES.c.hash.in_(gone)))
