"""Blanks for what letters are filed under and who acts: topics, units with whom to call, districts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from db import configuring, places
from db.clock import now_ms
from db.ids import uuid7
from db.place_data import Division
from db.text import one_line
from db.units import Contact, Unit
from db.words import _, term
from desk.deciding.blank import Answers, Ask, Blank, Faults, Read, day, line
from desk.deciding.rules import begins

# ── topics ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def topic(name: str, field: str, today: date) -> Blank:
    """A new topic (`name` ""), or another field for one that is there."""
    asks = [
        *([] if name else [Ask("name", "line", _("topic"), "", True)]),
        Ask("field", "line", _("field"), field, True, hint=_("one that is there, or a new one")),
        begins(today),
    ]
    title = f"{term('configured', 'topic')} · {name or _('new')}"
    return Blank(title, f"topic:{name}", asks, lambda given: _topic(name, given, today))


def _topic(name: str, given: Answers, today: date) -> Read:
    faults = Faults()
    named = name or line(given, "name", faults)
    field = line(given, "field", faults)
    since = day(given, "from", today, faults)
    return Read(wrong=faults) if faults else Read((configuring.topic(named, since, field),))


def end_topic(name: str, today: date) -> Blank:
    asks = [begins(today, _("no longer from"))]
    title = f"{term('configured', 'topic')} · {name} · {_('ends')}"
    return Blank(title, f"topic-end:{name}", asks, lambda given: _end_topic(name, given, today))


def _end_topic(name: str, given: Answers, today: date) -> Read:
    faults = Faults()
    since = day(given, "from", today, faults)
    return Read(wrong=faults) if faults else Read((configuring.topic(name, since, None),))


# ── units ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def unit(found: Unit | None, today: date) -> Blank:
    """A unit and whom to call there. Its people count at once, its name and district from the day."""
    people = contact_lines(found.contacts) if found else ""
    asks = [
        Ask("district", "district", _("district"), found.district if found else "", True),
        Ask("name", "line", _("unit"), found.name if found else "", True),
        Ask("people", "long", _("whom to call"), people, hint=_("one a line: name, phone, duty, hours")),
        Ask("note", "line", _("note"), found.note if found else ""),
        begins(today),
    ]
    title = f"{term('configured', 'unit')} · {one_line(found.name) if found else _('new')}"
    draft = f"unit:{found.id if found else ''}"
    return Blank(title, draft, asks, lambda given: _unit(found, given, today))


def contact_lines(people: Sequence[Contact]) -> str:
    """As they are typed: one a line, its parts between commas."""
    return "\n".join(", ".join((p.name, p.phone, p.duty, p.hours)).rstrip(", ") for p in people)


def contacts_typed(text: str) -> list[Contact] | str:
    """The people, or the line that is none."""
    people = []
    for typed in text.splitlines():
        parts = [part.strip() for part in typed.replace("，", ",").split(",")]
        if not any(parts):
            continue
        if len(parts) > 4 or not parts[0]:
            return typed.strip()
        people.append(Contact(*parts))
    return people


def _unit(found: Unit | None, given: Answers, today: date) -> Read:
    faults = Faults()
    district, name = line(given, "district", faults), line(given, "name", faults)
    note = line(given, "note", faults, required=False)
    since = day(given, "from", today, faults)
    if district and places.load().on(district, since) is None:
        faults.add("district", _("No district is called “{typed}” on {day}.", typed=district, day=since.isoformat()))
    people = contacts_typed(str(given.get("people") or ""))
    if isinstance(people, str):
        faults.add("people", _("“{typed}”: name, phone, duty, hours are wanted.", typed=people))
    if faults or isinstance(people, str):
        return Read(wrong=faults)
    id_ = found.id if found else uuid7(now_ms())
    commands = []
    if found is None or (found.district, found.name, found.note) != (district, name, note):
        commands.append(configuring.unit(id_, since, district, name, note))
    if (found.contacts if found else ()) != tuple(people):
        commands.append(configuring.contacts(id_, today, people))
    return Read(tuple(commands))


def end_unit(found: Unit, today: date) -> Blank:
    asks = [begins(today, _("no longer from"))]
    title = f"{term('configured', 'unit')} · {one_line(found.name)} · {_('ends')}"
    return Blank(title, f"unit-end:{found.id}", asks, lambda given: _end_unit(found, given, today))


def _end_unit(found: Unit, given: Answers, today: date) -> Read:
    faults = Faults()
    since = day(given, "from", today, faults)
    return Read(wrong=faults) if faults else Read((configuring.end_unit(found.id, since),))


# ── divisions ────────────────────────────────────────────────────────────────────────────────────────────────────────

KINDS = ("区", "县", "自治县", "功能区")


def division(found: Division | None, today: date) -> Blank:
    """A new district, with those that go into it; or another name for one that is there."""
    options = [(kind, kind) for kind in KINDS]
    asks = [
        *(
            []
            if found
            else [Ask("code", "line", _("code"), "", True, hint=_("six digits, as the ministry's list has it"))]
        ),
        Ask("name", "line", _("name"), found.name if found else "", True),
        Ask("short", "line", _("short name"), found.short if found else "", hint=_("empty: the name without 区 or 县")),
        Ask("kind", "choice", _("kind of district"), found.kind if found else KINDS[0], True, options),
        Ask(
            "aliases", "line", _("other names"), " ".join(found.aliases) if found else "", hint=_("blanks between them")
        ),
        *([] if found else [Ask("merged", "districts", _("made of"), [], hint=_("districts that go into it and end"))]),
        begins(today),
    ]
    title = f"{term('configured', 'division')} · {found.name if found else _('new')}"
    draft = f"division:{found.code if found else ''}"
    return Blank(title, draft, asks, lambda given: _division(found, given, today))


def _division(found: Division | None, given: Answers, today: date) -> Read:
    faults = Faults()
    code = found.code if found else line(given, "code", faults).upper()
    name, kind = line(given, "name", faults), line(given, "kind", faults)
    short = line(given, "short", faults, required=False) or _short(name, kind)
    since = day(given, "from", today, faults)
    merged = [str(c) for c in given.get("merged") or ()]
    for c in merged:
        if places.load().on(c, since) is None:
            faults.add("merged", _("No district is called “{typed}” on {day}.", typed=c, day=since.isoformat()))
    if faults:
        return Read(wrong=faults)
    value: dict[str, object] = {"name": name, "short": short, "kind": kind}
    value["aliases"] = line(given, "aliases", faults, required=False).split()
    if found and found.parents:
        value["parents"] = list(found.parents)
    ended = [configuring.end_division(c, since, [code]) for c in merged]
    return Read((configuring.division(code, since, value), *ended))


def _short(name: str, kind: str) -> str:
    bare = name.removesuffix(kind)
    return bare if len(bare) > 1 else name


def end_division(found: Division, today: date) -> Blank:
    """What it goes into must be there by then."""
    asks = [
        Ask("into", "districts", _("goes into"), [], hint=_("districts that take over")),
        begins(today, _("no longer from")),
    ]
    title = f"{term('configured', 'division')} · {found.name} · {_('ends')}"
    return Blank(title, f"division-end:{found.code}", asks, lambda given: _end_division(found, given, today))


def _end_division(found: Division, given: Answers, today: date) -> Read:
    faults = Faults()
    since = day(given, "from", today, faults)
    into = [str(c) for c in given.get("into") or ()]
    return Read(wrong=faults) if faults else Read((configuring.end_division(found.code, since, into),))


# ── the letterhead ───────────────────────────────────────────────────────────────────────────────────────────────────


def letterhead(name: str, today: date) -> Blank:
    asks = [Ask("name", "line", _("name on official letters"), name, True)]
    return Blank(term("configured", "letterhead"), "letterhead:", asks, lambda given: _letterhead(given, today))


def _letterhead(given: Answers, today: date) -> Read:
    faults = Faults()
    name = line(given, "name", faults)
    return Read(wrong=faults) if faults else Read((configuring.letterhead(name, today),))
