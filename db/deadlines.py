"""Clocks of a case: which run, what is late, and the ladder's next step (DESIGN.md §4, Deadlines).

Pure: standard library, the model and the fixed zone of `db/clock.py`. Days are counted in `db/deadline_days.py`, whose names are
this module's too. The invariant: at every moment a running clock is in exactly one of late, today, later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from db.clock import DAY, day_of, local, midnight
from db.copies import maker
from db.deadline_days import (
    HOUR,
    Unit,
    add_working_days,
    after_pause,
    due,
    is_working_day,
    last_day,
    last_working_days,
    nth_working_day,
    remaining,
    tentative,
    working_days,
)
from db.model import Case, Chase, Dispatch, DispatchId, DispatchState, Ms, State, Urgency
from db.model_rules import Calendar, Rules

__all__ = [
    "HOUR",
    "Bucket",
    "Clock",
    "Step",
    "Unit",
    "add_working_days",
    "after_pause",
    "bucket",
    "chase_day",
    "chase_of",
    "clocks",
    "due",
    "in_office_hours",
    "is_late",
    "is_working_day",
    "ladder",
    "last_day",
    "last_working_days",
    "late_clocks",
    "next_due",
    "nth_working_day",
    "open_question_candidate",
    "paused",
    "remaining",
    "sent_already",
    "tentative",
    "working_days",
    "working_days_late",
]

ONE_DAY = timedelta(days=1)

Bucket = Literal["late", "today", "later"]

RUNNING = (DispatchState.SENT, DispatchState.SIGNED)
FORWARD_RUNS = frozenset({State.RECEIVED, State.ACCEPTED, State.RETURNED})
ASKABLE = frozenset({State.FORWARDED, State.IN_PROGRESS, State.RETURNED, State.TRACKING})
"""From where a letter may be printed as an open question, 正在问."""


# ── late ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def is_late(due_: Ms, stop: Ms | None, now: Ms) -> bool:
    """late = (stop, or now) ≥ due."""
    return (now if stop is None else stop) >= due_


def bucket(due_: Ms, now: Ms) -> Bucket:
    """The one list a running clock is in: late, due today (its last day is today), or later."""
    if is_late(due_, None, now):
        return "late"
    return "today" if last_day(due_) <= day_of(now) else "later"


def working_days_late(due_: Ms, now: Ms, cal: Calendar) -> int:
    """Full working days since the due time; 0 on the first day late."""
    return working_days(due_, now, cal)


# ── clocks ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def paused(case: Case) -> bool:
    """Whether every clock stands still because the citizen was asked."""
    return bool(case.pauses) and case.pauses[-1].end is None


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock that runs: forward (the desk), sign and reply (a dispatch), promise (tracking). Times are UTC ms."""

    kind: Literal["forward", "sign", "reply", "promise"]
    due: Ms
    dispatch: DispatchId | None = None


def clocks(case: Case) -> tuple[Clock, ...]:
    """The clocks that run now, on the case and on each dispatch, co-handlers' too; none while paused or closed."""
    if paused(case):
        return ()
    running: list[Clock] = []
    made = maker(Clock)
    if case.state in FORWARD_RUNS and case.forward_due is not None:
        running.append(made("forward", case.forward_due))
    if case.state is State.TRACKING and case.promised is not None:
        running.append(made("promise", midnight(case.promised) + DAY))
    for d in case.dispatches:
        if d.state is DispatchState.SENT:
            running.append(made("sign", d.sign_due, d.id))
        if d.state in RUNNING:
            running.append(made("reply", d.reply_due, d.id))
    return tuple(running)


def next_due(case: Case) -> Clock | None:
    """The running clock that is due first, of any kind; None where nothing runs."""
    return min(clocks(case), key=_due_first, default=None)


def _due_first(clock: Clock) -> tuple[Ms, str]:
    return clock.due, clock.kind


def late_clocks(case: Case, now: Ms) -> tuple[Clock, ...]:
    """Queue 4: any running forward, sign or reply clock that is late, on any dispatch."""
    return tuple(c for c in clocks(case) if c.kind != "promise" and is_late(c.due, None, now))


# ── the ladder ───────────────────────────────────────────────────────────────────────────────────────────────────────


def in_office_hours(now: Ms, rules: Rules) -> bool:
    """Working days between the rules' office hours, when the ladder proposes for 一般."""
    at = local(now)
    start, end = rules.office_hours
    return start <= at.hour < end and is_working_day(at.date(), rules.calendar)


def chase_day(now: Ms, cal: Calendar) -> date:
    """The working day a chase counts for: today, or on a day off the working day before it."""
    day = day_of(now)
    return day if is_working_day(day, cal) else nth_working_day(day, -1, cal)


def chase_of(d: Dispatch, level: int, at: Ms, cal: Calendar) -> Chase:
    """What a chase sent at that moment is about: the signature, while only that is late; else the reply.

    A warning (level 1) is always about the reply: nobody is warned before a signature is due.
    """
    signing = d.state is DispatchState.SENT and level > 1 and d.sign_due <= at < d.reply_due
    if signing:
        return Chase(level, chase_day(at, cal), "sign", d.sign_due)
    return Chase(level, chase_day(at, cal), "reply", d.reply_due)


def sent_already(d: Dispatch, chase: Chase) -> bool:
    """Whether that level went out on that working day for the same deadline."""
    return any(c.level == chase.level and c.day == chase.day and c.clock == chase.clock for c in d.chased_on)


@dataclass(frozen=True, slots=True)
class Step:
    """What the ladder proposes: the chase level 1 提醒 … 4 提级, why (a code), since when it is due (UTC ms), which clock."""

    level: int
    why: Literal["warned", "late", "supervise", "escalate"]
    since: Ms
    clock: Literal["sign", "reply"] = "reply"


def ladder(case: Case, dispatch: Dispatch, now: Ms, rules: Rules) -> Step | None:
    """The next chase a person should send for a dispatch, or None: nothing due, outside hours, paused, or already chased so.

    一般 is proposed on working days in office hours only, urgent around the clock. Each level once for each deadline, the
    highest that is due: what was sent for a late signature hides nothing of a late reply, nor what was sent before a redo
    or an extension gave the reply another due time.
    """
    if paused(case) or dispatch.state not in RUNNING:
        return None
    urgent = case.urgency is not Urgency.NORMAL
    if not urgent and not in_office_hours(now, rules):
        return None
    due_steps = [s for s in _steps(dispatch, urgent, rules) if s.since <= now and not _taken(dispatch, s)]
    step = max(due_steps, key=lambda s: s.level, default=None)  # the reply's of two as high: it comes first
    if step is None or sent_already(dispatch, chase_of(dispatch, step.level, now, rules.calendar)):
        return None
    return step


def _taken(d: Dispatch, step: Step) -> bool:
    """Whether a chase as high was sent for this very deadline; one for a late reply asks for the signature too."""
    for chase in d.chased_on:
        same = chase.clock == step.clock and chase.due in (None, d.sign_due if step.clock == "sign" else d.reply_due)
        if chase.level >= step.level and (same or (step.clock == "sign" and chase.clock == "reply")):
            return True
    return False


def _steps(d: Dispatch, urgent: bool, rules: Rules) -> tuple[Step, ...]:
    """Every step of both clocks of a dispatch, whenever it is due; the reply's first."""
    cal, due_ = rules.calendar, d.reply_due
    if urgent:
        third, fourth = (due_ + h * HOUR for h in rules.urgent_ladder)
    else:
        third = add_working_days(due_, rules.supervise_after, cal)
        fourth = add_working_days(third, rules.supervise_after, cal)
    signing = (Step(2, "late", d.sign_due, "sign"),) if d.state is DispatchState.SENT else ()
    return (
        Step(1, "warned", _warned(d, urgent, rules)),
        Step(2, "late", due_),
        Step(3, "supervise", third),
        Step(4, "escalate", fourth),
        *signing,
    )


def _warned(d: Dispatch, urgent: bool, rules: Rules) -> Ms:
    """When 80 % of the term are spent, counted back from the due time, so that pauses and extensions have moved it too.

    一般 counts working days (of 7 the last two, of 3 the last one): over National Day 80 % of the wall clock are gone when
    hardly half of the working days are. Urgent runs around the clock.
    """
    cal, left = rules.calendar, 1 - rules.warn_share
    if urgent or d.term.unit == "h":
        return d.reply_due - round((due(d.sent_at, d.term, cal) - d.sent_at) * left)
    spent = int(d.term.amount * rules.warn_share + 1e-9)  # 0.7 of 10 is seven, whatever floats say
    return last_working_days(d.reply_due, max(1, d.term.amount - spent), cal)


def open_question_candidate(case: Case, now: Ms, rules: Rules) -> Literal["late", "returns", "redos"] | None:
    """Why a letter should be offered for 正在问: a unit late 10 working days, 3 returns or 3 redos; else None.

    Only what may be printed so is offered: never 保密 or erased, not twice, and not for the desk's own lateness in forwarding.
    """
    printed = any(p.as_ == "open_question" for p in case.publications)
    if case.state not in ASKABLE or case.confidential or case.erased or printed:
        return None
    for clock in late_clocks(case, now):
        if clock.dispatch and working_days_late(clock.due, now, rules.calendar) >= rules.open_question_after:
            return "late"
    if case.returns >= 3:
        return "returns"
    return "redos" if case.redos >= 3 else None
