"""Due times that move after they were set: when a year's notice comes, and the trace that every move leaves. Pure.

A due time that lies beyond the calendar it was counted by is 暂定, Monday to Friday. When the notice comes, the same
number of working days is counted again by the new calendar; nothing else of a sent letter ever moves so.
"""

from __future__ import annotations

from db import deadlines
from db.case_turn import Turn, calendar_of, level_of, refuse
from db.clock import DAY, day_of, midnight
from db.copies import replace
from db.deadline_days import Unit
from db.model import Case, Dispatch, DispatchState, DueMove, EventId, Ms, Verdict
from db.model_rules import Calendar, Rulebook, Rules

RUNNING = (DispatchState.SENT, DispatchState.SIGNED)


def rescheduled(turn: Turn) -> Verdict:
    """Every provisional due time of the case counted by the calendar of the version that the event names."""
    if turn.facts.get("rules") is None:
        return refuse("bad_fact", field="rules")
    after = by_notice(turn.case, turn.book, turn.rules)
    return refuse("stale") if after is None else after


def by_notice(case: Case, book: Rulebook, rules: Rules) -> Case | None:
    """The case with its provisional due times counted by that version's calendar; None where there are none."""
    dispatches = tuple(_dispatch(d, book, rules) for d in case.dispatches)
    now = _forward(case, book, rules)
    if dispatches == case.dispatches and now is case:
        return None
    return replace(now, dispatches=dispatches)


def _forward(case: Case, book: Rulebook, rules: Rules) -> Case:
    old = book.of(case.rules)
    if case.forward_due is None or level_of(old, case.urgency).forward.unit == "h":
        return case
    if not newly_known(case.forward_due, old.calendar, rules.calendar):
        return case
    due = recounted(case.forward_due, case.start_at, old.calendar, rules.calendar)
    return replace(case, forward_due=due, rules=rules.version)


def _dispatch(d: Dispatch, book: Rulebook, rules: Rules) -> Dispatch:
    if d.state not in RUNNING:
        return d
    old, new = calendar_of(d, book), rules.calendar
    level = level_of(book.of(d.rules), d.urgency)

    def again(due: Ms, unit: Unit) -> Ms | None:
        return recounted(due, d.sent_at, old, new) if unit == "wd" and newly_known(due, old, new) else None

    sign, return_ = again(d.sign_due, level.sign.unit), again(d.return_due, level.return_.unit)
    reply = again(d.reply_due, d.term.unit)
    if sign is return_ is reply is None:
        return d
    return replace(
        d,
        counted_by=rules.version,
        sign_due=d.sign_due if sign is None else sign,
        return_due=d.return_due if return_ is None else return_,
        reply_due=d.reply_due if reply is None else reply,
    )


def newly_known(due: Ms, old: Calendar, new: Calendar) -> bool:
    """Whether a due time was provisional by the old calendar and the new one has a notice for its day."""
    last = deadlines.last_day(due)
    return deadlines.tentative(last, old) and not deadlines.tentative(last, new)


def recounted(due: Ms, start: Ms, old: Calendar, new: Calendar) -> Ms:
    """The due time of a day clock with as many working days as it had before, counted anew from the day on which the clock
    began: what extensions and pauses added to it stays added."""
    begun = day_of(start)
    days = deadlines.working_days(midnight(begun) + DAY, due, old)
    return midnight(deadlines.nth_working_day(begun, days, new)) + DAY


def due_moves(before: Case, after: Case, event: EventId) -> tuple[DueMove, ...]:
    """Which due times that were already set are others now. A clock that begins anew (`start`) was not moved."""
    moves: list[DueMove] = []
    was, to = before.forward_due, after.forward_due
    if was is not None and to is not None and was != to and before.start == after.start:
        moves.append(DueMove(event, "", "forward", was, to))
    if before.dispatches is after.dispatches:
        return tuple(moves)
    known = {d.id: d for d in before.dispatches}
    for d in after.dispatches:
        old = known.get(d.id)
        if old is None or old is d:
            continue
        for clock, a, b in (
            ("sign", old.sign_due, d.sign_due),
            ("return", old.return_due, d.return_due),
            ("reply", old.reply_due, d.reply_due),
        ):
            if a != b:
                moves.append(DueMove(event, d.id, clock, a, b))  # type: ignore[arg-type]  # one of the four
    return tuple(moves)
