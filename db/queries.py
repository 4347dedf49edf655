"""What screens and commands read: pages of a queue, its counts, one letter. Every read is bounded and plain SQL.

Pages go by keyset: the next one begins behind a row's (sort, n), so the millionth row costs what the first does.
With a search the order is always newest first (`db/finding.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from db.counts import counts
from db.model import Case, CaseId, Event, EventId, EventKind, Ms
from db.queues import ALL, LATE
from db.rows import COLUMNS, BadQueryError, Page, Row, page_of

if TYPE_CHECKING:
    from db.search import Query
    from db.store import Store
    from db.uploads import Upload
    from db.verdicts import RefusedEvent

__all__ = ["ALL", "BadQueryError", "Letter", "Page", "Row", "counts", "find", "letter", "page"]

Key = Row | tuple[int, int]
"""A row, or its (sort, n)."""

LIMIT = 5_000
"""Most rows of one page."""


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


def page(
    store: Store,
    queue: int,
    *,
    after: Key | None = None,
    before: Key | None = None,
    end: bool = False,
    limit: int = 200,
    query: str | Query | None = None,
    now: Ms,
    me: str | None = None,
) -> Page:
    """Rows of a queue (`ALL`: of the store) in its order: the first, those behind or before a row, or the last.

    `more`: whether the list goes on, in the direction read. `query` as typed or parsed; `me` is whom `assignee:me`
    means. Raises BadQueryError for a search that cannot be understood, StoreError.
    """
    limit = max(1, min(limit, LIMIT))
    start, back = (before, True) if before is not None else (after, end)
    key = None if start is None else (start.sort, start.n) if isinstance(start, Row) else start
    if query or queue == ALL:
        from db.finding import find_rows  # not needed for the first frame

        return find_rows(store, queue, query or "", key=key, back=back, limit=limit, now=now, me=me)
    late = "AND e.sort <= :now" if queue == LATE else ""
    beyond = "" if key is None else f"AND (e.sort, e.n) {'<' if back else '>'} (:sort, :n)"
    way = "DESC" if back else "ASC"
    sort, n = key or (0, 0)
    rows = store.rows(
        f"SELECT e.sort, {COLUMNS} FROM queue_entry e CROSS JOIN cases c ON c.n = e.n "  # noqa: S608 - no outside text
        f"WHERE e.queue = :queue {late} {beyond} ORDER BY e.sort {way}, e.n {way} LIMIT :limit",
        {"queue": queue, "now": now, "sort": sort, "n": n, "limit": limit + 1},
    )
    return page_of(rows, limit, back=back)


def find(store: Store, code: str) -> CaseId | None:
    """The letter of that code (or id) as typed, or None."""
    typed = code.strip()
    rows = store.rows(
        "SELECT id FROM cases WHERE code IN (?, ?) OR id = ? ORDER BY n LIMIT 1", (typed, typed.upper(), typed)
    )
    return str(rows[0][0]) if rows else None


def cases_of(store: Store, ids: Iterable[CaseId]) -> dict[CaseId, Case]:
    """The cases of these ids that are here; two reads however many. Raises StoreError."""
    from db import projection

    with store.view() as conn:
        return {id_: held.case for id_, held in projection.fetch(conn, ids).items() if held.case is not None}


def became_late(store: Store, since: Ms, now: Ms, limit: int) -> list[tuple[str, str]]:
    """(code, title) of letters whose clock ran out after `since` and by `now`, the first one first. Raises StoreError."""
    return [
        (str(code), str(title))
        for code, title in store.rows(
            "SELECT c.code, c.title FROM queue_entry e JOIN cases c ON c.n = e.n "
            "WHERE e.queue = 4 AND e.sort > ? AND e.sort <= ? ORDER BY e.sort, e.n LIMIT ?",
            (since, now, limit),
        )
    ]


RECENT = 20_000
"""Events looked through for the tags in use: a bounded read of the newest."""


def tags(store: Store) -> list[str]:
    """Tags given lately, the newest first."""
    rows = store.rows(
        "SELECT t.value FROM event e, json_each(e.facts, '$.add') t WHERE e.kind = 'tagged' "
        "AND e.n > (SELECT coalesce(max(n), 0) FROM event) - ? GROUP BY t.value ORDER BY max(e.n) DESC",
        (RECENT,),
    )
    return [str(tag) for (tag,) in rows]


def letter(store: Store, case_id: CaseId) -> Letter | None:
    """One letter with all its events; None if it is not here. Raises StoreError."""
    from db import drafts, projection  # nor is a letter whole
    from db.verdicts import refused_of

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
    from db import log

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
    from db.people import sender

    found = sender(store, id_) if id_ else None
    return found.masked() if found else ""
