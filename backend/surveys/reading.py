"""Answers as desks look into them: words page by page, two questions against each other, everything for an export."""

from __future__ import annotations

import json
from typing import Any, Final

from sqlalchemy import Connection, select

from backend.log.surveys import SURVEYS
from backend.problems import ProblemError
from backend.surveys.intake import ANSWERS, find
from db.clock import to_iso
from db.model import Ms
from db.survey_answers import chosen
from db.survey_model import Question, QuestionKind, Survey, SurveyId, SurveyState

PAGE: Final = 2_000
TEXTS: Final = 50

Table = dict[str, dict[str, int]]
"""Choice of the one question → choice of the other → how many."""

_crossed: dict[tuple[str, str, str], tuple[int, Table]] = {}
"""(a survey's first telling apart from any other: its definition, question, question) → (up to which answer, the table)."""


def public(survey: Survey, now: Ms) -> dict[str, Any]:
    """What anybody may read: what is asked, and whether answers are taken."""
    asked = []
    for q in survey.questions:
        one: dict[str, Any] = {"id": q.id, "kind": str(q.kind), "text": q.text, "required": q.required}
        if q.kind is QuestionKind.TEXT:
            one |= {"least": q.least, "most": q.most}
        else:
            one["options"] = [{"code": c, "label": q.label(c)} for c in q.codes]
        if q.kind is QuestionKind.MULTIPLE:
            one |= {"least": q.least, "most": q.most}
        asked.append(one)
    return {
        "id": survey.id,
        "title": survey.title,
        "intro": survey.intro,
        "open": survey.takes_answers(now),
        "ends_on": survey.ends.isoformat() if survey.ends else None,
        "questions": asked,
    }


def open_ones(conn: Connection, now: Ms) -> list[dict[str, Any]]:
    """Surveys that take answers now."""
    s = SURVEYS.c
    ids = conn.execute(select(s.id).where(s.state == str(SurveyState.OPEN)).order_by(s.id)).scalars().all()
    found = [survey for id_ in ids if (survey := find(conn, id_)).takes_answers(now)]
    return [{"id": s.id, "title": s.title, "ends_on": s.ends.isoformat() if s.ends else None} for s in found]


def question(survey: Survey, id_: str, *, words: bool) -> Question:
    """A question of it, in words or to choose from. Raises ProblemError(field)."""
    found = survey.question(id_)
    if found is None or (found.kind is QuestionKind.TEXT) is not words:
        raise ProblemError("field", field="question")
    return found


def texts(conn: Connection, id_: SurveyId, question_: str, before: int, limit: int) -> dict[str, Any]:
    """Answers in words, the newest first, from before number `before` on (0: the newest)."""
    asked = question(find(conn, id_), question_, words=True)
    a = ANSWERS.c
    wanted = select(a.n, a.at, a.body).where(a.survey == id_, a.body.contains(f'"{asked.id}":', autoescape=True))
    if before:
        wanted = wanted.where(a.n < before)
    rows = conn.execute(wanted.order_by(a.n.desc()).limit(max(1, min(limit, TEXTS)) + 1)).all()
    more = len(rows) > max(1, min(limit, TEXTS))
    shown = rows[:-1] if more else rows
    told = [[n, to_iso(at), text] for n, at, body in shown if (text := json.loads(body).get(asked.id))]
    return {"answers": told, "before": shown[-1].n if more else None}


def cross(conn: Connection, id_: SurveyId, first: str, second: str) -> dict[str, Any]:
    """How answers to two questions go together. Only what came since it was last asked is read."""
    survey = find(conn, id_)
    rows, columns = question(survey, first, words=False), question(survey, second, words=False)
    key = (survey.defined, first, second)
    upto, table = _crossed.get(key, (0, {}))
    table = {row: dict(each) for row, each in table.items()}
    a = ANSWERS.c
    for n, body in conn.execute(select(a.n, a.body).where(a.survey == id_, a.n > upto).order_by(a.n)):
        given = json.loads(body)
        upto = n
        for one in chosen(rows, given.get(first)):
            each = table.setdefault(one, {})
            for other in chosen(columns, given.get(second)):
                each[other] = each.get(other, 0) + 1
            if given.get(second) is not None:
                each[""] = each.get("", 0) + 1  # the base: who answered both
    if len(_crossed) > 200:
        _crossed.clear()
    _crossed[key] = (upto, table)
    return {"answers": upto, "table": table}


def page(conn: Connection, id_: SurveyId, after: int, limit: int) -> dict[str, Any]:
    """Whole answers in the order they came."""
    find(conn, id_)
    a = ANSWERS.c
    most = max(1, min(limit, PAGE))
    rows = conn.execute(select(a.n, a.at, a.body).where(a.survey == id_, a.n > after).order_by(a.n).limit(most)).all()
    told = [[n, to_iso(at), json.loads(body)] for n, at, body in rows]
    return {"answers": told, "after": rows[-1].n if len(rows) == most else None}
