"""Blanks for the newsroom's texts, and for what one person likes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from db import configuring, templates
from db.clock import now_ms
from db.ids import uuid7
from db.templates import Template
from db.text import one_line
from db.words import LANGUAGES, _, term
from desk.actions import ACTIONS
from desk.deciding.blank import Answers, Ask, Blank, Faults, Own, Read, line
from desk.settings import LONGEST_UNDO, MOST_FILES, Settings, why_not

RECORDED = ("replied", "told", "returned")
"""What is written down for others has texts of its own, under the event's name."""


def written() -> list[tuple[str, str]]:
    """(name, label) of everything with a long text that a template can begin."""
    acts = [(a.id, a.label) for a in ACTIONS if any(f.kind in ("long", "text") and f.to == "word" for f in a.fields)]
    return [*acts, *((kind, term("event", kind)) for kind in RECORDED)]


def template(found: Template | None, today: date) -> Blank:
    """A text of the newsroom's; one that ships becomes one of ours."""
    names = " ".join(f"{{{name}}}" for name in templates.names())
    asks = [
        Ask("action", "choice", _("for"), found.action if found else "", True, written()),
        Ask("name", "line", _("name"), one_line(found.name) if found else "", True),
        Ask("topic", "line", _("topic"), (found.topic if found else "") or "", hint=_("any topic")),
        Ask("unit", "line", _("unit"), (found.unit if found else "") or "", hint=_("any unit")),
        Ask("body", "long", _("words"), found.body if found else "", True),
    ]
    title = f"{term('configured', 'template')} · {one_line(found.name) if found else _('new')}"
    about = _("Variables: {names}", names=names)
    return Blank(
        title, f"template:{found.id if found else ''}", asks, lambda given: _template(found, given, today), about
    )


def _template(found: Template | None, given: Answers, today: date) -> Read:
    faults = Faults()
    action, name = line(given, "action", faults), line(given, "name", faults)
    body = str(given.get("body") or "").strip()
    if not body:
        faults.add("body", _("Missing."))
    if faults:
        return Read(wrong=faults)
    topic = line(given, "topic", faults, required=False) or None
    unit = line(given, "unit", faults, required=False) or None
    id_ = found.id if found and found.own else uuid7(now_ms())
    return Read((configuring.template(id_, today, action, name, body, topic, unit),))


# ── one's own ────────────────────────────────────────────────────────────────────────────────────────────────────────


def choices(name: str) -> Sequence[tuple[str, str]]:
    """What a setting may be, where that is a few; (code, label)."""
    if name == "language":
        return [(lang, term("language", lang)) for lang in LANGUAGES]
    if name == "theme":
        from desk.theme import PALETTES

        return [(theme, term("theme", theme)) for theme in PALETTES]
    return ()


def own(name: str, now: Settings) -> Blank:
    """One of a person's own settings; `keys.ID` for a key, `keys.` for a new one."""
    if name.startswith("keys."):
        return _key(name.removeprefix("keys."), now)
    value = getattr(now, name)
    label = term("setting", name)
    if isinstance(value, bool):
        ask = Ask("value", "flag", label, value, hint=term("setting_says", name))
    elif options := choices(name):
        ask = Ask("value", "choice", label, value, True, options)
    else:
        hint = _("seconds, 0 to {n}", n=LONGEST_UNDO)
        if name == "files_mb":
            hint = _("megabytes, 0 to {n}", n=MOST_FILES)
        ask = Ask("value", "line", label, str(value), True, hint=hint)
    return Blank(label, f"own:{name}", [ask], lambda given: _own(name, given.get("value")))


def _own(name: str, value: Any) -> Read:
    if name in ("undo_window", "files_mb"):
        text = str(value).strip()
        value = int(text) if text.isdigit() else text
    wrong = why_not(name, value)
    return Read(wrong={"value": wrong}) if wrong else Read(own=Own(name, value))


def _key(id_: str, now: Settings) -> Blank:
    asks = [
        *(
            []
            if id_
            else [Ask("id", "line", _("id of the action"), "", True, hint=_("do.forward, move.down: docs/keys.md"))]
        ),
        Ask("value", "line", _("key"), now.keys.get(id_, ""), hint=_("F, ctrl+x, j,down; empty: as shipped")),
    ]
    return Blank(
        f"{term('setting', 'keys')} · {id_ or _('new')}", f"own:keys.{id_}", asks, lambda given: _keys(id_, given, now)
    )


def _keys(id_: str, given: Answers, now: Settings) -> Read:
    faults = Faults()
    named = id_ or line(given, "id", faults)
    key = line(given, "value", faults, required=False)
    made = {k: v for k, v in now.keys.items() if k != named} | ({named: key} if key else {})
    if not faults and (problem := _clash(made, named)):
        faults.add("value" if id_ or _known(named) else "id", problem)
    return Read(wrong=faults) if faults else Read(own=Own("keys", made))


def _known(id_: str) -> bool:
    from desk.keymap import shipped

    return id_ in shipped() or f"do.{id_}" in shipped()


def _clash(keys: dict[str, str], named: str) -> str | None:
    """Why that key cannot be: unknown, taken, or no key at all."""
    from desk.keymap import understood

    _keymap, found = understood(keys)
    return next((fault.sentence for fault in found if fault.id == named), why_not("keys", keys))
