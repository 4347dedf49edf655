"""What the database knows of a request's events before they are judged: one look, after the rows of their cases are locked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    LargeBinary,
    Text,
    cast,
    literal,
    null,
    select,
    union_all,
)

from backend.database import given, named
from backend.log.held import CASES
from backend.tables import Counter
from backend.tables import Event as EventRow
from backend.tables import Verdict as VerdictRow
from db.model import CaseId, Event, EventId, EventKind, Ms, Refusal

EVENTS = EventRow.__table__  # type: ignore[attr-defined]
VERDICTS = VerdictRow.__table__  # type: ignore[attr-defined]
COUNTER = Counter.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an event stands in the log."""

    seq: int
    heard: Ms
    digest: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """An event that does not go into the log, with what was said; `seq`: the log's number at which that was so."""

    id: EventId
    digest: bytes
    refusal: Refusal
    seq: int
    device: str


@dataclass(slots=True)
class Known:
    """Places and verdicts by event, codes that new letters claim and who has them, and the log's last number."""

    seq: int = 0
    places: dict[EventId, Place] = field(default_factory=dict)
    verdicts: dict[EventId, Refused] = field(default_factory=dict)
    codes: dict[str, CaseId] = field(default_factory=dict)


_PLACE, _VERDICT, _CODE, _HEAD = range(4)


def look(conn: Connection, events: Sequence[Event]) -> Known:
    """What is known of these events, as this transaction sees it."""
    codes = [str(e.facts.get("code")) for e in events if e.kind == EventKind.RECEIVED]
    known = Known()
    rows = conn.execute(
        _query(conn.dialect.name),
        {"ids": given(conn, EVENTS.c.id, [e.id for e in events]), "codes": given(conn, CASES.c.code, codes)},
    )
    for what, id_, seq, at, digest, code, detail, device in rows:
        if what == _PLACE:
            known.places[id_] = Place(seq, at, digest)
        elif what == _VERDICT:
            known.verdicts[id_] = Refused(id_, digest, Refusal(code, json.loads(detail)), seq, device)
        elif what == _CODE:
            known.codes[code] = id_
        else:
            known.seq = seq
    return known


@cache
def _query(dialect: str) -> Any:
    """One round trip instead of four, made once. The columns: what it is, id, number, moment, digest, code, detail, device."""
    e, v, c = EVENTS.c, VERDICTS.c, CASES.c
    no_bytes, no_text, no_number = cast(null(), LargeBinary), cast(null(), Text), cast(null(), BigInteger)
    nobody = cast(null(), e.id.type)
    return union_all(
        select(literal(_PLACE), e.id, e.seq, e.heard, e.digest, no_text, no_text, no_text).where(
            named(dialect, e.id, "ids")
        ),
        select(literal(_VERDICT), v.id, v.seq, v.at, v.digest, v.code, v.detail, v.device).where(
            named(dialect, v.id, "ids")
        ),
        select(literal(_CODE), c.id, c.seq, no_number, no_bytes, c.code, no_text, no_text).where(
            named(dialect, c.code, "codes")
        ),
        select(literal(_HEAD), nobody, COUNTER.c.seq, no_number, no_bytes, no_text, no_text, no_text),
    )
