"""A span of whole days in Asia/Shanghai that figures are about: a month, a week, a quarter, a year, or any range.

As typed and as named: `2024-10`, `2024-W41` (ISO week, Monday to Sunday), `2024-Q4`, `2024`, `2024-10-12`,
`2024-10-01..2024-10-15` (both days included).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

from db.clock import DAY, day_of, midnight
from db.model import Ms

Unit = Literal["month", "week", "quarter", "year", "days"]

_FORMS: tuple[tuple[Unit, re.Pattern[str]], ...] = (
    ("month", re.compile(r"(\d{4})-(\d{2})")),
    ("week", re.compile(r"(\d{4})-[Ww](\d{1,2})")),
    ("quarter", re.compile(r"(\d{4})-[Qq]([1-4])")),
    ("year", re.compile(r"(\d{4})")),
)
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.\.(\d{4}-\d{2}-\d{2}))?")
_MONTHS = {"month": 1, "quarter": 3, "year": 12}

GRACE_SHARE = 5
GRACE_MOST: Ms = 6 * DAY
"""Words about a period are waited for a fifth of its length, six days at most: October's page appeared on 6 November."""


class BadPeriodError(ValueError):
    """What was typed is no period."""


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both included."""

    unit: Unit
    first: date
    last: date

    @cached_property
    def start(self) -> Ms:
        return midnight(self.first)

    @cached_property
    def end(self) -> Ms:
        """The first moment after it."""
        return midnight(self.last + timedelta(days=1))

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def grace(self) -> Ms:
        """How long after its end words and ratings still count where it was never frozen, ms."""
        return min(GRACE_MOST, self.days * DAY // GRACE_SHARE)

    @property
    def name(self) -> str:
        """As it can be typed again."""
        if self.unit == "month":
            return f"{self.first:%Y-%m}"
        if self.unit == "quarter":
            return f"{self.first.year}-Q{(self.first.month + 2) // 3}"
        if self.unit == "year":
            return str(self.first.year)
        if self.unit == "week":
            year, week, _day = self.first.isocalendar()
            return f"{year}-W{week:02d}"
        return f"{self.first}..{self.last}" if self.first != self.last else str(self.first)

    def before(self) -> Period:
        """The period it is compared with: the one before, of the same kind; for a range as many days before it."""
        if self.unit in _MONTHS:
            return _of_months(self.unit, *_shifted(self.first.year, self.first.month, -_MONTHS[self.unit]))
        return Period(self.unit, self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    def after(self) -> Period:
        """The one after it, of the same kind."""
        if self.unit in _MONTHS:
            return _of_months(self.unit, *_shifted(self.first.year, self.first.month, _MONTHS[self.unit]))
        return Period(self.unit, self.last + timedelta(days=1), self.last + timedelta(days=self.days))


def parse(typed: str) -> Period:
    """The period as typed. Raises BadPeriodError for what is none."""
    try:
        return _parsed(typed.strip())
    except ValueError:  # a day or week that no calendar has
        raise BadPeriodError(typed) from None


def _parsed(text: str) -> Period:
    for unit, form in _FORMS:
        if found := form.fullmatch(text):
            return _made(unit, *(int(part) for part in found.groups()))
    found = _RANGE.fullmatch(text)
    if found is None:
        raise BadPeriodError(text)
    first = date.fromisoformat(found[1])
    last = date.fromisoformat(found[2] or found[1])
    if last < first:
        raise BadPeriodError(text)
    return Period("days", first, last)


def _made(unit: Unit, year: int, nth: int = 1) -> Period:
    if unit == "week":
        monday = date.fromisocalendar(year, nth, 1)
        return Period("week", monday, monday + timedelta(days=6))
    return _of_months(unit, year, 3 * nth - 2 if unit == "quarter" else nth)


def month_of(moment: Ms) -> Period:
    """The month that holds this moment."""
    day = day_of(moment)
    return _of_months("month", day.year, day.month)


def _of_months(unit: Unit, year: int, month: int) -> Period:
    beyond = date(*_shifted(year, month, _MONTHS[unit]), 1)
    return Period(unit, date(year, month, 1), beyond - timedelta(days=1))


def _shifted(year: int, month: int, by: int) -> tuple[int, int]:
    years, nth = divmod(year * 12 + month - 1 + by, 12)
    return years, nth + 1
