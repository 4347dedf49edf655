"""What was counted is told to desks, as an event of the system: soon at first, then as the answers grow; and at the end.

A telling is whole (docs/events.md), so it may be late, lost to a stopped process, or written by another one: its id follows
from the survey, its last decision and the number of answers. A survey whose end day has passed is closed here too.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, select, update

from backend.database import Database
from backend.log import judging
from backend.log.surveys import SURVEYS
from backend.people.person import DOOR
from db import surveys
from db.ids import timer_id
from db.model import Event, EventKind, Ms, Role
from db.survey_answers import restore
from db.survey_model import Survey, SurveyState
from db.survey_model import restore as survey_of

SOON: Final[Ms] = 2 * 60_000
"""No survey is told oftener."""

LATER: Final[Ms] = 30 * 60_000
"""Within this time it is told, if any answer came."""

SHARE: Final = 50
"""Sooner, where one in so many answers is new: a survey of 40,000 is told some 600 times in a fortnight."""


def run(db: Database, now: Ms) -> int:
    """Closes what has ended and tells what is due at `now` (UTC ms); how many events that was."""
    with db.read() as conn:
        ended = _ended(conn, now)
    written = _judged(db, [_closing(survey) for survey in ended], now)
    with db.read() as conn:
        due = _due(conn, now)
    for survey, tally, final in due:
        counted = restore(tally).told(survey, now, final=final)
        event = _event(EventKind.SURVEY_COUNTED, survey, f"survey_counted {survey.last}", counted.answers, now)
        told = Event(**(event | {"facts": surveys.counted_out(survey.id, counted)}))
        written += _judged(db, [told], now)
        db.write(_noted(survey, counted.answers, now, final=final))
    return written


def _ended(conn: Connection, now: Ms) -> list[Survey]:
    s = SURVEYS.c
    found = conn.execute(select(s.row).where(s.state == str(SurveyState.OPEN), s.until <= now))
    return [survey_of(row) for (row,) in found]


def _due(conn: Connection, now: Ms) -> list[tuple[Survey, str, bool]]:
    """(survey, its tally, whether it is the last telling)"""
    s = SURVEYS.c
    found = []
    for row in conn.execute(select(s.id, s.last, s.state, s.answers, s.told, s.told_at, s.told_last)):
        final = row.state == SurveyState.CLOSED and row.told_last != row.last
        more, since = row.answers - row.told, now - row.told_at
        grown = more * SHARE >= row.answers if since < LATER else True
        if final or (row.state == SurveyState.OPEN and more and since >= SOON and grown):
            whole = conn.execute(select(s.row, s.tally).where(s.id == row.id)).one()
            found.append((survey_of(whole.row), whole.tally, final))
    return found


def _closing(survey: Survey) -> Event:
    until = survey.until or 0
    return Event(**_event(EventKind.SURVEY_CLOSED, survey, "survey_closed", until, until))


def _event(kind: EventKind, survey: Survey, named: str, n: int, at: Ms) -> dict[str, Any]:
    return {
        "id": timer_id(survey.id, named, n),
        "case": None,
        "kind": kind.value,
        "at": at,
        "actor": "system",
        "role": Role.SYSTEM,
        "device": DOOR.device,
        "re": survey.last,
        "facts": {"survey": survey.id},
    }


def _judged(db: Database, events: list[Event], now: Ms) -> int:
    if not events:
        return 0
    return len(judging.judge(db, [judging.offer(event) for event in events], DOOR, now).accepted)


def _noted(survey: Survey, answers: int, now: Ms, *, final: bool) -> Any:
    values: dict[str, Any] = {"told": answers, "told_at": now}
    if final:
        values["told_last"] = survey.last
    return lambda conn: conn.execute(update(SURVEYS).where(SURVEYS.c.id == survey.id).values(**values))
