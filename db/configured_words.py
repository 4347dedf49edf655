"""What a decision of the newsroom would bring, and what it says, as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from db import places
from db.clock import local
from db.configured import CALENDAR, CONTACTS, DIVISION, LEVEL, LIMIT, PAPER, TEMPLATE, TOPIC, UNIT, Decision, Newsroom
from db.configuring import Effect
from db.model import Kind, Term
from db.model_rules import ServiceLevel
from db.newsroom import NoticeError, level_in
from db.text import one_line
from db.words import N_, _, term

EFFECTS: Mapping[str, str] = {
    "future_forwards": N_(
        "{n} letters of this urgency still wait to be forwarded: from {day} on they go out under it."
    ),
    "sent_keep": N_("{n} dispatches under way keep their terms and due times."),
    "notice": N_("{year}: {off} days off, {on} make-up working days."),
    "notice_moves": N_(
        "{settled} letters have provisional due times in that year: {n} of them are due on another day."
    ),
    "notice_move": N_("{code} {clock}: {was} → {to}"),
    "topic_kept": N_("{n} open letters keep this topic; it is no longer offered."),
    "unit_letters": N_("{name} has {n} letters now ({letters} …): recall and forward them before it ends."),
    "unit_free": N_("No open letter is with {name}."),
    "name_kept": N_("{n} open letters there keep the name they were forwarded under."),
    "inherit": N_("{n} open letters there wait for a supervisor to say who inherits them."),
    "units_left": N_("{n} units of it are still on the list: end them or add them where they went."),
}


NOTICE_FAULTS: Mapping[str, str] = {
    "form": N_("it is no holiday notice in the form of the holiday-cn lists (year, days)"),
    "day": N_("entry {n} of the notice for {year} has no date or no isOffDay"),
    "off": N_("entry {n} of the notice for {year}: isOffDay is neither true nor false"),
    "year": N_("entry {n} of the notice for {year}: {day} is not of that year"),
    "twice": N_("entry {n} of the notice for {year}: {day} is named twice, off and worked"),
    "empty": N_("the notice for {year} names no day off"),
}


def say_notice(error: NoticeError) -> str:
    """Why a file is no notice."""
    return _(NOTICE_FAULTS[error.code], **error.facts)


def say_effect(effect: Effect) -> str:
    """One effect as a sentence in the person's language."""
    facts = {name: _shown(name, value) for name, value in effect.facts.items()}
    return _(EFFECTS[effect.code], **facts)


def _shown(name: str, value: Any) -> str:
    if name in ("was", "to") and isinstance(value, int):
        return last_day(value)
    return term("clock", str(value)) if name == "clock" else one_line(str(value))


def last_day(due: int) -> str:
    """The last day that a due time (UTC ms, an exclusive end) allows; an hour clock's with its time."""
    at = local(due)
    return local(due - 1).strftime("%Y-%m-%d") if (at.hour, at.minute) == (0, 0) else at.strftime("%Y-%m-%d %H:%M")


def say_term(allowed: Term | None) -> str:
    """A length of time: 7 工作日, 24 小时; none as "–"."""
    if allowed is None:
        return "–"
    return _("{n} h", n=allowed.amount) if allowed.unit == "h" else _("{n} wd", n=allowed.amount)


def say_level(level: ServiceLevel) -> str:
    """A service level on one line."""
    replies = " ".join(f"{term('kind', kind)} {say_term(level.reply[kind])}" for kind in Kind)
    return _(
        "forward {forward} · sign {sign} · return {back} · reply {replies} · extension {more}",
        forward=say_term(level.forward),
        sign=say_term(level.sign),
        back=say_term(level.return_),
        replies=replies,
        more=say_term(level.extension),
    )


def say_differences(before: ServiceLevel, after: ServiceLevel) -> list[str]:
    """What is another term, one each: 签收：1 工作日 → 2 工作日."""
    pairs = [
        (term("clock", "forward"), before.forward, after.forward),
        (term("clock", "sign"), before.sign, after.sign),
        (term("clock", "return"), before.return_, after.return_),
        *((_("reply: {kind}", kind=term("kind", k)), before.reply[k], after.reply[k]) for k in Kind),
        (_("extension"), before.extension, after.extension),
    ]
    return [_("{name}: {was} → {to}", name=name, was=say_term(a), to=say_term(b)) for name, a, b in pairs if a != b]


def say_item(decision: Decision, newsroom: Newsroom | None = None) -> str:
    """What was decided of what, on one line. `newsroom` knows the names of units that are only ended or called."""
    what, v = decision.what, decision.value
    kind, id_ = term("configured", what), decision.id
    if what == LEVEL:
        return _named(kind, term("urgency", id_), say_level(level_in(v)) if v else _("as shipped"))
    if what == LIMIT:
        return _named(kind, term("field", id_), say_number(v["is"]) if v else _("as shipped"))
    if what == CALENDAR and v:
        return f"{kind} {_(EFFECTS['notice'], year=id_, off=len(v['off']), on=len(v['on']))}"
    if what == CONTACTS and v:
        people = _("{n} people", n=v.get("count", 0))
        return f"{kind} {one_line(_unit_name(id_, newsroom))} {people}"
    name = one_line(_name(decision, newsroom))
    if v is None:
        gone = "、".join(places.load().name(code) for code in decision.successors)
        return _named(kind, name, _("ends, goes into {names}", names=gone) if gone else _("ends"))
    return f"{kind} {name}"


def _name(decision: Decision, newsroom: Newsroom | None) -> str:
    what, v = decision.what, decision.value or {}
    if what == TOPIC:
        return f"{decision.id} {v.get('field', '')}".strip()
    if what == UNIT:
        place = f" · {places.load().short(str(v['district']))}" if v else ""
        return (str(v["name"]) if v else _unit_name(decision.id, newsroom)) + place
    if what in (DIVISION, PAPER):
        return str(v.get("name") or places.load().name(decision.id))
    if what == TEMPLATE:
        return decision.words.get("name") or decision.id
    return str(v.get("name") or v.get("title") or decision.id)


def _unit_name(id_: str, newsroom: Newsroom | None) -> str:
    """As it was last called."""
    called = [d.value["name"] for d in newsroom.items.get((UNIT, id_), ()) if d.value] if newsroom else []
    return str(called[-1]) if called else id_


def say_number(value: Any) -> str:
    """A number of the rules: a pair, a share in percent, a term, or as it is."""
    if isinstance(value, (list, tuple)):
        if len(value) == 2 and value[1] in ("h", "wd"):
            return say_term(Term(value[0], value[1]))
        return " – ".join(map(str, value))
    return f"{value:.0%}" if isinstance(value, float) else str(value)


def _named(kind: str, name: str, value: str) -> str:
    return _("{kind} {name}: {value}", kind=kind, name=name, value=value)
