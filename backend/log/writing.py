"""Writes what a request came to: cases, dispatches, verdicts, and last, under the counter's lock, the log.

What a transaction holds while it has the counter is only this: numbers, hashes, one insert.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from backend.database import among
from backend.log import erasing, files, newsroom
from backend.log.held import CASES, Locked
from backend.log.looking import EVENTS, VERDICTS, Refused
from backend.log.reading import Head
from backend.rows import insert_rows, update_rows
from backend.tables import Dispatch as DispatchRow
from backend.tables import Sender as SenderRowTable
from backend.tables import Touch
from db import casefile, chain, timers
from db.blobs import mark_of
from db.clock import day_of
from db.model import OPEN, Case, CaseId, Event, EventId, EventKind, Ms
from db.projection import Held
from db.wire import dumps, event_text

COUNTER = newsroom.COUNTER
TOUCHES = Touch.__table__  # type: ignore[attr-defined]
DISPATCHES = DispatchRow.__table__  # type: ignore[attr-defined]
SENDERS = SenderRowTable.__table__  # type: ignore[attr-defined]

SenderRow = Mapping[str, str]
"""A row of `sender`: id, name, salutation, phone, contact (JSON)."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """An event that goes into the log, and the other cases it was folded over."""

    event: Event
    inner: bytes
    digest: bytes
    touched: tuple[CaseId, ...] = ()
    absorbed: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What one request brings."""

    accepted: Sequence[Accepted]
    refused: Sequence[Refused] = ()
    senders: Sequence[SenderRow] = field(default=())


_LAST = select(COUNTER).with_for_update()
_GOES_ON = update(COUNTER).values(
    seq=bindparam("to"), hash=bindparam("by"), mark=bindparam("now"), decided=bindparam("at")
)
"""Asked with every request: made once."""


def write(
    conn: Connection, work: Locked, what: Written, decided: int, now: Ms
) -> tuple[dict[EventId, int], Head | None]:
    """Writes all of it into the open transaction; event id → its number, and where the log then ends. Raises ChangedError.

    `decided`: number of the newsroom's last decision when the first event was judged.
    """
    changed = {i: h for i, h in work.held.items() if h.case is not None and h.case is not h.before}
    rows = {i: casefile.dump(h.case) for i, h in changed.items() if h.case is not None}
    if what.refused:
        conn.execute(insert(VERDICTS), [_verdict(r, now) for r in what.refused])
    if not what.accepted:
        return {}, None
    _senders(conn, what)
    texts = [wire_text(a.event) for a in what.accepted]
    last = conn.execute(_LAST).one()
    if last.decided != decided:
        raise newsroom.ChangedError
    events, seqs, hash_ = _numbered(what.accepted, texts, last.seq, last.hash)
    moved = _cases(conn, work, changed, rows, _last(what.accepted, seqs))
    _dispatches(conn, changed)
    insert_rows(conn, EVENTS, _LOGGED, events)
    touches = [{"case_id": c, "seq": seqs[a.event.id]} for a in what.accepted for c in a.touched]
    if touches:
        conn.execute(insert(TOUCHES), touches)
    decided = newsroom.last_decision([a.event for a in what.accepted], seqs, last.decided)
    if decided != last.decided:  # other days may be meant now: the timers look at every open letter again
        conn.execute(update(CASES).where(CASES.c.open == 1).values(timer_at=0))
        conn.execute(update(newsroom.NEWSROOM).values(people=newsroom.NEWSROOM.c.people + 1))
    mark = _signed(last.mark + moved)
    conn.execute(_GOES_ON, {"to": last.seq + len(events), "by": hash_, "now": mark, "at": decided})
    files.bind(conn, [a.event for a in what.accepted])
    for a in what.accepted:
        if a.event.kind == EventKind.ERASED and not a.absorbed:
            erasing.erase(conn, work.held[str(a.event.case)])
        if a.event.kind == EventKind.CONTACT_REMOVED and not a.absorbed:
            for id_ in (str(a.event.case), *a.touched):
                erasing.forget_sender(conn, work.held[id_])
    erasing.forget_contacts(conn, (a.event for a in what.accepted))
    return seqs, Head(last.seq + len(events), hash_, mark, what.accepted[-1].event.heard or 0)


_LOGGED = ("seq", "id", "case_id", "kind", "actor", "heard", "absorbed", "digest", "hash", "wire")


def _numbered(
    accepted: Sequence[Accepted], texts: Sequence[str], seq: int, hash_: bytes
) -> tuple[list[tuple[Any, ...]], dict[EventId, int], bytes]:
    """The rows of the log after number `seq` (_LOGGED), the number of each event, and the hash of the last."""
    rows: list[tuple[Any, ...]] = []
    numbers: dict[EventId, int] = {}
    for seq_, (a, text) in enumerate(zip(accepted, texts, strict=True), seq + 1):
        hash_ = chain.following(hash_, seq_, a.digest)
        e = a.event
        numbers[e.id] = seq_
        about = (seq_, e.id, e.case, e.kind, e.actor, e.heard, int(a.absorbed), a.digest, hash_, text)
        rows.append(about)
    return rows, numbers, hash_


def wire_text(event: Event, inner: str | None = None) -> str:
    """The event as it travels, without number and receipt, as text that any database takes."""
    text = event_text(event, inner)
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate from a broken import
        return json.dumps(json.loads(text), separators=(",", ":"))
    return text


def _verdict(r: Refused, now: Ms) -> dict[str, Any]:
    detail = dumps(dict(r.refusal.facts))
    return {
        "id": r.id,
        "digest": r.digest,
        "code": r.refusal.code,
        "detail": detail,
        "seq": r.seq,
        "at": now,
        "device": r.device,
    }


def _senders(conn: Connection, what: Written) -> None:
    """Records apart of the letters that came with this request, and of no others; one that is known stays."""
    new = {a.event.facts.get("sender") for a in what.accepted if a.event.kind == EventKind.RECEIVED}
    rows = {s["id"]: dict(s) for s in what.senders if s["id"] in new}
    if not rows:
        return
    here = {id_ for (id_,) in conn.execute(select(SENDERS.c.id).where(among(conn, SENDERS.c.id, rows)))}
    fresh = [row for id_, row in sorted(rows.items()) if id_ not in here]
    if fresh:
        conn.execute(insert(SENDERS), fresh)


# ── cases ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _last(accepted: Iterable[Accepted], seqs: Mapping[EventId, int]) -> dict[CaseId, int]:
    """Case → number of the last event that was folded into it."""
    last: dict[CaseId, int] = {}
    for a in accepted:
        for id_ in (a.event.case, *a.touched):
            if id_ is not None:
                last[id_] = seqs[a.event.id]
    return last


def _cases(
    conn: Connection,
    work: Locked,
    changed: Mapping[CaseId, Held],
    rows: Mapping[CaseId, str],
    last: Mapping[CaseId, int],
) -> int:
    """Writes the rows of cases; returns how the fingerprint of the open ones moves."""
    new: list[dict[str, Any]] = []
    old: list[dict[str, Any]] = []
    moved = 0
    for id_ in sorted(changed):
        held, case = changed[id_], changed[id_].case
        assert case is not None
        row = _row(case, rows[id_], work) | {"seq": last[id_]}
        if held.before is None:
            at = case.received_at
            new.append(row | {"id": id_, "code": case.code, "received_at": at, "month": month_of(at)})
        else:
            old.append(row | {"id": id_})
            moved -= work.marks[id_] if held.before.state in OPEN else 0
        moved += row["mark"] if case.state in OPEN else 0
    if new:
        insert_rows(conn, CASES, tuple(new[0]), [tuple(row.values()) for row in new])
    if old:
        update_rows(conn, CASES, "id", old)
    return moved


def month_of(at: Ms) -> int:
    """The month of a moment in Asia/Shanghai: 202410."""
    day = day_of(at)
    return day.year * 100 + day.month


def _row(case: Case, text: str, work: Locked) -> dict[str, Any]:
    due = timers.next_event(case, work.book)
    return {
        "state": str(case.state),
        "open": int(case.state in OPEN),
        "sender": case.sender,
        "timer_at": due.at if due is not None else None,
        "mark": _signed(mark_of(text)),
        "row": _storable(text),
    }


def _storable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(json.loads(text), separators=(",", ":"))
    return text


def _signed(value: int) -> int:
    """64 bits as the databases' signed integer."""
    value %= 1 << 64
    return value - (1 << 64) if value >= 1 << 63 else value


# ── dispatches ───────────────────────────────────────────────────────────────────────────────────────────────────────

_SENT = ("id", "case_id", "district", "unit", "state", "sent_at")


def _dispatches(conn: Connection, changed: Mapping[CaseId, Held]) -> None:
    """Where each dispatch stands: what a unit's list is read from. A merge moves dispatches from case to case."""
    new: dict[str, tuple[Any, ...]] = {}
    old: dict[str, dict[str, Any]] = {}
    before = {d.id: (i, d.state) for i, h in changed.items() for d in (h.before.dispatches if h.before else ())}
    for id_ in sorted(changed):
        case = changed[id_].case
        for d in case.dispatches if case is not None else ():
            if d.id not in before:
                new[d.id] = (d.id, id_, d.district, d.unit, str(d.state), d.sent_at)
            elif before[d.id] != (id_, d.state):
                old[d.id] = {"id": d.id, "case_id": id_, "state": str(d.state)}
    if new:
        insert_rows(conn, DISPATCHES, _SENT, list(new.values()))
    if old:
        update_rows(conn, DISPATCHES, "id", [old[k] for k in sorted(old)])
