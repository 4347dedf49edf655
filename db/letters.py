"""One letter whole, as the reading pane, dialogs and the command line show it: a bounded read however long its story is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from db import drafts, log, projection
from db.model import Case, CaseId, Event, EventId, EventKind
from db.people import sender
from db.verdicts import RefusedEvent, refused_of

if TYPE_CHECKING:
    from db.store import Store
    from db.uploads import Upload


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter whole: the case, everything that happened, what waits."""

    case: Case
    events: tuple[Event, ...]  # in the order they were folded
    body: str
    sender: str  # masked: 陈先生 138****1234; "" where none is kept
    drafts: dict[str, dict[str, Any]] = field(default_factory=dict)  # action → fields
    pending: frozenset[EventId] = frozenset()  # saved here, not yet sent
    offered: frozenset[EventId] = frozenset()  # of them those a request has carried: no longer to be taken back
    refused: tuple[RefusedEvent, ...] = ()
    sending: Mapping[str, Upload] = field(
        default_factory=dict
    )  # files attached here that are not there yet, by their hash
    absorbed: frozenset[EventId] = (
        frozenset()
    )  # in the log, and nothing is different by them: somebody had done it already
    others: Mapping[CaseId, str] = field(default_factory=dict)  # codes of other letters that its events are of, or name
    partial: bool = False  # its words are with the backend alone: a row, perhaps with what figures need of its history


def read(store: Store, case_id: CaseId) -> Letter | None:
    """One letter with all its events; None if it is not here. Raises StoreError."""
    with store.view() as conn:
        held = projection.fetch(conn, (case_id,)).get(case_id)
        if held is None or held.case is None:
            return None
        events, waiting, absorbed, partial = _events(conn, held.n)
        return Letter(
            case=held.case,
            events=events,
            body=next((e.words.get("body", "") for e in events if e.id == case_id), ""),
            sender=_masked(store, held.case.sender),
            drafts=drafts.of(store, case_id),
            pending=frozenset(waiting),
            offered=frozenset(id_ for id_, offered in waiting.items() if offered),
            refused=refused_of(conn, held.n) if held.refused else (),
            sending=_sending(conn, events),
            absorbed=absorbed,
            others=_others(conn, case_id, events),
            partial=partial,
        )


def _events(conn: Any, n: int | None) -> tuple[tuple[Event, ...], dict[EventId, bool], frozenset[EventId], bool]:
    """The events of a case and of others that its fold read, in folding order; the pending ones → offered; those that were
    absorbed; and whether the letter's own words are not here: its receipt is missing, or came out of a snapshot without its body.
    """
    rows = conn.execute(
        f"SELECT o.event_n, o.offered, e.digest = x'', e.absorbed, {log.SELECT} FROM event e LEFT JOIN cases c ON c.n = e.case_n "  # noqa: S608
        "LEFT JOIN outbox o ON o.event_n = e.n WHERE e.n IN (SELECT n FROM event WHERE case_n = ?1 "
        f"UNION ALL SELECT event_n FROM event_touch WHERE case_n = ?1) ORDER BY {log.ORDER}",
        (n,),
    ).fetchall()
    events = tuple(log.load(row[4:]) for row in rows)
    waiting = {e.id: row[1] is not None for e, row in zip(events, rows, strict=True) if row[0] is not None}
    bare = any(
        row[2] and e.kind == EventKind.RECEIVED and "body" not in e.words for e, row in zip(events, rows, strict=True)
    )
    absorbed = frozenset(e.id for e, row in zip(events, rows, strict=True) if row[3])
    return events, waiting, absorbed, bare or not events


NAMED: Mapping[str, str] = {"merged": "into", "linked": "to", "split": "into"}
"""Kinds of events that name another letter → the fact with its id."""


def _others(conn: Any, case: CaseId, events: Iterable[Event]) -> Mapping[CaseId, str]:
    """Nothing is read for letters that stand alone, which most do."""
    ids = {str(e.facts.get(NAMED.get(e.kind, "")) or e.case or case) for e in events}
    ids |= {e.case for e in events if e.case}
    ids.discard(case)
    if not ids:
        return {}
    return dict(
        conn.execute(
            "SELECT id, code FROM cases WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(sorted(ids)),)
        )
    )


def _sending(conn: Any, events: Iterable[Event]) -> Mapping[str, Upload]:
    """Nothing is read for letters without files, which most are."""
    hashes = [one[0] for e in events for one in e.facts.get("attachments") or ()]
    if not hashes:
        return {}
    from db import uploads

    return uploads.of(conn, hashes)


def _masked(store: Store, id_: str | None) -> str:
    found = sender(store, id_) if id_ else None
    return found.masked() if found else ""
