"""Clocks: working days with 调休, hour clocks, pauses, what is late, and the ladder's next step (DESIGN.md §4).

Pure: standard library, the model and the fixed zone of `db/clock.py`. Due times are exclusive ends in UTC ms: a day clock is due at
the midnight that ends its last day. The invariant: at every moment a due time is in exactly one of late, today, later.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from db.clock import DAY, day_of, local, midnight
from db.model import Calendar, Case, Dispatch, DispatchId, DispatchState, Ms, Pause, Rules, State, Term, Urgency

HOUR: Ms = 3_600_000
ONE_DAY = timedelta(days=1)

Unit = Literal["h", "wd"]
Bucket = Literal["late", "today", "later"]


def is_working_day(day: date, cal: Calendar) -> bool:
    """Monday to Friday, but for the notices' days off and make-up days; beyond `known_until` Monday to Friday."""
    if day in cal.on:
        return True
    return day.weekday() < 5 and day not in cal.off


def tentative(day: date, cal: Calendar) -> bool:
    """暂定: no notice says yet whether that day is worked."""
    return day > cal.known_until


@lru_cache(maxsize=64)
def _working_year(year: int, on: frozenset[date], off: frozenset[date]) -> tuple[int, ...]:
    """Ordinals of a year's working days."""
    cal = Calendar(off=off, on=on, known_until=date.max)
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range(366))
    return tuple(d.toordinal() for d in days if d.year == year and is_working_day(d, cal))


@lru_cache(maxsize=8192)
def _nth_working_day(day: date, n: int, on: frozenset[date], off: frozenset[date]) -> date:
    """The n-th working day after `day` (n ≥ 1)."""
    year, left = day.year, n
    days = _working_year(year, on, off)
    at = bisect_right(days, day.toordinal())
    while len(days) - at < left:
        left -= len(days) - at
        year += 1
        days, at = _working_year(year, on, off), 0
    return date.fromordinal(days[at + left - 1])


def nth_working_day(day: date, n: int, cal: Calendar) -> date:
    """The n-th working day after `day`, n ≥ 1; the day itself for n ≤ 0."""
    return day if n <= 0 else _nth_working_day(day, n, cal.on, cal.off)


def due(start: Ms, term: Term, cal: Calendar) -> Ms:
    """When a clock started at `start` runs out: hours around the clock; day of sending is day 0, due the end of day n."""
    if term.unit == "h":
        return start + term.amount * HOUR
    return midnight(nth_working_day(day_of(start), term.amount, cal)) + DAY


def add_working_days(due_: Ms, n: int, cal: Calendar) -> Ms:
    """A day clock's due time n working days later; an hour clock keeps its time of day."""
    if n <= 0:
        return due_
    last = last_day(due_)
    return due_ + (nth_working_day(last, n, cal) - last).days * DAY


def last_day(due_: Ms) -> date:
    """The last day a clock allows: the day that holds the moment before its exclusive end."""
    return day_of(due_ - 1)


def working_days(a: Ms, b: Ms, cal: Calendar) -> int:
    """How many working days end in (a, b]: 0 where b ≤ a."""
    if b <= a:
        return 0
    first, last = day_of(a), day_of(b)  # a day's end is the next midnight
    count = 0
    for year in range(first.year, last.year + 1):
        days = _working_year(year, cal.on, cal.off)
        low = bisect_right(days, first.toordinal() - 1) if year == first.year else 0
        high = bisect_right(days, last.toordinal() - 1) if year == last.year else len(days)
        count += max(0, high - low)
    return count


def after_pause(due_: Ms, pause: Pause, unit: Unit, cal: Calendar) -> Ms:
    """The due time after an ended pause: hour clocks gain its length, day clocks the working days whose end lies inside.

    A pause still running changes nothing yet; one that began when the clock had run out never does.
    """
    if pause.end is None or pause.start >= due_ or pause.end <= pause.start:
        return due_
    if unit == "h":
        return due_ + pause.end - pause.start
    return add_working_days(due_, working_days(pause.start, pause.end, cal), cal)


def remaining(due_: Ms, stop: Ms, unit: Unit, cal: Calendar) -> Term:
    """What was left of a clock that stopped at `stop`; never below 0. Hours are rounded down.

    The day of the stop is spent, as the day of sending is day 0: a clock stopped and started on one day is due as before.
    """
    if unit == "h":
        return Term(max(0, (due_ - stop) // HOUR), "h")
    return Term(working_days(midnight(day_of(stop)) + DAY, due_, cal), "wd")


def longer(a: Ms, b: Ms) -> Ms:
    """The later of two due times."""
    return max(a, b)


def is_late(due_: Ms, stop: Ms | None, now: Ms) -> bool:
    """late = (stop, or now) ≥ due."""
    return (now if stop is None else stop) >= due_


def bucket(due_: Ms, now: Ms) -> Bucket:
    """The one list a running clock is in: late, due today (its last day is today), or later."""
    if due_ <= now:
        return "late"
    return "today" if last_day(due_) <= day_of(now) else "later"


def paused(case: Case) -> bool:
    """Whether every clock stands still because the citizen was asked."""
    return bool(case.pauses) and case.pauses[-1].end is None


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock that runs: forward (the desk), sign and reply (a dispatch), promise (tracking)."""

    kind: Literal["forward", "sign", "reply", "promise"]
    due: Ms
    start: Ms
    dispatch: DispatchId | None = None


FORWARD_RUNS = frozenset({State.RECEIVED, State.ACCEPTED, State.RETURNED})


def clocks(case: Case) -> tuple[Clock, ...]:
    """The clocks that run now, on the case and on each dispatch; none while paused or closed."""
    if paused(case):
        return ()
    running: list[Clock] = []
    if case.state in FORWARD_RUNS and case.forward_due is not None:
        running.append(Clock("forward", case.forward_due, case.start_at))
    if case.state is State.TRACKING and case.promised is not None:
        running.append(Clock("promise", midnight(case.promised) + DAY, case.last_at))
    for d in case.dispatches:
        if d.state is DispatchState.SENT:
            running.append(Clock("sign", d.sign_due, d.sent_at, d.id))
        if d.state in (DispatchState.SENT, DispatchState.SIGNED):
            running.append(Clock("reply", d.reply_due, d.sent_at, d.id))
    return tuple(running)


def next_due(case: Case) -> Clock | None:
    """The running clock that is due first, promises apart only by their kind; None where nothing runs."""
    return min(clocks(case), key=lambda c: (c.due, c.kind), default=None)


def late_clocks(case: Case, now: Ms) -> tuple[Clock, ...]:
    """Queue 4: any running forward, sign or reply clock that is late, on any dispatch."""
    return tuple(c for c in clocks(case) if c.kind != "promise" and is_late(c.due, None, now))


def reply_unit(case_urgency: Urgency, rules: Rules) -> Unit:
    """Whether replies of that urgency run on hours or working days."""
    return next(iter(rules.levels[case_urgency].reply.values())).unit


def in_office_hours(now: Ms, rules: Rules) -> bool:
    """Working days between the rules' office hours, when the ladder proposes for 一般."""
    at = local(now)
    start, end = rules.office_hours
    return is_working_day(at.date(), rules.calendar) and start <= at.hour < end


@dataclass(frozen=True, slots=True)
class Step:
    """What the ladder proposes: the chase level 1 提醒 … 4 提级, why (a code), and since when it is due (UTC ms)."""

    level: int
    why: Literal["warned", "late", "supervise", "escalate"]
    since: Ms


def _steps(start: Ms, due_: Ms, urgent: bool, rules: Rules) -> tuple[Step, ...]:
    cal = rules.calendar
    warn = start + int((due_ - start) * rules.warn_share)
    if urgent:
        third, fourth = (due_ + h * HOUR for h in rules.urgent_ladder)
    else:
        third = add_working_days(due_, rules.supervise_after, cal)
        fourth = add_working_days(third, rules.supervise_after, cal)
    return (
        Step(1, "warned", warn),
        Step(2, "late", due_),
        Step(3, "supervise", third),
        Step(4, "escalate", fourth),
    )


def chase_day(now: Ms, cal: Calendar) -> date:
    """The working day a chase counts for: today, or on a day off the working day before it."""
    day = day_of(now)
    while not is_working_day(day, cal):
        day -= ONE_DAY
    return day


def ladder(case: Case, dispatch: Dispatch, now: Ms, rules: Rules) -> Step | None:
    """The next chase a person should send for a dispatch, or None: nothing due, outside hours, paused, or already chased so.

    一般 is proposed on working days in office hours only, urgent around the clock; each level once.
    """
    if paused(case) or dispatch.state not in (DispatchState.SENT, DispatchState.SIGNED):
        return None
    urgent = case.urgency is not Urgency.NORMAL
    if not urgent and not in_office_hours(now, rules):
        return None
    reached = [s for s in _steps(dispatch.sent_at, dispatch.reply_due, urgent, rules) if s.since <= now]
    if dispatch.state is DispatchState.SENT and dispatch.sign_due <= now:
        reached.append(Step(2, "late", dispatch.sign_due))
    step = max(reached, key=lambda s: s.level, default=None)
    return step if step and step.level > dispatch.chase_level else None


def working_days_late(due_: Ms, now: Ms, cal: Calendar) -> int:
    """Full working days since the due time; 0 on the first day late."""
    return working_days(due_, now, cal)


def open_question_candidate(case: Case, now: Ms, rules: Rules) -> Literal["late", "returns", "redos"] | None:
    """Why a letter should be offered for 正在问: late 10 working days, 3 returns or 3 redos; None where it should not."""
    for clock in late_clocks(case, now):
        if working_days_late(clock.due, now, rules.calendar) >= rules.open_question_after:
            return "late"
    if case.returns >= 3:
        return "returns"
    return "redos" if case.redos >= 3 else None
