"""What the newsroom decides, as the fold of its `configured` events: rules, calendar, topics, units, divisions, texts. Pure.

Invariant: the same events in the same order give the same newsroom, on every desk and on the backend. An event decides one
item (`what`, `id`) from one day on. Two that decide different items, or one item from different days, both hold; of two that
decide one item from the same day the last in the log holds. What is not understood here (a newer desk) is kept and passed over.

Of what rules are made of, nothing counts before it was known: a decision begins with its day or, if that is later, with the
moment it came to the backend. So no event that stands before it in the log is ever judged by it, in whatever order desks
hear of them, and a version that a forward names never changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from db import configured_checks as checks
from db.case_turn import refuse
from db.clock import midnight
from db.model import Event, EventKind, Ms, Refusal, Role
from db.model_rules import Calendar, Rulebook, Rules
from db.newsroom import LIMITS, calendar_with, default_rules, level_in, limit_in

LEVEL: Final = "level"  # id: an urgency
LIMIT: Final = "limit"  # id: a number of the rules
CALENDAR: Final = "calendar"  # id: a year
TOPIC: Final = "topic"  # id: its name
UNIT: Final = "unit"
CONTACTS: Final = "contacts"  # id: of the unit
DIVISION: Final = "division"  # id: its code
TEMPLATE: Final = "template"
LETTERHEAD: Final = "letterhead"  # id: newsroom
CALL: Final = "call"
PAPER: Final = "paper"  # id: of a district without an account, which gets documents

OF_RULES = frozenset({LEVEL, LIMIT, CALENDAR})
"""What a version of the rules is made of."""

LAST_HOLDS = frozenset({CONTACTS, TEMPLATE, LETTERHEAD, PAPER})
"""Without a history: of these only the last decision is kept (people's numbers are not kept for ever)."""

KINDS = OF_RULES | LAST_HOLDS | {TOPIC, UNIT, DIVISION, CALL}

Item = tuple[str, str]
"""(what, id)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One item from one day on. `value` None: it ends then. `since`: the moment it counts from, UTC ms."""

    event: str
    what: str
    id: str
    day: date
    since: Ms
    at: Ms  # when it was decided: the author's clock, clamped to the backend's receipt
    actor: str
    value: Mapping[str, Any] | None
    words: Mapping[str, str] = field(default_factory=dict)
    successors: tuple[str, ...] = ()
    unseen: bool = False  # its author had not seen the decision before it


@dataclass(frozen=True, slots=True)
class Newsroom:
    """All decisions, each item's in the order they count, and the rules that follow from them."""

    items: Mapping[Item, tuple[Decision, ...]] = field(default_factory=dict)
    book: Rulebook = field(default_factory=lambda: Rulebook({1: default_rules()}))
    last: Mapping[Item, str] = field(default_factory=dict)  # the event that last spoke of an item

    def of(self, what: str) -> dict[str, tuple[Decision, ...]]:
        """All items of one kind, by id."""
        return {id_: decisions for (kind, id_), decisions in self.items.items() if kind == what}

    def on(self, what: str, id_: str, moment: Ms) -> Decision | None:
        """What counts of an item at a moment; None where nothing was decided before it."""
        return _standing(self.items.get((what, id_), ()), moment)


def fold(events: Iterable[Event]) -> Newsroom:
    """The newsroom that these events make, in the order of the log."""
    newsroom = Newsroom()
    for event in events:
        newsroom = apply(newsroom, event)
    return newsroom


def decide(newsroom: Newsroom, event: Event) -> Newsroom | Refusal:
    """The newsroom after the event, or why it may not stand. The desk asks before it writes, the backend before it accepts."""
    if event.role is not Role.SUPERVISOR:
        return refuse("supervisor_only", kind=event.kind)
    try:
        no = checks.why_not(newsroom, event)
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError):
        no = refuse("bad_fact", field="value")
    return no or apply(newsroom, event)


def apply(newsroom: Newsroom, event: Event) -> Newsroom:
    """The newsroom with an event that is in the log; what it says of things unknown here changes nothing."""
    facts = event.facts
    item = (str(facts.get("what")), str(facts.get("id")))
    if event.kind != EventKind.CONFIGURED or item[0] not in KINDS:
        return newsroom
    try:
        decisions = _with(newsroom, item, event)
        if decisions is None:
            return newsroom
        items = {**newsroom.items, item: decisions}
        book = newsroom.book
        if item[0] in OF_RULES:
            book = _planned(book, items, since(event) if not facts.get("cancels") else heard(event))
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError):
        return newsroom  # in the log, so everybody passes it over alike
    return Newsroom(items, book, {**newsroom.last, item: event.id})


def heard(event: Event) -> Ms:
    """When it was decided, for everybody: the backend's receipt; the author's clock while it is pending."""
    return event.at if event.heard is None else event.heard


def since(event: Event) -> Ms:
    """The moment from which it counts: the rules never before they were known, everything else from its day."""
    begins = midnight(date.fromisoformat(event.facts["from"]))
    return max(begins, heard(event)) if event.facts["what"] in OF_RULES else begins


def _with(newsroom: Newsroom, item: Item, event: Event) -> tuple[Decision, ...] | None:
    """The item's decisions with one more, or with one less; None where there is nothing to cancel."""
    before = newsroom.items.get(item, ())
    cancelled = event.facts.get("cancels")
    if cancelled:
        left = tuple(d for d in before if d.event != cancelled)
        return left if len(left) < len(before) else None
    made = Decision(
        event=event.id,
        what=item[0],
        id=item[1],
        day=date.fromisoformat(event.facts["from"]),
        since=since(event),
        at=heard(event),
        actor=event.actor,
        value=event.facts.get("value"),
        words=event.words,
        successors=tuple(event.facts.get("successors") or ()),
        unseen=event.re != newsroom.last.get(item),
    )
    if item[0] in LAST_HOLDS:
        return (made,)
    others = (d for d in before if d.since != made.since)
    return tuple(sorted((*others, made), key=lambda d: d.since))


def _standing(decisions: tuple[Decision, ...], moment: Ms) -> Decision | None:
    return next((d for d in reversed(decisions) if d.since <= moment), None)


# ── the rules ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _planned(book: Rulebook, items: Mapping[Item, tuple[Decision, ...]], start: Ms) -> Rulebook:
    """The rulebook with what is in force from `start` on: a new version for each moment at which something changes.

    Versions that exist are never changed; one that says the same is used again.
    """
    later = {d.since for item, ds in items.items() if item[0] in OF_RULES for d in ds if d.since > start}
    versions = dict(book.versions)
    plan = [step for step in book.plan if step[0] < start]
    for moment in sorted({start, *later}):
        rules = _rules_at(items, moment, max(versions) + 1)
        same = next((v for v, r in versions.items() if _alike(r, rules)), None)
        if same is None:
            versions[rules.version] = rules
        plan.append((moment, rules.version if same is None else same))
    return Rulebook(versions, tuple(plan))


def _alike(a: Rules, b: Rules) -> bool:
    from dataclasses import replace

    return replace(a, version=b.version) == b


def _rules_at(items: Mapping[Item, tuple[Decision, ...]], moment: Ms, version: int) -> Rules:
    from dataclasses import replace

    first = default_rules()
    said = {
        item: d.value
        for item, ds in items.items()
        if item[0] in OF_RULES and (d := _standing(ds, moment)) is not None and d.value is not None
    }
    levels = {u: level_in(said[LEVEL, u]) if (LEVEL, u) in said else level for u, level in first.levels.items()}
    limits = {name: limit_in(name, said[LIMIT, name]["is"]) for name in LIMITS if (LIMIT, name) in said}
    calendar = first.calendar
    for year in sorted(id_ for what, id_ in said if what == CALENDAR):
        calendar = _noticed(calendar, int(year), said[CALENDAR, year])
    return replace(first, version=version, levels=levels, calendar=calendar, **limits)


def _noticed(calendar: Calendar, year: int, value: Mapping[str, Any]) -> Calendar:
    days = {date.fromisoformat(d): True for d in value["off"]} | {date.fromisoformat(d): False for d in value["on"]}
    return calendar_with(calendar, year, days)
