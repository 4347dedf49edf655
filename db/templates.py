"""Texts to begin from: by action, topic and unit, with variables filled from the letter.

A variable without a value stays visible, in its braces, and is named: nothing is ever silently blank. No variable is the
sender's name or contact: what is released to others must not carry them by accident.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.clock import day_in_words, day_of, now_ms
from db.ids import uuid7
from db.model import Actor, Case, DispatchState, Ms, Refusal
from db.text import one_line, safe
from db.words import language

if TYPE_CHECKING:
    from datetime import date

    from db.commands import Command
    from db.store import Store

SHIPPED = Path(__file__).with_name("data") / "templates.toml"

NAMES: Mapping[str, str] = {
    "来信编号": "code",
    "标题": "title",
    "区县": "district",
    "承办单位": "unit",
    "收信日期": "received",
    "转办日期": "sent",
    "办理期限": "due",
    "话题": "topic",
    "回复": "reply",
    "今天": "today",
    "编辑": "editor",
}
"""A variable's Chinese name → its English one; both may be written."""

_HOLE = re.compile(r"\{([^{}\n]{1,20})\}")


@dataclass(frozen=True, slots=True)
class Template:
    """`topic` and `unit` narrow it; None means any. `own`: the newsroom's, not shipped."""

    id: str
    action: str
    name: str
    body: str
    topic: str | None = None
    unit: str | None = None
    own: bool = False
    chosen: str = ""  # of shipped ones: the reason or result it is written for


@dataclass(frozen=True, slots=True)
class Filled:
    """A template's text for one letter. `unknown` and `empty` are variables that stand there as written."""

    text: str
    unknown: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()


@cache
def _shipped(lang: str) -> tuple[Template, ...]:
    held = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["template"]
    key, name = ("zh", "name") if lang == "zh_CN" else ("en", "name_en")
    return tuple(
        Template(f"shipped-{n}", t["action"], t[name], t[key], t.get("topic"), chosen=t.get("chosen", ""))
        for n, t in enumerate(held, 1)
    )


def all_templates(store: Store) -> list[Template]:
    """The newsroom's own, by name, then those shipped. Raises StoreError."""
    rows = store.rows("SELECT id, action, name, body, topic, unit FROM template ORDER BY action, name")
    own = [Template(id_, action, name, body, topic, unit, True) for id_, action, name, body, topic, unit in rows]
    return own + list(_shipped(language()))


def fitting(
    store: Store, action: str, topic: str | None = None, unit: str | None = None, chosen: Collection[Any] = ()
) -> list[Template]:
    """Templates of an action for that topic and unit, the closest first; the newsroom's own before shipped ones, and of
    these the one for what was `chosen` in the dialog before those for another reason or result.
    """

    def rank(t: Template) -> tuple[int, int, bool, bool]:
        return (-(t.unit is not None), -(t.topic is not None), not t.own, t.chosen not in ("", *chosen))

    fits = [
        t
        for t in all_templates(store)
        if t.action == action and t.topic in (None, topic) and t.unit in (None, "", unit)
    ]
    return sorted(fits, key=rank)


def elsewhere(store: Store, action: str, topic: str | None = None, unit: str | None = None) -> list[Template]:
    """The action's other templates, made for another topic or unit: still worth taking for a letter in between."""
    close = {t.id for t in fitting(store, action, topic, unit)}
    return [t for t in all_templates(store) if t.action == action and t.id not in close]


def put(store: Store, template: Template, actor: Actor | None = None) -> Template | Refusal:
    """Keeps a newsroom's template; one without an id, or a shipped one that was changed, becomes a new one. It is a
    decision of the newsroom's, so a supervisor's. Raises StoreError."""
    from db import configuring

    now = now_ms()
    id_ = template.id if template.id and template.own else uuid7(now)
    words = (one_line(template.name), safe(template.body))
    made = configuring.template(id_, day_of(now), template.action, *words, template.topic, template.unit)
    no = _decide(store, made, actor, now)
    return no or Template(id_, template.action, *words, template.topic, template.unit, own=True)


def drop(store: Store, id_: str, actor: Actor | None = None) -> Refusal | None:
    """Takes a newsroom's template away, or says why not. Shipped ones stay. Raises StoreError."""
    from db import configuring

    now = now_ms()
    if not store.rows("SELECT 1 FROM template WHERE id = ?", (id_,)):
        return Refusal("no_such", {"name": id_})
    return _decide(store, configuring.end_template(id_, day_of(now)), actor, now)


def _decide(store: Store, command: Command, actor: Actor | None, now: Ms) -> Refusal | None:
    from db.commands import run
    from db.people import own_actor

    result = run(store, actor or own_actor(store), [command], now)
    return next((no for _command, no in result.refused if no.code != "as_it_stands"), None)


def variables(case: Case, now: Ms, *, reply: str = "", editor: str = "") -> dict[str, str]:
    """Every variable by its English name; "" where the letter has no such thing."""
    from db import places
    from db.deadline_days import last_day

    lead = case.lead_dispatch
    running = lead if lead and lead.state in (DispatchState.SENT, DispatchState.SIGNED) else None
    place = places.load().name(case.district) if case.district else ""
    return {
        "code": one_line(case.code),
        "title": one_line(case.title),
        "district": one_line(lead.district_name) if lead else one_line(place),
        "unit": one_line(lead.unit or lead.district_name) if lead else "",
        "received": _day(day_of(case.received_at)),
        "sent": _day(day_of(lead.sent_at)) if lead else "",
        "due": _day(last_day(running.reply_due)) if running else "",
        "topic": one_line(case.topic or ""),
        "reply": safe(reply).strip(),
        "today": _day(day_of(now)),
        "editor": one_line(editor),
    }


def _day(day: date) -> str:
    """As a letter in the person's language writes it."""
    return day_in_words(day) if language() == "zh_CN" else day.isoformat()


def fill(body: str, values: Mapping[str, str]) -> Filled:
    """The text with every variable that has a value put in."""
    unknown: dict[str, None] = {}
    empty: dict[str, None] = {}

    def put_in(hole: re.Match[str]) -> str:
        written = hole[1].strip()
        name = NAMES.get(written, written)
        if name not in values:
            unknown[written] = None
        elif not values[name]:
            empty[written] = None
        else:
            return values[name]
        return hole[0]

    text = _HOLE.sub(put_in, body)
    return Filled(text, tuple(unknown), tuple(empty))


def names(lang: str | None = None) -> Iterable[str]:
    """The variables as a person writes them, in their language."""
    return NAMES if (lang or language()) == "zh_CN" else NAMES.values()
