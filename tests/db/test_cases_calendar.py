"""A notice comes: provisional due times are counted anew, nothing else moves, and every move leaves its trace."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import case_calendar, cases, deadlines, timers
from db.clock import from_iso, midnight
from db.model import Case, DueMove, Event, Refusal, Role, Term, Verdict
from db.model_rules import Calendar, Rulebook
from tests.db.cases_factory import BOOK, DAY, HOUR, Desk, E, S, U, event

OLD = BOOK.newest
YEAR = OLD.calendar.known_until.year + 1
EVE = date(YEAR - 1, 12, 31)
NEW_YEAR = {date(YEAR, 1, n) for n in (1, 2, 3)}


def noticed(off: set[date], on: set[date] = frozenset(), *, since: str = f"{YEAR - 1}-12-15T10:00") -> Rulebook:  # type: ignore[assignment]
    """The rulebook once the notice of the first unknown year has come."""
    known = Calendar(OLD.calendar.off | off, OLD.calendar.on | on, date(YEAR, 12, 31))
    return Rulebook({1: OLD, 2: replace(OLD, version=2, calendar=known)}, ((from_iso(since), 2),))


def late_december() -> tuple[Desk, Case]:
    desk = Desk(from_iso(f"{YEAR - 1}-12-20T09:00"))
    desk.letter(kind="complaint")
    return desk, desk.forward()


def told_by(case: Case, book: Rulebook, **facts: object) -> Verdict:
    e = event("rescheduled", case.id, case.last_at + HOUR, Role.SYSTEM, facts={"rules": 2} | facts)
    return cases.fold(case, e, {}, book, e.at)


def test_a_provisional_due_time_is_counted_anew_when_the_notice_comes() -> None:
    _desk, case = late_december()
    book = noticed(NEW_YEAR)
    d = case.dispatches[0]
    after = told_by(case, book)
    assert isinstance(after, Case)
    assert after.dispatches[0].reply_due == deadlines.due(d.sent_at, d.term, book.of(2).calendar) != d.reply_due
    assert after.dispatches[0].sign_due == d.sign_due, "what the old calendar knew stays"
    [move] = after.due_moves
    assert move == DueMove(move.event, d.id, "reply", d.reply_due, after.dispatches[0].reply_due)
    assert isinstance(told_by(after, book), Refusal), "and only once"


def test_extensions_and_redos_after_it_count_by_the_new_calendar() -> None:
    desk, case = late_december()
    book = noticed(NEW_YEAR | {date(YEAR, 1, n) for n in range(11, 20)})
    case = told_by(case, book)  # type: ignore[assignment]
    due = case.dispatches[0].reply_due
    for kind, role in (("signed", U), ("extension_asked", U), ("extended", S)):
        re, of = cases.answers(case, kind)
        e = event(kind, case.id, desk.now + DAY, role, re=re, dispatch=of)
        case = cases.fold(case, e, {}, book, e.at)  # type: ignore[assignment]
    assert case.dispatches[0].reply_due == deadlines.add_working_days(due, 10, book.of(2).calendar)
    assert [m.clock for m in case.due_moves] == ["reply", "reply"]


def test_the_desks_own_clock_follows_the_notice_too() -> None:
    desk = Desk(from_iso(f"{EVE.isoformat()}T09:00"))
    case = desk.letter()
    after = told_by(case, noticed(NEW_YEAR))
    assert isinstance(after, Case)
    assert case.forward_due is not None
    assert after.forward_due == deadlines.due(case.start_at, Term(1, "wd"), noticed(NEW_YEAR).of(2).calendar)
    assert after.due_moves[0].clock == "forward"


@pytest.mark.parametrize("role", [E, S, U])
def test_nobody_but_the_system_reschedules(role: Role) -> None:
    _desk, case = late_december()
    e = event("rescheduled", case.id, case.last_at + HOUR, role, facts={"rules": 2})
    assert isinstance(cases.fold(case, e, {}, noticed(NEW_YEAR), e.at), Refusal)


def test_the_timer_writes_it_for_open_letters_that_have_provisional_due_times() -> None:
    desk, case = late_december()
    book = noticed(NEW_YEAR)
    due = timers.next_event(case, book)
    assert due is not None
    assert (due.kind, due.at, due.facts) == ("rescheduled", max(book.plan[0][0], case.last_at), {"rules": 2})
    assert due == timers.next_event(case, book), "whoever writes it writes the same"
    after = cases.fold(case, due, {}, book, due.at)
    assert isinstance(after, Case)
    assert timers.next_event(after, book) is None
    assert timers.next_event(case, BOOK) is None
    closed = desk.must("withdrawn", role=Role.CITIZEN, reason="settled")
    assert timers.next_event(closed, book) is None


def test_a_forward_under_the_old_calendar_that_comes_later_is_rescheduled_by_an_event_of_its_own() -> None:
    desk, case = late_december()
    book = noticed(NEW_YEAR)
    first = timers.next_event(case, book)
    assert first is not None
    desk.cases["a"] = cases.fold(case, first, {}, book, first.at)  # type: ignore[assignment]
    again = desk.forward(district="500112", co=True)
    second = timers.next_event(again, book)
    assert isinstance(second, Event)
    assert second.id != first.id
    assert isinstance(cases.fold(again, second, {}, book, second.at), Case)


def test_every_event_that_moves_a_due_time_is_in_its_history() -> None:
    desk = Desk()
    desk.letter(kind="complaint")
    desk.forward()
    desk.must("signed", role=U)
    desk.must("extension_asked", role=U)
    desk.must("extended", role=S)
    desk.must("asked")
    desk.must("told", role=Role.CITIZEN, later=3 * DAY)
    desk.must("replied", role=U)
    case = desk.must("redone", code="evasive", later=30 * DAY)
    kinds = {e.id: e.kind for e in desk.log}
    assert [(kinds[m.event], m.clock) for m in case.due_moves] == [
        ("extended", "reply"),
        ("told", "return"),
        ("told", "reply"),
        ("redone", "reply"),
    ]
    replies = [m for m in case.due_moves if m.clock == "reply"]
    assert all(a.to == b.was for a, b in pairwise(replies))
    assert replies[-1].to == case.dispatches[0].reply_due


days = st.integers(0, 59).map(lambda n: date(YEAR - 1, 12, 1) + timedelta(days=n))


@settings(deadline=None)
@given(
    sent=days,
    term=st.integers(1, 40),
    more=st.integers(0, 15),
    off=st.sets(st.integers(1, 90), max_size=25),
    on=st.sets(st.integers(1, 90), max_size=8),
)
def test_counted_anew_is_as_if_the_notice_had_been_there_from_the_start(
    sent: date, term: int, more: int, off: set[int], on: set[int]
) -> None:
    """Whatever the notice says, and with an extension on top."""
    first = date(YEAR, 1, 1)
    free = {d for n in off if (d := first + timedelta(days=n - 1)).weekday() < 5}
    worked = {d for n in on if (d := first + timedelta(days=n - 1)).weekday() >= 5}
    old, new = OLD.calendar, noticed(free, worked).of(2).calendar
    start = midnight(sent) + 10 * HOUR

    def due(cal: Calendar) -> int:
        return deadlines.add_working_days(deadlines.due(start, Term(term, "wd"), cal), more, cal)

    if case_calendar.newly_known(due(old), old, new):
        assert case_calendar.recounted(due(old), start, old, new) == due(new)
    else:
        assert deadlines.last_day(due(old)) <= EVE
