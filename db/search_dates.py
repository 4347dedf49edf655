"""Days as people type them into a search: `2024-10-01`, `2024-10`, `10月1日`, `昨天`, `7d`, `上周`, a range → a span of time."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from db.clock import day_of, midnight
from db.model import Ms

_DAYS_AGO = {"today": 0, "今天": 0, "今日": 0, "yesterday": 1, "昨天": 1, "昨日": 1, "前天": 2}
_THIS_MONTH = ("本月", "这个月", "month")
_LAST_MONTH = ("上月", "上个月", "lastmonth")
_WEEKS_AGO = {"本周": 0, "这周": 0, "week": 0, "上周": 1, "lastweek": 1}
_THIS_YEAR = ("今年", "year")
_LAST_YEAR = ("去年", "lastyear")

_BACK = re.compile(r"-?(\d{1,4})(?:d|天|天前|日前)")
_FULL = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
_YEAR = re.compile(r"(\d{4})年?")
_MONTH_DAY = re.compile(r"(\d{1,2})[-/.月](\d{1,2})日?")
_MONTH_ONLY = re.compile(r"(\d{1,2})月")


def span(typed: str, now: Ms) -> tuple[Ms, Ms] | None:
    """The time a day, month or year covers in Asia/Shanghai: [start, end) in UTC ms. None where it is no date.

    Without a year it is the most recent one not after today.
    """
    try:
        days = _days(unicodedata.normalize("NFKC", typed).strip().lower(), day_of(now))
        return None if days is None else (midnight(days[0]), midnight(days[1] + timedelta(days=1)))
    except (ValueError, OverflowError):
        return None


def _days(typed: str, today: date) -> tuple[date, date] | None:
    """First and last day. Raises ValueError where the calendar has no such day."""
    if typed in _DAYS_AGO:
        return _one(today - timedelta(days=_DAYS_AGO[typed]))
    if typed in _THIS_MONTH:
        return _month(today.year, today.month)
    if typed in _LAST_MONTH:
        last = today.replace(day=1) - timedelta(days=1)
        return _month(last.year, last.month)
    if typed in _WEEKS_AGO:
        monday = today - timedelta(days=today.weekday() + 7 * _WEEKS_AGO[typed])
        return monday, monday + timedelta(days=6)
    if typed in _THIS_YEAR:
        return _year(today.year)
    if typed in _LAST_YEAR:
        return _year(today.year - 1)
    return _numbers(typed, today)


def _numbers(typed: str, today: date) -> tuple[date, date] | None:
    if m := _BACK.fullmatch(typed):
        return _one(today - timedelta(days=int(m[1])))
    if m := _FULL.fullmatch(typed):
        year, month, day = (int(part) for part in m.groups() if part)
        return _one(date(year, month, day))
    if m := _MONTH.fullmatch(typed):
        return _month(int(m[1]), int(m[2]))
    if m := _YEAR.fullmatch(typed):
        return _year(int(m[1]))
    if m := _MONTH_DAY.fullmatch(typed):
        return _one(_latest(int(m[1]), int(m[2]), today))
    if m := _MONTH_ONLY.fullmatch(typed):
        month = int(m[1])
        return _month(today.year if month <= today.month else today.year - 1, month)
    return _period(typed)


def _period(typed: str) -> tuple[date, date] | None:
    """Weeks, quarters and ranges of days, as the month's page takes them. Raises ValueError where it is none."""
    from db.figures.period import parse  # a search without one needs no figures

    period = parse(typed.upper())
    return period.first, period.last


def _latest(month: int, day: int, today: date) -> date:
    """The most recent such day; 29 February may lie years back."""
    for year in range(today.year, today.year - 8, -1):
        if month == 2 and day == 29 and not _leap(year):
            continue
        found = date(year, month, day)
        if found <= today:
            return found
    raise ValueError(f"{month}-{day}")


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _one(day: date) -> tuple[date, date]:
    return day, day


def _month(year: int, month: int) -> tuple[date, date]:
    first = date(year, month, 1)
    following = date(year + month // 12, month % 12 + 1, 1)
    return first, following - timedelta(days=1)


def _year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)
