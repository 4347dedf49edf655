"""Surveys in words: where one stands, what is wrong with a file, for the screen and the command line."""

from __future__ import annotations

from db.clock import local
from db.model import Ms
from db.survey_checks import BadSurveyError
from db.survey_model import Survey, SurveyState
from db.survey_rows import Shown
from db.words import _, term


def state(survey: Survey, now: Ms) -> str:
    """未上线, 征集中, 已到期 (its end day has passed and nobody has closed it yet), 已结束."""
    ended = survey.state is SurveyState.OPEN and not survey.takes_answers(now)
    return term("survey_state", "ended" if ended else survey.state)


def until(survey: Survey) -> str:
    """Its last day, or that it has none."""
    return _("until {day}", day=survey.ends.isoformat()) if survey.ends else _("without a last day")


def counted(one: Shown) -> str:
    """How many answered, and as of when."""
    if one.counted is None:
        return _("nothing counted yet")
    at = local(one.counted.at).strftime("%m-%d %H:%M")
    if one.counted.final:
        return _("{n} answers, final count", n=f"{one.answers:,}")
    return _("{n} answers as of {at}", n=f"{one.answers:,}", at=at)


def standing(one: Shown, now: Ms) -> str:
    """State, last day, count: one line."""
    parts = [state(one.survey, now), until(one.survey), counted(one)]
    return " · ".join([*parts, _("not sent yet")] if one.pending else parts)


def brief(one: Shown, now: Ms) -> str:
    """A line of the list."""
    return f"{one.survey.id}  {one.survey.title}  {standing(one, now)}"


def fault(bad: BadSurveyError) -> str:
    """What is wrong with a file, and where."""
    return _(
        "This cannot be asked ({where}): {why}. Correct it and send again.",
        where=bad.where or "–",
        why=term("survey_fault", bad.code),
    )
