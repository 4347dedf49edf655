"""Values of decisions as code uses them: whom to call in a unit, a notice of holidays, a template's words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from db.newsroom import read_notice
from db.units import Contact

PEOPLE = "people"
"""The words of `contacts`: one text with everybody in it. Words can be erased, facts cannot (docs/decisions)."""


def contacts_out(people: Iterable[Contact]) -> dict[str, str]:
    """The words of a `contacts` decision."""
    rows = [[p.name, p.phone, p.duty, p.hours] for p in people]
    return {PEOPLE: json.dumps(rows, ensure_ascii=False, separators=(",", ":"))}


def contacts_in(words: Mapping[str, str]) -> tuple[Contact, ...]:
    """The people in such words; nobody in erased ones. Raises ValueError or TypeError on what is none."""
    rows = json.loads(words.get(PEOPLE) or "[]")
    if not isinstance(rows, list):
        raise TypeError("people are a list")
    return tuple(Contact(*_texts(row)) for row in rows)


def _texts(row: Any) -> list[str]:
    if not isinstance(row, list) or len(row) != 4 or not all(isinstance(text, str) for text in row):
        raise ValueError("not a person to call")
    return row


def notice_out(notice: Mapping[str, Any]) -> tuple[str, dict[str, list[str]]]:
    """(year, value) of a `calendar` decision, out of a notice in the form of the holiday-cn lists. Raises ValueError."""
    year, days = read_notice(notice)
    return str(year), {"off": _days(days, off=True), "on": _days(days, off=False)}


def _days(days: Mapping[date, bool], *, off: bool) -> list[str]:
    return sorted(day.isoformat() for day, is_off in days.items() if is_off is off)
