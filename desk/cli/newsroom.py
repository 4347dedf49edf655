"""`desk settings`, `desk calendar`, `desk unit`: what one person likes and what the newsroom decides, from a shell."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db import configured_rows, configuring, places, units
from db.clock import day_of, now_ms
from db.configured_words import say_effect, say_item, say_level, say_notice
from db.model import Urgency
from db.newsroom import NoticeError
from db.people import own_actor
from db.sentences import say
from db.text import as_json, one_line
from db.units import Contact
from db.words import _, sentences, term
from desk.cli.out import EXIT_REFUSED, EXIT_USAGE, StopError
from desk.cli.store import opened
from desk.home import home, settings_file
from desk.likes import Likes
from desk.settings import CHECKS, Search, Settings

if TYPE_CHECKING:
    from db.commands import Command
    from db.store import Store


# ── settings ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def settings(options: argparse.Namespace) -> int:
    """`show [--json]`, or `set NAME VALUE`: one value of the person's own file."""
    from desk.keymap import faults_of  # brings Textual, which the other verbs here do without

    likes = Likes(settings_file(home(options.home)))
    if options.what == "set":
        return _set(likes, options.name, options.value)
    with opened(options, create=False) as store:
        if options.json:
            print(
                as_json(
                    {
                        "file": str(likes.path),
                        "settings": _plain(likes.now),
                        "problems": [str(fault) for fault in faults_of(likes)],
                    }
                )
            )
            for decision in _decisions(store):
                print(as_json(decision))
            return 0
        _show_own(likes)
        _show_newsroom(store)
    return 0


def _set(likes: Likes, name: str | None, value: str | None) -> int:
    """`keys.ID KEY` sets one key; searches have a screen of their own."""
    from desk.keymap import understood

    table, dot, id_ = (name or "").partition(".")
    if value is None or (table not in CHECKS) or (bool(dot) is not (table == "keys")) or table == "searches":
        names = [n if n != "keys" else "keys.ID" for n in CHECKS if n != "searches"]
        raise StopError(EXIT_USAGE, _("Name a setting and its value. There are: {known}.", known=_(", ").join(names)))
    given: Any = {**likes.now.keys, id_: value} if table == "keys" else _typed(table, value)
    if table == "keys" and (clash := next((f.sentence for f in understood(given)[1] if f.id == id_), None)):
        raise StopError(EXIT_REFUSED, clash)
    if problem := likes.put(table, given):
        raise StopError(EXIT_REFUSED, str(problem))
    print(_("{name} = {value}, in {file}", name=name, value=value, file=likes.path))
    return 0


def _typed(name: str, value: str) -> Any:
    """As the setting's default is: true and false, numbers, text. What fits none stays text, for the check to name."""
    default = getattr(Settings(), name)
    if isinstance(default, bool):
        return {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}.get(
            value.lower(), value
        )
    return int(value) if isinstance(default, int) and value.removeprefix("-").isdigit() else value


def _plain(now: Settings) -> dict[str, Any]:
    values = {name: getattr(now, name) for name in CHECKS}
    return values | {"keys": dict(now.keys), "searches": [s._asdict() for s in now.searches]}


def _show_own(likes: Likes) -> None:
    from desk.keymap import faults_of, of_file

    there = likes.path if likes.path.exists() else _("{file} (not made yet: the defaults)", file=likes.path)
    print(_("Your own: {file}", file=there))
    in_force = {"keys": dict(of_file(likes)[0].own)}
    for name, value in (_plain(likes.now) | in_force).items():
        shown = value if not isinstance(value, list) else [Search(**s).name for s in value]
        print(f"  {name} = {as_json(shown)}")
    for fault in faults_of(likes):
        print(f"  ! {fault}")


def _show_newsroom(store: Store) -> None:
    now, book = now_ms(), store.rulebook()
    rules = book.at(now)
    print(
        _(
            "The newsroom's: rules version {n}, calendar known until {day}",
            n=rules.version,
            day=_iso(rules.calendar.known_until),
        )
    )
    for urgency in Urgency:
        print(f"  {term('urgency', urgency)}: {say_level(rules.levels[urgency])}")
    for decision in _decisions(store):
        print(f"  {decision['from']} {decision['says']}")
    for code, name, n in configuring.orphans(store, day_of(now)):
        print(
            "  ! "
            + _(
                "{name} ({code}) no longer exists and has {n} open letters: say who inherits them.",
                name=name,
                code=code,
                n=n,
            )
        )


def _decisions(store: Store) -> list[dict[str, Any]]:
    """What was decided, by day; of units and their people, which are many, `desk unit list` tells."""
    newsroom = configured_rows.read(store)
    every = [d for ds in newsroom.items.values() for d in ds if d.what not in ("unit", "contacts")]
    return [
        {"from": _iso(d.day), "what": d.what, "id": d.id, "value": d.value, "event": d.event, "says": say_item(d)}
        for d in sorted(every, key=lambda d: (d.since, d.at))
    ]


# ── decisions ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text) if text else day_of(now_ms())
    except ValueError:
        raise StopError(EXIT_USAGE, _("“{text}” is no day. Write 2025-01-31.", text=text)) from None


def _iso(day: date) -> str:
    return day.isoformat()


def _decide(store: Store, commands: Sequence[Command], *, dry: bool = False) -> None:
    """Says what it brings, then does it: all or nothing. Raises StopError."""
    from db.commands import preview, run

    for sentence in dict.fromkeys(say_effect(e) for c in commands for e in configuring.effects(store, c, now_ms())):
        print(sentence)
    result = (preview if dry else run)(store, own_actor(store), list(commands))
    if result.refused:
        raise StopError(EXIT_REFUSED, sentences(*dict.fromkeys(say(no) for _command, no in result.refused)))


def calendar(options: argparse.Namespace) -> int:
    """`import FILE [--dry-run]`: a year's notice in the form of the holiday-cn lists; `show`: how far it is known."""
    with opened(options, create=False) as store:
        if options.what == "show":
            known = store.rulebook().at(now_ms()).calendar.known_until
            print(_("Notices are known until {day}; what is due later is provisional.", day=_iso(known)))
            return 0
        notice = _notice(options.file)
        try:
            command = configuring.notice(notice, day_of(now_ms()))
        except NoticeError as e:
            said = _("{file}: {why}. Nothing was changed.", file=options.file, why=say_notice(e))
            raise StopError(EXIT_REFUSED, said) from None
        _decide(store, [command], dry=options.dry_run)
        if options.dry_run:
            print(_("Nothing was changed: --dry-run."))
            return 0
        from db.timers_here import run as reschedule

        moved = reschedule(store)
        print(
            _(
                "The notice for {year} is in force; {n} letters were counted anew.",
                year=command.facts["id"],
                n=len(moved),
            )
        )
    return 0


def _notice(file: str | None) -> Any:
    if not file:
        raise StopError(EXIT_USAGE, _("Name the file of the notice (JSON, as of holiday-cn)."))
    try:
        return json.loads(Path(file).read_bytes())
    except OSError as e:
        raise StopError(EXIT_USAGE, _("{file} cannot be read: {why}", file=file, why=e.strerror or "")) from None
    except (ValueError, RecursionError):
        raise StopError(EXIT_REFUSED, _("{file} is no JSON. Nothing was changed.", file=file)) from None


def unit(options: argparse.Namespace) -> int:
    """`list [DISTRICT]`, `add DISTRICT NAME [--contact NAME,PHONE,DUTY,HOURS]…`, `end DISTRICT NAME [--from DAY]`."""
    with opened(options, create=False) as store:
        day = _day(options.begins)
        if options.what == "list":
            return _list_units(store, day, options)
        code = _district(options.district, day)
        name = (options.name or "").strip()
        if not name:
            raise StopError(EXIT_USAGE, _("Name the unit."))
        found = next((u for u in units.units(store, code, day) if u.name == name), None)
        if options.what == "end":
            if found is None:
                raise StopError(
                    EXIT_REFUSED,
                    _("{district} has no unit called {name}.", district=places.load().name(code), name=name),
                )
            _decide(store, [configuring.end_unit(found.id, day)])
            print(_("{name} ends on {day}.", name=name, day=_iso(day - timedelta(days=1))))
            return 0
        _decide(store, _added(found.id if found else None, code, name, day, options))
        print(_("{name}: saved here, to be sent.", name=name))
    return 0


def _added(id_: str | None, district: str, name: str, day: date, options: argparse.Namespace) -> list[Command]:
    """A new unit with its people, or new people (or a note) for one that is there."""
    from db.ids import uuid7

    people = [_contact(text) for text in options.contact or ()]
    made = id_ or uuid7(now_ms())
    commands = [] if id_ and options.note is None else [configuring.unit(made, day, district, name, options.note or "")]
    if people or not id_:
        commands += [configuring.contacts(made, day_of(now_ms()), people)] if people else []
    if not commands:
        raise StopError(EXIT_REFUSED, _("{name} is there already; --contact or --note would change it.", name=name))
    return commands


def _contact(text: str) -> Contact:
    parts = [part.strip() for part in text.replace("，", ",").split(",")]
    if len(parts) > 4 or not parts[0]:
        raise StopError(EXIT_USAGE, _("--contact wants NAME,PHONE,DUTY,HOURS; got “{text}”.", text=text))
    return Contact(*parts)


def _district(typed: str | None, day: date) -> str:
    found = [d for d in places.load().named(typed or "") if d.valid_on(day)]
    if len(found) != 1:
        names = _(", ").join(d.name for d in found)
        if found:
            raise StopError(EXIT_REFUSED, _("“{typed}” may be {names}: write it out.", typed=typed, names=names))
        raise StopError(EXIT_REFUSED, _("No district is called “{typed}” on {day}.", typed=typed or "", day=_iso(day)))
    return found[0].code


def _list_units(store: Store, day: date, options: argparse.Namespace) -> int:
    code = _district(options.district, day) if options.district else None
    for u in units.all_units(store, day):
        if code not in (None, u.district):
            continue
        place = places.load().name(u.district)
        if options.json:
            people = [{"name": p.name, "phone": p.phone, "duty": p.duty, "hours": p.hours} for p in u.contacts]
            ends = u.valid_to.isoformat() if u.valid_to else None
            begins = u.valid_from.isoformat() if u.valid_from else None
            print(
                as_json(
                    {
                        "id": u.id,
                        "district": u.district,
                        "district_name": place,
                        "name": u.name,
                        "from": begins,
                        "to": ends,
                        "note": u.note,
                        "contacts": people,
                    }
                )
            )
            continue
        called = "; ".join(" ".join(t for t in (p.name, p.phone, p.duty, p.hours) if t) for p in u.contacts)
        ends_ = " " + _("(until {day})", day=_iso(u.valid_to)) if u.valid_to else ""
        print(one_line(f"{place}  {u.name}{ends_}  {called}"))
    return 0
