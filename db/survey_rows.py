"""Surveys as rows of this store: made anew from their events whenever one is decided; what was counted is kept beside.

Holds: a row of `survey` is what the events of this store make (pending ones included), `counted` the last telling of the log.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from db import log, surveys
from db.model import Event, EventKind, Ms
from db.survey_model import Counted, Survey, SurveyId, SurveyState, dump, restore
from db.surveys import DECIDING, Surveys

if TYPE_CHECKING:
    from db.store import Store


@dataclass(frozen=True, slots=True)
class Shown:
    """A survey as the desk shows it; `pending`: a decision on it is not sent yet."""

    survey: Survey
    counted: Counted | None
    pending: bool = False

    @property
    def answers(self) -> int:
        return self.counted.answers if self.counted else 0


def state(conn: Any) -> Surveys:
    """The surveys that this store's decisions make, without what was counted."""
    kinds = json.dumps([str(kind) for kind in DECIDING])
    rows = conn.execute(
        f"SELECT {log.SELECT} FROM event e LEFT JOIN cases c ON c.n = e.case_n "  # noqa: S608 - ours alone
        f"WHERE e.case_n IS NULL AND e.kind IN (SELECT value FROM json_each(?)) ORDER BY {log.ORDER}",
        (kinds,),
    )
    return surveys.fold(log.load(row) for row in rows)


def write(conn: Any, events: Iterable[Event]) -> bool:
    """Brings the rows up to these events, which the log of this store has already; whether any was of a survey."""
    told = [event for event in events if event.kind in surveys.KINDS and event.case is None]
    if any(event.kind in DECIDING for event in told):
        rebuild(conn)
    for event in told:
        if event.kind == EventKind.SURVEY_COUNTED:
            _count(conn, event)
    return bool(told)


def rebuild(conn: Any) -> None:
    """Makes the rows anew in the open transaction."""
    known = state(conn).known
    conn.execute("DELETE FROM survey WHERE id NOT IN (SELECT value FROM json_each(?))", (json.dumps(list(known)),))
    conn.executemany(
        "INSERT INTO survey(id, row, counted, counted_at) VALUES (?, ?, NULL, 0) "
        "ON CONFLICT(id) DO UPDATE SET row = excluded.row",
        [(id_, dump(survey)) for id_, survey in known.items()],
    )


def _count(conn: Any, event: Event) -> None:
    """The last telling holds: by its number in the log, which is the order of its moments."""
    conn.execute(
        "UPDATE survey SET counted = ?, counted_at = ? WHERE id = ? AND counted_at <= ?",
        (json.dumps(dict(event.facts)), event.at, str(event.facts.get("survey")), event.at),
    )


def read(store: Store) -> list[Shown]:
    """Every survey that was not dropped, the newest first. Raises StoreError."""
    with store.view() as conn:
        return shown(conn)


def find(store: Store, id_: SurveyId) -> Shown | None:
    """One of them. Raises StoreError."""
    return next((one for one in read(store) if one.survey.id == id_), None)


def shown(conn: Any) -> list[Shown]:
    """As `read`, within a transaction."""
    waiting = {
        json.loads(facts).get("survey")
        for (facts,) in conn.execute(
            "SELECT e.facts FROM outbox o JOIN event e ON e.n = o.event_n WHERE e.case_n IS NULL AND e.kind LIKE 'survey_%'"
        )
    }
    found = [
        Shown(survey, _counted(counted, at), survey.id in waiting)
        for row, counted, at in conn.execute("SELECT row, counted, counted_at FROM survey")
        if (survey := restore(row)).state is not SurveyState.DROPPED
    ]
    return sorted(found, key=lambda one: (-(one.survey.opened_at or one.survey.defined_at), one.survey.id))


def _counted(facts: str | None, at: Ms) -> Counted | None:
    if facts is None:
        return None
    try:
        return surveys.counted_of(json.loads(facts), at)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def answered(conn: Any, first: date, last: date) -> dict[SurveyId, tuple[str, int]]:
    """Survey → (title, answers that came from `first` to `last`), of those with any, most first."""
    found = {
        one.survey.id: (one.survey.title, sum(n for day, n in one.counted.days.items() if first <= day <= last))
        for one in shown(conn)
        if one.counted is not None
    }
    return dict(sorted(((i, f) for i, f in found.items() if f[1]), key=lambda each: (-each[1][1], each[0])))
