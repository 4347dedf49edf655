"""Clocks over National Day, weekends that are worked, pauses, and the year no notice is out for."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import deadlines
from db.clock import DAY, from_iso, to_iso
from db.model import Dispatch, DispatchState, Pause, Term, Urgency
from db.newsroom import default_calendar, default_rules, from_json, to_json, with_notice
from tests.db.cases_factory import Desk

CAL = default_calendar()
NOTICES = Path(__file__).parents[1] / "data" / "holidays-2024-2026.csv"
moments = st.integers(from_iso("2024-01-01T00:00"), from_iso("2027-12-31T00:00"))


def test_the_calendar_is_the_state_councils_notices() -> None:
    rows = list(csv.DictReader(NOTICES.open(encoding="utf-8")))
    assert len(rows) > 100
    for row in rows:
        assert deadlines.is_working_day(date.fromisoformat(row["date"]), CAL) == (row["status"] == "workday"), row


@pytest.mark.parametrize(
    ("start", "term", "due"),
    [
        ("2024-10-15T10:00", Term(7, "wd"), "2024-10-25T00:00:00+08:00"),
        ("2024-09-30T16:00", Term(1, "wd"), "2024-10-09T00:00:00+08:00"),  # seven days off, due the end of the 8th
        ("2024-10-11T10:00", Term(1, "wd"), "2024-10-13T00:00:00+08:00"),  # Saturday the 12th is worked
        ("2024-10-04T10:00", Term(2, "h"), "2024-10-04T12:00:00+08:00"),  # hours run around the clock
        ("2026-12-31T10:00", Term(1, "wd"), "2027-01-02T00:00:00+08:00"),  # no notice yet: Monday to Friday
    ],
)
def test_due_is_the_exclusive_end_of_the_last_day(start: str, term: Term, due: str) -> None:
    assert to_iso(deadlines.due(from_iso(start), term, CAL)) == due


def test_beyond_the_last_notice_a_day_is_tentative() -> None:
    assert not deadlines.tentative(date(2026, 12, 31), CAL)
    assert deadlines.tentative(date(2027, 1, 4), CAL)


def test_a_pause_adds_its_length_to_hours_and_the_ends_of_working_days_to_days() -> None:
    pause = Pause(from_iso("2024-10-11T16:00"), from_iso("2024-10-14T09:00"))  # over a worked Saturday and a Sunday
    due = from_iso("2024-10-17T00:00")
    assert deadlines.after_pause(due, pause, "h", CAL) - due == pause.end - pause.start  # type: ignore[operator]
    assert to_iso(deadlines.after_pause(due, pause, "wd", CAL)) == "2024-10-19T00:00:00+08:00"


@settings(max_examples=300, deadline=None)
@given(moments, moments)
def test_a_due_time_is_in_exactly_one_list(due: int, now: int) -> None:
    got = deadlines.bucket(due, now)
    assert (got == "late") == deadlines.is_late(due, None, now)
    if got == "today":
        assert 0 < due - now <= DAY


@settings(max_examples=200, deadline=None)
@given(moments, st.integers(0, 40), st.integers(0, 40))
def test_more_days_are_never_sooner_and_days_add_up(start: int, a: int, b: int) -> None:
    first = deadlines.due(start, Term(a + 1, "wd"), CAL)
    assert deadlines.add_working_days(first, b, CAL) == deadlines.due(start, Term(a + 1 + b, "wd"), CAL)
    assert deadlines.working_days(start, first, CAL) >= a + 1


@settings(max_examples=200, deadline=None)
@given(moments, moments, st.integers(1, 20 * DAY))
def test_a_pause_never_shortens(due: int, start: int, length: int) -> None:
    for unit in ("h", "wd"):
        assert deadlines.after_pause(due, Pause(start, start + length), unit, CAL) >= due  # type: ignore[arg-type]


def proposed(now: str, urgency: Urgency = Urgency.NORMAL, **changes: int) -> int | None:
    desk = Desk(from_iso("2024-10-14T09:00"))
    desk.letter(urgency=urgency)
    case = desk.until("in_progress")
    lead = case.lead_dispatch
    assert isinstance(lead, Dispatch)
    assert lead.state is DispatchState.SIGNED
    from dataclasses import replace

    step = deadlines.ladder(case, replace(lead, **changes), from_iso(now), default_rules())  # type: ignore[arg-type]
    return step.level if step else None


@pytest.mark.parametrize(
    ("now", "level"),
    [
        ("2024-10-15T10:00", None),
        ("2024-11-01T10:00", 1),  # past four fifths of fifteen working days
        ("2024-11-05T10:00", 2),  # the first working day late
        ("2024-11-05T20:00", None),  # not outside working hours
        ("2024-11-09T10:00", None),  # nor on a Saturday
        ("2024-11-12T10:00", 3),
        ("2024-11-20T10:00", 4),
    ],
)
def test_the_ladder_proposes_by_working_days(now: str, level: int | None) -> None:
    assert proposed(now) == level


def test_urgent_letters_are_proposed_around_the_clock_and_no_level_twice() -> None:
    assert proposed("2024-10-18T02:00", Urgency.URGENT) == 2
    assert proposed("2024-10-18T05:00", Urgency.URGENT) == 3
    assert proposed("2024-10-18T05:00", Urgency.URGENT, chase_level=3) is None


def test_rules_survive_json_and_a_notice_makes_the_next_version() -> None:
    rules = default_rules()
    assert from_json(to_json(rules)) == rules
    notice = {"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": True}]}
    later = with_notice(rules, notice)
    assert (later.version, deadlines.is_working_day(date(2027, 1, 1), later.calendar)) == (2, False)
    assert not deadlines.tentative(date(2027, 6, 1), later.calendar)
    with pytest.raises(ValueError, match="day 1"):
        with_notice(rules, {"year": 2027, "days": [{"date": "soon"}]})
