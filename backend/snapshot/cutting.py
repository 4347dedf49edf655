"""Cuts a snapshot: blobs of the open letters, and of the closed ones by months, all seen at one moment of the log.

A segment of closed letters keeps its months for ever (they depend only on how many letters came in them), and is made again
only when a letter in it has changed. 7 seconds of one core for 10,000 letters, in a thread; compression lets others run.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection, Select, func, insert, select, update

from backend.database import Database
from backend.log import reading
from backend.log.held import CASES
from backend.tables import Blob, Event, Manifest, Sender, Touch
from db import blobs, casefile
from db.model import EventKind, Ms
from db.wire import dumps, event_in

BLOBS = Blob.__table__  # type: ignore[attr-defined]
MANIFESTS = Manifest.__table__  # type: ignore[attr-defined]
EVENTS = Event.__table__  # type: ignore[attr-defined]
SENDERS = Sender.__table__  # type: ignore[attr-defined]
TOUCHES = Touch.__table__  # type: ignore[attr-defined]

SEGMENT: Final = 2_500
"""Letters of a segment at least; smaller months are joined."""

OPEN: Final = "open"
KINDS: Final = ("rows", "bodies", "senders", "events")

SPOKEN: Final = frozenset(
    {EventKind.RECEIVED, EventKind.CLASSIFIED, EventKind.CORRECTED, EventKind.RATED, EventKind.PUBLISHED}
)
"""Of closed letters only these bring their words: what figures print. The rest comes when such a letter is opened."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Letters that are cut together. `state`: changes whenever one of them does."""

    scope: str
    first: int  # months, both included
    last: int
    open: bool
    letters: int
    state: str

    def chosen(self, query: Select[Any]) -> Select[Any]:
        """The query over `cases`, for this segment's letters only."""
        return query.where(CASES.c.month >= self.first, CASES.c.month <= self.last, CASES.c.open == int(self.open))


@dataclass(frozen=True, slots=True)
class Cut:
    """What a manifest lists."""

    seq: int
    hash: str
    open: int
    entries: tuple[dict[str, Any], ...]


def cut(db: Database, now: Ms) -> Cut:
    """Cuts a snapshot of this moment and keeps it; blobs that are there already are named again, not made again."""
    made: list[dict[str, Any]] = []
    with db.read(steady=True) as conn:
        head = reading.head(conn)
        found = list(_segments(conn))
        entries = [e for s in found for e in _entries(conn, s, made)]
    whole = Cut(head.seq, head.short, sum(s.letters for s in found if s.open), tuple(entries))
    db.write(lambda conn: _keep(conn, whole, made, now))
    return whole


def _segments(conn: Connection) -> Iterator[Segment]:
    """The open letters, and the closed ones by their months, newest first."""
    c = CASES.c
    query = select(c.month, c.open, func.count(), func.sum(c.seq), func.max(c.seq)).group_by(c.month, c.open)
    months: dict[int, dict[int, tuple[int, int, int]]] = {}
    for month, is_open, letters, total, last in conn.execute(query):
        months.setdefault(month, {})[is_open] = (letters, int(total), last)
    if not months:
        return
    yield _segment(OPEN, sorted(months), months, is_open=True)
    runs = list(_runs(months))
    for run in reversed(runs):
        scope = f"{run[0] // 100}-{run[0] % 100:02d}..{run[-1] // 100}-{run[-1] % 100:02d}"
        if (closed := _segment(scope, run, months, is_open=False)).letters:
            yield closed


def _runs(months: dict[int, dict[int, tuple[int, int, int]]]) -> Iterator[list[int]]:
    """Months joined until they hold enough letters, the oldest first: where they part never moves."""
    run: list[int] = []
    letters = 0
    for month in sorted(months):
        run.append(month)
        letters += sum(n for n, _total, _last in months[month].values())
        if letters >= SEGMENT:
            yield run
            run, letters = [], 0
    if run:
        yield run


def _segment(
    scope: str, run: Sequence[int], months: dict[int, dict[int, tuple[int, int, int]]], *, is_open: bool
) -> Segment:
    parts = [part for month in run if (part := months[month].get(int(is_open)))]
    letters = sum(n for n, _total, _last in parts)
    state = f"{letters}:{sum(t for _n, t, _l in parts)}:{max((last for _n, _t, last in parts), default=0)}"
    return Segment(scope, run[0], run[-1], is_open, letters, state)


def _entries(conn: Connection, segment: Segment, made: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The manifest's entries of a segment; what had to be made goes into `made`."""
    for kind in KINDS:
        source = f"{kind}:{segment.scope}:{segment.state}"
        here = conn.execute(
            select(BLOBS.c.hash, func.length(BLOBS.c.body).label("bytes")).where(
                BLOBS.c.source == source, BLOBS.c.dropped == 0
            )
        ).first()
        if here is not None:
            yield _entry(here.hash, here.bytes, kind, segment)
            continue
        body = MAKERS[kind](conn, segment)
        first, last = conn.execute(
            segment.chosen(select(func.min(CASES.c.received_at), func.max(CASES.c.received_at)))
        ).one()
        name = blobs.name(body)
        row: dict[str, Any] = {"hash": name, "kind": kind, "scope": segment.scope, "source": source, "body": body}
        made.append(row | {"letters": segment.letters, "first_at": first or 0, "last_at": last or 0, "dropped": 0})
        yield _entry(name, len(body), kind, segment)


def _entry(hash_: str, size: int, kind: str, segment: Segment) -> dict[str, Any]:
    return {"hash": hash_, "bytes": size, "kind": kind, "scope": segment.scope, "letters": segment.letters}


def _rows(conn: Connection, segment: Segment) -> bytes:
    query = segment.chosen(select(CASES.c.row, CASES.c.seq)).order_by(CASES.c.received_at, CASES.c.id)
    return blobs.write_rows((casefile.restore(row), seq) for row, seq in conn.execute(query))


def _bodies(conn: Connection, segment: Segment) -> bytes:
    """What the citizens wrote: in the receipt, whose id is the letter's."""
    joined = segment.chosen(select(CASES.c.id, EVENTS.c.wire).join_from(CASES, EVENTS, EVENTS.c.id == CASES.c.id))
    found = conn.execute(joined.order_by(CASES.c.received_at, CASES.c.id))
    return blobs.write_bodies((id_, json.loads(wire).get("words", {}).get("body", "")) for id_, wire in found)


def _senders(conn: Connection, segment: Segment) -> bytes:
    ids = segment.chosen(select(CASES.c.sender)).where(CASES.c.sender.is_not(None))
    s = SENDERS.c
    found = conn.execute(select(s.id, s.name, s.salutation, s.phone).where(s.id.in_(ids)).order_by(s.id))
    return blobs.write_senders(reading.masked(*row) for row in found)


def _events(conn: Connection, segment: Segment) -> bytes:
    """Everything that happened to these letters; receipts without the body, which is a blob of its own."""
    ids = segment.chosen(select(CASES.c.id))
    e = EVENTS.c
    here = frozenset(conn.execute(ids).scalars())
    chosen = reading.of_cases(ids)
    query = select(e.seq, e.heard, e.absorbed, e.wire).where(chosen)
    touched: dict[int, list[str]] = {}
    touching = select(TOUCHES.c.seq, TOUCHES.c.case_id).join(EVENTS, e.seq == TOUCHES.c.seq).where(chosen)
    for seq, case in conn.execute(touching.order_by(TOUCHES.c.seq, TOUCHES.c.case_id)):
        touched.setdefault(seq, []).append(case)
    told = (_past(row, touched, here, spoken=segment.open) for row in conn.execute(query.order_by(e.seq)))
    return blobs.write_events(told)


def _past(row: Any, touched: Mapping[int, Sequence[str]], here: Container[str | None], *, spoken: bool) -> blobs.Past:
    """`spoken`: with all words. Words of a letter outside the segment are not in it: its erasure would not reach them."""
    seq, heard, absorbed, wire = row
    event = replace(event_in(json.loads(wire)), seq=seq, heard=heard)
    words = event.words if event.case in here and (spoken or event.kind in SPOKEN) else {}
    if event.kind == EventKind.RECEIVED:
        words = {k: v for k, v in words.items() if k != "body"}
    return blobs.Past(replace(event, words=words), bool(absorbed), tuple(touched.get(seq, ())))


MAKERS: dict[str, Callable[[Connection, Segment], bytes]] = {
    "rows": _rows,
    "bodies": _bodies,
    "senders": _senders,
    "events": _events,
}


def _keep(conn: Connection, whole: Cut, made: Sequence[dict[str, Any]], now: Ms) -> None:
    hashes = [e["hash"] for e in whole.entries]
    here = {h for (h,) in conn.execute(select(BLOBS.c.hash).where(BLOBS.c.hash.in_(hashes)))} if hashes else set()
    for row in {r["hash"]: r for r in made}.values():
        if (
            row["hash"] in here
        ):  # the same bytes again: of a segment that came back to what it was, or dropped and remade
            values = {k: row[k] for k in ("source", "body", "dropped")}
            conn.execute(update(BLOBS).where(BLOBS.c.hash == row["hash"]).values(**values))
        else:
            conn.execute(insert(BLOBS), row | {"named_at": now})
    if hashes:
        conn.execute(update(BLOBS).where(BLOBS.c.hash.in_(hashes)).values(named_at=now))
    conn.execute(MANIFESTS.delete())
    body = dumps(list(whole.entries))
    row = {"id": 1, "seq": whole.seq, "hash": whole.hash, "made_at": now, "open": whole.open, "body": body}
    conn.execute(insert(MANIFESTS), row)
