"""Blanks for what rules are made of: a service level, a number, a year's holiday notice."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from db import configuring
from db.configured_words import say_notice
from db.model import Kind, Term, Urgency
from db.model_rules import Rules, ServiceLevel
from db.newsroom import NoticeError, limit_out
from db.words import _, term
from desk.deciding.blank import Answers, Ask, Blank, Faults, Read, day, line, term_shown, term_typed

PAIRS = ("office_hours", "urgent_ladder")


def level(urgency: Urgency, rules: Rules, today: date) -> Blank:
    """The terms of one urgency from a day on."""
    now = rules.levels[urgency]
    hint = _("7 or 7wd: working days · 24h: hours")
    asks = [
        Ask("forward", "line", _("to forward"), term_shown(now.forward), True, hint=hint),
        Ask("sign", "line", _("to sign"), term_shown(now.sign), True),
        Ask("return", "line", _("to return"), term_shown(now.return_), True),
        *(
            Ask(f"reply_{k}", "line", _("reply: {kind}", kind=term("kind", k)), term_shown(now.reply[k]), True)
            for k in Kind
        ),
        Ask("extension", "line", _("extension"), term_shown(now.extension), hint=_("empty: none")),
        begins(today),
    ]
    title = f"{term('configured', 'level')} · {term('urgency', urgency)}"
    return Blank(title, f"level:{urgency}", asks, lambda given: _level(urgency, given, today))


def begins(today: date, label: str = "") -> Ask:
    """The question that every decision ends with."""
    return Ask("from", "day", label or _("from"), today.isoformat(), True)


def _level(urgency: Urgency, given: Answers, today: date) -> Read:
    faults = Faults()
    reply = {k: _term(given, f"reply_{k}", faults) for k in Kind}
    made = ServiceLevel(
        forward=_term(given, "forward", faults),
        sign=_term(given, "sign", faults),
        return_=_term(given, "return", faults),
        reply=reply,
        extension=_term(given, "extension", faults) if str(given.get("extension") or "").strip(" -–") else None,
    )
    since = day(given, "from", today, faults)
    return Read(wrong=faults) if faults else Read((configuring.level(urgency, since, made),))


def _term(given: Answers, name: str, faults: Faults) -> Term:
    found = term_typed(str(given.get(name) or ""))
    if found is None or found.amount < 1:
        faults.add(name, _("A length of time is wanted: 7wd for working days, 24h for hours."))
        return Term(1, "wd")
    return found


def number(name: str, rules: Rules, today: date) -> Blank:
    """One number of the rules from a day on."""
    value = limit_out(rules, name)
    asks = [Ask("is", "line", term("field", name), shown_number(name, value), True, hint=_hint(name)), begins(today)]
    title = f"{term('configured', 'limit')} · {term('field', name)}"
    return Blank(title, f"limit:{name}", asks, lambda given: _number(name, given, today))


def shown_number(name: str, value: Any) -> str:
    """As it is typed: 9-17, 80 %, 2wd, 30."""
    if name == "min_term":
        return term_shown(Term(value[0], value[1]))
    if name == "warn_share":
        return f"{value:.0%}"
    return "-".join(map(str, value)) if isinstance(value, list) else str(value)


def _hint(name: str) -> str:
    if name in PAIRS:
        return _("two numbers: 9-17")
    return _("in percent") if name == "warn_share" else ""


def _number(name: str, given: Answers, today: date) -> Read:
    faults = Faults()
    text = line(given, "is", faults)
    value = _number_typed(name, text)
    if value is None:
        faults.add("is", _("“{typed}” cannot be. {wanted}", typed=text, wanted=_wanted(name)))
    since = day(given, "from", today, faults)
    return Read(wrong=faults) if faults else Read((configuring.limit(name, since, value),))


def _wanted(name: str) -> str:
    """What is to be typed there, as a sentence."""
    if name == "min_term":
        return _("A length of time is wanted: 7wd for working days, 24h for hours.")
    if name in PAIRS:
        return _("Two whole numbers are wanted: 9-17.")
    return _("A whole number is wanted, in percent: 80.") if name == "warn_share" else _("A whole number is wanted: 5.")


def _number_typed(name: str, text: str) -> Any:
    if name == "min_term":
        found = term_typed(text)
        return [found.amount, found.unit] if found else None
    try:
        if name in PAIRS:
            first, _dash, second = text.replace("–", "-").replace("—", "-").replace("~", "-").partition("-")
            return [int(first), int(second)]
        if name == "warn_share":
            return int(text.rstrip("%％ ")) / 100
        return int(text)
    except ValueError:
        return None


def notice(today: date) -> Blank:
    """A year's notice out of a file."""
    about = _("The notice of a year's holidays as JSON of the public holiday-cn lists: {example}", example="2027.json")
    asks = [Ask("file", "line", _("file"), "", True, hint=_("path of the file; pasting it is fine"))]
    title = term("configured", "calendar")
    return Blank(title, "calendar:", asks, lambda given: _notice(given, today), about)


def _notice(given: Answers, today: date) -> Read:
    faults = Faults()
    named = line(given, "file", faults).strip("'\"")
    if faults:
        return Read(wrong=faults)
    try:
        found = json.loads(Path(named).expanduser().read_bytes())
        return Read((configuring.notice(found, today),))
    except OSError as e:
        return Read(wrong={"file": _("{file} cannot be read: {why}", file=named, why=e.strerror or "")})
    except NoticeError as e:
        return Read(wrong={"file": _("{file}: {why}. Nothing was changed.", file=named, why=say_notice(e))})
    except (ValueError, RecursionError):
        return Read(wrong={"file": _("{file} is no JSON. Nothing was changed.", file=named)})
