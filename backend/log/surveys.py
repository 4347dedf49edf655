"""Surveys as the log's events make them: judged like any decision of the newsroom, kept as a row for those who answer.

The row is written in the transaction that writes the event, under the lock that those who answer take: an answer is counted
before a survey closes, or refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Connection, insert, select, update

from backend.tables import Event
from backend.tables_survey import Survey
from db import surveys
from db.model import Event as LogEvent
from db.model import EventKind
from db.survey_model import dump
from db.surveys import Surveys
from db.wire import event_in

EVENTS = Event.__table__  # type: ignore[attr-defined]
SURVEYS = Survey.__table__  # type: ignore[attr-defined]


def state(conn: Connection) -> Surveys:
    """The surveys that the log's decisions make. Steady only under the newsroom's lock (`newsroom.decided`)."""
    return surveys.fold(_events(conn, surveys.DECIDING))


def _events(conn: Connection, kinds: Iterable[EventKind]) -> list[LogEvent]:
    e = EVENTS.c
    found = conn.execute(
        select(e.seq, e.heard, e.wire)
        .where(e.kind.in_([str(kind) for kind in kinds]), e.case_id.is_(None))
        .order_by(e.seq)
    )
    return [replace(event_in(json.loads(wire)), seq=seq, heard=heard) for seq, heard, wire in found]


def write(conn: Connection, now_are: Surveys, accepted: Iterable[LogEvent]) -> None:
    """Writes the rows of surveys that these events decided on."""
    decided = {str(event.facts["survey"]) for event in accepted if event.kind in surveys.DECIDING}
    for id_ in sorted(decided):
        survey = now_are.known[id_]
        values = {"last": survey.last, "state": str(survey.state), "until": survey.until, "row": dump(survey)}
        if not conn.execute(update(SURVEYS).where(SURVEYS.c.id == id_).values(**values)).rowcount:
            conn.execute(insert(SURVEYS), {"id": id_, **values, "answers": 0, "tally": "", "told": 0, "told_at": 0})
