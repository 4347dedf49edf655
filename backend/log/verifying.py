"""Is the log what was written into it, and are the cases what it makes of them (`desk-backend verify`, DESIGN.md §4 and §8).

Three questions: does each event still have its digest, does each hash follow from the one before it, does each case's row
follow from its events. Reads only. Not provable by hashes: `heard` and `absorbed`, which are the backend's own; the third
question finds them where they matter.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection, select

from backend.log import newsroom, reading
from backend.log.held import CASES
from backend.tables import Touch
from db import casefile, chain, log
from db.clock import now_ms
from db.model import CaseId, Event, EventId
from db.refold import replay
from db.wire import BadEventError, event_in

EVENTS = reading.EVENTS
TOUCHES = Touch.__table__  # type: ignore[attr-defined]

PAGE: Final = 200
"""Cases folded again at once."""

MIRRORED: Final = ("id", "case", "kind", "actor")
"""Fields of an event that stand in columns beside its text."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was written. `what`: `content` (event and digest differ), `columns` (they say otherwise
    than the event), `row` (a case does not follow from its events), `refused` (the rules refuse its events), `witness`
    (another hash was known at that number), or a `chain.Wrong`.
    """

    what: str
    seq: int | None = None  # number in the log
    count: int = 1
    event: EventId | None = None
    kind: str = ""
    case: CaseId | None = None


def events(conn: Connection) -> Iterator[Fault]:
    """What is wrong with the log itself, in the order of its numbers."""
    content: list[Fault] = []
    end = reading.head(conn)
    start = chain.genesis(reading.epoch(conn))
    whole = chain.Link(end.seq, b"", end.hash)
    for broken in chain.walk(start, _links(conn, content), whole):
        yield from content
        known = any(f.seq == broken.seq for f in content)
        content.clear()
        if not (known and broken.what is chain.Wrong.CHANGED):  # its content says so already
            yield _named(conn, Fault(broken.what, broken.seq, broken.count))
    yield from content


def _links(conn: Connection, faults: list[Fault]) -> Iterator[chain.Link]:
    """The log, link by link; events that are not what their digest stands for go into `faults` on the way."""
    e = EVENTS.c
    query = select(e.seq, e.id, e.case_id, e.kind, e.actor, e.digest, e.hash, e.wire).order_by(e.seq)
    for row in conn.execution_options(yield_per=1000).execute(query):
        try:
            told = json.loads(row.wire)
            event = event_in(told)
            inner = bytes.fromhex(told["inner"]) if told.get("inner") else log.inner(event.salt, event.words)
            same = log.digest(event, inner) == row.digest
            beside = {"id": row.id, "case": row.case_id, "kind": row.kind, "actor": row.actor}
            mirrored = all(getattr(event, name) == beside[name] for name in MIRRORED)
        except (ValueError, TypeError, BadEventError):  # no event at all any more
            same = mirrored = False
        if not same:
            faults.append(Fault("content", row.seq, 1, row.id, row.kind, row.case_id))
        elif not mirrored:
            faults.append(Fault("columns", row.seq, 1, row.id, row.kind, row.case_id))
        yield chain.Link(row.seq, bytes(row.digest), bytes(row.hash))


def _named(conn: Connection, fault: Fault) -> Fault:
    """The fault with the event that stands at its number, if one does."""
    if fault.what == chain.Wrong.REMOVED:
        return fault
    row = conn.execute(
        select(EVENTS.c.id, EVENTS.c.kind, EVENTS.c.case_id).where(EVENTS.c.seq == fault.seq)
    ).one_or_none()
    return fault if row is None else replace(fault, event=row.id, kind=row.kind, case=row.case_id)


def witnessed(conn: Connection, known: Iterable[tuple[int, str]]) -> Iterator[Fault]:
    """Numbers at which this log has another hash than the one that was seen there, by a desk or at an earlier look (8 hex digits)."""
    end = reading.head(conn)
    for seq, short in known:
        if seq > end.seq or not reading.matches(conn, seq, short, end):
            yield _named(conn, Fault("witness", seq))


def rows(conn: Connection) -> Iterator[Fault]:
    """Cases whose row is not what the rules make of their events."""
    book = newsroom.decided(conn)[0].book
    moment = now_ms()
    ids = [i for (i,) in conn.execute(select(CASES.c.id).order_by(CASES.c.received_at, CASES.c.id))]
    for first in range(0, len(ids), PAGE):
        wanted = ids[first : first + PAGE]
        group = _together(conn, wanted)
        found = conn.execute(select(CASES.c.id, CASES.c.row).where(CASES.c.id.in_(wanted))).all()
        stored = {id_: casefile.restore(row) for id_, row in found}
        history = _history(conn, group)
        try:
            made: Mapping[CaseId, Any] = replay(history, book, moment)
        except ValueError:
            made = {}
            for id_ in wanted:  # one refused history must not hide the others
                try:
                    made |= replay(_history(conn, _together(conn, [id_])), book, moment)
                except ValueError:
                    yield Fault("refused", case=id_)
                    stored.pop(id_, None)
        for id_ in wanted:
            if id_ in stored and made.get(id_) != stored[id_]:
                yield Fault("row", case=id_)


def _together(conn: Connection, ids: Iterable[CaseId]) -> set[CaseId]:
    """These cases and all that were ever folded together with them."""
    seen: set[CaseId] = set(ids)
    new = set(seen)
    t, e = TOUCHES.c, EVENTS.c
    while new:
        told = select(t.case_id).join_from(TOUCHES, EVENTS, e.seq == t.seq).where(e.case_id.in_(new))
        tellers = select(e.case_id).join_from(TOUCHES, EVENTS, e.seq == t.seq).where(t.case_id.in_(new))
        new = {i for (i,) in conn.execute(told.union(tellers)) if i} - seen
        seen |= new
    return seen


def _history(conn: Connection, ids: set[CaseId]) -> list[tuple[Event, bool]]:
    e = EVENTS.c
    found = conn.execute(select(e.seq, e.heard, e.absorbed, e.wire).where(e.case_id.in_(ids)).order_by(e.seq))
    return [(replace(event_in(json.loads(r.wire)), seq=r.seq, heard=r.heard), bool(r.absorbed)) for r in found]


def codes(conn: Connection, faults: Iterable[Fault]) -> dict[CaseId, str]:
    """The letters' codes, to name them by."""
    ids = {f.case for f in faults if f.case}
    return {row.id: row.code for row in conn.execute(select(CASES.c.id, CASES.c.code).where(CASES.c.id.in_(ids)))}
