"""A letter's history, step by step, each event folded as it is written: what the rules refuse cannot be in the demo."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from db import cases, deadlines
from db.clock import day_of, from_iso, midnight
from db.demo.cast import DEVICES, SUPERVISOR
from db.ids import uuid7
from db.model import Absorbed, Case, CaseId, Event, EventId, Ms, Refusal, Role
from db.newsroom import default_rulebook, default_rules

DEMO_NOW: Ms = from_iso("2024-11-01T09:30")
HOUR: Ms = 3_600_000
MINUTE: Ms = 60_000
BOOK = default_rulebook()
CALENDAR = default_rules().calendar
WORDED = frozenset({"resolved", "tracked"})
"""Kinds whose facts say that there are words for the citizen."""

_OUTSIDE = {"citizen": Role.CITIZEN, "system": Role.SYSTEM, "backend": Role.BACKEND}


class Story:
    """One letter being lived through. `now` is the moment of its next event, UTC ms; nothing happens after DEMO_NOW.

    `world` holds every case, so that a merge or a link is folded over all that it touches.
    """

    def __init__(self, world: dict[CaseId, Case], rng: Random, editor: str) -> None:
        self.world = world
        self.rng = rng
        self.editor = editor
        self.id: CaseId = ""
        self.events: list[Event] = []
        self.now: Ms = 0
        self.over = False

    @property
    def case(self) -> Case:
        return self.world[self.id]

    def receive(self, id_: CaseId, who: str, facts: dict[str, Any], words: dict[str, str]) -> None:
        """The first event, written at `now`; `facts` say when the letter came."""
        self.id = id_
        actor, role = self._who(who)
        self._fold(self._event("received", id_, actor, role, facts, words))

    def do(
        self,
        kind: str,
        /,
        who: str = "",
        text: str = "",
        *,
        of: str | None = None,
        id_: EventId | None = None,
        words: dict[str, str] | None = None,
        **facts: Any,
    ) -> None:
        """The next event, by the letter's editor unless `who` says: the supervisor, "unit", "citizen", "system".

        `of`: the dispatch it is about, the lead's if None. Raises ValueError if the rules refuse or absorb it.
        """
        if self.over or self.now >= DEMO_NOW:
            self.over = True
            return
        re, dispatch = cases.answers(self.case, kind, of, facts)
        actor, role = self._who(who, of)
        said = dict(words or {})
        if text:
            said["note" if kind == "forwarded" else "text"] = text
        if text and kind in WORDED:
            facts["worded"] = True
        key = id_ or uuid7(self.now, self.rng.getrandbits)
        self._fold(self._event(kind, key, actor, role, facts, said, re, dispatch))

    def _event(
        self,
        kind: str,
        id_: EventId,
        actor: str,
        role: Role,
        facts: dict[str, Any],
        words: dict[str, str],
        re: EventId | None = None,
        dispatch: str | None = None,
    ) -> Event:
        return Event(
            id=id_,
            case=self.id,
            kind=kind,
            at=self.now,
            actor=actor,
            role=role,
            device=DEVICES.get(actor, "00"),
            re=re,
            dispatch=dispatch,
            facts=facts,
            words=words,
            salt=f"{self.rng.getrandbits(128):032x}" if words else "",
        )

    def _who(self, who: str, of: str | None = None) -> tuple[str, Role]:
        if who == "unit":
            d = self.case.dispatch(of) or self.case.lead_dispatch
            return f"unit:{d.district if d else ''}", Role.UNIT
        if who in _OUTSIDE:
            return who, _OUTSIDE[who]
        return (who, Role.SUPERVISOR) if who == SUPERVISOR else (who or self.editor, Role.EDITOR)

    def _fold(self, event: Event) -> None:
        if self.events and event.at < self.events[-1].at:
            raise ValueError(f"{event.kind} of {event.case} before its {self.events[-1].kind}")
        case = self.world.get(self.id)
        near = {i: self.world[i] for i in cases.touches(case, event) if i != self.id}
        self.world[self.id] = _must(cases.fold(case, event, near, BOOK, event.at), event)
        for id_, was in near.items():
            around = {i: c for i, c in near.items() if i != id_} | ({self.id: case} if case else {})
            self.world[id_] = _must(cases.fold(was, event, around, BOOK, event.at), event)
        self.events.append(event)

    # ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def later(self, hours: float) -> None:
        """So many hours on, around the clock."""
        self.now += int(hours * HOUR)

    def on(self, moment: str) -> None:
        """To that moment in Shanghai."""
        self.now = from_iso(moment)

    def office(self, days: int = 0, until: date | None = None) -> None:
        """On to office hours: so many working days on, or with 0 as soon as somebody is there; not past `until`, never back."""
        if days:
            target = deadlines.nth_working_day(day_of(self.now), days, CALENDAR)
            self._to(self._between(target, 9.2, 17.0), until)
        else:
            self._to(self._attended(), until)

    def _attended(self) -> Ms:
        today = day_of(self.now)
        soon = self.now + self.rng.randrange(5, 50) * MINUTE
        if deadlines.is_working_day(today, CALENDAR) and soon < midnight(today) + 17 * HOUR + 30 * MINUTE:
            return max(soon, self._between(today, 8.9, 9.6))
        return self._between(deadlines.nth_working_day(today, 1, CALENDAR), 8.9, 10.5)

    def _between(self, day: date, first: float, last: float) -> Ms:
        return midnight(day) + int(self.rng.uniform(first, last) * HOUR)

    def _to(self, moment: Ms, until: date | None) -> None:
        if until is not None and day_of(moment) > until:
            moment = self._between(until, 14.0, 17.0)
        self.now = max(moment, self.now + 3 * MINUTE)


def _must(verdict: Case | Refusal | Absorbed, event: Event) -> Case:
    """The case; what is refused or changes nothing has no place in the demo."""
    if not isinstance(verdict, Case):
        raise ValueError(f"{event.kind} of {event.case}: {verdict}")
    return verdict
