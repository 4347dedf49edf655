"""What the newsroom decides: service levels and the calendar, by version, as JSON in the store and in `configured` events.

The defaults are DESIGN.md §4, Deadlines. The calendar is seeded from `chinesecalendar` by `tools/notices.py` into
`db/data/calendar.json`, so that nothing heavy is imported at start; a notice in the JSON form of the public holiday-cn lists
adds a year.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from db.model_codes import Kind, Term, Urgency
from db.model_rules import Calendar, Rulebook, Rules, ServiceLevel

CALENDAR = Path(__file__).parent / "data" / "calendar.json"


def _reply(*, inquiry: Term, help_: Term, complaint: Term) -> dict[Kind, Term]:
    """Terms of reply by kind; praise counts as an inquiry, a suggestion as help."""
    return {
        Kind.INQUIRY: inquiry,
        Kind.PRAISE: inquiry,
        Kind.HELP: help_,
        Kind.SUGGESTION: help_,
        Kind.COMPLAINT: complaint,
    }


def _hours(n: int) -> Term:
    return Term(n, "h")


def _days(n: int) -> Term:
    return Term(n, "wd")


LEVELS: Mapping[Urgency, ServiceLevel] = {
    Urgency.CRITICAL: ServiceLevel(
        forward=_hours(1),
        sign=_hours(2),
        return_=_hours(2),
        reply=_reply(inquiry=_hours(24), help_=_hours(24), complaint=_hours(24)),
        extension=None,
    ),
    Urgency.URGENT: ServiceLevel(
        forward=_hours(2),
        sign=_hours(4),
        return_=_hours(4),
        reply=_reply(inquiry=_days(3), help_=_days(3), complaint=_days(3)),
        extension=_days(3),
    ),
    Urgency.NORMAL: ServiceLevel(
        forward=_days(1),
        sign=_days(1),
        return_=_days(2),
        reply=_reply(inquiry=_days(3), help_=_days(7), complaint=_days(15)),
        extension=_days(10),
    ),
}


@cache
def default_calendar() -> Calendar:
    """The notices of 2004 to 2026 as shipped."""
    return _calendar(json.loads(CALENDAR.read_text(encoding="utf-8")))


@cache
def default_rules() -> Rules:
    """Version 1: what every newsroom starts with."""
    return Rules(version=1, levels=LEVELS, calendar=default_calendar())


def default_rulebook() -> Rulebook:
    return Rulebook({1: default_rules()})


def with_notice(rules: Rules, notice: Mapping[str, Any]) -> Rules:
    """The next version of the rules, a year's notice added; a notice read again replaces what the first one said.

    `notice` has the form of the holiday-cn lists: `{"year": 2027, "days": [{"name", "date": "2027-01-01", "isOffDay": true}]}`.
    Days just outside the year (a New Year's holiday that begins in December) are taken as they stand. Raises ValueError naming
    the entry that is wrong, or the year whose notice has to come first; the rules given stay as they are.
    """
    year, days = read_notice(notice)
    if year > rules.calendar.known_until.year + 1:
        raise ValueError(f"the notice for {rules.calendar.known_until.year + 1} has to come before the one for {year}")
    return replace(rules, version=rules.version + 1, calendar=calendar_with(rules.calendar, year, days))


def calendar_with(cal: Calendar, year: int, days: Mapping[date, bool]) -> Calendar:
    """The calendar with a year's notice: each day it names, and whether that is off. What it said of the year before goes."""
    off = {d for d in cal.off if d.year != year} - days.keys()
    on = {d for d in cal.on if d.year != year} - days.keys()
    off |= {d for d, is_off in days.items() if is_off and d.weekday() < 5}
    on |= {d for d, is_off in days.items() if not is_off and d.weekday() >= 5}
    return Calendar(off=frozenset(off), on=frozenset(on), known_until=max(cal.known_until, date(year, 12, 31)))


class NoticeError(ValueError):
    """A notice that cannot be; `code` and `facts` for its sentence (`db/configured_words.py`)."""

    def __init__(self, code: str, said: str, **facts: Any) -> None:
        super().__init__(said)
        self.code, self.facts = code, facts


def read_notice(notice: Mapping[str, Any]) -> tuple[int, dict[date, bool]]:
    """A notice's year, and for each day that it names whether it is off. Raises NoticeError."""
    try:
        year, entries = int(notice["year"]), list(notice["days"])
    except (KeyError, TypeError, ValueError) as e:
        raise NoticeError("form", f"not a holiday notice: {e!r}") from e
    days: dict[date, bool] = {}
    for n, entry in enumerate(entries, 1):
        try:
            day, is_off = date.fromisoformat(entry["date"]), entry["isOffDay"]
        except (KeyError, TypeError, ValueError) as e:
            raise NoticeError("day", f"{_where(n, year)}: {e!r}", n=n, year=year) from e
        if not isinstance(is_off, bool):
            raise NoticeError("off", f"{_where(n, year)}: isOffDay is neither true nor false", n=n, year=year)
        if abs((day - date(year, 7, 1)).days) > 214:  # a month on either side of the year
            raise NoticeError("year", f"{_where(n, year)}: {day} is not of that year", n=n, year=year, day=day)
        if days.setdefault(day, is_off) != is_off:
            said = f"{_where(n, year)}: {day} is named twice, off and worked"
            raise NoticeError("twice", said, n=n, year=year, day=day)
    if not any(days.values()):
        raise NoticeError("empty", f"the notice for {year} names no day off", year=year)
    return year, days


def _where(n: int, year: int) -> str:
    return f"day {n} of the notice for {year}"


def to_json(rules: Rules) -> str:
    """One version of the rules as canonical JSON (sorted keys, no spaces)."""
    data = {
        "version": rules.version,
        "levels": {u: level_out(level) for u, level in rules.levels.items()},
        "calendar": {
            "off": sorted(d.isoformat() for d in rules.calendar.off),
            "on": sorted(d.isoformat() for d in rules.calendar.on),
            "known_until": rules.calendar.known_until.isoformat(),
        },
        "min_term": _term_out(rules.min_term),
        **{name: getattr(rules, name) for name in _PLAIN},
    }
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def from_json(text: str) -> Rules:
    """The inverse of `to_json`. What an older desk did not write yet has its default. Raises ValueError, KeyError or TypeError on
    what is not such a JSON."""
    data = json.loads(text)
    levels = {Urgency(u): level_in(level) for u, level in data["levels"].items()}
    if len(levels) < len(Urgency):
        raise ValueError("a service level is missing")
    rest: dict[str, Any] = {
        name: tuple(data[name]) if isinstance(data[name], list) else data[name] for name in _PLAIN if name in data
    }
    if "min_term" in data:
        rest["min_term"] = _term_in(data["min_term"])
    return Rules(version=int(data["version"]), levels=levels, calendar=_calendar(data["calendar"]), **rest)


_PLAIN = (
    "max_asks",
    "tell_days",
    "unrated_days",
    "reopen_days",
    "contact_days",
    "office_hours",
    "warn_share",
    "supervise_after",
    "urgent_ladder",
    "open_question_after",
    "rating_days",
    "rating_floor",
)


LIMITS = (*_PLAIN, "min_term")
"""Names of the rules' other numbers, beside levels and calendar."""


def level_out(level: ServiceLevel) -> dict[str, Any]:
    """A service level as JSON knows it; terms are `[amount, unit]`."""
    return {
        "forward": _term_out(level.forward),
        "sign": _term_out(level.sign),
        "return": _term_out(level.return_),
        "reply": {k: _term_out(t) for k, t in level.reply.items()},
        "extension": _term_out(level.extension) if level.extension else None,
    }


def level_in(level: Mapping[str, Any]) -> ServiceLevel:
    """The inverse of `level_out`. Raises ValueError, KeyError or TypeError."""
    found = ServiceLevel(
        forward=_term_in(level["forward"]),
        sign=_term_in(level["sign"]),
        return_=_term_in(level["return"]),
        reply={Kind(k): _term_in(t) for k, t in level["reply"].items()},
        extension=_term_in(level["extension"]) if level["extension"] else None,
    )
    if len(found.reply) < len(Kind):
        raise ValueError("the term of a kind of letter is missing")
    return found


def limit_out(rules: Rules, name: str) -> Any:
    """One of LIMITS as JSON knows it."""
    value = getattr(rules, name)
    if isinstance(value, Term):
        return _term_out(value)
    return list(value) if isinstance(value, tuple) else value


def limit_in(name: str, value: Any) -> Any:
    """The inverse of `limit_out`. Raises ValueError or TypeError."""
    if name == "min_term":
        return _term_in(value)
    return tuple(value) if isinstance(value, list) else value


def _term_out(term: Term) -> list[Any]:
    return [term.amount, term.unit]


def _term_in(pair: list[Any]) -> Term:
    amount, unit = pair
    if unit not in ("h", "wd") or isinstance(amount, bool) or not isinstance(amount, int) or amount < 0:
        raise ValueError(f"not a term: {pair}")
    return Term(amount, unit)


def _calendar(data: Mapping[str, Any]) -> Calendar:
    return _shared(tuple(data["off"]), tuple(data["on"]), data["known_until"])


@lru_cache(maxsize=16)
def _shared(off: tuple[str, ...], on: tuple[str, ...], known_until: str) -> Calendar:
    """One object for one calendar: versions of the rules that differ elsewhere share what is counted for it."""
    return Calendar(
        off=frozenset(map(date.fromisoformat, off)),
        on=frozenset(map(date.fromisoformat, on)),
        known_until=date.fromisoformat(known_until),
    )
