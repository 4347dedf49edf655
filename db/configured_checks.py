"""Why a decision of the newsroom may not stand: its shape, and how it fits what was decided before. Pure.

What depends on the letters that are here (open dispatches, frozen months) is asked in `db/configuring.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from db.case_turn import refuse
from db.clock import day_of, midnight
from db.model import Event, Ms, Refusal, Term, Urgency
from db.model_rules import ServiceLevel
from db.newsroom import LIMITS, level_in, limit_in
from db.text import one_line

if TYPE_CHECKING:
    from db.configured import Decision, Newsroom

LONGEST: Mapping[str, int] = {"h": 720, "wd": 250}
"""A month around the clock, a year of working days: a term beyond them is a slip of the hand."""

NAME = 60
"""Characters of a name; screens and forms have one line for it."""

TEXT = 20_000
CONTACTS = 30

_CODE = re.compile(r"[0-9A-Z]{6,12}")
_DISTRICTS = ("区", "县", "自治县", "功能区")
_TOWNSHIPS = ("街道", "镇", "乡")

LIMIT_RANGES: Mapping[str, tuple[float, float]] = {
    "max_asks": (0, 10),
    "tell_days": (1, 60),
    "unrated_days": (1, 365),
    "reopen_days": (1, 3650),
    "contact_days": (30, 3650),
    "office_hours": (0, 24),
    "warn_share": (0.5, 0.99),
    "supervise_after": (1, 60),
    "urgent_ladder": (1, 720),
    "open_question_after": (1, 120),
    "rating_days": (7, 366),
    "rating_floor": (10, 100),
}


def why_not(newsroom: Newsroom, event: Event) -> Refusal | None:
    """The refusal, or None. May raise what bad values raise; the caller counts that as a bad value."""
    facts = event.facts
    what, id_ = facts.get("what"), facts.get("id")
    for name in ("what", "id", "from"):
        if not isinstance(facts.get(name), str) or not facts[name]:
            return _bad(name)
    begins = _day(facts["from"])
    if begins is None:
        return _bad("from")
    if facts.get("cancels"):
        return _may_cancel(newsroom, event)
    check = CHECKS.get(str(what))
    if check is None:
        return None  # a newer desk's: kept, and passed over here
    value = facts.get("value")
    if value is not None and not isinstance(value, Mapping):
        return _bad("value")
    return check(newsroom, event, str(id_), value, midnight(begins))


def _bad(field: str) -> Refusal:
    return refuse("bad_fact", field=field)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1990 <= day.year <= 2199 else None


def _may_cancel(newsroom: Newsroom, event: Event) -> Refusal | None:
    """Only what has not begun is cancelled; what is in force is followed by something else."""
    facts = event.facts
    decisions = newsroom.items.get((facts["what"], facts["id"]), ())
    found = next((d for d in decisions if d.event == facts["cancels"]), None)
    if found is None:
        return refuse("no_decision")
    moment = event.at if event.heard is None else event.heard
    return refuse("in_force", day=found.day.isoformat()) if found.since <= moment else None


# ── what rules are made of ───────────────────────────────────────────────────────────────────────────────────────────


def _level(_newsroom: Newsroom, event: Event, id_: str, value: Mapping[str, Any] | None, begins: Ms) -> Refusal | None:
    if id_ not in set(Urgency):
        return _bad("id")
    if value is not None:
        level = level_in(value)
        if not all(_sound(term) for term in _terms(level)):
            return _bad("term")
    return _not_past(event, begins)


def _terms(level: ServiceLevel) -> list[Term]:
    extension = [level.extension] if level.extension else []
    return [level.forward, level.sign, level.return_, *level.reply.values(), *extension]


def _sound(term: Term) -> bool:
    return 1 <= term.amount <= LONGEST[term.unit]


def _limit(_newsroom: Newsroom, event: Event, id_: str, value: Mapping[str, Any] | None, begins: Ms) -> Refusal | None:
    if id_ not in LIMITS:
        return _bad("id")
    if value is not None and not _limit_fits(id_, limit_in(id_, value["is"])):
        return _bad(id_)
    return _not_past(event, begins)


def _limit_fits(name: str, value: Any) -> bool:
    if name == "min_term":
        return _sound(value)
    least, most = LIMIT_RANGES[name]
    pair = name in ("office_hours", "urgent_ladder")
    numbers = value if pair else (value,)
    if pair and (not isinstance(value, tuple) or len(value) != 2 or value[0] >= value[1]):
        return False
    kinds = (int, float) if name == "warn_share" else (int,)
    return all(isinstance(n, kinds) and not isinstance(n, bool) and least <= n <= most for n in numbers)


def _not_past(event: Event, begins: Ms) -> Refusal | None:
    """What was sent keeps its terms: rules begin today at the earliest. The author's day counts, however late it arrives."""
    return refuse("in_past", day=day_of(event.at).isoformat()) if begins < midnight(day_of(event.at)) else None


def _calendar(
    newsroom: Newsroom, event: Event, id_: str, value: Mapping[str, Any] | None, _begins: Ms
) -> Refusal | None:
    if not re.fullmatch(r"20\d\d", id_):
        return _bad("id")
    if value is None:
        return _bad("value")
    year, off = int(id_), [date.fromisoformat(d) for d in value["off"]]
    on = [date.fromisoformat(d) for d in value["on"]]
    if not off or set(off) & set(on) or any(abs((d - date(year, 7, 1)).days) > 214 for d in (*off, *on)):
        return _bad("value")
    book = newsroom.book
    known = book.of(book.plan[-1][1] if book.plan else 1).calendar.known_until.year
    return refuse("notice_gap", year=known + 1, given=year) if year > known + 1 else None


# ── topics, units, divisions ─────────────────────────────────────────────────────────────────────────────────────────


def _named(text: Any, most: int = NAME) -> bool:
    """One line of visible text, neither blank at its ends nor too long."""
    return isinstance(text, str) and 0 < len(text) <= most and one_line(text).strip() == text


def _topic(newsroom: Newsroom, _event: Event, id_: str, value: Mapping[str, Any] | None, begins: Ms) -> Refusal | None:
    if not _named(id_, 30):
        return _bad("name")
    if value is None:
        from db.topics import of_newsroom

        known = of_newsroom(newsroom, day_of(begins)).field_of(id_) or newsroom.items.get(("topic", id_))
        return None if known else refuse("no_such", name=id_)
    return None if _named(value["field"], 12) else _bad("field_name")


def _unit(newsroom: Newsroom, _event: Event, id_: str, value: Mapping[str, Any] | None, begins: Ms) -> Refusal | None:
    mine = newsroom.items.get(("unit", id_), ())
    if value is None:
        return None if mine and mine[0].since < begins else refuse("no_such", name=id_)
    if not _named(value["name"]) or not isinstance(value.get("note", ""), str) or len(value.get("note", "")) > 400:
        return _bad("name")
    from db.places import of_newsroom

    if of_newsroom(newsroom).on(value["district"], day_of(begins)) is None:
        return refuse("no_district", district=str(value["district"]), day=day_of(begins).isoformat())
    for other, decisions in newsroom.of("unit").items():
        if other != id_ and (taken := _meets(decisions, begins, value)):
            return refuse("unit_overlap", name=value["name"], day=taken)
    return None


def _meets(decisions: tuple[Decision, ...], begins: Ms, value: Mapping[str, Any]) -> str | None:
    """The day from which another unit bears the same name in the same district, at `begins` or later."""
    for n, d in enumerate(decisions):
        ends = decisions[n + 1].since if n + 1 < len(decisions) else None
        if d.value is None or (d.value["district"], d.value["name"]) != (value["district"], value["name"]):
            continue
        if ends is None or ends > begins:
            return d.day.isoformat()
    return None


def _contacts(newsroom: Newsroom, event: Event, id_: str, _value: object, _begins: Ms) -> Refusal | None:
    from db.configured_values import contacts_in

    if ("unit", id_) not in newsroom.items:
        return refuse("no_such", name=id_)
    people = contacts_in(event.words)
    fits = len(people) <= CONTACTS and all(
        _named(p.name) and all(len(t) <= 2 * NAME and one_line(t) == t for t in (p.phone, p.duty, p.hours))
        for p in people
    )
    return None if fits else _bad("contacts")


def _division(
    newsroom: Newsroom, event: Event, id_: str, value: Mapping[str, Any] | None, begins: Ms
) -> Refusal | None:
    from db.places import of_newsroom

    if not _CODE.fullmatch(id_):
        return _bad("code")
    divisions, day = of_newsroom(newsroom), day_of(begins)
    if value is None:
        return _may_end(divisions, event, id_, day)
    district = len(id_) == 6
    kinds = _DISTRICTS if district else _TOWNSHIPS
    if not _named(value["name"]) or not _named(value["short"]) or value["kind"] not in kinds:
        return _bad("name")
    if not all(isinstance(p, str) and _CODE.fullmatch(p) for p in value.get("parents", ())):
        return _bad("parents")
    if not all(_named(a) for a in value.get("aliases", ())):
        return _bad("aliases")
    if not district and divisions.on(str(next(iter(value.get("parents", ())), "")), day) is None:
        return _bad("parents")
    same = [d for d in divisions.districts(day) if d.code != id_ and value["name"] == d.name]
    if district and same:
        return refuse("division_overlap", name=value["name"], other=same[0].code)
    return None


def _may_end(divisions: Any, event: Event, id_: str, day: date) -> Refusal | None:
    """It exists until then, and each successor exists from then on, but for itself."""
    if divisions.get(id_) is None:
        return refuse("no_such", name=id_)
    for code in event.facts.get("successors") or ():
        if code == id_ or divisions.on(str(code), day) is None:
            return refuse("no_successor", name=str(code), day=day.isoformat())
    return None


# ── texts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _template(
    _newsroom: Newsroom, event: Event, _id: str, value: Mapping[str, Any] | None, _begins: Ms
) -> Refusal | None:
    if value is None:
        return None
    if not _named(event.words.get("name")) or not 0 < len(event.words.get("body", "")) <= TEXT:
        return _bad("template")
    fits = isinstance(value["action"], str) and all(isinstance(value.get(k) or "", str) for k in ("topic", "unit"))
    return None if fits else _bad("value")


def _letterhead(
    _newsroom: Newsroom, _event: Event, id_: str, value: Mapping[str, Any] | None, _begins: Ms
) -> Refusal | None:
    if id_ != "newsroom":
        return _bad("id")
    return None if value is None or _named(value["name"]) else _bad("name")


def _asked(newsroom: Newsroom, _event: Event, id_: str, value: Mapping[str, Any] | None, begins: Ms) -> Refusal | None:
    """A call for suggestions: a theme, topics, and a last day that is not before its first."""
    if value is None:
        return None if ("call", id_) in newsroom.items else refuse("no_such", name=id_)
    if not _named(id_, 40) or not _named(value["title"]) or len(_event.words.get("text", "")) > TEXT:
        return _bad("title")
    if not all(_named(t, 30) for t in value.get("topics") or ()):
        return _bad("topics")
    if value.get("until"):
        until = _day(value["until"])
        if until is None or midnight(until) < begins:
            return _bad("until")
    return None


def _paper(
    _newsroom: Newsroom, _event: Event, id_: str, _value: Mapping[str, Any] | None, _begins: Ms
) -> Refusal | None:
    return None if _CODE.fullmatch(id_) else _bad("id")


Check = Callable[["Newsroom", Event, str, Any, Ms], Refusal | None]

CHECKS: Mapping[str, Check] = {
    "level": _level,
    "limit": _limit,
    "calendar": _calendar,
    "topic": _topic,
    "unit": _unit,
    "contacts": _contacts,
    "division": _division,
    "template": _template,
    "letterhead": _letterhead,
    "call": _asked,
    "paper": _paper,
}
