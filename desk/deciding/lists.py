"""The lists of the settings screen: what stands there, and what its keys ask. Reads the store; draws nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from db import configured, configured_rows, configuring, places, templates, topics, units
from db.clock import day_of, now_ms
from db.configured import Decision, Newsroom
from db.configured_words import say_item, say_level, say_number, say_term
from db.model import Urgency
from db.newsroom import LIMITS, limit_out
from db.text import one_line
from db.words import _, term
from desk.deciding import calls, names, rules, texts
from desk.deciding.blank import Blank

if TYPE_CHECKING:
    from db.commands import Command
    from desk.shelf import Shelf

OWN = ("language", "theme", "undo_window", "next_letter", "focus", "bell", "files_mb")

Answer = Blank | list["Command"] | str
"""What a key leads to: a blank to fill in, decisions to look at, or a sentence why not."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line: cells as safe text, what is told of it below the list, and what stands behind it."""

    id: str
    cells: tuple[str, ...]
    details: Sequence[str] = ()
    role: str = "ink"
    of: Any = None  # what the list's own functions need of it
    planned: Decision | None = None  # has not begun: can be cancelled


@dataclass(slots=True)
class View:
    """What the screen knows, read at one moment."""

    shelf: Shelf
    newsroom: Newsroom = field(init=False)
    now: int = field(init=False)
    today: date = field(init=False)

    def __post_init__(self) -> None:
        self.reread()

    def reread(self) -> None:
        """Raises StoreError."""
        self.now = now_ms()
        self.today = day_of(self.now)
        self.newsroom = configured_rows.read(self.shelf.store)

    @property
    def rules(self) -> Any:
        return self.newsroom.book.at(self.now)

    def planned(self, *kinds: str) -> list[Row]:
        """What was decided of these and has not begun."""
        found = [
            d for (what, _id), ds in self.newsroom.items.items() if what in kinds for d in ds if d.since > self.now
        ]
        return [
            Row(
                f"planned:{d.event}",
                (_("from {day}", day=d.day.isoformat()), say_item(d, self.newsroom)),
                [self.said_by(d)],
                "water",
                d,
                d,
            )
            for d in sorted(found, key=lambda d: d.since)
        ]

    def said_by(self, d: Decision) -> str:
        """Who decided it when, and whether they had seen what was decided before."""
        who, at = one_line(self.shelf.who(d.actor)), day_of(d.at).isoformat()
        unseen = " " + _("It was decided without sight of the decision before it.") if d.unseen else ""
        return _("Decided by {who} on {day}, counts from {from_}.", who=who, day=at, from_=d.day.isoformat()) + unseen


@dataclass(frozen=True, slots=True)
class Section:
    """A list with its keys. `widths` of all cells but the last, which takes the rest."""

    id: str
    widths: tuple[int, ...]
    rows: Callable[[View], list[Row]]
    add: Callable[[View], Answer] | None = None
    change: Callable[[View, Row], Answer] | None = None
    end: Callable[[View, Row], Answer] | None = None
    own: bool = False  # one's own: no supervisor is needed


# ── one's own ────────────────────────────────────────────────────────────────────────────────────────────────────────


def own_rows(view: View) -> list[Row]:
    from desk.keymap import faults_of

    likes = view.shelf.likes
    now = likes.now
    rows = [
        Row("problem", ("!", str(fault)), [str(fault)], "late") for fault in faults_of(likes)
    ]  # whole below the list
    for name in OWN:
        value = getattr(now, name)
        shown = (_("yes") if value else _("no")) if isinstance(value, bool) else _shown(name, value)
        rows.append(Row(name, (term("setting", name), shown), [term("setting_says", name)], of=name))
    for id_, key in now.keys.items():
        rows.append(Row(f"keys.{id_}", (_("key"), f"{one_line(key)}  {one_line(id_)}"), of=f"keys.{id_}"))
    for search in now.searches:
        said = f"{one_line(search.name)}  {one_line(search.query)}"
        rows.append(Row(f"search:{search.name}", (_("saved search"), said), [_("' opens and changes your lists.")]))
    return rows


def _shown(name: str, value: Any) -> str:
    if name == "undo_window":
        return _("{n} s", n=value)
    if name == "files_mb":
        return _("{n} MB", n=value)
    return dict(texts.choices(name)).get(value, str(value))


def change_own(view: View, row: Row) -> Answer:
    if row.id.startswith("search:"):
        return _("' opens and changes your lists.")
    return texts.own(row.of, view.shelf.likes.now) if row.of else _("ctrl+o opens the file.")


def end_own(view: View, row: Row) -> Answer:
    """A key goes back to what it was shipped as."""
    if not row.id.startswith("keys."):
        return _("This has a value always: enter changes it.")
    return texts.own(row.of, view.shelf.likes.now)


# ── what rules are made of ───────────────────────────────────────────────────────────────────────────────────────────


def rules_rows(view: View) -> list[Row]:
    now = view.rules
    rows = []
    for urgency in reversed(Urgency):
        level = now.levels[urgency]
        short = say_level(level).split(" · ")
        details = [say_level(level), *_since(view, configured.LEVEL, urgency)]
        rows.append(
            Row(
                f"level:{urgency}",
                (term("urgency", urgency), " · ".join([*short[:3], _reply(level)])),
                details,
                of=urgency,
            )
        )
    for name in LIMITS:
        value = limit_out(now, name)
        details = _since(view, configured.LIMIT, name)
        said = _("{rule}: {value}", rule=term("field", name), value=say_number(value))
        rows.append(Row(f"limit:{name}", (_("general"), said), details, of=name))
    return [*rows, *view.planned(configured.LEVEL, configured.LIMIT)]


def _reply(level: Any) -> str:
    """The shortest and the longest; the details below the list tell each kind's."""
    every = sorted(set(level.reply.values()), key=lambda t: (t.unit != "h", t.amount))
    ends = every if len(every) < 2 else [every[0], every[-1]]
    return _("reply {terms}", terms=" – ".join(say_term(t) for t in ends))


def _since(view: View, what: str, id_: str) -> list[str]:
    found = view.newsroom.on(what, id_, view.now)
    return [view.said_by(found)] if found else [_("As shipped.")]


def change_rules(view: View, row: Row) -> Answer:
    if row.planned is not None:
        return _("It has not begun: d cancels it, then decide anew.")
    if row.id.startswith("level:"):
        return rules.level(row.of, view.rules, view.today)
    return rules.number(row.of, view.rules, view.today)


def cancel(_view: View, row: Row) -> Answer:
    if row.planned is None:
        return _("What is in force is not cancelled, only followed: enter changes it from a later day.")
    return [configuring.cancel(row.planned)]


def calendar_rows(view: View) -> list[Row]:
    known = view.rules.calendar
    first = min((d.year for d in known.off), default=known.known_until.year)
    rows = []
    for year in range(known.known_until.year, first - 1, -1):
        off = sorted(d for d in known.off if d.year == year)
        on = sorted(d for d in known.on if d.year == year)
        said = _("{off} days off on working days, {on} make-up working days", off=len(off), on=len(on))
        listed = [_("off: {days}", days=_days(off)), _("worked: {days}", days=_days(on))]
        rows.append(Row(str(year), (str(year), said), [*listed, *_since(view, configured.CALENDAR, str(year))]))
    note = _("provisional: Monday to Friday until its notice is here")
    return [Row("unknown", (f"{known.known_until.year + 1} …", note), [], "today"), *rows]


def _days(days: Sequence[date]) -> str:
    return "、".join(f"{d.month}-{d.day}" for d in days) or "–"


# ── topics, units, divisions, texts ──────────────────────────────────────────────────────────────────────────────────


def topic_rows(view: View) -> list[Row]:
    known = topics.load(view.today)
    rows = [
        Row(topic, (field, topic), _since(view, configured.TOPIC, topic), of=(topic, field))
        for field, its in known.fields.items()
        for topic in its
    ]
    return [*rows, *view.planned(configured.TOPIC)]


def unit_rows(view: View) -> list[Row]:
    divisions = places.load()
    rows = []
    for u in units.all_units(view.shelf.store, view.today):
        first = u.contacts[0] if u.contacts else None
        called = one_line(" ".join((first.name, first.phone))) if first else _("nobody to call")
        more = f" +{len(u.contacts) - 1}" if len(u.contacts) > 1 else ""
        details = [one_line(" · ".join(t for t in (p.name, p.phone, p.duty, p.hours) if t)) for p in u.contacts[:4]]
        details += [one_line(u.note)] if u.note else []
        if u.valid_to:
            details.append(_("Until {day}.", day=u.valid_to.isoformat()))
        role = "faint" if u.valid_to or (u.valid_from and u.valid_from > view.today) else "ink"
        rows.append(Row(u.id, (divisions.short(u.district), one_line(u.name), called + more), details, role, u))
    return rows


def division_rows(view: View) -> list[Row]:
    divisions = places.load()
    rows = [
        Row(
            f"orphan:{code}",
            (code, _("{name} no longer exists: {n} open letters wait for who inherits them", name=one_line(name), n=n)),
            [
                _(
                    "esc, then /district:{name} shows them: recall them (the unit is gone) and forward them.",
                    name=one_line(name),
                )
            ],
            "late",
        )
        for code, name, n in configuring.orphans(view.shelf.store, view.today)
    ]
    for d in divisions.districts(view.today):
        details = _since(view, configured.DIVISION, d.code)
        aliases = _("also: {names}", names="、".join(d.aliases)) if d.aliases else ""
        rows.append(Row(d.code, (d.code, f"{one_line(d.name)}  {one_line(aliases)}".rstrip()), details, of=d))
    return [*rows, *view.planned(configured.DIVISION)]


def template_rows(view: View) -> list[Row]:
    labels = dict(texts.written())
    head = one_line(view.shelf.store.setting("newsroom.name") or _("not given: the default stands"))
    rows = [Row("letterhead", (term("configured", "letterhead"), head), [_("It stands above every official letter.")])]
    for t in templates.all_templates(view.shelf.store):
        narrow = " · ".join(one_line(p) for p in (t.topic, t.unit) if p)
        whose = _("ours") if t.own else _("shipped")
        cells = (
            labels.get(t.action) or term("action", t.action),
            f"{one_line(t.name)}  {narrow}".rstrip() + f"  ({whose})",
        )
        rows.append(Row(t.id, cells, [one_line(t.body)], of=t))
    return rows


def change_template(view: View, row: Row) -> Answer:
    if row.id == "letterhead":
        return names.letterhead(view.shelf.store.setting("newsroom.name") or "", view.today)
    return texts.template(row.of, view.today)


def end_template(view: View, row: Row) -> Answer:
    if row.of is None or not row.of.own:
        return _("This one is shipped with the desk: e makes one of your own of it.")
    return [configuring.end_template(row.of.id, view.today)]


def end_call(view: View, row: Row) -> Answer:
    return [configuring.end_call(row.of.id, view.today)] if row.of is not None else _("Nothing ends here.")


def history_rows(view: View) -> list[Row]:
    every = [d for ds in view.newsroom.items.values() for d in ds]
    return [
        Row(
            d.event,
            (day_of(d.at).isoformat(), one_line(view.shelf.who(d.actor)), say_item(d, view.newsroom)),
            [view.said_by(d)],
            "water"
            if d.since > view.now
            else "today"
            if d.unseen and d.what not in (*configured.LAST_HOLDS, configured.CALL)
            else "ink",
            planned=d if d.since > view.now else None,
        )
        for d in sorted(every, key=lambda d: (d.at, d.event), reverse=True)
    ]


def _ends(make: Callable[[Any, date], Blank]) -> Callable[[View, Row], Answer]:
    """An end from a day on; of what has not begun a cancellation."""

    def end(view: View, row: Row) -> Answer:
        if row.planned is not None:
            return [configuring.cancel(row.planned)]
        return make(row.of, view.today) if row.of is not None else _("Nothing ends here.")

    return end


def _changes(make: Callable[[Any, date], Blank]) -> Callable[[View, Row], Answer]:
    def change(view: View, row: Row) -> Answer:
        if row.planned is not None:
            return _("It has not begun: d cancels it, then decide anew.")
        return make(row.of, view.today) if row.of is not None else _("There is nothing to change here.")

    return change


SECTIONS: tuple[Section, ...] = (
    Section("own", (16,), own_rows, lambda v: texts.own("keys.", v.shelf.likes.now), change_own, end_own, own=True),
    Section("rules", (14,), rules_rows, None, change_rules, cancel),
    Section("calendar", (8,), calendar_rows, lambda v: rules.notice(v.today)),
    Section(
        "topics",
        (14,),
        topic_rows,
        lambda v: names.topic("", "", v.today),
        _changes(lambda of, today: names.topic(of[0], of[1], today)),
        _ends(lambda of, today: names.end_topic(of[0], today)),
    ),
    Section(
        "units", (12, 34), unit_rows, lambda v: names.unit(None, v.today), _changes(names.unit), _ends(names.end_unit)
    ),
    Section(
        "divisions",
        (14,),
        division_rows,
        lambda v: names.division(None, v.today),
        _changes(names.division),
        _ends(names.end_division),
    ),
    Section("texts", (14,), template_rows, lambda v: texts.template(None, v.today), change_template, end_template),
    Section("history", (12, 12), history_rows, None, None, cancel),
    Section("calls", (23,), calls.rows, lambda v: calls.blank(None, v.today), _changes(calls.blank), end_call),
)
