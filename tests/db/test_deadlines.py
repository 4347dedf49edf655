"""Working days and due times: over National Day, Spring Festival, weekends that are worked, and the year no notice is out for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import deadlines
from db.clock import DAY, day_of, from_iso, midnight, to_iso
from db.model import Pause, Term
from db.newsroom import default_calendar

CAL = default_calendar()
HOUR = deadlines.HOUR
moments = st.integers(from_iso("2024-01-01T00:00"), from_iso("2027-12-31T00:00"))
few = st.integers(0, 60)


def counted_one_by_one(start: date, n: int) -> date:
    """The n-th working day after a day, found by walking: an independent way to the same answer."""
    while n:
        start += timedelta(days=1)
        n -= deadlines.is_working_day(start, CAL)
    return start


@pytest.mark.parametrize(
    ("start", "term", "due"),
    [
        ("2024-10-15T10:00", Term(7, "wd"), "2024-10-25T00:00:00+08:00"),
        ("2024-10-15T23:59", Term(7, "wd"), "2024-10-25T00:00:00+08:00"),  # day of sending is day 0, however late
        ("2024-09-30T16:00", Term(1, "wd"), "2024-10-09T00:00:00+08:00"),  # seven days off, due the end of the 8th
        ("2024-09-28T10:00", Term(1, "wd"), "2024-09-30T00:00:00+08:00"),  # Sunday the 29th is worked
        ("2024-10-11T10:00", Term(1, "wd"), "2024-10-13T00:00:00+08:00"),  # so is Saturday the 12th
        ("2024-10-05T10:00", Term(3, "wd"), "2024-10-11T00:00:00+08:00"),  # sent on a day off
        ("2026-02-13T09:00", Term(3, "wd"), "2026-02-26T00:00:00+08:00"),  # Spring Festival, the 14th worked
        ("2024-10-04T10:00", Term(2, "h"), "2024-10-04T12:00:00+08:00"),  # hours run around the clock
        ("2026-12-31T22:00", Term(4, "h"), "2027-01-01T02:00:00+08:00"),
        ("2026-12-31T10:00", Term(1, "wd"), "2027-01-02T00:00:00+08:00"),  # no notice yet: Monday to Friday
    ],
)
def test_due_is_the_exclusive_end_of_the_last_day(start: str, term: Term, due: str) -> None:
    assert to_iso(deadlines.due(from_iso(start), term, CAL)) == due


def test_the_last_day_of_a_due_time_is_the_day_before_its_midnight() -> None:
    assert deadlines.last_day(from_iso("2024-10-25T00:00")) == date(2024, 10, 24)
    assert deadlines.last_day(from_iso("2024-10-25T00:01")) == date(2024, 10, 25)


def test_a_due_time_over_the_turn_of_the_year_is_tentative_until_the_notice_is_out() -> None:
    sure = deadlines.due(from_iso("2026-12-30T10:00"), Term(1, "wd"), CAL)
    unsure = deadlines.due(from_iso("2026-12-30T10:00"), Term(3, "wd"), CAL)
    assert not deadlines.tentative(deadlines.last_day(sure), CAL)
    assert deadlines.tentative(deadlines.last_day(unsure), CAL)


def test_a_day_is_as_long_in_july_as_in_january() -> None:
    for month in range(1, 13):
        start = from_iso(f"2025-{month:02}-10T12:00")
        assert midnight(day_of(start) + timedelta(days=1)) - midnight(day_of(start)) == DAY
        assert deadlines.due(start, Term(24, "h"), CAL) - start == DAY


@settings(max_examples=200, deadline=None)
@given(st.dates(date(2003, 1, 1), date(2030, 1, 1)), st.integers(1, 300))
def test_the_nth_working_day_is_found_as_by_walking(day: date, n: int) -> None:
    got = deadlines.nth_working_day(day, n, CAL)
    assert got == counted_one_by_one(day, n)
    assert deadlines.is_working_day(got, CAL)


@settings(max_examples=200, deadline=None)
@given(st.dates(date(2003, 1, 1), date(2030, 1, 1)), st.integers(1, 300))
def test_going_back_and_forth_ends_on_the_same_working_day(day: date, n: int) -> None:
    back = deadlines.nth_working_day(day, -n, CAL)
    assert back < day
    first = deadlines.nth_working_day(back, n, CAL)
    assert first >= day
    assert first == day or not deadlines.is_working_day(day, CAL)


@settings(max_examples=200, deadline=None)
@given(moments, few, few)
def test_more_days_are_never_sooner_and_days_add_up(start: int, a: int, b: int) -> None:
    first = deadlines.due(start, Term(a + 1, "wd"), CAL)
    assert deadlines.add_working_days(first, b, CAL) == deadlines.due(start, Term(a + 1 + b, "wd"), CAL)
    assert deadlines.working_days(first, deadlines.add_working_days(first, b, CAL), CAL) == b


@settings(max_examples=200, deadline=None)
@given(moments, st.integers(0, 30 * DAY), st.integers(1, 30), st.sampled_from(["h", "wd"]))
def test_what_is_sent_later_is_never_due_sooner(start: int, later: int, amount: int, unit: deadlines.Unit) -> None:
    term = Term(amount, unit)
    assert deadlines.due(start, term, CAL) <= deadlines.due(start + later, term, CAL)


def test_an_hour_clock_moved_by_working_days_keeps_its_time_of_day() -> None:
    assert to_iso(deadlines.add_working_days(from_iso("2024-09-30T15:30"), 1, CAL)) == "2024-10-08T15:30:00+08:00"


@settings(max_examples=150, deadline=None)
@given(moments, moments, moments)
def test_working_days_of_two_spans_add_up(a: int, b: int, c: int) -> None:
    a, b, c = sorted((a, b, c))
    assert deadlines.working_days(a, c, CAL) == deadlines.working_days(a, b, CAL) + deadlines.working_days(b, c, CAL)
    assert deadlines.working_days(c, a, CAL) == 0


# ── pauses ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def moved(due: str, asked: str, told: str | None, unit: deadlines.Unit = "wd") -> str:
    pause = Pause(from_iso(asked), from_iso(told) if told else None)
    return to_iso(deadlines.after_pause(from_iso(due), pause, unit, CAL))[:16]


@pytest.mark.parametrize(
    ("asked", "told", "due"),
    [
        ("2024-10-14T09:00", "2024-10-14T17:00", "2024-10-17T00:00"),  # asked and told on one day: no day ends inside
        ("2024-10-14T16:00", "2024-10-15T09:00", "2024-10-18T00:00"),  # one working day ends inside
        ("2024-10-11T16:00", "2024-10-14T09:00", "2024-10-19T00:00"),  # Friday and the worked Saturday, not the Sunday
        ("2024-10-01T09:00", "2024-10-07T23:00", "2024-10-17T00:00"),  # National Day: no working day was lost
        ("2024-10-16T23:00", "2024-10-17T08:00", "2024-10-18T00:00"),  # on the last evening: due when told
        ("2024-10-17T00:00", "2024-10-20T08:00", "2024-10-17T00:00"),  # asked when the clock had run out
        ("2024-10-14T16:00", None, "2024-10-17T00:00"),  # not told yet
    ],
)
def test_a_pause_adds_the_working_days_that_end_inside_it(asked: str, told: str | None, due: str) -> None:
    assert moved("2024-10-17T00:00", asked, told) == due


def test_a_pause_adds_its_length_to_an_hour_clock() -> None:
    assert moved("2024-10-05T12:00", "2024-10-05T11:00", "2024-10-06T08:30", "h") == "2024-10-06T09:30"


@settings(max_examples=200, deadline=None)
@given(moments, moments, st.integers(1, 20 * DAY), st.sampled_from(["h", "wd"]))
def test_a_pause_never_shortens(due: int, start: int, length: int, unit: deadlines.Unit) -> None:
    assert deadlines.after_pause(due, Pause(start, start + length), unit, CAL) >= due


@settings(max_examples=200, deadline=None)
@given(moments, st.integers(1, 20), st.integers(0, 15 * DAY), st.integers(1, 15 * DAY))
def test_nobody_is_late_by_a_pause_alone(start: int, days: int, wait: int, length: int) -> None:
    due = deadlines.due(start, Term(days, "wd"), CAL)
    pause = Pause(start + wait, start + wait + length)
    if pause.start < due:
        assert not deadlines.is_late(deadlines.after_pause(due, pause, "wd", CAL), None, start + wait + length)


# ── what is left ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("stop", "left"),
    [
        ("2024-10-15T10:00", 7),  # the day of the stop is spent, as the day of sending was
        ("2024-10-18T10:00", 4),
        ("2024-10-24T23:59", 0),
        ("2024-10-30T10:00", 0),
    ],
)
def test_what_is_left_of_seven_working_days(stop: str, left: int) -> None:
    due = from_iso("2024-10-25T00:00")
    assert deadlines.remaining(due, from_iso(stop), "wd", CAL) == Term(left, "wd")


def test_what_is_left_of_an_hour_clock_is_whole_hours_and_never_below_nothing() -> None:
    due = from_iso("2024-10-15T12:00")
    assert deadlines.remaining(due, due - 90 * 60_000, "h", CAL) == Term(1, "h")
    assert deadlines.remaining(due, due + HOUR, "h", CAL) == Term(0, "h")


@settings(max_examples=200, deadline=None)
@given(moments, st.integers(1, 30), st.integers(0, 40 * DAY))
def test_a_clock_stopped_and_started_at_once_is_due_as_before(start: int, days: int, wait: int) -> None:
    due = deadlines.due(start, Term(days, "wd"), CAL)
    left = deadlines.remaining(due, start + wait, "wd", CAL)
    if left.amount:
        assert deadlines.due(start + wait, left, CAL) == due


# ── late, today, later ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("now", "list_"),
    [
        ("2024-10-23T23:59", "later"),
        ("2024-10-24T00:00", "today"),
        ("2024-10-24T23:59", "today"),
        ("2024-10-25T00:00", "late"),
    ],
)
def test_a_letter_due_today_is_late_from_midnight(now: str, list_: str) -> None:
    assert deadlines.bucket(from_iso("2024-10-25T00:00"), from_iso(now)) == list_


@settings(max_examples=300, deadline=None)
@given(moments, st.integers(-3 * DAY, 3 * DAY))
def test_a_due_time_is_in_exactly_one_list(due: int, before: int) -> None:
    now = due - before
    late, today = deadlines.is_late(due, None, now), deadlines.last_day(due) == day_of(now) and now < due
    assert not (late and today)
    assert deadlines.bucket(due, now) == ("late" if late else "today" if today else "later")


def test_a_reply_that_came_in_time_is_not_late_later() -> None:
    due = from_iso("2024-10-25T00:00")
    assert not deadlines.is_late(due, due - 1, due + 30 * DAY)
    assert deadlines.is_late(due, due, due)
