"""Working days at their edges: days that a notice names twice over, clocks of no days, and the last millisecond of a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from db import deadlines
from db.clock import DAY, from_iso, midnight, to_iso
from db.deadline_days import REMEMBERED
from db.model import Kind, Pause, Role, Term, Urgency
from db.model_rules import Calendar
from tests.db.cases_factory import BOOK, Desk

PLAIN = Calendar(frozenset(), frozenset(), date(2024, 12, 31))
MONDAY, FRIDAY, SATURDAY, SUNDAY = date(2024, 10, 14), date(2024, 10, 18), date(2024, 10, 19), date(2024, 10, 20)
NEXT_MONDAY = date(2024, 10, 21)


def days(off: set[date] = frozenset(), on: set[date] = frozenset()) -> Calendar:  # type: ignore[assignment]
    return Calendar(frozenset(off), frozenset(on), PLAIN.known_until)


@pytest.mark.parametrize(
    ("calendar", "after_friday"),
    [
        (PLAIN, NEXT_MONDAY),
        (days(on={SATURDAY}), SATURDAY),
        (days(on={SUNDAY}), SUNDAY),
        (days(off={SATURDAY}), NEXT_MONDAY),  # a holiday's weekend is off as it is
        (days(off={SATURDAY, SUNDAY}), NEXT_MONDAY),
        (days(off={NEXT_MONDAY}), NEXT_MONDAY + timedelta(days=1)),
        (days(on={FRIDAY, NEXT_MONDAY}), NEXT_MONDAY),  # worked anyway: no second day
        (days(off={SATURDAY}, on={SATURDAY}), SATURDAY),  # what is worked is worked
        (days(off={NEXT_MONDAY}, on={NEXT_MONDAY}), NEXT_MONDAY),
    ],
)
def test_the_working_day_after_a_friday(calendar: Calendar, after_friday: date) -> None:
    assert deadlines.nth_working_day(FRIDAY, 1, calendar) == after_friday
    assert deadlines.nth_working_day(after_friday, -1, calendar) == FRIDAY
    assert deadlines.working_days(midnight(FRIDAY) + DAY, midnight(after_friday) + DAY, calendar) == 1
    assert deadlines.is_working_day(after_friday, calendar)


@pytest.mark.parametrize("day", [FRIDAY, SATURDAY, SUNDAY])
def test_no_days_later_is_the_same_day_worked_or_not(day: date) -> None:
    assert deadlines.nth_working_day(day, 0, PLAIN) == day
    sent = midnight(day) + 10 * deadlines.HOUR
    assert deadlines.due(sent, Term(0, "wd"), PLAIN) == midnight(day) + DAY
    assert deadlines.add_working_days(sent, 0, PLAIN) == sent


def test_a_moment_after_midnight_is_the_new_day() -> None:
    friday = midnight(FRIDAY)
    assert deadlines.last_day(friday) == FRIDAY - timedelta(days=1)
    assert deadlines.last_day(friday + 1) == FRIDAY
    assert deadlines.add_working_days(friday, 1, PLAIN) == friday + DAY
    assert deadlines.add_working_days(friday + 1, 1, PLAIN) == friday + 3 * DAY + 1, "from Friday it is Monday"


def test_the_last_working_days_before_a_due_time_skip_the_weekend() -> None:
    end_of_monday = midnight(NEXT_MONDAY) + DAY
    begins = [deadlines.last_working_days(end_of_monday, n, PLAIN) for n in (1, 2, 3)]
    assert begins == [midnight(d) for d in (NEXT_MONDAY, FRIDAY, FRIDAY - timedelta(days=1))]


def test_a_span_of_nothing_holds_no_day_nor_does_one_that_runs_backwards() -> None:
    assert deadlines.working_days(midnight(FRIDAY), midnight(FRIDAY), PLAIN) == 0
    assert deadlines.working_days(midnight(FRIDAY), midnight(MONDAY), PLAIN) == 0
    assert deadlines.working_days(midnight(MONDAY), midnight(FRIDAY), PLAIN) == 4


def test_a_pause_that_ended_before_it_began_takes_no_hour_away() -> None:
    """A unit was sent the letter by one desk after another desk had already heard from the citizen."""
    due = midnight(FRIDAY)
    assert deadlines.after_pause(due, Pause(due - DAY, due - 2 * DAY), "h", PLAIN) == due


def test_the_terms_of_a_year_are_asked_for_again_and_again_and_stay_the_same() -> None:
    first = [deadlines.nth_working_day(MONDAY + timedelta(days=n), 5, PLAIN) for n in range(400)]
    for n in range(REMEMBERED + 2):  # more than a calendar remembers
        deadlines.nth_working_day(MONDAY + timedelta(days=n), 1 + n % 3, PLAIN)
    assert first == [deadlines.nth_working_day(MONDAY + timedelta(days=n), 5, PLAIN) for n in range(400)]


@pytest.mark.parametrize(
    ("kind", "due", "warned"),
    [  # sent on Monday the 14th: of 3 working days the last one, of 7 the last two, of 15 the last three
        (Kind.INQUIRY, "2024-10-18", "2024-10-17"),
        (Kind.HELP, "2024-10-24", "2024-10-22"),
        (Kind.COMPLAINT, "2024-11-05", "2024-10-31"),
    ],
)
def test_a_unit_is_warned_when_four_fifths_of_its_working_days_are_gone(kind: Kind, due: str, warned: str) -> None:
    desk = Desk()
    desk.letter(kind=kind)
    case = desk.forward()
    d, rules = case.dispatches[0], BOOK.newest
    assert case.urgency is Urgency.NORMAL
    assert to_iso(d.reply_due)[:10] == due
    morning = from_iso(f"{warned}T09:00")
    before = deadlines.nth_working_day(date.fromisoformat(warned), -1, rules.calendar)
    signed = desk.must("signed", role=Role.UNIT)
    assert deadlines.ladder(signed, signed.dispatches[0], midnight(before) + 16 * deadlines.HOUR, rules) is None
    step = deadlines.ladder(signed, signed.dispatches[0], morning, rules)
    assert step is not None
    assert (step.level, step.why, to_iso(step.since)[:10]) == (1, "warned", warned)


def test_the_next_clock_is_a_co_handlers_signature_before_the_leads_reply() -> None:
    desk = Desk()
    case = desk.letter()
    assert deadlines.next_due(case) == deadlines.Clock("forward", case.forward_due or 0)
    case = desk.until("in_progress")
    [lead] = case.dispatches
    assert deadlines.next_due(case) == deadlines.Clock("reply", lead.reply_due, lead.id)
    case = desk.forward(district="500112", co=True)
    co = case.dispatches[1]
    assert deadlines.next_due(case) == deadlines.Clock("sign", co.sign_due, co.id)
    desk.must("signed", role=Role.UNIT, _dispatch=co.id, _re=co.id)
    desk.must("replied", role=Role.UNIT)
    assert deadlines.next_due(desk.cases["a"]) == deadlines.Clock("reply", co.reply_due, co.id)
    assert deadlines.next_due(desk.must("asked")) is None
