"""Times as files write them: ISO, 2019/4/24 16:03, 2019年4月24日, a month alone, Excel's serial days, epoch seconds."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from db.clock import SHANGHAI, from_iso
from db.model import Ms

_WRITTEN = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2})\s*日?)?\s*月?"
    r"(?:[T\s]*(\d{1,2})\s*[:：时]\s*(\d{1,2})?(?:\s*[:：分]\s*(\d{1,2}))?[分秒]?)?(?:\.\d+)?"
)
EXCEL_DAY_0 = datetime(1899, 12, 30, tzinfo=SHANGHAI)
EARLIEST, LATEST = 1990, 2100


def moment(value: object) -> Ms:
    """A cell → UTC ms; without a zone it is Asia/Shanghai; a day alone its first moment, a month its first day.

    Raises ValueError for what is no time, or a year outside 1990 to 2100.
    """
    if isinstance(value, datetime):
        return _checked(value if value.tzinfo else value.replace(tzinfo=SHANGHAI))
    if isinstance(value, date):
        return _checked(datetime(value.year, value.month, value.day, tzinfo=SHANGHAI))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _number(float(value))
    text = str(value).strip()
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return _number(float(text))
    try:
        if re.search(r"(Z|[+-]\d\d:?\d\d)$", text) and "T" in text:
            return from_iso(text)
    except ValueError:
        pass
    match = _WRITTEN.fullmatch(text)
    if match is None:
        raise ValueError(text)
    year, month, day, hour, minute, second = (int(g) if g else None for g in match.groups())
    return _checked(datetime(year or 0, month or 1, day or 1, hour or 0, minute or 0, second or 0, tzinfo=SHANGHAI))


def _number(value: float) -> Ms:
    """Excel's serial days (20000 to 80000), epoch seconds or epoch milliseconds."""
    if 20_000 <= value <= 80_000:
        return _checked(EXCEL_DAY_0 + timedelta(days=value))
    if value > 1e11:
        value /= 1000
    if value < 6e8:
        raise ValueError(str(value))
    return _checked(datetime.fromtimestamp(value, SHANGHAI))


def _checked(at: datetime) -> Ms:
    if not EARLIEST <= at.year <= LATEST:
        raise ValueError(at.isoformat())
    return round(at.timestamp() * 1000)
