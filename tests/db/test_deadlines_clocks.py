"""Which clocks of a case run, what the ladder proposes, and which letters are offered as open questions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from db import deadlines
from db.clock import DAY, from_iso, to_iso
from db.model import Case, Chase, Publication, Role, State, Term, Urgency
from db.newsroom import default_rules
from tests.db.cases_factory import HOUR, Desk

RULES = default_rules()
MONDAY = "2024-10-14T09:00"


def desk(at: str = MONDAY, **facts: object) -> Desk:
    made = Desk(from_iso(at))
    made.letter(**facts)
    return made


def kinds(case: Case) -> list[str]:
    return [c.kind for c in deadlines.clocks(case)]


# ── clocks ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("state", "running"),
    [
        ("received", ["forward"]),
        ("accepted", ["forward"]),
        ("forwarded", ["sign", "reply"]),
        ("in_progress", ["reply"]),
        ("returned", ["forward"]),
        ("needs_info", []),
        ("replied", []),
        ("answered", []),
        ("tracking", ["promise"]),
        ("resolved", []),
        ("declined", []),
        ("withdrawn", []),
    ],
)
def test_the_clocks_that_run_in_each_state(state: str, running: list[str]) -> None:
    assert kinds(desk().until(state)) == running


def test_a_co_handlers_clocks_run_whatever_the_lead_does() -> None:
    d = desk()
    d.until("forwarded")
    co = d.forward(district="500112", co=True).dispatches[1].id
    case = d.must("replied", role=Role.UNIT)
    assert [(c.kind, c.dispatch) for c in deadlines.clocks(case)] == [("sign", co), ("reply", co)]


def test_the_next_clock_is_the_one_that_ends_first() -> None:
    clock = deadlines.next_due(desk().until("forwarded"))
    assert clock is not None
    assert (clock.kind, to_iso(clock.due)) == ("sign", "2024-10-16T00:00:00+08:00")
    assert deadlines.next_due(desk().until("resolved")) is None


def test_while_the_citizen_is_asked_nothing_is_due() -> None:
    d = desk()
    d.until("forwarded")
    case = d.must("asked")
    assert deadlines.paused(case)
    assert deadlines.next_due(case) is None
    assert deadlines.late_clocks(case, case.received_at + 100 * DAY) == ()


def test_the_overdue_list_names_each_clock_that_is_late_but_no_promise() -> None:
    d = desk()
    case = d.until("forwarded")
    assert [c.kind for c in deadlines.late_clocks(case, from_iso("2024-10-17T09:00"))] == ["sign"]
    assert [c.kind for c in deadlines.late_clocks(case, from_iso("2024-12-17T09:00"))] == ["sign", "reply"]
    assert deadlines.late_clocks(desk().until("tracking"), from_iso("2026-01-01T00:00")) == ()


def test_a_unit_asked_in_the_middle_of_a_pause_gains_only_the_rest_of_it() -> None:
    d = desk(urgency=Urgency.CRITICAL)
    d.until("forwarded")
    d.must("asked")
    d.now += 10 * HOUR
    co = d.forward(district="500112", co=True).dispatches[1]
    d.now += 5 * HOUR
    after = d.must("told", role=Role.CITIZEN, later=0).dispatches
    assert after[1].reply_due - co.reply_due == 5 * HOUR
    assert after[0].reply_due - after[0].sent_at == 24 * HOUR + 16 * HOUR


# ── the ladder ───────────────────────────────────────────────────────────────────────────────────────────────────────


def proposed(now: str, urgency: Urgency = Urgency.NORMAL, *, at: str = MONDAY, **changes: object) -> int | None:
    """The level proposed for a complaint (15 working days) that was sent at 11:00 of that day and signed."""
    case = desk(at, urgency=urgency).until("in_progress")
    lead = case.lead_dispatch
    assert lead is not None
    step = deadlines.ladder(case, replace(lead, **changes), from_iso(now), RULES)  # type: ignore[arg-type]
    return step.level if step else None


@pytest.mark.parametrize(
    ("now", "level"),
    [
        ("2024-10-15T10:00", None),
        ("2024-10-30T10:00", None),  # the twelfth working day: it makes four fifths
        ("2024-10-31T10:00", 1),
        ("2024-11-04T16:59", 1),  # the last day
        ("2024-11-05T08:59", None),  # late since midnight, but nobody is rung up before nine
        ("2024-11-05T09:00", 2),  # the first working day late
        ("2024-11-05T17:00", None),
        ("2024-11-09T10:00", None),  # nor on a Saturday
        ("2024-11-11T10:00", 2),
        ("2024-11-12T10:00", 3),  # five full working days late
        ("2024-11-18T10:00", 3),
        ("2024-11-19T10:00", 4),
    ],
)
def test_the_ladder_proposes_by_working_days_in_office_hours(now: str, level: int | None) -> None:
    assert proposed(now) == level


def test_days_off_do_not_count_towards_four_fifths() -> None:
    seven = {"term": Term(7, "wd"), "reply_due": from_iso("2024-10-13T00:00")}  # sent on Friday, September 27
    assert proposed("2024-10-10T10:00", at="2024-09-27T09:00", **seven) is None, (
        "80 % by the wall clock, four days of seven"
    )
    assert proposed("2024-10-11T10:00", at="2024-09-27T09:00", **seven) == 1


def test_a_worked_saturday_is_a_day_for_chasing() -> None:
    late = {"reply_due": from_iso("2024-10-12T00:00")}
    assert proposed("2024-10-12T10:00", at="2024-09-18T09:00", **late) == 2
    assert proposed("2024-10-13T10:00", at="2024-09-18T09:00", **late) is None


@pytest.mark.parametrize(
    ("now", "level"),
    [
        ("2024-10-16T00:00", None),
        ("2024-10-17T09:00", 1),  # four fifths of the time from Monday 11:00 to Thursday's end
        ("2024-10-18T00:00", 2),
        ("2024-10-18T03:59", 2),
        ("2024-10-18T04:00", 3),
        ("2024-10-19T00:00", 4),  # a Saturday, at midnight
    ],
)
def test_urgent_letters_are_proposed_around_the_clock(now: str, level: int | None) -> None:
    assert proposed(now, Urgency.URGENT) == level


def test_a_critical_letter_climbs_by_the_hour() -> None:
    levels = [proposed(f"2024-10-15T{h:02}:00", Urgency.CRITICAL) for h in (6, 7, 11, 14, 15)]
    assert levels == [None, 1, 2, 2, 3]


def test_no_level_is_proposed_twice_nor_one_below_what_was_sent() -> None:
    def after(level: int) -> int | None:
        return proposed("2024-11-05T10:00", chased_on=(Chase(level, date(2024, 11, 4)),))

    assert [after(level) for level in (1, 2, 3)] == [2, None, None]


def test_who_does_not_sign_is_chased_before_any_reply_is_due() -> None:
    case = desk().until("forwarded")
    assert case.lead_dispatch is not None
    step = deadlines.ladder(case, case.lead_dispatch, from_iso("2024-10-16T10:00"), RULES)
    assert step == deadlines.Step(2, "late", case.lead_dispatch.sign_due, "sign")


def test_nothing_is_proposed_while_the_citizen_is_asked_or_once_there_is_a_reply() -> None:
    much_later = from_iso("2024-12-17T10:00")
    for ways in (["asked"], ["replied"]):
        d = desk()
        d.until("in_progress")
        case = d.must(*ways, role=Role.UNIT if ways == ["replied"] else Role.EDITOR)
        assert case.lead_dispatch is not None
        assert deadlines.ladder(case, case.lead_dispatch, much_later, RULES) is None


def test_a_pause_moves_the_warning_as_it_moves_the_due_time() -> None:
    d = desk()
    d.until("in_progress")
    d.now = from_iso("2024-10-15T09:00")
    d.must("asked")
    d.now = from_iso("2024-10-18T09:00")
    case = d.must("told", role=Role.CITIZEN)  # three working days ended in between
    lead = case.lead_dispatch
    assert lead is not None
    assert deadlines.ladder(case, lead, from_iso("2024-11-04T10:00"), RULES) is None
    step = deadlines.ladder(case, lead, from_iso("2024-11-05T10:00"), RULES)
    assert step is not None
    assert step.level == 1


def test_a_chase_on_a_day_off_counts_for_the_working_day_before() -> None:
    def counted(now: str) -> str:
        return deadlines.chase_day(from_iso(now), RULES.calendar).isoformat()

    assert counted("2024-10-12T10:00") == "2024-10-12"
    assert counted("2024-10-13T10:00") == "2024-10-12"
    assert counted("2024-10-07T23:00") == "2024-09-30"


# ── open questions ───────────────────────────────────────────────────────────────────────────────────────────────────


def candidate(case: Case, now: str = "2024-10-20T10:00") -> str | None:
    return deadlines.open_question_candidate(case, from_iso(now), RULES)


def test_a_unit_ten_working_days_late_makes_an_open_question() -> None:
    case = desk().until("in_progress")
    assert candidate(case, "2024-11-18T23:59") is None
    assert candidate(case, "2024-11-19T00:00") == "late"


def test_three_returns_or_three_redos_make_an_open_question() -> None:
    case = desk().until("in_progress")
    assert candidate(replace(case, returns=2, redos=2)) is None
    assert candidate(replace(case, returns=3)) == "returns"
    assert candidate(replace(case, redos=3)) == "redos"


def test_what_may_not_be_printed_is_not_offered() -> None:
    case = replace(desk().until("in_progress"), returns=3)
    printed = (Publication("p", "open_question"),)
    for hidden in (
        replace(case, confidential=True),
        replace(case, erased=True),
        replace(case, publications=printed),
        replace(case, state=State.RESOLVED),
    ):
        assert candidate(hidden) is None


def test_the_desks_own_lateness_is_no_question_to_a_unit() -> None:
    returned = desk().until("returned")
    assert deadlines.late_clocks(returned, from_iso("2024-12-20T10:00"))
    assert candidate(returned, "2024-12-20T10:00") is None
