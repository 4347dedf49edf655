"""Each step of the ladder and each clock, whole: what the screens print of them comes from these fields."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from db import deadlines
from db.clock import DAY, from_iso, midnight
from db.deadlines import Chase, Clock, Step
from db.model import Role, State, Term
from db.newsroom import default_rules
from tests.db.cases_factory import HOUR, Desk, S

RULES = default_rules()
CAL = RULES.calendar


@pytest.fixture
def desk() -> Desk:
    """A complaint of a Monday in October, signed; due after 15 working days."""
    made = Desk(from_iso("2024-10-14T09:00"))
    made.letter()
    made.until("in_progress")
    return made


def step(desk: Desk, at: int) -> Step | None:
    case = desk.cases["a"]
    return deadlines.ladder(case, case.dispatches[0], at, RULES)


def test_the_four_steps_in_their_time_with_their_reasons(desk: Desk) -> None:
    due = desk.cases["a"].dispatches[0].reply_due
    third = deadlines.add_working_days(due, 5, CAL)
    fourth = deadlines.add_working_days(due, 10, CAL)
    warned = deadlines.last_working_days(due, 3, CAL)
    for since, expected in (
        (warned, Step(1, "warned", warned)),
        (due, Step(2, "late", due)),
        (third, Step(3, "supervise", third)),
        (fourth, Step(4, "escalate", fourth)),
    ):
        morning = since + 10 * HOUR  # since: midnight at the beginning of a working day
        assert deadlines.in_office_hours(morning, RULES)
        assert step(desk, morning) == expected


@pytest.mark.parametrize(("kind", "days"), [("inquiry", 1), ("help", 2), ("complaint", 3)])
def test_a_warning_comes_when_four_fifths_of_the_working_days_are_spent(kind: str, days: int) -> None:
    desk = Desk(from_iso("2024-10-14T09:00"))
    desk.letter()
    desk.must("accepted", kind=kind)
    desk.forward()
    d = desk.cases["a"].dispatches[0]
    assert d.term.unit == "wd"
    first = deadlines.last_working_days(d.reply_due, days, CAL)
    assert step(desk, first + 10 * HOUR) is not None
    before = step(desk, first - 14 * HOUR)
    assert before is None or before.clock == "sign"


def test_a_term_of_hours_is_warned_by_the_clock() -> None:
    desk = Desk(from_iso("2024-10-14T09:00"))
    desk.letter(urgency="critical")
    desk.until("in_progress")
    d = desk.cases["a"].dispatches[0]
    warned = d.reply_due - round(24 * HOUR * 0.2)
    assert step(desk, warned - 1) is None
    assert step(desk, warned) == Step(1, "warned", warned)


def test_a_letter_that_waits_for_the_desk_runs_one_clock() -> None:
    desk = Desk(from_iso("2024-10-14T09:00"))
    case = desk.letter()
    assert deadlines.clocks(case) == (Clock("forward", case.forward_due or 0),)


def test_a_promised_day_ends_with_that_day_and_no_other_clock_runs(desk: Desk) -> None:
    desk.must("replied")
    case = desk.must("tracked", promised="2024-12-01", worded=True, _words={"text": "年底前完成"})
    assert case.state is State.TRACKING
    assert deadlines.clocks(case) == (Clock("promise", midnight(date(2024, 12, 1)) + DAY),)


def test_no_clock_of_the_desk_runs_while_a_unit_works(desk: Desk) -> None:
    assert {c.kind for c in deadlines.clocks(desk.cases["a"])} == {"reply"}


def test_what_a_chase_is_about_at_the_edges_of_both_deadlines() -> None:
    desk = Desk(from_iso("2024-10-14T09:00"))
    desk.letter()
    desk.until("forwarded")
    d = desk.cases["a"].dispatches[0]
    day = lambda at: deadlines.chase_day(at, CAL)  # noqa: E731
    for at, level, clock in (
        (d.sign_due - 1, 2, "reply"),
        (d.sign_due, 2, "sign"),
        (d.sign_due, 1, "reply"),
        (d.reply_due - 1, 2, "sign"),
        (d.reply_due, 2, "reply"),
    ):
        due = d.sign_due if clock == "sign" else d.reply_due
        assert deadlines.chase_of(d, level, at, CAL) == Chase(level, day(at), clock, due), (at, level)


def test_a_late_reply_is_said_before_a_late_signature() -> None:
    desk = Desk(from_iso("2024-10-14T09:00"))
    desk.letter()
    desk.until("forwarded")
    d = desk.cases["a"].dispatches[0]
    got = step(desk, d.reply_due + 10 * HOUR)
    assert got == Step(2, "late", d.reply_due, "reply")
    desk.now = d.reply_due + 10 * HOUR
    desk.must("chased", role=S, level=2, channel="phone", later=0)
    assert step(desk, desk.now) is None, "the chase for the reply asks for the signature too"


def test_what_was_merged_or_withdrawn_runs_no_clock_whatever_its_row_keeps() -> None:
    desk = Desk(from_iso("2024-10-14T09:00"))
    for id_ in ("a", "b"):
        desk.letter(id_)
    merged = desk.must("merged", "b", into="a")
    assert merged.forward_due is not None
    assert deadlines.clocks(merged) == ()
    desk.until("tracking")
    withdrawn = desk.must("withdrawn", role=Role.CITIZEN, reason="settled")
    assert withdrawn.promised is not None
    assert deadlines.clocks(withdrawn) == ()


def test_who_was_chased_for_a_late_reply_is_not_chased_the_same_way_the_next_morning(desk: Desk) -> None:
    due = desk.cases["a"].dispatches[0].reply_due
    desk.now = due + 10 * HOUR
    desk.must("chased", role=S, level=2, channel="phone", later=0)
    assert step(desk, desk.now + DAY) is None


def test_a_chase_for_a_late_reply_holds_for_the_signature_on_other_days_too() -> None:
    desk = Desk(from_iso("2024-10-14T09:00"))
    desk.letter()
    desk.until("forwarded")
    desk.now = desk.cases["a"].dispatches[0].reply_due + 10 * HOUR
    desk.must("chased", role=S, level=2, channel="phone", later=0)
    assert step(desk, desk.now + DAY) is None


def test_urgent_terms_of_days_are_warned_by_the_clock_too() -> None:
    desk = Desk(from_iso("2024-10-14T09:00"))
    desk.letter(urgency="urgent")
    desk.until("in_progress")
    d = desk.cases["a"].dispatches[0]
    assert d.term.unit == "wd"
    warned = d.reply_due - round((d.reply_due - d.sent_at) * 0.2)
    assert step(desk, warned - 1) is None
    assert step(desk, warned) == Step(1, "warned", warned)


def test_a_term_of_hours_is_warned_by_the_clock_whatever_the_urgency(desk: Desk) -> None:
    case = desk.cases["a"]
    sent = case.dispatches[0].sent_at  # a Monday at 11:00
    d = replace(case.dispatches[0], term=Term(60, "h"), reply_due=sent + 60 * HOUR)
    warned = sent + 48 * HOUR
    assert deadlines.ladder(case, d, warned - 1, RULES) is None
    assert deadlines.ladder(case, d, warned, RULES) == Step(1, "warned", warned)
