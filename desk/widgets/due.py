"""Times as a person at the desk reads them: when a letter came, what is left, how late it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from db.clock import DAY, day_of, local, midnight
from db.deadline_days import working_days
from db.model_codes import Ms
from db.model_rules import Calendar
from db.words import _

HOUR: Ms = 3_600_000
MINUTE: Ms = 60_000
ONE = timedelta(days=1)

Tone = Literal["late", "today", "ink", "faint"]


def came(at: Ms, now: Ms) -> str:
    """The moment a letter came, five cells: 08:12 today, 10-31 this year, 23/10 (year/month) before."""
    then, today = local(at), local(now)
    if then.date() == today.date():
        return then.strftime("%H:%M")
    if then.year == today.year:
        return then.strftime("%m-%d")
    return then.strftime("%y/%m")


def moment(at: Ms, now: Ms) -> str:
    """Day and time, with the year only where it is another one."""
    then = local(at)
    return then.strftime("%m-%d %H:%M" if then.year == local(now).year else "%Y-%m-%d %H:%M")


def due_moment(due: Ms, now: Ms) -> str:
    """A due time. The exclusive end of a day is shown as 24:00 of that day (DESIGN.md §4, Deadlines)."""
    if is_day_end(due):
        last = day_of(due - 1)
        return last.strftime("%m-%d 24:00" if last.year == local(now).year else "%Y-%m-%d 24:00")
    return moment(due, now)


def is_day_end(due: Ms) -> bool:
    """Whether a due time is the end of a day: day clocks end there, hour clocks almost never."""
    return due == midnight(day_of(due))


def time_left(due: Ms | None, now: Ms, cal: Calendar, *, paused: bool = False) -> tuple[str, Tone]:
    """What the row says about a running clock, and how loudly: 超3日, 今日到期, 剩2日, 剩3时, 暂停.

    Days of a day clock are working days, as the terms are: what is due on Monday has one day left on Friday.

    Late is `now >= due`, so a letter is "due today" until midnight and late from then on, never both.
    """
    if due is None:
        return "", "faint"
    if paused:
        return _("paused"), "faint"
    if now >= due:
        return _late(due, now, cal), "late"
    if is_day_end(due):
        if day_of(due - 1) == day_of(now):
            return _("due today"), "today"
        days = working_days(now, due, cal) - working_days(now, midnight(day_of(now) + ONE), cal)
        return _("{n}d left", n=max(1, days)), "today" if days <= 1 else "ink"
    left = due - now
    if left < HOUR:
        return _("{n}m left", n=max(1, left // MINUTE)), "today"
    if left < 2 * DAY:
        return _("{n}h left", n=left // HOUR), "today" if left < 4 * HOUR else "ink"
    return _("{n}d left", n=left // DAY), "ink"


def _late(due: Ms, now: Ms, cal: Calendar) -> str:
    if is_day_end(due):
        # today counts as soon as it is worked; over a weekend a letter is late by no working day yet
        days = working_days(due, midnight(day_of(now) + ONE), cal)
        return _("{n}d late", n=days) if days else _("late")
    over = now - due
    if over < HOUR:
        return _("{n}m late", n=max(1, over // MINUTE))
    if over < 2 * DAY:
        return _("{n}h late", n=over // HOUR)
    return _("{n}d late", n=over // DAY)
