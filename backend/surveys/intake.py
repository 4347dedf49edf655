"""Answers come in: each once, whatever is sent again, and counted in the transaction that keeps them.

Invariant: `tally` of a survey's row is the recount of its answers, `answers` their number, and `n` counts them without a gap.
Who answers holds the survey's row until the commit: it is the one lock, so the order of locks is no question.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import ARRAY, Connection, func, literal, select, true, update

from backend.database import Database, among
from backend.log.surveys import SURVEYS
from backend.problems import ProblemError, RefusedError
from backend.rows import insert_rows
from backend.tables_survey import SurveyAnswer
from db.case_turn import refuse
from db.clock import day_of
from db.model import Ms
from db.survey_answers import Wrong, check, dump, restore
from db.survey_model import Survey, SurveyId, SurveyState
from db.survey_model import restore as survey_of
from db.wire import dumps

ANSWERS = SurveyAnswer.__table__  # type: ignore[attr-defined]
ANSWERED = ("survey", "n", "key", "at", "body")
MOST: Final = 500
"""Answers of one request."""

_known: dict[str, Survey] = {}
"""Surveys by their last decision: what one says never changes."""


@dataclass(frozen=True, slots=True)
class Given:
    """One person's answers as they were sent; `number` is the channel's own, or the respondent's key."""

    number: str
    answers: Any


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a request: how many are new, how many were here already, what is wrong with which."""

    new: int
    known: int
    wrong: Sequence[tuple[int, Wrong]] = ()


def find(conn: Connection, id_: SurveyId) -> Survey:
    """A survey that is or was open. Raises ProblemError(unknown)."""
    s = SURVEYS.c
    last = conn.execute(select(s.last).where(s.id == id_)).scalar()
    if last is None:
        raise ProblemError("unknown")
    if last not in _known:
        if len(_known) > 200:
            _known.clear()
        found = survey_of(conn.execute(select(s.row).where(s.id == id_)).scalar_one())
        _known[found.last] = found
        last = found.last
    survey = _known[last]
    if survey.state in (SurveyState.DRAFT, SurveyState.DROPPED):
        raise ProblemError("unknown")
    return survey


def take(db: Database, id_: SurveyId, channel: str, given: Sequence[Given], now: Ms) -> Taken:
    """Keeps what is right and new. Raises ProblemError(unknown), RefusedError where it takes no answers (any more)."""
    with db.read() as conn:
        survey = find(conn, id_)
    if not survey.takes_answers(now):
        raise closed(survey)
    wrong: list[tuple[int, Wrong]] = []
    right: dict[str, str] = {}
    twice = 0
    for place, one in enumerate(given):
        kept = check(survey, one.answers)
        if isinstance(kept, Wrong):
            wrong.append((place, kept))
            continue
        key = _key(channel, one.number)
        twice += key in right
        right.setdefault(key, dumps(kept))
    if not right:
        return Taken(0, 0, wrong)
    new = db.write(lambda conn: _keep(conn, survey, right, now))
    return Taken(new, len(right) - new + twice, wrong)


def closed(survey: Survey) -> RefusedError:
    return RefusedError(refuse("survey_closed", title=survey.title))


def _key(channel: str, number: str) -> str:
    return sha256(f"{channel}\0{number}".encode("utf-8", "replace")).hexdigest()[:32]


def _here(conn: Connection, survey: SurveyId, keys: Mapping[str, str]) -> set[str]:
    """Which of the keys have answered.

    PostgreSQL is made to look for each by the index of keys: while it has no statistics of the table, as in the hours of a rush,
    it takes every survey to have few answers, and reads all of this one's for every request.
    """
    a = ANSWERS.c
    if conn.dialect.name != "postgresql":
        return set(conn.execute(select(a.key).where(a.survey == survey, among(conn, a.key, keys))).scalars())
    asked = func.unnest(literal(list(keys), ARRAY(a.key.type))).table_valued("key", name="asked").render_derived()
    found = select(a.key).where(a.survey == survey, a.key == asked.c.key).limit(1).lateral("found")
    return set(conn.execute(select(found.c.key).select_from(asked.join(found, true()))).scalars())


def _keep(conn: Connection, survey: Survey, right: dict[str, str], now: Ms) -> int:
    s = SURVEYS.c
    row = conn.execute(select(s.state, s.until, s.answers, s.tally).where(s.id == survey.id).with_for_update()).one()
    if row.state != SurveyState.OPEN or (row.until is not None and now >= row.until):
        raise closed(survey)
    here = _here(conn, survey.id, right)
    fresh = [(key, body) for key, body in right.items() if key not in here]
    if not fresh:
        return 0
    rows = [(survey.id, row.answers + n, key, now, body) for n, (key, body) in enumerate(fresh, 1)]
    insert_rows(conn, ANSWERS, ANSWERED, rows)
    tally, day = restore(row.tally), day_of(now).isoformat()
    for _, body in fresh:
        tally.add(survey, json.loads(body), day)
    conn.execute(update(SURVEYS).where(s.id == survey.id).values(answers=tally.answers, tally=dump(tally)))
    return len(fresh)
