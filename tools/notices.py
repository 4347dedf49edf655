"""Make db/data/calendar.json anew from the notices that `chinesecalendar` knows (2004 to 2026)."""

import json
from datetime import date, timedelta
from pathlib import Path

from chinese_calendar import is_workday

TARGET = Path(__file__).parents[1] / "db" / "data" / "calendar.json"


def main() -> None:
    off, on, day = [], [], date(2004, 1, 1)
    while True:
        try:
            works = is_workday(day)
        except NotImplementedError:
            break
        if works and day.weekday() >= 5:
            on.append(day.isoformat())
        elif not works and day.weekday() < 5:
            off.append(day.isoformat())
        day += timedelta(days=1)
    known = (day - timedelta(days=1)).isoformat()
    TARGET.write_text(json.dumps({"known_until": known, "off": off, "on": on}, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
