"""Frozen months in this store: the rows of `bulletin`, made anew from the log's events whenever one comes or goes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from db import log, people
from db.bulletin import saying
from db.bulletin.frozen import KINDS, SNAPSHOT, Snapshot, fold, unpacked, why_not
from db.bulletin.making import Bulletin, Names
from db.bulletin.names import label, titles
from db.clock import to_iso
from db.figures import parse
from db.model import Event, Ms
from db.words import term

if TYPE_CHECKING:
    from db.store import Store

_KINDS = json.dumps(sorted(str(kind) for kind in KINDS))


@dataclass(frozen=True, slots=True)
class Revision:
    """One frozen page of a month: which, when (UTC ms) and by whom it was signed; `intact`: it is what was signed."""

    month: str
    revision: int
    at: Ms
    by: str
    hash: str
    intact: bool
    pending: bool
    snapshot: Snapshot
    n: int  # its event's place in this desk's log


def events(conn: Any) -> list[Event]:
    """Every freeze and revision this store has, in the order of the log."""
    rows = conn.execute(
        f"SELECT {log.SELECT} FROM event e LEFT JOIN cases c ON c.n = e.case_n "  # noqa: S608 - ours alone
        f"WHERE e.case_n IS NULL AND e.kind IN (SELECT value FROM json_each(?)) ORDER BY {log.ORDER}",
        (_KINDS,),
    )
    return [log.load(row) for row in rows]


def months(conn: Any) -> dict[str, tuple[int, str]]:
    """Month → its last revision and that one's hash."""
    return fold(events(conn))


def rebuild(conn: Any) -> None:
    """Makes the rows anew in the open transaction."""
    conn.execute("DELETE FROM bulletin")
    held: dict[str, tuple[int, str]] = {}
    for event in events(conn):
        if why_not(held, event) is not None:
            continue
        month, revision = str(event.facts["month"]), int(event.facts["revision"])
        held[month] = (revision, str(event.facts["hash"]))
        body = json.dumps({"event": event.id, SNAPSHOT: event.words.get(SNAPSHOT, "")})
        conn.execute(
            "INSERT INTO bulletin(month, revision, body, frozen_at, signed_by) VALUES (?, ?, ?, ?, ?)",
            (month, revision, body, event.at, event.actor),
        )


def revisions(store: Store, month: str) -> list[Revision]:
    """The frozen pages of a month, the first one first. One that cannot be read is left out. Raises StoreError."""
    with store.view() as conn:
        rows = conn.execute(
            "SELECT revision, body, frozen_at, signed_by FROM bulletin WHERE month = ? ORDER BY revision", (month,)
        ).fetchall()
        found = [_revision(store, conn, month, *row) for row in rows]
    return [one for one in found if one is not None]


def _revision(store: Store, conn: Any, month: str, number: int, body: str, at: Ms, by: str) -> Revision | None:
    try:
        held = json.loads(body)
        snapshot, hash_ = unpacked(held[SNAPSHOT])
    except (ValueError, KeyError):
        return None
    row = conn.execute(
        f"SELECT e.n, e.inner, e.digest, EXISTS (SELECT 1 FROM outbox o WHERE o.event_n = e.n), {log.SELECT} "  # noqa: S608
        "FROM event e LEFT JOIN cases c ON c.n = e.case_n WHERE e.id = ?",
        (held.get("event"),),
    ).fetchone()
    if row is None:
        return None
    n, inner, digest, pending, *columns = row
    event = log.load(columns)
    signed = str(event.facts.get("hash"))
    whole = not digest or log.digest(event, inner) == digest
    who = people.name_of(store, by) or term("actor", by)
    return Revision(month, number, at, who, signed, whole and hash_ == signed, bool(pending), snapshot, n)


def bulletin(store: Store, one: Revision) -> Bulletin:
    """A frozen page as it was, with the words that are still to be had. Raises StoreError."""
    named, known = Names(parse(one.month), successors=False), titles(one.snapshot.page)
    figures = {name: told | {"label": label(name, named, known)} for name, told in one.snapshot.page["figures"].items()}
    signed = {
        "revision": one.revision,
        "at": to_iso(one.at),
        "by": one.by,
        "hash": one.hash,
        "intact": one.intact,
        "sent": not one.pending,
    }
    page = dict(one.snapshot.page) | {"figures": figures, "signed": signed}
    return Bulletin(saying.spoken(store, page), {name: one.snapshot.letters(name) for name in figures})
