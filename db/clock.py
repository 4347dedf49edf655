"""The one place that asks what time it is. `DESK_NOW` (ISO 8601) makes the clock stand still: tests, demo."""

from __future__ import annotations

import os
import time
from datetime import UTC, date, datetime, timedelta, timezone

from db.model_codes import Ms

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""A fixed offset: Asia/Shanghai has had no summer time since 1991."""

DAY: Ms = 86_400_000
_AHEAD: Ms = 8 * 3_600_000
_DAY_NOUGHT = date(1970, 1, 1).toordinal()


def now_ms() -> Ms:
    """The present, UTC ms; what `DESK_NOW` says where it is set (without a zone: Asia/Shanghai)."""
    fixed = os.environ.get("DESK_NOW")
    return from_iso(fixed) if fixed else time.time_ns() // 1_000_000


def from_iso(text: str) -> Ms:
    """ISO 8601 → UTC ms; without a zone it is Asia/Shanghai. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=SHANGHAI)
    return round(moment.timestamp() * 1000)


def to_iso(ms: Ms) -> str:
    """UTC ms → ISO 8601 to the second, in Asia/Shanghai with its zone."""
    return local(ms).isoformat(timespec="seconds")


def local(ms: Ms) -> datetime:
    """UTC ms → the wall clock in Asia/Shanghai."""
    return datetime.fromtimestamp(ms // 1000, UTC).astimezone(SHANGHAI)


def day_of(ms: Ms) -> date:
    """The calendar day in Asia/Shanghai that holds this moment."""
    return date.fromordinal((ms + _AHEAD) // DAY + _DAY_NOUGHT)


def day_in_words(day: date | None) -> str:
    """2024年11月1日, as letters and documents that leave the desk write it; "" for no day."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def midnight(day: date) -> Ms:
    """The first moment of a day in Asia/Shanghai, UTC ms."""
    return round(datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).timestamp() * 1000)
