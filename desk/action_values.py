"""From what was typed to what an event carries: codes, days, moments, counts. What is wrong is said in a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from db.clock import day_of, local, midnight
from db.model import Ms
from db.model_rules import Calendar
from db.words import _
from desk.action_fields import EACH, Context, Field, FieldKind, Values

LONGEST_TEXT = 100_000
"""Characters of one text: far above any letter or reply, far below what would hurt a line of 32 kbit/s for hours."""

LARGEST_COUNT = 99_999_999

Reader = Callable[[Field, Context, Any, Values], Any]

MINUTE: Ms = 60_000
HOUR: Ms = 3_600_000


@dataclass(frozen=True, slots=True)
class Wrong:
    """What was typed cannot be taken: which field, and the sentence that says why and what to type."""

    field: str
    sentence: str


def read_all(fields: Sequence[Field], ctx: Context, typed: Values) -> tuple[dict[str, Any], list[Wrong]]:
    """Reads every field that is shown; returns the values (empty ones left out) and what is wrong."""
    values: dict[str, Any] = {}
    wrong: list[Wrong] = []
    for f in fields:
        if not f.shown(ctx, typed):
            continue
        got = read(f, ctx, typed.get(f.name, f.empty()), typed)
        if isinstance(got, Wrong):
            wrong.append(got)
        elif got is None:
            if f.required(ctx, typed):
                wrong.append(Wrong(f.name, missing(f)))
        else:
            values[f.name] = got
    return values, wrong


def missing(f: Field) -> str:
    return _("Please fill in “{label}”.", label=f.label)


def read(f: Field, ctx: Context, typed: Any, values: Values) -> Any:
    """A field's value, None where it is empty, or `Wrong`.

    choice, topic, district, unit, person, dispatch, text, long → str · districts, checklist, tags → list[str] ·
    letter → case id, letters → list of them · flag → True · day → "YYYY-MM-DD" · moment → UTC ms ·
    outcomes → list of {"measure", "count", "unit"} · files → list of `attaching.Chosen`, read for their hashes.
    """
    return READERS[f.kind](f, ctx, typed, values)


def _text(f: Field, _ctx: Context, typed: Any, _values: Values) -> str | Wrong | None:
    text = str(typed).strip()
    if len(text) > LONGEST_TEXT:
        return Wrong(f.name, _("“{label}” is longer than {n} characters.", label=f.label, n=LONGEST_TEXT))
    return text or None


def _choice(f: Field, ctx: Context, typed: Any, values: Values) -> str | int | Wrong | None:
    typed = str(typed).strip()
    if not typed:
        return None
    codes = list(f.codes(ctx, values))
    for code in codes:
        if typed in (code, f.option_label(ctx, code)):
            return int(code) if f.whole and code != EACH else code
    offered = _(", ").join(f.option_label(ctx, code) for code in codes)
    return Wrong(f.name, _("“{typed}” is none of: {offered}.", typed=typed, offered=offered))


def _topic(f: Field, ctx: Context, typed: Any, _values: Values) -> str | Wrong | None:
    from db import topics

    topic = str(typed).strip()
    if not topic or topic == ctx.case.topic or topics.field_of(topic):
        return topic or None
    return Wrong(f.name, _("There is no topic “{typed}”.", typed=topic))


def _district(f: Field, ctx: Context, typed: Any, _values: Values) -> str | Wrong | None:
    typed = str(typed).strip()
    if not typed:
        return None
    from db import places

    today = day_of(ctx.now)
    found = places.load().get(typed)
    if found is not None and any(d.code == found.code for d in places.load().districts(today)):
        return found.code
    named = [d for d in places.load().districts(today) if typed in (d.name, d.short)]
    if len(named) == 1:
        return named[0].code
    return Wrong(
        f.name, _("No district is called “{typed}” today. Type a name, its initials or its code.", typed=typed)
    )


def _letter(f: Field, ctx: Context, typed: Any, _values: Values) -> str | Wrong | None:
    code = str(typed).strip().upper()
    if not code:
        return None
    case = ctx.around.find(code)
    if case is None:
        return Wrong(f.name, _("There is no letter {code} here.", code=code))
    if case == ctx.case.id and not ctx.many:
        return Wrong(f.name, _("That is this very letter."))
    return case


def _each(one: Reader) -> Reader:
    """Several of the same, each once, in the order typed."""

    def read_list(f: Field, ctx: Context, typed: Any, values: Values) -> list[str] | Wrong | None:
        got: list[str] = []
        for item in typed:
            value = one(f, ctx, item, values)
            if isinstance(value, Wrong):
                return value
            if value and value not in got:
                got.append(value)
        return got or None

    return read_list


def _ticked(f: Field, ctx: Context, typed: Any, values: Values) -> list[str] | None:
    return [code for code in f.codes(ctx, values) if code in typed] or None


def _files(f: Field, _ctx: Context, typed: Any, _values: Values) -> Any:
    if not typed or (isinstance(typed, str) and not typed.strip()):
        return None
    from desk.attaching import choose

    found = choose(typed)
    return Wrong(f.name, found) if isinstance(found, str) else found


def _flag(_f: Field, _ctx: Context, typed: Any, _values: Values) -> bool | None:
    return True if typed else None


# days and moments


DAY = re.compile(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?")
AHEAD = re.compile(r"\+?(\d{1,3})\s*(d|w|wd|天|日|个?工作日)?")
CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})")
NAMED = {"今天": 0, "today": 0, "明天": 1, "tomorrow": 1, "后天": 2, "昨天": -1, "yesterday": -1, "前天": -2}


def day_typed(typed: str, today: date, calendar: Calendar | None = None, *, past: bool = False) -> date | None:
    """A day as people type it: 2024-11-05, 11-05, 11月5日, +3 (days), +3w (working days), 明天; None if it is none.

    Without a year, the one nearest to today; with `past`, the last such day up to today.
    """
    text = typed.strip().lower()
    if text in NAMED:
        return today + timedelta(days=NAMED[text])
    if text.startswith("+") and (m := AHEAD.fullmatch(text)):
        n = int(m[1])
        if m[2] in ("w", "wd", "工作日", "个工作日"):
            return working_day_ahead(today, n, calendar)
        return today + timedelta(days=n)
    if m := DAY.fullmatch(text):
        return _day_of_some_year(m, today, past=past)
    return None


def _day_of_some_year(m: re.Match[str], today: date, *, past: bool) -> date | None:
    years = [int(m[1])] if m[1] else [today.year - 1, today.year, today.year + 1]
    days = []
    for year in years:
        with suppress(ValueError):  # 02-29 exists in some years only
            days.append(date(year, int(m[2]), int(m[3])))
    if past and not m[1]:
        days = [day for day in days if day <= today]
    return min(days, key=lambda day: abs((day - today).days), default=None)


def working_day_ahead(today: date, n: int, calendar: Calendar | None) -> date:
    """The n-th working day after today; without a calendar every day is one."""
    if calendar is None:
        return today + timedelta(days=n)
    from db.deadlines import nth_working_day

    return nth_working_day(today, n, calendar)


def moment_typed(typed: str, now: Ms) -> Ms | None:
    """A moment that lies behind, as people type it, UTC ms: 14:30 (today), 10-31 14:30, 昨天 9:00, 2024-10-31 14:30.

    A day alone means its noon, for the hour is not known; today alone means now. None if it is none.
    """
    text = typed.strip().replace("T", " ")
    today = day_of(now)
    clock = CLOCK.search(text)
    rest = (text[: clock.start()] + text[clock.end() :]).strip() if clock else text
    day = day_typed(rest, today, past=True) if rest else today
    if day is None or not text:
        return None
    if clock is None:
        return now if day == today else midnight(day) + 12 * HOUR
    hour, minute = int(clock[1]), int(clock[2])
    if hour > 23 or minute > 59:
        return None
    return midnight(day) + hour * HOUR + minute * MINUTE


def show_moment(at: Ms) -> str:
    """A moment as it can be typed again."""
    return local(at).strftime("%Y-%m-%d %H:%M")


def _day(f: Field, ctx: Context, typed: Any, _values: Values) -> str | Wrong | None:
    if not str(typed).strip():
        return None
    day = day_typed(str(typed), day_of(ctx.now), ctx.rules.calendar)
    if day is None:
        return Wrong(
            f.name, _("“{typed}” is no day. Type 11-05, +3 (days), +3w (working days) or tomorrow.", typed=typed)
        )
    return day.isoformat()


def _moment(f: Field, ctx: Context, typed: Any, _values: Values) -> Ms | Wrong | None:
    if not str(typed).strip():
        return None
    at = moment_typed(str(typed), ctx.now)
    if at is None:
        return Wrong(f.name, _("“{typed}” is no time. Type 14:30, 10-31 14:30 or yesterday 9:00.", typed=typed))
    if at > ctx.now + 5 * MINUTE:  # two clocks on one desk may differ by minutes
        return Wrong(f.name, _("That time is still to come; what is recorded has already happened."))
    return min(at, ctx.now)


def _outcomes(f: Field, _ctx: Context, typed: Any, _values: Values) -> list[dict[str, Any]] | Wrong | None:
    rows: list[dict[str, Any]] = []
    for measure, count, unit in typed:
        name, number = str(measure).strip(), str(count).strip().translate(FULLWIDTH)
        if not name and not number:
            continue
        if not name:
            return Wrong(f.name, _("An outcome has a count of {count} but no measure.", count=number))
        if not (number.isascii() and number.isdigit()) or not 0 < int(number) <= LARGEST_COUNT:
            return Wrong(f.name, _("“{measure}” needs a count: a whole number above 0.", measure=name))
        rows.append({"measure": name, "count": int(number), "unit": str(unit).strip()})
    return rows or None


FULLWIDTH = str.maketrans("０１２３４５６７８９", "0123456789")

READERS: dict[FieldKind, Reader] = {
    "choice": _choice,
    "dispatch": _choice,
    "topic": _topic,
    "district": _district,
    "districts": _each(_district),
    "unit": _text,
    "person": _text,
    "letter": _letter,
    "letters": _each(_letter),
    "text": _text,
    "long": _text,
    "flag": _flag,
    "checklist": _ticked,
    "day": _day,
    "moment": _moment,
    "outcomes": _outcomes,
    "tags": _each(_text),
    "files": _files,
}
