"""What a year's notice moves on a letter, field by field, and what it leaves: hours, what was known, what is done (DESIGN.md §4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from db import case_calendar, deadlines
from db.clock import from_iso, midnight
from db.model import Role, Term, Urgency
from db.model_rules import Calendar, Rulebook, ServiceLevel
from tests.db.case_account import Story, lines
from tests.db.cases_factory import BOOK, DAY, HOUR, S, U

OLD = BOOK.newest
YEAR = OLD.calendar.known_until.year + 1
NEW_YEAR = {date(YEAR, 1, n) for n in range(1, 9)}
BY_HOUR = ServiceLevel(
    forward=Term(4, "h"),
    sign=Term(4, "h"),
    return_=Term(8, "h"),
    reply=dict.fromkeys(OLD.levels[Urgency.NORMAL].reply, Term(48, "h")),
    extension=None,
)


class Noticed(Story):
    """The notice says that the new year's first eight days are off; by its version ordinary letters count by the hour."""

    book = Rulebook(
        {
            1: OLD,
            2: replace(
                OLD,
                version=2,
                calendar=Calendar(OLD.calendar.off | NEW_YEAR, OLD.calendar.on, date(YEAR, 12, 31)),
                levels={**OLD.levels, Urgency.NORMAL: BY_HOUR},
            ),
        },
        ((0, 1), (from_iso(f"{YEAR + 1}-01-01T00:00"), 2)),
    )


def december(day: str, *, forwarded: bool = True, of: type[Noticed] = Noticed, **facts: Any) -> Noticed:
    """A complaint that came on that day of the last known December, at ten."""
    desk = of()
    desk.now = from_iso(f"{YEAR - 1}-12-{day}T10:00")
    desk.letter(kind="complaint", **facts)
    if forwarded:
        desk.forward()
    return desk


def notice(desk: Noticed) -> list[str]:
    return desk.tells("rescheduled", role=Role.SYSTEM, rules=2)


def test_every_day_clock_that_reached_into_the_new_year_is_counted_anew() -> None:
    """Sent on New Year's Eve: signature, return and reply all lie beyond what was known."""
    desk = december("31")
    case = desk.cases["a"]
    d = case.dispatches[0]
    new = desk.book.of(2).calendar
    notice(desk)
    moved = replace(
        d,
        counted_by=2,
        sign_due=deadlines.due(d.sent_at, Term(1, "wd"), new),
        return_due=deadlines.due(d.sent_at, Term(2, "wd"), new),
        reply_due=deadlines.due(d.sent_at, Term(15, "wd"), new),
    )
    assert desk.cases["a"].dispatches == (moved,)
    assert [(m.clock, m.was, m.to) for m in desk.cases["a"].due_moves] == [
        ("sign", d.sign_due, moved.sign_due),
        ("return", d.return_due, moved.return_due),
        ("reply", d.reply_due, moved.reply_due),
    ]
    assert d.sign_due != moved.sign_due
    assert desk.refuses("rescheduled", role=Role.SYSTEM, rules=2) == {"code": "stale"}


def test_what_was_known_stays_beside_what_is_counted_anew() -> None:
    desk = december("20")
    d = desk.cases["a"].dispatches[0]
    notice(desk)
    reply = deadlines.due(d.sent_at, Term(15, "wd"), desk.book.of(2).calendar)
    assert desk.cases["a"].dispatches == (replace(d, counted_by=2, reply_due=reply),)
    assert reply != d.reply_due


@pytest.mark.parametrize("urgency", ["urgent", "critical"])
def test_hours_run_through_the_holidays(urgency: str) -> None:
    """Sent late on New Year's Eve an urgent letter is to be signed in the new year, by the hour; only its days are counted anew."""
    desk = december("31", forwarded=False, urgency=urgency)
    desk.now += 12 * HOUR
    d = desk.forward().dispatches[0]
    assert deadlines.last_day(d.sign_due).year == YEAR
    if urgency == "critical":
        assert desk.refuses("rescheduled", role=Role.SYSTEM, rules=2) == {"code": "stale"}
        return
    notice(desk)
    reply = deadlines.due(d.sent_at, Term(3, "wd"), desk.book.of(2).calendar)
    assert desk.cases["a"].dispatches == (replace(d, counted_by=2, reply_due=reply),)


def test_an_urgent_letter_still_at_the_desk_keeps_its_hours() -> None:
    desk = december("31", forwarded=False, urgency="urgent")
    desk.now += 13 * HOUR
    desk.letter("b", urgency="urgent")
    assert deadlines.last_day(desk.cases["b"].forward_due or 0).year == YEAR
    assert desk.refuses("rescheduled", "b", role=Role.SYSTEM, rules=2) == {"code": "stale"}


def test_a_signature_counted_in_days_moves_beside_a_reply_counted_in_hours() -> None:
    class Mixed(Noticed):
        level = replace(OLD.levels[Urgency.NORMAL], reply=BY_HOUR.reply)
        book = replace(
            Noticed.book,
            versions=Noticed.book.versions | {1: replace(OLD, levels={**OLD.levels, Urgency.NORMAL: level})},
        )

    desk = december("31", of=Mixed)
    d = desk.cases["a"].dispatches[0]
    notice(desk)
    after = desk.cases["a"].dispatches[0]
    assert (d.reply_due, after.reply_due) == (d.sent_at + 48 * HOUR, d.sent_at + 48 * HOUR)
    assert after.sign_due > d.sign_due


def test_the_desks_own_clock_is_moved_once_with_its_trace() -> None:
    desk = december("31", forwarded=False)
    assert notice(desk) == lines("""
        forward_due: 01-02 00:00 → 01-12 00:00
        rules: 1 → 2
        due_moves: + rescheduled '' forward 01-02 00:00 01-12 00:00
    """)
    assert desk.refuses("rescheduled", role=Role.SYSTEM, rules=2) == {"code": "stale"}


def test_a_letter_due_before_the_year_ends_is_not_touched() -> None:
    for forwarded in (True, False):
        desk = december("02", forwarded=forwarded)
        assert desk.refuses("rescheduled", role=Role.SYSTEM, rules=2) == {"code": "stale"}


def test_what_a_unit_has_answered_or_given_back_has_no_clock_to_move() -> None:
    desk = december("30")
    replied = desk.must("replied", role=U).dispatches
    assert desk.refuses("rescheduled", role=Role.SYSTEM, rules=2) == {"code": "stale"}
    desk.must("redone", code="evasive")
    assert desk.must("rescheduled", role=Role.SYSTEM, rules=2).dispatches != replied


def test_a_co_handler_is_told_of_its_own_clock_where_the_leads_is_done() -> None:
    desk = december("31")
    desk.forward(district="500112", co=True)
    desk.must("replied", role=U)
    lead, co = desk.cases["a"].dispatches
    case = desk.must("rescheduled", role=Role.SYSTEM, rules=2)
    assert case.dispatches[0] is lead
    assert {(m.dispatch, m.clock) for m in case.due_moves} == {(co.id, "sign"), (co.id, "return"), (co.id, "reply")}


def test_days_that_were_added_stay_added() -> None:
    desk = december("20")
    desk.must("signed", role=U)
    desk.must("extension_asked", role=U)
    d = desk.must("extended", role=S).dispatches[0]
    notice(desk)
    assert desk.cases["a"].dispatches[0].reply_due == deadlines.due(
        d.sent_at, Term(15 + 10, "wd"), desk.book.of(2).calendar
    )


@pytest.mark.parametrize(
    ("off", "on"),
    [
        (set(), {date(YEAR - 1, 12, 26)}),
        ({date(YEAR - 1, 12, 31)}, set()),
        ({date(YEAR - 1, 12, 30)}, {date(YEAR - 1, 12, 27)}),
    ],
)
def test_a_notice_may_begin_in_the_december_before_its_year(off: set[date], on: set[date]) -> None:
    """A make-up Saturday after Christmas, or a day off before New Year: the days are counted with them."""
    old = Calendar(frozenset(), frozenset(), date(YEAR - 1, 12, 31))
    new = Calendar(frozenset(off | NEW_YEAR), frozenset(on), date(YEAR, 12, 31))
    start = midnight(date(YEAR - 1, 12, 21)) + 10 * HOUR
    term = Term(12, "wd")
    got = case_calendar.recounted(deadlines.due(start, term, old), start, old, new)
    assert got == deadlines.due(start, term, new)


def test_only_a_day_that_was_unknown_and_is_known_now_counts_as_newly_known() -> None:
    old, new = OLD.calendar, Noticed.book.of(2).calendar
    eve, first, far = (
        midnight(date(y, m, d)) + DAY for y, m, d in ((YEAR - 1, 12, 31), (YEAR, 1, 1), (YEAR + 1, 1, 1))
    )
    assert [case_calendar.newly_known(due, old, new) for due in (eve, first, far)] == [False, True, False]
    assert not case_calendar.newly_known(first, new, new)
    assert not case_calendar.newly_known(first, old, old)
