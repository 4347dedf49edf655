"""Surveys (热力活动), as the fold of their events: what is asked, whether it is open, what was counted. Pure.

Invariant: the same events in the same order give the same surveys, on every desk and on the backend. A definition may be
written anew until it is opened and never after; what was counted is told by the backend alone, each telling whole, so that
the last one holds and none before it is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final

from db.case_turn import refuse
from db.clock import day_of
from db.model import Event, EventKind, Ms, Refusal, Role
from db.survey_checks import BadSurveyError, definition_in
from db.survey_model import Counted, Survey, SurveyId, SurveyState

DECIDING: Final = frozenset({EventKind.SURVEY_DEFINED, EventKind.SURVEY_OPENED, EventKind.SURVEY_CLOSED})
"""What a supervisor writes; the end day's closing is the system's."""

KINDS: Final = DECIDING | {EventKind.SURVEY_COUNTED}


@dataclass(frozen=True, slots=True)
class Surveys:
    """All of them by id, in the order they were defined, and what was last counted of each."""

    known: Mapping[SurveyId, Survey] = field(default_factory=dict)
    counted: Mapping[SurveyId, Counted] = field(default_factory=dict)


def fold(events: Iterable[Event]) -> Surveys:
    """The surveys that these events make, in the order of the log; what does not stand (any more) is passed over."""
    found = Surveys()
    for event in events:
        after = decide(found, event)
        found = found if isinstance(after, Refusal) else after
    return found


def decide(surveys: Surveys, event: Event) -> Surveys | Refusal:
    """The surveys after the event, or why it may not stand. The desk asks before it writes, the backend before it accepts."""
    id_ = event.facts.get("survey")
    if not isinstance(id_, str) or not id_:
        return refuse("bad_fact", field="survey")
    system = event.role is Role.SYSTEM and event.kind in (EventKind.SURVEY_CLOSED, EventKind.SURVEY_COUNTED)
    if not system and (event.role is not Role.SUPERVISOR or event.kind == EventKind.SURVEY_COUNTED):
        return refuse("supervisor_only", kind=event.kind)
    survey = surveys.known.get(id_)
    if event.kind == EventKind.SURVEY_DEFINED:
        return _with(surveys, _defined(survey, event, id_))
    if survey is None or survey.state is SurveyState.DROPPED:
        return refuse("survey_unknown", survey=id_)
    if event.kind == EventKind.SURVEY_COUNTED:
        return _counted(surveys, survey, event)
    if event.kind == EventKind.SURVEY_OPENED:
        return _with(surveys, _opened(survey, event))
    return _with(surveys, _closed(survey, event))


def heard(event: Event) -> Ms:
    """When it came to the backend, for everybody; the author's clock while it is pending."""
    return event.at if event.heard is None else event.heard


def _with(surveys: Surveys, made: Survey | Refusal) -> Surveys | Refusal:
    if isinstance(made, Refusal):
        return made
    return replace(surveys, known={**surveys.known, made.id: made})


def _defined(before: Survey | None, event: Event, id_: SurveyId) -> Survey | Refusal:
    if before is not None and before.state is not SurveyState.DRAFT:
        return refuse("survey_fixed", title=before.title)
    if event.re != (before.last if before else None):
        return refuse("stale")
    try:
        made = definition_in(id_, event.facts, event.words)
    except BadSurveyError as bad:
        return refuse("survey_bad", where=bad.where, why=bad.code)
    return replace(made, defined=event.id, defined_at=before.defined_at if before else event.at, last=event.id)


def _opened(survey: Survey, event: Event) -> Survey | Refusal:
    if event.re != survey.last:
        return refuse("stale")
    ends = survey.ends
    if "ends" in event.facts:
        ends = _day(event.facts["ends"])
        if ends is None and event.facts["ends"] is not None:
            return refuse("bad_fact", field="ends")
    if ends is not None and ends < day_of(heard(event)):
        return refuse("survey_ends_past", day=ends.isoformat())
    if survey.state is SurveyState.OPEN and ends == survey.ends:
        return refuse("as_it_stands")
    first = survey.opened_at if survey.opened_at is not None else event.at
    return replace(survey, state=SurveyState.OPEN, ends=ends, opened_at=first, closed_at=None, last=event.id)


def _closed(survey: Survey, event: Event) -> Survey | Refusal:
    """Two who close it agree: the second changes nothing."""
    if survey.state is SurveyState.CLOSED:
        return survey
    if event.role is Role.SYSTEM and (survey.until is None or heard(event) < survey.until):
        return refuse("too_early")
    if survey.state is SurveyState.DRAFT:
        return replace(survey, state=SurveyState.DROPPED, closed_at=event.at, last=event.id)
    return replace(survey, state=SurveyState.CLOSED, closed_at=event.at, last=event.id)


def _counted(surveys: Surveys, survey: Survey, event: Event) -> Surveys | Refusal:
    if survey.opened_at is None:
        return refuse("survey_not_open", title=survey.title)
    try:
        counted = counted_of(event.facts, event.at)
    except (KeyError, TypeError, ValueError, OverflowError):
        return refuse("bad_fact", field="counts")
    return replace(surveys, counted={**surveys.counted, survey.id: counted})


def counted_of(facts: Mapping[str, Any], at: Ms) -> Counted:
    """What the facts of a `survey_counted` event tell. Raises KeyError, TypeError, ValueError, OverflowError."""
    first = date.fromisoformat(facts["first"]) if facts["days"] else date.min
    days = {first + timedelta(days=n): int(many) for n, many in enumerate(facts["days"]) if many}
    counts = {str(q): tuple(int(n) for n in each) for q, each in facts["counts"].items()}
    return Counted(at, int(facts["answers"]), days, counts, bool(facts.get("final")))


def counted_out(id_: SurveyId, counted: Counted) -> dict[str, Any]:
    """The facts of a `survey_counted` event: days as a row of numbers from the first one on."""
    first = min(counted.days, default=None)
    span = (max(counted.days) - first).days + 1 if first else 0
    days = [counted.days.get(first + timedelta(days=n), 0) for n in range(span)] if first else []
    facts: dict[str, Any] = {"survey": id_, "answers": counted.answers, "days": days}
    facts |= {"first": first.isoformat()} if first else {}
    facts |= {"counts": {q: list(each) for q, each in counted.counts.items()}}
    return facts | ({"final": True} if counted.final else {})


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None
