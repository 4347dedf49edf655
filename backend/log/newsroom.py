"""What the newsroom has decided, as the log's `configured` events make it (`db/configured.py`); and other events without a case."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, not_, or_, select, true

from backend.tables import Counter, Event, Newsroom
from db import configured
from db.bulletin import frozen
from db.model import Event as LogEvent
from db.model import EventKind, Refusal
from db.wire import event_in

COUNTER = Counter.__table__  # type: ignore[attr-defined]
NEWSROOM = Newsroom.__table__  # type: ignore[attr-defined]
EVENTS = Event.__table__  # type: ignore[attr-defined]

_folded: dict[tuple[str, int], configured.Newsroom] = {}
"""By newsroom and number of its last decision: what it came to. A process keeps the newest of each."""


class ChangedError(Exception):
    """The newsroom decided something between judging and writing: judge again by that."""


_DECIDED = select(NEWSROOM.c.epoch, COUNTER.c.decided).join_from(NEWSROOM, COUNTER, true())


def decided(conn: Connection, *, lock: bool = False) -> tuple[configured.Newsroom, int]:
    """What the newsroom has decided, and the number of the event that did last.

    `lock`: nobody else may decide for the newsroom until this transaction ends.
    """
    if lock:
        conn.execute(select(NEWSROOM.c.id).with_for_update())
    epoch, last = conn.execute(_DECIDED).one()
    if (epoch, last) not in _folded:
        made = configured.fold(event for event in events(conn) if (event.seq or 0) <= last)
        for key in [k for k in _folded if k[0] == epoch]:
            _folded.pop(key, None)
        _folded[epoch, last] = made
        return made, last
    return _folded[epoch, last], last


def events(conn: Connection) -> list[LogEvent]:
    """Every `configured` event of the log, in its order."""
    e = EVENTS.c
    found = conn.execute(
        select(e.seq, e.heard, e.wire).where(e.kind == EventKind.CONFIGURED.value, e.case_id.is_(None)).order_by(e.seq)
    )
    return [replace(event_in(json.loads(wire)), seq=seq, heard=heard) for seq, heard, wire in found]


def told(conn: Connection) -> list[dict[str, Any]]:
    """Every event without a case as it travels: decisions, months that were frozen, surveys; of what was counted of a survey
    only the last, which needs none before it."""
    e = EVENTS.c
    counts = e.kind == EventKind.SURVEY_COUNTED.value
    last: dict[Any, int] = {}
    for seq, wire in conn.execute(select(e.seq, e.wire).where(e.case_id.is_(None), counts).order_by(e.seq)):
        last[json.loads(wire)["facts"].get("survey")] = seq
    wanted = or_(not_(counts), e.seq.in_(list(last.values())))
    found = conn.execute(select(e.seq, e.heard, e.wire).where(e.case_id.is_(None), wanted).order_by(e.seq))
    return [json.loads(wire) | {"seq": seq, "heard": heard} for seq, heard, wire in found]


def decide(newsroom: configured.Newsroom, event: LogEvent) -> configured.Newsroom | Refusal:
    """The newsroom after an event without a case, or why it may not stand."""
    if event.case is None and event.kind == EventKind.CONFIGURED:
        return configured.decide(newsroom, event)
    return Refusal("no_case", {"kind": event.kind})


def frozen_months(conn: Connection) -> dict[str, tuple[int, str]]:
    """Which months the log has frozen: month → last revision and its hash."""
    e = EVENTS.c
    kinds = [kind.value for kind in frozen.KINDS]
    rows = conn.execute(select(e.wire).where(e.kind.in_(kinds), e.case_id.is_(None)).order_by(e.seq))
    return frozen.fold(event_in(json.loads(wire)) for (wire,) in rows)


def last_decision(accepted: Sequence[LogEvent], seqs: dict[str, int], before: int) -> int:
    """Number of the last decision once these events are in the log."""
    return max((seqs[e.id] for e in accepted if e.kind == EventKind.CONFIGURED), default=before)
