"""The newsroom's settings: service levels as specified, a calendar that agrees with two others, notices that add a year."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import pytest

from db.deadlines import is_working_day, tentative
from db.model import Kind, Term, Urgency
from db.newsroom import default_calendar, default_rulebook, default_rules, from_json, to_json, with_notice

NOTICES = Path(__file__).parents[1] / "data" / "holidays-2024-2026.csv"
RULES = default_rules()


def day(text: str, off: bool = True) -> dict[str, Any]:
    return {"name": "节", "date": text, "isOffDay": off}


def notice(*days: dict[str, Any], year: int = 2027) -> dict[str, Any]:
    return {"year": year, "days": list(days)}


NEXT_YEAR = notice(day("2027-01-01"), day("2027-01-03", off=False), day("2027-10-01"))


# ── the calendar ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_day_since_2004_is_what_chinesecalendar_says() -> None:
    cal, one = default_calendar(), date(2004, 1, 1)
    while one <= cal.known_until:
        assert is_working_day(one, cal) == chinese_calendar.is_workday(one), one
        one += timedelta(days=1)


def test_every_day_of_2024_to_2026_is_what_the_state_council_says() -> None:
    with NOTICES.open(encoding="utf-8") as f:
        named = {date.fromisoformat(row["date"]): row["status"] == "workday" for row in csv.DictReader(f)}
    one = date(2024, 1, 1)
    while one <= date(2026, 12, 31):
        assert is_working_day(one, default_calendar()) == named.get(one, one.weekday() < 5), one
        one += timedelta(days=1)


def test_nothing_heavy_is_imported_to_know_the_calendar() -> None:
    asked = "import sys, db.newsroom as n; n.default_rules(); print('chinese_calendar' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "False"


# ── service levels ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("urgency", "forward", "sign", "back", "extension"),
    [
        (Urgency.CRITICAL, Term(1, "h"), Term(2, "h"), Term(2, "h"), None),
        (Urgency.URGENT, Term(2, "h"), Term(4, "h"), Term(4, "h"), Term(3, "wd")),
        (Urgency.NORMAL, Term(1, "wd"), Term(1, "wd"), Term(2, "wd"), Term(10, "wd")),
    ],
)
def test_forwarding_signing_and_returning_have_their_terms(
    urgency: Urgency, forward: Term, sign: Term, back: Term, extension: Term | None
) -> None:
    level = RULES.levels[urgency]
    assert (level.forward, level.sign, level.return_, level.extension) == (forward, sign, back, extension)


@pytest.mark.parametrize(
    ("urgency", "kind", "term"),
    [
        (Urgency.NORMAL, Kind.INQUIRY, Term(3, "wd")),
        (Urgency.NORMAL, Kind.PRAISE, Term(3, "wd")),
        (Urgency.NORMAL, Kind.HELP, Term(7, "wd")),
        (Urgency.NORMAL, Kind.SUGGESTION, Term(7, "wd")),
        (Urgency.NORMAL, Kind.COMPLAINT, Term(15, "wd")),
        (Urgency.URGENT, Kind.COMPLAINT, Term(3, "wd")),
        (Urgency.CRITICAL, Kind.INQUIRY, Term(24, "h")),
    ],
)
def test_a_reply_has_the_term_of_its_urgency_and_kind(urgency: Urgency, kind: Kind, term: Term) -> None:
    assert RULES.levels[urgency].reply[kind] == term


def test_a_rulebook_begins_with_version_one_and_falls_back_on_the_newest() -> None:
    book = default_rulebook()
    assert book.newest == book.of(1) == book.of(None) == book.of(99) == RULES


# ── as JSON ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_rules_survive_json() -> None:
    later = with_notice(RULES, NEXT_YEAR)
    assert from_json(to_json(RULES)) == RULES
    assert from_json(to_json(later)) == later
    assert to_json(from_json(to_json(later))) == to_json(later)


def test_a_setting_that_an_older_desk_did_not_write_has_its_default() -> None:
    old = json.loads(to_json(RULES))
    for name in ("open_question_after", "min_term", "office_hours"):
        del old[name]
    assert from_json(json.dumps(old)) == RULES


@pytest.mark.parametrize(
    ("at", "wrong"),
    [
        (("levels", "normal", "forward"), [1, "weeks"]),
        (("levels", "normal", "sign"), [-1, "h"]),
        (("levels", "normal", "reply"), {"help": [7, "wd"]}),
        (("levels",), {}),
        (("calendar", "known_until"), "soon"),
    ],
)
def test_settings_that_cannot_be_are_refused(at: tuple[str, ...], wrong: Any) -> None:
    data = json.loads(to_json(RULES))
    inner = data
    for key in at[:-1]:
        inner = inner[key]
    inner[at[-1]] = wrong
    with pytest.raises(ValueError, match=r".+"):
        from_json(json.dumps(data))


# ── notices ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_notice_makes_the_next_version_and_its_year_is_known() -> None:
    later = with_notice(RULES, NEXT_YEAR)
    assert later.version == RULES.version + 1
    assert not is_working_day(date(2027, 10, 1), later.calendar)
    assert is_working_day(date(2027, 1, 3), later.calendar)
    assert tentative(date(2027, 12, 31), RULES.calendar)
    assert not tentative(date(2027, 12, 31), later.calendar)
    assert tentative(date(2028, 1, 1), later.calendar)
    assert is_working_day(date(2026, 10, 10), later.calendar), "the years before stay as they were"


def test_a_notice_read_again_replaces_what_the_first_one_said() -> None:
    first = with_notice(RULES, NEXT_YEAR)
    second = with_notice(first, notice(day("2027-01-01")))
    assert second.version == 3
    assert is_working_day(date(2027, 10, 1), second.calendar)
    assert not is_working_day(date(2027, 1, 3), second.calendar)


def test_a_new_years_holiday_may_begin_in_december_even_on_a_day_that_was_to_be_worked() -> None:
    worked = with_notice(RULES, notice(day("2026-12-26", off=False), day("2026-10-01"), year=2026))
    assert is_working_day(date(2026, 12, 26), worked.calendar)
    later = with_notice(worked, notice(day("2026-12-26"), day("2026-12-31"), day("2027-01-01")))
    assert not is_working_day(date(2026, 12, 26), later.calendar)
    assert not is_working_day(date(2026, 12, 31), later.calendar)


def test_a_year_cannot_be_known_before_the_one_in_front_of_it() -> None:
    with pytest.raises(ValueError, match="2027 has to come before"):
        with_notice(RULES, notice(day("2028-01-01"), year=2028))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({}, "not a holiday notice"),
        ({"year": "soon", "days": []}, "not a holiday notice"),
        (notice(), "names no day off"),
        (notice({"date": "2027-01-01"}), "day 1"),
        (notice(day("2027-01-01"), day("in spring")), "day 2"),
        (notice(day("2027-01-01"), {"date": "2027-01-02", "isOffDay": "false"}), "day 2"),
        (notice(day("2027-01-01"), day("2021-01-01")), "day 2"),
        (notice(day("2027-01-01"), day("2027-01-01", off=False)), "twice"),
    ],
)
def test_a_notice_that_is_none_is_refused_by_its_entry(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        with_notice(RULES, wrong)
