"""The one calculator of working days: 调休, due times, pauses, what is left of a clock (DESIGN.md §4, Deadlines).

Pure. Due times are exclusive ends in UTC ms: a day clock is due at the midnight that ends its last day. A day is counted by its
ordinal, so that a due time costs about a microsecond when a million letters are folded. The invariant: the n-th working day
after a day is the only day on which `WorkingDays.upto` has grown by n and that is itself worked.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from db.clock import DAY, midnight
from db.model_codes import Ms, Term
from db.model_rules import Calendar

if TYPE_CHECKING:
    from db.model import Pause

HOUR: Ms = 3_600_000

Unit = Literal["h", "wd"]

REMEMBERED = 4_000
"""Days and terms whose end a calendar remembers: some years of letters."""

_EPOCH = date(1970, 1, 1).toordinal()
_DAY_ZERO: Ms = midnight(date(1970, 1, 1))  # Asia/Shanghai's 1970-01-01 begins eight hours before the epoch


def _ordinal(moment: Ms) -> int:
    """The calendar day in Asia/Shanghai that holds this moment."""
    return _EPOCH + (moment - _DAY_ZERO) // DAY


def _starts(ordinal: int) -> Ms:
    """The first moment of that day; the exclusive end of the day before."""
    return _DAY_ZERO + (ordinal - _EPOCH) * DAY


class WorkingDays:
    """A calendar's working days, counted: all Mondays to Fridays, less the days off, and the make-up days."""

    __slots__ = ("_extra", "_found", "_missing")

    def __init__(self, cal: Calendar) -> None:
        self._found: dict[tuple[int, int], int] = {}
        self._extra = sorted(d.toordinal() for d in cal.on if d.weekday() >= 5)
        self._missing = sorted(d.toordinal() for d in cal.off - cal.on if d.weekday() < 5)

    def upto(self, ordinal: int) -> int:
        """How many working days there are up to and including that day, since the first Monday of the era."""
        weeks, days = divmod(ordinal, 7)  # ordinal 1 is a Monday
        return weeks * 5 + min(days, 5) + bisect_right(self._extra, ordinal) - bisect_right(self._missing, ordinal)

    def after(self, ordinal: int, n: int) -> int:
        """The n-th working day after that day; the day itself, worked or not, for n = 0. Letters of one day ask for the same
        few, so these are remembered."""
        found = self._found.get((ordinal, n))
        if found is None:
            if len(self._found) >= REMEMBERED:
                self._found.clear()
            found = self._found[ordinal, n] = self._after(ordinal, n)
        return found

    def _after(self, ordinal: int, n: int) -> int:
        """Each day adds at most one, so stepping by what lacks never steps over."""
        wanted = self.upto(ordinal) + n
        while lacking := wanted - self.upto(ordinal):
            ordinal += lacking
        return ordinal

    def before(self, ordinal: int, n: int) -> int:
        """The n-th working day before that day, n ≥ 1."""
        ordinal -= 1
        wanted = self.upto(ordinal) - n
        while surplus := self.upto(ordinal) - wanted:
            ordinal -= surplus
        return self.after(ordinal, 1)


@lru_cache(maxsize=32)
def _counted(cal: Calendar) -> WorkingDays:
    return WorkingDays(cal)


def is_working_day(day: date, cal: Calendar) -> bool:
    """Monday to Friday, but for the notices' days off and make-up days; beyond `known_until` Monday to Friday."""
    if day in cal.on:
        return True
    return day.weekday() < 5 and day not in cal.off


def tentative(day: date, cal: Calendar) -> bool:
    """暂定: no notice says yet whether that day is worked."""
    return day > cal.known_until


def nth_working_day(day: date, n: int, cal: Calendar) -> date:
    """The n-th working day after `day`; before it for n < 0; the day itself, worked or not, for n = 0."""
    days = _counted(cal)
    at = day.toordinal()
    return date.fromordinal(days.after(at, n) if n >= 0 else days.before(at, -n))


def due(start: Ms, term: Term, cal: Calendar) -> Ms:
    """When a clock started at `start` runs out: hours around the clock; day of sending is day 0, due the end of day n."""
    if term.unit == "h":
        return start + term.amount * HOUR
    return _starts(_counted(cal).after(_ordinal(start), term.amount) + 1)


def add_working_days(due_: Ms, n: int, cal: Calendar) -> Ms:
    """A due time n ≥ 0 working days later: the end of a day stays the end of a day, an hour clock keeps its time of day."""
    last = _ordinal(due_ - 1)
    return due_ + (_counted(cal).after(last, n) - last) * DAY


def last_day(due_: Ms) -> date:
    """The last day a clock allows: the day that holds the moment before its exclusive end."""
    return date.fromordinal(_ordinal(due_ - 1))


def last_working_days(due_: Ms, n: int, cal: Calendar) -> Ms:
    """When the last n working days before a day clock's due time begin, n ≥ 1."""
    return _starts(_counted(cal).before(_ordinal(due_), n))


def working_days(a: Ms, b: Ms, cal: Calendar) -> int:
    """How many working days end in (a, b]: 0 where b ≤ a."""
    days = _counted(cal)  # a day's end is the next midnight
    return max(0, days.upto(_ordinal(b) - 1) - days.upto(_ordinal(a) - 1))


def after_pause(due_: Ms, pause: Pause, unit: Unit, cal: Calendar) -> Ms:
    """The due time after an ended pause: hour clocks gain its length, day clocks the working days whose end lies inside.

    A pause still running changes nothing yet; one that began when the clock had run out never does. A clock that was started
    inside a pause is given only the rest of it by its caller.
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
    return Term(working_days(_starts(_ordinal(stop) + 1), due_, cal), "wd")
